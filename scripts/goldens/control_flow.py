"""Goldens of loops and branches, by JAX: tests/goldens/control_flow.json.

Run with a Python that has jax 0.5.3: python scripts/goldens/control_flow.py. Operands are drawn from keys, whose bits are
equal to ours, so that only results are stored, as lists of numbers.
"""

import json
import pathlib

import jax
import jax.numpy as jnp
from jax import lax, random


def draw(seed, *shape):
    return random.normal(random.key(seed), shape)


w, u, h0, xs = draw(0, 3, 3), draw(1, 2, 3), draw(2, 3), draw(3, 4, 2)
dw, dh, dxs = draw(4, 3, 3), draw(5, 3), draw(6, 4, 2)
batch = draw(7, 5, 4, 2)
v = draw(8, 4)


def rnn(w, h0, xs, reverse=False):
    def cell(h, x):
        h = jnp.tanh(h @ w + x @ u)
        return h, {"h": h, "norm": jnp.sum(h**2)}

    return lax.scan(cell, h0, xs, reverse=reverse)


def rnn_loss(w, h0, xs):
    h, ys = rnn(w, h0, xs)
    return jnp.sum(jnp.sin(h)) + jnp.mean(ys["h"] ** 2) + jnp.sum(ys["norm"][1:])


def counted(x):
    def body(carry, x):
        i, total = carry
        return (i + 1, total + x * i), (i, total * x)

    (i, total), (numbers, products) = lax.scan(body, (0, 0.0), x)
    return total**2 + jnp.sum(products * numbers), i


def products(x):
    return lax.scan(lambda p, x: (p * x, p * x), jnp.float32(1), x)[1]


def nested(w, x):
    def outer(c, x):
        def inner(d, y):
            d = jnp.sin(d * w[0] + y * c[0])
            return d, d * w[1]

        d, ys = lax.scan(inner, x, c)
        return c + ys * d, d

    c, ds = lax.scan(outer, w, x)
    return jnp.sum(c**2) + jnp.sum(ds)


def closed(a):
    # The body holds what is differentiated, in part the same for all rows.
    s = jnp.exp(a)
    return lax.scan(lambda c, x: (c * s[0] + jnp.cos(s) @ jnp.array([1.0, 2.0, 3.0, 4.0]) * x, s * c), a[0], a)[1].sum()


def root(a):
    def cond(state):
        x, n = state
        return (jnp.abs(x * x - a) > 1e-5 * a) & (n < 20)

    def body(state):
        x, n = state
        return 0.5 * (x + a / x), n + 1

    return lax.while_loop(cond, body, (jnp.float32(3), 0))


def power(n, x):
    return lax.fori_loop(0, n, lambda i, p: p * x + i, jnp.float32(1))


def horner(x):
    return lax.fori_loop(2, 6, lambda i, p: p * x + jnp.float32(i), 1.0)


def sqrt(x):
    return lax.cond(x > 0, jnp.sqrt, jnp.zeros_like, x)


def chosen(i, x, y):
    s = jnp.sum(x)
    return lax.switch(i, [lambda x, y: jnp.sum(x * y), lambda x, y: jnp.sin(s) * y[0], lambda x, y: jnp.sum(jnp.exp(x))], x, y)


def stepped(x):
    def body(c, row):
        i, x = row
        return lax.cond(i % 2 == 0, lambda c: c * jnp.sin(x), lambda c: c - x * w[0, 0], c), c

    c, cs = lax.scan(body, 1.0, (jnp.arange(4), x))
    return c + jnp.sum(cs**2)


def matrices(a):
    return lax.associative_scan(jnp.matmul, a)


def recurrence(a, b, reverse=False):
    return lax.associative_scan(
        lambda l, r: (l[0] * r[0], l[1] * r[0] + r[1]), (a, b), reverse=reverse
    )[1]


def hvp(f, at, direction):
    return jax.jvp(jax.grad(f), (at,), (direction,))[1]


a4, b4 = draw(9, 7), draw(10, 7)
mats = draw(11, 6, 2, 2)
positive = jnp.abs(v) + 0.5

