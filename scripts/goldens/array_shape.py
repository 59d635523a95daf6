"""Golden cases of array.py: shapes, joining, splitting, repeating, padding."""

import jax.numpy as jnp

from array_cases import ALL, NAN, USUAL, array, numbers


def shape(case):
    for dtype in USUAL:
        x = numbers(dtype, (2, 3, 4), 1)
        case("np.reshape", x, (4, -1))
        case("np.transpose", x)
        case("np.concatenate", [x[0], x[1, :1]])
        case("np.flip", x[0])
        case("np.roll", x[0], 2)
        case("np.tile", x[0, :2, :2], 2)
        case("np.repeat", x[0, :2, :2], 2)
        case("np.pad", x[0, :2, :2], 1)
        case("np.rot90", x[0])
        case("np.swapaxes", x, 0, 2)
    x = numbers("int8", (2, 3, 4), 2)
    one = numbers("int8", (1, 3, 1), 3)
    empty = array([], "int8", (0, 3))
    for to in (24, (24,), -1, (3, 8), (2, -1, 2), (1, 24, 1), (5, 5), (-1, -1), (7, -1), ()):
        case("np.reshape", x, to)
    case("np.reshape", x, (4, 6), order="F")
    case("np.reshape", x, (4, 6), order="C")
    case("np.reshape", empty, (3, 0))
    case("np.reshape", empty, (5, -1))
    case("np.reshape", 5, (1, 1))
    case("np.reshape", array(3, "float32"), -1)
    case("np.ravel", x)
    case("np.ravel", x, order="F")
    case("np.ravel", 2.5)
    case("np.ravel", empty)
    for axes in ((0, 2, 1), (2, 0, 1), (-1, 0, 1), (1, 0), (0, 0, 1), (0, 1, 3)):
        case("np.transpose", x, axes)
        if axes[0] > 0:
            case("np.permute_dims", x, axes)
    case("np.transpose", array(3, "int32"))
    case("np.matrix_transpose", x)
    case("np.matrix_transpose", x[0, 0])
    for source, to in (
        (0, 2),
        (2, 0),
        (-1, 0),
        ((0, 1), (1, 2)),
        ((2, 0), (0, 1)),
        ((0, -1), (-1, 0)),
        (3, 0),
        ((0, 0), (1, 2)),
        ((0, 1), (2,)),
    ):
        case("np.moveaxis", x, source, to)
    for axis, start in ((2, 0), (0, 2), (0, 3), (-1, 1), (1, 1)):
        case("np.rollaxis", x, axis, start=start)
    for a, b in ((0, 1), (-1, 1), (0, -3)):
        case("np.swapaxes", x, a, b)
    case("np.squeeze", one)
    for axis in (0, 2, -1, (0, 2), (-1, 0), 1, (), 3):
        case("np.squeeze", one, axis=axis)
    for axis in (0, 1, -1, 2, (0, 1), (0, -1), (-1, -3), (0, 0), 4, -5):
        case("np.expand_dims", x[0, 0], axis)
    for to in ((4, 3, 5), (1, 3, 1), (2, 3, 3), (3,), (0, 3, 1), (3, 0)):
        case("np.broadcast_to", one, to)
    case("np.broadcast_to", 3, (2, 2))
    case("np.broadcast_to", 2.5, ())
    case("np.broadcast_to", array([1, 2], "int8"), (3,))
    case("np.broadcast_arrays", one, x[0, 0], 3)
    case("np.broadcast_arrays", x[0, 0], x[0, 0, :3])
    case("np.broadcast_shapes", (2, 1), (3,), (1, 1, 1))
    case("np.broadcast_shapes", (2,), (3,))
    for axis in (0, 1, -1):
        case("np.concatenate", [x, x[:, ::-1]], axis=axis)
        case("np.stack", [x[0], x[1], x[0]], axis=axis)
        case(
            "np.concatenate", [numbers("float32", (2, 2)), numbers("int8", (2, 2)), numbers("bool", (2, 2))], axis=axis
        )
        case("np.stack", [numbers("int32", (2, 2)), numbers("bfloat16", (2, 2))], axis=axis)
    case("np.concatenate", [x, x], axis=None)
    case("np.concatenate", [x, one], axis=0)
    case("np.concatenate", [x, x[0]], axis=0)
    case("np.concatenate", [])
    case("np.concatenate", [x], axis=3)
    case("np.concatenate", [empty, x[0, :, :3]])
    case("np.concatenate", [array([1], "uint8"), array([1], "int8")])
    case("np.concatenate", [array([1], "int8"), array([2], "int8")], dtype="float16")
    case("np.concatenate", [1, 2])
    case("np.concatenate", x)
    case("np.concat", [x, x], axis=1)
    case("np.stack", [x[0], x[0, :2]])
    case("np.stack", [])
    case("np.stack", [1, 2.5, True])
    case("np.stack", [1, 2])
    case("np.stack", [array(1, "int8"), 2])
    case("np.stack", [x, x], axis=4)
    for name in ("hstack", "vstack", "dstack", "column_stack"):
        case("np." + name, [array([1, 2], "int8"), array([3, 4], "float32")])
        case("np." + name, [x[0], x[1]])
        case("np." + name, [1, 2.5])
        case("np." + name, [x, x])
    case("np.hstack", [array([1, 2], "int8"), array([3], "int8")])
    case("np.column_stack", [array([1, 2], "int8"), array([[3, 4], [5, 6]], "int8")])
    case("np.block", [[x[0, :2, :2], x[1, :2, :1]], [x[1, :1, :2], array([[9]], "int8")]])
    case("np.block", [array([1, 2], "int8"), 3])
    y = numbers("int8", (6, 4, 2), 4)
    for parts in (2, 3, (1, 4), (2,), (0, 3, 3), 4):
        case("np.split", y, parts)
        case("np.array_split", y, parts)
    for axis in (1, -1, 2):
        case("np.split", y, 2, axis=axis)
        case("np.array_split", y, 3, axis=axis)
    case("np.split", y, array([1, 2], "int32"))
    for name in ("hsplit", "vsplit", "dsplit"):
        case("np." + name, y, 2)
        case("np." + name, y, (1, 2))
    case("np.hsplit", y[:, 0, 0], 3)
    case("np.vsplit", y[:, 0, 0], 3)
    case("np.unstack", x)
    case("np.unstack", x, axis=-1)
    case("np.unstack", array(1, "int8"))
    case("np.unstack", empty)
    small = numbers("float32", (2, 3), 5)
    for reps in (3, (2, 2), (2, 1, 2), (0, 1), (1,), ()):
        case("np.tile", small, reps)
    case("np.tile", 5, 3)
    case("np.tile", 5, (2, 2))
    for repeats in (0, 1, 3, array([2], "int32"), array([1, 0, 2], "int32"), array([1, 2], "int32")):
        case("np.repeat", small, repeats, axis=1)
        case("np.repeat", small, repeats, axis=-2)
    case("np.repeat", small, array([1, 0, 2, 0, 3, 1], "int32"))
    case("np.repeat", small, 2)
    case("np.repeat", 3, 4)
    for total in (1, 2, 3, 6):
        case("np.repeat", small, array([1, 2], "int32"), axis=0, total_repeat_length=total)
    case("np.repeat", small, 2, axis=2)
    for axis in (None, 0, 1, -1, (0, 2), (-1, 1)):
        case("np.flip", x, axis=axis)
    case("np.flip", x, axis=3)
    case("np.fliplr", small)
    case("np.flipud", small)
    case("np.fliplr", small[0])
    case("np.flipud", array(1, "int8"))
    for shift, axis in (
        (1, None),
        (-1, None),
        (7, None),
        (1, 0),
        (-2, 1),
        (5, -1),
        ((1, 2), (0, 1)),
        ((1, 2), (1, 1)),
        (1, (0, 1)),
        ((1, -1, 2), (0, 1, 2)),
        (0, 0),
        ((1, 2), None),
        ((1, 2), 0),
        (array(1, "int32"), 0),
        (1, 3),
    ):
        case("np.roll", x, shift, axis=axis)
    case("np.roll", empty, 2, axis=0)
    for k in (0, 1, 2, 3, 4, -1, 5):
        case("np.rot90", small, k=k)
    case("np.rot90", x, k=1, axes=(1, 2))
    case("np.rot90", x, k=3, axes=(2, 0))
    case("np.rot90", x, axes=(0, 0))
    case("np.rot90", small[0])
    padding(case)
    for name in ("atleast_1d", "atleast_2d", "atleast_3d"):
        for value in (3, 2.5, array(1, "int8"), array([1, 2], "int8"), small, x, numbers("int8", (1, 2, 1, 2))):
            case("np." + name, value)
        case("np." + name, 1, array([1, 2], "int8"))
    case("np.append", small, small)
    case("np.append", small, array([[7, 8, 9]], "float32"), axis=0)
    case("np.append", array([1, 2], "int8"), 2.5)
    case("np.append", array([1, 2], "int8"), 3)
    case("np.append", small, array([1, 2, 3], "float32"), axis=0)
    for at in (0, 2, -1, 5, 9, slice(1, 3), [1, 3, 3], [-1, 0], []):
        for axis in (None, 1):
            z = numbers("int8", (2, 5), 6)
            case(
                "np.delete",
                z,
                at,
                axis=axis,
                call=lambda x, at, axis: jnp.delete(x, array(at, "int32") if isinstance(at, list) else at, axis=axis),
                a=[z, array(at, "int32") if isinstance(at, list) else at],
            )
            if not isinstance(at, list) or at:
                value = array([7], "int8")
                case(
                    "np.insert",
                    z,
                    at,
                    value,
                    axis=axis,
                    call=lambda x, at, v, axis: jnp.insert(
                        x, array(at, "int32") if isinstance(at, list) else at, v, axis=axis
                    ),
                    a=[z, array(at, "int32") if isinstance(at, list) else at, value],
                )
    case("np.insert", small, 1, 5, axis=0)
    case("np.insert", small, 1, array([7, 8, 9], "float32"), axis=0)
    case("np.insert", small, 1, 2.5)
    case("np.insert", array([1, 2, 3], "int8"), array([1, 1, 3], "int32"), array([10, 20, 30], "int32"))
    case("np.insert", small, array([0, 2], "int32"), array([[1], [2]], "float32"), axis=1)
    case("np.delete", array([1, 2, 3, 4], "int8"), array([True, False, True, False], "bool"))
    case("np.resize", small, (4, 2))
    case("np.resize", small, (2, 2))
    case("np.resize", small, 0)
    case("np.resize", array([], "float32"), (2,))
    for trim in ("fb", "f", "b"):
        case("np.trim_zeros", array([0, 0, 1, 0, 2, 0], "int8"), trim=trim)
    case("np.trim_zeros", array([0, 0], "float32"))
    case("np.packbits", array([[1, 0, 1, 1, 0, 0, 0, 1, 1, 0]], "uint8"), axis=1)
    case("np.packbits", array([1, 0, 1], "bool"), bitorder="little")
    case("np.unpackbits", array([[7, 200]], "uint8"), axis=1)
    case("np.unpackbits", array([7, 200], "uint8"), count=11, bitorder="little")
    for order in ("C", "F"):
        case("np.unravel_index", array([0, 5, 23, 24, -1, 99, -99], "int32"), (2, 3, 4))
        case("np.ravel_multi_index", (array([0, 1], "int32"), array([2, 1], "int32")), (2, 3), mode="clip", order=order)
    for mode in ("clip", "wrap", "raise"):
        case("np.ravel_multi_index", (array([0, 3, -1], "int32"), array([2, 1, 7], "int32")), (2, 3), mode=mode)
    case("np.ix_", array([0, 1], "int32"), array([2, 3, 4], "int32"))
    case("np.ix_", array([True, False, True], "bool"), array([1], "int32"))


