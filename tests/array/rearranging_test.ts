import assert from "node:assert/strict";
import { test } from "node:test";
import { constant } from "../../core/constant.ts";
import { flip, fliplr, flipud, roll, rot90 } from "../../array/rearranging.ts";
import { reshape } from "../../array/reshaping.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { shareMemory, text } from "./_arrays.ts";

await start();

const x = iota("int32", [6], 0);
const matrix = reshape(x, [2, 3]);

test("flips and turns give views", () => {
  for (const view of [flip(x), fliplr(matrix), flipud(matrix), rot90(matrix), rot90(matrix, { k: -2 })]) {
    assert(shareMemory(view, x));
  }
  assert.equal(text(rot90(matrix)), "int32[3,2] 2 5 1 4 0 3");
});

test("roll() takes shifts as numbers, lists, and arrays that are not read", () => {
  assert.equal(text(roll(x, -7)), "int32[6] 1 2 3 4 5 0");
  assert.equal(text(roll(matrix, [1, 1], { axis: [0, 1] })), "int32[2,3] 5 3 4 2 0 1");
  for (const shift of [-7, -1, 0, 2, 6, 100]) {
    assert.equal(text(roll(x, constant(shift))), text(roll(x, shift)), `a shift by ${shift}`);
  }
});

test("roll() throws if shifts do not fit the axes", () => {
  assert.throws(() => roll(matrix, [1, 2, 3], { axis: [0, 1] }), {
    name: "ValueError",
    message: "Cannot roll: the shifts do not fit the axes\n" +
      "  operand:  shift\n" +
      "  actual:   shifts [1,2,3] for axes [0,1]\n" +
      "  expected: whole numbers, one for all axes or one for each\n" +
      "  try:      give each axis its shift",
  });
});
