"""Makes tests/goldens/threefry.json: random words, splits and folded keys of JAX's threefry2x32 generator.

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/threefry.py

One JSON object; the versions that made it are in `meta.versions`. Words are unsigned 32-bit numbers. Lists:

- bits: `mode` ("bits": partitionable; "legacy"), `key`, `shape`, the `first` and `last` (up to) four words of
  `jax.random.bits(key, shape)` in row-major order, and `hash`, FNV-1a (32 bits) over the little-endian bytes of all.
- pairs: `key`, `offset` (a decimal string below 2**64), `count`; as above for the block function of the counters
  offset, offset + 1, … (upper half, lower half), both words of each in turn.
- split: `mode` ("pairs" or "legacy"), `key`, `count`; as above for `jax.random.split(key, count)`.
- fold_in: `key`, `data`, `words`: `jax.random.fold_in(key, data)`, which is the pair at offset `data`.
- seed: `seed`, `words`: `jax.random.key(seed)`.
"""

import json
import pathlib
import platform

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.random import threefry_2x32

KEYS = [(0, 0), (0, 42), (0xFFFFFFFF, 0xFFFFFFFF), (0x13198A2E, 0x03707344), (1, 0)]
SHAPES = [(0,), (1,), (2,), (3,), (4,), (5,), (7,), (8,), (15,), (16,), (17,), (31,), (32,), (33,), (63,), (64,), (65,),
          (1000,), (1023,), (3, 5), (7, 11, 13), (2, 0, 3), ()]
LARGE = [(16385,), (129, 257), (50000,)]


def fnv(words):
    value = 0x811C9DC5
    for byte in np.asarray(words, dtype="<u4").tobytes():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def summary(words):
    words = np.asarray(words).reshape(-1).astype(np.uint32)
    return {"first": words[:4].tolist(), "last": words[-4:].tolist(), "hash": fnv(words)}


def key_of(words):
    return jax.random.wrap_key_data(jnp.array(words, dtype=jnp.uint32), impl="threefry2x32")


def words_of(key):
    return np.asarray(jax.random.key_data(key))


def main():
    bits, pairs, split = [], [], []
    for partitionable in (True, False):
        jax.config.update("jax_threefry_partitionable", partitionable)
        for number, key in enumerate(KEYS):
            for shape in SHAPES + (LARGE if number == 1 else []):
                words = jax.random.bits(key_of(key), shape, jnp.uint32)
                mode = "bits" if partitionable else "legacy"
                bits.append({"mode": mode, "key": key, "shape": shape, **summary(words)})
            for count in (1, 2, 3, 10, 1001):
                words = words_of(jax.random.split(key_of(key), count))
                mode = "pairs" if partitionable else "legacy"
                split.append({"mode": mode, "key": key, "count": count, **summary(words)})
    jax.config.update("jax_threefry_partitionable", True)
    for key in KEYS[:4]:
        for offset in (0, 1, 12345, 2**32 - 3, 2**32, 2**40 + 7, 2**64 - 5):
            for count in (1, 2, 19):
                at = [(offset + i) % 2**64 for i in range(count)]
                counters = np.array([x >> 32 for x in at] + [x & 0xFFFFFFFF for x in at], dtype=np.uint32)
                words = np.asarray(threefry_2x32(jnp.array(key, dtype=jnp.uint32), jnp.asarray(counters)))
                pairs.append({"key": key, "offset": str(offset), "count": count, **summary(words.reshape(2, count).T)})
    fold_in = [
        {"key": key, "data": data, "words": words_of(jax.random.fold_in(key_of(key), jnp.uint32(data))).tolist()}
        for key in KEYS
        for data in (0, 1, 2, 1000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
    ]
    seed = [
        {"seed": seed, "words": words_of(jax.random.key(seed)).tolist()}
        for seed in (0, 1, 42, -1, 2**31 - 1, -(2**31))
    ]
    meta = {
        "generator": "scripts/goldens/threefry.py",
        "command": "python scripts/goldens/threefry.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "python": platform.python_version()},
        "hash": "FNV-1a, 32 bits, over the words' little-endian bytes",
    }
    cases = {"bits": bits, "pairs": pairs, "split": split, "fold_in": fold_in, "seed": seed}
    # One case a line.
    rows = [f'"meta": {json.dumps(meta)}']
    for name, items in cases.items():
        rows.append(f'"{name}": [\n' + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]")
    path = pathlib.Path(__file__).parents[2] / "tests/goldens/threefry.json"
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
