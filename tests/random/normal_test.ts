import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { key } from "../../random/key.ts";
import { normal, truncatedNormal } from "../../random/normal.ts";
import { start } from "../_support.ts";
import { elements, namedKey, withLegacyLayout } from "./_draws.ts";

await start();

function assertNear(actual: readonly number[], expected: readonly number[], relative: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, k) => {
    const other = expected[k]!;
    assert(Math.abs(value - other) <= relative * Math.abs(other), `${k}: ${value}, not ${other}`);
  });
}

test("T-RN-05 normal() and truncatedNormal() in the old layout draw what JAX drew", () => {
  withLegacyLayout(() => {
    assertNear(elements(normal(key(1193674498), [5])), [-1.173234, -1.511662, 0.070593, -0.099764, 1.052845], 1e-5);
    assertNear(
      elements(truncatedNormal(key(2846034731), 0, 2, { shape: [5] })),
      [0.582807, 1.709771, 0.159513, 0.861376, 0.36148],
      1e-5,
    );
  });
});

test("T-RN-06 normal() and truncatedNormal() draw the floats of JAX", () => {
  assertNear(elements(normal(key(0), [4])), [1.62264216, 2.02526474, -0.433594435, -0.0786173493], 1e-6);
  assertNear(elements(normal(key(0))), [1.6226422], 1e-6);
  withLegacyLayout(() => {
    assertNear(elements(normal(key(0), [4])), [1.81608629, -0.754885137, 0.339889079, -0.534835339], 1e-6);
    assertNear(elements(normal(key(0))), [-0.20584226], 1e-6);
  });
  const own = namedKey(0, "mlp/Affine_0/Linear.weights");
  const deviation = Math.sqrt(0.05);
  assertNear(
    elements(normal(own, [8, 32])).slice(0, 4).map((value) => value * deviation),
    [0.0867569, 0.006446382, -0.181787178, 0.32912311],
    2e-6,
  );
  const scale = Math.sqrt(1 / 8) / 0.87962566103423978;
  assertNear(
    elements(truncatedNormal(own, -2, 2, { shape: [8, 32] })).slice(0, 4).map((value) => value * scale),
    [0.148510382, 0.0110600526, -0.308480263, 0.538731158],
    2e-6,
  );
});

test("normal() has mean 0 and variance 1, in every dtype", () => {
  for (const dtype of ["float32", "float16", "bfloat16"]) {
    const x = elements(normal(key(8), [10000], { dtype }));
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
    assert(x.every(Number.isFinite), dtype);
    assert(Math.abs(mean) < 0.05 && Math.abs(variance - 1) < 0.05, `${dtype}: ${mean}, ${variance}`);
  }
});

test("truncatedNormal() stays between its bounds, which broadcast", () => {
  const x = truncatedNormal(key(1), fromElements([-1, 0, 3], [3], "float32"), 4, { shape: [1000, 3] });
  elements(x).forEach((value, k) => assert(value > [-1, 0, 3][k % 3]! && value < 4));
  assert.deepEqual(truncatedNormal(key(1), fromElements([-1, 0], [2], "int32"), 3).shape, [2]);
  assert.equal(truncatedNormal(key(1), -1, 1, { dtype: "bfloat16" }).dtype, "bfloat16");
});

test("normal() refuses integers", () => {
  assert.throws(() => normal(key(0), [2], { dtype: "int32" }), {
    name: "ValueError",
    message: [
      "Cannot normal: the dtype is no float",
      "  operand:  dtype",
      "  actual:   int32",
      "  expected: float32, float16 or bfloat16",
      "  try:      leave it out, or draw floats and cast them by astype()",
    ].join("\n"),
  });
});
