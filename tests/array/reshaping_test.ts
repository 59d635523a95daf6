import assert from "node:assert/strict";
import { test } from "node:test";
import { iota } from "../../ops/iota.ts";
import {
  atleast1d,
  atleast2d,
  broadcastArrays,
  broadcastTo,
  expandDims,
  matrixTranspose,
  moveaxis,
  permuteDims,
  ravel,
  reshape,
  rollaxis,
  squeeze,
  swapaxes,
  transpose,
} from "../../array/reshaping.ts";
import { start } from "../_support.ts";
import { shareMemory, text } from "./_arrays.ts";

await start();

const x = iota("int32", [24], 0);
const cube = reshape(x, [2, 3, 4]);

test("functions of axes give views", () => {
  const views = [
    cube,
    reshape(cube, [6, -1]),
    ravel(cube),
    transpose(cube),
    permuteDims(cube, [1, 2, 0]),
    matrixTranspose(cube),
    moveaxis(cube, 0, -1),
    rollaxis(cube, 2),
    swapaxes(cube, 0, 1),
    expandDims(cube, [0, -1]),
    squeeze(expandDims(cube, 1)),
    broadcastTo(cube, [5, 2, 3, 4]),
    broadcastArrays(cube, 1)[0]!,
  ];
  views.forEach((view, k) => assert(shareMemory(view, x), `view ${k}`));
});

test("reshape() copies where no strides say the shape", () => {
  const turned = reshape(transpose(reshape(x, [4, 6])), [24]);
  assert(!shareMemory(turned, x));
  assert.equal(text(reshape(turned, [3, 8], { order: "F" })).slice(0, 31), "int32[3,8] 0 18 13 8 3 21 16 11");
});

test("reshape() fills in -1, also where there are no elements", () => {
  assert.deepEqual(reshape(iota("int32", [0], 0), [3, -1]).shape, [3, 0]);
  assert.deepEqual(reshape(5, -1).shape, [1]);
});

test("reshape() throws if the shape does not hold as many elements", () => {
  assert.throws(() => reshape(cube, [5, -1]), {
    name: "ValueError",
    message: "Cannot reshape: the shape does not hold as many elements\n" +
      "  operand:  shape\n" +
      "  actual:   [5,-1] for 24 elements\n" +
      "  expected: whole numbers whose product is that, one of which may be left open as -1\n" +
      "  try:      give sizes that make up the array",
  });
});

test("transpose() throws unless it is given each axis once", () => {
  assert.throws(() => transpose(cube, [1, 0]), {
    name: "ValueError",
    message: "Cannot transpose: not every axis is named\n" +
      "  operand:  axes\n" +
      "  actual:   axes [1,0] of an array of shape [2,3,4]\n" +
      "  expected: each of its 3 axes once\n" +
      "  try:      name all axes, or use np.swapaxes or np.moveaxis for some of them",
  });
});

test("moveaxis() throws unless it is given as many places as axes", () => {
  assert.throws(() => moveaxis(cube, [0, 1], [2]), {
    name: "ValueError",
    message: "Cannot moveaxis: there are not as many places as axes\n" +
      "  operand:  destination\n" +
      "  actual:   axes [0,1] to [2]\n" +
      "  expected: a place for each axis\n" +
      "  try:      name as many places as axes",
  });
});

test("squeeze() throws if an axis is longer", () => {
  assert.throws(() => squeeze(cube, { axis: 1 }), {
    name: "ValueError",
    message: "Cannot squeeze: axis 1 is longer than 1\n" +
      "  operand:  axis\n" +
      "  actual:   an array of shape [2,3,4]\n" +
      "  expected: axes of size 1\n" +
      "  try:      index the axis, as x.get(0), or leave it out",
  });
});

test("broadcastTo() throws if the array does not broadcast", () => {
  assert.throws(() => broadcastTo(cube, [2, 3, 5]), {
    name: "ValueError",
    message: "Cannot broadcastTo: the array does not broadcast to the shape\n" +
      "  actual:   an array of shape [2,3,4] for shape [2,3,5]\n" +
      "  expected: sizes that are equal, or 1 in the array, counted from the last axis\n" +
      "  try:      expand or reshape the array first",
  });
});

test("atleast1d() gives one array for one, and a list for several", () => {
  assert.equal(text(atleast1d(3)), "int32*[1] 3");
  assert.deepEqual(atleast2d(3, cube).map(({ shape }) => shape), [[1, 1], [2, 3, 4]]);
});
