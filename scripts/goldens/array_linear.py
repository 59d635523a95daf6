"""Golden cases of array.py: products of vectors, matrices and tensors, norms."""

import jax.numpy as jnp

from array_cases import FLOATS, INF, NAN, USUAL, array, numbers

PAIRS = (
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 4)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((3,), (5, 3, 4)),
    ((5, 2, 3), (3,)),
    ((2, 1, 2, 3), (4, 3, 2)),
    ((1, 2, 3), (4, 3, 1)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
    ((4, 0, 3), (3, 2)),
)
SUMS = (
    ("ii->i", (3, 3)),
    ("ii", (3, 3)),
    ("ij->ji", (2, 3)),
    ("ij", (2, 3)),
    ("ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->j", (2, 3)),
    ("iij->j", (2, 2, 3)),
    ("iji->ij", (2, 3, 2)),
    ("iii->i", (2, 2, 2)),
    ("...->...", (2, 3)),
    ("...i->...", (2, 3)),
    ("i...->...i", (2, 3, 2)),
    ("...ii->...i", (2, 3, 3)),
    ("i,i", (3,), (3,)),
    ("i,j->ij", (2,), (3,)),
    ("i,j", (2,), (3,)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk->ki", (2, 3), (3, 4)),
    ("ij,kj->ik", (2, 3), (4, 3)),
    ("ji,jk->ik", (3, 2), (3, 4)),
    ("ij,ij->", (2, 3), (2, 3)),
    ("ij,ij->i", (2, 3), (2, 3)),
    ("ij,ij->ij", (2, 3), (2, 3)),
    ("ij,j->i", (2, 3), (3,)),
    ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)),
    ("bij,bjk->ibk", (2, 2, 3), (2, 3, 2)),
    ("bij,bjk->ik", (2, 2, 3), (2, 3, 2)),
    ("...ij,...jk->...ik", (2, 2, 3), (3, 2)),
    ("...ij,...jk", (1, 2, 3), (4, 3, 2)),
    ("...ij,jk->...ik", (2, 2, 3), (3, 2)),
    ("i...,i...->...", (2, 3), (2, 3)),
    ("...i,...i->i...", (2, 3), (2, 3)),
    ("ab...,b...->a...", (2, 3, 2), (3, 1)),
    ("bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 2, 2, 4)),
    ("bhqk,bkhd->bqhd", (2, 2, 3, 2), (2, 2, 2, 4)),
    ("bqhgd,bkhd->bhgqk", (1, 2, 2, 2, 3), (1, 3, 2, 3)),
    ("ij,jk,kl->il", (2, 3), (3, 2), (2, 4)),
    ("ij,jk,ki->", (2, 3), (3, 2), (2, 2)),
    ("i,i,i->i", (3,), (3,), (3,)),
    ("i,ij,j", (2,), (2, 3), (3,)),
    ("ij,i->ij", (2, 3), (2,)),
    ("ij,kl->ijkl", (2, 2), (2, 2)),
    ("ij,kl->ik", (2, 3), (2, 3)),
    ("ii,jj->ij", (2, 2), (3, 3)),
    ("ii,ij->j", (2, 2), (2, 3)),
    ("ab,b,c->ac", (2, 3), (3,), (2,)),
    (" i j , j k -> i k ", (2, 3), (3, 2)),
    ("Ab,bC->AC", (2, 3), (3, 2)),
    ("bA,aB", (2, 3), (2, 2)),
    (",i->i", (), (3,)),
    (",", (), ()),
    ("->", ()),
    ("i->", (0,)),
    ("ij,jk->ik", (2, 0), (0, 3)),
    ("ij,jk->ik", (2, 1), (3, 4)),
    ("ij,ij->ij", (1, 3), (2, 3)),
    ("ij,jk->ii", (2, 3), (3, 4)),
    ("ij->ik", (2, 3)),
    ("ij", (2, 3, 4)),
    ("ij,jk->ik", (2, 3), (4, 2)),
    ("ij,jk", (2, 3)),
)


