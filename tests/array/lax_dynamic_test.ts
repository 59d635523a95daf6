import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import {
  dynamicIndexInDim,
  dynamicSlice,
  dynamicSliceInDim,
  dynamicUpdateIndexInDim,
  dynamicUpdateSlice,
  dynamicUpdateSliceInDim,
} from "../../array/lax_dynamic.ts";
import { reshape } from "../../array/reshaping.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { shareMemory, text } from "./_arrays.ts";

await start();

const x = iota("int32", [12], 0);
const matrix = reshape(x, [3, 4]);
const int = (value: number, dtype: "int32" | "int8" | "uint8" = "int32") =>
  reshape(fromElements([value], [1], dtype), []);

test("dynamicSlice() by numbers is a view, and by arrays gives the same", () => {
  for (const [row, column] of [[0, 0], [1, 2], [-1, -3], [9, -9]] as const) {
    const view = dynamicSlice(matrix, [row, column], [2, 2]);
    assert(shareMemory(view, x));
    assert.equal(text(dynamicSlice(matrix, [int(row), int(column, "int8")], [2, 2])), text(view));
    assert.equal(text(dynamicSlice(matrix, [row, int(column)], [2, 2])), text(view));
    assert.equal(text(dynamicSlice(matrix, Int32Array.of(row, column), [2, 2])), text(view));
  }
});

test("dynamic slices along one axis", () => {
  assert.equal(text(dynamicSliceInDim(x, int(200, "uint8"), 2)), "int32[2] 10 11");
  assert.equal(text(dynamicIndexInDim(matrix, int(-1), { axis: 1, keepdims: false })), "int32[3] 3 7 11");
  assert.equal(text(dynamicUpdateSliceInDim(x, fromElements([-1, -2], [2], "int32"), 11, 0)).slice(-7), "9 -1 -2");
  const row = fromElements([9, 9, 9, 9], [4], "int32");
  assert.equal(text(dynamicUpdateIndexInDim(matrix, row, int(1), 0)), "int32[3,4] 0 1 2 3 9 9 9 9 8 9 10 11");
});

test("dynamicUpdateSlice() makes a new array", () => {
  const update = reshape(fromElements([-1, -2], [2], "int32"), [1, 2]);
  assert.equal(text(dynamicUpdateSlice(matrix, update, [1, 3])), "int32[3,4] 0 1 2 3 4 5 -1 -2 8 9 10 11");
  assert.equal(text(matrix), "int32[3,4] 0 1 2 3 4 5 6 7 8 9 10 11");
});

test("dynamicSlice() throws if it does not fit", () => {
  assert.throws(() => dynamicSlice(matrix, [0, 0], [4, 1]), {
    name: "ValueError",
    message: "Cannot dynamicSlice: the slice does not fit the array\n" +
      "  operand:  sizes\n" +
      "  actual:   [4,1] of shape [3,4]\n" +
      "  expected: a size for each axis, none longer than it\n" +
      "  try:      make the slice smaller, or pad the array first",
  });
  assert.throws(() => dynamicSlice(matrix, [0], [1, 1]), {
    name: "ValueError",
    message: "Cannot dynamicSlice: there is not one start for each axis\n" +
      "  operand:  starts\n" +
      "  actual:   starts of shape [1] for an array of shape [3,4]\n" +
      "  expected: 2 integers\n" +
      "  try:      give each axis its start",
  });
  assert.throws(() => dynamicSlice(x, [1.5], [1]), {
    name: "ValueError",
    message: "Cannot dynamicSlice: a start is not a whole number\n" +
      "  operand:  starts\n" +
      "  actual:   1.5\n" +
      "  expected: a whole number\n" +
      "  try:      round it",
  });
});

test("dynamicUpdateSlice() throws if the update does not fit", () => {
  assert.throws(() => dynamicUpdateSlice(matrix, x, [0, 0]), {
    name: "ValueError",
    message: "Cannot dynamicUpdateSlice: the update does not fit the array\n" +
      "  operand:  update\n" +
      "  actual:   shape [12] for shape [3,4]\n" +
      "  expected: as many axes, none longer than the array's\n" +
      "  try:      expand dimensions of the update, or cut it off",
  });
  assert.throws(() => dynamicUpdateSlice(x, iota("int8", [2], 0), [0]), {
    name: "TypeError",
    message: "Cannot dynamicUpdateSlice: the update is int8, and the array int32; cast one of them by astype()",
  });
});
