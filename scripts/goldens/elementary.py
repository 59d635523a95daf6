"""Makes tests/goldens/elementary.json: elementary functions at special values, exact by mpmath and checked against JAX.

Run from the repository root, with jax (CPU) and mpmath from PyPI in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3 mpmath==1.4.1
    /tmp/jax/bin/python scripts/goldens/elementary.py

One JSON object. Floats are written as the unsigned number of their bits. `unary[name]` is a function at the points `x`,
then at its own `more`; `binary[name]` at all pairs of `pairs`, the second number running faster. Values are exact,
rounded once to f32, subnormals included. JAX's must be of the same kind (NaN, an infinity, a zero of one sign, another
number), which this script asserts, except where JAX flushes subnormals or overflows early: `kinds` counts those. The
values of `erf_inv` are JAX's own, as are those of the integer operations.
"""

import itertools
import json
import pathlib
import platform

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
from jax import lax

assert not jax.config.jax_enable_x64
mp.mp.dps = 60

INF, NAN = float("inf"), float("nan")
TINY = float(np.float32(1.1754944e-38))


def bits(x):
    return np.asarray(x).reshape(-1).view(np.uint32).tolist()


def nearest(v, zero=0.0):
    """The f32 nearest to an mpmath number; a zero, or what rounds to it, has the sign of `v`, else of `zero`."""
    if not isinstance(v, mp.mpf):
        return np.float32(v)
    if v == 0:
        return np.float32(np.copysign(0.0, zero))
    if mp.isinf(v) or mp.isnan(v):
        return np.float32(float(v))
    quantum = mp.ldexp(1, max(int(mp.floor(mp.log(abs(v), 2))) - 23, -149))
    count = mp.nint(v / quantum)
    size = count * quantum
    if abs(size) >= mp.ldexp(1, 128):
        return np.float32(np.sign(float(count)) * INF)
    if size == 0:
        return np.float32(-0.0 if v < 0 else 0.0)
    return np.float32(float(size))


def floats(*values):
    return np.array(values, np.float32)


def around(*values):
    x = floats(*values)
    return np.concatenate([x, np.nextafter(x, np.float32(-INF)), np.nextafter(x, np.float32(INF))])


HALF_PI = [float(mp.pi / 2 * k) for k in (1, 2, 3, 4, 7, 100, 1000, 83443, 2**20 + 1)]
X = np.concatenate(
    [
        floats(0, 1e-45, 1e-40, TINY, 1e-6, 1e-3, 0.3, 0.5, 0.92, 1.5, 2, 2.5, 3, 3.92, 5),
        around(1.0),
        floats(20, 90, 104, 1e3, 131072, 16777216, 1e10, 1e20, 3.4e38, INF),
    ]
)
X = np.concatenate([X, -X, floats(NAN)])


def real(f, low=-INF, high=INF, zero_sign=True):
    """`f` on the numbers of its domain, limits apart."""

    def one(x):
        if np.isnan(x) or x < low or x > high:
            return NAN
        return nearest(f(mp.mpf(float(x))), float(x) if zero_sign else 0.0)

    return one


def limits(f, table):
    return lambda x: np.float32(table[float(x)]) if not np.isnan(x) and float(x) in table else f(x)


def pole(x):
    return x <= 0 and x == np.floor(x)


def lgamma(x):
    if np.isnan(x) or np.isinf(x) or pole(x):
        return np.float32(NAN if np.isnan(x) else INF)
    v = mp.mpf(float(x))
    if v < 0:
        return nearest(mp.log(mp.pi / abs(v * mp.sinpi(v))) - mp.loggamma(-v))
    return nearest(mp.loggamma(v))


def digamma(x):
    if np.isnan(x) or x == -INF or pole(x):
        return np.float32(NAN)
    return np.float32(INF) if x == INF else nearest(mp.digamma(mp.mpf(float(x))))


def cbrt(v):
    return mp.sign(v) * mp.cbrt(abs(v))


