"""Makes tests/goldens/npy.json: files of NumPy, as base64, with what is in them.

Run from the repository root, with jax from PyPI (CPU), which brings numpy and ml_dtypes, in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/npy.py

One JSON object; the versions that made it are in `meta.versions`. Each file of `npy` has its array's dtype as penjing reads
it, its shape, and the elements as numbers in row-major order (`null` for NaN, texts for infinities); those of `npz` have
such entries by name; those of `refused` are files that are no arrays of numbers.
"""

import base64
import io
import json
import math
import pathlib
import platform

import ml_dtypes
import numpy as np
from numpy.lib import format as npy_format

INF, NAN = float("inf"), float("nan")
READ_AS = {"int64": "int32", "uint64": "uint32", "float64": "float32"}


def number(value):
    value = float(value)
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return int(value) if value.is_integer() else value


def entry(x):
    name = x.dtype.newbyteorder("=").name
    values = np.asarray(x, np.float32) if name == "float64" else x
    return {
        "dtype": READ_AS.get(name, name),
        "shape": list(x.shape),
        "values": [number(v) for v in np.ascontiguousarray(values).reshape(-1)],
    }


def saved(x, version=None):
    out = io.BytesIO()
    npy_format.write_array(out, np.asanyarray(x), version=version, allow_pickle=True)
    return base64.b64encode(out.getvalue()).decode()


def arrays():
    at = np.arange(6).reshape(2, 3)
    floats = np.array([[0.0, -1.5, INF], [-INF, NAN, 65504.0]])
    yield "bool", at % 2 == 0
    for dtype in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
        yield dtype, (at * 25 - (60 if dtype[0] == "i" else 0)).astype(dtype)
    for dtype in ("float16", "float32", "float64", ml_dtypes.bfloat16):
        yield np.dtype(dtype).name, floats.astype(dtype)
    for dtype in (">i2", ">i4", ">i8", ">u2", ">u4", ">u8", ">f2", ">f4", ">f8"):
        yield f"big {dtype[1:]}", (at + 250).astype(dtype)
    yield "fortran", np.asfortranarray(at.astype("float32"))
    yield "fortran big", np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(">i4"))
    yield "scalar", np.float32(2.5)
    yield "vector", np.arange(3, dtype="int32")
    yield "empty", np.zeros((0, 3), "float32")
    yield "empty fortran", np.zeros((2, 0), "int8", order="F")
    yield "ends of int32", np.array([-(2**31), 2**31 - 1], "int64")
    yield "ends of uint32", np.array([0, 2**32 - 1], "uint64")


def files(save, named):
    out = io.BytesIO()
    save(out, **named)
    contents = {name: entry(x) for name, x in named.items()}
    return {"file": base64.b64encode(out.getvalue()).decode(), "entries": contents}


def main():
    npy = [{"name": name, "file": saved(x), **entry(np.asarray(x))} for name, x in arrays()]
    for major in (1, 2, 3):
        x = np.arange(2, dtype="uint8")
        npy.append({"name": f"version {major}", "file": saved(x, (major, 0)), **entry(x)})
    named = {"a": np.arange(6, dtype="float32").reshape(2, 3), "b/c": np.zeros(40, "int16"), "é": np.array(True)}
    npz = [
        {"name": "savez", **files(np.savez, named)},
        {"name": "savez_compressed", **files(np.savez_compressed, named)},
        {"name": "no arrays", **files(np.savez, {})},
    ]
    record = np.zeros(2, [("x", "f4"), ("y", "i4")])
    refused = {
        "objects": saved(np.array([1, "a"], object)),
        "records": saved(record),
        "complex": saved(np.zeros(2, "complex64")),
        "texts": saved(np.array(["a", "bc"])),
        "dates": saved(np.array(["2024-01-01"], "datetime64[D]")),
        "beyond int32": saved(np.array([2**31], "int64")),
        "beyond uint32": saved(np.array([2**32], "uint64")),
    }
    versions = {"numpy": np.__version__, "ml_dtypes": ml_dtypes.__version__, "python": platform.python_version()}
    meta = {"generator": "scripts/goldens/npy.py", "versions": versions}

    def listed(items):
        return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]"

    parts = [f'"meta": {json.dumps(meta)}', f'"npy": {listed(npy)}', f'"npz": {listed(npz)}']
    parts.append(f'"refused": {json.dumps(refused, indent=0)}')
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/npy.json"
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
