"""Makes tests/goldens/derivatives.json: derivatives by JAX (CPU, x64 off) of the functions of the array layer.

Run from the repository root: python scripts/goldens/derivatives.py, with the Python of array.py.

The calls are those of array.py whose results and operands are small and float32: for each function a few that differ in
shapes and options, and some that are made here. The operands' values are drawn anew, in general position, so that no
derivative is a matter of ties: all of a case's numbers come from one generator (`lcg` of tests/_support.ts, seeded by the
case's place in the file), in this order: the operands; the tangents; the cotangents; the second and the third copy of the
operands for `g`. A case has, beside `f`, `a` and `o` of array.py, in which {"@": k} is the operand k:

    d   the operands: [shape, low, high], with "up" at the end if they are sorted
    y   the shapes of the results that are floats
    j   jvp: the tangents of these results
    v   vjp: the cotangents of the operands
    h   the Hessian of <cotangents, results>, applied to the tangents
    g   vmap of the gradient of <cotangents, results> over the three copies of all operands; left out where JAX
        cannot map

in place of which there is `e`, the Python exception, where JAX has no derivative. Results lie one after the other, as
base64 of float32; a number in place of the text is that many zeros.
"""

import json
import math
import pathlib
import sys
from functools import partial

sys.dont_write_bytecode = True
sys.path.append(sys.path.pop(0))  # array.py is named as a module of Python is: that one must be found first

import jax
import jax.numpy as jnp
import numpy as np

import array_elementwise
import array_fn
import array_lax
import array_linear
import array_reduce
import array_search
import array_shape
from array_cases import ERRORS, NAMESPACES, array, camel, encode, numbers, text

GROUPS = (
    array_elementwise.creation,
    array_elementwise.elementwise,
    array_reduce.reduce,
    array_shape.shape,
    array_linear.linear,
    array_search.search,
    array_search.index,
    array_lax.lax_,
    array_fn.fn,
)
MOST = 24
COPIES = 3
USUAL = (-2.0, 2.0)
POSITIVE = (0.5, 2.5)
UNIT = (-0.8, 0.8)
ANY = USUAL

# Ranges of the operands' values: one for all, or one for each.
DOMAINS = {}
for _names, _ranges in (
    ("np.log np.log2 np.log10 np.sqrt np.reciprocal lax.log lax.sqrt lax.rsqrt lax.reciprocal", [POSITIVE]),
    ("np.cbrt lax.cbrt lax.lgamma lax.digamma np.geomspace np.logspace", [POSITIVE]),
    ("np.log1p lax.log1p", [(-0.5, 2.0)]),
    ("np.arccosh np.acosh lax.acosh", [(1.25, 3.0)]),
    ("np.arcsin np.asin np.arccos np.acos np.arctanh np.atanh", [UNIT]),
    ("lax.asin lax.acos lax.atanh lax.erf_inv", [UNIT]),
    ("np.tan lax.tan", [(-1.2, 1.2)]),
    ("np.power np.pow np.float_power lax.pow", [POSITIVE, ANY]),
    ("np.divide np.true_divide np.floor_divide np.remainder np.mod np.fmod np.divmod lax.div lax.rem", [ANY, POSITIVE]),
    ("lax.integer_pow", [POSITIVE]),
    ("np.prod np.cumprod np.nanprod np.nancumprod np.cumulative_prod lax.cumprod lax.reduce_prod", [POSITIVE]),
    ("np.quantile np.nanquantile", [ANY, (0.05, 0.95)]),
    ("np.percentile np.nanpercentile", [ANY, (5.0, 95.0)]),
    ("np.average", [ANY, POSITIVE]),
    ("np.interp", [ANY, (-2.0, 2.0, "up"), ANY]),
    ("lax.clamp", [(-1.0, 0.0), ANY, (0.0, 1.0)]),
    ("np.trapezoid", [ANY, (-2.0, 2.0, "up")]),
    ("at.divide", [ANY, POSITIVE]),
    ("at.power", [POSITIVE, ANY]),
    ("fn.kl_divergence", [ANY, (0.1, 1.0)]),
    ("fn.softmax_cross_entropy", [ANY, (0.1, 1.0)]),
    ("fn.sigmoid_binary_cross_entropy", [ANY, (0.1, 0.9)]),
    ("fn.standardize", [ANY, POSITIVE, POSITIVE]),
    ("fn.squareplus fn.celu fn.elu", [ANY, POSITIVE]),
):
    for _name in _names.split():
        DOMAINS[_name] = _ranges

