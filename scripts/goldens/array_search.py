"""Golden cases of array.py: sorting, searching, sets, taking, indexing."""

import jax.numpy as jnp
import numpy as np

from array_cases import ALL, FLOATS, INF, NAN, USUAL, array, edges, numbers

T, F = True, False


def search(case):
    for dtype in USUAL + ("int16", "uint16"):
        x = edges(dtype)
        for name in ("sort", "argsort"):
            case("np." + name, x)
            case("np." + name, x, descending=True)
            case("np." + name, numbers(dtype, (3, 4), 1, 2), axis=0)
        case("np.unique", x)
        case("np.searchsorted", jnp.sort(x), x)
        case("np.nonzero", x)
    x = array([[3, NAN, 1, -0.0, 0.0], [NAN, INF, -INF, NAN, 2]], "float32")
    for name in ("sort", "argsort"):
        for o in (
            {},
            {"axis": 0},
            {"axis": None},
            {"descending": True},
            {"axis": None, "descending": True},
            {"stable": False},
            {"axis": 0, "descending": True},
        ):
            if not (name == "argsort" and "stable" in o):
                case("np." + name, x, **o)
        case("np." + name, array([], "float32"))
        case("np." + name, numbers("int8", (300,), 2, 20))
        case("np." + name, numbers("int8", (30,), 2, 3), descending=True)
        case("np." + name, numbers("float32", (2, 3)), axis=2)
        case("np." + name, array(3, "int8"))
    case("np.argsort", array([NAN, 1, NAN, 0, -0.0, 0.0], "float32"))
    case("np.argsort", array([NAN, 1, NAN, 0, -0.0, 0.0], "float32"), descending=True)
    a, b, c = (
        numbers("int8", (9,), 3, 2),
        numbers("float32", (9,), 4, 1),
        array([NAN, 1, 0, NAN, 0, -0.0, 1, 1, NAN], "float32"),
    )
    case("np.lexsort", [a, b])
    case("np.lexsort", [b, a])
    case("np.lexsort", [a, b, c])
    case("np.lexsort", [c, a])
    case("np.lexsort", [numbers("int8", (2, 5), 5, 2), numbers("int8", (2, 5), 6, 2)])
    case("np.lexsort", [numbers("int8", (2, 5), 5, 2), numbers("int8", (2, 5), 6, 2)], axis=0)
    for kth in (0, 2, -1):
        case("np.partition", array([4, 1, 3, 2], "int8"), kth) if kth == 0 else None
    for side in ("left", "right"):
        for v in (
            array([2, 1, 0, 9, 5, 4], "float32"),
            array([[1], [8]], "int32"),
            3,
            2.0,
            array([NAN, INF, -INF], "float32"),
        ):
            case("np.searchsorted", array([1, 2, 2, 4, 8], "int32"), v, side=side)
            case("np.searchsorted", array([1, 2, 2, 4, NAN], "float32"), v, side=side)
        case(
            "np.searchsorted",
            array([4, 1, 3], "float32"),
            array([1, 3, 4], "float32"),
            side=side,
            sorter=array([1, 2, 0], "int32"),
        )
        case("np.searchsorted", array([], "float32"), array([1, 2], "float32"), side=side)
        case("np.searchsorted", array([-0.0, 0.0, 0.0], "float32"), array([0.0, -0.0], "float32"), side=side)
        for method in ("scan_unrolled", "sort", "compare_all"):
            case("np.searchsorted", array([1, 2, 2, 4, 8], "int32"), array([2, 3], "int32"), side=side, method=method)
    case("np.searchsorted", numbers("float32", (2, 2)), 1.0)
    for right in (F, T):
        for bins in (array([0, 1, 3], "float32"), array([5, 2, 0], "int32"), array([1], "int32")):
            case("np.digitize", array([-1, 0, 0.5, 1, 3, 9, NAN], "float32"), bins, right=right)
            case("np.digitize", array([[0, 1], [2, 5]], "int32"), bins, right=right)
    x = array([[0, 3, 0], [1, 0, -2]], "int32")
    for name in ("nonzero", "argwhere", "flatnonzero"):
        case("np." + name, x)
        case("np." + name, x, size=2)
        case("np." + name, x, size=5, fill_value=-1)
        case("np." + name, array([0, 0], "float32"))
        case("np." + name, array([NAN, -0.0, 1], "float32"))
    case("np.where", x)
    case("np.where", x > 0, size=4, fill_value=7)
    case("np.nonzero", numbers("bool", (2, 2, 3), 7))
    case("np.argwhere", array(3, "int32"))
    case("np.count_nonzero", numbers("bool", (300,), 7))
    sets(case)
    taking(case)
    x = array([1, 2, 3, 4, 5, 6], "int8", (2, 3))
    mask = array([[T, F, T], [F, T, T]], "bool")
    case("np.extract", mask, x)
    case("np.extract", array([0, 2, 1, 0, 0, 1], "int32"), x)
    case("np.extract", mask, x, size=3)
    case("np.extract", mask, x, size=6, fill_value=-9)
    case("np.compress", array([T, F, T], "bool"), x)
    case("np.compress", array([T, F], "bool"), x, axis=0)
    case("np.compress", array([F, T, T], "bool"), x, axis=1)
    case("np.compress", array([T], "bool"), x, axis=-1)
    case("np.compress", array([T, F, T], "bool"), x, axis=1, size=3, fill_value=9)
    for mode in ("clip", "wrap"):
        case(
            "np.choose",
            array([0, 3, -1, 1], "int32"),
            [array([1, 2, 3, 4], "int8"), array([5, 6, 7, 8], "float32")],
            mode=mode,
        )
    a = array([1, 1.00001, NAN, INF, -INF, 0, 1e-9, 100], "float32")
    b = array([1, 1, NAN, INF, INF, 1e-9, 0, 100.1], "float32")
    for o in ({}, {"equal_nan": T}, {"rtol": 1e-2}, {"atol": 1e-3, "rtol": 0.0}):
        case("np.isclose", a, b, **o)
        case("np.allclose", a, b, **o)
        case("np.allclose", a[:2], b[:2], **o)
    for dtype in ("bfloat16", "float16", "int32", "uint8", "bool"):
        case("np.isclose", numbers(dtype, (4,), 1), numbers(dtype, (4,), 2))
    case("np.isclose", array([100, 0], "int32"), array([101, 1], "int32"), atol=1)
    case("np.isclose", array([1, 2], "int32"), 1.0)
    case("np.isclose", a, INF)
    for name in ("array_equal", "array_equiv"):
        case("np." + name, array([1, 2], "int8"), array([1, 2], "float32"))
        case("np." + name, array([1, 2], "int8"), array([[1, 2], [1, 2]], "int8"))
        case("np." + name, array([1, 1], "int8"), 1)
        case("np." + name, array([1, NAN], "float32"), array([1, NAN], "float32"))
        case("np." + name, array([], "int8"), array([], "float32"))
    case("np.array_equal", array([1, NAN], "float32"), array([1, NAN], "float32"), equal_nan=T)


