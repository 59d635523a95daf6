"""Golden cases of array.py: reductions, cumulative ones, statistics."""

import jax
import jax.numpy as jnp
import numpy as np

from array_cases import ALL, FLOATS, INF, NAN, USUAL, array, edges, numbers

PLAIN = (
    "sum",
    "prod",
    "mean",
    "std",
    "var",
    "min",
    "max",
    "any",
    "all",
    "argmin",
    "argmax",
    "ptp",
    "median",
    "count_nonzero",
    "nansum",
    "nanprod",
    "nanmean",
    "nanstd",
    "nanvar",
    "nanmin",
    "nanmax",
    "nanargmin",
    "nanargmax",
    "nanmedian",
    "cumsum",
    "cumprod",
    "nancumsum",
    "nancumprod",
    "average",
)
NOT_SEVERAL = ("argmin", "argmax", "nanargmin", "nanargmax", "cumsum", "cumprod", "nancumsum", "nancumprod")
NO_KEEPDIMS = ("cumsum", "cumprod", "nancumsum", "nancumprod")
IDENTITY = ("sum", "prod", "nansum", "nanprod")
WHERE = ("sum", "prod", "mean", "std", "var", "any", "all", "nansum", "nanprod", "nanmean", "nanstd", "nanvar")
BOUNDED = ("min", "max", "nanmin", "nanmax", "ptp")


def holes(dtype, shape, seed):
    """Numbers of which some are NaN and one is infinite."""
    x = np.array(numbers("float32", shape, seed))
    random = np.random.RandomState(seed)
    x[random.uniform(size=shape) < 0.3] = NAN
    return array(x, dtype)


