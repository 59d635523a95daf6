import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { bitcastConvertType, convertElementType, select, selectN, stopGradient } from "../../array/lax_casts.ts";
import { tolist } from "../../array/read.ts";
import type { EagerArray } from "../../core/eager.ts";
import { reverse } from "../../ops/reverse.ts";
import { transpose } from "../../ops/transpose.ts";
import { start } from "../_support.ts";

await start();

test("convertElementType() makes strong types, or weak ones if asked", () => {
  assert.deepEqual(tolist(convertElementType(array([1.9, -1.9]), "int32")), [1, -1]);
  assert.equal(convertElementType(2, "int32").weakType, false);
  assert.equal(convertElementType(2, "float32", { weakType: true }).weakType, true);
});

test("bitcastConvertType() views the same memory", () => {
  const x = array([1.5, -2]) as EagerArray;
  const bits = bitcastConvertType(x, "int32") as EagerArray;
  assert.equal(bits.storage, x.storage);
  assert.deepEqual(tolist(bits), [0x3fc00000, -(2 ** 30)]);
  const bytes = bitcastConvertType(reverse(x, [0]), "uint8") as EagerArray;
  assert.equal(bytes.storage, x.storage);
  assert.deepEqual(tolist(bytes), [[0, 0, 0, 192], [0, 0, 192, 63]]);
  const back = bitcastConvertType(bytes, "float32") as EagerArray;
  assert.equal(back.storage, x.storage);
  assert.deepEqual(tolist(back), [-2, 1.5]);
});

test("bitcastConvertType() copies what does not lie together", () => {
  const bytes = transpose(array([[0, 0], [0, 0], [128, 0], [63, 64]], { dtype: "uint8" }), [1, 0]);
  assert.deepEqual(tolist(bitcastConvertType(bytes, "float32")), [1, 2]);
});

test("bitcastConvertType() refuses bools, and parts that make up no element", () => {
  assert.throws(() => bitcastConvertType(array([true]), "uint8"), {
    name: "TypeError",
    message: "Cannot bitcastConvertType: bool to uint8; bools have no bits to share, cast them instead",
  });
  assert.throws(() => bitcastConvertType(array([1, 2, 3], { dtype: "int8" }), "int32"), {
    name: "ValueError",
    message: "Cannot bitcastConvertType: the last axis does not make up elements of the dtype\n" +
      "  actual:   int8 of shape [3] to int32\n" +
      "  expected: a last axis of size 4\n" +
      "  try:      reshape first, so that the last axis has the parts of one element",
  });
});

test("stopGradient() views the array", () => {
  const x = array([1, 2]) as EagerArray;
  assert.equal((stopGradient(x) as EagerArray).storage, x.storage);
});

test("select() takes bools of the shape of the cases, or one for all", () => {
  const [x, y] = [array([1, 2]), array([3, 4])];
  assert.deepEqual(tolist(select(array([true, false]), x, y)), [1, 4]);
  assert.deepEqual(tolist(select(false, x, y)), [3, 4]);
  assert.throws(() => select(array([1, 0]), x, y), {
    name: "TypeError",
    message: "Cannot select: the condition is of int32, not of bools; compare it with 0 first",
  });
  assert.throws(() => select(array([true]), x, y), {
    name: "ValueError",
    message: "Cannot select: the operands differ in shape\n" +
      "  actual:   bool[1], int32[2], int32[2]\n" +
      "  expected: cases of one shape, and a condition of that shape or without axes\n" +
      "  try:      broadcast them first, or use pz.np.where",
  });
});

test("selectN() takes the numbers of cases, false first, and the nearest of others", () => {
  const cases = [array([1, 2, 3]), array([4, 5, 6]), array([7, 8, 9])];
  assert.deepEqual(tolist(selectN(array([0, 1, 2]), ...cases)), [1, 5, 9]);
  assert.deepEqual(tolist(selectN(array([-1, 5, 1]), ...cases)), [1, 8, 6]);
  assert.deepEqual(tolist(selectN(array([true, false, true]), ...cases.slice(1))), [7, 5, 9]);
  assert.throws(() => selectN(array([true, false, true]), ...cases), {
    name: "ValueError",
    message: "Cannot selectN: the number of cases does not fit\n" +
      "  actual:   3 cases, chosen by bool\n" +
      "  expected: 2 cases\n" +
      "  try:      choose by int32 among more than two cases",
  });
  assert.throws(() => selectN(array([0.5]), array([1])), {
    name: "TypeError",
    message: "Cannot selectN: the numbers of the cases are float32; cast them to int32 or bool",
  });
});
