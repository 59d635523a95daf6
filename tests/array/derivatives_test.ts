import { test } from "node:test";
import assert from "node:assert/strict";
import goldens from "../goldens/transforms.json" with { type: "json" };
import { grad, jvp, linearize, valueAndGrad, vjp } from "../../array/derivatives.ts";
import { hessian, jacfwd, jacrev } from "../../array/jacobians.ts";
import { vmap } from "../../array/vmap.ts";
import * as fn from "../../array/fn.ts";
import * as np from "../../array/np.ts";
import * as linalg from "../../array/linalg.ts";
import { memory } from "../../core/memory.ts";
import { NDArray } from "../../core/ndarray.ts";
import { scope } from "../../core/storage.ts";
import * as random from "../../random/mod.ts";
import { leaves } from "../../tree/flatten.ts";
import { start } from "../_support.ts";

await start();

function draw(seed: number, ...shape: number[]): NDArray {
  return random.normal(random.key(seed), shape);
}

/** Numbers of a tree of arrays or lists, in order. */
function numbers(tree: unknown): number[] {
  return leaves(tree).flatMap((leaf) => leaf instanceof NDArray ? [...leaf.dataSync()] : [leaf as number]);
}

/** Compares with JAX's results, relative to the largest number. */
function golden(name: keyof typeof goldens.results & string, actual: unknown, tolerance = 2e-6): void {
  const [a, b] = [numbers(actual), numbers(goldens.results[name])];
  assert.equal(a.length, b.length, name);
  const scale = Math.max(...b.map(Math.abs));
  a.forEach((value, k) =>
    assert(Math.abs(value - b[k]!) <= tolerance * scale, `${name}: ${value} at ${k}, not ${b[k]}`)
  );
}

interface Parameters {
  readonly w1: NDArray;
  readonly b1: NDArray;
  readonly w2: NDArray;
}

function mlp({ w1, b1, w2 }: Parameters, x: NDArray, labels: NDArray): NDArray {
  const logits = np.tanh(x.matmul(w1).add(b1)).matmul(w2);
  return np.takeAlongAxis(fn.logSoftmax(logits), labels.reshape(-1, 1), 1).mean().neg();
}

function attention(q: NDArray, k: NDArray, v: NDArray): NDArray {
  const logits = np.einsum("qhd,khd->hqk", q, k).div(2);
  const weights = fn.softmax(np.where(np.tril(np.ones([3, 3], { dtype: "bool" })), logits, -1e9));
  return np.sin(np.einsum("hqk,khd->qhd", weights, v)).sum();
}

function rest(x: NDArray): NDArray {
  const y = np.concatenate([np.sort(x), np.cumsum(x).get("::2")]);
  const z = np.pad(y, [1, 2]).reshape(-1, 2).max({ axis: 1 });
  return z.get(":3").add(2).prod().add(np.std(x)).add(fn.logsumexp(fn.gelu(y)))
    .add(linalg.norm(x.at(1).multiply(3)));
}

const labels = np.array([0, 2, 1, 2, 0]);
const p: Parameters = { w1: draw(0, 4, 6), b1: draw(1, 6), w2: draw(2, 6, 3) };
const x = draw(3, 5, 4);
const [u, du] = [draw(7, 6), draw(8, 6)];

test("valueAndGrad() of a classifier gives what JAX gives, by a tree of parameters", () => {
  const [value, gradient] = valueAndGrad(mlp)(p, x, labels);
  golden("mlp value", value);
  golden("mlp gradient", gradient);
  assert.deepEqual(gradient.w1.shape, [4, 6]);
});

test("grad() goes by the arguments that argnums names", () => {
  golden("mlp gradient by x", grad(mlp, { argnums: 1 })(p, x, labels));
  const gradients = grad(attention, { argnums: [0, 1, 2] })(draw(4, 3, 2, 4), draw(5, 3, 2, 4), draw(6, 3, 2, 4));
  golden("attention gradients", gradients);
});

test("derivatives of derivatives are JAX's", () => {
  golden("rest gradient", grad(rest)(u));
  golden("rest hessian vector product", jvp(grad(rest), [u], [du])[1], 1e-5);
  golden("gradient of gradient norm", grad((x: NDArray) => grad(rest)(x).pow(2).sum())(u), 1e-5);
  const f = (x: NDArray): NDArray => np.tanh(x).mul(np.exp(x));
  golden("third derivative", vmap(grad(grad(grad(f))))(u), 1e-5);
});

test("vmap() of grad() gives derivatives for each example, and goes inside of jvp()", () => {
  const one = (p: Parameters, x: NDArray, label: NDArray): NDArray => mlp(p, x.reshape(1, -1), label.reshape(1));
  const each = vmap(grad(one), { inAxes: [null, 0, 0] })(p, x, labels);
  golden("per-example gradients", each.b1);
  const back = (x: NDArray): NDArray => vjp((x: NDArray) => np.sin(x), x)[1](x.mul(x))[0];
  golden("jvp of vmap of vjp", jvp(vmap(back), [u], [du])[1]);
});

test("vjp() and linearize() give maps that can be used again and again", () => {
  const f = (x: NDArray, y: NDArray): { product: NDArray; sum: NDArray } => ({
    product: x.mul(y),
    sum: x.add(y).sum(),
  });
  const [a, b] = [np.array([1, 2], { dtype: "float32" }), np.array([3, 4], { dtype: "float32" })];
  const [out, pullback] = vjp(f, a, b);
  assert.deepEqual(out.product.tolist(), [3, 8]);
  for (const scale of [1, 10]) {
    const ct = { product: np.full([2], scale, { dtype: "float32" }), sum: np.array(0, { dtype: "float32" }) };
    assert.deepEqual(pullback(ct).map((d) => d.tolist()), [[3 * scale, 4 * scale], [scale, 2 * scale]]);
  }
  const [, pushforward] = linearize(f, a, b);
  const one = np.ones(2);
  assert.deepEqual(pushforward(one, one).sum.item(), 4);
  assert.deepEqual(pushforward(b, a).product.tolist(), [10, 20]);
});

