"""Makes tests/goldens/reduce.json: what JAX (CPU, x64 off) gives for any, all, kept axes and means.

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/reduce.py

One JSON object; the versions that made it are in `meta.versions`. Numbers of every dtype are written as the unsigned
number of their bits. There are no subnormal inputs: JAX flushes them to zero on the CPU, penjing does not.
"""

import json
import pathlib
import platform

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np

assert not jax.config.jax_enable_x64

DTYPES = ["float32", "float16", "bfloat16", "int8", "int16", "int32", "uint8", "uint16", "uint32", "bool"]
NAN, INF = float("nan"), float("inf")


def bits(x):
    x = np.asarray(x)
    if x.dtype == np.bool_:
        return x.astype(np.uint8).reshape(-1).tolist()
    return x.reshape(-1).view({1: np.uint8, 2: np.uint16, 4: np.uint32}[x.dtype.itemsize]).tolist()


def truths():
    rows = []

    def row(x, axis):
        axes = tuple(range(x.ndim)) if axis is None else axis
        rows.append({"dtype": str(x.dtype), "shape": x.shape, "x": bits(x), "axes": axes,
                     "any": bits(jnp.any(x, axes)), "all": bits(jnp.all(x, axes)),
                     "kept": jnp.any(x, axes, keepdims=True).shape})

    for dtype in DTYPES:
        x = jnp.array([[0, 0, 0], [0, 3, 0], [1, 2, 128], [1, 0, 1]], jnp.int32).astype(dtype)
        for axis in [None, (0,), (1,), ()]:
            row(x, axis)
        row(jnp.zeros((2, 0), dtype), (1,))
        row(jnp.zeros((2, 0), dtype), (0,))
        row(jnp.zeros((0,), dtype), None)
    for dtype in DTYPES[:3]:
        row(jnp.array([[NAN, 0, 0], [-0.0, 0, -0.0], [NAN, INF, -INF], [-0.0, 1, NAN]], dtype), (1,))
    row(jnp.arange(24).reshape(2, 3, 4) % 5, (0, 2))
    row(jnp.arange(24).reshape(2, 3, 4) % 5, (1,))
    return rows


def means():
    rows = []
    for dtype in DTYPES[:3]:
        # Sums are exact in float32, whatever the order; the second row's is beyond float16, its mean is not.
        x = jnp.array([[1, 2, 5], [60000, 60000, 30000], [0.5, 0.125, -0.75], [1, 1, 1]], dtype)
        rows.append({"dtype": dtype, "shape": x.shape, "x": bits(x), "out": bits(jnp.mean(x, 1))})
    return rows


def main():
    meta = {
        "generator": "scripts/goldens/reduce.py",
        "command": "python scripts/goldens/reduce.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "ml_dtypes": ml_dtypes.__version__,
                     "python": platform.python_version()},
        "numbers": "unsigned numbers of the bits; see the generator's head",
    }
    parts = {"truth": truths(), "mean": means()}
    rows = [f'"meta": {json.dumps(meta)}']
    rows += [f'"{name}": {json.dumps(part, separators=(",", ":"))}' for name, part in parts.items()]
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/reduce.json"
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
