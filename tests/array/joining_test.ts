import assert from "node:assert/strict";
import { test } from "node:test";
import { iota } from "../../ops/iota.ts";
import { get } from "../../array/indexing.ts";
import { append, arraySplit, block, concatenate, hstack, split, stack, unstack, vstack } from "../../array/joining.ts";
import { reshape } from "../../array/reshaping.ts";
import { start } from "../_support.ts";
import { shareMemory, text } from "./_arrays.ts";

await start();

const x = iota("int32", [6], 0);
const matrix = reshape(x, [2, 3]);

test("concatenate() promotes, and stays weak only if all are", () => {
  assert.equal(text(concatenate([iota("uint8", [1], 0), iota("int8", [2], 0)])), "int16[3] 0 0 1");
  assert.equal(text(stack([1, 2.5])), "float32*[2] 1 2.5");
  assert.equal(text(append(iota("int8", [1], 0), 2.5)), "float32*[2] 0 2.5");
});

test("concatenate() of one array is that array", () => {
  assert(shareMemory(concatenate([x]), x));
});

test("split() and unstack() give views", () => {
  for (const part of [...split(x, [1, -1]), ...arraySplit(x, 4), ...unstack(matrix), ...unstack(matrix, { axis: 1 })]) {
    assert(shareMemory(part, x));
  }
  assert.deepEqual(arraySplit(x, 4).map(({ size }) => size), [2, 2, 1, 1]);
  assert.deepEqual(split(x, [2, 1]).map(text), ["int32[2] 0 1", "int32[0] ", "int32[5] 1 2 3 4 5"]);
});

test("hstack() and vstack() take scalars and lists", () => {
  assert.equal(text(hstack([1, iota("int32", [2], 0)])), "int32[3] 1 0 1");
  assert.equal(text(vstack([1, iota("int32", [1], 0)])), "int32[2,1] 1 0");
});

test("block() puts lists of lists together", () => {
  assert.equal(
    text(block([[matrix, reshape(get(x, ":2"), [2, 1])], [reshape(get(x, ":4"), [1, 4])]])),
    text(vstack([
      hstack([matrix, reshape(get(x, ":2"), [2, 1])]),
      get(x, ":4"),
    ])),
  );
});

test("concatenate() throws if there are no arrays", () => {
  assert.throws(() => concatenate([]), {
    name: "ValueError",
    message: "Cannot concatenate: there are no arrays\n" +
      "  operand:  arrays\n" +
      "  actual:   an empty list\n" +
      "  expected: at least one array\n" +
      "  try:      make an empty array by np.zeros([0])",
  });
});

test("concatenate() throws if shapes do not fit", () => {
  assert.throws(() => concatenate([matrix, x]), {
    name: "ValueError",
    message: "Cannot concatenate: the shapes do not fit each other\n" +
      "  operand:  arrays\n" +
      "  actual:   [2,3], [6]\n" +
      "  expected: as many axes, and equal sizes but along axis 0\n" +
      "  try:      expand dimensions, or broadcast the arrays first",
  });
});

test("stack() throws if shapes differ", () => {
  assert.throws(() => stack([matrix, x]), {
    name: "ValueError",
    message: "Cannot stack: the shapes differ\n" +
      "  operand:  arrays\n" +
      "  actual:   [2,3], [6]\n" +
      "  expected: arrays of one shape\n" +
      "  try:      broadcast the arrays first, or use np.concatenate along an axis that is there",
  });
});

test("split() throws if parts would differ", () => {
  assert.throws(() => split(x, 4), {
    name: "ValueError",
    message: "Cannot split: the axis has no such number of equal parts\n" +
      "  operand:  indicesOrSections\n" +
      "  actual:   4 parts of axis 0, which has 6 elements\n" +
      "  expected: a number that divides it\n" +
      "  try:      use np.arraySplit for parts that differ, or give the places of cuts as a list",
  });
});

test("block() throws if lists differ in depth", () => {
  assert.throws(() => block([[matrix], matrix]), {
    name: "ValueError",
    message: "Cannot block: the lists are not of one depth\n" +
      "  operand:  blocks\n" +
      "  actual:   arrays and lists side by side\n" +
      "  expected: lists of one depth, none of them empty\n" +
      "  try:      give every array as many brackets",
  });
});
