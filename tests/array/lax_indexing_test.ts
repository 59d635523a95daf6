import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import {
  gather,
  scatter,
  scatterAdd,
  scatterMax,
  scatterMin,
  scatterMul,
  scatterSub,
} from "../../array/lax_indexing.ts";
import { reshape } from "../../array/reshaping.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { text } from "./_arrays.ts";

await start();

const x = iota("int32", [4], 0);
const indices = fromElements([1, 1, 4], [3, 1], "int32");
const updates = fromElements([5, -6, 7], [3], "int32");
const reading = { offsetDims: [], collapsedSliceDims: [0], startIndexMap: [0] };
const writing = { updateWindowDims: [], insertedWindowDims: [0], scatterDimsToOperandDims: [0] };

test("gather() clips places outside, unless it is told to fill", () => {
  assert.equal(text(gather(x, indices, reading, [1])), "int32[3] 1 1 3");
  assert.equal(text(gather(x, indices, reading, [1], { mode: "fill", fillValue: 9 })), "int32[3] 1 1 9");
});

test("scatter() and its kin combine updates in order, and drop those outside", () => {
  assert.equal(text(scatter(x, indices, updates, writing)), "int32[4] 0 -6 2 3");
  assert.equal(text(scatterAdd(x, indices, updates, writing)), "int32[4] 0 0 2 3");
  assert.equal(text(scatterSub(x, indices, updates, writing)), "int32[4] 0 2 2 3");
  assert.equal(text(scatterMul(x, indices, updates, writing)), "int32[4] 0 -30 2 3");
  assert.equal(text(scatterMin(x, indices, updates, writing)), "int32[4] 0 -6 2 3");
  assert.equal(text(scatterMax(x, indices, updates, writing, { mode: "clip" })), "int32[4] 0 5 2 7");
});

test("gather() throws of numbers that do not fit", () => {
  assert.throws(() => gather(x, indices, reading, [2]), {
    name: "ValueError",
    message: "Cannot gather: the dimension numbers or sizes do not fit\n" +
      "  actual:   array [4], indices [3,1], sizes [2], " +
      '{"offsetDims":[],"collapsedSliceDims":[0],"startIndexMap":[0]}\n' +
      "  expected: a number of an axis for each number of an index; windows no larger than the array, of size 1 " +
      "along collapsed axes; an axis of the result for each other axis; batching axes of equal sizes\n" +
      "  try:      see XLA's operation semantics of Gather, or index by x.get() or np.take",
  });
  assert.throws(() => gather(x, indices, reading, [1], { mode: "wrap" }), {
    name: "ValueError",
    message: "Cannot gather: windows cannot wrap\n" +
      "  operand:  mode\n" +
      '  actual:   "wrap"\n' +
      '  expected: "clip", "fill", "drop" or "promise_in_bounds"\n' +
      "  try:      take the remainder of the indices first",
  });
});

test("scatter() throws of shapes and dtypes that do not fit", () => {
  assert.throws(() => scatter(x, indices, reshape(updates, [3, 1]), writing), {
    name: "ValueError",
    message: "Cannot scatter: the dimension numbers or shapes do not fit\n" +
      "  actual:   array [4], indices [3,1], updates [3,1], " +
      '{"updateWindowDims":[],"insertedWindowDims":[0],"scatterDimsToOperandDims":[0]}\n' +
      "  expected: a number of an axis for each number of an index; windows no larger than the array; for each axis " +
      "of the indices one of the updates, of its size; batching axes of equal sizes\n" +
      "  try:      see XLA's operation semantics of Scatter, or update by x.at(…)",
  });
  assert.throws(() => scatter(x, fromElements([1], [1, 1], "float32"), updates, writing), {
    name: "TypeError",
    message: 'Cannot scatter: the indices are float32; pass integers, by astype("int32")',
  });
  const bools = fromElements([1], [1], "bool");
  assert.throws(() => scatterAdd(bools, reshape(iota("int32", [1], 0), [1, 1]), bools, writing), {
    name: "TypeError",
    message: 'Cannot scatterAdd: the array holds bool, which is no number; cast it by astype("int32")',
  });
});
