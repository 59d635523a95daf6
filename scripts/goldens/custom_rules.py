"""Goldens of custom rules and checkpoints, by JAX: tests/goldens/custom_rules.json.

Run with a Python that has jax 0.5.3: python scripts/goldens/custom_rules.py. Operands are drawn from keys, whose bits are
equal to ours, so that only results are stored, as lists of numbers. Rules are off by factors, so that it shows whether they
are used.
"""

import json
import pathlib
from functools import partial

import jax
import jax.numpy as jnp
from jax import random
from jax._src.ad_checkpoint import saved_residuals
from jax.ad_checkpoint import checkpoint_name


def draw(seed, *shape):
    return random.normal(random.key(seed), shape)


x, y, dx, dy = draw(0, 4), draw(1, 4), draw(2, 4), draw(3, 4)
xs, ys = draw(4, 3, 4), draw(5, 3, 4)


@jax.custom_jvp
def f(x, y):
    return jnp.sin(x) * y


@f.defjvp
def f_jvp(primals, tangents):
    x, y = primals
    dx, dy = tangents
    return f(x, y), 2 * jnp.cos(x) * dx * y + 3 * jnp.sin(x) * dy


@jax.custom_jvp
def h(x, y):
    return {"a": x * y, "b": jnp.exp(x)}


h.defjvps(lambda dx, out, x, y: {"a": 2 * dx * y, "b": out["b"] * dx}, None)


@partial(jax.custom_jvp, nondiff_argnums=(0, 2))
def powers(fn, x, n):
    return fn(x) ** n


@powers.defjvp
def powers_jvp(fn, n, primals, tangents):
    (x,), (dx,) = primals, tangents
    return powers(fn, x, n), 5 * n * fn(x) ** (n - 1) * dx


@jax.custom_vjp
def g(p, x):
    return {"out": jnp.sin(x * p["w"]) + p["b"], "sum": jnp.sum(x)}


def g_fwd(p, x):
    return g(p, x), (p, jnp.cos(x * p["w"]), x)


def g_bwd(res, ct):
    p, cos, x = res
    inner = ct["out"] * cos
    return {"w": 2 * jnp.sum(inner * x), "b": 3 * jnp.sum(ct["out"])}, 5 * inner * p["w"] + ct["sum"]


g.defvjp(g_fwd, g_bwd)

p = {"w": jnp.float32(0.7), "b": jnp.float32(-0.3)}


def g_loss(p, x):
    out = g(p, x)
    return jnp.sum(out["out"] ** 2) + 2 * out["sum"]


def f_sum(x, y):
    return jnp.sum(f(x, y) ** 2)


def layer(w, x):
    return jnp.sin(x @ w)


ws = {"w1": draw(6, 4, 5), "w2": draw(7, 5, 5), "w3": draw(8, 5, 2)}


def net(ws, x, policy=None, remat=True):
    def inner(ws, x):
        x = checkpoint_name(layer(ws["w1"], x), "first")
        x = checkpoint_name(layer(ws["w2"], x), "second")
        return layer(ws["w3"], x)

    return (jax.checkpoint(inner, policy=policy) if remat else inner)(ws, x)


def net_loss(ws, x):
    return jnp.sum(net(ws, x) ** 2)


POLICIES = {
    "none": None,
    "everything": jax.checkpoint_policies.everything_saveable,
    "nothing": jax.checkpoint_policies.nothing_saveable,
    "dots": jax.checkpoint_policies.dots_saveable,
    "dots without batches": jax.checkpoint_policies.dots_with_no_batch_dims_saveable,
    "first": jax.checkpoint_policies.save_only_these_names("first"),
    "both": jax.checkpoint_policies.save_only_these_names("first", "second"),
    "but first": jax.checkpoint_policies.save_any_names_but_these("first"),
    "first or dots": jax.checkpoint_policies.save_from_both_policies(
        jax.checkpoint_policies.save_only_these_names("first"), jax.checkpoint_policies.dots_saveable
    ),
}


def residuals(fn, *args):
    return sorted([list(aval.shape) for aval, source in saved_residuals(fn, *args)])


def batched_dots(x):
    return jnp.sin(jnp.einsum("bij,bjk->bik", x, x)).sum()


cube = draw(9, 2, 3, 3)

