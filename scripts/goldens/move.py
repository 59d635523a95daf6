"""Makes tests/goldens/move.json: what JAX (CPU, x64 off) gives where elements are moved, padded, counted.

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/move.py

One JSON object; the versions that made it are in `meta.versions`. Numbers of every dtype are written as the unsigned
number of their bits. Inputs are not stored: element k of an input is the low bits of `k * step + start` in the dtype's
width, `start` and `step` beside it, so floats are bit patterns, NaN among them, and must come through unchanged; of
bool it is `k % 2`. Long results are a hash: 32-bit FNV-1a over their little-endian bytes.
"""

import json
import math
import pathlib
import platform

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax import lax

assert not jax.config.jax_enable_x64

DTYPES = ["float32", "float16", "bfloat16", "int8", "int16", "int32", "uint8", "uint16", "uint32", "bool"]
I32 = np.iinfo(np.int32)


def bits(x):
    x = np.asarray(x)
    if x.dtype == np.bool_:
        return x.astype(np.uint8).reshape(-1).tolist()
    return x.reshape(-1).view({1: np.uint8, 2: np.uint16, 4: np.uint32}[x.dtype.itemsize]).tolist()


def fnv(words):
    """The hash of words of their own width; numbers of at most 70000 elements, so a loop will do."""
    value = 0x811C9DC5
    for byte in np.ascontiguousarray(words).tobytes():
        value = (value ^ byte) * 0x01000193 % 2**32
    return value


def filled(shape, dtype, start, step):
    """The input of these parameters."""
    count = math.prod(shape)
    if dtype == "bool":
        return (np.arange(count) % 2 == 1).reshape(shape)
    size = jnp.dtype(dtype).itemsize
    words = (np.arange(count, dtype=np.uint64) * step + start) % 2 ** (8 * size)
    return words.astype(f"uint{8 * size}").view(jnp.dtype(dtype)).reshape(shape)


def pads():
    cases = [
        ((), []), ((4,), [(0, 0, 0)]), ((4,), [(2, 3, 0)]), ((4,), [(-1, 2, 0)]), ((4,), [(1, -2, 0)]),
        ((4,), [(-2, -2, 0)]), ((4,), [(-3, 5, 0)]), ((4,), [(-6, 9, 0)]), ((4,), [(7, -5, 0)]), ((4,), [(0, 0, 1)]),
        ((4,), [(1, 2, 2)]), ((4,), [(-1, -1, 1)]), ((4,), [(-2, 1, 2)]), ((4,), [(-4, -4, 2)]), ((5,), [(-7, 3, 1)]),
        ((4,), [(3, -4, 3)]), ((1,), [(1, 1, 4)]), ((0,), [(2, 1, 0)]), ((0,), [(0, 0, 3)]), ((0,), [(1, 2, 3)]),
        ((2, 3), [(1, 0, 0), (0, 2, 0)]), ((2, 3), [(1, 1, 1), (-1, 2, 1)]), ((3, 0), [(1, 1, 0), (1, 1, 0)]),
        ((3, 2), [(-2, 0, 1), (2, -3, 2)]), ((2, 3, 2), [(1, 0, 0), (0, 0, 2), (-1, 1, 0)]),
        ((2, 2, 2), [(0, 1, 1), (-1, 0, 0), (1, 1, 3)]),
    ]
    rows = []
    for number, (shape, padding) in enumerate(cases):
        dtype = DTYPES[number % len(DTYPES)]
        rows.append((shape, padding, dtype, number))
    # One that has everything in it, in every dtype.
    rows += [((2, 3), [(1, -1, 1), (-1, 2, 1)], dtype, 100 + k) for k, dtype in enumerate(DTYPES)]
    out = []
    for shape, padding, dtype, number in rows:
        start, step = 1000003 * number % 2**32, 40503 * 65537 % 2**32
        x = filled(shape, dtype, start, step)
        value = filled((2,), dtype, 77, 2**30 + 2**14 + 2**6 + 1)[1]
        y = lax.pad(jnp.asarray(x), jnp.asarray(value), padding)
        out.append({"dtype": dtype, "shape": shape, "start": start, "step": step, "value": bits(value)[0],
                    "padding": padding, "to": y.shape, "out": bits(y)})
    return out


