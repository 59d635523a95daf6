import { test } from "node:test";
import assert from "node:assert/strict";
import { jvp } from "../../array/derivatives.ts";
import * as fn from "../../array/fn.ts";
import { hessian, jacfwd, jacrev } from "../../array/jacobians.ts";
import * as np from "../../array/np.ts";
import type { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { start } from "../_support.ts";

await start();

const x = np.array([0.5, 1.5, -1]);

test("jacrev() and jacfwd() give the derivatives of all by all", () => {
  const f = (x: NDArray): NDArray => np.outer(x, np.sin(x));
  const [backwards, forwards] = [jacrev(f)(x), jacfwd(f)(x)] as [NDArray, NDArray];
  assert.deepEqual(backwards.shape, [3, 3, 3]);
  assert(np.allclose(backwards, forwards, { rtol: 1e-6, atol: 1e-7 }).item());
  const expected = np.einsum("ik,j->ijk", np.eye(3), np.sin(x)).add(np.einsum("i,jk->ijk", x, np.diag(np.cos(x))));
  assert(np.allclose(backwards, expected, { rtol: 1e-6, atol: 1e-7 }).item());
});

test("jacrev() and jacfwd() go over trees, by the argument that argnums names", () => {
  const f = (scale: NDArray, { a, b }: { a: NDArray; b: NDArray }) => ({ sum: a.sum().mul(scale), b: b.mul(a.get(0)) });
  const tree = { a: np.array([1.5, 2.5]), b: np.array([[3.5]]) };
  for (const jacobian of [jacrev, jacfwd]) {
    const { sum, b } = jacobian(f, { argnums: 1 })(np.array(2.5), tree);
    assert.deepEqual([sum.a.tolist(), sum.b.tolist()], [[2.5, 2.5], [[0]]]);
    assert.deepEqual([b.a.tolist(), b.b.tolist()], [[[[3.5, 0]]], [[[[1.5]]]]]);
  }
});

test("hessian() times a direction is the derivative of the gradient in it", () => {
  const w = random.normal(random.key(0), [3, 3]);
  const f = (x: NDArray): NDArray => fn.logsumexp(np.tanh(w.matmul(x)).mul(x));
  const direction = random.normal(random.key(1), [3]);
  const [, expected] = jvp((x: NDArray) => jacrev(f)(x) as NDArray, [x], [direction]);
  const h = hessian(f)(x) as NDArray;
  assert(np.allclose(h.matmul(direction), expected, { rtol: 1e-5, atol: 1e-6 }).item());
  assert(np.allclose(h, h.T, { rtol: 1e-5, atol: 1e-6 }).item());
});

test("jacobians of what holds no floats say so", () => {
  assert.throws(() => jacrev((x: NDArray) => np.argmax(x))(x), {
    name: "TypeError",
    message: 'Cannot jacrev: the function gives an array of int32; return floats, as x.astype("float32")',
  });
});

test("jacrev(), jacfwd() and hessian() go by several arguments", () => {
  const f = (x: NDArray, _: string, y: NDArray): NDArray => x.mul(y).mul(y);
  const [x, y] = [np.array([1, 2.5]), np.array([3, 0.5])];
  for (const jacobian of [jacrev, jacfwd]) {
    const [byY, byX] = jacobian(f, { argnums: [-1, 0] })(x, "text", y) as [NDArray, NDArray];
    assert.deepEqual([byX.tolist(), byY.tolist()], [[[9, 0], [0, 0.25]], [[6, 0], [0, 2.5]]]);
  }
  const product = (x: NDArray, y: NDArray): NDArray => x.mul(x).mul(y).sum();
  const second = hessian(product, { argnums: [0, 1] })(np.array(0.5), np.array(3.5)) as NDArray[][];
  assert.deepEqual(second.map((row) => row.map((d) => d.item())), [[7, 1], [1, 0]]);
  assert.throws(() => jacfwd(product, { argnums: [0, 2] })(x, y), { name: "ValueError", code: "argnums" });
});
