/**
 * Rows of the case table: random bits and keys, activations, softmax and its kin.
 *
 * @module
 */

import { geluPrimitive } from "../../ops/gelu.ts";
import { logSoftmaxPrimitive } from "../../ops/log_softmax.ts";
import { logsumexpPrimitive } from "../../ops/logsumexp.ts";
import { randomBitsPrimitive } from "../../ops/random_bits.ts";
import { randomFloatPrimitive } from "../../ops/random_float.ts";
import { randomFoldInPrimitive } from "../../ops/random_fold_in.ts";
import { randomSplitPrimitive } from "../../ops/random_split.ts";
import { randomUnwrapPrimitive } from "../../ops/random_unwrap.ts";
import { randomWrapPrimitive } from "../../ops/random_wrap.ts";
import { relu6Primitive, reluPrimitive } from "../../ops/relu.ts";
import { siluPrimitive } from "../../ops/silu.ts";
import { softmaxPrimitive } from "../../ops/softmax.ts";
import { softplusPrimitive } from "../../ops/softplus.ts";
import type { Case } from "./_case.ts";

const layouts = ["partitionable", "legacy"] as const;

/** The rows. */
export const CASES: readonly Case[] = [
  {
    name: "randomWrap",
    primitive: randomWrapPrimitive,
    params: {},
    inputs: [{ shape: [3, 2], dtype: "uint32", low: 0, high: 1e9 }],
  },
  { name: "randomUnwrap", primitive: randomUnwrapPrimitive, params: {}, inputs: [{ shape: [3], dtype: "prngKey" }] },
  {
    name: "randomUnwrap of one",
    primitive: randomUnwrapPrimitive,
    params: {},
    inputs: [{ shape: [], dtype: "prngKey" }],
  },
  ...layouts.flatMap((layout): Case[] => [
    ...([8, 16, 32] as const).map((bitWidth): Case => ({
      name: `randomBits, ${bitWidth}, ${layout}`,
      primitive: randomBitsPrimitive,
      params: { shape: [5, 3], bitWidth, layout },
      inputs: [{ shape: [], dtype: "prngKey" }],
    })),
    {
      name: `randomBits of keys, ${layout}`,
      primitive: randomBitsPrimitive,
      params: { shape: [7], bitWidth: 32, layout },
      inputs: [{ shape: [2, 3], dtype: "prngKey" }],
    },
    {
      name: `randomBits of nothing, ${layout}`,
      primitive: randomBitsPrimitive,
      params: { shape: [0], bitWidth: 32, layout },
      inputs: [{ shape: [2], dtype: "prngKey" }],
    },
    {
      name: `randomSplit, ${layout}`,
      primitive: randomSplitPrimitive,
      params: { shape: [3], layout },
      inputs: [{ shape: [], dtype: "prngKey" }],
    },
    {
      name: `randomSplit of keys, ${layout}`,
      primitive: randomSplitPrimitive,
      params: { shape: [2, 2], layout },
      inputs: [{ shape: [3], dtype: "prngKey" }],
    },
  ]),
  {
    name: "randomFoldIn",
    primitive: randomFoldInPrimitive,
    params: {},
    inputs: [{ shape: [], dtype: "prngKey" }, { shape: [], dtype: "uint32", low: 0, high: 1e9 }],
  },
  {
    name: "randomFoldIn of keys",
    primitive: randomFoldInPrimitive,
    params: {},
    inputs: [{ shape: [2, 3], dtype: "prngKey" }, { shape: [2, 3], dtype: "uint32", low: 0, high: 1e9 }],
  },
  {
    name: "randomFloat, uniform",
    primitive: randomFloatPrimitive,
    params: { dtype: "float32", distribution: "uniform", low: -1, high: 3 },
    inputs: [{ shape: [2, 3], dtype: "uint32", low: 0, high: 4e9 }],
    differentiable: [],
  },
  {
    name: "randomFloat, normal",
    primitive: randomFloatPrimitive,
    params: { dtype: "bfloat16", distribution: "normal", low: -1 + 2 ** -8, high: 1 },
    inputs: [{ shape: [2, 3], dtype: "uint8", low: 0, high: 256 }],
    differentiable: [],
  },
  {
    name: "relu",
    primitive: reluPrimitive,
    params: {},
    inputs: [{ shape: [2, 3], values: [-1.5, -0.3, 0.2, 2, -4, 7] }],
  },
  { name: "relu of int8", primitive: reluPrimitive, params: {}, inputs: [{ shape: [4], dtype: "int8" }] },
  {
    name: "relu6",
    primitive: relu6Primitive,
    params: {},
    inputs: [{ shape: [2, 3], values: [-1.5, -0.3, 0.2, 2, 5.5, 7] }],
  },
  { name: "silu", primitive: siluPrimitive, params: {}, inputs: [{ shape: [3, 4], low: -6, high: 6 }] },
  { name: "softplus", primitive: softplusPrimitive, params: {}, inputs: [{ shape: [3, 4], low: -6, high: 6 }] },
  {
    name: "gelu, exact",
    primitive: geluPrimitive,
    params: { approximate: false },
    inputs: [{ shape: [3, 4], low: -4, high: 4 }],
  },
  {
    name: "gelu, approximate",
    primitive: geluPrimitive,
    params: { approximate: true },
    inputs: [{ shape: [3, 4], low: -4, high: 4 }],
  },
  ...[softmaxPrimitive, logSoftmaxPrimitive, logsumexpPrimitive].flatMap((primitive) =>
    [
      ...[0, 1, 2].map((axis): Case => ({
        name: `${primitive.name} along ${axis}`,
        primitive,
        params: { axis },
        inputs: [{ shape: [2, 3, 4] }],
      })),
      { name: `${primitive.name} of a vector`, primitive, params: { axis: 0 }, inputs: [{ shape: [5] }] },
      {
        name: `${primitive.name} of bfloat16`,
        primitive,
        params: { axis: 0 },
        inputs: [{ shape: [3, 2], dtype: "bfloat16" }],
      },
      { name: `${primitive.name} of nothing`, primitive, params: { axis: 0 }, inputs: [{ shape: [0, 2] }] },
      { name: `${primitive.name} along nothing`, primitive, params: { axis: 1 }, inputs: [{ shape: [2, 0] }] },
      {
        name: `${primitive.name} of nine axes`,
        primitive,
        params: { axis: 4 },
        inputs: [{ shape: [1, 2, 1, 2, 3, 1, 2, 2, 1] }],
      },
    ].map((row) => ({ ...row, halves: "each step is rounded, as in the decomposed form" }))
  ),
];
