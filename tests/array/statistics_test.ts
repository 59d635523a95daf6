import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { item, tolist } from "../../array/read.ts";
import { average, corrcoef, cov, std, var as variance } from "../../array/statistics.ts";
import { start } from "../_support.ts";

await start();

test("var() divides by the number of elements, less ddof", () => {
  const x = array([[1, 3], [2, 6]]);
  assert.deepEqual(tolist(variance(x, { axis: 1 })), [1, 4]);
  assert.deepEqual(tolist(variance(x, { axis: 1, ddof: 1, keepdims: true })), [[2], [8]]);
  assert.deepEqual(tolist(variance(x, { axis: 1, correction: 1 })), [2, 8]);
  assert.equal(item(variance(array([1]), { ddof: 1 })), NaN);
  assert.deepEqual(tolist(variance(x, { axis: 0, where: array([[true], [false]]) })), [0, 0]);
});

test("std() is the root of var(), in floats alone", () => {
  assert.deepEqual(tolist(std(array([[1, 3], [2, 6]]), { axis: 1 })), [1, 2]);
  assert.equal(std(array([1, 2], { dtype: "float16" })).dtype, "float16");
  assert.throws(() => std(array([1]), { dtype: "int32" }), {
    name: "ValueError",
    message: [
      "Cannot compute std: the dtype is not a float",
      "  operand:  dtype",
      "  actual:   int32",
      "  expected: float32, float16 or bfloat16",
      "  try:      leave it out, and cast the result by astype()",
    ].join("\n"),
  });
});

test("average() weighs elements, or slices along an axis", () => {
  const x = array([[1, 2], [3, 4]]);
  assert.equal(item(average(x)), 2.5);
  assert.deepEqual(tolist(average(x, { axis: 0, weights: array([3, 1]) })), [1.5, 2.5]);
  const [means, sums] = average(x, { weights: x, returned: true });
  assert.deepEqual([item(means), item(sums)], [3, 10]);
  assert.throws(() => average(x, { weights: array([1, 2]) }), {
    name: "ValueError",
    message: [
      "Cannot compute the average: the weights do not fit",
      "  operand:  weights",
      "  actual:   weights [2] for [2,2], axis left out",
      "  expected: weights of the array's shape, or of one axis that `axis` names",
      "  try:      broadcast the weights to the array's shape",
    ].join("\n"),
  });
});

test("cov() and corrcoef() relate the rows of a matrix", () => {
  const x = array([[1, 2, 3], [2, 4, 6]]);
  assert.deepEqual(tolist(cov(x)), [[1, 2], [2, 4]]);
  assert.deepEqual(tolist(cov(x, { bias: true, rowvar: true }))!, tolist(cov(x, { ddof: 0 })));
  assert.equal(item(cov(array([1, 3]))), 2);
  assert.equal(Number(item(cov(array([1, 3]), { fweights: array([2, 1]) }))).toFixed(4), "1.3333");
  assert.deepEqual(tolist(corrcoef(x)), [[1, 1], [1, 1]]);
  assert.throws(() => cov(array([1, 3]), { fweights: array([0.5, 1]) }), { name: "TypeError" });
});
