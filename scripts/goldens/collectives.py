"""Goldens of operations across the examples of a batch, by JAX: tests/goldens/collectives.json.

Run with a Python that has jax 0.5.3: python scripts/goldens/collectives.py. Operands are drawn from keys, whose bits are
equal to ours, so that only results are stored, as lists of numbers.
"""

import json
import pathlib

import jax
import jax.numpy as jnp
from jax import lax, random


def draw(seed, *shape):
    return random.normal(random.key(seed), shape)


x, w, dx = draw(0, 3, 4), draw(1, 3, 2, 4), draw(2, 3, 4)
n = jnp.array([[3, -1], [5, 2], [-7, 4]])


def over(f, **options):
    return jax.vmap(f, axis_name="i", **options)


def both(f):
    return jax.vmap(jax.vmap(f, axis_name="j"), axis_name="i")


def norm(x):
    centered = x - lax.pmean(x, "i")
    return centered / jnp.sqrt(lax.pmean(centered**2, "i") + 1e-3)


def gathered(x):
    y = lax.all_gather(x, "i")
    return jnp.sin(y).sum(0) * x + lax.all_gather(x, "i", axis=0, tiled=True)[2:6] * lax.axis_index("i")


def loss(x):
    return jnp.sum(jnp.sin(x) * lax.psum(x * x, "i"))


RESULTS = {
    "psum": over(lambda x: lax.psum(x, "i"))(x),
    "psum of ints": over(lambda x: lax.psum(x, "i"))(n),
    "psum of bools": over(lambda x: lax.psum(x > 0, "i"))(n),
    "psum of a constant": over(lambda x: x * lax.psum(1, "i") + lax.psum(jnp.array([1.0, 2, 3, 4]), "i"))(x),
    "pmean": over(lambda x: lax.pmean(x, "i"))(x),
    "pmean of ints": over(lambda x: lax.pmean(x, "i"))(n),
    "pmax and pmin": over(lambda x: lax.pmax(x, "i") - lax.pmin(x, "i"))(x),
    "axis index": over(lambda x: x * lax.axis_index("i"))(x),
    "all gather": over(lambda x: lax.all_gather(x, "i"), out_axes=0)(x),
    "all gather along 1": over(lambda x: lax.all_gather(x, "i", axis=1))(x),
    "all gather tiled": over(lambda x: lax.all_gather(x, "i", axis=0, tiled=True))(x),
    "normalized": over(norm)(x),
    "jvp": jax.jvp(over(norm), (x,), (dx,))[1],
    "jvp inside": over(lambda x, dx: jax.jvp(norm, (x,), (dx,))[1])(x, dx),
    "grad outside": jax.grad(lambda x: jnp.sum(jnp.sin(over(norm)(x))))(x),
    "grad inside": over(jax.grad(loss))(x),
    "grad of gathered": jax.grad(lambda x: jnp.sum(jnp.sin(over(gathered)(x))))(x),
    "grad of gathered inside": over(jax.grad(lambda x: jnp.sum(gathered(x))))(x),
    "hessian inside": over(jax.hessian(loss))(x),
    "grad by what all share": jax.grad(lambda s: over(lambda x: lax.psum(jnp.sin(s * x).sum(), "i") * x[0])(x).sum())(0.7),
    "psum over both": both(lambda w: lax.psum(w, ("i", "j")))(w),
    "psum over the inner": both(lambda w: w - lax.psum(w, "j"))(w),
    "psum over the outer": both(lambda w: w - lax.psum(w, "i"))(w),
    "index over both": both(lambda w: w + lax.axis_index(("i", "j")))(w),
    "gather of the outer": both(lambda w: jnp.cos(lax.all_gather(w, "i")).sum(0))(w),
    "grad over both": both(jax.grad(lambda w: jnp.sum(jnp.sin(w * lax.pmean(w, ("i", "j"))))))(w),
}


def numbers(value):
    return [round(float(v), 7) for v in jnp.ravel(value)]


def main():
    results = {key: numbers(value) for key, value in RESULTS.items()}
    out = {"generator": "scripts/goldens/collectives.py", "versions": {"jax": jax.__version__}, "results": results}
    path = pathlib.Path(__file__).parents[2] / "tests" / "goldens" / "collectives.json"
    path.write_text(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