# Functions that penjing has not (tests/array/_tolerances.ts), that take indices or read values, and those whose cases
# have places twice, of which JAX's derivatives are NaN, absent, or at odds (jvp, vjp); own() has others of these.
ABSENT = ("np.vander np.kaiser np.arange np.unravel_index np.ix_ np.intersect1d np.setdiff1d np.setxor1d "
          "lax.scatter_mul lax.scatter_min lax.scatter_max").split()

# Functions out of whose operands JAX takes the values, and with these the tangents, unless the result's size is given.
SIZED = ("np.bincount np.unique np.union1d np.intersect1d np.setdiff1d np.setxor1d np.trim_zeros "
         "np.unique_all np.unique_counts np.unique_inverse np.unique_values").split()

# How many calls of a function, where two are too few.
COUNTS = {
    **dict.fromkeys(("get", "np.pad", "lax.gather", "lax.pad", "linalg.norm", "lax.scatter_add"), 4),
    **dict.fromkeys(("lax.dot_general", "np.matmul", "np.tensordot", "fn.dot_product_attention", "lax.scatter"), 3),
    **dict.fromkeys(("fn.softmax", "fn.log_softmax", "fn.logsumexp", "fn.standardize", "np.where", "np.var"), 3),
    "np.einsum": 6,
}


class Generator:
    """The generator of tests/_support.ts."""

    def __init__(self, seed):
        self.state = seed

    def draw(self, shape, low=-2.0, high=2.0, order=None):
        out = []
        for _ in range(math.prod(shape)):
            self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
            out.append(low + (self.state >> 8) / (1 << 24) * (high - low))
        return jnp.asarray(np.array(sorted(out) if order else out, np.float32).reshape(shape))


def is_float(x):
    return isinstance(x, jax.Array) and x.dtype == jnp.float32


def leaves(tree):
    if isinstance(tree, (list, tuple)):
        return [leaf for part in tree for leaf in leaves(part)]
    if isinstance(tree, dict):
        return [leaf for part in tree.values() for leaf in leaves(part)]
    return [tree]


def replaced(tree, table):
    if type(tree) in (list, tuple):
        return type(tree)(replaced(part, table) for part in tree)
    if isinstance(tree, dict):
        return {key: replaced(part, table) for key, part in tree.items()}
    return table.get(id(tree), tree)


class Place:
    """An operand, where arguments are written."""

    def __init__(self, number):
        self.number = number


def written(tree):
    if isinstance(tree, Place):
        return {"@": tree.number}
    if isinstance(tree, (list, tuple)):
        return [written(part) for part in tree]
    if isinstance(tree, dict):
        return {camel(key): written(part) for key, part in tree.items()}
    return encode(tree)


def fresh(tree):
    """The same with other arrays, so that none is twice among the operands."""
    if type(tree) in (list, tuple):
        return type(tree)(fresh(part) for part in tree)
    if isinstance(tree, dict):
        return {key: fresh(part) for key, part in tree.items()}
    return jnp.array(tree, copy=True) if is_float(tree) else tree


class Recorder:
    """Takes the calls of the modules array_*.py that could be differentiated."""

    def __init__(self):
        self.calls, self.second, self.is_own = {}, {}, False

    def __call__(self, name, *args, call=None, a=None, o=None, **options):
        space, _, rest = name.partition(".")
        call = call or getattr(NAMESPACES[space], rest)
        is_read = name in SIZED and not {"size", "length"} & {*options}
        if name in ABSENT and not self.is_own or is_read or name == "get" and call is not take:
            return
        if a is None:
            args = a = fresh(list(args))
        if o is None:
            options = o = fresh(options)
        arrays = [x for x in leaves([args, options]) if isinstance(x, jax.Array) and not is_key(x)]
        into = self.calls
        if arrays and not any(jnp.issubdtype(x.dtype, jnp.floating) for x in arrays):
            # What moves elements about has cases of integers, int8 for elements, some of which do for floats.
            cast = [x for x in arrays if x.dtype == jnp.int8] or arrays[:1]
            table = {id(x): x.astype(jnp.float32) for x in cast}
            args, options, a, o = (replaced(part, table) for part in (args, options, a, o))
            arrays, into = [table.get(id(x), x) for x in arrays], self.second
        floats = list({id(x): x for x in arrays if jnp.issubdtype(x.dtype, jnp.floating)}.values())
        size = sum(x.size for x in floats)
        if not 0 < size <= 2 * MOST or not all(is_float(x) and not x.weak_type for x in floats):
            return
        into = self.second if size > MOST else into
        if into is self.second and len(into.get(name, [])) >= 3:
            return
        try:
            result = leaves(call(*args, **options))
        except Exception:
            return
        if 0 < sum(y.size for y in result if is_float(y)) <= 2 * MOST:
            into.setdefault(name, []).append((call, args, options, a, o, floats))