def reduce(case):
    for name in PLAIN:
        f = "np." + name
        for dtype in USUAL + (("int16", "uint16") if name in ("sum", "prod", "cumsum") else ()):
            x = numbers(dtype, (3, 4), 21, 4)
            case(f, x) if dtype not in ("float32", "bfloat16", "uint32") else None
            case(f, x, axis=-1) if dtype not in ("float16", "int32") else None
        for dtype in FLOATS[:2] if name.startswith("nan") else FLOATS[:1]:
            if not name.startswith(("count", "any", "all")):
                case(f, holes(dtype, (4, 5), 22), axis=0)
        again = name.startswith("nan") or name in ("std", "min", "ptp", "argmin", "all")
        case(f, edges("int8"), axis=0) if not again else None
        case(f, edges("uint32", True))
        x = numbers("float32", (2, 3, 4), 23)
        case(f, x)
        if not again:
            case(f, x, axis=1)
            case(f, x, axis=-3)
        if name not in NOT_SEVERAL:
            case(f, x, axis=(0, 2))
            case(f, x, axis=(-1, 0, 1)) if not again else None
            case(f, x, axis=())
        if name not in NO_KEEPDIMS:
            case(f, x, keepdims=True)
            case(f, x, axis=1, keepdims=True)
            if name not in NOT_SEVERAL:
                case(f, x, axis=(2, 0), keepdims=True)
        if name in IDENTITY + NO_KEEPDIMS + ("mean", "std", "var", "nanmean", "nanvar"):
            for dtype in ("int8", "bfloat16"):
                if name in IDENTITY + NO_KEEPDIMS or dtype != "int8":
                    case(f, numbers("int32", (2, 3), 24), axis=0, dtype=dtype)
                    case(f, numbers("float32", (5,), 24), dtype=dtype)
        mask = array([[True, False, True, False], [False] * 4, [True] * 4], "bool")
        x = numbers("float32", (3, 4), 25)
        if name in WHERE:
            case(f, x, where=mask)
            case(f, x, axis=1, where=mask)
            case(f, x, axis=0, where=mask, keepdims=True)
            case(f, x, axis=0, where=mask[:, :1])
            case(f, holes("float32", (3, 4), 25), axis=1, where=mask)
            case(f, numbers("int32", (3, 4), 25), axis=1, where=mask)
        if name in IDENTITY:
            for initial in (2, 2.5):
                case(f, x, axis=1, initial=initial)
                case(f, numbers("int32", (3, 4), 25), axis=0, initial=initial)
            case(f, x, axis=1, where=mask, initial=3)
            case(f, numbers("int8", (3, 4), 25), axis=1, promote_integers=False) if name in ("sum", "prod") else None
            case(f, numbers("bool", (3, 4), 25), axis=1, promote_integers=False) if name == "prod" else None
        if name in BOUNDED and name != "ptp":
            case(f, x, axis=1, initial=2)
            case(f, numbers("int8", (3, 4), 25), initial=3, axis=0)
            case(f, x, axis=1, where=mask, initial=0.5)
            case(f, x, axis=0, where=mask, initial=-INF)
            case(f, array([], "float32"), initial=1.5)
            case(f, x, where=mask) if name in ("max", "min") else None
        if name in ("std", "var", "nanstd", "nanvar"):
            for ddof in (1, 0.5, 4, 5):
                case(f, x, axis=1, ddof=ddof)
                case(f, holes("float32", (4, 5), 22), axis=0, ddof=ddof) if name == "nanvar" else None
            case(f, x, correction=1, axis=1) if name in ("std", "var") else None
            case(f, x, ddof=1, where=mask, axis=1)
        empty = array([], "float32", (2, 0))
        case(f, empty, axis=0) if name not in ("nanargmin", "nanargmax") else None
        if name in ("sum", "min", "argmax", "mean", "all", "cumsum", "nanmax", "any", "prod", "nanmean"):
            case(f, empty, axis=1)
            case(f, array([], "int32"))
        case(f, array(3.5, "float32"))
        case(f, 3)
        case(f, 2.5) if name not in ("any",) else None
    for name in ("sum", "max", "cumsum"):
        case("np." + name, numbers("float32", (2, 3)), axis=2)
    case("np.sum", numbers("float32", (2, 3)), axis=(0, 0))
    for dtype in FLOATS + ("int8",):
        x = numbers(dtype, (300,), 31)
        for name in ("sum", "mean", "max", "argmax", "cumsum", "var"):
            if dtype == "float32" and name != "argmax" or name in ("sum", "cumsum"):
                case("np." + name, x if name != "cumsum" else x[:140])
        case("np.sum", numbers(dtype, (33, 7), 32), axis=0)
        case("np.sum", numbers(dtype, (7, 33), 32), axis=1)
    for name in ("argmin", "argmax", "nanargmin", "nanargmax", "min", "max", "nanmin", "nanmax"):
        for x in (
            [NAN, 1, 2],
            [1, NAN, 0, NAN],
            [2, 2, 1, 1],
            [0.0, -0.0],
            [-0.0, 0.0],
            [-INF, INF],
            [NAN, NAN],
            [INF, NAN, INF],
            [-INF, NAN, -INF],
        ):
            case("np." + name, array(x, "float32"))
        case("np." + name, array([[NAN, NAN], [1, NAN]], "bfloat16"), axis=1)
    for name in ("nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmedian"):
        case("np." + name, array([[NAN, NAN], [1, NAN]], "float32"), axis=1)
        case("np." + name, array([[INF, NAN], [1, -INF]], "float32"), axis=0)
    for name in ("amax", "amin"):
        case("np." + name, numbers("float32", (2, 3), 1), axis=0)
    for name in ("cumulative_sum", "cumulative_prod"):
        for dtype in ("float32", "int8", "bool", "bfloat16"):
            x = numbers(dtype, (2, 3), 41, 3)
            case("np." + name, x[0])
            case("np." + name, x, axis=1, include_initial=True)
            case("np." + name, x, axis=0, dtype="float16")
        case("np." + name, numbers("float32", (2, 3)))
    half = array([60000, 60000, -60000, 1], "float16")
    for name in ("sum", "mean", "var", "prod"):
        case("np." + name, half)
    case("np.sum", array([2.0**24, 1, 1, 1, -(2.0**24)], "float32"))
    case("np.mean", array([2**31 - 1, 2**31 - 1], "int32"))
    case("np.sum", array([2**31 - 1, 2], "int32"))
    case("np.sum", array([200, 100], "uint8"))
    case("np.prod", array([100, 100], "int8"))
    case("np.mean", array([True, False, True], "bool"))

    quantile(case)

    x, w = numbers("float32", (3, 4), 51), array([1, 2, 3, 4], "float32")
    case("np.average", x, weights=w, axis=1)
    case("np.average", x, weights=x * x)
    case("np.average", x, axis=1, weights=w, returned=True)
    case("np.average", x, axis=0, returned=True)
    case("np.average", x, axis=1, weights=w, keepdims=True)
    case("np.average", numbers("int8", (4,), 5), weights=array([1, 0, 2, 3], "int8"))
    case("np.average", numbers("bfloat16", (4,), 5), weights=w)
    case("np.average", x, axis=0, weights=w)
    case("np.average", x, weights=w)

    x = array([0.5, 1.5, 2.5, 2.5, 9, -3, 10, 0, 3.25], "float32")
    for o in (
        {},
        {"bins": 4},
        {"bins": 3, "range": (0, 10)},
        {"bins": 5, "density": True},
        {"bins": array([0, 1, 2, 5, 10], "float32")},
        {"bins": array([0, 1, 2, 5, 10], "int32"), "density": True},
        {"bins": 4, "weights": array([1, 2, 3, 4, 5, 6, 7, 8, 9], "float32")},
        {"bins": 3, "weights": array([1, 2, 3, 4, 5, 6, 7, 8, 9], "int32"), "density": True},
    ):
        case("np.histogram", x, **o)
        if "density" not in o:
            case("np.histogram_bin_edges", x, **o)
    case("np.histogram", array([1, 2, 2, 3, 7], "int32"), bins=3)
    case("np.histogram", array([[1, 2], [4, 8]], "uint8"), bins=4)
    case("np.histogram", array([2, 2, 2], "float32"), bins=2)
    case("np.histogram", array([1, NAN, 3], "float32"), bins=2, range=(0, 4))
    case("np.histogram", array([1.5, 2, 3], "bfloat16"), bins=2)
    x = array([0, 3, 1, 3, 7, 0], "int32")
    for o in (
        {},
        {"minlength": 10},
        {"minlength": 2},
        {"length": 4},
        {"length": 12},
        {"weights": array([1, 2, 3, 4, 5, 6], "float32")},
        {"weights": array([1, 2, 3, 4, 5, 6], "int8")},
        {"weights": array([0.5, 2, 3, 4, 5, 6], "bfloat16"), "length": 5},
    ):
        case("np.bincount", x, **o)
        case("np.bincount", array([-1, 2, 2, -5, 1, 0], "int32"), **o)
    case("np.bincount", array([1, 2, 2], "uint8"))
    case("np.bincount", array([True, False, True], "bool"))
    case("np.bincount", array([], "int32"))
    case("np.bincount", array([1.0, 2.0], "float32"))
    case("np.bincount", array([[1], [2]], "int32"))
    for dtype in ("float32", "int8", "uint8", "bool", "bfloat16"):
        x = numbers(dtype, (2, 5), 61)
        case("np.diff", x)
        case("np.diff", x, n=2, axis=1)
        case("np.diff", x, axis=0)
        case("np.ediff1d", x)
    case("np.diff", numbers("float32", (4,)), n=0)
    case("np.diff", numbers("float32", (4,)), n=5)
    case("np.diff", numbers("float32", (4,)), prepend=1, append=array([2, 3], "float32"))
    case("np.diff", numbers("float32", (4,)), n=-1)
    case("np.diff", array(1, "float32"))
    case("np.ediff1d", numbers("float32", (4,)), to_end=array([7, 8], "float32"), to_begin=array([-7], "float32"))
    y, x = numbers("float32", (2, 5), 62), array([0, 1, 3, 4, 8], "float32")
    case("np.trapezoid", y)
    case("np.trapezoid", y, axis=0)
    case("np.trapezoid", y, x=x)
    case("np.trapezoid", y, dx=0.5)
    case("np.trapezoid", array([1, 2, 4], "int32"))
    for o in (
        {},
        {"left": -1.0},
        {"left": -1, "right": 99},
        {"period": 10},
        {"left": "extrapolate", "right": "extrapolate"},
    ):
        case("np.interp", array([-1, 0, 0.5, 3.5, 8, 9, NAN], "float32"), x, y[0], **o)
    case("np.interp", 2.5, x, y[0])
    case("np.interp", array([1, 2], "int32"), array([0, 5], "int32"), array([0, 10], "int32"))
    x, y = numbers("float32", (3, 6), 63), numbers("float32", (3, 6), 64)
    for o in (
        {},
        {"rowvar": False},
        {"bias": True},
        {"ddof": 0},
        {"fweights": array([1, 2, 1, 0, 1, 3], "int32")},
        {"aweights": array([1, 2, 1, 0.5, 1, 3], "float32")},
    ):
        case("np.cov", x, **o)
    case("np.cov", x, y=y)
    case("np.cov", x[0])
    case("np.cov", numbers("int32", (2, 4), 5))
    case("np.corrcoef", x)
    case("np.corrcoef", x, rowvar=False)
    case("np.corrcoef", x[0], y=y[0])
    case("np.gradient", x, axis=1)
    case("np.gradient", x)
    case("np.gradient", x, 2.0, axis=0, a=[x, 2.0])
    for o in ({}, {"axis": 0}, {"discont": 2.0}, {"period": 4.0}):
        case("np.unwrap", array([[0, 3, 7, 1, -6], [5, 5, -5, 9, 0]], "float32"), **o)