def padding(case):
    x, cube = numbers("float32", (2, 3), 7), numbers("int8", (2, 3, 4), 8)
    for mode in (
        "constant",
        "edge",
        "reflect",
        "symmetric",
        "wrap",
        "maximum",
        "minimum",
        "mean",
        "median",
        "linear_ramp",
    ):
        statistic = mode in ("maximum", "minimum", "mean", "median", "linear_ramp")
        for width in (
            ((1, 2), ((1, 0), (0, 2))) if statistic else (1, (1, 2), ((1, 0), (0, 2)), ((0, 0), (2, 1)), (3,), 0)
        ):
            case("np.pad", x, width, mode=mode)
    for mode in ("reflect", "symmetric", "wrap", "edge"):
        case("np.pad", array([1, 2, 3], "int32"), (7, 8), mode=mode)
        case("np.pad", array([1], "int32"), (2, 3), mode=mode)
        case("np.pad", cube, ((0, 1), (2, 0), (1, 1)), mode=mode)
        case("np.pad", array([], "float32", (0, 2)), ((0, 0), (1, 1)), mode=mode)
        case("np.pad", array([], "float32", (0, 2)), ((1, 0), (1, 1)), mode=mode)
    for mode in ("reflect", "symmetric"):
        case("np.pad", array([1, 2, 4], "int32"), (3, 5), mode=mode, reflect_type="odd")
    for values in (5, (1, 2), ((1, 2), (3, 4)), 2.5, NAN, array([[1, 2], [3, 4]], "float32")):
        case("np.pad", x, ((1, 1), (2, 0)), mode="constant", constant_values=values)
    case("np.pad", cube, 1, constant_values=300)
    case("np.pad", cube, 1, constant_values=2.5)
    case("np.pad", array([1, 2, 6], "float32"), (3, 2), mode="linear_ramp", end_values=(0, -4))
    case("np.pad", array([1, 5, 2, 9], "int32"), (1, 2), mode="maximum", stat_length=2)
    case("np.pad", array([1, 5, 2, 8], "int32"), (1, 2), mode="mean", stat_length=((2, 1),))
    case("np.pad", x, -1)
    case("np.pad", x, ((1, 1), (1, 1), (1, 1)))
    case("np.pad", array(3, "int8"), 1)
    case("np.pad", x, ((1, 2), (0, 1)))