def take(x, at):
    return x[tuple(at)]


def is_key(x):
    return jnp.issubdtype(x.dtype, jax.dtypes.prng_key)


def features(call):
    _, _, options, a, o, floats = call
    kinds = [type(x).__name__ for x in leaves(a)]
    plain = [f"{key}={value}" for key, value in {**options, **o}.items() if not isinstance(value, jax.Array)]
    return {*plain, *options, *o, f"a{kinds}", f"n{[x.ndim for x in floats]}"} | {
        f"{x}" for x in leaves(a) if isinstance(x, (str, int))
    }


def ranked(calls):
    """The calls of a function, those first that have the most to show beside the ones before."""
    rest, seen = list(calls), set()
    while rest:
        # A vector rather than a scalar first; then whatever is new.
        weights = [
            (min(len(features(c) - seen), 6) if seen else 0)
            + (sum(x.size for x in c[5]) > 1) * 3
            - sum(x.size for x in c[5]) / MOST
            for c in rest
        ]
        best = rest.pop(int(np.argmax(weights)))
        if seen and not features(best) - seen:
            return
        seen |= features(best)
        yield best


def base64_of(parts):
    x = np.concatenate([np.asarray(part, np.float32).reshape(-1) for part in parts])
    assert np.isfinite(x).all()
    return len(x) if not x.any() else text(x)


def derivatives(name, place, call, args, options, a, o, floats):
    row = {"f": camel(name)}
    table = {id(x): Place(k) for k, x in enumerate(floats)}
    row["a"] = written(replaced(a, table))
    if o:
        row["o"] = written(replaced(o, table))
    ranges = DOMAINS.get(name, [USUAL])
    row["d"] = [[list(x.shape), *ranges[min(k, len(ranges) - 1)]] for k, x in enumerate(floats)]
    generator = Generator(place)
    points = [generator.draw(*d) for d in row["d"]]

    def f(*operands):
        own = {id(x): operand for x, operand in zip(floats, operands)}
        result = call(*replaced(args, own), **replaced(options, own))
        return [y for y in leaves(result) if isinstance(y, jax.Array) and y.dtype == jnp.float32]

    row["y"] = [list(y.shape) for y in f(*points)]
    tangents = [generator.draw(x.shape) for x in points]
    cotangents = [generator.draw(shape) for shape in row["y"]]
    copies = [[generator.draw(*d) for d in row["d"]] for _ in range(COPIES - 1)]

    def product(*operands):
        return sum(jnp.sum(y * ct) for y, ct in zip(f(*operands), cotangents))

    gradient = jax.grad(product, argnums=tuple(range(len(points))))
    try:
        row["j"] = base64_of(jax.jvp(f, points, tangents)[1])
        row["v"] = base64_of(jax.vjp(f, *points)[1](cotangents))
    except AssertionError:
        return None
    except Exception as error:
        for key in ("j", "v"):
            row.pop(key, None)
        kinds = [kind.__name__ for kind in type(error).__mro__]
        row["e"] = next((kind for kind in kinds if kind in ERRORS), "Exception")
        print(f"{name}: {type(error).__name__} {str(error)[:100]!r}")
        return row
    try:
        row["h"] = base64_of(jax.jvp(gradient, points, tangents)[1])
    except Exception as error:
        print(f"{name} h: {type(error).__name__} {str(error)[:100]!r}")
    try:
        batch = [jnp.stack(x) for x in zip(points, *copies)]
        row["g"] = base64_of(jax.vmap(gradient)(*batch))
    except Exception as error:
        print(f"{name} g: {type(error).__name__} {str(error)[:100]!r}")
    return row


