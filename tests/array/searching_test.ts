import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { item, tolist } from "../../array/read.ts";
import { digitize, searchsorted } from "../../array/searching.ts";
import { start } from "../_support.ts";

await start();

test("searchsorted() finds both sides of equal elements, in arrays of any size", () => {
  for (const size of [1, 2, 3, 7, 64, 100]) {
    const line = Array.from({ length: size }, (_, k) => k >> 1);
    const query = array([-1, ...line, size]);
    const left = [-1, ...line, size].map((v) => line.filter((w) => w < v).length);
    const right = [-1, ...line, size].map((v) => line.filter((w) => w <= v).length);
    assert.deepEqual(tolist(searchsorted(array(line), query)), left);
    assert.deepEqual(tolist(searchsorted(array(line), query, { side: "right" })), right);
  }
  assert.equal(item(searchsorted(array([]), 1)), 0);
});

test("searchsorted() takes NaN for the greatest", () => {
  const line = array([1, NaN, NaN]);
  assert.deepEqual(tolist(searchsorted(line, array([2, NaN]))), [1, 1]);
  assert.deepEqual(tolist(searchsorted(line, array([2, NaN]), { side: "right" })), [1, 3]);
  assert.deepEqual(tolist(searchsorted(array([3, 1, 2]), array([2]), { sorter: array([1, 2, 0]) })), [1]);
  assert.throws(() => searchsorted(array([[1]]), 1), {
    name: "ValueError",
    message: [
      "Cannot compute searchsorted: the array to search has not one axis",
      "  operand:  a",
      "  actual:   shape [1,1]",
      "  expected: one axis",
      "  try:      flatten it, or map over its rows by vmap",
    ].join("\n"),
  });
  assert.throws(() => searchsorted(line, 1, { side: "middle" as "left" }), { name: "ValueError" });
});

test("digitize() takes rising and falling edges", () => {
  const x = array([[0.5], [1], [9]]);
  assert.deepEqual(tolist(digitize(x, array([1, 2]))), [[0], [1], [2]]);
  assert.deepEqual(tolist(digitize(x, array([2, 1]))), [[2], [1], [0]]);
  assert.deepEqual(tolist(digitize(x, array([1, 2]), { right: true })), [[0], [0], [2]]);
  assert.deepEqual(tolist(digitize(x, array([]))), [[0], [0], [0]]);
});
