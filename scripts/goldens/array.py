"""Makes tests/goldens/array/<group>.json: what JAX (CPU, x64 off, eager) gives for the functions of the array layer.

Run from the repository root, with jax from PyPI (CPU) in a virtual environment; groups may be named:

    python3 -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.5.3
    /tmp/jax/bin/python scripts/goldens/array.py [group ...]

A file is `{ "generator", "versions", "cases": [...] }`, with a case in each line: `f` is the function's name here, `a`
its positional arguments, `o` its options (left out if there are none), `r` the result or a list of them, or in its
place `e`, the Python exception by which JAX refuses. `get` is `a[0][a[1]]`, `at.set` is `a[0].at[a[1]].set(a[2])`.
The losses of `fn` are computed by their formulas. `random_legacy` has jax_threefry_partitionable off. Values in them:

    {"$": dtype, "s": shape, "b": base64, "w": true}  an array by its elements' little-endian bytes (bool: 0 or 1; a
                                                      prngKey: two uint32 each); `w` if JAX has it weakly typed
                                                      (not written of bools, where it has no meaning)
    1, 0.5, true, {"#": "1.0" | "nan" | "inf"}        a Python scalar; whole and not finite floats are those in `#`
    {":": [start, stop, step]}, {":": "..."}, null    slice, Ellipsis, None
    [...]                                             a list or a tuple

The modules array_*.py beside this one make the cases.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.append(sys.path.pop(0))  # this file is named as a module of Python is: that one must be found first

import jax
import numpy as np

import array_elementwise
import array_fn
import array_lax
import array_linear
import array_random
import array_reduce
import array_search
import array_shape
from array_cases import Cases

GROUPS = {
    "creation": array_elementwise.creation,
    "elementwise": array_elementwise.elementwise,
    "promotion_ops": array_elementwise.promotion_ops,
    "reduce": array_reduce.reduce,
    "shape": array_shape.shape,
    "linear": array_linear.linear,
    "search": array_search.search,
    "index": array_search.index,
    "lax": array_lax.lax_,
    "fn": array_fn.fn,
    "random": array_random.random,
    "random_legacy": array_random.random_legacy,
}


def write(name, make):
    case = Cases()
    make(case)
    head = {"generator": "scripts/goldens/array.py", "versions": {"jax": jax.__version__, "numpy": np.__version__}}
    text = json.dumps(head)[:-1] + ', "cases": [\n' + ",\n".join(case.lines) + "\n]}\n"
    json.loads(text)
    path = pathlib.Path(__file__).resolve().parents[2] / "tests/goldens/array" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    print(f"{name}: {len(case.lines)} cases, {len(text)} bytes, {len(case.refusals)} refused")
    return case.refusals


def main():
    for name in sys.argv[1:] or GROUPS:
        refusals = write(name, GROUPS[name])
        if len(sys.argv) > 1:
            print("\n".join("    " + line for line in refusals))


if __name__ == "__main__":
    main()