def own(case):
    """Calls that array.py has not, or not of small floats."""
    x = numbers("float32", (2, 3), 1)
    y = numbers("float32", (2, 3, 4), 1)
    rows = array([1, 0, 1], "int32")

    for at in ((1,), (slice(None, None, -1), slice(1, None)), (Ellipsis, rows), (rows, None, array([2, 0, 1], "int32"))):
        case("get", y, at, call=take)
    case("at.get", x, (1, array([0, 5, -1], "int32")), call=lambda x, at, **o: x.at[tuple(at)].get(**o), mode="fill")
    case("np.conjugate", x)
    case("np.copy", x)
    case("np.cummax", x, call=lambda x: jax.lax.cummax(x.reshape(-1)))
    case("np.cummax", x, call=jax.lax.cummax, axis=1)
    case("np.cummin", x, call=jax.lax.cummin, axis=1)
    case("np.bincount", array([0, 3, 1, 3, 7, 0], "int32"), weights=x.reshape(-1), length=8)
    case("np.unique", x, size=6)
    case("lax.select_n", array([True, False, True], "bool"), x[0], x[1])
    case("lax.clamp", x[0], x[1], x[0] + 1)
    case("np.median", x, axis=1)
    case("fn.dot_product_attention", *(numbers("float32", (1, 3, 2, 2), k) for k in range(3)))
    case("fn.dot_product_attention", *(numbers("float32", (1, 3, 2, 2), k) for k in range(3)), is_causal=True)
    u, v, places = numbers("float32", (2,), 1), numbers("float32", (4,), 2), array([[2], [0]], "int32")
    numbers_ = jax.lax.ScatterDimensionNumbers((), (0,), (0,))
    fields = {
        "update_window_dims": (),
        "inserted_window_dims": (0,),
        "scatter_dims_to_operand_dims": (0,),
        "operand_batching_dims": (),
        "scatter_indices_batching_dims": (),
    }
    for name in ("mul", "min", "max"):
        case(f"lax.scatter_{name}", v, places, u, numbers_, a=[v, places, u, fields], o={"unique_indices": True},
             call=partial(getattr(jax.lax, f"scatter_{name}"), unique_indices=True))
    mask = array([True, False, True], "bool")
    case("np.extract", mask, x[0])
    case("np.compress", mask, x, axis=1)
    case("np.modf", x)
    case("np.delete", x, array([1], "int32"), axis=1)
    case("np.diagflat", x[0], k=1)
    case("np.matvec", y, numbers("float32", (2, 4), 2))
    case("np.absolute", x)
    case("np.degrees", x)
    case("np.radians", x)
    case("np.astype", x, "float32")
    case("np.asarray", x)
    case("lax.convert_element_type", x, "float32")
    for name in ("atan2", "div", "max", "min", "mul", "pow", "rem", "sub"):
        case("lax." + name, x, x + 1)
    case("lax.stop_gradient", x)
    case("lax.optimization_barrier", x)


def main():
    recorder = Recorder()
    for group in GROUPS:
        group(recorder)
    recorder.is_own = True
    own(recorder)
    for name, calls in recorder.second.items():
        recorder.calls.setdefault(name, calls)
    rows = []
    for name, calls in recorder.calls.items():
        wanted = COUNTS.get(name, 2)
        for call in ranked(calls):
            row = derivatives(name, len(rows), *call) if wanted else None
            if row is not None:
                rows.append(row)
                wanted -= 1
        if not rows or rows[-1]["f"] != camel(name):
            print(f"{name}: nothing finite")
    head = {"generator": "scripts/goldens/derivatives.py", "versions": {"jax": jax.__version__, "numpy": np.__version__}}
    lines = [json.dumps(row, separators=(",", ":"), allow_nan=False) for row in rows]
    out = json.dumps(head)[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    pathlib.Path(__file__).resolve().parents[2].joinpath("tests/goldens/derivatives.json").write_text(out)
    print(f"{len(recorder.calls)} functions, {len(rows)} cases, {len(out)} bytes")


if __name__ == "__main__":
    main()
