"""Makes tests/goldens/gate.json: GELU and SiLU, exact, their kinds (NaN, infinity, zero) checked against JAX.

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/gate.py

Floats are written as the unsigned number of their bits. `exact` holds values of each formula in f64, rounded once to the
dtype; at NaN, infinities and zeros JAX's own.
"""

import json
import math
import pathlib
import platform

import jax
import jax.numpy as jnp
import numpy as np

from kernels import bits

INF, NAN = float("inf"), float("nan")
X = [0.0, -0.0, INF, -INF, NAN, 1e-30, -1e-30, 3e38, -3e38]
X += [s * v for v in (1e-3, 0.1, 0.5, 1, 1.5, 2, 3, 4.5, 6, 9, 12, 40, 90) for s in (1, -1)]
SCALE = math.sqrt(2 / math.pi)


def gelu(x):
    return 0.5 * x * (1 + math.tanh(SCALE * (x + 0.044715 * x**3)))


def gelu_exact(x):
    return 0.5 * x * math.erfc(-x * math.sqrt(0.5))


def silu(x):
    # e^x overflows for no x that is not positive.
    return x / (1 + math.exp(-x)) if x > 0 else x * math.exp(x) / (1 + math.exp(x))


FORMULAS = {
    "gelu": (gelu, lambda x: jax.nn.gelu(x)),
    "exactGelu": (gelu_exact, lambda x: jax.nn.gelu(x, approximate=False)),
    "silu": (silu, jax.nn.silu),
}

out = {"made_by": f"scripts/goldens/gate.py, jax {jax.__version__}, numpy {np.__version__}, {platform.machine()}", "rows": []}
for dtype in ("float32", "float16", "bfloat16"):
    with np.errstate(over="ignore"):
        x = np.array(X, jnp.dtype(dtype))
    times = np.array([1.5 - (i % 7) / 2 for i in range(len(X))], jnp.dtype(dtype))
    for name, (exact, of_jax) in FORMULAS.items():
        own = np.array(of_jax(jnp.array(x)), np.float64)
        values = []
        for k, v in enumerate(np.array(x, np.float64)):
            plain = np.isfinite(v) and v != 0 and abs(v) < 1e30
            values.append(exact(v) if plain else own[k])
        values = np.array(values)
        with np.errstate(over="ignore", invalid="ignore"):
            out["rows"].append(
                {
                    "op": name,
                    "dtype": dtype,
                    "x": bits(x),
                    "times": bits(times),
                    "exact": bits(values.astype(np.float32).astype(jnp.dtype(dtype))),
                    "gated": bits((values * np.array(times, np.float64)).astype(np.float32).astype(jnp.dtype(dtype))),
                }
            )

path = pathlib.Path("tests/goldens/gate.json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
print(path, path.stat().st_size)
