import assert from "node:assert/strict";
import { test } from "node:test";
import { add } from "../../array/arithmetic.ts";
import { array, copy } from "../../array/creation.ts";
import { item, tolist } from "../../array/read.ts";
import { all, any } from "../../array/reductions.ts";
import {
  intersect1d,
  isin,
  setdiff1d,
  setxor1d,
  union1d,
  unique,
  uniqueAll,
  uniqueCounts,
  uniqueInverse,
  uniqueValues,
} from "../../array/sets.ts";
import type { NDArray } from "../../core/ndarray.ts";

const lists = (arrays: NDArray | NDArray[]) => (arrays as NDArray[]).map((x) => tolist(x));
import { start } from "../_support.ts";

await start();

test("unique() gives indices, inverse and counts, with the shape of the array", () => {
  const x = array([[3, 1], [3, 2]]);
  assert.deepEqual(lists(unique(x, { returnIndex: true, returnInverse: true, returnCounts: true })), [
    [1, 2, 3],
    [1, 3, 0],
    [[2, 0], [2, 1]],
    [1, 1, 2],
  ]);
});

test("unique() of slices compares them whole, of any width", () => {
  const x = array([[1, 2, 1], [0, 5, 0]]);
  assert.deepEqual(tolist(unique(x, { axis: 1 })), [[1, 2], [0, 5]]);
  const wide = array([1, 0, 1].map((last) => [...new Array(19).fill(1), last]));
  assert.deepEqual(unique(wide, { axis: 0 }).shape, [2, 20]);
});

test("unique() takes all NaN for one, unless it is told not to", () => {
  const x = array([NaN, 1, NaN]);
  assert.deepEqual(tolist(unique(x)), [1, NaN]);
  assert.deepEqual(tolist(unique(x, { equalNan: false })), [1, NaN, NaN]);
});

test("unique() of a size reads nothing, and fills up", () => {
  const x = array([4, 2, 4]);
  assert.deepEqual(tolist(unique(x, { size: 3 })), [2, 4, 2]);
  assert.deepEqual(lists(unique(x, { size: 3, fillValue: -1, returnCounts: true })), [[2, 4, -1], [1, 2, 0]]);
  assert.deepEqual(tolist(unique(x, { size: 1 })), [2]);
  assert.throws(() => unique(array([]), { size: 2 }), {
    name: "ValueError",
    message: [
      "Cannot compute unique: there is no element to fill up with",
      "  operand:  fillValue",
      "  actual:   no elements for a size of 2",
      "  expected: a value that stands for missing elements",
      "  try:      pass { fillValue }",
    ].join("\n"),
  });
});

test("uniqueValues(), uniqueCounts(), uniqueInverse() and uniqueAll() are parts of unique()", () => {
  const x = array([2, 1, 2]);
  assert.deepEqual(tolist(uniqueValues(x)), [1, 2]);
  assert.deepEqual(lists(uniqueCounts(x)), [[1, 2], [1, 2]]);
  assert.deepEqual(lists(uniqueInverse(x)), [[1, 2], [1, 0, 1]]);
  assert.deepEqual(lists(uniqueAll(x)), [[1, 2], [1, 0], [1, 0, 1], [1, 2]]);
});

test("isin() finds elements among few and among many", () => {
  assert.deepEqual(tolist(isin(array([[1, 2], [3, NaN]]), array([2, 3, NaN]))), [[false, true], [true, false]]);
  const many = array(Array.from({ length: 1000 }, (_, k) => 2 * k));
  assert.equal(item(all(isin(copy(many), many))), true);
  assert.equal(item(any(isin(add(many, 1), many))), false);
  assert.deepEqual(tolist(isin(array([1]), array([]), { invert: true })), [true]);
});

test("union1d(), intersect1d(), setdiff1d() and setxor1d() are those of sets", () => {
  const [x, y] = [array([3, 1, 3, 2]), array([2, 5, 3])];
  assert.deepEqual(tolist(union1d(x, y)), [1, 2, 3, 5]);
  assert.deepEqual(tolist(intersect1d(x, y) as NDArray), [2, 3]);
  assert.deepEqual(lists(intersect1d(x, y, { returnIndices: true })), [[2, 3], [3, 0], [0, 2]]);
  assert.deepEqual(tolist(setdiff1d(x, y)), [1]);
  assert.deepEqual(tolist(setxor1d(x, y)), [1, 5]);
  assert.deepEqual(tolist(setxor1d(x, y, { size: 3 })), [1, 5, 1]);
  assert.deepEqual(tolist(union1d(x, y, { size: 6, fillValue: 0 })), [1, 2, 3, 5, 0, 0]);
});