RESULTS = {
    "rnn": list(rnn(w, h0, xs)),
    "rnn reversed": list(rnn(w, h0, xs, reverse=True)),
    "rnn gradients": list(jax.grad(rnn_loss, argnums=(0, 1, 2))(w, h0, xs)),
    "rnn jvp": jax.jvp(rnn_loss, (w, h0, xs), (dw, dh, dxs))[1],
    "rnn of batch": jax.vmap(rnn, in_axes=(None, None, 0))(w, h0, batch)[0],
    "rnn gradients of batch": jax.vmap(jax.grad(rnn_loss), in_axes=(None, None, 0))(w, h0, batch),
    "rnn gradient of batch": jax.grad(lambda w: jnp.sum(jax.vmap(rnn_loss, in_axes=(None, None, 0))(w, h0, batch)))(w),
    "rnn hessian vector product": hvp(lambda w: rnn_loss(w, h0, xs), w, dw),
    "rnn gradient of gradient norm": jax.grad(lambda w: jnp.sum(jax.grad(rnn_loss)(w, h0, xs) ** 2))(w),
    "counted": list(counted(v)),
    "counted gradient": jax.grad(lambda x: counted(x)[0])(v),
    "products": products(v),
    "products jacobians": [jax.jacfwd(products)(v), jax.jacrev(products)(v)],
    "nested gradients": list(jax.grad(nested, argnums=(0, 1))(v, h0)),
    "nested hessian vector product": hvp(lambda x: nested(x, h0), v, v + 1),
    "closed gradient": jax.grad(closed)(v),
    "closed second": hvp(closed, v, v + 1),
    "roots": list(jax.vmap(root)(positive)),
    "root jvp": jax.jvp(lambda a: root(a)[0], (positive[0],), (jnp.float32(1),))[1],
    "roots jvp": jax.jvp(jax.vmap(lambda a: root(a)[0]), (positive,), (v,))[1],
    "root second": jax.jacfwd(jax.jacfwd(lambda a: root(a)[0]))(positive[1]),
    "powers": jax.vmap(power)(jnp.array([0, 1, 3, 2]), v),
    "powers jvp": jax.jvp(lambda x: jax.vmap(power)(jnp.array([0, 1, 3, 2]), x), (v,), (v + 1,))[1],
    "horner": [horner(v[0]), jax.grad(horner)(v[0]), jax.grad(jax.grad(horner))(v[0])],
    "sqrt": jax.vmap(sqrt)(jnp.array([-1.0, 0.0, 4.0])),
    "sqrt gradients": jax.vmap(jax.grad(sqrt))(jnp.array([-1.0, 0.0, 4.0])),
    "sqrt gradient of batch": jax.grad(lambda x: jnp.sum(jax.vmap(sqrt)(x)))(jnp.array([-1.0, 0.0, 4.0])),
    "sqrt second": jax.vmap(jax.grad(jax.grad(sqrt)))(jnp.array([-1.0, 4.0])),
    "chosen": [chosen(i, v, a4[:4]) for i in (-1, 0, 1, 2, 5)],
    "chosen gradients": [list(jax.grad(chosen, argnums=(1, 2))(i, v, a4[:4])) for i in (0, 1, 2)],
    "chosen gradients of batch": list(
        jax.vmap(jax.grad(chosen, argnums=(1, 2)), in_axes=(0, None, None))(jnp.array([2, 0, 1, 9]), v, a4[:4])
    ),
    "chosen hessian vector product": [hvp(lambda x: chosen(i, x, a4[:4]), v, v + 1) for i in (0, 1, 2)],
    "stepped": [stepped(v), jax.grad(stepped)(v), hvp(stepped, v, v + 1)],
    "mapped": lax.map(lambda x: jnp.sin(x) * jnp.sum(x), batch, batch_size=2),
    "mapped gradient": jax.grad(lambda x: jnp.sum(lax.map(lambda x: jnp.sin(x) * jnp.sum(x), x, batch_size=2)))(batch),
    "matrices": matrices(mats),
    "matrices gradient": jax.grad(lambda a: jnp.sum(jnp.sin(matrices(a))))(mats),
    "recurrence": [recurrence(a4, b4), recurrence(a4, b4, reverse=True)],
    "recurrence gradients": list(jax.grad(lambda a, b: jnp.sum(recurrence(a, b) ** 2), argnums=(0, 1))(a4, b4)),
}


def numbers(tree):
    if isinstance(tree, dict):
        return {key: numbers(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [numbers(value) for value in tree]
    return jnp.asarray(tree).tolist()


def main():
    out = {"generator": "scripts/goldens/control_flow.py", "versions": {"jax": jax.__version__}, "results": numbers(RESULTS)}
    path = pathlib.Path(__file__).parents[2] / "tests" / "goldens" / "control_flow.json"
    path.write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