def concatenations():
    cases = [
        ([(3,)], 0), ([(3,), (0,), (2,)], 0), ([(0,), (0,)], 0), ([(2, 3), (1, 3)], 0), ([(2, 3), (2, 1)], 1),
        ([(2, 0), (2, 4), (2, 0), (2, 1)], 1), ([(0, 3), (0, 2)], 1), ([(2, 2, 2), (1, 2, 2), (3, 2, 2)], 0),
        ([(2, 1, 2), (2, 3, 2)], 1), ([(2, 2, 1), (2, 2, 3), (2, 2, 0)], 2),
    ]
    out = []
    for number, (shapes, axis) in enumerate(cases + [([(2, 3), (2, 2)], 1)] * len(DTYPES)):
        dtype = DTYPES[number % len(DTYPES)]
        parts = [{"shape": shape, "start": 100 * k + number, "step": 65537} for k, shape in enumerate(shapes)]
        y = lax.concatenate([jnp.asarray(filled(p["shape"], dtype, p["start"], p["step"])) for p in parts], axis)
        out.append({"dtype": dtype, "parts": parts, "axis": axis, "to": y.shape, "out": bits(y)})
    return out


def dynamics():
    cases = [
        ((), (), [()]), ((7,), (3,), [(0,), (2,), (4,), (5,), (100,), (-1,), (-100,), (I32.max,), (I32.min,)]),
        ((7,), (7,), [(0,), (3,), (-3,)]), ((7,), (0,), [(0,), (7,), (9,)]), ((0,), (0,), [(0,), (1,)]),
        ((4, 5), (2, 3), [(0, 0), (1, 1), (2, 2), (3, 3), (-1, 9), (I32.max, I32.min), (I32.min, I32.max), (1, -2)]),
        ((3, 4, 2), (1, 2, 2), [(0, 0, 0), (2, 1, 0), (5, -5, 5), (1, 2, 1)]),
    ]
    out = []
    for number, (shape, part, starts) in enumerate(cases):
        for k, start in enumerate(starts):
            dtype = DTYPES[(number + 3 * k) % len(DTYPES)]
            x = jnp.asarray(filled(shape, dtype, 5, 65537 * 3 + 1))
            update = jnp.asarray(filled(part, dtype, 90, 65537 * 5 + 1))
            # lax.dynamic_slice itself normalizes Python integers; as arrays they are only clamped.
            at = [jnp.asarray(np.int32(index)) for index in start]
            sliced = jax.jit(lambda x, *at: lax.dynamic_slice_p.bind(x, *at, slice_sizes=part))(x, *at)
            updated = jax.jit(lambda x, u, *at: lax.dynamic_update_slice_p.bind(x, u, *at))(x, update, *at)
            out.append({"dtype": dtype, "shape": shape, "part": part, "starts": [int(index) for index in start],
                        "slice": bits(sliced), "update": bits(updated)})
    return out


def one_hots():
    rows = []
    for dtype in DTYPES:
        index = np.array([[0, 3, 4], [-1, I32.max, 1]], np.int32)
        rows.append({"dtype": dtype, "shape": index.shape, "index": index.reshape(-1).tolist(), "classes": 4,
                     "out": bits(jax.nn.one_hot(index, 4, dtype=dtype))})
    for shape, classes in [((), 3), ((3,), 1), ((3,), 0), ((0,), 3)]:
        index = np.arange(math.prod(shape), dtype=np.int32).reshape(shape)
        rows.append({"dtype": "float32", "shape": shape, "index": index.reshape(-1).tolist(), "classes": classes,
                     "out": bits(jax.nn.one_hot(index, classes))})
    return rows


def iotas():
    rows = []
    for dtype in DTYPES[:-1]:
        for shape, axis in [((5,), 0), ((2, 3, 2), 0), ((2, 3, 2), 1), ((2, 3, 2), 2), ((0,), 0), ((3, 0), 0)]:
            y = lax.broadcasted_iota(jnp.dtype(dtype), shape, axis)
            rows.append({"dtype": dtype, "shape": shape, "axis": axis, "out": bits(y)})
        y = np.asarray(lax.broadcasted_iota(jnp.dtype(dtype), (70000,), 0))
        at = [0, 127, 128, 255, 256, 257, 258, 259, 2047, 2048, 2049, 2051, 32767, 32768, 65503, 65519, 65520, 65535,
              65536, 69999]
        rows.append({"dtype": dtype, "shape": (70000,), "axis": 0, "at": at, "some": bits(y[at]), "hash": fnv(y)})
    return rows


def main():
    meta = {
        "generator": "scripts/goldens/move.py",
        "command": "python scripts/goldens/move.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "ml_dtypes": ml_dtypes.__version__,
                     "python": platform.python_version()},
        "numbers": "unsigned numbers of the bits; see the generator's head",
    }
    parts = {"pad": pads(), "concatenate": concatenations(), "dynamic": dynamics(), "one_hot": one_hots(),
             "iota": iotas()}
    rows = [f'"meta": {json.dumps(meta)}']
    rows += [f'"{name}": {json.dumps(part, separators=(",", ":"))}' for name, part in parts.items()]
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/move.json"
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