def sets(case):
    x = array([3, 1, 3, 2, 1, 7], "int32")
    for x in (
        x,
        array([NAN, 1, NAN, 0.0, -0.0, 1], "float32"),
        array([[2, 1], [1, 2], [2, 1]], "int8"),
        array([], "float32"),
    ):
        for o in (
            {},
            {"return_index": T},
            {"return_inverse": T},
            {"return_counts": T},
            {"return_index": T, "return_inverse": T, "return_counts": T},
            {"size": 3},
            {"size": 5, "fill_value": 9},
            {"size": 6, "return_index": T, "return_inverse": T, "return_counts": T},
        ):
            case("np.unique", x, **o) if x.size or "size" not in o else None
    case("np.unique", array([NAN, 1, NAN], "float32"), equal_nan=F)
    case("np.unique", array([NAN, 1, NAN], "float32"), equal_nan=F, return_counts=T)
    x = array([[2, 1, 2], [1, 3, 1], [2, 1, 2], [1, 0, 1]], "int8")
    for o in (
        {"axis": 0},
        {"axis": 1},
        {"axis": -1, "return_inverse": T, "return_index": T, "return_counts": T},
        {"axis": 0, "return_inverse": T, "return_index": T, "return_counts": T},
        {"axis": 0, "size": 2},
        {"axis": 0, "size": 5, "fill_value": -1},
    ):
        case("np.unique", x, **o)
    case("np.unique", array([[NAN, 1], [NAN, 1]], "float32"), axis=0)
    for name in ("unique_all", "unique_counts", "unique_inverse", "unique_values"):
        case("np." + name, x)
        case("np." + name, array([NAN, 1, NAN], "float32"))
    a, b = array([5, 1, 3, 3, 2], "int32"), array([3, 9, 5, 5, -1], "int32")
    for name in ("intersect1d", "union1d", "setdiff1d", "setxor1d"):
        case("np." + name, a, b)
        case("np." + name, a, array([], "int32"))
        case("np." + name, a.reshape(5, 1), b.astype(jnp.float32))
        case("np." + name, array([NAN, 1, 2], "float32"), array([NAN, 2], "float32"))
        case("np." + name, a, b, size=2)
        case("np." + name, a, b, size=8, fill_value=-7)
    case("np.intersect1d", a, b, return_indices=T)
    case("np.intersect1d", array([5, 1, 3], "int32"), array([3, 9, 5], "int32"), assume_unique=T, return_indices=T)
    case("np.setdiff1d", a, b, assume_unique=T)
    case("np.setxor1d", array([5, 1, 3], "int32"), array([3, 9, 5], "int32"), assume_unique=T)
    for invert in (F, T):
        case("np.isin", a.reshape(5, 1), b, invert=invert)
        case("np.isin", array([NAN, 1], "float32"), array([NAN, 2], "float32"), invert=invert)
    case("np.isin", array([1, 2], "int8"), array([1.5, 2], "float32"))
    case("np.isin", 3, b)
    case("np.isin", a, array([], "int32"))


