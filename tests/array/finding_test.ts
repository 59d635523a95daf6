import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { argwhere, compress, extract, flatnonzero, nonzero } from "../../array/finding.ts";
import { reshape } from "../../array/reshaping.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { text } from "./_arrays.ts";

await start();

const x = fromElements([0, 7, NaN, 0, -0, 2], [2, 3], "float32");

test("nonzero() counts NaN, and neither 0 nor -0", () => {
  assert.deepEqual(nonzero(x).map(text), ["int32[3] 0 0 1", "int32[3] 1 2 2"]);
  assert.equal(text(flatnonzero(x)), "int32[3] 1 2 5");
  assert.equal(text(argwhere(x)), "int32[3,2] 0 1 0 2 1 2");
  assert.deepEqual(nonzero(true).map(text), ["int32[1] 0"]);
});

test("nonzero() of a size cuts off or fills", () => {
  for (const size of [0, 1, 3, 5]) {
    const [rows, columns] = [[0, 0, 1, -1, -1], [1, 2, 2, -1, -1]].map((list) => list.slice(0, size).join(" "));
    assert.deepEqual(nonzero(x, { size, fillValue: -1 }).map(text), [
      `int32[${size}] ${rows}`,
      `int32[${size}] ${columns}`,
    ]);
  }
  assert.deepEqual(nonzero(iota("int32", [0], 0), { size: 2 }).map(text), ["int32[2] 0 0"]);
});

test("compress() and extract() pick what a condition holds for", () => {
  const columns = fromElements([1, 0, 1], [3], "bool");
  assert.equal(text(compress(columns, x, { axis: 1 })), "float32[2,2] 0 NaN 0 2");
  assert.equal(text(compress(columns, x, { axis: 1, size: 3, fillValue: 5 })), "float32[2,3] 0 NaN 5 0 2 5");
  assert.equal(text(extract(x, x)), "float32[3] 7 NaN 2");
});

test("nonzero() throws of a size that is not whole", () => {
  assert.throws(() => nonzero(x, { size: -1 }), {
    name: "ValueError",
    message: "Cannot nonzero: the size is not a whole number from 0\n" +
      "  operand:  size\n" +
      "  actual:   -1\n" +
      "  expected: a whole number from 0\n" +
      "  try:      round it, or leave it out to get as many as there are",
  });
});

test("compress() throws unless the condition has one axis", () => {
  assert.throws(() => compress(reshape(iota("int32", [4], 0), [2, 2]), x), {
    name: "ValueError",
    message: "Cannot compress: the condition does not have one axis\n" +
      "  operand:  condition\n" +
      "  actual:   shape [2,2]\n" +
      "  expected: one axis\n" +
      "  try:      index the array by the condition, as x.get(mask), or use np.extract",
  });
});
