/**
 * The rows of elementwise primitives.
 *
 * @module
 */

import { elementwisePrimitives as ops } from "./_elementwise_primitives.ts";
import type { Case, CaseInput } from "./_case.ts";
import type { DType } from "../../wasm/dtype.ts";

const NONE = {};

/** A shape with an axis of size 1 and one that fills no vector. */
const SHAPE = [3, 1, 5];

function floats(low: number, high: number): CaseInput {
  return { shape: SHAPE, low, high };
}

/** Where a function is smooth: what of the real axis it is tried on. */
const SMOOTH: readonly (readonly [name: keyof typeof ops, low: number, high: number])[] = [
  ["exp", -2, 2],
  ["exp2", -2, 2],
  ["expm1", -2, 2],
  ["log", 0.3, 3],
  ["log2", 0.3, 3],
  ["log1p", -0.6, 3],
  ["sqrt", 0.3, 3],
  ["rsqrt", 0.4, 3],
  ["cbrt", 0.3, 3],
  ["square", -2, 2],
  ["sin", -3, 3],
  ["cos", -3, 3],
  ["tan", -1, 1],
  ["asin", -0.8, 0.8],
  ["acos", -0.8, 0.8],
  ["atan", -3, 3],
  ["sinh", -2, 2],
  ["cosh", -2, 2],
  ["tanh", -2, 2],
  ["asinh", -3, 3],
  ["acosh", 1.3, 3],
  ["atanh", -0.8, 0.8],
  ["erf", -2, 2],
  ["erfc", -2, 2],
  ["erfInv", -0.8, 0.8],
  ["lgamma", 0.5, 4],
  ["digamma", 0.7, 4],
  ["besselI0e", 0.3, 12],
  ["besselI1e", -12, 12],
  ["logistic", -3, 3],
];

/** Values away from the steps of rounding, from both sides of 0. */
const BETWEEN_STEPS = [0.3, -0.3, 1.2, -1.7, 2.6, -2.4, 7.25];

const STEPS: readonly (keyof typeof ops)[] = ["sign", "floor", "ceil", "trunc"];

/** Integers at the ends of their range and beside 0. */
const EDGES: readonly (readonly [DType, readonly number[]])[] = [
  ["int8", [0, 1, -1, 127, -128, 5, -77]],
  ["uint8", [0, 1, 255, 128, 127, 5, 200]],
  ["int16", [0, 1, -1, 32767, -32768, 300, -77]],
  ["uint16", [0, 1, 65535, 32768, 300]],
  ["int32", [0, 1, -1, 1 << 30, -(2 ** 31), 300, -77]],
  ["uint32", [0, 1, 2 ** 31, 300]],
];

function integers(name: keyof typeof ops, operands: number): Case[] {
  return EDGES.map(([dtype, values]) => ({
    name: `${name} of ${dtype}`,
    primitive: ops[name],
    params: NONE,
    inputs: Array.from({ length: operands }, (_, k) => ({ shape: [7], dtype, values: values.toReversed().slice(k) })),
  }));
}

function binary(name: keyof typeof ops, more: Partial<Case> = {}): Case {
  return { name, primitive: ops[name], params: NONE, inputs: [floats(-2, 2), floats(0.5, 2)], ...more };
}

const BITS: CaseInput = { shape: SHAPE, dtype: "bool", values: [0, 1, 1, 0, 1] };

const COMPARISONS: readonly (keyof typeof ops)[] = ["eq", "ne", "lt", "le", "gt", "ge"];

