import assert from "node:assert/strict";
import { test } from "node:test";
import * as fn from "../../array/activations.ts";
import { readNow } from "../../array/read.ts";
import { constant, fromElements } from "../../core/constant.ts";
import type { ArrayLike, NDArray } from "../../core/ndarray.ts";
import { weakFloat } from "../../core/promotion.ts";
import { reluPrimitive } from "../../ops/relu.ts";
import { start } from "../_support.ts";

await start();

function elements(x: NDArray): number[] {
  return [...readNow("test", x)];
}

/** The type of a result, with a star if it is weak. */
function typeName({ dtype, weakType }: NDArray): string {
  return `${dtype}${weakType ? "*" : ""}`;
}

test("activations are what their formulas say", () => {
  const points = [-5, -1, -0.25, 0, 0.5, 1, 2, 5];
  const x = fromElements(points, [points.length], "float32");
  const phi = (z: number): number => {
    // Simpson's rule for the integral of the density from 0.
    const steps = 2000;
    const f = (t: number): number => Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
    const h = z / steps;
    let sum = f(0) + f(z);
    for (let k = 1; k < steps; k++) sum += f(k * h) * (k % 2 === 1 ? 4 : 2);
    return 0.5 + sum * h / 3;
  };
  const softplus = (v: number): number => Math.log1p(Math.exp(v));
  const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
  const cases: readonly (readonly [(x: ArrayLike) => NDArray, (v: number) => number])[] = [
    [fn.relu, (v) => Math.max(v, 0)],
    [fn.relu6, (v) => Math.min(Math.max(v, 0), 6)],
    [fn.leakyRelu, (v) => v >= 0 ? v : 0.01 * v],
    [fn.elu, (v) => v > 0 ? v : Math.expm1(v)],
    [fn.selu, (v) => 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * Math.expm1(v))],
    [(y) => fn.celu(y, { alpha: 2 }), (v) => Math.max(v, 0) + 2 * Math.expm1(Math.min(v, 0) / 2)],
    [(y) => fn.gelu(y, { approximate: false }), (v) => v * phi(v)],
    [fn.gelu, (v) => v * sigmoid(2 * Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))],
    [fn.silu, (v) => v * sigmoid(v)],
    [fn.swish, (v) => v * sigmoid(v)],
    [fn.mish, (v) => v * Math.tanh(softplus(v))],
    [fn.softplus, softplus],
    [fn.softSign, (v) => v / (Math.abs(v) + 1)],
    [fn.sigmoid, sigmoid],
    [fn.logSigmoid, (v) => -softplus(-v)],
    [fn.hardTanh, (v) => Math.min(Math.max(v, -1), 1)],
    [fn.hardSigmoid, (v) => Math.min(Math.max(v + 3, 0), 6) / 6],
    [fn.hardSilu, (v) => v * Math.min(Math.max(v + 3, 0), 6) / 6],
    [fn.hardSwish, (v) => v * Math.min(Math.max(v + 3, 0), 6) / 6],
    [fn.squareplus, (v) => (v + Math.sqrt(v * v + 4)) / 2],
    [fn.sparsePlus, (v) => v <= -1 ? 0 : v >= 1 ? v : (v + 1) ** 2 / 4],
    [fn.sparseSigmoid, (v) => Math.min(Math.max(v + 1, 0), 2) / 2],
  ];
  cases.forEach(([activation, formula], at) => {
    elements(activation(x)).forEach((value, k) => {
      const expected = formula(points[k]!);
      const isNear = Math.abs(value - expected) <= 2e-6 * Math.max(1, Math.abs(expected));
      assert(isNear, `${at} ${activation.name}(${points[k]}): ${value}, not ${expected}`);
    });
  });
});

test("activations do not overflow", () => {
  const x = fromElements([-1000, 1000], [2], "float32");
  assert.deepEqual(elements(fn.softplus(x)), [0, 1000]);
  assert.deepEqual(elements(fn.logSigmoid(x)), [-1000, -0]);
  assert.deepEqual(elements(fn.elu(x)), [-1, 1000]);
  assert.deepEqual(elements(fn.silu(x)), [-0, 1000]);
});

test("activations have the dtypes of JAX", () => {
  const int32 = fromElements([1, 2], [2], "int32");
  const half = fromElements([0x3f80], [1], "bfloat16");
  const bools = fromElements([1, 0], [2], "bool");
  const types = (activation: (x: ArrayLike) => NDArray): string[] =>
    [int32, bools, half, constant(2), constant(weakFloat(2))].map((x) => typeName(activation(x)));
  assert.deepEqual(types(fn.relu), ["int32", "int32*", "bfloat16", "int32*", "float32*"]);
  assert.deepEqual(types(fn.relu6), ["float32*", "float32*", "bfloat16", "float32*", "float32*"]);
  assert.deepEqual(types(fn.softplus), ["float32", "float32*", "bfloat16", "float32*", "float32*"]);
  assert.deepEqual(types(fn.mish), ["float32", "float32*", "bfloat16", "float32*", "float32*"]);
  assert.deepEqual(types(fn.elu), ["float32*", "float32*", "bfloat16", "float32*", "float32*"]);
  assert.deepEqual(types(fn.gelu), ["float32", "float32", "bfloat16", "float32", "float32"]);
  assert.deepEqual(types(fn.hardTanh), ["int32", "int32*", "bfloat16", "int32*", "float32*"]);
  assert.deepEqual(types(fn.softSign), ["float32", "float32*", "bfloat16", "float32*", "float32*"]);
});

test("relu() has derivative 0 at 0", () => {
  const x = fromElements([-1, 0, 2], [3], "float32");
  const [dy] = reluPrimitive.jvp([x], [fromElements([5, 6, 7], [3], "float32")], [fn.relu(x)], {});
  assert.deepEqual(elements(dy as NDArray), [0, 0, 7]);
});

test("glu() halves an axis", () => {
  const x = fromElements([1, 2, 0, 0, 3, 4, 0, 0], [2, 4], "float32");
  assert.deepEqual(elements(fn.glu(x)), [0.5, 1, 1.5, 2]);
  assert.deepEqual(fn.glu(x, { axis: 0 }).shape, [1, 4]);
  assert.throws(() => fn.glu(fromElements([1, 2, 3], [3], "float32")), {
    name: "ValueError",
    message: [
      "Cannot glu: the axis has no halves",
      "  actual:   axis 0 of [3]",
      "  expected: an even size",
      "  try:      make the layer before it twice as wide as the one after it",
    ].join("\n"),
  });
});

test("sigmoid(), silu() and glu() refuse integers, which JAX refuses, and take numbers", () => {
  for (const [name, activation] of [["sigmoid", fn.sigmoid], ["silu", fn.silu], ["glu", fn.glu]] as const) {
    assert.throws(() => activation(fromElements([1, 2], [2], "int8")), {
      name: "TypeError",
      message: `Cannot ${name}: the elements are int8; cast them to a float first, by astype()`,
    });
  }
  assert.deepEqual(elements(fn.sigmoid(0)), [0.5]);
  assert.deepEqual(elements(fn.silu(0)), [0]);
});
