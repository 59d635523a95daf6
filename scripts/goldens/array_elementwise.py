"""Golden cases of array.py: creation, element by element, and promotion."""

import jax.numpy as jnp
import numpy as np

from array_cases import ALL, FLOATS, INF, INTEGERS, NAN, USUAL, array, edges, numbers

ANY = (
    "abs",
    "negative",
    "positive",
    "sign",
    "square",
    "floor",
    "ceil",
    "trunc",
    "fix",
    "round",
    "rint",
    "isnan",
    "isinf",
    "isfinite",
    "isposinf",
    "isneginf",
    "signbit",
    "logical_not",
    "invert",
    "bitwise_count",
    "nan_to_num",
    "reciprocal",
    "sqrt",
    "fabs",
    "spacing",
    "frexp",
    "modf",
)
FLOAT = (
    "cbrt",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sin",
    "cos",
    "tan",
    "arcsin",
    "arccos",
    "arctan",
    "sinh",
    "cosh",
    "tanh",
    "arcsinh",
    "arccosh",
    "arctanh",
    "sinc",
    "deg2rad",
    "rad2deg",
    "i0",
)
BINARY = (
    "add",
    "subtract",
    "multiply",
    "divide",
    "floor_divide",
    "remainder",
    "fmod",
    "divmod",
    "power",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
)
FLOAT_BINARY = ("float_power", "copysign", "nextafter", "hypot", "logaddexp", "logaddexp2", "heaviside", "arctan2")
COMPARE = (
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
)
BITS = ("bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift")


