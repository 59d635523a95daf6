import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { ix_, ravelMultiIndex, trimZeros, unravelIndex } from "../../array/places.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { shareMemory, text } from "./_arrays.ts";

await start();

const ints = (...list: number[]) => fromElements(list, [list.length], "int32");

test("unravelIndex() and ravelMultiIndex() undo each other", () => {
  const places = unravelIndex(ints(0, 5, -1, 9), [2, 3]);
  assert.deepEqual(places.map(text), ["int32[4] 0 1 1 1", "int32[4] 0 2 2 2"]);
  assert.equal(text(ravelMultiIndex(places, [2, 3])), "int32[4] 0 5 5 5");
  assert.equal(text(ravelMultiIndex([ints(1, 3), ints(2, -1)], [2, 3], { mode: "wrap", order: "F" })), "int32[2] 5 5");
});

test("ix_() gives each list an axis of its own", () => {
  assert.deepEqual(ix_(ints(1, 2), ints(3, 4, 5)).map(text), ["int32[2,1] 1 2", "int32[1,3] 3 4 5"]);
});

test("trimZeros() gives a view of what is between", () => {
  const x = ints(0, 0, 3, 0, 4, 0);
  assert(shareMemory(trimZeros(x), x));
  assert.equal(text(trimZeros(x)), "int32[3] 3 0 4");
  assert.equal(text(trimZeros(x, { trim: "b" })), "int32[5] 0 0 3 0 4");
  assert.equal(text(trimZeros(iota("int32", [1], 0))), "int32[0] ");
});

test("ravelMultiIndex() throws of places outside", () => {
  assert.throws(() => ravelMultiIndex([ints(1, 3), ints(2, 1)], [2, 3]), {
    name: "ValueError",
    message: "Cannot ravelMultiIndex: the places do not fit the array\n" +
      "  operand:  indices\n" +
      "  actual:   place 3 along axis 0\n" +
      "  expected: 0 to 1\n" +
      '  try:      give each axis its places, or choose { mode: "clip" } or { mode: "wrap" }',
  });
});

test("functions of places throw of what are no integers", () => {
  assert.throws(() => unravelIndex(1.5, [2]), {
    name: "TypeError",
    message: 'Cannot unravelIndex: the places are float32; pass integers, by astype("int32")',
  });
  assert.throws(() => ix_(3), {
    name: "ValueError",
    message: "Cannot ix_: a list does not have one axis\n" +
      "  actual:   shape []\n" +
      "  expected: one axis\n" +
      "  try:      ravel it first",
  });
});
