import { test } from "node:test";
import assert from "node:assert/strict";
import { grad, jvp, linearize, valueAndGrad, vjp } from "../../array/derivatives.ts";
import { jacfwd, jacrev } from "../../array/jacobians.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import { Float0, float0 } from "../../core/float0.ts";
import type { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { flatten, leaves } from "../../tree/flatten.ts";
import { map } from "../../tree/map.ts";
import { start } from "../_support.ts";

await start();

interface Leaves {
  readonly w: NDArray;
  readonly n: NDArray;
  readonly b: NDArray;
}

const point: Leaves = { w: np.array([0.5, 2]), n: np.array([2, 3]), b: np.array([true, false]) };
const f = ({ w, n, b }: Leaves): NDArray => np.where(b, w.pow(n), w).sum();

test("float0 is a node of trees without children", () => {
  assert(float0 instanceof Float0);
  assert.deepEqual(leaves([float0, 1]), [1]);
  const [, structure] = flatten({ a: float0 });
  assert.equal((structure.unflatten([]) as { a: Float0 }).a, float0);
  assert.deepEqual(map((x: number) => x + 1, { a: float0, b: 1 }), { a: float0, b: 2 });
  assert.equal(`${float0}`, "float0");
  assert.throws(() => np.array(1).add(float0 as unknown as NDArray), { name: "TypeError" });
});

test("grad() with allowInt gives float0 for integers and bools, also compiled and of batches", () => {
  for (const g of [grad(f, { allowInt: true }), jit(grad(f, { allowInt: true })), grad(jit(f), { allowInt: true })]) {
    const { w, n, b } = g(point) as Leaves;
    assert.deepEqual(w.tolist(), [1, 1]);
    assert.equal(n as unknown, float0);
    assert.equal(b as unknown, float0);
  }
  const batch = map((x: NDArray) => np.stack([x, x]), point);
  const each = vmap(grad(f, { allowInt: true }))(batch) as Leaves;
  assert.deepEqual([each.w.tolist(), each.n as unknown], [[[1, 1], [1, 1]], float0]);
  const [value, own] = valueAndGrad((n: NDArray) => n.astype("float32").sum(), { allowInt: true })(np.array([1, 2]));
  assert.deepEqual([(value as NDArray).item(), own], [3, float0]);
  const flag = grad((on: NDArray, x: NDArray) => np.where(on, x, 1).sum(), { allowInt: true, argnums: [0, 1] });
  assert.deepEqual((flag(true, 2) as unknown[])[0], float0);
});

test("derivatives of integers are refused without allowInt, and those of keys always", () => {
  assert.throws(() => grad(f)(point), { name: "TypeError", message: /^Cannot grad: .* holds an array of bool/ });
  assert.throws(() => jacfwd(f)(point), { name: "TypeError" });
  assert.throws(() => jacrev(f)(point), { name: "TypeError" });
  assert.throws(() => grad((k: NDArray) => random.normal(k), { allowInt: true })(random.key(0)), {
    name: "TypeError",
    message: /holds an array of prngKey/,
  });
});

test("vjp() gives float0 for integers, and takes it for results of integers", () => {
  const both = (p: Leaves): [NDArray, NDArray] => [f(p), p.n.add(1)];
  const [[y, m], pullback] = vjp(both, point);
  assert.deepEqual([y.item(), m.tolist()], [2.25, [3, 4]]);
  const [ct] = pullback([np.array(2, { dtype: "float32" }), float0 as unknown as NDArray]);
  assert.deepEqual([ct.w.tolist(), ct.n as unknown, ct.b as unknown], [[2, 2], float0, float0]);
  assert.throws(() => pullback([np.array(2, { dtype: "float32" }), m]), {
    name: "ValueError",
    message: "Cannot vjp: tangents or cotangents do not fit what they belong to\n" +
      "  actual:   float32[], int32[2], as [*, *]\n  expected: float32[], float0, as [*, *]\n" +
      "  try:      pass trees of the same structure, with arrays of the same shapes and dtypes, and pz.float0 for what " +
      "is no float",
  });
  const [key, back] = vjp((k: NDArray, x: NDArray) => random.normal(k).mul(x), random.key(0), np.array(0.5));
  const cts = back(np.array(1, { dtype: "float32" })) as unknown[];
  assert.equal(cts[0], float0);
  assert.equal((cts[1] as NDArray).item(), random.normal(random.key(0)).item());
  assert.equal(key.shape.length, 0);
});

test("jvp() and linearize() take and give float0 for integers", () => {
  const both = (x: NDArray, n: NDArray): [NDArray, NDArray] => [x.pow(n), n.mul(2)];
  const [x, n] = [np.array([0.5, 2]), np.array([2, 3])];
  const [, [dy, dm]] = jvp(both, [x, n], [np.ones(2), float0]);
  assert.deepEqual([dy.tolist(), dm as unknown], [[1, 12], float0]);
  const [[y], pushforward] = linearize(both, x, n);
  const [ey, em] = pushforward(np.ones(2), float0);
  assert.deepEqual([y.tolist(), ey.tolist(), em as unknown], [[0.25, 8], [1, 12], float0]);
  assert.throws(() => jvp(both, [x, n], [np.ones(2), n]), { name: "ValueError", code: "tangents" });
  assert.throws(() => jvp(both, [x, n], [float0, float0]), { name: "ValueError", code: "tangents" });
  assert.deepEqual(jvp((x: NDArray) => x.mul(3), [2 as unknown as NDArray], [1 as unknown as NDArray])[1].item(), 3);
  const compiled = jit((x: NDArray, n: NDArray) => jvp(both, [x, n], [x, float0])[1]);
  assert.deepEqual([compiled(x, n)[0].tolist(), compiled(x, n)[1] as unknown], [[0.5, 24], float0]);
});

test("jacrev() with allowInt gives float0 for integers", () => {
  const { w, n } = jacrev((p: Leaves) => p.w.pow(p.n), { allowInt: true })(point) as Leaves;
  assert.deepEqual([w.tolist(), n as unknown], [[[1, 0], [0, 12]], float0]);
});
