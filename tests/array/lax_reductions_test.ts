import assert from "node:assert/strict";
import { test } from "node:test";
import { array, ones } from "../../array/creation.ts";
import * as lax from "../../array/lax_reductions.ts";
import { item, tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("cumulative operations go along the first axis, from either end", () => {
  const x = array([[1, 5], [3, 2]]);
  assert.deepEqual(tolist(lax.cumsum(x)), [[1, 5], [4, 7]]);
  assert.deepEqual(tolist(lax.cumprod(x, { axis: 1, reverse: true })), [[5, 5], [6, 2]]);
  assert.deepEqual(tolist(lax.cummax(x)), [[1, 5], [3, 5]]);
  assert.deepEqual(tolist(lax.cummin(x, { reverse: true })), [[1, 2], [3, 2]]);
  assert.equal(lax.cumsum(array([1], { dtype: "int8" })).dtype, "int8");
  assert.throws(() => lax.cumsum(array([true])), {
    name: "TypeError",
    message: "Cannot cumsum bools: cast to int32 first, by astype()",
  });
});

test("cumlogsumexp() does not overflow, and begins at minus infinity", () => {
  const actual = tolist(lax.cumlogsumexp(array([-Infinity, 1000, 1000]))) as number[];
  assert.deepEqual(actual.map((value) => Math.round(value * 1e3) / 1e3), [-Infinity, 1000, 1000.693]);
  assert.throws(() => lax.cumlogsumexp(array([1])), { name: "TypeError" });
});

test("reductions keep dtypes; those of bits take integers and bools", () => {
  const x = array([[6, 3], [5, 7]], { dtype: "int8" });
  assert.deepEqual(tolist(lax.reduceSum(x, [0])), [11, 10]);
  assert.deepEqual(tolist(lax.reduceProd(x, [-1])), [18, 35]);
  assert.equal(item(lax.reduceMax(x, [1, 0])), 7);
  assert.equal(item(lax.reduceMin(x, [0, 1])), 3);
  assert.equal(item(lax.reduceAnd(x, [0, 1])), 0);
  assert.equal(item(lax.reduceOr(x, [0, 1])), 7);
  assert.deepEqual(tolist(lax.reduceXor(x, [0])), [3, 4]);
  assert.deepEqual(tolist(lax.reduceAnd(array([[true, true], [true, false]]), [0])), [true, false]);
  assert.equal(item(lax.reduceAnd(array([], { dtype: "int32" }), [0])), -1);
  assert.throws(() => lax.reduceXor(array([0.5]), [0]), { name: "TypeError" });
  assert.throws(() => lax.reduceSum(x, [2]), { name: "ValueError" });
});

test("argmax() and argmin() give places of a dtype of integers", () => {
  const x = array([[1, 3], [4, 2]]);
  assert.equal(lax.argmax(x, 0, "uint8").dtype, "uint8");
  assert.deepEqual(tolist(lax.argmin(x, 1)), [0, 1]);
  assert.throws(() => lax.argmax(x, 0, "float32"), {
    name: "TypeError",
    message: "Cannot argmax: the dtype of places is float32; name one of integers",
  });
  assert.throws(() => lax.argmax(ones([0]), 0), { name: "ValueError" });
});

test("sort() gives an array or a list, as it is given", () => {
  assert.deepEqual(tolist(lax.sort(array([2, 1]))), [1, 2]);
  const [keys, values] = lax.sort([array([2, 1, 2]), array([9, 8, 7])], { numKeys: 2 });
  assert.deepEqual([tolist(keys!), tolist(values!)], [[1, 2, 2], [8, 7, 9]]);
  assert.deepEqual(lax.sortKeyVal(array([2, 1]), array([5, 6])).map(tolist), [[1, 2], [6, 5]]);
  assert.throws(() => lax.sort([array([1]), array([1, 2])]), {
    name: "ValueError",
    message: [
      "Cannot sort: the operands do not go together",
      "  operand:  operands",
      "  actual:   [1], [2] with 1 keys",
      "  expected: one to eight arrays of one shape, and as many keys as arrays at most",
      "  try:      broadcast them to one shape; sort places along, and take by them, for more",
    ].join("\n"),
  });
});

test("topK() gives the first of equal elements first", () => {
  assert.deepEqual(lax.topK(array([1, 3, 3, 2]), 3).map(tolist), [[3, 3, 2], [1, 2, 3]]);
  assert.throws(() => lax.topK(array([1]), 2), {
    name: "ValueError",
    message: [
      "Cannot topK: there are no 2 elements",
      "  operand:  k",
      "  actual:   2 of int32[1]",
      "  expected: a whole number from 0 to 1",
      "  try:      ask for fewer, or pad the array",
    ].join("\n"),
  });
});

test("dotGeneral(), dot() and batchMatmul() check their axes", () => {
  const [x, y] = [ones([2, 3, 4]), ones([2, 4, 5])];
  assert.deepEqual(lax.dotGeneral(x, y, [[[2], [1]], [[0], [0]]]).shape, [2, 3, 5]);
  assert.deepEqual(lax.dotGeneral(x, y, [[[-1], [1]], [[], []]]).shape, [2, 3, 2, 5]);
  assert.deepEqual(lax.batchMatmul(x, y).shape, [2, 3, 5]);
  assert.equal(item(lax.dot(array([1, 2]), array([3, 4]))), 11);
  assert.throws(() => lax.dotGeneral(x, y, [[[2], []], [[], []]]), {
    name: "ValueError",
    message: [
      "Cannot dotGeneral: the axes are not in pairs",
      "  operand:  dimensionNumbers",
      "  actual:   [[[2],[]],[[],[]]]",
      "  expected: as many axes of a as of b, to sum over and to keep",
      "  try:      name them as [[ofA, ofB], [batchOfA, batchOfB]]",
    ].join("\n"),
  });
  assert.throws(() => lax.dotGeneral(x, y, [[[1], [1]], [[], []]]), { name: "ValueError" });
  assert.throws(() => lax.dot(x, y), { name: "ValueError" });
  assert.throws(() => lax.dotGeneral(x, y, [[[2], [1]], [[0], [0]]], { preferredElementType: "int32" }), {
    name: "TypeError",
    message: "Cannot dotGeneral: float32 has no products of int32; cast the result by astype()",
  });
});
