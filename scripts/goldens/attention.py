"""Makes tests/goldens/attention.json: attention as JAX computes it, in double precision.

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/attention.py

One JSON object; the versions that made it are in `meta.versions`. `cases` is a list of

- `b`, `h`, `hkv`, `tq`, `tk`, `d`, `dv`: the shapes; `dtype`, that of keys and values;
- `seed`: the numbers of q are those of `lcg(seed, …, 4)` of `kernels.py`, of k those of seed + 1, of v those of seed + 2,
  rounded to `dtype` by cutting off the low bits of the f32 (16 of bfloat16; of float16 13, exponents being small);
- what is absent or as `AttentionOptions` in `wasm/kernels/attention.ts` has it: `scale`, `softCap`, `causal`, `window`,
  `queryPositions` [b, tq], `keyPositions` [b, tk], `mask` (a list of 0 and 1, [b, h, tq, tk]), `maskedValue` (bits);
- `exact`: bits of the output [b, h, tq, dv], computed in f64 by `jnp.einsum` and `jax.nn.softmax` and rounded once.

Plain, causal and grouped cases are compared with `jax.nn.dot_product_attention` here, which has f32 logits even for
f64 operands, so that it agrees to about 1e-6.
"""

import json
import pathlib
import platform

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np

MASKED = np.float32(-2.3819763e38)


def bits(x):
    return np.asarray(x, np.float32).reshape(-1).view(np.uint32).tolist()


def lcg(seed, count, scale):
    out, s = np.empty(count, np.float32), seed
    for i in range(count):
        s = (s * 1664525 + 1013904223) % 2**32
        out[i] = ((s >> 8) / 2**24 - 0.5) * scale
    return out


def cut(x, dtype):
    low = {"float32": 0, "bfloat16": 16, "float16": 13}[dtype]
    return (x.view(np.uint32) >> low << low).view(np.float32)


def case(number, shape, dtype="float32", **options):
    b, h, hkv, tq, tk, d, dv = shape
    seed = 100 * number + 1
    q = lcg(seed, b * h * tq * d, 4).reshape(b, h, tq, d)
    k = cut(lcg(seed + 1, b * hkv * tk * d, 4), dtype).reshape(b, hkv, tk, d)
    v = cut(lcg(seed + 2, b * hkv * tk * dv, 4), dtype).reshape(b, hkv, tk, dv)
    q, k, v = (jnp.asarray(x, jnp.float64) for x in (q, k, v))
    scale = float(np.float32(options.get("scale", 1)))
    wide = lambda x: jnp.repeat(x, h // hkv, axis=1)
    logits = jnp.einsum("bhtd,bhsd->bhts", q, wide(k)) * scale
    if cap := options.get("softCap"):
        logits = jnp.tanh(logits / cap) * cap
    visible = jnp.ones((b, 1, tq, tk), bool)
    if {"causal", "window", "queryPositions"} & options.keys():
        of_q = jnp.asarray(options.get("queryPositions", [list(range(tq))] * b))[:, None, :, None]
        of_k = jnp.asarray(options.get("keyPositions", [list(range(tk))] * b))[:, None, None, :]
        visible &= of_k >= 0
        if options.get("causal"):
            visible &= of_q >= of_k
        if window := options.get("window"):
            visible &= of_q - of_k < window
    if "mask" in options:
        visible = visible & jnp.asarray(options["mask"]).reshape(b, h, tq, tk).astype(bool)
    masked = options.get("maskedValue", MASKED)
    logits = jnp.where(visible, logits, float(masked))
    out = jnp.einsum("bhts,bhsd->bhtd", jax.nn.softmax(logits, axis=-1), wide(v))
    if not {"softCap", "window", "queryPositions", "mask"} & options.keys() and d == dv:
        turned = [jnp.swapaxes(x, 1, 2) for x in (q, k, v)]
        whole = jax.nn.dot_product_attention(*turned, scale=scale, is_causal=options.get("causal", False))
        np.testing.assert_allclose(jnp.swapaxes(whole, 1, 2), out, rtol=1e-5, atol=1e-6)
    if "maskedValue" in options:
        options["maskedValue"] = bits(masked)[0]
    names = dict(zip(("b", "h", "hkv", "tq", "tk", "d", "dv"), shape))
    return {**names, "dtype": dtype, "seed": seed, **options, "exact": bits(out)}


def main():
    half = lambda seed, count: (lcg(seed, count, 1) < 0.2).astype(int).tolist()
    padded = [-1, -1, 0, 1, 2, 3, 4, 5, 6, 7]
    cases = [
        case(1, (1, 2, 2, 3, 5, 4, 4), scale=0.5),
        case(2, (2, 4, 2, 5, 9, 8, 8), scale=0.35),
        case(3, (1, 2, 1, 20, 20, 8, 8), scale=0.35, causal=True),
        case(4, (1, 1, 1, 30, 200, 6, 5), scale=0.25),
        case(5, (1, 8, 2, 1, 300, 16, 8), dtype="bfloat16", scale=0.25),
        case(6, (1, 2, 2, 12, 40, 8, 6), dtype="float16", scale=0.25, softCap=5.0),
        case(7, (2, 2, 1, 10, 10, 4, 4), causal=True, window=3, queryPositions=[padded, padded[::-1]],
             keyPositions=[padded, padded[::-1]]),
        case(8, (1, 2, 2, 4, 11, 4, 4), mask=half(9, 88)),
        case(9, (1, 1, 1, 9, 30, 4, 4), causal=True, window=12, maskedValue=np.float32(-1.0), mask=half(10, 270)),
        case(10, (1, 1, 1, 3, 4, 2, 2), mask=[0] * 4 + [1, 0, 1, 0] + [1] * 4, maskedValue=np.float32("-inf")),
        case(11, (1, 2, 1, 1, 6, 4, 4), causal=True, queryPositions=[[3]], keyPositions=[[0, 1, 2, 3, -1, -1]]),
    ]
    meta = {
        "generator": "scripts/goldens/attention.py",
        "command": "python scripts/goldens/attention.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "python": platform.python_version()},
    }
    rows = ",\n".join(json.dumps(item, separators=(",", ":")) for item in cases)
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/attention.json"
    path.write_text(f'{{\n"meta": {json.dumps(meta)},\n"cases": [\n{rows}\n]\n}}\n')


if __name__ == "__main__":
    main()