/** The table. */
export const CASES: readonly Case[] = [
  ...SMOOTH.map(([name, low, high]): Case => ({
    name,
    primitive: ops[name],
    params: NONE,
    inputs: [floats(low, high)],
  })),
  ...SMOOTH.map(([name, low, high]): Case => ({
    name: `${name} of bfloat16`,
    primitive: ops[name],
    params: NONE,
    inputs: [{ ...floats(low, high), dtype: "bfloat16" }],
  })),
  ...STEPS.map((name): Case => ({
    name,
    primitive: ops[name],
    params: NONE,
    inputs: [{ shape: [7], values: BETWEEN_STEPS }],
  })),
  ...["even", "away"].map((ties): Case => ({
    name: `round, ties ${ties}`,
    primitive: ops.round,
    params: { ties },
    inputs: [{ shape: [7], values: BETWEEN_STEPS }],
  })),
  {
    name: "digamma below 0",
    primitive: ops.digamma,
    params: NONE,
    inputs: [{ shape: [4], values: [-0.5, -1.4, -2.6, 0.4] }],
  },
  { name: "neg", primitive: ops.neg, params: NONE, inputs: [floats(-2, 2)], linear: [0] },
  { name: "neg of nothing", primitive: ops.neg, params: NONE, inputs: [{ shape: [2, 0] }], linear: [0] },
  { name: "neg of a scalar", primitive: ops.neg, params: NONE, inputs: [{ shape: [] }], linear: [0] },
  { name: "abs", primitive: ops.abs, params: NONE, inputs: [{ shape: [7], values: BETWEEN_STEPS }] },
  { name: "isFinite", primitive: ops.isFinite, params: NONE, inputs: [{ shape: [3], values: [1, NaN, Infinity] }] },
  { name: "stopGradient", primitive: ops.stopGradient, params: NONE, inputs: [floats(-2, 2)], differentiable: [] },
  ...[-3, -1, 0, 2, 3, 7].map((exponent): Case => ({
    name: `integerPow ${exponent}`,
    primitive: ops.integerPow,
    params: { exponent },
    inputs: [floats(0.5, 1.5)],
    tolerance: 5e-2,
    reason: "the third derivative of high powers shows in central differences",
    halves: "each product is rounded, as in JAX",
  })),
  {
    name: "integerPow of uint8",
    primitive: ops.integerPow,
    params: { exponent: 5 },
    inputs: [{ shape: [5], dtype: "uint8", low: 0, high: 255 }],
  },
  binary("add", { linear: [0, 1] }),
  binary("sub", { linear: [0, 1] }),
  binary("mul", { linear: [0, 1] }),
  binary("div", { linear: [0] }),
  binary("div", { name: "div of nothing", inputs: [{ shape: [0, 2] }, { shape: [0, 2] }], linear: [0] }),
  binary("rem", { inputs: [{ shape: [4], values: [5.3, -5.3, 0.4, 2.6] }, { shape: [4], values: [2, 2, 1, -0.9] }] }),
  binary("max"),
  binary("min"),
  binary("pow", { inputs: [floats(0.5, 2), floats(-2, 2)] }),
  binary("pow", {
    name: "pow by integers",
    inputs: [{ shape: [6], low: -2, high: 2 }, { shape: [6], dtype: "int32", values: [0, 1, 2, 3, -1, -2] }],
    reason: "negative powers near 0 are steep",
    tolerance: 5e-2,
  }),
  binary("pow", {
    name: "pow of bfloat16 by int8",
    inputs: [{ shape: [4], dtype: "bfloat16" }, { shape: [4], dtype: "int8" }],
  }),
  binary("atan2"),
  binary("logAddExp"),
  binary("logAddExp", {
    name: "logAddExp of equals",
    inputs: [{ shape: [3], values: [1] }, { shape: [3], values: [1] }],
  }),
  binary("nextAfter", { differentiable: [], halves: "neighbors are those of the dtype" }),
  binary("nextAfter", {
    name: "nextAfter of float16",
    inputs: [{ shape: [6], dtype: "float16", values: [0, 1, -1, 6e-8, 65504, NaN] }, { shape: [6], dtype: "float16" }],
  }),
  ...COMPARISONS.map((name) => binary(name, { inputs: [{ shape: [5], values: [1, 2, NaN, 0, -1] }, { shape: [5] }] })),
  ...COMPARISONS.flatMap((name) => integers(name, 2)),
  ...(["and", "or", "xor", "shiftLeft", "shiftRightLogical", "shiftRightArithmetic"] as const)
    .flatMap((name) => integers(name, 2)),
  ...(["add", "sub", "mul", "div", "rem", "max", "min", "pow"] as const).flatMap((name) => integers(name, 2)),
  ...(["neg", "sign", "not", "populationCount", "clz", "square"] as const).flatMap((name) => integers(name, 1)),
  ...(["and", "or", "xor", "max", "eq", "lt"] as const).map((name) =>
    binary(name, { name: `${name} of bools`, inputs: [BITS, { ...BITS, values: [1, 1, 0] }] })
  ),
  { name: "not of bools", primitive: ops.not, params: NONE, inputs: [BITS] },
  { name: "select", primitive: ops.select, params: NONE, inputs: [BITS, floats(-2, 2), floats(-2, 2)], linear: [1, 2] },
  {
    name: "select of int8",
    primitive: ops.select,
    params: NONE,
    inputs: [BITS, { shape: SHAPE, dtype: "int8" }, { shape: SHAPE, dtype: "int8" }],
  },
  { name: "clamp", primitive: ops.clamp, params: NONE, inputs: [floats(-1.5, -0.5), floats(-2, 2), floats(0.5, 1.5)] },
  {
    name: "clamp of uint8",
    primitive: ops.clamp,
    params: NONE,
    inputs: [10, 0, 100].map((low) => ({ shape: [9], dtype: "uint8", low, high: low + 150 })),
  },
  ...([["float32", "int32"], ["float32", "uint8"], ["int16", "uint8"]] as const).map(([from, to]): Case => ({
    name: `bitcastConvertType of ${from} to ${to}`,
    primitive: ops.bitcastConvertType,
    params: { from, to },
    inputs: [{ shape: [3, 4], dtype: from }],
    differentiable: [],
    halves: "bits are those of the dtype",
  })),
  {
    name: "bitcastConvertType of uint8 to float32",
    primitive: ops.bitcastConvertType,
    params: { from: "uint8", to: "float32" },
    inputs: [{ shape: [3, 4], dtype: "uint8", low: 0, high: 120 }],
    differentiable: [],
  },
];