def linear(case):
    for dtype in USUAL:
        a, b = numbers(dtype, (2, 3), 1, 4), numbers(dtype, (3, 2), 2, 4)
        for name in ("dot", "matmul", "inner", "kron"):
            case("np." + name, a, b.T if name == "inner" else b)
        case("np.vdot", a, b)
        case("np.outer", a[0], b[0])
        case("np.tensordot", a, b, axes=1)
        case("np.einsum", "ij,jk->ik", a, b)
        case("np.trace", jnp.dot(a, b))
        case("np.vecdot", a, b.T)
    for a in ("float32", "bfloat16", "int8", "bool"):
        for b in ("float16", "int32", "uint8"):
            case("np.matmul", numbers(a, (2, 3), 3, 4), numbers(b, (3, 2), 4, 4))
            case("np.einsum", "i,i->", numbers(a, (3,), 3, 4), numbers(b, (3,), 4, 4))
    case("np.dot", 2.5, numbers("int8", (3,), 3))
    case("np.dot", 2, 3)
    for a, b in PAIRS:
        a, b = numbers("float32", a, 5), numbers("float32", b, 6)
        case("np.matmul", a, b)
        if a.ndim < 4:
            case("np.dot", a, b)
    case("np.dot", array(2, "float32"), numbers("float32", (2, 2)))
    case("np.matmul", array(2, "float32"), numbers("float32", (2, 2)))
    case("np.matmul", numbers("float32", (2, 3)), numbers("float32", (2, 3)))
    case("np.dot", numbers("float32", (2, 3)), numbers("float32", (2, 3)))
    case("np.matmul", numbers("float32", (2, 2, 3)), numbers("float32", (3, 3, 2)))
    for kind in ("float32", "int32", "bfloat16", "float16"):
        for dtype in ("float32", "bfloat16", "int8"):
            if not (dtype != "int8" and kind == "int32"):
                case("np.matmul", numbers(dtype, (2, 3), 7), numbers(dtype, (3, 2), 8), preferred_element_type=kind)
                case("np.dot", numbers(dtype, (3,), 7), numbers(dtype, (3,), 8), preferred_element_type=kind)
    case("np.matmul", array([[NAN, 0], [INF, 1]], "float32"), array([[0, 1], [1, 0]], "float32"))
    case("np.matmul", numbers("float32", (5, 33), 9), numbers("float32", (33, 3), 10))
    case("np.matmul", numbers("bfloat16", (3, 65), 9), numbers("bfloat16", (65, 3), 10))
    case("np.matmul", numbers("float16", (3, 65), 9), numbers("float16", (65, 3), 10))
    case("np.matmul", numbers("int8", (3, 40), 9, 100), numbers("int8", (40, 3), 10, 100))
    x, y = numbers("float32", (2, 3), 11), numbers("float32", (4, 3), 12)
    case("np.inner", x, y)
    case("np.inner", x[0], y[0])
    case("np.inner", numbers("float32", (2, 2, 3), 13), y)
    case("np.inner", x, 2)
    case("np.inner", x, y[:, :2])
    case("np.vdot", x, x)
    case("np.vdot", x, y)
    case("np.outer", x, y[0])
    case("np.outer", numbers("int8", (2,)), 3)
    case("np.vecdot", x, x)
    case("np.vecdot", x, x, axis=0)
    case("np.vecdot", numbers("float32", (2, 4, 3), 13), y)
    case("np.vecdot", x[0], y)
    case("np.matvec", numbers("float32", (2, 4, 3), 13), x)
    case("np.vecmat", numbers("float32", (2, 4), 13), numbers("float32", (4, 3), 14))
    a, b = numbers("float32", (2, 3, 4), 15), numbers("float32", (4, 3, 2), 16)
    for axes in (0, 1, ([2, 1], [0, 1]), ([0], [2]), (0, 2), ([1], [1]), ([2, 0, 1], [0, 2, 1]), (-1, 0), ([0], [0])):
        case("np.tensordot", a, b, axes=axes) if axes != 0 else case("np.tensordot", x, x[0], axes=0)
    case("np.tensordot", numbers("float32", (2, 3, 4), 15), numbers("float32", (3, 4, 2), 16))
    case("np.tensordot", numbers("int8", (2, 3), 15), numbers("float16", (3, 2), 16), axes=1)
    for subscripts, *shapes in SUMS:
        case("np.einsum", subscripts, *(numbers("float32", at, 20 + i, 4) for i, at in enumerate(shapes)))
    case("np.einsum", "ij,jk->ik", numbers("int8", (2, 3), 1), numbers("float32", (3, 2), 2))
    case(
        "np.einsum",
        "ij,jk->ik",
        numbers("bfloat16", (2, 3), 1),
        numbers("bfloat16", (3, 2), 2),
        preferred_element_type="float32",
    )
    case("np.einsum", "i,i->i", numbers("bool", (4,), 1), numbers("bool", (4,), 2))
    case("np.einsum", "i->", numbers("int8", (4,), 1, 100))
    case("np.einsum", "i->", numbers("bool", (4,), 1))
    case("np.einsum", "bqhd,bkhd->bhqk", numbers("bfloat16", (1, 2, 2, 4), 1), numbers("bfloat16", (1, 3, 2, 4), 2))
    for a, b in (((2, 2), (2, 3)), ((2,), (3,)), ((2, 1, 2), (2, 2)), ((2,), (2, 2))):
        case("np.kron", numbers("float32", a, 31), numbers("float32", b, 32))
    case("np.kron", numbers("int8", (2,), 31), 3)
    x, cube = numbers("float32", (3, 4), 33), numbers("int32", (2, 3, 4), 34)
    for k in (0, 1, -1, 5):
        case("np.trace", x, offset=k)
        case("np.diagonal", x, offset=k)
        case("np.trace", cube, offset=k, axis1=1, axis2=2)
        case("np.diagonal", cube, offset=k, axis1=2, axis2=0)
    case("np.trace", cube)
    case("np.diagonal", cube)
    case("np.trace", numbers("int8", (3, 3), 35, 100))
    case("np.trace", numbers("bool", (3, 3), 35))
    case("np.trace", numbers("bfloat16", (3, 3), 35), dtype="float32")
    case("np.diagonal", x[0])
    for a, b in (((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((2, 2), (2, 2)), ((4, 1, 3), (2, 3))):
        case("np.cross", numbers("float32", a, 36), numbers("float32", b, 37))
    case("np.cross", numbers("float32", (3, 2), 36), numbers("float32", (3, 2), 37), axis=0)
    case("np.cross", numbers("int8", (3,), 36), numbers("float16", (3,), 37))
    case("np.cross", numbers("float32", (4,), 36), numbers("float32", (4,), 37))
    norms(case)


def norms(case):
    x, cube = numbers("float32", (3, 4), 41), numbers("float32", (2, 3, 4), 42)
    for order in (None, 2, 1, 0, 3, 0.5, -1, -2, INF, -INF, 2.5):
        case("linalg.norm", x[0], ord=order)
        case("linalg.norm", x, ord=order, axis=1)
        case("linalg.norm", x, ord=order, axis=0, keepdims=True)
        if order is not None:
            case("linalg.vector_norm", cube, ord=order, axis=(0, 2))
    case("linalg.vector_norm", cube)
    case("linalg.vector_norm", cube, axis=-1, keepdims=True)
    for order in (None, "fro", 1, -1, INF, -INF):
        case("linalg.norm", x, ord=order)
        case("linalg.norm", cube, ord=order, axis=(1, 2))
        case("linalg.norm", cube, ord=order, axis=(2, 0), keepdims=True)
        case("linalg.matrix_norm", cube, ord=order) if order else None
    case("linalg.norm", cube)
    case("linalg.norm", cube, keepdims=True)
    for dtype in ("bfloat16", "float16", "int32", "int8", "bool"):
        case("linalg.norm", numbers(dtype, (4,), 43))
        case("linalg.norm", numbers(dtype, (4,), 43), ord=1) if dtype != "bool" else None
        case("linalg.norm", numbers(dtype, (4,), 43), ord=INF) if dtype != "bool" else None
        case("linalg.norm", numbers(dtype, (2, 2), 43))
    case("linalg.norm", array([NAN, 1], "float32"))
    case("linalg.norm", array([0, 0], "float32"))
    case("linalg.norm", array([], "float32"))
    case("linalg.norm", x, ord=3)
    case("linalg.norm", x, ord="no")
    case("linalg.norm", cube, ord=1)
    for dtype in ("float32", "int32", "bfloat16"):
        for n in (0, 1, 2, 3, 5):
            case("linalg.matrix_power", numbers(dtype, (2, 2), 44, 2), n)
    case("linalg.matrix_power", numbers("float32", (2, 2, 2), 44, 2), 3)
    case("linalg.matrix_power", x, 2)
    case("linalg.multi_dot", [x, x.T, x])
    case("linalg.outer", x[0], x[1])
    case("linalg.vecdot", x, x)
    case("linalg.matrix_transpose", cube)
    case("linalg.trace", cube)
    case("linalg.diagonal", cube)
    case("linalg.cross", x[:, :3], x[:, 1:])
    case("linalg.tensordot", x, x.T, axes=1)
    case("linalg.matmul", x, x.T)

    for dtype in ("float32", "bfloat16", "float16", "int8", "int32", "uint8", "bool"):
        a, b = numbers(dtype, (2, 3, 4), 51), numbers(dtype, (4, 2, 3), 52)
        case("lax.dot_general", a, b, (((2,), (0,)), ((0,), (1,))))
        case("lax.dot_general", a, b, (((2, 0), (0, 1)), ((), ())))
        for kind in ("float32", "int32", "bfloat16"):
            if ("float" in dtype) == ("float" in kind) and dtype != "bool":
                case("lax.dot_general", a, b, (((1,), (2,)), ((), ())), preferred_element_type=kind)
    a, b = numbers("float32", (2, 3, 4), 51), numbers("float32", (4, 2, 3), 52)
    for numbers_ in (
        (((), ()), ((), ())),
        (((), ()), ((0, 1, 2), (1, 2, 0))),
        (((1,), (2,)), ((2, 0), (0, 1))),
        (((0, 1, 2), (1, 2, 0)), ((), ())),
        (((0,), (0,)), ((), ())),
        (((0, 1), (1,)), ((), ())),
        (((0,), (1,)), ((0,), (1,))),
    ):
        case(
            "lax.dot_general",
            a[:, :, :2] if not numbers_[0][0] and not numbers_[1][0] else a,
            b[:2] if not numbers_[0][0] and not numbers_[1][0] else b,
            numbers_,
        )
    case("lax.dot_general", numbers("int8", (2, 3)), numbers("float32", (3, 2)), (((1,), (0,)), ((), ())))
    for a, b in (((3,), (3,)), ((2, 3), (3,)), ((2, 3), (3, 2)), ((3,), (3, 2)), ((2, 2, 3), (3, 2))):
        case("lax.dot", numbers("float32", a, 53), numbers("float32", b, 54))
    case("lax.batch_matmul", numbers("float32", (2, 2, 3), 55), numbers("float32", (2, 3, 2), 56))
    case("lax.dot", numbers("bfloat16", (2, 3), 53), numbers("bfloat16", (3,), 54), preferred_element_type="float32")
