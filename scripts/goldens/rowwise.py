"""Makes tests/goldens/rowwise.json: log-softmax, log-sum-exp, normalizations and rotary embedding from JAX (CPU, x64 off).

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/rowwise.py

Numbers are written, and random ones made, as the head of `kernels.py` says. Each row has `dtype`, `shape`, the bits of the
operands and of JAX's result, `out`; f32 rows have `exact` beside it, computed in f64 and rounded once. Normalizations are
the separate operations of Penzai's layers, each run by itself so that XLA fuses nothing:

- rms: `x * rsqrt(mean(x * x) + epsilon)`, then `* scale` if there is one;
- layer: `(x - m) * rsqrt(max(mean(x * x) - m * m, 0) + epsilon)` with `m = mean(x)`, then `* scale` and `+ bias`.
"""

import json
import pathlib
import platform

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax import lax
from kernels import INF, NAN, bits, lcg

DTYPES = ("float32", "float16", "bfloat16")
EPSILON = 1e-6

SPECIAL = np.array([
    [0.0, -INF, 1.0, -INF], [-INF, -INF, -INF, -INF], [INF, 0.0, 1.0, -INF], [NAN, 0.0, INF, 2.0],
    [3e38, -3e38, 3e38, 0.0], [1000.0, 999.0, -1000.0, 1000.0], [-0.0, 0.0, -0.0, 0.0], [-200.0, -201.0, -199.0, -300.0],
], np.float32)


def softmaxes():
    rows = []
    cases = [(lcg(61, 27, 16.0).reshape(3, 9), DTYPES), (SPECIAL, DTYPES), (np.zeros((2, 0), np.float32), DTYPES[:1])]
    for x, dtypes in cases:
        for dtype in dtypes:
            given = jnp.asarray(x).astype(dtype)
            row = {"dtype": dtype, "shape": x.shape, "x": bits(given)}
            log_softmax, logsumexp = jax.nn.log_softmax(given, -1), jax.nn.logsumexp(given, -1)
            row |= {"log_softmax": bits(log_softmax), "logsumexp": bits(logsumexp)}
            if dtype == "float32":
                wide = x.astype(np.float64)
                with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
                    top = wide.max(-1, keepdims=True, initial=-INF)
                    shifted = wide - top
                    exact = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
                    finite = np.where(np.isfinite(top), top, 0)
                    total = np.log(np.exp(wide - finite).sum(-1, keepdims=True)) + finite
                    row |= {"exact_log_softmax": bits(exact.astype(np.float32)),
                            "exact_logsumexp": bits(total[:, 0].astype(np.float32))}
            rows.append(row)
    return rows


def normalizations():
    special = np.array([
        [0.0, -0.0, 0.0, 0.0], [7.0, 7.0, 7.0, 7.0], [1.0, INF, 2.0, -3.0], [NAN, 0.0, 1.0, 2.0],
        [300.0, 400.0, 300.0, 400.0], [10001.0, 10000.0, 9999.0, 10000.0], [1e-30, -1e-30, 0.0, 1e-20],
    ], np.float32)
    rows = []
    for x in (lcg(62, 60, 8.0).reshape(4, 15), lcg(63, 100, 2.0).reshape(1, 100), special):
        n = x.shape[-1]
        scale, bias = lcg(64, n, 4.0), lcg(65, n, 2.0)
        for dtype in DTYPES:
            x_, scale_, bias_ = (jnp.asarray(a).astype(dtype) for a in (x, scale, bias))
            epsilon = jnp.asarray(EPSILON).astype(dtype)

            def mean(a):
                # The accumulation of a mean of halves is in f32, and the quotient is rounded: `jnp.mean`.
                return jnp.mean(a, -1, keepdims=True)

            def rsqrt(a):
                return (1 / jnp.sqrt(a.astype(jnp.float32))).astype(dtype)

            rms = x_ * rsqrt(mean(x_ * x_) + epsilon)
            m = mean(x_)
            variance = jnp.maximum(mean(x_ * x_) - m * m, 0)
            layer = (x_ - m) * rsqrt(variance + epsilon)
            rows.append({"dtype": dtype, "shape": x.shape, "x": bits(x_), "scale": bits(scale_), "bias": bits(bias_),
                         "rms": bits(rms), "rms_scale": bits(rms * scale_), "layer": bits(layer),
                         "layer_scale": bits(layer * scale_), "layer_both": bits(layer * scale_ + bias_)})
    return rows


def rotary():
    rows = []
    for dtype in DTYPES:
        x = jnp.asarray(lcg(66, 2 * 3 * 8, 8.0).reshape(2, 3, 8)).astype(dtype)
        angle = np.outer(np.arange(3), 10000.0 ** -(np.arange(4) / 4)).astype(np.float32)
        cos, sin = jnp.asarray(np.cos(angle)), jnp.asarray(np.sin(angle))
        a, b = jnp.split(x.astype(jnp.float32), 2, -1)
        first, second = lax.sub(a * cos, b * sin), lax.add(b * cos, a * sin)
        rows.append({"dtype": dtype, "shape": x.shape, "x": bits(x), "cos": bits(cos), "sin": bits(sin),
                     "out": bits(jnp.concatenate([first, second], -1).astype(dtype))})
    return rows


def main():
    meta = {
        "generator": "scripts/goldens/rowwise.py",
        "command": "python scripts/goldens/rowwise.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "ml_dtypes": ml_dtypes.__version__,
                     "python": platform.python_version()},
        "numbers": "unsigned numbers of the bits; see the generator's head",
    }
    parts = {"softmax": softmaxes(), "normalize": normalizations(), "rotary": rotary()}
    rows = [f'"meta": {json.dumps(meta)}']
    rows += [f'"{name}": {json.dumps(part, separators=(",", ":"))}' for name, part in parts.items()]
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/rowwise.json"
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
