"""Makes tests/goldens/scan.json: cumulative operations, sorts and top-k from JAX (CPU, x64 off).

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/scan.py

Numbers of every dtype are written as the unsigned number of their bits, as in `kernels.py`; places are plain integers.
No input is subnormal: JAX takes such floats for zeros where the processor flushes them, and the kernels do not. Where
the sum of floats has rounding in it, `exact` (computed in f64, rounded once) stands in place of JAX's own.
"""

import json
import pathlib
import platform

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax import lax

from kernels import bits, lcg

INF, NAN = float("inf"), float("nan")
FLOATS = ("float32", "float16", "bfloat16")
INTEGERS = ("int8", "int16", "int32", "uint8", "uint16", "uint32")
CUMULATIVE = {"sum": lax.cumsum, "prod": lax.cumprod, "max": lax.cummax, "min": lax.cummin}


def words(dtype, values):
    """Elements of a dtype from their bits."""
    dtype = jnp.dtype(dtype)
    return np.array(values, {1: np.uint8, 2: np.uint16, 4: np.uint32}[dtype.itemsize]).view(dtype)


def special(dtype):
    """Zeros, NaN of both signs and two payloads, infinities, ordinary numbers, all more than once.

    JAX makes all NaN of bfloat16 the same on their way through f32, so there is one payload.
    """
    zero, nan, other, inf, one = {
        "float32": (1 << 31, 0x7FC00000, 0x7FC00001, 0x7F800000, 0x3F800000),
        "float16": (1 << 15, 0x7E00, 0x7E01, 0x7C00, 0x3C00),
        "bfloat16": (1 << 15, 0x7FC0, 0x7FC0, 0x7F80, 0x3F80),
    }[dtype]
    return words(dtype, [one, nan, zero, 0, inf, zero | inf, zero | other, one, zero | one, 0, zero, other, nan, inf,
                         zero, zero | nan])


def integers(dtype, shape):
    """Any integers, each of them a few times."""
    s, out = 17, []
    for _ in range(int(np.prod(shape))):
        s = (s * 1664525 + 1013904223) % 2**32
        out.append((s >> 20) * 0x00100101)
    width = 8 * jnp.dtype(dtype).itemsize
    return words(dtype, np.array(out, np.uint64) & (2**width - 1)).reshape(shape)


def cumulative():
    rows = []
    for kind, op in CUMULATIVE.items():
        for dtype in INTEGERS:
            for axis, reverse in ((1, False), (0, True)):
                x = integers(dtype, (2, 6))
                rows.append({"kind": kind, "dtype": dtype, "shape": x.shape, "axis": axis, "reverse": reverse,
                             "x": bits(x), "out": bits(op(jnp.asarray(x), axis=axis, reverse=reverse))})
    # Small whole numbers, and in products powers of two: every order of the operations gives the same.
    exact = np.array([1, -2, 3, 0, 5, -4, 2, 1, -1, 7, 6, -3, 2, 2], np.float32).reshape(2, 7)
    powers = np.array([1, -2, 0.5, 4, -1, 0.25, 2, 2, -0.5, 1, 8, -0.0, 2, -1], np.float32).reshape(2, 7)
    edges = [[1, 3, 2, NAN, 4, -INF, 9], [INF, 1, -INF, 2, 0, 0, 1], [-0.0, -0.0, 0.0, -0.0, -1, 0.0, -0.0],
             [0.0, -0.0, 0.0, -0.0, 0.0, -0.0, -0.0]]
    for kind, op in CUMULATIVE.items():
        for dtype in FLOATS:
            for x in (powers if kind == "prod" else exact, np.array(edges, np.float32)):
                for axis, reverse in ((1, False), (1, True), (0, False)):
                    x = jnp.asarray(x).astype(dtype)
                    rows.append({"kind": kind, "dtype": dtype, "shape": x.shape, "axis": axis, "reverse": reverse,
                                 "x": bits(x), "out": bits(op(x, axis=axis, reverse=reverse))})
    return rows


def sums():
    rows = []
    for seed, n in ((61, 40), (62, 300)):
        x = lcg(seed, n, 2.0)
        wide = np.cumsum(x.astype(np.float64))
        magnitude = np.float32(np.abs(x).astype(np.float64).sum())
        jaxs = np.asarray(lax.cumsum(jnp.asarray(x)), np.float64)
        assert np.abs(jaxs - wide).max() < 2.0**-24 * n * magnitude
        rows.append({"seed": seed, "scale": 2, "n": n, "exact": bits(wide.astype(np.float32)), "absolute": bits(magnitude)[0]})
    return rows


def sorts():
    rows = []
    for dtype in FLOATS + INTEGERS + ("bool",):
        x = special(dtype) if dtype in FLOATS else words("uint8", [1, 0, 1, 1, 0]).astype(bool) if dtype == "bool" else \
            integers(dtype, (23,))
        place = jnp.arange(len(x), dtype=jnp.int32)
        up, order = lax.sort((jnp.asarray(x), place), num_keys=1)
        down = jnp.argsort(jnp.asarray(x), descending=True, stable=True)
        assert order.tolist() == jnp.argsort(jnp.asarray(x), stable=True).tolist()
        rows.append({"dtype": dtype, "x": bits(x), "out": bits(up), "places": order.tolist(),
                     "descending": down.tolist(), "reversed": bits(jnp.sort(jnp.asarray(x), descending=True))})
    return rows


def several():
    a = np.array([2, 1, 2, 1, 1, 2, 0, 1], np.int32)
    b = np.array([NAN, 0.0, 1.0, -0.0, INF, 1.0, 3.0, -1.0], np.float32)
    c = np.arange(8, dtype=np.uint8)
    rows = []
    for keys in (1, 2, 3):
        out = lax.sort((a, b, c), num_keys=keys)
        rows.append({"keys": keys, "out": [bits(x) for x in out]})
    x = integers("int16", (4, 3))
    axis = {"shape": x.shape, "x": bits(x), "out": bits(lax.sort(jnp.asarray(x), dimension=0))}
    return {"operands": [bits(a), bits(b), bits(c)], "cases": rows, "axis_0": axis}


def tops():
    rows = []
    for dtype in FLOATS + INTEGERS:
        x = special(dtype) if dtype in FLOATS else integers(dtype, (23,))
        for k in (0, 1, 5, len(x)):
            values, places = lax.top_k(jnp.asarray(x), k)
            rows.append({"dtype": dtype, "k": k, "x": bits(x), "values": bits(values), "places": places.tolist()})
    return rows


def main():
    meta = {
        "generator": "scripts/goldens/scan.py",
        "command": "python scripts/goldens/scan.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "ml_dtypes": ml_dtypes.__version__,
                     "python": platform.python_version()},
        "numbers": "unsigned numbers of the bits; see the generator's head",
    }
    parts = {"cumulative": cumulative(), "sum": sums(), "sort": sorts(), "several": several(), "top": tops()}
    rows = [f'"meta": {json.dumps(meta)}']
    rows += [f'"{name}": {json.dumps(part, separators=(",", ":"))}' for name, part in parts.items()]
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/scan.json"
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
