"""Makes tests/goldens/index.json: gathers and scatters from JAX (CPU, x64 off) that kernel tests compare with.

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/index.py

One JSON object; the versions that made it are in `meta.versions`. Numbers of every dtype are written as the unsigned
number of their bits. Indices of `elements` and `rows` went through `jnp.ndarray.at`, which adds an axis's size to negative
ones first; those of `windows` went to `lax.gather` and `lax.scatter` as they are.
"""

import json
import pathlib
import platform

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

assert not jax.config.jax_enable_x64

DTYPES = ("float32", "float16", "bfloat16", "int8", "int16", "int32", "uint8", "uint16", "uint32", "bool")
OPS = {"set": "set", "add": "add", "mul": "multiply", "min": "min", "max": "max"}
MODES = {"clip": "clip", "fill": "drop"}
INF, NAN = float("inf"), float("nan")


def bits(x):
    x = np.asarray(x)
    if x.dtype == np.bool_:
        return x.astype(np.uint8).reshape(-1).tolist()
    return x.reshape(-1).view({1: np.uint8, 2: np.uint16, 4: np.uint32}[x.dtype.itemsize]).tolist()


def numbers(dtype, count, step):
    """Numbers that sums and products of a few take beyond integers of 8 and 16 bits, and beyond f16."""
    at = np.arange(count)
    if dtype == "bool":
        return jnp.asarray(at * step % 3 == 0)
    if "float" in dtype:
        x = ((at * step) % 17 - 8).astype(np.float32) * np.float32(37.3)
        special = {3: 0.0, 5: -0.0, 7: INF, 10: NAN, 11: -INF}
        return jnp.asarray([special.get(i * step % 13, value) for i, value in enumerate(x.tolist())], dtype)
    wide = ((at * step) % 19 - 6).astype(np.int64) * 0x01234567 if dtype.endswith("32") else (at * step) % 300 - 100
    return jnp.asarray((wide & 0xFFFFFFFF).astype(np.uint32)).astype(dtype)


def can(op, dtype):
    """JAX has no sums and products of bools."""
    return dtype != "bool" or op not in ("add", "mul")


def rows():
    index = [2, 0, -1, 2, 4, -4, -5, 1, 2, 100, -100, 0]
    cases = []
    for dtype in DTYPES:
        x, updates = numbers(dtype, 12, 5).reshape(4, 3), numbers(dtype, 36, 7).reshape(12, 3)
        out = {op + " " + mode: bits(getattr(x.at[jnp.array(index)], OPS[op])(updates, mode=MODES[mode]))
               for op in OPS for mode in MODES if can(op, dtype)}
        cases.append({"dtype": dtype, "x": bits(x), "updates": bits(updates), "out": out})
    return {"index": index, "shape": [4, 3], "cases": cases}


def elements():
    index = np.array([[1, 2], [0, 0], [1, 2], [-1, -1], [2, 1], [3, 0], [0, 4], [-4, 0], [1, 2], [-3, 3], [9, -9]])
    i, j = jnp.asarray(index.T)
    cases = []
    for dtype in DTYPES:
        x, updates = numbers(dtype, 12, 5).reshape(3, 4), numbers(dtype, 11, 7)
        out = {op + " " + mode: bits(getattr(x.at[i, j], OPS[op])(updates, mode=MODES[mode]))
               for op in OPS for mode in MODES if can(op, dtype)}
        get = {mode: bits(x.at[i, j].get(mode=mode)) for mode in MODES}
        get["wrap"] = bits(x[i % 3, j % 4])
        get["filled"] = bits(x.at[i, j].get(mode="fill", fill_value=1))
        cases.append({"dtype": dtype, "x": bits(x), "updates": bits(updates), "get": get, "out": out})
    return {"index": index.tolist(), "shape": [3, 4], "cases": cases}


def windows():
    index = np.array([[1, 2], [0, 0], [1, 2], [-1, 1], [2, 1], [3, 5], [0, 4], [1, 3]], np.int32)
    modes = {"clip": lax.GatherScatterMode.CLIP, "fill": lax.GatherScatterMode.FILL_OR_DROP}
    ops = {"set": lax.scatter, "add": lax.scatter_add, "mul": lax.scatter_mul, "min": lax.scatter_min,
           "max": lax.scatter_max}
    cases = []
    for dtype in ("float32", "bfloat16", "int8"):
        x, updates = numbers(dtype, 40, 5).reshape(4, 5, 2), numbers(dtype, 96, 7).reshape(8, 2, 3, 2)
        gather = lax.GatherDimensionNumbers(offset_dims=(1, 2, 3), collapsed_slice_dims=(), start_index_map=(0, 1))
        scatter = lax.ScatterDimensionNumbers(
            update_window_dims=(1, 2, 3), inserted_window_dims=(), scatter_dims_to_operand_dims=(0, 1))
        get = {name: bits(lax.gather(x, index, gather, (2, 3, 2), mode=mode)) for name, mode in modes.items()}
        out = {op + " " + name: bits(f(x, index, updates, scatter, mode=mode))
               for op, f in ops.items() for name, mode in modes.items()}
        cases.append({"dtype": dtype, "x": bits(x), "updates": bits(updates), "get": get, "out": out})
    return {"index": index.tolist(), "shape": [4, 5, 2], "window": [2, 3, 2], "cases": cases}


def main():
    meta = {
        "generator": "scripts/goldens/index.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "python": platform.python_version()},
    }
    parts = {"rows": rows(), "elements": elements(), "windows": windows()}
    lines = [f'"meta": {json.dumps(meta)}']
    lines += [f'"{name}": {json.dumps(part, separators=(",", ":"))}' for name, part in parts.items()]
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/index.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
