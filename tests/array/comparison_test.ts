import assert from "node:assert/strict";
import { test } from "node:test";
import {
  allclose,
  arrayEqual,
  arrayEquiv,
  equal,
  greater,
  greaterEqual,
  isclose,
  less,
  lessEqual,
  notEqual,
} from "../../array/comparison.ts";
import { array, zeros } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("comparisons give strong bools, and false of NaN but for notEqual()", () => {
  const x = array([1, 2, NaN]);
  assert.deepEqual(tolist(equal(x, 2)), [false, true, false]);
  assert.deepEqual(tolist(notEqual(x, 2)), [true, false, true]);
  assert.deepEqual(tolist(less(x, 2)), [true, false, false]);
  assert.deepEqual(tolist(lessEqual(x, 2)), [true, true, false]);
  assert.deepEqual(tolist(greater(x, 1)), [false, true, false]);
  assert.deepEqual(tolist(greaterEqual(x, 1)), [true, true, false]);
  assert.deepEqual([equal(1, 1).dtype, equal(1, 1).weakType], ["bool", false]);
});

test("less() of unsigned integers compares them as such", () => {
  assert.deepEqual(tolist(less(array([2 ** 31], { dtype: "uint32" }), 1)), [false]);
});

test("isclose() takes infinities as near themselves alone", () => {
  const x = array([Infinity, Infinity, 1, NaN]);
  const y = array([Infinity, -Infinity, Infinity, NaN]);
  assert.deepEqual(tolist(isclose(x, y)), [true, false, false, false]);
  assert.deepEqual(tolist(isclose(x, y, { equalNan: true })), [true, false, false, true]);
});

test("isclose() takes tolerances that are arrays", () => {
  const near = isclose(array([1, 1.5]), array([1.25, 1]), { rtol: 0, atol: array([[0.25], [1]]) });
  assert.deepEqual(tolist(near), [[true, false], [true, true]]);
});

test("allclose() and arrayEqual() give one bool", () => {
  assert.equal(tolist(allclose(array([1, 2]), array([1, 2.00001]))), true);
  assert.equal(tolist(allclose(zeros([0]), zeros([0]))), true);
  assert.equal(tolist(arrayEqual(array([1, 2]), array([1, 2], { dtype: "float32" }))), true);
  assert.equal(tolist(arrayEqual(array([1]), array([1, 1]))), false);
  assert.equal(tolist(arrayEqual(array([NaN]), array([NaN]))), false);
  assert.equal(tolist(arrayEqual(array([NaN]), array([NaN]), { equalNan: true })), true);
});

test("arrayEquiv() broadcasts", () => {
  assert.equal(tolist(arrayEquiv(array([1, 1]), 1)), true);
  assert.equal(tolist(arrayEquiv(array([[1, 2], [1, 2]]), array([1, 2]))), true);
  assert.equal(tolist(arrayEquiv(array([1, 2, 3]), array([1, 2]))), false);
});
