import { test } from "node:test";
import assert from "node:assert/strict";
import { asArray, constant, elementsOf, fromElements, integerRange, kindOf, typeOf } from "../../core/constant.ts";
import { operandOf } from "../../core/bind.ts";
import type { EagerArray } from "../../core/eager.ts";
import { weakFloat } from "../../core/promotion.ts";
import type { DType } from "../../wasm/dtype.ts";
import { download } from "../../wasm/operand.ts";
import { start } from "../_support.ts";

await start();

function bitsOf(value: number, dtype: DType): number {
  return Number(download(operandOf(constant(value, { dtype, weakType: false })))[0]);
}

test("constant() rounds to float16, halves to even", () => {
  const cases: readonly [number, number][] = [
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [Infinity, 0x7c00],
    [NaN, 0x7e00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [1.5 * 2 ** -25, 1],
    [2 ** -14 - 2 ** -26, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2048 - 0.25, 0x6800],
    [0.1, 0x2e66],
  ];
  for (const [value, bits] of cases) assert.equal(bitsOf(value, "float16"), bits, `${value}`);
});

test("constant() rounds to bfloat16 once, not by way of float32", () => {
  assert.equal(bitsOf(1, "bfloat16"), 0x3f80);
  assert.equal(bitsOf(1 + 2 ** -8, "bfloat16"), 0x3f80);
  assert.equal(bitsOf(1 + 3 * 2 ** -8, "bfloat16"), 0x3f82);
  // Nearest in float32 is the tie itself; the number lies above it.
  assert.equal(bitsOf(1 + 2 ** -8 + 2 ** -40, "bfloat16"), 0x3f81);
  assert.equal(bitsOf(1 + 3 * 2 ** -8 - 2 ** -40, "bfloat16"), 0x3f81);
  assert.equal(bitsOf(3.4e38, "bfloat16"), 0x7f80);
  assert.equal(bitsOf(-Infinity, "bfloat16"), 0xff80);
  assert.equal(bitsOf(NaN, "bfloat16"), 0x7fc0);
});

test("constant() wraps whole numbers and keeps others in range", () => {
  assert.equal(bitsOf(300, "uint8"), 44);
  assert.equal(bitsOf(-1, "uint32"), 2 ** 32 - 1);
  assert.equal(bitsOf(128, "int8"), -128);
  assert.equal(bitsOf(2.9, "int32"), 2);
  assert.equal(bitsOf(-2.9, "int32"), -2);
  assert.equal(bitsOf(NaN, "int32"), 0);
  assert.equal(bitsOf(Infinity, "int8"), 127);
  assert.equal(bitsOf(-0.5, "bool"), 1);
});

test("constant() takes a scalar's own type, a weak one", () => {
  const types = [constant(1), constant(1.5), constant(true), constant(2n), constant(weakFloat(1))];
  assert.deepEqual(types.map(({ dtype, weakType }) => [dtype, weakType]), [
    ["int32", true],
    ["float32", true],
    ["bool", false],
    ["int32", true],
    ["float32", true],
  ]);
});

test("fromElements() copies", () => {
  const source = new Float32Array([1, 2, 3, 4]);
  const x = fromElements(source, [2, 2], "float32");
  source[0] = 9;
  assert.deepEqual([...download(operandOf(x))], [1, 2, 3, 4]);
});

test("elementsOf() knows typed arrays, those of 64 bits too", () => {
  assert.equal(elementsOf(new Float64Array(1))[1], "float32");
  assert.equal(elementsOf(new Uint8ClampedArray(1))[1], "uint8");
  assert.equal(elementsOf(new Uint8Array(1))[1], "uint8");
  assert.equal(elementsOf(new Uint16Array(1))[1], "uint16");
  assert.deepEqual(elementsOf(new BigInt64Array([-5n, 7n])), [[-5, 7], "int32"]);
  assert.throws(() => elementsOf(new BigInt64Array([2n ** 40n])), {
    name: "ValueError",
    message: "Cannot make an array: an integer does not fit 32 bits\n" +
      "  actual:   1099511627776\n" +
      "  expected: -2147483648 to 4294967295\n" +
      "  try:      convert the data to Float64Array for floats, or split it into two arrays of uint32",
  });
});

test("asArray() gives arrays back, and refuses lists", () => {
  const x = constant(1);
  assert.equal(asArray("add", x), x);
  assert.deepEqual(asArray("add", new Int8Array([1, 2])).shape, [2]);
  assert.throws(() => asArray("add", [1]), {
    name: "TypeError",
    message: "Cannot add: an operand is a list; pass an array, a scalar or a typed array: " +
      "pz.np.array(list) makes an array of a list",
  });
});

test("kindOf() says what a value is", () => {
  assert.deepEqual([null, undefined, [], new Map(), "text", new Error("no"), () => 0].map(kindOf), [
    "null",
    "undefined",
    "a list",
    "a Map",
    "a string",
    "an Error",
    "a function",
  ]);
});

test("typeOf() and integerRange() know types", () => {
  assert.deepEqual(typeOf(constant(1) as EagerArray), { dtype: "int32", weakType: true });
  assert.deepEqual(typeOf(0.5), { dtype: "float32", weakType: true });
  assert.deepEqual(integerRange("uint16"), [0, 65535]);
});