def taking(case):
    x, i = array(np.arange(12) - 5, "int32", (3, 4)), array([0, 2, 3, -1, -3, -4, 9, -9], "int32")
    for dtype in USUAL:
        case("np.take", x.astype(dtype), i, axis=0)
        case("np.take", x.astype(dtype), array([[1, 11], [-1, 50]], "int32"))
        case("np.take_along_axis", x.astype(dtype), array([[0, 5], [-1, 1], [3, -9]], "int32"), 1)
    for mode in ("clip", "wrap", "fill"):
        for axis in (None, 0, 1, -1):
            case("np.take", x.astype(jnp.float32), i, axis=axis, mode=mode)
        if mode != "wrap":
            case("np.take_along_axis", x, array([[0, 5], [-1, 1], [3, -9]], "int32"), 1, mode=mode)
            case("np.take_along_axis", x, array([0, 5, -13], "int32"), None, mode=mode)
    case("np.take", x, i, axis=0, mode="fill", fill_value=77)
    case("np.take", x.astype(jnp.float32), i, axis=1, fill_value=-1.5)
    case("np.take", x, 1, axis=1)
    case("np.take", x, array([[0, 1], [2, 0]], "int32"), axis=1)
    case("np.take", x, array([1, 2], "uint8"), axis=0)
    case("np.take", x, array([], "int32"), axis=0)
    case("np.take", x, array([1.0], "float32"), axis=0)
    case("np.take", x, array([True], "bool"), axis=0)
    case("np.take", x, 0, axis=2)
    case("np.take", array([], "float32"), array([0], "int32"))
    case("np.take_along_axis", x, jnp.argsort(x, 0, descending=True), 0)
    case("np.take_along_axis", x, array([[1, 0, 2, 1]], "int32"), 0)
    case("np.take_along_axis", x, array([[0], [1], [2]], "uint8"), -1)
    case("np.take_along_axis", numbers("float32", (1, 4), 1), array([[0], [1]], "int32"), 1)
    case("np.take_along_axis", x, array([0, 1], "int32"), 0)
    case("np.take_along_axis", x.astype(jnp.float32), array([[9]], "int32"), 0, mode="fill", fill_value=5)
    for axis, at in ((1, [[0], [2], [-1]]), (0, [[1, 0, 2, 7]]), (None, [0, 5, -1])):
        case(
            "np.put_along_axis",
            x,
            array(at, "int32"),
            99,
            axis,
            call=lambda x, i, v, axis: jnp.put_along_axis(x, i, v, axis, inplace=False),
        )
        case(
            "np.put",
            x,
            array([0, 5, -1, 40], "int32"),
            array([7, 8], "int32"),
            call=lambda x, i, v: jnp.put(x, i, v, inplace=False),
        )
    case("np.place", x, x > 3, array([70, 80], "int32"), call=lambda x, m, v: jnp.place(x, m, v, inplace=False))
    case("np.fill_diagonal", x, 9, call=lambda x, v: jnp.fill_diagonal(x, v, inplace=False))
    case(
        "np.fill_diagonal",
        x.astype(jnp.float32),
        array([1.5, 2.5], "float32"),
        call=lambda x, v: jnp.fill_diagonal(x, v, inplace=False),
    )


