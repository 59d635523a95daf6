"""Golden cases of array.py: jax.lax."""

import jax.numpy as jnp
import numpy as np
from jax import lax

from array_cases import ALL, FLOATS, INF, INTEGERS, NAN, USUAL, array, edges, numbers

T, F = True, False
UNARY = (
    "abs",
    "neg",
    "sign",
    "floor",
    "ceil",
    "round",
    "is_finite",
    "sqrt",
    "rsqrt",
    "cbrt",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log1p",
    "logistic",
    "tanh",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "asinh",
    "acosh",
    "atanh",
    "erf",
    "erfc",
    "erf_inv",
    "lgamma",
    "digamma",
    "square",
    "reciprocal",
    "bessel_i0e",
    "bessel_i1e",
)
HALF = (
    "abs",
    "neg",
    "sign",
    "round",
    "rsqrt",
    "logistic",
    "erf",
    "erfc",
    "erf_inv",
    "lgamma",
    "digamma",
    "square",
    "is_finite",
)
BINARY = (
    "add",
    "sub",
    "mul",
    "div",
    "rem",
    "max",
    "min",
    "pow",
    "atan2",
    "nextafter",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
)


def lax_(case):
    points = np.random.RandomState(3).uniform(-4, 4, 20).round(3)
    for name in UNARY:
        for dtype in FLOATS if name in HALF else FLOATS[:1]:
            case("lax." + name, edges(dtype, dtype != "float32"))
        if name in ("abs", "neg", "sign", "floor", "ceil", "is_finite", "square"):
            continue
        inside = points / 4.01 if name in ("erf_inv", "asin", "acos", "atanh") else points
        case("lax." + name, array(np.concatenate([inside, [1e-4, -1e-6, 20.5, -19.75]]), "float32"))
    for name in ("erf", "erfc", "lgamma", "digamma"):
        case("lax." + name, array([0.1, -0.5, -1.0, -2.5, 5, 9.5, 12, 30, 100, -30.25, 1e-8, 1e6, 1e20], "float32"))
    case("lax.erf_inv", array([0.999999, -0.99999, 0.5, 1e-7, 1, -1, 1.5], "float32"))
    case("lax.sqrt", array([1, 2], "int32"))
    for dtype in INTEGERS:
        for name in ("abs", "sign", "neg", "population_count", "clz", "bitwise_not", "square"):
            if not (name == "abs" and dtype[0] == "u"):
                case("lax." + name, edges(dtype))
    case("lax.population_count", array([1.0], "float32"))
    for name in BINARY:
        for dtype in (
            ("float32", "uint8", "int8") if name in ("div", "rem", "max", "min", "lt") else ("float32", "int8")
        ):
            if name in ("atan2", "nextafter") and "int" in dtype:
                continue
            if name == "pow" and "int" in dtype:
                continue
            x, at = edges(dtype, T), np.arange(25)
            case("lax." + name, x[at % x.size], x[(at * 4 + at // x.size) % x.size])
    case("lax.add", array([1, 2], "float32"), array([1, 2], "int32"))
    case("lax.add", array([[1, 2]], "float32"), array([1, 2], "float32"))
    case("lax.add", array([1, 2], "float32"), 1.0)
    case("lax.mul", 2, array([1, 2], "int32"))
    case("lax.add", array([1, 2], "float32"), array(3, "float32"))
    case("lax.max", array([T, F], "bool"), array([F, F], "bool"))
    for name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
        for dtype in ("int8", "uint32", "bool"):
            x = edges(dtype, T)
            case("lax." + name, x, x[::-1])
    for name in ("shift_left", "shift_right_logical", "shift_right_arithmetic"):
        for dtype in INTEGERS + ("int16", "uint16"):
            width = np.iinfo(dtype).bits
            x, by = array([1, -1, 5, 2 ** (width - 1), 2 ** (width - 1) - 1], dtype), array(
                [0, 1, width - 1, width, width + 1, -1], dtype
            )
            case("lax." + name, *jnp.broadcast_arrays(x[:, None], by))
    for dtype in ("float32", "bfloat16", "int32", "int8", "uint8"):
        for y in (0, 1, 2, 3, 7, -1, -2):
            if y >= 0 or "float" in dtype:
                case("lax.integer_pow", edges(dtype, T), y)
    case("lax.integer_pow", array([1, 2], "int32"), -1)
    casts(case)
    for dtype in ("float32", "bfloat16", "int8", "uint32", "bool"):
        case("lax.iota", dtype, 4)
        case("lax.broadcasted_iota", dtype, (2, 3), 0) if dtype != "bool" else None
        case("lax.broadcasted_iota", dtype, (2, 3), 1)
    case("lax.iota", "uint8", 258)
    case("lax.iota", "int32", 0)
    case("lax.full", (2, 2), 3)
    case("lax.full", (2,), 2.5, dtype="int8")
    case("lax.full_like", array([1, 2], "int8"), 7)
    slices(case)
    cumulative(case)
    x = array([[3, NAN, 1, -0.0, 0.0], [NAN, INF, -INF, -1, 2]], "float32")
    case("lax.sort", x)
    case("lax.sort", x, dimension=0)
    keys, values = numbers("int8", (9,), 4, 1), array(np.arange(9), "int32")
    more = numbers("float32", (9,), 5, 1)
    case("lax.sort", [keys, values], call=lambda x, **o: lax.sort(tuple(x), **o))
    for count in (1, 2, 3):
        case("lax.sort", [keys, more, values], call=lambda x, **o: lax.sort(tuple(x), **o), num_keys=count)
    case(
        "lax.sort",
        [array([NAN, 0.0, -0.0, NAN, -1], "float32"), array([1, 2, 3, 4, 5], "int32")],
        call=lambda x, **o: lax.sort(tuple(x), **o),
    )
    case(
        "lax.sort",
        [numbers("int8", (2, 3), 1), numbers("float32", (2, 3), 2)],
        call=lambda x, **o: lax.sort(tuple(x), **o),
        dimension=0,
        num_keys=1,
    )
    case("lax.sort_key_val", keys, more)
    for dtype in USUAL:
        case("lax.top_k", edges(dtype, T), 2)
        case("lax.top_k", numbers(dtype, (3, 6), 6, 2), 4)
    case("lax.top_k", array([NAN, 1, -0.0, 0.0, NAN, INF], "float32"), 6)
    case("lax.top_k", array([1, 2], "float32"), 0)
    case("lax.top_k", array([1, 2], "float32"), 3)
    case("lax.top_k", array(1, "float32"), 1)
    for name in ("argmin", "argmax"):
        for kind in ("int32", "uint8", "int8", "uint32"):
            case("lax." + name, numbers("float32", (3, 4), 7), 1, kind)
            case("lax." + name, numbers("int8", (3, 4), 7), 0, kind)
        case("lax." + name, array([1, NAN, 0, NAN], "float32"), 0, "int32")
        case("lax." + name, numbers("float32", (2, 3)), 0, "float32")
    for lo, x, hi in (
        (0.0, numbers("float32", (5,), 8), 1.0),
        (array(-1, "float32"), numbers("float32", (5,), 8), array([0, 1, 2, 3, 4], "float32")),
        (-3, numbers("int32", (5,), 8), 3),
        (2.0, array([NAN, INF, -INF, 3], "float32"), 1.0),
        (0.0, array([NAN, INF, -INF, -0.0], "float32"), NAN),
        (array([0, 0], "int8"), array([1, 2], "int8"), array([1, 1], "int8")),
        (array(0, "int32"), array([1.0], "float32"), array(2, "int32")),
    ):
        case("lax.clamp", lo, x, hi)
    pred = array([[T, F], [F, T]], "bool")
    case("lax.select", pred, numbers("int8", (2, 2), 1), numbers("int8", (2, 2), 2))
    case("lax.select", array(T, "bool"), numbers("float32", (2, 2), 1), numbers("float32", (2, 2), 2))
    case("lax.select", pred, numbers("int8", (2, 2), 1), numbers("float32", (2, 2), 2))
    case("lax.select", array([T, F], "bool"), numbers("float32", (2, 2), 1), numbers("float32", (2, 2), 2))
    case("lax.select_n", pred, numbers("int8", (2, 2), 1), numbers("int8", (2, 2), 2))
    case("lax.select_n", array([0, 2, 1, 2], "int32"), *(numbers("float32", (4,), i) for i in range(3)))
    case("lax.select_n", array(1, "int32"), *(numbers("float32", (4,), i) for i in range(3)))
    case("lax.select_n", array([0, 5, -1, 2], "int32"), *(numbers("float32", (4,), i) for i in range(3)))
    x = numbers("float32", (2, 3, 4), 9)
    case("lax.reshape", x, (4, 6))
    case("lax.reshape", x, (4, 6), dimensions=(2, 0, 1))
    case("lax.transpose", x, (2, 0, 1))
    case("lax.rev", x, (0, 2))
    case("lax.split", x, (1, 2), axis=1)
    case("lax.split", x, (1, 1), axis=1)
    case("lax.broadcast", x[0], (2, 1))
    case("lax.broadcast_in_dim", x[0], (3, 2, 4), (0, 2))
    case("lax.broadcast_in_dim", x[:1, 0], (3, 2, 4), (1, 2))
    case("lax.broadcast_in_dim", x[0], (3, 2, 4), (0, 1))
    case("lax.expand_dims", x[0], (0, 3))
    case("lax.squeeze", x[:1, :, :1], (0, -1))
    case("lax.collapse", x, 1, a=[x, 1])
    case("lax.concatenate", [x, x[:, :1]], 1)
    case("lax.concatenate", [x, x[:, :1]], 0)
    case("lax.concatenate", [numbers("int8", (2,)), numbers("float32", (2,))], 0)
    for name in ("reduce_max", "reduce_min", "reduce_sum", "reduce_prod"):
        for dtype in ("float32", "int8", "bfloat16"):
            case("lax." + name, numbers(dtype, (2, 3, 2), 10, 4), (0, 2))
        case("lax." + name, array([], "float32", (0, 2)), (0,))
    for name in ("reduce_and", "reduce_or", "reduce_xor"):
        for dtype in ("bool", "int8", "uint32"):
            case("lax." + name, numbers(dtype, (3, 2), 11), (0,))
    gathers(case)
    scatters(case)


def casts(case):
    floats = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.5,
        -1.5,
        126.75,
        127.5,
        128,
        255.75,
        256,
        -128.5,
        -129,
        32768,
        -32769,
        65504,
        65520,
        65536,
        2147483520,
        2147483648,
        -2147483648,
        -2147483904,
        4294967040,
        4294967296,
        1e20,
        -1e20,
        INF,
        -INF,
        NAN,
        1.00390625,
        3.39e38,
    ]
    for a in ALL:
        x = (
            array(floats if a != "float16" else [v for v in floats if abs(v) < 65505 or abs(v) == INF or v != v], a)
            if "float" in a
            else edges(a)
        )
        for b in ALL:
            case("lax.convert_element_type", x, b)
    for a in (1, 2.5, T):
        for b in ("int8", "bfloat16", "bool", "float32"):
            case("lax.convert_element_type", a, b)
    case("np.astype", array([1.5, -2.5, NAN], "float32"), "int8")
    case("np.astype", array([1.5, 0.0, NAN], "float32"), "bool")
    for a, same in (
        ("float32", ("int32", "uint32")),
        ("int32", ("float32", "uint32")),
        ("float16", ("int16", "bfloat16", "uint16")),
        ("bfloat16", ("float16", "int16")),
        ("int8", ("uint8",)),
        ("uint8", ("int8",)),
        ("uint32", ("float32",)),
    ):
        for b in same:
            case("lax.bitcast_convert_type", edges(a, T), b)
    x = array([[1, -2, 3], [2**31 - 1, 256, -65537]], "int32")
    for b in ("int8", "uint8", "int16", "bfloat16"):
        case("lax.bitcast_convert_type", x, b)
        back = lax.bitcast_convert_type(x, b)
        case("lax.bitcast_convert_type", back, "uint32")
        case("lax.bitcast_convert_type", back, "float32")
    case("lax.bitcast_convert_type", array([1.5, -2], "float32"), "uint8")
    case("lax.bitcast_convert_type", array([1.5, -2], "float16"), "uint8")
    case("lax.bitcast_convert_type", array([1, 2, 3], "int8"), "int32")
    case("lax.bitcast_convert_type", array(1, "int32"), "uint8")


def slices(case):
    x = array(np.arange(24), "int8", (4, 6))
    for starts in ((1, 2), (0, 0), (3, 5), (-1, -2), (-9, 9), (-4, -6), (2, 4)):
        case("lax.dynamic_slice", x, starts, (2, 3))
        case("lax.dynamic_update_slice", x, array([[90, 91, 92], [93, 94, 95]], "int8"), starts)
        case("lax.dynamic_slice", x, tuple(array(s, "int32") for s in starts), (2, 3))
    case("lax.dynamic_slice", x, array([2, 5], "int32"), (2, 3))
    case("lax.dynamic_slice", x, (array(200, "uint8"), array(1, "uint8")), (2, 3))
    case("lax.dynamic_slice", x, (array(-100, "int8"), array(100, "int8")), (2, 3))
    case("lax.dynamic_slice", x, (0, 0), (5, 3))
    case("lax.dynamic_slice", x, (0,), (2, 3))
    case("lax.dynamic_slice", x, (0, 0), (0, 6))
    case("lax.dynamic_update_slice", x, array([[1, 2]], "float32"), (0, 0))
    case("lax.dynamic_update_slice", x, array([1, 2], "int8"), (0, 0))
    case("lax.dynamic_update_slice", x, array(np.zeros((5, 2)), "int8"), (0, 0))
    for index in (1, -1, 5, -7):
        case("lax.dynamic_index_in_dim", x, index)
        case("lax.dynamic_index_in_dim", x, index, axis=1, keepdims=F)
        case("lax.dynamic_slice_in_dim", x, index, 2)
        case("lax.dynamic_slice_in_dim", x, index, 2, axis=1)
        case("lax.dynamic_update_slice_in_dim", x, array(np.full((2, 6), 99), "int8"), index, 0)
        case("lax.dynamic_update_index_in_dim", x, array(np.full(6, 99), "int8"), index, 0)
    case("lax.index_in_dim", x, -1, axis=1)
    case("lax.index_in_dim", x, 2, keepdims=F)
    case("lax.slice_in_dim", x, 1, -1, stride=2, axis=1, a=[x, 1, -1], o={"stride": 2, "axis": 1})
    case("lax.slice_in_dim", x, None, None, axis=1, stride=4)
    for starts, limits, strides in (
        ((0, 0), (4, 6), None),
        ((1, 2), (3, 6), None),
        ((0, 1), (4, 6), (2, 3)),
        ((2, 2), (2, 4), None),
        ((0, 0), (1, 1), (5, 5)),
        ((0, 0), (5, 6), None),
        ((2, 0), (1, 6), None),
        ((-1, 0), (2, 2), None),
        ((0,), (1, 2), None),
    ):
        case("lax.slice", x, starts, limits, *([strides] if strides else []))
    y = array([[1, 2, 3], [4, 5, 6]], "float32")
    for config in (
        ((0, 0, 0), (0, 0, 0)),
        ((1, 2, 0), (0, 1, 0)),
        ((-1, 0, 0), (0, -1, 0)),
        ((0, 0, 1), (0, 0, 2)),
        ((1, -1, 1), (-1, 2, 2)),
        ((-1, -1, 2), (-2, -1, 0)),
        ((-2, 3, 0), (2, -4, 0)),
        ((0, 0, 3), (-3, -2, 2)),
        ((-2, -1, 0), (0, 0, 0)),
        ((0, 0, -1), (0, 0, 0)),
    ):
        case("lax.pad", y, 9.5, config)
    case("lax.pad", array([], "float32", (0, 2)), 1.0, ((1, 1, 3), (0, 0, 1)))
    case("lax.pad", array([1, 2], "int8"), array(7, "int8"), ((1, 0, 1),))
    case("lax.pad", array([1, 2], "int8"), array(7, "float32"), ((1, 0, 1),))
    case("lax.pad", array([T, F], "bool"), T, ((1, 0, 1),))


def cumulative(case):
    for name in ("cumsum", "cumprod", "cummax", "cummin", "cumlogsumexp"):
        for dtype in ("float32", "bfloat16", "float16", "int8", "int32", "uint8", "bool"):
            if name == "cumlogsumexp" and "float" not in dtype:
                continue
            x = numbers(dtype, (3, 4), 12, 3)
            case("lax." + name, x)
            if dtype in ("float32", "int8"):
                for o in ({"axis": 1}, {"reverse": T}, {"axis": 1, "reverse": T}):
                    case("lax." + name, x, **o)
        for x in ([1, NAN, 0, 5], [-INF, 1, INF, -1], [-0.0, 0.0, -0.0], [-INF, -INF, 0], [100, 1000, -1000]):
            case("lax." + name, array(x, "float32"))
            case("lax." + name, array(x, "float32"), reverse=T)
        case("lax." + name, numbers("float32", (37,), 13, 2))
        case("lax." + name, array([], "float32"))
        case("lax." + name, numbers("float32", (3,)), axis=1)


def dims(kind, names, *values):
    """Dimension numbers of JAX, and as they are written."""
    fields = dict(zip(names, values))
    return kind(**fields), fields


def gathers(case):
    names = (
        "offset_dims",
        "collapsed_slice_dims",
        "start_index_map",
        "operand_batching_dims",
        "start_indices_batching_dims",
    )
    x = array(np.arange(24), "int8", (2, 3, 4))
    for offset, collapsed, start, operand, batch, index, sizes in (
        ((1, 2), (0,), (0,), (), (), [[0], [1], [2], [-1]], (1, 3, 4)),
        ((0, 1), (0,), (0,), (), (), [[0], [1], [5]], (1, 2, 4)),
        ((0,), (0, 1), (0, 1), (), (), [[0, 2], [1, 1], [1, 3], [-1, 0]], (1, 1, 4)),
        ((), (0, 1, 2), (0, 1, 2), (), (), [[0, 2, 1], [1, 1, 3], [1, 3, 0]], (1, 1, 1)),
        ((1, 2, 3), (), (0, 1, 2), (), (), [[0, 0, 0], [1, 2, 2], [0, 1, 1]], (1, 2, 3)),
        ((1, 2, 3), (), (2, 1), (), (), [[0, 0], [2, 1], [3, -1], [1, 1]], (2, 2, 3)),
        ((0, 2), (1,), (1,), (), (), [[[2], [0]], [[1], [3]]], (2, 1, 3)),
        ((0, 1, 2), (), (1, 2), (), (), [1, 2], (2, 2, 2)),
        ((1,), (1,), (1,), (0,), (0,), [[2], [0]], (1, 1, 4)),
        ((2,), (1,), (1,), (0,), (0,), [[[2], [0], [5]], [[1], [1], [-1]]], (1, 1, 3)),
        ((0,), (), (2,), (0, 1), (1, 0), [[[0], [1]], [[2], [3]], [[1], [-1]]], (1, 1, 2)),
    ):
        numbers_, fields = dims(lax.GatherDimensionNumbers, names, offset, collapsed, start, operand, batch)
        at = array(index, "int32")
        for mode in ("clip", "fill"):
            case("lax.gather", x, at, numbers_, sizes, a=[x, at, fields, sizes], mode=mode)
        case("lax.gather", x, at, numbers_, sizes, a=[x, at, fields, sizes])
    numbers_, fields = dims(lax.GatherDimensionNumbers, names, (1,), (0,), (0,), (), ())
    for dtype in ALL:
        y, at = numbers(dtype, (3, 2), 1), array([[1], [7]], "int32")
        case("lax.gather", y, at, numbers_, (1, 2), a=[y, at, fields, (1, 2)], mode="fill")
    y, at = numbers("float32", (3, 2), 1), array([[1], [7], [200]], "uint8")
    case("lax.gather", y, at, numbers_, (1, 2), a=[y, at, fields, (1, 2)], mode="fill", fill_value=-2)
    case(
        "lax.gather",
        y,
        array([[1], [-3]], "int8"),
        numbers_,
        (1, 2),
        a=[y, array([[1], [-3]], "int8"), fields, (1, 2)],
        mode="clip",
    )
    case("lax.gather", y, at, numbers_, (4, 2), a=[y, at, fields, (4, 2)], mode="clip")
    case(
        "lax.gather",
        y,
        at.astype(jnp.float32),
        numbers_,
        (1, 2),
        a=[y, at.astype(jnp.float32), fields, (1, 2)],
        mode="clip",
    )


def scatters(case):
    names = (
        "update_window_dims",
        "inserted_window_dims",
        "scatter_dims_to_operand_dims",
        "operand_batching_dims",
        "scatter_indices_batching_dims",
    )
    for window, inserted, to, operand, batch, index, shape in (
        ((1, 2), (0,), (0,), (), (), [[0], [1], [2], [-1], [0]], (5, 3, 4)),
        ((0, 1), (0,), (0,), (), (), [[0], [1], [5]], (2, 4, 3)),
        ((0,), (0, 1), (0, 1), (), (), [[0, 2], [1, 1], [1, 3], [0, 2]], (4, 4)),
        ((), (0, 1, 2), (0, 1, 2), (), (), [[0, 2, 1], [1, 1, 3], [1, 3, 0], [0, 2, 1]], (4,)),
        ((1, 2, 3), (), (0, 1, 2), (), (), [[0, 0, 0], [1, 2, 2], [0, 1, 1]], (3, 1, 2, 3)),
        ((0, 1, 2), (), (1, 2), (), (), [1, 2], (2, 2, 2)),
        ((1,), (1,), (1,), (0,), (0,), [[2], [0]], (2, 4)),
        ((2,), (1,), (1,), (0,), (0,), [[[2], [0], [2]], [[1], [3], [-1]]], (2, 3, 3)),
    ):
        numbers_, fields = dims(lax.ScatterDimensionNumbers, names, window, inserted, to, operand, batch)
        at = array(index, "int32")
        for name in ("scatter", "scatter_add", "scatter_mul", "scatter_min", "scatter_max", "scatter_sub"):
            if name == "scatter_sub" and len(shape) != 1:
                continue
            dtype = "float32" if name == "scatter_add" else "int8"
            x, updates = array(np.arange(24), dtype, (2, 3, 4)), numbers(dtype, shape, 14)
            for mode in ("clip", "fill") if name in ("scatter", "scatter_add") else ("clip",):
                case("lax." + name, x, at, updates, numbers_, a=[x, at, updates, fields], mode=mode)
        case("lax.scatter_add", x, at, updates, numbers_, a=[x, at, updates, fields])  # fills
    numbers_, fields = dims(lax.ScatterDimensionNumbers, names, (), (0,), (0,), (), ())
    for dtype in ALL:
        y, at, updates = numbers(dtype, (3,), 1), array([[1], [7], [1]], "int32"), numbers(dtype, (3,), 2)
        for name in ("scatter", "scatter_add", "scatter_mul", "scatter_min"):
            if name in ("scatter_mul", "scatter_min") and dtype not in ("bfloat16", "uint8"):
                continue
            if dtype != "bool" or name == "scatter":
                case("lax." + name, y, at, updates, numbers_, a=[y, at, updates, fields], mode="fill")
    y, at, updates = numbers("float32", (3,), 1), array([[1]], "int32"), array([2], "int8")
    case("lax.scatter", y, at, updates, numbers_, a=[y, at, updates, fields], mode="fill")
    case(
        "lax.scatter_add",
        y,
        at,
        array([2, 3], "float32"),
        numbers_,
        a=[y, at, array([2, 3], "float32"), fields],
        mode="fill",
    )
