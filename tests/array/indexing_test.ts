import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import type { IndexItem } from "../../core/ndarray.ts";
import { at, get } from "../../array/indexing.ts";
import { reshape } from "../../array/reshaping.ts";
import { iota } from "../../ops/iota.ts";
import { ELLIPSIS, slice } from "../../tree/slice.ts";
import { start } from "../_support.ts";
import { shareMemory, text } from "./_arrays.ts";

await start();

const x = iota("int32", [24], 0);
const cube = reshape(x, [2, 3, 4]);
const ints = (...list: number[]) => fromElements(list, [list.length], "int32");

test("get() of integers, slices, texts, ellipses and new axes gives views", () => {
  const cases: readonly (readonly [items: readonly IndexItem[], result: string])[] = [
    [[], text(cube)],
    [[1, 2, 3], "int32[] 23"],
    [[-1, -1, -1], "int32[] 23"],
    [[0, "1:", "::-2"], "int32[2,2] 7 5 11 9"],
    [["...", 0], "int32[2,3] 0 4 8 12 16 20"],
    [[ELLIPSIS, slice(1), null], "int32[2,3,1,1] 0 4 8 12 16 20"],
    [[null, 0, null, 0], "int32[1,1,4] 0 1 2 3"],
    [[1, "::-1", 0], "int32[3] 20 16 12"],
    [["5:"], "int32[0,3,4] "],
    [[9, -9, "-2:9"], "int32[2] 14 15"],
  ];
  for (const [items, result] of cases) {
    const view = get(cube, ...items);
    assert.equal(text(view), result);
    assert(shareMemory(view, x));
  }
});

test("get() puts the axes of arrays where they stood, or first if something stood between them", () => {
  const [two, rows] = [ints(1, 0), reshape(ints(0, 2, 1), [3, 1])];
  assert.deepEqual(get(cube, "...", two).shape, [2, 3, 2]);
  assert.deepEqual(get(cube, ":", rows, two).shape, [2, 3, 2]);
  assert.deepEqual(get(cube, two, ":", two).shape, [2, 3]);
  assert.deepEqual(get(cube, 0, ":", two).shape, [2, 3]);
  assert.deepEqual(get(cube, null, two, 0).shape, [1, 2, 4]);
  assert.deepEqual(get(cube, two, null, 0).shape, [2, 1, 4]);
  assert.equal(text(get(cube, 0, ":", two)), "int32[2,3] 1 5 9 0 4 8");
});

test("get() takes an array of one integer for a place", () => {
  const one = reshape(ints(-1), []);
  assert.equal(text(get(cube, one, 0)), "int32[4] 12 13 14 15");
  assert.equal(text(get(cube, ":", one, one)), "int32[2] 11 23");
});

test("get() takes integers of any dtype, and typed arrays", () => {
  for (const dtype of ["int8", "uint8", "int16", "uint32"] as const) {
    assert.equal(text(get(x, fromElements([3, 1], [2], dtype))), "int32[2] 3 1");
  }
  assert.equal(text(get(x, Int32Array.of(-1, 2))), "int32[2] 23 2");
  assert.equal(text(get(x, 3n)), "int32[] 3");
  assert.equal(text(get(x, fromElements([2 ** 32 - 1], [1], "uint32"))), "int32[1] 23");
});

test("get() reads masks, of one axis and of several", () => {
  const mask = fromElements([1, 0], [2], "bool");
  assert.deepEqual(get(cube, mask).shape, [1, 3, 4]);
  assert.equal(text(get(cube, mask, 0, ints(3))), "int32[1] 3");
  const wide = fromElements([0, 1, 0, 0, 0, 1], [2, 3], "bool");
  assert.equal(text(get(cube, wide, 0)), "int32[2] 4 20");
});

test("get() of a scalar or of an array without elements", () => {
  assert.equal(text(get(get(x, 5))), "int32[] 5");
  assert.equal(text(get(iota("int8", [0], 0), ints())), "int8[0] ");
});

test("at().get() fills places outside if it is told to", () => {
  assert.equal(text(at(x, ints(30, -30)).get()), "int32[2] 23 0");
  assert.equal(text(at(x, ints(30, -30, 1)).get({ mode: "fill", fillValue: 7 })), "int32[3] 7 7 1");
  assert.equal(text(at(cube, 0, 5).get({ mode: "fill" })), `int32[4]${` ${-(2 ** 31)}`.repeat(4)}`);
  assert.equal(text(at(iota("bfloat16", [2], 0), 2).get({ mode: "drop", fillValue: 1.5 })), "bfloat16[] 1.5");
});

test("get() throws if more axes are named than there are", () => {
  const message = "Cannot get: the index names 4 axes of an array of shape [2,3,4], which has 3; leave items out";
  assert.throws(() => get(cube, 0, 0, 0, 0), { name: "RangeError", message });
  assert.throws(() => get(cube, 0, 0, 0, ints(0)), { name: "RangeError", message });
  assert.throws(() => get(cube, "...", "..."), {
    name: "RangeError",
    message: "Cannot get: the index has 2 ellipses; keep one of them",
  });
});

test("get() throws of a place along an axis without elements", () => {
  const none = iota("int32", [0], 0);
  const message = "Cannot get: axis 0 of an array of shape [0] has no places; take a slice of it, or another axis";
  assert.throws(() => get(none, 0), { name: "RangeError", message });
  assert.throws(() => get(none, ints(0)), { name: "RangeError", message });
});

test("get() throws of items that no index is made of", () => {
  const cases: readonly (readonly [item: unknown, message: string])[] = [
    [true, "a single boolean; pass an array of booleans for a mask, or null for a new axis"],
    [
      reshape(fromElements([1], [1], "bool"), []),
      "a single boolean; pass an array of booleans for a mask, or null for " +
      "a new axis",
    ],
    [1.5, "1.5; pass a whole number, as Math.round gives it"],
    [fromElements([1], [1], "float32"), 'an array of float32; pass integers, by astype("int32"), or booleans'],
    [[0, 1], "a list; make an array of it, by pz.np.array(list)"],
    [{}, 'an Object; pass integers, slices or texts such as "1:3", ELLIPSIS, null, or arrays of integers or booleans'],
  ];
  for (const [item, message] of cases) {
    assert.throws(() => get(x, item as number), {
      name: "TypeError",
      message: `Cannot get: an item of the index is ${message}`,
    });
  }
});

test("get() throws of masks that do not fit, and arrays that do not broadcast", () => {
  assert.throws(() => get(cube, fromElements([1, 0, 1], [3], "bool")), {
    name: "ValueError",
    message: "Cannot get: a mask does not have the shape of the axes that it stands for\n" +
      "  actual:   a mask of shape [3] at axis 0 of an array of shape [2,3,4]\n" +
      "  expected: [2]\n" +
      "  try:      make the mask of the array itself, as pz.np.greater(x, 0) does",
  });
  assert.throws(() => get(cube, ints(0, 1), ints(0, 1, 2)), {
    name: "ValueError",
    message: /^Cannot get: the shapes /,
  });
});

test("at().get() throws of a mode that indices do not know", () => {
  assert.throws(() => at(x, 0).get({ mode: "wrap" }), {
    name: "ValueError",
    message: "Cannot at.get: indices do not know the mode\n" +
      "  operand:  mode\n" +
      '  actual:   "wrap"\n' +
      '  expected: "clip", "fill", "drop" or "promise_in_bounds"\n' +
      "  try:      take the remainder of the indices first, by pz.np.mod, to wrap around",
  });
});
