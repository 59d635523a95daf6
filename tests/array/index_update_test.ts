import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { at } from "../../array/indexing.ts";
import { reshape } from "../../array/reshaping.ts";
import { convertElementType } from "../../ops/convert_element_type.ts";
import { add } from "../../ops/add.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { text } from "./_arrays.ts";

await start();

const x = iota("float32", [6], 0);
const matrix = reshape(x, [2, 3]);
const ints = (...list: number[]) => fromElements(list, [list.length], "int32");

test("at() leaves the array as it is", () => {
  at(x, 0).set(9);
  at(x, ints(0)).add(9);
  assert.equal(text(x), "float32[6] 0 1 2 3 4 5");
});

test("set() takes every kind of index", () => {
  assert.equal(text(at(matrix, 1).set(9)), "float32[2,3] 0 1 2 9 9 9");
  assert.equal(text(at(matrix, ":", "::-2").set(reshape(ints(7, 8), [2]))), "float32[2,3] 8 1 7 8 4 7");
  assert.equal(text(at(matrix, ":", "1:").set(reshape(ints(7, 8), [2, 1]))), "float32[2,3] 0 7 7 3 8 8");
  assert.equal(text(at(matrix, null, "...", 0).set(9)), "float32[2,3] 9 1 2 9 4 5");
  assert.equal(text(at(matrix).set(9)), "float32[2,3] 9 9 9 9 9 9");
  assert.equal(text(at(matrix, ints(1, 0), ints(0, 2)).set(ints(8, 9))), "float32[2,3] 0 1 9 8 4 5");
  assert.equal(text(at(matrix, "5:").set(9)), text(matrix));
  assert.equal(text(at(reshape(ints(4), [])).set(9)), "int32[] 9");
});

test("set() casts the values, and keeps the dtype and its weakness", () => {
  assert.equal(text(at(iota("uint8", [2], 0), 1).set(258.9)), "uint8[2] 0 255");
  assert.equal(text(at(iota("uint8", [2], 0), 1).set(258)), "uint8[2] 0 2");
  const weak = convertElementType(iota("int32", [2], 0), { dtype: "int32", weakType: true });
  assert.equal(text(at(weak, 0).add(2.7)), "int32*[2] 2 1");
});

test("add() and its kin combine all updates of a place", () => {
  const twice = at(x, ints(1, 1, -1));
  assert.equal(text(twice.add(10)), "float32[6] 0 21 2 3 4 15");
  assert.equal(text(twice.subtract(1)), "float32[6] 0 -1 2 3 4 4");
  assert.equal(text(twice.mul(3)), "float32[6] 0 9 2 3 4 15");
  assert.equal(text(twice.min(ints(-1, -2, 9))), "float32[6] 0 -2 2 3 4 5");
  assert.equal(text(twice.max(ints(3, 2, 1))), "float32[6] 0 3 2 3 4 5");
  assert.equal(text(twice.div(2)), "float32[6] 0 0.25 2 3 4 2.5");
  assert.equal(text(at(x, ints(2, 2)).power(2)), "float32[6] 0 1 16 3 4 5");
});

test("divide() of integers gives floats", () => {
  assert.equal(text(at(ints(1, 2), 1).divide(4)), "float32[2] 1 0.5");
});

test("apply() sets a function of the elements", () => {
  assert.equal(text(at(x, "4:").apply((own) => add(own, own))), "float32[6] 0 1 2 3 8 10");
});

test("updates outside are dropped, or put to the nearest place", () => {
  assert.equal(text(at(x, ints(6, -7)).set(9)), "float32[6] 0 1 2 3 4 5");
  assert.equal(text(at(x, 6).set(9)), "float32[6] 0 1 2 3 4 5");
  assert.equal(text(at(x, ints(6, -7)).set(9, { mode: "clip" })), "float32[6] 9 1 2 3 4 9");
});

test("updates by masks take one value, or one for each place", () => {
  const mask = fromElements([1, 0, 0, 1, 0, 0], [6], "bool");
  assert.equal(text(at(x, mask).set(9)), "float32[6] 9 1 2 9 4 5");
  assert.equal(text(at(x, mask).add(ints(5, 6))), "float32[6] 5 1 2 9 4 5");
  assert.equal(text(at(matrix, fromElements([0, 1], [2], "bool")).max(4)), "float32[2,3] 0 1 2 4 4 5");
});

test("updates throw if the values do not broadcast, or the array holds no numbers", () => {
  assert.throws(() => at(matrix, 0).set(ints(1, 2)), {
    name: "ValueError",
    message: "Cannot at.set: the array does not broadcast to the shape\n" +
      "  actual:   an array of shape [2] for shape [3]\n" +
      "  expected: sizes that are equal, or 1 in the array, counted from the last axis\n" +
      "  try:      expand or reshape the array first",
  });
  assert.throws(() => at(fromElements([1], [1], "bool"), 0).add(true), {
    name: "TypeError",
    message: 'Cannot at.add: the array holds booleans, which are no numbers; cast it by astype("int32")',
  });
});