RESULTS = {
    "jvp: value": f(x, y),
    "jvp: jvp": list(jax.jvp(f, (x, y), (dx, dy))),
    "jvp: jvp by y": jax.jvp(lambda y: f(x, y), (y,), (dy,))[1],
    "jvp: gradients": list(jax.grad(f_sum, argnums=(0, 1))(x, y)),
    "jvp: gradient of gradient": jax.grad(lambda x: jnp.sum(jax.grad(f_sum)(x, y) ** 2))(x),
    "jvp: hessian vector product": jax.jvp(jax.grad(f_sum), (x, y), (dx, dy))[1],
    "jvp: vmap of grad": jax.vmap(jax.grad(f_sum, argnums=(0, 1)), in_axes=(0, None))(xs, y),
    "jvp: grad of vmap": jax.grad(lambda x, ys: jnp.sum(jax.vmap(f, in_axes=(None, 1), out_axes=1)(x[:3], ys) ** 2), argnums=(0, 1))(x, ys),
    "jvp: jvp of vmap": jax.jvp(jax.vmap(f, in_axes=(0, None)), (xs, y), (ys, dy))[1],
    "jvp: jacobian": jax.jacfwd(f)(x, y),
    "jvp: tree": jax.jvp(h, (x, y), (dx, dy))[1],
    "jvp: tree gradient": jax.grad(lambda x: jnp.sum(h(x, y)["a"]) + jnp.sum(h(x, y)["b"]))(x),
    "jvp: nondiff": jax.grad(lambda x: jnp.sum(powers(jnp.sin, x, 3)))(x),
    "vjp: gradients": list(jax.grad(g_loss, argnums=(0, 1))(p, x)),
    "vjp: gradient of gradient": jax.grad(lambda x: jnp.sum(jax.grad(g_loss, argnums=1)(p, x) ** 2))(x),
    "vjp: gradient of gradient by p": jax.grad(lambda p: jax.grad(g_loss)(p, x)["w"] ** 2)(p),
    "vjp: vmap of grad": list(jax.vmap(jax.grad(g_loss, argnums=(0, 1)), in_axes=(None, 0))(p, xs)),
    "vjp: grad of vmap": list(
        jax.grad(lambda p, xs: jnp.sum(jax.vmap(g_loss, in_axes=(None, 0))(p, xs) ** 2), argnums=(0, 1))(p, xs)
    ),
    # Not by vmap: where a result is the same for all examples, JAX 0.5.3 gives the backward rule of each the cotangent of all.
    "vjp: grad of vmap of w": list(
        jax.grad(lambda w, x: sum(g_loss({"w": w[i], "b": p["b"]}, x) for i in range(4)), argnums=(0, 1))(y, x)
    ),
    "vjp: grad of vmap of grad": jax.grad(
        lambda xs: jnp.sum(jax.vmap(jax.grad(g_loss, argnums=1), in_axes=(None, 0))(p, xs) ** 2)
    )(xs),
    "checkpoint: gradients": list(jax.grad(net_loss, argnums=(0, 1))(ws, xs)),
    "checkpoint: hessian vector product": jax.jvp(jax.grad(net_loss, argnums=1), (ws, xs), (ws, ys))[1],
    "checkpoint: vmap of grad": jax.vmap(jax.grad(net_loss, argnums=1), in_axes=(None, 0))(ws, xs),
}

RESIDUALS = {name: residuals(partial(net, policy=policy), ws, xs) for name, policy in POLICIES.items()}
RESIDUALS["without"] = residuals(partial(net, remat=False), ws, xs)
RESIDUALS["batched dots"] = residuals(jax.checkpoint(batched_dots, policy=POLICIES["dots"]), cube)
RESIDUALS["batched dots without batches"] = residuals(
    jax.checkpoint(batched_dots, policy=POLICIES["dots without batches"]), cube
)
RESIDUALS["nested"] = residuals(lambda ws, x: jax.checkpoint(layer)(ws["w2"], layer(ws["w1"], x)), ws, xs)
RESIDUALS["jit inside"] = residuals(
    jax.checkpoint(jax.jit(partial(net, remat=False)), policy=POLICIES["dots"]), ws, xs
)


def numbers(tree):
    if isinstance(tree, dict):
        return {key: numbers(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [numbers(value) for value in tree]
    return jnp.asarray(tree).tolist()


def main():
    out = {
        "generator": "scripts/goldens/custom_rules.py",
        "versions": {"jax": jax.__version__},
        "results": numbers(RESULTS),
        "residuals": RESIDUALS,
    }
    path = pathlib.Path(__file__).parents[2] / "tests" / "goldens" / "custom_rules.json"
    path.write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