def creation(case):
    for dtype in (None, "float32", "float16", "bfloat16", "int8", "uint32", "bool"):
        o = {"dtype": dtype} if dtype else {}
        case("np.zeros", (2, 3), **o)
        case("np.ones", (3,), **o)
        case("np.full", (2, 2), 3, **o)
        case("np.eye", 3, **o)
        case("np.identity", 2, **o)
        if dtype != "bool":
            case("np.arange", 5, a=[5, None, None, *([o] if o else [])], **o, o={})
            case("np.linspace", 0, 10, num=5, **o)
            case("np.tri", 3, **o)
            case("np.logspace", 0.0, 1.0, num=3, **o)
            case("np.geomspace", 1.0, 100.0, num=3, **o)
    case("np.zeros", 4)
    case("np.zeros", ())
    case("np.zeros", (0, 3))
    case("np.ones", (), dtype="int32")
    for value in (1, 1.5, 2.0, True, NAN, -INF, array([1, 2], "int8"), array(2.5, "bfloat16"), jnp.asarray(2)):
        case("np.full", (3, 2), value)
        case("np.full", (2,), value, dtype="uint8") if not isinstance(value, float) or abs(value) < 9 else None
    case("np.full", (2, 3), array([[1], [2]], "float32"))
    for dtype in USUAL:
        x = numbers(dtype, (2, 3), 3)
        case("np.zeros_like", x)
        case("np.ones_like", x)
        case("np.full_like", x, 1)
        case("np.full_like", x, 2.5)
        case("np.array", x)
        case("np.asarray", x, dtype="float16")
        case("np.astype", x, "int32")
    case("np.zeros_like", numbers("float32", (2, 3)), dtype="int8", shape=(4,))
    case("np.ones_like", numbers("float32", (2,)), dtype="bool")
    case("np.full_like", numbers("float32", (2,)), 7, dtype="int16", shape=(2, 2))
    case("np.zeros_like", 3)
    case("np.ones_like", 3.5)
    case("np.full_like", jnp.asarray(3), 1.5)
    for x in (
        1,
        1.5,
        2.0,
        True,
        [1, 2],
        [1, 2.5],
        [[1.0, 2.0], [3.0, 4.0]],
        [True, False],
        [True, 2],
        [],
        [[]],
        [array(1, "int8"), 2],
        [array([1, 2], "int8"), array([3, 4], "bfloat16")],
        [1.5, array(2, "float16")],
    ):
        case("np.array", x)
        case("np.asarray", x)
    case("np.array", [[1, 2], [3]])
    case("np.array", [1, 2], dtype="bfloat16")
    case("np.array", 5, ndmin=3)
    case("np.array", [1, 300, -1], dtype="uint8")
    for args in (
        (5,),
        (0,),
        (2, 7),
        (1, 10, 3),
        (10, 1, -3),
        (5, 1),
        (0.0, 1.0, 0.25),
        (1.5,),
        (0, 1, 0.3),
        (3.0,),
        (-2.5, 2),
        (0, 2.5, 1),
        (1, 2, 0.1),
        (-5, 5, 2),
        (0.1, 0.7, 0.2),
    ):
        case("np.arange", *args)
    case("np.arange", 0, 3, a=[0, 3, None, {"dtype": "bfloat16"}], dtype="bfloat16", o={})
    case("np.arange", 0, 1, 0.25, a=[0, 1, 0.25, {"dtype": "float16"}], dtype="float16", o={})
    case("np.arange", 250, 260, a=[250, 260, None, {"dtype": "uint8"}], dtype="uint8", o={})
    case("np.arange", array(4, "int8"))
    case("np.arange", array(0, "float16"), array(2, "float16"), array(0.5, "float16"))
    for args in ((0, 1), (0.0, 1.0), (5, -5), (1, 2), (0.1, 0.9), (-INF, 1.0), (3, 3)):
        for o in ({"num": 5}, {"num": 4, "endpoint": False}, {"num": 1}, {"num": 0}, {"num": 2, "retstep": True}):
            case("np.linspace", *args, **o)
    case("np.linspace", 0, 1)
    case("np.linspace", 0, 7, num=4, dtype="int32")
    case("np.linspace", -7, 0, num=5, dtype="int32")
    case("np.linspace", array([0, 1], "float32"), array([4, 9], "float32"), num=3)
    case("np.linspace", array([0, 1], "float32"), array([4, 9], "float32"), num=3, axis=1)
    case("np.linspace", array([0, 1], "float32"), 8, num=4, axis=-1, endpoint=False)
    case("np.linspace", array(0, "bfloat16"), array(3, "bfloat16"), num=4)
    case("np.linspace", array(0, "int32"), array(10, "int32"), num=4)
    case("np.linspace", array(1, "float16"), 3, num=3)
    case("np.linspace", 0, 1, num=-1)
    case("np.logspace", 0, 3, num=4)
    case("np.logspace", 0, 3, num=4, base=2.0, endpoint=False)
    case("np.logspace", 0.0, 2.0, num=3, base=3)
    case("np.logspace", array([0, 1], "float32"), 2, num=3, axis=1)
    case("np.geomspace", 1, 1000, num=4)
    case("np.geomspace", -1.0, -8.0, num=4)
    case("np.geomspace", 1.0, 16.0, num=4, endpoint=False)
    case("np.geomspace", array([1, 2], "float32"), 32.0, num=3, axis=1)
    for n, m, k in ((3, None, 1), (3, None, -1), (2, 4, 0), (4, 2, 1), (3, 3, 5), (3, 5, -2), (0, None, 0)):
        case("np.eye", n, M=m, k=k, o={"m": m, "k": k})
        case("np.tri", n, M=m, k=k, o={"m": m, "k": k})
    case("np.eye", -1)
    for dtype in ("float32", "int8", "bool"):
        x = numbers(dtype, (3, 4), 5)
        for k in (0, 1, -1, 3, -3, 9):
            case("np.diag", x, k=k)
            case("np.tril", x, k=k)
            case("np.triu", x, k=k)
            case("np.diag", x[0], k=k) if abs(k) < 3 else None
        case("np.diagflat", x, k=0) if dtype == "int8" else None
    case("np.diag", array([], "float32"))
    case("np.diag", numbers("float32", (2, 2, 2)))
    case("np.diagflat", numbers("float32", (2, 2)), k=-1)
    case("np.tril", numbers("float32", (2, 3, 3), 1))
    case("np.triu", numbers("bfloat16", (2, 2, 3), 1), k=-1)
    case("np.tril", numbers("float32", (3,)))
    for k in (0, 1, -2):
        for m in (None, 5, 2):
            case("np.tril_indices", 3, k=k, m=m)
            case("np.triu_indices", 3, k=k, m=m)
        case("np.tril_indices_from", numbers("float32", (3, 4)), k=k)
        case("np.triu_indices_from", numbers("float32", (4, 3)), k=k)
    case("np.diag_indices", 3)
    case("np.diag_indices", 2, ndim=3)
    case("np.diag_indices_from", numbers("float32", (3, 3)))
    for o in ({}, {"dtype": "float32"}, {"sparse": True}, {"dtype": "int8", "sparse": True}):
        case("np.indices", (2, 3), **o)
        case("np.indices", (3,), **o)
    case("np.indices", (0, 2))
    x, y, z = array([1, 2, 3], "float32"), array([4, 5], "int8"), array([6, 7], "bool")
    for o in ({}, {"indexing": "ij"}, {"sparse": True}, {"indexing": "ij", "sparse": True}):
        for parts in ([x], [x, y], [x, y, z]):
            case("np.meshgrid", *parts, a=[parts], **o)
    case("np.meshgrid", x, array(1, "int32"), a=[[x, array(1, "int32")]])
    case("np.meshgrid", x, x, a=[[x, x]], indexing="no")
    for n in (0, 1, 2, 7, 8):
        for window in ("bartlett", "blackman", "hamming", "hanning"):
            case("np." + window, n)
    case("np.kaiser", 5, 14.0)
    for x in (array([1, 2, 3], "float32"), array([1, 2, 5], "int32"), array([], "float32")):
        for o in ({}, {"N": 5}, {"N": 2}, {"increasing": True}):
            case("np.vander", x, **o, o={key.lower(): value for key, value in o.items()})


