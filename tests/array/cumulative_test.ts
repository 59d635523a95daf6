import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import {
  cummax,
  cummin,
  cumprod,
  cumsum,
  cumulativeProd,
  cumulativeSum,
  diff,
  ediff1d,
  trapezoid,
} from "../../array/cumulative.ts";
import { item, tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("cumsum() flattens without an axis, and keeps the dtype of narrow integers", () => {
  assert.deepEqual(tolist(cumsum(array([[1, 2], [3, 4]]))), [1, 3, 6, 10]);
  assert.equal(cumsum(array([100, 100], { dtype: "int8" })).dtype, "int8");
  assert.deepEqual(tolist(cumsum(array([100, 100], { dtype: "int8" }))), [100, -56]);
  assert.equal(cumsum(array([true])).dtype, "int32");
  assert.deepEqual(tolist(cumsum(3)), [3]);
});

test("cumprod() goes along an axis", () => {
  assert.deepEqual(tolist(cumprod(array([[1, 2], [3, 4]]), { axis: 0 })), [[1, 2], [3, 8]]);
  assert.deepEqual(tolist(cumprod(array([1, 0]), { dtype: "bool" })), [true, false]);
});

test("cummax() and cummin() keep the extremes so far", () => {
  assert.deepEqual(tolist(cummax(array([1, 3, 2, 5]))), [1, 3, 3, 5]);
  assert.deepEqual(tolist(cummin(array([[3, 1], [2, 4]]), { axis: 0 })), [[3, 1], [2, 1]]);
  assert.deepEqual(tolist(cummax(array([1, NaN, 2]))), [1, NaN, NaN]);
});

test("cumulativeSum() and cumulativeProd() want an axis, and begin with what changes nothing", () => {
  assert.deepEqual(tolist(cumulativeSum(array([1, 2], { dtype: "int8" }), { includeInitial: true })), [0, 1, 3]);
  assert.equal(cumulativeSum(array([1], { dtype: "int8" })).dtype, "int32");
  assert.deepEqual(tolist(cumulativeProd(array([[2, 3]]), { axis: 1, includeInitial: true })), [[1, 2, 6]]);
  assert.throws(() => cumulativeSum(array([[1]])), {
    name: "ValueError",
    message: [
      "Cannot compute cumulativeSum: the axis is not named",
      "  operand:  axis",
      "  actual:   an array of shape [1,1]",
      "  expected: the axis to go along",
      "  try:      pass { axis }, or flatten the array",
    ].join("\n"),
  });
});

test("diff() takes differences n times, of bools whether they differ", () => {
  assert.deepEqual(tolist(diff(array([1, 4, 9, 16]), { n: 2 })), [2, 2]);
  assert.deepEqual(tolist(diff(array([true, false, false]))), [true, false]);
  assert.deepEqual(tolist(diff(array([1, 2]), { prepend: 0, append: array([7]) })), [1, 1, 5]);
  assert.throws(() => diff(array([1]), { n: -1 }), { name: "ValueError" });
  assert.deepEqual(tolist(ediff1d(array([[1, 2], [4, 8]]), { toBegin: 0, toEnd: array([9]) })), [0, 1, 2, 4, 9]);
});

test("trapezoid() integrates over even and uneven steps", () => {
  assert.equal(item(trapezoid(array([1, 2, 3]))), 4);
  assert.equal(item(trapezoid(array([1, 2, 3]), { dx: 2 })), 8);
  assert.equal(item(trapezoid(array([1, 2, 3]), { x: array([0, 1, 3]) })), 6.5);
  assert.deepEqual(tolist(trapezoid(array([[1, 2], [3, 4]]), { axis: 0 })), [2, 3]);
});
