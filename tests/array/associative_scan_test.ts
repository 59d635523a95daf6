import { test } from "node:test";
import assert from "node:assert/strict";
import { grad } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { draw, golden } from "./_control_flow.ts";

const [a, b, mats] = [draw(9, 7), draw(10, 7), draw(11, 6, 2, 2)];

type Pair = [NDArray, NDArray];

function matrices(x: NDArray): NDArray {
  return lax.associativeScan(np.matmul, x);
}

function recurrence(a: NDArray, b: NDArray, reverse = false): NDArray {
  const follow = (l: Pair, r: Pair): Pair => [l[0].mul(r[0]), l[1].mul(r[0]).add(r[1])];
  return lax.associativeScan(follow, [a, b] as Pair, { reverse })[1];
}

test("associativeScan() multiplies matrices and solves recurrences as JAX does", () => {
  golden("matrices", matrices(mats), 1e-5);
  golden("matrices gradient", grad((x: NDArray) => np.sin(matrices(x)).sum())(mats), 1e-5);
  golden("recurrence", [recurrence(a, b), recurrence(a, b, true)]);
  golden("recurrence", [jit(recurrence)(a, b), jit((a: NDArray, b: NDArray) => recurrence(a, b, true))(a, b)]);
  const squared = (a: NDArray, b: NDArray): NDArray => recurrence(a, b).pow(2).sum();
  golden("recurrence gradients", grad(squared, { argnums: [0, 1] })(a, b), 1e-5);
});

test("associativeScan() goes along any axis, over trees, under vmap", () => {
  const x = np.arange(6).reshape(2, 3);
  const sums = (axis: number) => lax.associativeScan(({ x: a }, { x: b }) => ({ x: a.add(b) }), { x }, { axis }).x;
  assert.deepEqual(sums(0).tolist(), [[0, 1, 2], [3, 5, 7]]);
  assert.deepEqual(sums(-1).tolist(), [[0, 1, 3], [3, 7, 12]]);
  assert.deepEqual(vmap((x: NDArray) => lax.associativeScan(np.add, x))(x).tolist(), [[0, 1, 3], [3, 7, 12]]);
  assert.deepEqual(lax.associativeScan(np.add, np.zeros([0])).shape, [0]);
  assert.deepEqual(lax.associativeScan((a: NDArray[]) => a, [] as NDArray[]), []);
});

test("associativeScan() says what does not fit", () => {
  assert.throws(() => lax.associativeScan((a: NDArray[]) => a, [np.ones(2), np.ones(3)]), {
    name: "ValueError",
    message: "Cannot associativeScan: the arrays differ in size along the axis\n  operand:  elems\n" +
      "  actual:   float32[2], float32[3]\n  expected: one size along axis 0, not 2 and 3\n" +
      "  try:      cut off or pad the longer ones",
  });
  assert.throws(() => lax.associativeScan((a: NDArray, b: NDArray) => a.gt(b), np.ones(4)), {
    name: "TypeError",
    message: "Cannot associativeScan: what the function takes and gives differ in type: " +
      "float32[2] taken, bool[2] given; return what was taken, folded",
  });
  assert.throws(() => lax.associativeScan(null as unknown as () => NDArray, np.ones(4)), {
    name: "TypeError",
    message: "Cannot associativeScan: the first argument is null; pass a function",
  });
});
