"""Makes tests/goldens/integers.json: products of integers, and random words of 8 and 16 bits, from JAX (CPU, x64 off).

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/integers.py

One JSON object; the versions that made it are in `meta.versions`. Numbers of every dtype are written as the unsigned
number of their bits (i8 -1 is 255). Lists:

- matmul: `lhs` [m, k] and `rhs` [k, n] with their dtypes, and `out` of `out_dtype`: `lax.dot` with that
  `preferred_element_type`, or `jnp.dot`, if `call` says so, which promotes two dtypes to one.
- batched: as above, `lhs` [2, 3, m, k] and `rhs` [3, k, n] by `jnp.matmul`.
- bits: `mode` ("bits": partitionable; "legacy"), `dtype`, `key`, `shape`, the `first` and `last` (up to) four words of
  `jax.random.bits(key, shape, dtype)` in row-major order, and `hash`, FNV-1a (32 bits) over the little-endian bytes of
  all.
"""

import json
import math
import pathlib
import platform

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

assert not jax.config.jax_enable_x64

DTYPES = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "bool")
KEYS = [(0, 42), (0x13198A2E, 0x03707344)]
SHAPES = [(0,), (1,), (2,), (3,), (5,), (7,), (8,), (9,), (17,), (31,), (63,), (1023,), (3, 5), (7, 11, 13), ()]
LARGE = [(65537,), (129, 1021)]


def bits(x):
    x = np.asarray(x)
    if x.dtype == np.bool_:
        x = x.astype(np.uint8)
    return x.reshape(-1).view({1: np.uint8, 2: np.uint16, 4: np.uint32}[x.dtype.itemsize]).tolist()


def array(random, shape, dtype):
    """Numbers of the whole range, a third of them at its ends."""
    if dtype == "bool":
        return jnp.asarray(random.integers(0, 2, shape) == 1)
    info = np.iinfo(dtype)
    x = random.integers(info.min, info.max, shape, dtype=np.int64, endpoint=True)
    ends = random.choice([info.min, info.max], shape)
    return jnp.asarray(np.where(random.integers(0, 3, shape) == 0, ends, x).astype(dtype))


def products():
    random = np.random.default_rng(7)
    rows = []

    def add(call, x, y, out):
        (m, k), n = x.shape, y.shape[1]
        rows.append({"call": call, "lhs": bits(x), "lhs_dtype": x.dtype.name, "rhs": bits(y), "rhs_dtype": y.dtype.name,
                     "m": m, "k": k, "n": n, "out": bits(out), "out_dtype": out.dtype.name})

    for a in DTYPES:
        for b in DTYPES:
            x, y = array(random, (3, 5), a), array(random, (5, 2), b)
            for dtype in ("int32", "uint32") if a == b else ("int32",):
                add("lax.dot", x, y, lax.dot(x, y, preferred_element_type=dtype))
    for a, b in [(a, a) for a in DTYPES[:6]] + [("int8", "int16"), ("uint8", "int8"), ("bool", "int8")]:
        for m, k, n in [(5, 6, 9), (1, 6, 5), (5, 4, 1), (2, 0, 3)]:
            x, y = array(random, (m, k), a), array(random, (k, n), b)
            add("jnp.dot", x, y, jnp.dot(x, y))
    batched = []
    for dtype in ("int8", "int32"):
        x, y = array(random, (2, 3, 4, 5), dtype), array(random, (3, 5, 6), dtype)
        batched.append({"lhs": bits(x), "rhs": bits(y), "dtype": dtype, "out": bits(jnp.matmul(x, y))})
    return rows, batched


def fnv(words):
    value = 0x811C9DC5
    for byte in np.asarray(words).tobytes():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def words():
    rows = []
    for partitionable in (True, False):
        jax.config.update("jax_threefry_partitionable", partitionable)
        for dtype in ("uint8", "uint16"):
            for number, key in enumerate(KEYS):
                for shape in SHAPES + (LARGE if number == 0 else []):
                    wrapped = jax.random.wrap_key_data(jnp.array(key, dtype=jnp.uint32), impl="threefry2x32")
                    out = np.asarray(jax.random.bits(wrapped, shape, dtype)).reshape(-1)
                    assert out.dtype == dtype and out.size == math.prod(shape)
                    rows.append({"mode": "bits" if partitionable else "legacy", "dtype": dtype, "key": key,
                                 "shape": shape, "first": out[:4].tolist(), "last": out[-4:].tolist(),
                                 "hash": fnv(out)})
    return rows


def main():
    meta = {
        "generator": "scripts/goldens/integers.py",
        "command": "python scripts/goldens/integers.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "python": platform.python_version()},
        "numbers": "unsigned numbers of the bits",
        "hash": "FNV-1a, 32 bits, over the words' little-endian bytes",
    }
    matmul, batched = products()
    # One case a line.
    rows = [f'"meta": {json.dumps(meta)}']
    for name, items in {"matmul": matmul, "batched": batched, "bits": words()}.items():
        rows.append(f'"{name}": [\n' + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]")
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/integers.json"
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
