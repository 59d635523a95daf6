import assert from "node:assert/strict";
import { test } from "node:test";
import * as lax from "../../array/lax_shapes.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { shareMemory, text } from "./_arrays.ts";

await start();

const x = iota("int32", [6], 0);
const matrix = lax.reshape(x, [2, 3]);

test("functions of shapes give views", () => {
  const views = [
    lax.slice(matrix, [0, 1], [2, 3], [1, 2]),
    lax.sliceInDim(x, -3, null),
    lax.indexInDim(matrix, -1, { keepdims: false }),
    lax.rev(matrix, [-1]),
    lax.transpose(matrix, [1, 0]),
    lax.broadcast(matrix, [4]),
    lax.broadcastInDim(x, [2, 6], [1]),
    lax.collapse(matrix, 0),
    lax.expandDims(x, [0]),
    ...lax.split(x, [2, 4]),
  ];
  views.forEach((view, k) => assert(shareMemory(view, x), `view ${k}`));
});

test("pad() takes scalars for the array's dtype", () => {
  assert.equal(text(lax.pad(iota("uint8", [2], 0), 7, [[1, 0, 1]])), "uint8[4] 7 0 7 1");
});

test("iota() counts in any dtype of numbers", () => {
  assert.equal(text(lax.iota("uint8", 258)).slice(-11), "254 255 0 1");
  assert.equal(text(lax.broadcastedIota("bfloat16", [2, 2], -2)), "bfloat16[2,2] 0 0 1 1");
  assert.throws(() => lax.iota("bool", 2), {
    name: "TypeError",
    message: "Cannot iota: places are numbers, not bool; name a dtype of numbers",
  });
});

test("slice() throws if the part is not inside", () => {
  assert.throws(() => lax.slice(x, [2], [9]), {
    name: "ValueError",
    message: "Cannot slice: the part is not inside the array\n" +
      "  actual:   starts [2], limits [9], strides [1] of shape [6]\n" +
      "  expected: for each axis 0 <= start <= limit <= size, and a stride from 1\n" +
      '  try:      index by slices, as x.get("-3:"), which clip to the array',
  });
});

test("pad() throws if less than nothing is left", () => {
  assert.throws(() => lax.pad(x, 0, [[-4, -3, 0]]), {
    name: "ValueError",
    message: "Cannot pad: the padding does not fit the array\n" +
      "  actual:   padding [[-4,-3,0]] by a value of shape [], for shape [6]\n" +
      "  expected: [low, high, interior] for each axis, interior from 0, which leave no fewer than 0 " +
      "elements; a scalar\n" +
      "  try:      take away at most what is there",
  });
});

test("concatenate() promotes nothing", () => {
  assert.throws(() => lax.concatenate([x, iota("int8", [2], 0)], 0), {
    name: "TypeError",
    message: "Cannot concatenate: the next array is int8, and the array int32; cast one of them by astype()",
  });
  assert.throws(() => lax.concatenate([x, x], -1), {
    name: "ValueError",
    message: "Cannot concatenate: the shapes do not fit each other\n" +
      "  actual:   [6], [6] along axis -1\n" +
      "  expected: at least one array, as many axes in each, and equal sizes but along the axis, " +
      "counted from the first\n" +
      "  try:      broadcast the arrays first, or use np.concatenate for negative axes",
  });
});

test("broadcastInDim() throws if sizes differ", () => {
  assert.throws(() => lax.broadcastInDim(matrix, [2, 4], [0, 1]), {
    name: "ValueError",
    message: "Cannot broadcastInDim: the array does not fit the shape\n" +
      "  actual:   shape [2,3] as axes [0,1] of shape [2,4]\n" +
      "  expected: an axis for each of the array's, rising, of its size, or size 1 in the array\n" +
      "  try:      name the axes of the result that the array's axes are",
  });
});

test("split() throws unless the sizes make up the axis", () => {
  assert.throws(() => lax.split(x, [1, 1]), {
    name: "ValueError",
    message: "Cannot split: the sizes do not make up the axis\n" +
      "  operand:  sizes\n" +
      "  actual:   [1,1] of axis 0, which has 6 elements\n" +
      "  expected: whole numbers from 0 whose sum is 6\n" +
      "  try:      give each part its size",
  });
});