ends = lambda low, high: {-INF: low, INF: high}
trig = dict(more=around(*HALF_PI, *(-v for v in HALF_PI)))
UNARY = {
    "exp2": (
        lax.exp2,
        limits(
            real(lambda v: mp.mpf(2) ** v if abs(v) < 1e4 else (mp.inf if v > 0 else mp.mpf(0)), zero_sign=False),
            ends(0, INF),
        ),
        around(-149.5, -149, -126, 127.5, 128),
    ),
    "log2": (
        lambda x: jnp.log2(x),
        limits(real(lambda v: mp.log(v, 2) if v else -mp.inf, 0, zero_sign=False), {INF: INF}),
        floats(2.0**-149, 2.0**-10, 2.0**100),
    ),
    "log1p": (lax.log1p, limits(real(mp.log1p, -1), {-1.0: -INF, INF: INF}), around(-0.2928932, 0.4142135, -0.99)),
    "expm1": (
        lax.expm1,
        limits(real(lambda v: mp.expm1(v) if abs(v) < 1e4 else (mp.inf if v > 0 else mp.mpf(-1))), ends(-1, INF)),
        around(0.34657359, -17.4, 88.72),
    ),
    "logistic": (
        lax.logistic,
        limits(real(lambda v: 1 / (1 + mp.exp(-v)) if abs(v) < 1e4 else mp.mpf(v > 0), zero_sign=False), ends(0, 1)),
        around(-103.9, -17, -1.1),
    ),
    "sin": (lax.sin, limits(real(mp.sin), ends(NAN, NAN)), trig["more"]),
    "cos": (lax.cos, limits(real(mp.cos), ends(NAN, NAN)), trig["more"]),
    "tan": (lax.tan, limits(real(mp.tan), ends(NAN, NAN)), trig["more"]),
    "asin": (lax.asin, real(mp.asin, -1, 1), floats(0.99, -0.99)),
    "acos": (lax.acos, real(mp.acos, -1, 1), floats(0.99, -0.99)),
    "atan": (lax.atan, limits(real(mp.atan), ends(-mp.pi / 2, mp.pi / 2)), around(0.41421356, 2.4142135)),
    "sinh": (
        lax.sinh,
        limits(real(lambda v: mp.sinh(v) if abs(v) < 1e4 else mp.sign(v) * mp.inf), ends(-INF, INF)),
        around(89.41598),
    ),
    "cosh": (
        lax.cosh,
        limits(real(lambda v: mp.cosh(v) if abs(v) < 1e4 else mp.inf), ends(INF, INF)),
        around(89.41598),
    ),
    "asinh": (lax.asinh, limits(real(mp.asinh), ends(-INF, INF)), floats()),
    "acosh": (lax.acosh, limits(real(mp.acosh, 1), {INF: INF}), floats()),
    "atanh": (lax.atanh, limits(real(mp.atanh, -1, 1), {1.0: INF, -1.0: -INF}), floats(0.99, -0.99)),
    "erf": (lax.erf, limits(real(mp.erf), ends(-1, 1)), around(0.92, 3.9)),
    "erfc": (
        lax.erfc,
        limits(real(lambda v: mp.erfc(v) if abs(v) < 100 else mp.mpf(1 - mp.sign(v))), ends(2, 0)),
        around(9.19, 10.05),
    ),
    "lgamma": (
        lax.lgamma,
        lgamma,
        around(-0.5, -1, -1.5, -2, -2.4570247, -2.7476827, -3.143581, -3.9552944, -10, -100.5, 1.4616321, 2),
    ),
    "digamma": (
        lax.digamma,
        digamma,
        around(-0.504083, -1, -1.5734985, -2.6107209, -3.6352935, -10, -100.5, 1.4616321, 2),
    ),
    "cbrt": (lax.cbrt, limits(real(cbrt), ends(-INF, INF)), floats(27, 1e-39)),
}
PAIRS = floats(0, 1e-45, 0.3, 0.99999994, 1, 1.5, 2, 3, 2**23 + 1, 2**24 + 2, 3.4e38, INF)
PAIRS = np.concatenate([PAIRS, -PAIRS, floats(NAN)])


def power(x, y):
    with np.errstate(all="ignore"):
        # The special cases are C's; the number is exact.
        special = np.float64(x) ** np.float64(y)
    if not np.isfinite(special) or special in (0, 1):
        return np.float32(special)
    size = mp.exp(mp.mpf(float(y)) * mp.log(abs(mp.mpf(float(x)))))
    return np.float32(np.copysign(nearest(size), special))


def angle(y, x):
    special = np.arctan2(np.float64(y), np.float64(x))
    if np.isnan(special) or x == 0 or y == 0 or np.isinf(x) or np.isinf(y):
        return np.float32(special)
    return nearest(mp.atan2(mp.mpf(float(y)), mp.mpf(float(x))), special)


def remainder(x, y):
    with np.errstate(all="ignore"):
        return np.fmod(x, y)


def next_after(x, y):
    return y if x == y else np.nextafter(x, y)


BINARY = {
    "pow": (lax.pow, power),
    "atan2": (lax.atan2, angle),
    "rem": (lax.rem, remainder),
    "next_after": (lax.nextafter, next_after),
}


def kind(v):
    return "nan" if np.isnan(v) else str(v) if np.isinf(v) or v == 0 else "number"


