import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { pad } from "../../array/padding.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { text } from "./_arrays.ts";

await start();

const x = fromElements([1, 2, 4], [3], "int32");

test("pad() repeats what is there, as often as it takes", () => {
  assert.equal(text(pad(x, [5, 4], { mode: "reflect" })), "int32[12] 2 1 2 4 2 1 2 4 2 1 2 4");
  assert.equal(text(pad(x, [4, 4], { mode: "symmetric" })), "int32[11] 4 4 2 1 1 2 4 4 2 1 1");
  assert.equal(text(pad(x, [4, 1], { mode: "wrap" })), "int32[8] 4 1 2 4 1 2 4 1");
  assert.equal(text(pad(x, [1, 2], { mode: "edge" })), "int32[6] 1 1 2 4 4 4");
  assert.equal(text(pad(x, [3, 1], { mode: "reflect", reflectType: "odd" })), "int32[7] -4 -2 0 1 2 4 6");
});

test("pad() takes values of their own for each end, cast to the dtype", () => {
  assert.equal(text(pad(x, 1, { constantValues: [2.5, 7] })), "int32[5] 2 1 2 4 7");
  assert.equal(text(pad(iota("uint8", [1], 0), 1, { constantValues: 300 })), "uint8[3] 44 0 44");
  assert.equal(text(pad(true, 3)), "bool[] 1");
});

test("pad() throws of widths and modes that do not fit", () => {
  assert.throws(() => pad(x, -1), {
    name: "ValueError",
    message: "Cannot pad: a width is not a whole number from 0\n" +
      "  operand:  padWidth\n" +
      "  actual:   -1\n" +
      "  expected: whole numbers from 0\n" +
      '  try:      take elements away by indexing, as x.get("1:-1"), or use pz.lax.pad',
  });
  assert.throws(() => pad(x, [[1, 1], [1, 1]]), {
    name: "ValueError",
    message: "Cannot pad: padWidth does not fit the axes\n" +
      "  operand:  padWidth\n" +
      "  actual:   [[1,1],[1,1]]\n" +
      "  expected: a number, a pair of numbers, or 1 pairs\n" +
      "  try:      give each axis what it has before and after it",
  });
  assert.throws(() => pad(x, 1, { mode: "nearest" as "edge" }), {
    name: "ValueError",
    message: "Cannot pad: there is no such mode\n" +
      "  operand:  mode\n" +
      '  actual:   "nearest"\n' +
      "  expected: constant, empty, linear_ramp, edge, wrap, symmetric, reflect, maximum, minimum, mean, median\n" +
      "  try:      name one of these",
  });
});

test("pad() throws where there is nothing to repeat", () => {
  assert.throws(() => pad(iota("int32", [0], 0), 1, { mode: "edge" }), {
    name: "ValueError",
    message: "Cannot pad: the axis has no elements to repeat\n" +
      '  actual:   axis 0 of an array of shape [0], mode "edge"\n' +
      "  expected: at least one element\n" +
      '  try:      use the mode "constant"',
  });
  assert.throws(() => pad(x, 1, { mode: "mean", statLength: 0 }), {
    name: "ValueError",
    message: "Cannot pad: there are no elements to take a statistic of\n" +
      "  operand:  statLength\n" +
      "  actual:   lengths 0 and 0 along axis 0, which has 3 elements\n" +
      "  expected: at least one element at each end\n" +
      "  try:      make the lengths 1 or more",
  });
});
