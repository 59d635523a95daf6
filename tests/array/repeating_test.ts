import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import * as repeating from "../../array/repeating.ts";
import { insert, repeat, resize, tile } from "../../array/repeating.ts";
import { iota } from "../../ops/iota.ts";
import { slice } from "../../tree/slice.ts";
import { start } from "../_support.ts";
import { text } from "./_arrays.ts";

await start();

const x = iota("int32", [4], 0);
const counts = fromElements([2, 0, 1, 3], [4], "int32");

test("tile() repeats whole arrays", () => {
  assert.equal(text(tile(x, [2, 1])), "int32[2,4] 0 1 2 3 0 1 2 3");
  assert.equal(text(tile(2.5, 3)), "float32*[3] 2.5 2.5 2.5");
});

test("repeat() takes counts as numbers, lists and arrays", () => {
  assert.equal(text(repeat(x, [2, 0, 1, 3])), "int32[6] 0 0 2 3 3 3");
  assert.equal(text(repeat(x, counts)), "int32[6] 0 0 2 3 3 3");
  assert.equal(text(repeat(7, 2)), "int32*[2] 7 7");
});

test("repeat() of counts that are not read cuts off, or goes on with the last", () => {
  assert.equal(text(repeat(x, counts, { totalRepeatLength: 4 })), "int32[4] 0 0 2 3");
  assert.equal(text(repeat(x, counts, { totalRepeatLength: 8 })), "int32[8] 0 0 2 3 3 3 3 3");
  assert.equal(text(repeat(x, [2, 0, 1, 3], { totalRepeatLength: 8 })), "int32[8] 0 0 2 3 3 3 3 3");
});

test("delete() takes places, slices and masks", () => {
  assert.equal(text(repeating.delete(x, -1)), "int32[3] 0 1 2");
  assert.equal(text(repeating.delete(x, slice(1, null, 2))), "int32[2] 0 2");
  assert.equal(text(repeating.delete(x, fromElements([0, 1, 0, 0], [4], "bool"))), "int32[3] 0 2 3");
});

test("insert() puts values before places", () => {
  assert.equal(text(insert(x, [1, 1, -1], fromElements([7.5, 8, 9], [3], "float32"))), "int32[7] 0 7 8 1 2 9 3");
  assert.equal(text(insert(x, 9, 5)), "int32[5] 0 1 2 3 5");
});

test("resize() repeats from the start, or cuts off", () => {
  assert.equal(text(resize(x, [2, 3])), "int32[2,3] 0 1 2 3 0 1");
  assert.equal(text(resize(x, 2)), "int32[2] 0 1");
});

test("repeat() throws if there are not as many counts as places", () => {
  assert.throws(() => repeat(x, [1, 2]), {
    name: "ValueError",
    message: "Cannot repeat: there are not as many counts as places\n" +
      "  operand:  repeats\n" +
      "  actual:   2 counts for axis 0 of an array of shape [4]\n" +
      "  expected: one count, or 4\n" +
      "  try:      give each place along the axis its count",
  });
});

test("tile() throws if a count is not whole", () => {
  assert.throws(() => tile(x, 1.5), {
    name: "ValueError",
    message: "Cannot tile: a count is not a whole number from 0\n" +
      "  operand:  reps\n" +
      "  actual:   [1.5]\n" +
      "  expected: whole numbers from 0\n" +
      "  try:      round the counts, and take none below 0",
  });
});

test("delete() throws if a single place is outside, or places are floats", () => {
  assert.throws(() => repeating.delete(x, 4), {
    name: "ValueError",
    message: "Cannot delete: there is no place 4\n" +
      "  operand:  places\n" +
      "  actual:   4 along an axis of 4 elements\n" +
      "  expected: a whole number from -4 to 3\n" +
      "  try:      name a place that the axis has",
  });
  assert.throws(() => repeating.delete(x, fromElements([1], [1], "float32")), {
    name: "TypeError",
    message: "Cannot delete: the places are float32; pass integers or a mask",
  });
});