INDEXES = (  # into (3, 4, 5)
    (0,),
    (-1,),
    (2, -4),
    (1, 2, 3),
    (3,),
    (-4,),
    (0, 0, 99),
    (slice(None),),
    (slice(1, None),),
    (slice(None, None, 2),),
    (slice(None, None, -1),),
    (slice(2, 0, -1), slice(-3, -1), slice(4, None, -2)),
    (slice(5, 9),),
    (slice(-99, 99),),
    (slice(2, 1),),
    (slice(None), 1),
    (slice(None), slice(None), -2),
    (Ellipsis,),
    (Ellipsis, 0),
    (1, Ellipsis),
    (1, Ellipsis, slice(1, 3)),
    (None,),
    (None, 0),
    (slice(None), None, 1),
    (Ellipsis, None),
    (0, None, Ellipsis, None, slice(0, 2)),
    (),
    (slice(0, 3, 2), 1, None),
    ([0, 2],),
    ([[0, 1], [2, 0]],),
    ([-1, -3, 5, -7],),
    (slice(None), [1, 3]),
    ([0, 1], [2, 3]),
    ([0, 1], [2, 3], [4, 0]),
    ([0, 1], slice(None), [2, 3]),
    (slice(None), [0, 1], [2, 3]),
    ([0, 1], slice(1, 3), 2),
    (0, slice(None), [1, 2]),
    (slice(None), 0, [1, 2]),
    ([1, 2], slice(None), 0),
    ([[0], [1]], [1, 2, 3]),
    ([[0], [2]], slice(None), [1, 2]),
    (slice(None), [[0], [2]], [1, 4]),
    (None, [0, 1], slice(None), [0, 1]),
    ([0, 1], None, [2, 3]),
    (None, [0, 1], [2, 3]),
    (Ellipsis, [0, 4]),
    ([0, 1], Ellipsis, [0, 4]),
    ([0, 1], Ellipsis),
    (slice(1, None), [3, 0], slice(None, None, -2)),
    ([],),
    (slice(None), []),
    ([0, 1], [0, 1, 2]),
    (0, 1, 2, 3),
    (Ellipsis, Ellipsis),
    (slice(None, None, 0),),
    (0, [1, 2], slice(None)),
    (0, [1, 2], 0),
    ([1], [2], 3),
)


def items(index):
    return tuple(array(i, "int32") if isinstance(i, list) else i for i in index)


def get(x, index):
    return x[tuple(index)]


def index(case):
    x = array(np.arange(60), "int8", (3, 4, 5))
    for at in INDEXES:
        case("get", x, items(at), call=get)
    for dtype in ALL:
        y = numbers(dtype, (4, 3), 3)
        case("get", y, (1,), call=get)
        case("get", y, (slice(None, None, -2), slice(1, None)), call=get)
        case("get", y, (array([1, -1, 9, -9], "int32"),), call=get)
        case("get", y, (array([1, 2], dtype),), call=get)
    for mode in ("clip", "fill", "drop"):
        for at in (
            ([0, 3, 5, -1, -4, -9],),
            (slice(None), [4, -5, 9]),
            ([0, 7], [9, 1]),
            (99,),
            (-99,),
            (0, 0, [7]),
            ([5], slice(None), [-6]),
        ):
            case("at.get", x, items(at), call=lambda x, at, mode: x.at[tuple(at)].get(mode=mode), mode=mode)
    case("at.get", x, (7,), call=lambda x, at, mode: x.at[tuple(at)].get(mode=mode), mode="wrap")
    for fill in (7, -1):
        case(
            "at.get",
            x,
            items(([0, 7, -5],)),
            call=lambda x, at, **o: x.at[tuple(at)].get(**o),
            mode="fill",
            fill_value=fill,
        )
    case(
        "at.get",
        x.astype(jnp.float32),
        items(([0, 7, -5],)),
        call=lambda x, at, **o: x.at[tuple(at)].get(**o),
        mode="fill",
        fill_value=2.5,
    )
    mask = array([[T, F, T, F], [F, F, F, T], [T, T, F, F]], "bool")
    for at in (
        (mask,),
        (mask[:, 0],),
        (slice(None), mask[0]),
        (mask, 0),
        (mask, array([0, 1, 2, 3, 4, 0], "int32")[: int(mask.sum())]),
        (~mask & mask,),
        (x > 30,),
        (slice(None), mask[0], array([0, 4], "int32")),
        (mask[:, 0], slice(None), array([1], "int32")),
        (0, mask[0]),
        (None, mask),
        (Ellipsis, array([T, F, F, T, T], "bool")),
        (array([T, F], "bool"),),
        (mask.T,),
        (True,),
        (False,),
        (array(True, "bool"),),
    ):
        case("get", x, at, call=get)
    case("get", array(3.5, "float32"), (), call=get)
    case("get", array(3.5, "float32"), (None, Ellipsis), call=get)
    case("get", array(3.5, "float32"), (0,), call=get)
    case("get", array([], "float32", (0, 3)), (slice(None), 1), call=get)
    case("get", x, (1.5,), call=get)
    case("get", x, (array([1.0], "float32"),), call=get)
    case("get", x, (array(1, "int8"), array([1, 2], "uint8")), call=get)
    case("get", x, (array(-1, "int8"),), call=get)
    updates(case)