test("grad() takes numbers for floats, gives zeros where nothing depends, and passes aux on", () => {
  assert.equal(grad((x: number | NDArray) => np.multiply(x, x))(3).item(), 6);
  assert.deepEqual(grad((_x: NDArray) => np.array(1.5))(np.ones(2)).tolist(), [0, 0]);
  const [gradient, aux] = grad((x: NDArray) => [x.sum(), "aux"], { hasAux: true })(np.ones(2)) as [NDArray, string];
  assert.deepEqual([gradient.tolist(), aux], [[1, 1], "aux"]);
  const [[value], d] = valueAndGrad((x: NDArray) => [x.sum(), 1], { hasAux: true })(np.ones(2)) as [[NDArray], NDArray];
  assert.deepEqual([value.item(), d.tolist()], [2, [1, 1]]);
});

test("what cannot be differentiated says so", () => {
  const id = (x: NDArray): NDArray => x;
  assert.throws(() => grad(id)(np.ones(2)), {
    name: "TypeError",
    message: "Cannot grad: the function gives an array float32[2], and only one float can be differentiated so; " +
      "return a scalar, as x.sum(), or use vjp",
  });
  assert.throws(() => grad(id)(np.array([1, 2])), {
    name: "TypeError",
    message: "Cannot grad: what is differentiated holds an array of int32; " +
      'pass floats, as x.astype("float32"), or leave it out by argnums',
  });
  assert.throws(() => grad(id, { argnums: 3 })(np.ones(2)), {
    name: "ValueError",
    message: "Cannot grad: there is no argument of this number\n  operand:  argnums\n  actual:   [3] of 1 arguments\n" +
      "  expected: whole numbers below 1\n  try:      name arguments that the call has",
  });
  assert.throws(() => grad((x: NDArray) => x.sum(), { hasAux: true })(np.ones(2)), {
    name: "TypeError",
    message: "Cannot grad with hasAux: the function gives an array; return a pair, [result, aux]",
  });
  assert.throws(() => jvp(id, [np.ones(2)], [np.ones(3)]), {
    name: "ValueError",
    message: "Cannot jvp: tangents or cotangents do not fit what they belong to\n" +
      "  actual:   float32[3], as [*]\n  expected: float32[2], as [*]\n" +
      "  try:      pass trees of the same structure, with arrays of the same shapes and dtypes",
  });
});

test("values are not to be had while a function is traced, nor traced arrays afterwards", () => {
  assert.throws(() => grad((x: NDArray) => x.mul(Number(x.item())))(np.array(2.5)), {
    name: "PenjingError",
    message:
      /^Cannot take the item of an array: the array has no value yet, it is being traced\n {2}actual: {3}an array inside of grad/,
  });
  let kept: NDArray | undefined;
  grad((x: NDArray) => (kept = x).sum())(np.ones(2));
  assert.throws(() => kept!.add(1), {
    name: "TracerLeakError",
    message: "Cannot add: an operand was kept beyond the transformation that it belongs to\n" +
      "  actual:   float32[2], an argument of grad, which is over\n  expected: arrays that the transformed function returns\n" +
      "  try:      return the array from the function, as one result more, instead of storing it elsewhere; " +
      "pz.checkTracerLeaks() finds the line that made it",
  });
});

test("scope() frees what a derivative made, and nothing that it still needs", () => {
  const f = (x: NDArray): NDArray => scope(() => np.sin(x.mul(2))).sum();
  const x = np.array([0.25, 0.5]);
  const before = memory().liveArrays;
  const gradient = scope(() => grad(f)(x));
  assert.equal(memory().liveArrays, before + 1);
  (gradient.tolist() as number[]).forEach((value, k) =>
    assert(Math.abs(value - 2 * Math.cos(k === 0 ? 0.5 : 1)) < 1e-6)
  );
});

test("with hasAux, jvp() and the Jacobians give what the function gives beside, as values", () => {
  const x = np.array([0.5, 2]);
  const pair = (x: NDArray): readonly [NDArray, { square: NDArray; name: string }] => {
    const square = x.mul(x);
    return [np.sin(square), { square, name: "square" }];
  };
  const expected = [0.25, 4];
  const [value, tangent, aux] = jvp(pair, [x], [np.ones(2)], { hasAux: true });
  assert(np.allclose(value, np.sin(x.mul(x))));
  assert(np.allclose(tangent, np.cos(x.mul(x)).mul(x).mul(2)));
  assert.deepEqual([aux.square.tolist(), aux.name], [expected, "square"]);
  for (const jacobian of [jacfwd, jacrev]) {
    const [rows, { square }] = jacobian(pair, { hasAux: true })(x) as [NDArray, { square: NDArray }];
    assert(np.allclose(rows, np.diag(np.cos(x.mul(x)).mul(x).mul(2))));
    assert.deepEqual(square.tolist(), expected);
  }
  const [second, { square }] = hessian((x: NDArray) => [x.pow(3).sum(), pair(x)[1]], { hasAux: true })(x);
  assert(np.allclose(second, np.diag(x.mul(6))));
  assert.deepEqual(square.tolist(), expected);
});
