"""How a golden case of the array layer is written: used by array.py and the array_*.py beside it, not run by itself."""

import base64
import json
import math
import re
import warnings

import jax
import jax.numpy as jnp
import numpy as np

assert not jax.config.jax_enable_x64
warnings.filterwarnings("ignore")

INF, NAN = float("inf"), float("nan")
FLOATS = ("float32", "float16", "bfloat16")
SIGNED = ("int32", "int8")
UNSIGNED = ("uint32", "uint8")
INTEGERS = SIGNED + UNSIGNED
USUAL = FLOATS + INTEGERS + ("bool",)
ALL = ("bool", "uint8", "uint16", "uint32", "int8", "int16", "int32", "bfloat16", "float16", "float32")
NAMESPACES = {"np": jnp, "lax": jax.lax, "fn": jax.nn, "random": jax.random, "linalg": jnp.linalg}


def camel(name):
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def array(values, dtype=None, shape=None):
    """An array of JAX that is not weakly typed; integers wrap round into the dtype."""
    if dtype in INTEGERS + ("int16", "uint16"):
        x = np.array(values, np.int64).astype(dtype)
    else:
        x = np.array(values, np.float32 if dtype in ("float16", "bfloat16") else dtype)
        x = x.astype(jnp.dtype(dtype)) if dtype else x
    return jnp.asarray(x if shape is None else x.reshape(shape))


def numbers(dtype, shape, seed=0, span=8):
    """Random numbers of at most `span` either side of 0 (above 0 for unsigned ones), with two binary digits."""
    random = np.random.RandomState(seed)
    if dtype == "bool":
        return array(random.randint(0, 2, shape) == 1, "bool")
    if "float" in dtype:
        return array(random.randint(-4 * span, 4 * span + 1, shape) / 4, dtype)
    return array(random.randint(0 if dtype[0] == "u" else -span, span + 1, shape), dtype)


def edges(dtype, few=False):
    """Numbers at which implementations differ."""
    if dtype == "bool":
        return array([False, True], "bool")
    if "float" in dtype:
        x = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, INF, -INF, NAN]
        return array(x if few else x + [1.5, 3.5, -0.3, 7.25, -10.0, 100.0, 1000.0, -0.999, 1e-3, -6e4], dtype)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    x = [0, 1, 3, high, high - 1, 7] if low == 0 else [0, 1, -1, 3, -7, high, low]
    return array(x if few else x + [2, 5, 9, low + 1, high // 2, 16], dtype)


def scalar(x):
    if isinstance(x, bool):
        return x
    if isinstance(x, int):
        return x
    if math.isnan(x):
        return {"#": "nan"}
    if math.isinf(x):
        return {"#": "inf" if x > 0 else "-inf"}
    return {"#": repr(x)} if x.is_integer() else x


def encode(x):
    if x is None or isinstance(x, str):
        return x
    if isinstance(x, slice):
        return {":": [encode(x.start), encode(x.stop), encode(x.step)]}
    if x is Ellipsis:
        return {":": "..."}
    if isinstance(x, (bool, int, float)) and not isinstance(x, np.generic):
        return scalar(x)
    if isinstance(x, (list, tuple)):
        return [encode(part) for part in x]
    if isinstance(x, dict):
        return {camel(key): encode(part) for key, part in x.items()}
    if isinstance(x, (jax.Array, np.ndarray)):
        if jnp.issubdtype(x.dtype, jax.dtypes.prng_key):
            words = np.asarray(jax.random.key_data(x))
            return {"$": "prngKey", "s": list(x.shape), "b": text(words)}
        x = jnp.asarray(x)
        out = {"$": x.dtype.name, "s": list(x.shape), "b": text(np.asarray(x))}
        return out | {"w": True} if x.weak_type and x.dtype != bool else out
    raise TypeError(f"no way to write {type(x)}")


def text(x):
    return base64.b64encode(np.ascontiguousarray(x).tobytes()).decode()


class Cases:
    """The cases of one file. `case("np.take_along_axis", x, i, axis=0)` calls jnp.take_along_axis and writes
    np.takeAlongAxis; `call` replaces the function of JAX, `a` and `o` what is written as its arguments."""

    def __init__(self):
        self.lines, self.refusals, self.seen = [], [], set()

    def __call__(self, name, *args, call=None, a=None, o=None, **options):
        space, _, rest = name.partition(".")
        call = call or getattr(NAMESPACES[space], rest)
        row = {"f": camel(name), "a": encode(list(args if a is None else a))}
        if options or o:
            row["o"] = encode(options if o is None else o)
        key = json.dumps(row)
        if key in self.seen:
            return
        self.seen.add(key)
        try:
            result = call(*args, **options)
        except (TypeError, ValueError, IndexError, NotImplementedError, OverflowError, ZeroDivisionError) as error:
            kinds = [kind.__name__ for kind in type(error).__mro__]
            row["e"] = next(kind for kind in kinds if kind in ERRORS)
            self.refusals.append(f"{row['f']} {row['a']} {row.get('o', '')}"[:200] + f" {row['e']}: {error}"[:160])
        else:
            row["r"] = encode(result)
        self.lines.append(json.dumps(row, separators=(",", ":"), allow_nan=False))


ERRORS = ("TypeError", "IndexError", "NotImplementedError", "OverflowError", "ZeroDivisionError", "ValueError")
