"""Goldens of derivatives and batches, by JAX: tests/goldens/transforms.json.

Run with a Python that has jax 0.5.3: python scripts/goldens/transforms.py. Operands are drawn from keys, whose bits are
equal to ours, so that only results are stored, as lists of numbers.
"""

import json
import pathlib

import jax
import jax.numpy as jnp
from jax import random


def draw(seed, *shape):
    return random.normal(random.key(seed), shape)


def mlp(p, x, labels):
    logits = jnp.tanh(x @ p["w1"] + p["b1"]) @ p["w2"]
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))


def attention(q, k, v):
    logits = jnp.einsum("qhd,khd->hqk", q, k) / jnp.sqrt(4.0)
    mask = jnp.tril(jnp.ones((3, 3), bool))
    weights = jax.nn.softmax(jnp.where(mask, logits, -1e9))
    return jnp.sum(jnp.sin(jnp.einsum("hqk,khd->qhd", weights, v)))


def rest(x):
    y = jnp.concatenate([jnp.sort(x), jnp.cumsum(x)[::2]])
    z = jnp.pad(y, (1, 2)).reshape(-1, 2).max(axis=1)
    return jnp.prod(z[:3] + 2) + jnp.std(x) + jax.nn.logsumexp(jax.nn.gelu(y)) + jnp.linalg.norm(x.at[1].multiply(3.0))


labels = jnp.array([0, 2, 1, 2, 0])
p = {"w1": draw(0, 4, 6), "b1": draw(1, 6), "w2": draw(2, 6, 3)}
x = draw(3, 5, 4)
q, k, v = draw(4, 3, 2, 4), draw(5, 3, 2, 4), draw(6, 3, 2, 4)
u, du = draw(7, 6), draw(8, 6)


def hvp(f, at, direction):
    return jax.jvp(jax.grad(f), (at,), (direction,))[1]


RESULTS = {
    "mlp value": mlp(p, x, labels),
    "mlp gradient": jax.grad(mlp)(p, x, labels),
    "mlp gradient by x": jax.grad(mlp, argnums=1)(p, x, labels),
    "per-example gradients": jax.vmap(jax.grad(lambda p, x, y: mlp(p, x[None], y[None])), in_axes=(None, 0, 0))(p, x, labels)["b1"],
    "attention gradients": list(jax.grad(attention, argnums=(0, 1, 2))(q, k, v)),
    "rest gradient": jax.grad(rest)(u),
    "rest hessian vector product": hvp(rest, u, du),
    "gradient of gradient norm": jax.grad(lambda x: jnp.sum(jax.grad(rest)(x) ** 2))(u),
    "third derivative": jax.vmap(jax.grad(jax.grad(jax.grad(lambda x: jnp.tanh(x) * jnp.exp(x)))))(u),
    "jvp of vmap of vjp": jax.jvp(
        jax.vmap(lambda x: jax.vjp(jnp.sin, x)[1](x * x)[0]), (u,), (du,)
    )[1],
}


def numbers(tree):
    if isinstance(tree, dict):
        return {key: numbers(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [numbers(value) for value in tree]
    return jnp.asarray(tree).tolist()


def main():
    out = {"generator": "scripts/goldens/transforms.py", "versions": {"jax": jax.__version__}, "results": numbers(RESULTS)}
    path = pathlib.Path(__file__).parents[2] / "tests" / "goldens" / "transforms.json"
    path.write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