def updates(case):
    names = ("set", "add", "subtract", "multiply", "divide", "power", "min", "max")
    indexes = (
        (1,),
        (-1, slice(1, 3)),
        (slice(None, None, -1),),
        ([0, 2, 0, -1],),
        ([0, 5, -5],),
        (slice(None), [1, 1]),
        ([0, 1, 0], [2, 3, 2]),
        (Ellipsis, 0),
        (9,),
        ([[0], [2]], [1, -1]),
    )
    for name in names:

        def call(x, at, value, name=name, **o):
            return getattr(x.at[tuple(at)], name)(value, **o)

        for dtype in USUAL if name in ("set", "add", "min") else ("float32", "int32", "uint8", "bfloat16"):
            if dtype == "bool" and name not in ("set", "min"):
                continue
            x = numbers(dtype, (3, 4), 5)
            case("at." + name, x, items(([0, 2, 0, -1],)), 2 if dtype != "bool" else True, call=call)
            case("at." + name, x, (1, slice(None)), numbers(dtype, (4,), 6), call=call)
        x = numbers("float32", (3, 4), 7)
        for at in indexes if name in ("set", "add", "min") else indexes[:4] + indexes[6:7]:
            at = items(at)
            target = jnp.asarray(x[tuple(at)])
            case("at." + name, x, at, 2, call=call)
            case("at." + name, x, at, numbers("float32", target.shape, 8) + 0.5, call=call)
            if target.ndim > 1:
                case("at." + name, x, at, numbers("float32", target.shape[1:], 9), call=call)
                case("at." + name, x, at, numbers("float32", (1, target.shape[-1]), 9), call=call)
        for mode in ("clip", "drop", "fill"):
            for at in (([0, 5, -1, -5, 0],), (slice(None), [3, 9]), (7,)):
                case("at." + name, x, items(at), 2, call=call, mode=mode)
        mask = array([[T, F, T, F], [F, F, F, T], [T, T, F, F]], "bool")
        case("at." + name, x, (mask,), 2, call=call)
        case("at." + name, x, (mask[:, 0],), numbers("float32", (4,), 9), call=call)
        case("at." + name, x, (mask[:, 0], 1), 0.5, call=call)
        if name == "set":
            case("at.set", x, (mask,), array([1, 2, 3, 4, 5], "float32"), call=call)
            case("at.set", x, (mask,), numbers("float32", (int(mask.sum()),), 9), call=call)
            case("at.set", x, (0,), array([1, 2, 3, 4], "int8"), call=call)
            case("at.set", numbers("int32", (3,)), (0,), 2.5, call=call)
            case("at.set", numbers("int32", (3,)), (0,), array(2.75, "float32"), call=call)
            case("at.set", numbers("int8", (3,)), (0,), array(300, "int32"), call=call)
            case("at.set", numbers("bfloat16", (3,)), (0,), array(1.00390625, "float32"), call=call)
            case("at.set", numbers("bool", (3,)), (0,), 2, call=call)
            case("at.set", x, (0,), array([1, 2, 3], "float32"), call=call)
            case("at.set", x, (), 0, call=call)
            case("at.set", array(1, "float32"), (), 5, call=call)
            case("at.set", x, (None, 0), 5, call=call)
            case("at.set", x, (slice(2, 2),), 5, call=call)
            case("at.set", x, (array([], "int32"),), 5, call=call)
        if name == "add":
            case(
                "at.add",
                numbers("int8", (3,), 1, 100),
                (array([0, 0, 1], "int32"),),
                array([100, 100, 100], "int8"),
                call=call,
            )
            case("at.add", numbers("float32", (5,)), (array(np.arange(300) % 7, "int32"),), 1, call=call)
            case("at.add", numbers("bool", (3,)), (0,), True, call=call)
            case(
                "at.add",
                numbers("bfloat16", (3,)),
                (array([0, 0, 0], "int32"),),
                array([256, 1, 1], "bfloat16"),
                call=call,
            )
        if name in ("min", "max"):
            case(
                "at." + name,
                array([NAN, 1, -0.0, 0.0], "float32"),
                (slice(None),),
                array([1, NAN, 0.0, -0.0], "float32"),
                call=call,
            )
