"""Golden cases of array.py: jax.nn, and losses by their formulas."""

import jax
import jax.numpy as jnp
import numpy as np

from array_cases import FLOATS, INF, NAN, array, edges, numbers

T, F = True, False
UNARY = (
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "celu",
    "gelu",
    "silu",
    "mish",
    "softplus",
    "soft_sign",
    "sigmoid",
    "log_sigmoid",
    "hard_tanh",
    "hard_sigmoid",
    "hard_silu",
    "squareplus",
    "sparse_plus",
    "sparse_sigmoid",
    "tanh",
)


def softmax_cross_entropy(logits, labels):
    return -jnp.sum(labels * jax.nn.log_softmax(logits, -1), -1)


def softmax_cross_entropy_with_integer_labels(logits, labels):
    shifted = logits - jnp.max(logits, -1, keepdims=True)
    label = jnp.take_along_axis(shifted, labels[..., None], -1)[..., 0]
    return jnp.log(jnp.sum(jnp.exp(shifted), -1)) - label


def sigmoid_binary_cross_entropy(logits, labels):
    return -labels * jax.nn.log_sigmoid(logits) - (1.0 - labels) * jax.nn.log_sigmoid(-logits)


def l2_loss(predictions, targets=None):
    return 0.5 * (predictions - targets if targets is not None else predictions) ** 2


def huber_loss(predictions, targets=None, delta=1.0):
    error = jnp.abs(predictions - targets if targets is not None else predictions)
    quadratic = jnp.minimum(error, delta)
    return 0.5 * quadratic**2 + delta * (error - quadratic)


def kl_divergence(log_predictions, targets):
    loss = targets * (jnp.where(targets == 0, 0, jnp.log(targets)) - log_predictions)
    return jnp.sum(loss, axis=-1)


def fn(case):
    x = numbers("float32", (3, 4), 1)
    special = array(
        [
            [0, -INF, 1, -INF],
            [-INF, -INF, -INF, -INF],
            [INF, 0, 1, 2],
            [NAN, 0, 1, 2],
            [3e38, -3e38, 3e38, 0],
            [1000, 999, -1000, 1000],
        ],
        "float32",
    )
    points = array(np.random.RandomState(5).uniform(-8, 8, 20).round(2), "float32")
    for name in UNARY:
        for dtype in FLOATS:
            case("fn." + name, edges(dtype, dtype == "float16"))
        case("fn." + name, points)
        for dtype in ("int32", "uint8", "bool") if name not in ("sigmoid", "silu") else ("int32",):
            case("fn." + name, numbers(dtype, (5,), 2))
        case("fn." + name, 2) if name not in ("sigmoid", "silu") else None
        case("fn." + name, -1.5)
        case("fn." + name, array([], "float32"))
    for name in ("swish", "hard_swish"):
        case("fn." + name, points)
    case("fn.leaky_relu", points, negative_slope=0.2)
    case("fn.leaky_relu", array([-4, 4], "int32"), negative_slope=0.5)
    for name in ("elu", "celu"):
        for alpha in (0.5, 2, array([0.5, 1, 2, 3], "float32")):
            case("fn." + name, x, alpha=alpha)
    case("fn.elu", x.astype(jnp.bfloat16), alpha=array(2, "float32"))
    case("fn.squareplus", points, b=1)
    for dtype in FLOATS + ("int32",):
        for approximate in (T, F):
            case("fn.gelu", edges(dtype, T), approximate=approximate)
            case("fn.gelu", points.astype(dtype), approximate=approximate)
    for name in ("softmax", "log_softmax"):
        for dtype in FLOATS + ("int32", "bool"):
            case("fn." + name, numbers(dtype, (3, 4), 3))
        for axis in (0, 1, -2, (0, 1), None, ()):
            case("fn." + name, x, axis=axis)
        case("fn." + name, special)
        mask = array([[T, F, T, T], [F, F, F, F], [T, T, T, T]], "bool")
        case("fn." + name, x, where=mask)
        case("fn." + name, x, axis=0, where=mask)
        case("fn." + name, x, where=mask[:, :1])
        case("fn." + name, special[:3], where=mask)
        case("fn." + name, array([], "float32", (2, 0)))
        case("fn." + name, array([], "float32", (0, 2)))
        case("fn." + name, array(2, "float32"))
        case("fn." + name, x, axis=2)
        case("fn." + name, numbers("float32", (130,), 4))
        case("fn." + name, numbers("bfloat16", (130,), 4))
    for dtype in FLOATS + ("int32", "bool"):
        case("fn.logsumexp", numbers(dtype, (3, 4), 3))
        case("fn.logsumexp", numbers(dtype, (3, 4), 3), axis=-1)
    for o in (
        {"axis": 0},
        {"axis": (0, 1), "keepdims": T},
        {"axis": 1, "keepdims": T},
        {"axis": ()},
        {"axis": 1, "b": array([1, 2, 0, 3], "float32")},
        {"axis": 1, "b": array([1, -2, 0.5, -3], "float32")},
        {"axis": 1, "b": array([1, -2, 0.5, -3], "float32"), "return_sign": T},
        {"axis": 0, "return_sign": T},
        {"axis": 1, "where": numbers("bool", (3, 4), 3)},
        {"axis": 0, "b": array([1, 2, 0, 3], "int32")},
    ):
        case("fn.logsumexp", x, **o)
    case("fn.logsumexp", special, axis=1)
    case("fn.logsumexp", special, axis=1, b=array([0, 1, 1, 1], "float32"))
    case("fn.logsumexp", array([], "float32"))
    case("fn.logsumexp", 3.0)
    for dtype in FLOATS + ("int32",):
        case("fn.standardize", numbers(dtype, (3, 4), 5))
        case("fn.glu", numbers(dtype, (3, 4), 5))
    for o in (
        {"axis": 0},
        {"axis": (0, 1)},
        {"axis": None},
        {"epsilon": 0.1},
        {"where": numbers("bool", (3, 4), 3)},
        {"mean": 0.5, "variance": 2.0},
        {"mean": array(0.5, "float32")},
        {"variance": array([[1], [2], [3]], "float32")},
    ):
        case("fn.standardize", x, **o)
    case("fn.standardize", array([[2, 2, 2]], "float32"))
    case("fn.glu", numbers("float32", (4, 3), 5), axis=0)
    for labels in (
        array([0, 2, 1], "int32"),
        array([-1, 3, 9, 2], "int32"),
        array([[0, 1], [2, 0]], "uint8"),
        1,
        array(2, "int8"),
        array([0.0, 1.5, 2], "float32"),
    ):
        case("fn.one_hot", labels, 3)
    for dtype in ("int8", "bool", "bfloat16"):
        case("fn.one_hot", array([0, 2, 1], "int32"), 3, dtype=dtype)
    for axis in (0, 1, -1, -2, 2):
        case("fn.one_hot", array([[0, 1], [2, 0]], "int32"), 3, axis=axis)
    case("fn.one_hot", array([[0, 1], [2, 0]], "int32"), 3, axis=3)
    case("fn.one_hot", array([0, 1], "int32"), 0)
    losses(case)
    attention(case)


