import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { argpartition, argsort, lexsort, partition, sort } from "../../array/sorting.ts";
import { start } from "../_support.ts";

await start();

test("sort() puts NaN last, and first when it falls", () => {
  const x = array([3, NaN, 1, Infinity]);
  assert.deepEqual(tolist(sort(x)), [1, 3, Infinity, NaN]);
  assert.deepEqual(tolist(sort(x, { descending: true })), [NaN, Infinity, 3, 1]);
  assert.deepEqual(tolist(sort(array([[2, 1], [0, 3]]), { axis: null })), [0, 1, 2, 3]);
  assert.deepEqual(tolist(sort(array([[2, 1], [0, 3]]), { axis: 0 })), [[0, 1], [2, 3]]);
  assert.throws(() => sort(5), { name: "ValueError" });
});

test("argsort() keeps the order of equal elements in both directions", () => {
  const x = array([1, 0, 1, 0]);
  assert.deepEqual(tolist(argsort(x)), [1, 3, 0, 2]);
  assert.deepEqual(tolist(argsort(x, { descending: true })), [0, 2, 1, 3]);
});

test("lexsort() sorts by any number of keys, the last one first", () => {
  assert.deepEqual(tolist(lexsort([array([1, 0, 1, 0]), array([1, 1, 0, 0])])), [3, 2, 1, 0]);
  // More than the kernel compares at once.
  const bits = Array.from(
    { length: 11 },
    (_, bit) => array(Array.from({ length: 9 }, (_, k) => (k * 5) % 11 >> bit & 1)),
  );
  const order = tolist(lexsort(bits)) as number[];
  assert.deepEqual(
    order.map((k) => (k * 5) % 11),
    Array.from({ length: 9 }, (_, k) => (k * 5) % 11).sort((a, b) => a - b),
  );
  assert.throws(() => lexsort([]), {
    name: "TypeError",
    message: "Cannot lexsort: there is no key; pass at least one array",
  });
});

test("partition() and argpartition() put an element where sorting would", () => {
  const x = array([5, 1, 4, 2, 3]);
  assert.deepEqual(tolist(partition(x, 1)), [1, 2, 5, 4, 3]);
  assert.deepEqual(tolist(argpartition(x, -3)), [1, 3, 4, 0, 2]);
  assert.throws(() => partition(x, 5), {
    name: "ValueError",
    message: [
      "Cannot partition: there is no element 5",
      "  operand:  kth",
      "  actual:   5 of 5 elements",
      "  expected: a whole number from -5 to 4",
      "  try:      name a place that the axis has",
    ].join("\n"),
  });
});
