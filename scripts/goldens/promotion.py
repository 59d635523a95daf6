"""Makes tests/goldens/promotion.json: the type that operands of every two dtypes are computed in, from JAX (x64 off).

Run from the repository root, with jax from PyPI (CPU) in a virtual environment:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/promotion.py

`int*` and `float*` are weak: Python's scalars, and arrays that only they went into. Also of three operands each.
"""

import itertools
import json
import pathlib
import platform

import jax
import jax.numpy as jnp
import numpy as np

DTYPES = ("bool", "int8", "int16", "int32", "uint8", "uint16", "uint32", "float16", "bfloat16", "float32")
NAMES = (*DTYPES, "int*", "float*")


def operand(name):
    """An array of that type."""
    if name in DTYPES:
        return jnp.ones((1,), name)
    return jnp.asarray(1 if name == "int*" else 1.0)


def type_of(*names):
    """The type of an array that all of these went into."""
    dtype, weak = jax._src.dtypes._lattice_result_type(*map(operand, names))
    return str(jax.dtypes.canonicalize_dtype(dtype)) + ("*" if weak else "")


def main():
    """Writes the file."""
    pairs = {f"{a} {b}": type_of(a, b) for a, b in itertools.product(NAMES, NAMES)}
    for a, b in itertools.product(NAMES, NAMES):
        if "bool" not in (a, b):
            result = jnp.add(operand(a), operand(b))
            assert pairs[f"{a} {b}"] == str(result.dtype) + ("*" if result.weak_type else ""), (a, b)
    triples = {" ".join(names): type_of(*names) for names in itertools.combinations_with_replacement(NAMES, 3)}
    meta = {
        "generator": "scripts/goldens/promotion.py",
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "python": platform.python_version()},
    }
    path = pathlib.Path("tests/goldens/promotion.json")
    path.write_text(json.dumps({"meta": meta, "pairs": pairs, "triples": triples}, indent=0) + "\n")


main()
