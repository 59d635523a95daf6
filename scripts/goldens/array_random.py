"""Golden cases of array.py: jax.random with threefry's keys."""

import jax
import jax.numpy as jnp
import numpy as np

from array_cases import FLOATS, INF, array

RANDOM = jax.random
SIZES = (1, 3, 5, 7, 10, 2, 4, 6, 9, 33, 0, 17, 64, 11, 128)
PER_SEED = 50


def random(case, main_seeds=(0, 7, 42), most=128):
    keys = [RANDOM.key(seed) for seed in range(PER_SEED)]
    for seed in (0, 1, 42, 123456789, 2**31 - 1, -1, -(2**31), 2**31, 2**32 - 1):
        case("random.key", seed)
    for seed in (array(7, "int32"), array(-3, "int32"), array(200, "uint8"), array(2**31 + 5, "uint32")):
        case("random.key", seed)
    case("random.key", 1.5)
    case("random.key", array([1, 2], "int32"))
    for seed, key in enumerate(keys):
        size = min(SIZES[seed % len(SIZES)], most)
        case("random.bits", key, (size,))
        case("random.split", key, min(size, 11))
        case("random.bits", key, (min(SIZES[-seed % len(SIZES)], most),), dtype=("uint8", "uint16")[seed % 2])
        case("random.fold_in", key, seed * 7919 - 5000 if seed % 2 else seed)
    key = RANDOM.key(42)
    case("random.split", key)
    for shape in (1, 2, 3, (2, 3), (1,), (3, 1, 2), 0, ()):
        case("random.split", key, shape)
    case("random.fold_in", key, 2**32 - 1)
    case("random.fold_in", key, array(9, "uint32"))
    case("random.fold_in", RANDOM.split(key, 2), 1)
    case("random.key_data", key)
    case("random.key_data", RANDOM.split(key, 3))
    case("random.wrap_key_data", array([1, 2], "uint32"))
    case("random.bits", key)
    for dtype in ("uint8", "uint16", "uint32"):
        for shape in ((), (3, 5), (1,), (2, 3, 3), (0, 2)):
            case("random.bits", key, shape, dtype=dtype)
    case("random.bits", key, (2,), dtype="int32")
    case("random.bits", RANDOM.split(key, 2), (2,))
    for seed in main_seeds:
        key = keys[seed]
        for dtype in FLOATS:
            case("random.uniform", key, (3, 5), dtype=dtype)
            case("random.uniform", key, (9,), dtype=dtype, minval=-3, maxval=5)
            case("random.normal", key, (2, 7), dtype=dtype)
            case("random.truncated_normal", key, -1, 2, shape=(7,), dtype=dtype)
            for name in ("gumbel", "exponential", "laplace"):
                case("random." + name, key, (9,), dtype=dtype)
        case("random.uniform", key, ())
        case("random.uniform", key)
        case("random.normal", key)
        case("random.uniform", key, (2, 3), minval=array([0, 1, -1], "float32"), maxval=array([[1], [9]], "float32"))
        case("random.uniform", key, (5,), minval=1e-6, maxval=1.0)
        case("random.uniform", key, (4,), minval=2.0, maxval=1.0)
        case("random.normal", key, (33,))
        case("random.truncated_normal", key, -2.0, 2.0)
        case("random.truncated_normal", key, array([-1, 0, 3], "float32"), array([1, 0.5, 4], "float32"))
        case("random.truncated_normal", key, array([-1, 0, 3], "float32"), INF, shape=(2, 3))
        case("random.bernoulli", key)
        case("random.bernoulli", key, p=0.3, shape=(17,))
        case("random.bernoulli", key, p=array([0.0, 1.0, 0.5, 0.25], "float32"))
        case("random.bernoulli", key, p=array([0.1, 0.9], "float32"), shape=(3, 2))
        case("random.bernoulli", key, p=array([0.1, 0.9], "bfloat16"), shape=(3, 2))
        logits = array([[0, 1, 2, -1], [5, 0, -INF, 0], [0, 0, 0, 0]], "float32")
        case("random.categorical", key, logits)
        case("random.categorical", key, logits, axis=0)
        case("random.categorical", key, logits, shape=(4, 3))
        case("random.categorical", key, logits[0], shape=(9,))
        case("random.categorical", key, logits.astype(jnp.bfloat16))
        case("random.categorical", key, logits, shape=(2, 3), replace=False)
        case("random.categorical", key, logits[0], shape=(3,), replace=False)
        for a in (7, array([5, 6, 7, 8, 9, 10], "int8"), array(np.arange(10), "float32", (5, 2))):
            case("random.choice", key, a)
            case("random.choice", key, a, shape=(2, 3))
            case("random.choice", key, a, shape=(4,), replace=False)
            n = a if isinstance(a, int) else len(a)
            p = array(np.arange(n) + 1.0, "float32")
            p = p / p.sum()
            case("random.choice", key, a, shape=(4,), p=p)
            case("random.choice", key, a, shape=(4,), p=p, replace=False)
        case("random.choice", key, array(np.arange(10), "float32", (2, 5)), shape=(3,), axis=1)
        case("random.choice", key, array(np.arange(10), "float32", (2, 5)), shape=(3,), axis=1, replace=False)
        case("random.permutation", key, 10)
        case("random.permutation", key, 1)
        case("random.permutation", key, 33)
        case("random.permutation", key, array(np.arange(12), "int8", (4, 3)))
        case("random.permutation", key, array(np.arange(12), "int8", (4, 3)), axis=1)
        case("random.permutation", key, array(np.arange(12), "int8", (4, 3)), axis=1, independent=True)
        case("random.permutation", key, array([1, 2, 3, 4, 5], "float32"))
        for dtype in ("int8", "int16", "int32", "uint8", "uint16", "uint32"):
            case("random.randint", key, (9,), 0, 10, dtype=dtype)
            case("random.randint", key, (5,), 0, 7 if dtype[0] == "u" else -3, dtype=dtype)
            case("random.randint", key, (9,), -50 if dtype[0] == "i" else 3, 100, dtype=dtype)
        case("random.randint", key, (5,), -128, 128, dtype="int8")
        case("random.randint", key, (5,), 0, 256, dtype="uint8")
        case("random.randint", key, (5,), -1000, 1000, dtype="int8")
        case("random.randint", key, (5,), -5, 300, dtype="uint8")
        case("random.randint", key, (5,), 0, 65536, dtype="uint16")
        case("random.randint", key, (5,), -(2**31), 2**31 - 1)
        case("random.randint", key, (5,), 0, 2**31 - 1)
        case("random.randint", key, (5,), 0, array(2**32 - 1, "uint32"), dtype="uint32")
        case("random.randint", key, (2, 3), array([0, 5, -5], "int32"), array([[1], [9]], "int32"))
        case("random.randint", key, (), 3, 4)
        case("random.rademacher", key, (7,))
        case("random.cauchy", key, (5,))
        case("random.logistic", key, (5,))
    case("random.choice", key, 3, shape=(4,), replace=False)
    case("random.choice", key, 0, shape=(2,))
    case("random.randint", key, (5,), 0.5, 3)
    case("random.randint", key, (5,), 0, 3, dtype="float32")
    case("random.uniform", key, (5,), dtype="int32")
    case("random.normal", RANDOM.split(key, 2), (2,))
    case("random.normal", array([0, 42], "uint32"), (3,))


def random_legacy(case):
    before = jax.config.jax_threefry_partitionable
    jax.config.update("jax_threefry_partitionable", False)
    try:
        random(case, (7,), 18)
    finally:
        jax.config.update("jax_threefry_partitionable", before)