def losses(case):
    x = numbers("float32", (3, 4), 6)
    labels = jax.nn.softmax(numbers("float32", (3, 4), 7))
    bits = array([[0, 1, 1, 0], [1, 0, 0, 1], [0.5, 0.25, 1, 0]], "float32")
    wide = array([[100, -100, 0, 0], [-100, 100, 0.5, -0.5], [1000, 0, -1000, 0]], "float32")
    for dtype in FLOATS:
        logits = x.astype(dtype)
        case("fn.softmax_cross_entropy", logits, labels.astype(dtype), call=softmax_cross_entropy)
        case(
            "fn.softmax_cross_entropy_with_integer_labels",
            logits,
            array([0, 3, 1], "int32"),
            call=softmax_cross_entropy_with_integer_labels,
        )
        case("fn.sigmoid_binary_cross_entropy", logits, bits.astype(dtype), call=sigmoid_binary_cross_entropy)
        case("fn.l2_loss", logits, labels.astype(dtype), call=l2_loss)
        case("fn.huber_loss", logits, labels.astype(dtype), call=huber_loss)
        case("fn.kl_divergence", jax.nn.log_softmax(logits), labels.astype(dtype), call=kl_divergence)
    case("fn.softmax_cross_entropy", wide, bits, call=softmax_cross_entropy)
    case("fn.softmax_cross_entropy", x.astype(jnp.bfloat16), labels, call=softmax_cross_entropy)
    case("fn.softmax_cross_entropy", x[0], labels[0], call=softmax_cross_entropy)
    case(
        "fn.softmax_cross_entropy_with_integer_labels",
        wide,
        array([0, 0, 2], "int32"),
        call=softmax_cross_entropy_with_integer_labels,
    )
    case(
        "fn.softmax_cross_entropy_with_integer_labels",
        x[0],
        array(2, "uint8"),
        call=softmax_cross_entropy_with_integer_labels,
    )
    case("fn.sigmoid_binary_cross_entropy", wide, bits, call=sigmoid_binary_cross_entropy)
    case("fn.sigmoid_binary_cross_entropy", x, bits.astype(jnp.int32), call=sigmoid_binary_cross_entropy)
    case("fn.l2_loss", x, call=l2_loss)
    case("fn.l2_loss", x, labels[0], call=l2_loss)
    case("fn.huber_loss", x, labels, call=huber_loss, delta=0.5)
    case("fn.huber_loss", x, labels, call=huber_loss, delta=3.0)
    case(
        "fn.kl_divergence",
        jax.nn.log_softmax(x),
        array([[0, 1, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4], "float32"),
        call=kl_divergence,
    )


def attention(case):
    q, k, v = (numbers("float32", (1, 3, 2, 4), i, 2) for i in (11, 12, 13))
    case("fn.dot_product_attention", q, k, v)
    case("fn.dot_product_attention", q, k, v, is_causal=T)
    case("fn.dot_product_attention", q, k, v, bias=numbers("float32", (1, 2, 3, 3), 14), scale=0.25)
    case("fn.dot_product_attention", q, k, v, mask=array([[[[T, F, T], [T, T, F], [F, F, T]]]], "bool"))
    case("fn.dot_product_attention", q, k[:, :, :1], v[:, :, :1])
    case("fn.dot_product_attention", q[0], k[0], v[0])
    case("fn.dot_product_attention", q.astype(jnp.bfloat16), k.astype(jnp.bfloat16), v.astype(jnp.bfloat16))
