import assert from "node:assert/strict";
import { test } from "node:test";
import { constant, fromElements } from "../../core/constant.ts";
import { broadcastTo } from "../../ops/broadcast_in_dim.ts";
import { mul } from "../../ops/mul.ts";
import { key } from "../../random/key.ts";
import { uniform } from "../../random/uniform.ts";
import { start } from "../_support.ts";
import { elements, namedKey, withLegacyLayout } from "./_draws.ts";

await start();

/** Asserts that elements are those that the specification prints, to so many digits. */
function assertPrinted(actual: readonly number[], expected: readonly number[], bound = 1e-8): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, k) => assert(Math.abs(value - expected[k]!) <= bound, `${k}: ${value}, not ${expected[k]}`));
}

test("T-RN-05 uniform() in the old layout draws what JAX drew", () => {
  withLegacyLayout(() => {
    assertPrinted(elements(uniform(key(1338574713), [5])), [0.298671, 0.073213, 0.873356, 0.260549, 0.412797], 1e-6);
  });
});

test("T-RN-06 uniform() draws the floats of JAX", () => {
  const draw = (dtype: string): number[] => elements(uniform(key(0), [4], { dtype }));
  assertPrinted(draw("float32"), [0.947667003, 0.978579879, 0.332291484, 0.468668461]);
  assert.deepEqual(draw("bfloat16"), [0.6484375, 0.5703125, 0.15625, 0.203125]);
  assert.deepEqual(draw("float16"), [0.310546875, 0.212890625, 0.0546875, 0.65625]);
  withLegacyLayout(() => assertPrinted(draw("float32"), [0.965321422, 0.22515893, 0.633029938, 0.296381831]));
  const named = (name: string): number => elements(uniform(namedKey(2, name)))[0]!;
  assertPrinted([named("foo"), named("bar")], [0.89966917, 0.180503964]);
  withLegacyLayout(() => assertPrinted([named("foo"), named("bar")], [0.583799124, 0.239549041]));
});

test("T-RN-06 uniform() draws the weights of the specification to the bit", () => {
  const weights = (seed: number): number[] => {
    const drawn = uniform(namedKey(seed, "mlp/Affine_0/Linear.weights"), [8, 32], { minval: -1, maxval: 1 });
    const factor = constant(Math.sqrt(3 * Math.fround(0.05)), { dtype: "float32", weakType: false });
    return elements(mul(drawn, broadcastTo(factor, drawn.shape)));
  };
  const own = weights(0);
  const bits = [...new Uint32Array(Float32Array.from(own.slice(0, 4)).buffer)];
  assert.deepEqual(bits, [0x3def85e6, 0x3c11f0bc, 0xbe6784d9, 0x3eaa5396]);
  assertPrinted([...own.slice(4, 6), own.at(-1)!], [-0.0496017151, 0.296986818, -0.0636227653]);
  assertPrinted(weights(42).slice(0, 3), [0.32924974, -0.226662904, 0.115340978]);
  withLegacyLayout(() => {
    const old = weights(0);
    assertPrinted([...old.slice(0, 3), old.at(-1)!], [0.244581223, 0.132601097, -0.357081652, 0.342556626]);
  });
});

test("uniform() has bounds, as numbers and as arrays that broadcast", () => {
  const plain = elements(uniform(key(3), [2, 3]));
  const bounded = uniform(key(3), [2, 3], {
    minval: fromElements([0, 1, 2], [3], "float32"),
    maxval: fromElements([4, 8], [2, 1], "int32"),
  });
  const expected = plain.map((u, k) => {
    const [low, high] = [k % 3, k < 3 ? 4 : 8];
    return Math.fround(Math.fround(u * (high - low)) + low);
  });
  assert.deepEqual(elements(bounded), expected);
  const same = uniform(key(3), [2, 3], { minval: fromElements([-3], [], "float32"), maxval: 0.7 });
  assert.deepEqual(elements(same), elements(uniform(key(3), [2, 3], { minval: -3, maxval: 0.7 })));
  assert.deepEqual(uniform(key(3), [2], { minval: 5, maxval: 5 }).weakType, false);
  assert.deepEqual(elements(uniform(key(3), [2], { minval: 5, maxval: 5 })), [5, 5]);
});

test("uniform() stays below its upper bound, and reaches the lower", () => {
  for (const dtype of ["float32", "float16", "bfloat16"]) {
    const x = elements(uniform(key(1), [5000], { dtype }));
    assert(x.every((value) => value >= 0 && value < 1), dtype);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    assert(Math.abs(mean - 0.5) < 0.02, `${dtype}: ${mean}`);
  }
});

test("uniform() refuses integers, and bounds that do not fit", () => {
  assert.throws(() => uniform(key(0), [2], { dtype: "int32" }), {
    name: "ValueError",
    message: [
      "Cannot uniform: the dtype is no float",
      "  operand:  dtype",
      "  actual:   int32",
      "  expected: float32, float16 or bfloat16",
      "  try:      leave it out, or draw floats and cast them by astype()",
    ].join("\n"),
  });
  assert.throws(() => uniform(key(0), [2], { minval: fromElements([1, 2], [2, 1], "float32") }), {
    name: "ValueError",
    message: [
      "Cannot uniform: the parameters do not broadcast to the shape",
      "  operand:  shape",
      "  actual:   shape [2], parameters of shape [2,1]",
      "  expected: a shape that has all of their axes",
      "  try:      leave the shape out, or put their axes at its end",
    ].join("\n"),
  });
});
