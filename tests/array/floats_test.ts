import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { copysign, frexp, heaviside, ldexp, modf, nanToNum, nextafter, signbit, spacing } from "../../array/floats.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("signbit() sees negative zeros", () => {
  assert.deepEqual(tolist(signbit(array([-0, 0.5, -1.5]))), [true, false, true]);
  assert.deepEqual(tolist(signbit(array([-0, 0.5], { dtype: "float16" }))), [true, false]);
  assert.deepEqual(tolist(signbit(array([-1, 1]))), [true, false]);
  assert.deepEqual(tolist(signbit(array([true]))), [false]);
});

test("copysign() takes the sign of a negative zero", () => {
  assert.deepEqual(tolist(copysign(array([1, -2]), array([-0, 0.5]))), [-1, 2]);
});

for (const [dtype, step] of [["float32", 2 ** -23], ["float16", 2 ** -10], ["bfloat16", 2 ** -7]] as const) {
  test(`nextafter() steps in the format of ${dtype}`, () => {
    assert.deepEqual(tolist(nextafter(array([1, 1], { dtype }), array([2, 0], { dtype }))), [1 + step, 1 - step / 2]);
    assert.equal(tolist(nextafter(array(0, { dtype }), array(0, { dtype }))), 0);
    assert.equal(tolist(nextafter(array(NaN, { dtype }), array(0, { dtype }))), NaN);
    assert.deepEqual(tolist(spacing(array([1], { dtype }))), [step]);
  });
}

test("frexp() and ldexp() are inverses, below the normal numbers, too", () => {
  const x = array([8, -0.3, 2 ** -140, 0, Infinity]);
  const [fraction, exponent] = frexp(x);
  assert.deepEqual(tolist(exponent), [4, -1, -139, 0, 0]);
  assert.equal(exponent.dtype, "int32");
  assert.deepEqual(tolist(ldexp(fraction, array([4, -1, -126, 0, 0]))), [8, Math.fround(-0.3), 2 ** -127, 0, Infinity]);
  assert.throws(() => ldexp(x, 0.5), {
    name: "TypeError",
    message: "Cannot ldexp: the exponents are float32; cast them to integers",
  });
});

test("modf() parts numbers towards 0", () => {
  assert.deepEqual(modf(array([1.25, -1.25])).map(tolist), [[0.25, -0.25], [1, -1]]);
});

test("heaviside() takes the second operand at 0", () => {
  assert.deepEqual(tolist(heaviside(array([-1, 0, 1.5]), 0.5)), [0, 0.5, 1]);
});

test("nanToNum() puts finite numbers in the place of others", () => {
  const x = array([NaN, Infinity, -Infinity, 1]);
  const most = (2 - 2 ** -23) * 2 ** 127;
  assert.deepEqual(tolist(nanToNum(x)), [0, most, -most, 1]);
  assert.deepEqual(tolist(nanToNum(x, { nan: 7, posinf: 8, neginf: 9 })), [7, 8, 9, 1]);
  assert.deepEqual(tolist(nanToNum(array([Infinity], { dtype: "float16" }))), [65504]);
});