def elementwise(case):
    for name in ANY:
        for dtype in USUAL + (
            ("int16", "uint16") if name in ("abs", "sign", "invert", "bitwise_count", "sqrt") else ()
        ):
            if name in ("isposinf", "isneginf", "modf", "spacing", "frexp", "fix") and dtype in (
                "uint32",
                "int8",
                "uint8",
            ):
                continue
            case("np." + name, edges(dtype, dtype in ("int16", "uint16")))
        case("np." + name, 3)
        case("np." + name, -2.5)
    for name in FLOAT:
        for dtype in FLOATS + ("int32", "bool") + (("int8", "int16", "uint8") if name in ("exp", "cbrt") else ()):
            case("np." + name, edges(dtype, dtype in ("bfloat16", "int32")))
        case("np." + name, 1)
        case("np." + name, 0.5)
    wide = np.random.RandomState(7)
    for name, low, high in (
        ("exp", -90, 90),
        ("sin", -50, 50),
        ("cos", -50, 50),
        ("tan", -9, 9),
        ("tanh", -9, 9),
        ("log", 0, 9),
        ("log1p", -1, 5),
        ("expm1", -3, 3),
        ("arctanh", -1, 1),
        ("arcsin", -1, 1),
        ("arcsinh", -20, 20),
        ("exp2", -20, 20),
        ("sinh", -9, 9),
        ("cbrt", -99, 99),
    ):
        case("np." + name, array(np.round(wide.uniform(low, high, 30), 3), "float32"))
    case("np.sin", array([1e4, -1e5, 1e7, 3e8, 1e20, -3.4e38], "float32"))
    case("np.cos", array([1e4, -1e5, 1e7, 3e8, 1e20, -3.4e38], "float32"))
    case("np.tan", array([1e4, -1e5, 1e7, 3e8], "float32"))
    case("np.expm1", array([1e-10, -1e-10, 1e-5, 80, 89, -100], "float32"))
    case("np.log1p", array([1e-10, -1e-10, 1e-5, 3e38, -1, -2], "float32"))
    case("np.sinh", array([1e-6, 88, 89, 90, -89.2, -90], "float32"))
    case("np.arccosh", array([1, 1.0001, 3e38, 0.5], "float32"))
    case("np.arcsinh", array([1e-10, -1e20, 3e38], "float32"))
    for name in BINARY + FLOAT_BINARY + COMPARE:
        types = (
            USUAL
            if name in BINARY
            else (
                FLOATS + ("int8", "bool") if name in FLOAT_BINARY else ("float32", "bfloat16", "int32", "uint8", "bool")
            )
        )
        for dtype in types:
            x = edges(dtype, True)
            case("np." + name, x[:, None], x)
        case("np." + name, numbers("float32", (2, 1, 3), 1), numbers("int8", (4, 1), 2))
        case("np." + name, array([7, 5, 0], "uint8"), 2)
        case("np." + name, 2.5, array([7, -5, 0], "int32"))
        case("np." + name, 7, 2)
        case("np." + name, 7, 2.0)
        case("np." + name, numbers("float32", (0, 3)), numbers("float32", (3,)))
        if name in ("add", "power", "less"):
            case("np." + name, numbers("float32", (2,)), numbers("float32", (3,)))
    for name in BITS:
        for dtype in INTEGERS + ("int16", "uint16", "bool", "float32"):
            x = edges(dtype, True)
            case("np." + name, x[:, None], x)
        case("np." + name, array([7, 5, 0], "uint8"), 2)
        case("np." + name, array([7, 5, -3], "int8"), array([1, 2, 9], "int32"))
        case("np." + name, array([7, 5, 300], "uint32"), array([1, 2, 40], "int32"))
        case("np." + name, 7, 2)
    powers = array([0, 1, 2, 3, 5, 31, 40], "int32")
    case("np.power", array([0, 1, -1, 2, -3, 10], "int32")[:, None], powers)
    case("np.power", array([0, 1, 2, 3, 255], "uint8")[:, None], array([0, 1, 2, 7, 9], "uint8"))
    case("np.power", array([0, 1, -1, 2], "int8")[:, None], array([-1, -2, -3], "int8"))
    for exponent in (0, 1, 2, 3, -1, -2, 7, 0.5, -0.5, 2.0, 3.0, 1.5, True):
        for dtype in ("float32", "int8", "bool") if exponent not in (2, 0.5) else USUAL:
            case("np.power", edges(dtype, True), exponent)
    for base in (0, 2, -2, 10, 2.0, 0.5, -2.5, 0.0):
        for dtype in ("float32", "int32", "uint8"):
            case("np.power", base, edges(dtype, True))
    case(
        "np.power",
        array([0.0, -0.0, 1, -1, 2, -2, INF, -INF, NAN], "float32")[:, None],
        array([-3, -2, 0, 1, 3], "int32"),
    )
    case("np.power", array([2, 3], "bfloat16"), array([2, -3], "int8"))
    for dtype in FLOATS + ("int32", "int8"):
        x = array([15, 25, -15, 105, -115, 126, 0, 7, 44, 46], dtype)
        for decimals in (0, 1, 2, -1, -2):
            case("np.round", x if "int" in dtype else x / 8, decimals=decimals)
    case("np.around", array([2.675, -0.125], "float32"), decimals=2)
    case("np.round", array([1e38, INF, NAN, 0.5, 1.5], "float32"), decimals=1)
    case("np.round", 2.567, decimals=1)
    for dtype in USUAL:
        x = numbers(dtype, (7,), 9)
        case("np.clip", x, 2, 5)
        case("np.clip", x, None, 3)
        case("np.clip", x, -1.5, None)
        case("np.clip", x, 4, 1)
        case("np.clip", x)
        case("np.clip", x, array([0, 1, 2, 3, 4, 5, 6], "int8"), 4)
    case("np.clip", array([NAN, INF, -INF, -0.0, 0.5], "float32"), 0, 1)
    case("np.clip", array([1, 2], "float32"), NAN, 1)
    case("np.clip", array([1, 2], "float32"), array([[0], [3]], "float16"), 2.5)
    case("np.clip", array([1, 200], "uint8"), 0, array([3, 300], "int32"))
    case("np.clip", 5, 1, 3)
    case("np.clip", 5.5, 1, 3)
    for dtype in FLOATS:
        x = array([NAN, INF, -INF, 1.5], dtype)
        case("np.nan_to_num", x, nan=7, posinf=2.5, neginf=-1)
        case("np.nan_to_num", x, nan=-1.5)
        case("np.nan_to_num", x, posinf=3)
    case("np.nan_to_num", array([1, 2], "int32"), nan=7)
    c = array([[True, False, True]], "bool")
    for a, b in (
        (numbers("float32", (3,), 1), 0),
        (1, numbers("int8", (2, 1), 2)),
        (1.5, numbers("int8", (2, 1), 2)),
        (1, 2),
        (1, 2.5),
        (numbers("bfloat16", (3,)), numbers("float16", (2, 3))),
        (True, 3),
        (NAN, -INF),
    ):
        case("np.where", c, a, b)
    case("np.where", array([0, 2, -1], "int32"), 1.0, numbers("float32", (3,)))
    case("np.where", array([0.0, NAN, -0.0, 0.5], "float32"), 1, 0)
    case("np.where", True, numbers("float32", (2,)), numbers("int32", (2,), 1))
    case("np.where", array([True, False], "bool"), numbers("float32", (3,)), 1)
    x = numbers("int32", (5,), 4)
    case("np.select", [x > 2, x < 0], [x, -x], default=100)
    case("np.select", [x > 2, x > 0], [x.astype(jnp.float32), 7])
    case("np.select", [x > 2], [numbers("bfloat16", (2, 5))], default=1.5)
    case("np.select", [x > 0, array(True, "bool")], [1, 2], default=0.5)
    case("np.select", [x], [x])
    case("np.select", [x > 0], [x, x])
    for dtype in FLOATS:
        case("np.ldexp", edges(dtype), array(3, "int32"))
        case("np.ldexp", array([1.5, -0.75, 1, 0], dtype), array([-3, 2, 20, 9], "int32"))
        case("np.ldexp", array([1.5, 1.0, 1.0], dtype)[:, None], array([-200, -130, -20, 20, 130, 200], "int32"))
        case(
            "np.nextafter",
            array([1.0, 1.0, 2.0, -1.0, NAN, 65504], dtype),
            array([2.0, 0.0, 2.0, INF, 1.0, INF], dtype),
        )
    case("np.ldexp", array([1, 2], "int32"), array([3, 4], "int32"))
    case("np.ldexp", array([1, 2], "float32"), array([3, 4], "float32"))
    for name in ("absolute", "bitwise_not", "bitwise_invert", "degrees", "radians"):
        case("np." + name, array([1, -2], "int32"))
    for name in (
        "acos",
        "asin",
        "atan",
        "acosh",
        "asinh",
        "atanh",
        "atan2",
        "pow",
        "true_divide",
        "mod",
        "bitwise_left_shift",
        "bitwise_right_shift",
        "conj",
        "real",
    ):
        x = array([1, 2], "int32") if "shift" in name else array([0.5, 1.5], "float32")
        case("np." + name, *([x, x] if name in ("atan2", "pow", "true_divide", "mod") or "shift" in name else [x]))
    big = numbers("float32", (300,), 11)
    case("np.add", big, numbers("bfloat16", (300,), 12))
    case("np.multiply", numbers("int8", (3, 97), 13, 100), numbers("int8", (97,), 14, 100))
    case("np.where", numbers("bool", (300,), 15), big, 0)
    for x in (7.0, array([7.5, -7.5, 0, -0.0], "float32"), array([2.5, -3], "bfloat16")):
        for y in (3, -3, 0.5, array(-2, "int8"), 0):
            for name in ("floor_divide", "fmod", "divmod", "remainder", "divide"):
                case("np." + name, x, y)


