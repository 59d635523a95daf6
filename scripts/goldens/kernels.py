"""Makes tests/goldens/kernels.json: small values from JAX (CPU, x64 off) that kernel tests compare with.

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/kernels.py

One JSON object; the versions that made it are in `meta.versions`. Numbers of every dtype are written as the unsigned
number of their bits (f32 1.0 is 1065353216, i8 -1 is 255), so that NaN, infinities and zeros of both signs survive.
Long inputs are not stored but made by a generator from a `seed`:

    s = (s * 1664525 + 1013904223) mod 2**32        each element moves s once, before use
    x = ((s >> 8) / 2**24 - 0.5) * scale            exact in f32 for a power of two as scale

Where a result has rounding in it, `exact` beside it is the value computed in f64 and rounded once, since JAX's own
approximations (and its flushing of subnormals) are part of `out`.
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

INF, NAN = float("inf"), float("nan")


def bits(x):
    x = np.asarray(x)
    if x.dtype == np.bool_:
        return x.astype(np.uint8).reshape(-1).tolist()
    return x.reshape(-1).view({1: np.uint8, 2: np.uint16, 4: np.uint32}[x.dtype.itemsize]).tolist()


def lcg(seed, count, scale):
    out, s = np.empty(count, np.float32), seed
    for i in range(count):
        s = (s * 1664525 + 1013904223) % 2**32
        out[i] = ((s >> 8) / 2**24 - 0.5) * scale
    return out


def f32_exact(f, x):
    def one(v):
        try:
            return f(v)
        except OverflowError:
            return INF
        except ValueError:
            return NAN

    with np.errstate(over="ignore"):
        return np.array([one(float(v)) for v in x], np.float64).astype(np.float32)


def unary():
    edges = [0.0, -0.0, INF, -INF, NAN, 1.0, -1.0, 1e-45, -1e-45, 1.17549435e-38, 3.4028235e38, -3.4028235e38, 0.5, 2.0]
    extra = {
        "exp": [88.72283, 88.72284, 88.8, -87.33654, -87.4, -103.9, -104.0, 1e-8, 0.34657359, 0.34657362, 0.6931472],
        "log": [0.99999994, 1.0000001, 0.70710677, 0.70710683, 1.4142135, 2.7182817, 1e-38, 1e-40, -1e-45, 10.0],
        "tanh": [1e-4, -1e-4, 4e-4, 7.9, 7.99, 9.0, 9.1, 20.0, -20.0, 0.55],
    }
    exact = {
        "exp": math.exp,
        "log": lambda v: -INF if v == 0 else math.log(v),
        "tanh": math.tanh,
    }
    ops = {"exp": jnp.exp, "log": jnp.log, "tanh": jnp.tanh}
    result = {}
    for number, name in enumerate(ops):
        random = lcg(number + 1, 48, {"exp": 128, "log": 64, "tanh": 16}[name])
        if name == "log":
            random = np.abs(random) * np.float32(2.0) ** np.arange(-24, 24, dtype=np.float32)
        x = np.concatenate([np.array(edges + extra[name], np.float32), random.astype(np.float32)])
        result[name] = {"x": bits(x), "out": bits(ops[name](x)), "exact": bits(f32_exact(exact[name], x))}
    return result


def sums():
    rows = []
    for seed, n in enumerate([0, 1, 7, 33, 100, 127, 1000, 1023, 4097, 10007, 65537]):
        x = lcg(seed, n, 2.0)
        exact = np.float32(math.fsum(x.astype(np.float64)))
        scale = math.fsum(np.abs(x).astype(np.float64))
        rows.append({"seed": seed, "scale": 2, "n": n, "out": bits(jnp.sum(x))[0], "exact": bits(exact)[0],
                     "absolute": bits(np.float32(scale))[0]})
    axes = []
    for seed, shape, axis in [(21, (5, 7), 0), (22, (5, 7), 1), (23, (3, 5, 7), 1)]:
        x = lcg(seed, math.prod(shape), 2.0).reshape(shape)
        exact = x.astype(np.float64).sum(axis).astype(np.float32)
        axes.append({"seed": seed, "scale": 2, "shape": shape, "axis": axis,
                     "out": bits(jnp.sum(x, axis)), "exact": bits(exact)})
    return {"all": rows, "axis": axes}


def softmax():
    special = np.array([
        [0.0, -INF, 1.0, -INF], [-INF, -INF, -INF, -INF], [INF, 0.0, 1.0, 2.0], [NAN, 0.0, 1.0, 2.0],
        [3e38, -3e38, 3e38, 0.0], [1000.0, 999.0, -1000.0, 1000.0],
    ], np.float32)
    rows = []
    for x in (lcg(31, 21, 16.0).reshape(3, 7), special):
        wide = x.astype(np.float64)
        with np.errstate(invalid="ignore"):
            e = np.exp(wide - wide.max(-1, keepdims=True))
            exact = (e / e.sum(-1, keepdims=True)).astype(np.float32)
        rows.append({"shape": x.shape, "x": bits(x), "out": bits(jax.nn.softmax(x, -1)), "exact": bits(exact)})
    return rows


def matmul():
    rows = []
    x, y = lcg(41, 35, 4.0).reshape(5, 7), lcg(42, 21, 4.0).reshape(7, 3)
    for dtype in ("float32", "bfloat16", "float16"):
        rhs = jnp.asarray(y).astype(dtype)
        out = jnp.matmul(x, rhs.astype(jnp.float32), precision="highest", preferred_element_type=jnp.float32)
        exact = (x.astype(np.float64) @ np.asarray(rhs).astype(np.float64)).astype(np.float32)
        rows.append({"lhs": bits(x), "rhs": bits(rhs), "rhs_dtype": dtype, "m": 5, "k": 7, "n": 3, "out": bits(out),
                     "exact": bits(exact)})
    return rows


def arguments():
    cases = [
        [3.0, 1.0, 3.0, 2.0], [NAN, 1.0, INF], [1.0, NAN, INF, NAN], [-INF, -INF], [0.0, -0.0, 0.0], [-0.0, 0.0],
        [INF, INF, 1.0], [5.0], [-1.0, -2.0, -1.0],
    ]
    rows = [{"x": bits(np.array(x, np.float32)), "argmax": int(jnp.argmax(np.array(x, np.float32))),
             "argmin": int(jnp.argmin(np.array(x, np.float32)))} for x in cases]
    x = np.round(lcg(51, 35, 8.0)).reshape(5, 7)
    axes = [{"shape": (5, 7), "x": bits(x), "axis": axis, "argmax": jnp.argmax(x, axis).tolist(),
             "argmin": jnp.argmin(x, axis).tolist()} for axis in (0, 1)]
    return {"all": rows, "axis": axes}


def takes():
    rows = []
    x = np.arange(12).reshape(4, 3) - 5
    index = np.array([0, 3, 4, -1, -4, -5, 100, -100], np.int32)
    for dtype in ("float32", "float16", "bfloat16", "int8", "int16", "int32", "uint8", "uint16", "uint32", "bool"):
        source = jnp.asarray(x).astype(dtype)
        for mode in ("clip", "fill", "wrap"):
            out = jnp.take(source, index, axis=0, mode=mode)
            rows.append({"dtype": dtype, "mode": mode, "out": bits(out)})
    column = jnp.take(jnp.asarray(x).astype(jnp.float32), jnp.array([[2, 0], [1, -1]]), axis=1, mode="fill")
    return {
        "source": "arange(12).reshape(4, 3) - 5, cast from i32 to the dtype",
        "index": index.tolist(),
        "note": "mode fill: JAX first adds 4 to negative indices; clip does not; axis 0",
        "cases": rows,
        "axis_1": {"index": [[2, 0], [1, -1]], "shape": column.shape, "mode": "fill", "out": bits(column)},
    }


def casts():
    floats = np.array([
        0.0, -0.0, 0.4, 0.5, 0.6, 1.5, 2.5, -0.5, -1.5, -2.5, 126.9, 127.0, 127.5, 128.0, 129.0, 255.0, 256.0, 300.0,
        -128.0, -128.5, -129.0, -1.0, -300.0, 32767.0, 32768.0, -32769.0, 65504.0, 65519.0, 65520.0, 65535.0, 65536.0,
        2147483520.0, 2147483648.0, -2147483648.0, -2147483904.0, 4294967040.0, 4294967296.0, 1e20, -1e20, INF, -INF,
        NAN, 5.9604645e-08, 2.9802322e-08, 2.9802326e-08, 6.0975552e-05, 6.1035156e-05, 1.00048828125, 1.0009765625,
        1.00146484375, 1.001953125, 1.00390625, 1.01171875, 3.3895314e38, 3.3961775e38, 3.4028235e38, 1e-45, 1e-39,
    ], np.float32)
    result = {"f32": {"x": bits(floats)}}
    for dtype in ("int32", "uint32", "int8", "uint8", "int16", "uint16", "float16", "bfloat16", "bool"):
        result["f32"][dtype] = bits(jnp.asarray(floats).astype(dtype))
    ints = np.array([0, 1, -1, 127, 128, 255, 256, -128, -129, 32767, 32768, 65535, 65536, 16777216, 16777217, 16777219,
                     2147483647, -2147483648, 33554435], np.int32)
    result["i32"] = {"x": bits(ints)}
    for dtype in ("int8", "uint8", "int16", "uint16", "uint32", "float32", "float16", "bfloat16", "bool"):
        result["i32"][dtype] = bits(jnp.asarray(ints).astype(dtype))
    words = ints.view(np.uint32)
    result["u32"] = {"x": bits(words)}
    for dtype in ("int8", "int32", "float32", "float16", "bfloat16"):
        result["u32"][dtype] = bits(jnp.asarray(words).astype(dtype))
    return result


def integers():
    rows = []
    pairs = [(7, 3), (-7, 3), (7, -3), (-7, -3), (0, 5), (5, 0), (-5, 0), (0, 0), (1, 1), (-1, 1), (-1, -1), (6, 3)]
    counts = [(1, 0), (1, 1), (-1, 1), (-8, 2), (5, -1), (-5, -1)]
    for dtype in (np.int32, np.uint32, np.int8, np.uint8, np.int16):
        info = np.iinfo(dtype)
        width = info.bits
        more = [(info.min, -1), (info.min, 1), (info.max, -1), (info.max, 2), (info.min, 2), (info.min, info.max),
                (info.max, info.min), (info.min, info.min)]
        wide = np.array(pairs + more, np.int64)
        a, b = (jnp.asarray(wide[:, i].astype(dtype)) for i in (0, 1))
        row = {"dtype": np.dtype(dtype).name, "a": bits(a), "b": bits(b), "div": bits(lax.div(a, b)),
               "rem": bits(lax.rem(a, b)), "floor_divide": bits(jnp.floor_divide(a, b)),
               "remainder": bits(jnp.remainder(a, b))}
        wide = np.array(counts + [(info.min, 1), (info.max, width - 1), (info.min, width - 1), (3, width), (-3, width),
                                  (3, width + 1), (info.min, info.max)], np.int64)
        a, b = (jnp.asarray(wide[:, i].astype(dtype)) for i in (0, 1))
        row |= {"value": bits(a), "count": bits(b), "shift_left": bits(lax.shift_left(a, b)),
                "shift_right_arithmetic": bits(lax.shift_right_arithmetic(a, b)),
                "shift_right_logical": bits(lax.shift_right_logical(a, b))}
        rows.append(row)
    return rows


def main():
    meta = {
        "generator": "scripts/goldens/kernels.py",
        "command": "python scripts/goldens/kernels.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "ml_dtypes": ml_dtypes.__version__,
                     "python": platform.python_version()},
        "numbers": "unsigned numbers of the bits; see the generator's head",
    }
    parts = {"unary": unary(), "sum": sums(), "softmax": softmax(), "matmul": matmul(), "argument": arguments(),
             "take": takes(), "cast": casts(), "integer": integers()}
    rows = [f'"meta": {json.dumps(meta)}']
    rows += [f'"{name}": {json.dumps(part, separators=(",", ":"))}' for name, part in parts.items()]
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/kernels.json"
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
