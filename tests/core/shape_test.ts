import assert from "node:assert/strict";
import { test } from "node:test";
import { broadcastShapes, normalizeAxes, normalizeAxis } from "../../core/shape.ts";

test("broadcastShapes() aligns at the end and repeats size 1", () => {
  assert.deepEqual(broadcastShapes("add", []), []);
  assert.deepEqual(broadcastShapes("add", [[2, 3]]), [2, 3]);
  assert.deepEqual(broadcastShapes("add", [[2, 3], [3]]), [2, 3]);
  assert.deepEqual(broadcastShapes("add", [[], [4, 1], [1, 5], [7, 1, 1]]), [7, 4, 5]);
  assert.deepEqual(broadcastShapes("add", [[1], [0]]), [0]);
  assert.deepEqual(broadcastShapes("add", [[0, 3], [1, 1]]), [0, 3]);
});

test("broadcastShapes() names all shapes where two do not fit", () => {
  assert.throws(() => broadcastShapes("add", [[2, 3], [2, 1], [4]]), {
    name: "ValueError",
    message: [
      "Cannot add: the shapes do not fit each other along axis -1",
      "  actual:   [2,3] and [2,1] and [4]",
      "  expected: equal sizes, or 1, counted from the last axis",
      "  try:      expand dimensions where axes are to repeat, or reshape one of them",
    ].join("\n"),
  });
  assert.throws(() => broadcastShapes("add", [[0], [2]]), { name: "ValueError" });
});

test("normalizeAxis() counts negative axes from the end", () => {
  assert.deepEqual([0, 2, -1, -3].map((axis) => normalizeAxis("sum", axis, 3)), [0, 2, 2, 0]);
  for (const axis of [3, -4, 0.5, NaN]) {
    assert.throws(() => normalizeAxis("sum", axis, 3), {
      name: "ValueError",
      message: [
        `Cannot sum: there is no axis ${axis}`,
        `  actual:   axis ${axis} of 3`,
        "  expected: a whole number from -3 to 2",
        "  try:      name an axis that the array has",
      ].join("\n"),
    });
  }
  assert.throws(() => normalizeAxis("sum", 0, 0), {
    message: [
      "Cannot sum: there is no axis 0",
      "  actual:   axis 0 of 0",
      "  expected: no axis: it is a scalar",
      "  try:      leave the axis out",
    ].join("\n"),
  });
});

test("normalizeAxes() takes one axis, several or all, each once", () => {
  assert.deepEqual(normalizeAxes("sum", undefined, 3), [0, 1, 2]);
  assert.deepEqual(normalizeAxes("sum", -1, 3), [2]);
  assert.deepEqual(normalizeAxes("sum", [-1, 0], 3), [2, 0]);
  assert.deepEqual(normalizeAxes("sum", [], 3), []);
  assert.throws(() => normalizeAxes("sum", [2, -1], 3), {
    name: "ValueError",
    message: [
      "Cannot sum: an axis is named twice",
      "  actual:   axes [2,-1] of 3",
      "  expected: each axis at most once",
      "  try:      leave out the repetition; -1 is the last axis",
    ].join("\n"),
  });
});