def promotion_ops(case):
    arrays = {dtype: array([0, 1, 1] if dtype == "bool" else [3, 1, 2], dtype) for dtype in ALL}
    for i, a in enumerate(ALL):
        for j, b in enumerate(ALL):
            for name in ("add", "true_divide") if i > j else ("add", "multiply", "true_divide"):
                case("np." + name, arrays[a][:2], arrays[b][:2])
            if i <= j:
                case("np.where", array([True, False], "bool"), arrays[a][:2], arrays[b][:2])
    weak = (1, 2.5, 2.0, True, jnp.asarray(3), jnp.asarray(1.5))
    for a in ALL:
        for b in weak:
            for name in ("add", "multiply", "true_divide"):
                case("np." + name, arrays[a][:2], b)
            case("np.subtract", b, arrays[a][1:]) if not (a == "bool" and b is True) else None
            case("np.where", array([True, False], "bool"), b, arrays[a][:2])
    for a in weak:
        for b in weak:
            for name in ("add", "multiply", "true_divide", "power", "maximum", "floor_divide"):
                if not (name == "floor_divide" and a is True and b is True):
                    case("np." + name, a, b)
            case("np.where", array([True, False], "bool"), a, b)
    for dtype in ("int8", "uint8", "int16", "uint16"):
        case("np.add", arrays[dtype], 300)
        case("np.add", arrays[dtype], -1)
        case("np.add", arrays[dtype], 100000)
        case("np.multiply", arrays[dtype], 1e10)
    case("np.add", arrays["uint32"], -1)
    case("np.add", arrays["int32"], 2**31)
    case("np.add", arrays["bool"], -1)
    case("np.add", arrays["float16"], 1e10)
