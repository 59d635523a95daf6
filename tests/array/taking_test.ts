import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { place, put, putAlongAxis, take, takeAlongAxis } from "../../array/taking.ts";
import { reshape } from "../../array/reshaping.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { text } from "./_arrays.ts";

await start();

const x = iota("float32", [4], 0);
const matrix = reshape(iota("int32", [6], 0), [2, 3]);
const ints = (...list: number[]) => fromElements(list, [list.length], "int32");

test("take() fills places outside, clips or wraps them", () => {
  assert.equal(text(take(x, ints(4, -1, -5))), "float32[3] NaN 3 NaN");
  assert.equal(text(take(x, ints(4, -1, -5), { mode: "clip" })), "float32[3] 3 0 0");
  assert.equal(text(take(x, ints(4, -1, -5), { mode: "wrap" })), "float32[3] 0 3 3");
  assert.equal(text(take(x, 9, { fillValue: -1 })), "float32[] -1");
  assert.equal(text(take(matrix, ints(2, 0), { axis: 1 })), "int32[2,2] 2 0 5 3");
});

test("takeAlongAxis() and putAlongAxis() go line by line", () => {
  const places = reshape(ints(2, 0), [2, 1]);
  assert.equal(text(takeAlongAxis(matrix, places, 1)), "int32[2,1] 2 3");
  assert.equal(text(takeAlongAxis(matrix, ints(5, 0), null)), "int32[2] 5 0");
  assert.equal(text(putAlongAxis(matrix, places, 9, 1)), "int32[2,3] 0 1 9 9 4 5");
  assert.equal(text(takeAlongAxis(matrix, reshape(ints(1), [1, 1]), 0)), "int32[1,3] 3 4 5");
});

test("put() and place() repeat values", () => {
  assert.equal(text(put(matrix, ints(0, 1, -1), ints(7, 8))), "int32[2,3] 7 8 2 3 4 7");
  const mask = fromElements([1, 1, 0, 1, 0, 0], [2, 3], "bool");
  assert.equal(text(place(matrix, mask, ints(7, 8))), "int32[2,3] 7 8 2 7 4 5");
});

test("take() throws of indices that are no integers, and of axes without elements", () => {
  assert.throws(() => take(x, 1.5), {
    name: "TypeError",
    message: 'Cannot take: the indices are float32; pass integers, by astype("int32")',
  });
  assert.throws(() => take(iota("int32", [0], 0), 0), {
    name: "ValueError",
    message: "Cannot take: the axis has no elements\n" +
      "  actual:   axis 0 of an array of shape [0]\n" +
      "  expected: at least one element, or no indices\n" +
      "  try:      name another axis",
  });
});

test("takeAlongAxis() throws unless there are as many axes", () => {
  assert.throws(() => takeAlongAxis(matrix, ints(0), 0), {
    name: "ValueError",
    message: "Cannot takeAlongAxis: the indices do not have as many axes as the array\n" +
      "  operand:  indices\n" +
      "  actual:   indices of shape [1] for an array of shape [2,3]\n" +
      "  expected: 2 axes\n" +
      "  try:      expand dimensions of the indices, or use np.take",
  });
});

test("take() and put() throw of modes that they do not know", () => {
  assert.throws(() => put(x, 0, 0, { mode: "raise" as "clip" }), {
    name: "ValueError",
    message: "Cannot put: there is no such mode\n" +
      "  operand:  mode\n" +
      '  actual:   "raise"\n' +
      '  expected: "clip" or "wrap"\n' +
      "  try:      name one of these, or leave it out",
  });
});

test("place() throws of masks that do not fit", () => {
  assert.throws(() => place(x, fromElements([1], [1], "bool"), 0), {
    name: "ValueError",
    message: "Cannot place: the mask or the values do not fit\n" +
      "  actual:   a mask of 1 and 1 values for 4 elements\n" +
      "  expected: a mask of as many elements as the array, and at least one value\n" +
      "  try:      make the mask of the array itself",
  });
});