def same_kinds(name, got, want, inputs):
    """Asserts that JAX's results are of the exact ones' kinds; counts those that are not for subnormals' sake."""
    odd = 0
    for g, w, x in zip(np.asarray(got), want, inputs):
        if kind(g) == kind(w):
            continue
        tiny = any(0 < abs(v) < TINY for v in (*x, w))
        early = name in EARLY and EARLY[name](*x)
        assert tiny or early, (name, x, g, w)
        odd += 1
    return odd


# Where JAX overflows or underflows too early, or cancels all digits.
EARLY = {
    "exp2": lambda x: x <= -126,
    "asin": lambda x: abs(x) <= TINY,
    "sinh": lambda x: abs(x) > 89.4,
    "cosh": lambda x: abs(x) > 89.4,
    "lgamma": lambda x: abs(x - 1) < 1e-6 or abs(x + 2.747683) < 1e-6,
}

out, kinds = {"unary": {}, "binary": {}}, {}
for name, (f, exact, more) in UNARY.items():
    x = np.concatenate([X, more])
    want = np.array([exact(v) for v in x], np.float32)
    kinds[name] = same_kinds(name, f(jnp.array(x)), want, [(v,) for v in x])
    out["unary"][name] = {"more": bits(more), "exact": bits(want)}
grid = list(itertools.product(PAIRS, PAIRS))
left, right = (np.array(column, np.float32) for column in zip(*grid))
for name, (f, exact) in BINARY.items():
    want = np.array([exact(a, b) for a, b in grid], np.float32)
    kinds[name] = same_kinds(name, f(jnp.array(left), jnp.array(right)), want, grid)
    out["binary"][name] = bits(want)

erf_inv = np.concatenate(
    [
        floats(0, 1e-30, 1e-3, 0.1, 0.5, 0.9, 0.99, 0.9966, 0.9999, 0.99999994, 1, 1.0000001, 2, INF),
        np.linspace(-0.98, 0.98, 25).astype(np.float32),
    ]
)
erf_inv = np.concatenate([erf_inv, -erf_inv, floats(NAN)])
out["erf_inv"] = {"x": bits(erf_inv), "jax": bits(lax.erf_inv(jnp.array(erf_inv)))}

rounds = np.concatenate([around(0.5, 1.5, 2.5, 3.5, 8388607.5), floats(0, 0.3, 1e20, INF)])
rounds = np.concatenate([rounds, -rounds, floats(NAN)])
out["round_away"] = {"x": bits(rounds), "jax": bits(lax.round(jnp.array(rounds), lax.RoundingMethod.AWAY_FROM_ZERO))}
low, x, high = (
    np.array(c, np.float32)
    for c in zip(
        *itertools.product(floats(-1, 0.5, NAN, -INF), floats(-2, 0.7, 3, INF, NAN), floats(1, 0.25, NAN, INF))
    )
)
out["clamp"] = {
    "low": bits(low),
    "x": bits(x),
    "high": bits(high),
    "jax": bits(lax.clamp(*map(jnp.array, (low, x, high)))),
}

integers = np.array(
    [0, 1, 2, 3, 7, 10, 31, 32, 33, 63, 64, 70, 255, 65536, 2**31 - 1, -(2**31), -1, -2, -3, -7, -65], np.int32
)
a, n = (np.array(c, np.int32) for c in zip(*itertools.product(integers, integers)))
power_of = jax.jit(jnp.power)
unsigned = power_of(jnp.array(a.view(np.uint32)), jnp.array(n.view(np.uint32)))
signed = power_of(jnp.array(a), jnp.array(n))
assert bits(signed) == bits(unsigned)
out["integer"] = {
    "x": bits(integers),
    "pow": bits(signed),
    "population_count": bits(lax.population_count(jnp.array(integers))),
    "leading_zeros": bits(lax.clz(jnp.array(integers))),
    "shl": bits(lax.shift_left(jnp.array(a), jnp.array(n))),
    "shr_u": bits(lax.shift_right_logical(jnp.array(a), jnp.array(n))),
    "shr_i": bits(lax.shift_right_arithmetic(jnp.array(a), jnp.array(n))),
    "clamp": bits(lax.clamp(jnp.int32(-2), jnp.array(integers), jnp.int32(32))),
    "clamp_u": bits(lax.clamp(jnp.uint32(2), jnp.array(integers.view(np.uint32)), jnp.uint32(0x80000000))),
}

golden = {
    "meta": {
        "generator": "scripts/goldens/elementary.py",
        "command": "python scripts/goldens/elementary.py",
        "versions": {
            "python": platform.python_version(),
            "jax": jax.__version__,
            "mpmath": mp.__version__,
            "numpy": np.__version__,
        },
        "kinds": kinds,
    },
    "x": bits(X),
    "pairs": bits(PAIRS),
    **out,
}
path = pathlib.Path(__file__).parents[2] / "tests/goldens/elementary.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(path, path.stat().st_size, "bytes")