def quantile(case):
    x, odd = numbers("float32", (3, 4), 71), array([7, 1, 3, 2, 9], "float32")
    for name, scale in (("quantile", 1), ("nanquantile", 1), ("percentile", 100), ("nanpercentile", 100)):
        f = "np." + name
        for q in (0.0, 0.5, 1.0, 0.3):
            q *= scale
            for method in (
                ("linear", "lower", "higher", "midpoint", "nearest")
                if f[3] in "qn" and q in (0.3, 0.5)
                else ("linear",)
            ):
                case(f, odd, q, method=method)
            case(f, x, q, axis=1)
            case(f, holes("float32", (4, 5), 72), q, axis=0)
        q = array([0.1, 0.5, 0.99], "float32") * scale
        case(f, x, q)
        case(f, x, q, axis=0)
        case(f, x, q, axis=-1, keepdims=True)
        case(f, x, q, axis=(0, 1))
        case(f, numbers("float32", (2, 3, 2), 73), q, axis=(0, 2), keepdims=True)
        case(f, x, q.reshape(3, 1), axis=1)
        case(f, odd, array([-0.5, 1.5, NAN], "float32") * scale)
        for dtype in ("bfloat16", "float16", "int32", "uint8"):
            case(f, numbers(dtype, (5,), 74), 0.4 * scale)
        case(f, array([NAN, NAN], "float32"), 0.5 * scale)
        case(f, array([INF, 1, -INF], "float32"), 0.25 * scale)
        case(f, array(2.0, "float32"), 0.5 * scale)
    for dtype in ("float32", "bfloat16", "int32", "int8", "bool"):
        case("np.median", numbers(dtype, (2, 4), 75), axis=1) if dtype != "bool" else None
    case("np.median", array([1, NAN, 2], "float32"))
    case("np.median", array([[1, 3], [5, 2]], "float32"), axis=(0, 1), keepdims=True)
