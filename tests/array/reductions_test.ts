import assert from "node:assert/strict";
import { test } from "node:test";
import { array, full } from "../../array/creation.ts";
import { item, tolist } from "../../array/read.ts";
import {
  all,
  amax,
  amin,
  any,
  argmax,
  argmin,
  countNonzero,
  max,
  mean,
  min,
  prod,
  ptp,
  sum,
} from "../../array/reductions.ts";
import { start } from "../_support.ts";

await start();

test("sum() goes over axes in any order, and keeps them on demand", () => {
  const x = array([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
  assert.deepEqual(tolist(sum(x, { axis: [2, 0] })), [14, 22]);
  assert.deepEqual(sum(x, { axis: [-1, 0], keepdims: true }).shape, [1, 2, 1]);
  assert.deepEqual(tolist(sum(x, { axis: [] })), tolist(x));
  assert.equal(item(sum(5)), 5);
});

test("sum() is never weak, and widens narrow integers", () => {
  assert.equal(sum(full([3], 2)).weakType, false);
  assert.equal(sum(3).weakType, false);
  assert.deepEqual(["int8", "uint16", "bool", "uint32", "float16"].map((dtype) => sum(array([1], { dtype })).dtype), [
    "int32",
    "uint32",
    "int32",
    "uint32",
    "float16",
  ]);
  assert.equal(item(sum(array([127, 1], { dtype: "int8" }), { promoteIntegers: false })), -128);
});

test("sum() of halves is rounded once, with what it begins with", () => {
  const x = full([4096], 1, { dtype: "bfloat16" });
  assert.equal(item(sum(x)), 4096);
  // 4096 + 16 is between two bfloat16; 4096 is even, so that 8 more and 8 more would stay there.
  assert.equal(item(sum(x, { initial: 24 })), 4128);
});

test("sum() and prod() count the elements that a condition names", () => {
  const x = array([[1, 2], [3, 4]]);
  assert.deepEqual(tolist(sum(x, { axis: 0, where: array([true, false]) })), [4, 0]);
  assert.deepEqual(tolist(prod(x, { axis: 1, where: array([[true], [false]]) })), [2, 1]);
});

test("max() of elements that may be none is refused", () => {
  assert.throws(() => max(array([], { shape: [2, 0] }), { axis: 1 }), {
    name: "ValueError",
    message: [
      "Cannot compute the max: there may be no element to choose",
      "  operand:  x",
      "  actual:   float32[2,0] over axes [1]",
      "  expected: at least one element along the axes",
      "  try:      pass { initial }, the max of no elements",
    ].join("\n"),
  });
  assert.throws(() => min(array([1]), { where: array([true]) }), { name: "ValueError" });
  assert.deepEqual(tolist(max(array([], { shape: [2, 0] }), { axis: 1, initial: -1 })), [-1, -1]);
  assert.deepEqual(max(array([], { shape: [0, 3] }), { axis: 1 }).shape, [0]);
});

test("sum() begins with a scalar alone", () => {
  assert.throws(() => sum(array([1]), { initial: array([1, 2]) }), {
    name: "ValueError",
    message: [
      "Cannot sum: what it begins with is not a scalar",
      "  operand:  initial",
      "  actual:   int32[2]",
      "  expected: an array without axes, or a number",
      "  try:      pass a number, or join the results to other arrays afterwards",
    ].join("\n"),
  });
});

test("max() and min() give way to NaN, and are amax() and amin()", () => {
  assert.equal(item(max(array([1, NaN, 3]))), NaN);
  assert.equal(item(min(array([1, NaN, 3]))), NaN);
  assert.equal(amax, max);
  assert.equal(amin, min);
});

test("any() and all() take every number but 0 for true, and count by a condition", () => {
  assert.equal(item(any(array([0, NaN]))), true);
  assert.equal(item(all(array([-1, 0.5]))), true);
  assert.deepEqual(tolist(any(array([[1, 0], [0, 0]]), { axis: 1, where: array([false, true]) })), [false, false]);
  assert.deepEqual(tolist(all(array([[1, 0], [0, 0]]), { axis: 1, where: array([true, false]) })), [true, false]);
  assert.deepEqual([item(any(array([]))), item(all(array([])))], [false, true]);
});

test("mean() of integers is float32, and of no elements NaN", () => {
  assert.equal(mean(array([1, 2])).dtype, "float32");
  assert.equal(item(mean(array([]))), NaN);
  assert.equal(item(mean(array([1, 2, 9]), { where: array([true, true, false]) })), 1.5);
  assert.equal(mean(array([1, 2]), { dtype: "bfloat16" }).dtype, "bfloat16");
});

test("argmax() and argmin() find the first place, and that of NaN", () => {
  const x = array([[1, 3, 3], [2, 0, 0]]);
  assert.deepEqual(tolist(argmax(x, { axis: 1 })), [1, 0]);
  assert.deepEqual(tolist(argmin(x, { axis: 1, keepdims: true })), [[0], [1]]);
  assert.equal(item(argmax(x)), 1);
  assert.deepEqual(argmin(x, { keepdims: true }).shape, [1, 1]);
  assert.equal(item(argmax(array([1, NaN, NaN]))), 1);
  assert.equal(item(argmax(7)), 0);
});

test("argmax() of no elements is refused", () => {
  assert.throws(() => argmax(array([])), {
    name: "ValueError",
    message: [
      "Cannot argmax: there is no element to choose",
      "  operand:  x",
      "  actual:   float32[0] over all axes",
      "  expected: at least one element along the axis",
      "  try:      leave out arrays without elements",
    ].join("\n"),
  });
});

test("ptp() and countNonzero() reduce over axes", () => {
  assert.deepEqual(tolist(ptp(array([[1, 5], [2, 2]]), { axis: 1 })), [4, 0]);
  assert.throws(() => ptp(array([true])), {
    name: "TypeError",
    message: "Cannot ptp: bools have no difference; cast to int32 first, by astype()",
  });
  assert.deepEqual(tolist(countNonzero(array([[1, 0], [NaN, 2]]), { axis: 1 })), [1, 2]);
  assert.equal(countNonzero(array([1])).dtype, "int32");
});
