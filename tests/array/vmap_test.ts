import { test } from "node:test";
import assert from "node:assert/strict";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import type { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { start } from "../_support.ts";

await start();

const dot = (x: NDArray, y: NDArray): NDArray => x.mul(y).sum();
const x = np.array([[1, 2], [3, 4]]);

test("vmap() maps over axes of its arguments, and takes others as a whole", () => {
  assert.deepEqual(vmap(dot)(x, x).tolist(), [5, 25]);
  assert.deepEqual(vmap(dot, { inAxes: [0, null] })(x, np.array([1, 10])).tolist(), [21, 43]);
  assert.deepEqual(vmap(dot, { inAxes: [1, -1] })(x, x).tolist(), [10, 20]);
  assert.deepEqual(vmap(vmap(dot, { inAxes: [null, 0] }), { inAxes: [0, null] })(x, x).tolist(), [[5, 11], [11, 25]]);
});

test("vmap() takes trees of axes, and places results", () => {
  const f = ({ a, b }: { a: NDArray; b: NDArray }) => ({ sum: a.add(b), all: b.sum() });
  const { sum, all } = vmap(f, { inAxes: [{ a: 0, b: null }], outAxes: { sum: 1, all: null } })({
    a: x,
    b: np.array([1, 1]),
  });
  assert.deepEqual([sum.tolist(), all.tolist()], [[[2, 4], [3, 5]], 2]);
  assert.deepEqual(vmap((_: NDArray) => np.array([1, 2]))(x).tolist(), [[1, 2], [1, 2]]);
  assert.deepEqual(vmap(() => np.array(1), { axisSize: 3 })().tolist(), [1, 1, 1]);
});

test("vmap() over keys draws for each what it draws alone", () => {
  const keys = random.split(random.key(7), 3);
  const all = vmap((key: NDArray) => random.normal(key, [4]))(keys);
  keys.unstack().forEach((key, k) => assert.deepEqual(all.get(k).tolist(), random.normal(key, [4]).tolist()));
});

test("vmap() says what does not fit", () => {
  assert.throws(() => vmap(dot)(x, np.ones([3, 2])), {
    name: "ValueError",
    message: "Cannot vmap: the numbers of examples differ\n  operand:  inAxes\n" +
      "  actual:   int32[2,2] along 0, float32[3,2] along 0\n  expected: one size, not 2 and 3\n" +
      "  try:      name the axis of each argument by inAxes, or null",
  });
  assert.throws(() => vmap(dot, { inAxes: null })(x, x), {
    name: "ValueError",
    message: "Cannot vmap: nothing says how many examples there are\n  operand:  inAxes\n" +
      "  actual:   int32[2,2] as a whole, int32[2,2] as a whole\n  expected: an argument with an axis of examples\n" +
      "  try:      name an axis of one argument, or pass axisSize",
  });
  assert.throws(() => vmap(dot, { outAxes: null })(x, x), {
    name: "ValueError",
    message: "Cannot vmap: a result depends on the example, but outAxes says that it does not\n  operand:  outAxes\n" +
      "  actual:   null for a batch int32[2]\n  expected: the number of an axis\n" +
      "  try:      name the axis that the examples are to lie along",
  });
});
