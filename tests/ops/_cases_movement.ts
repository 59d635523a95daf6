/**
 * Rows of primitives that move elements.
 *
 * @module
 */

import { broadcastInDimPrimitive } from "../../ops/broadcast_in_dim.ts";
import { checkpointNamePrimitive } from "../../ops/checkpoint_name.ts";
import { concatenatePrimitive } from "../../ops/concatenate.ts";
import { diagonalPrimitive } from "../../ops/diagonal.ts";
import { dynamicSlicePrimitive } from "../../ops/dynamic_slice.ts";
import { dynamicUpdateSlicePrimitive } from "../../ops/dynamic_update_slice.ts";
import { gatherPrimitive } from "../../ops/gather.ts";
import { iotaPrimitive } from "../../ops/iota.ts";
import { normalizeIndexPrimitive } from "../../ops/normalize_index.ts";
import { optimizationBarrierPrimitive } from "../../ops/optimization_barrier.ts";
import { padPrimitive } from "../../ops/pad.ts";
import { reshapePrimitive } from "../../ops/reshape.ts";
import { reversePrimitive } from "../../ops/reverse.ts";
import { scatterPrimitive } from "../../ops/scatter.ts";
import { slicePrimitive } from "../../ops/slice.ts";
import { transposePrimitive } from "../../ops/transpose.ts";
import type { Case, CaseInput } from "./_case.ts";

const matrix: CaseInput = { shape: [3, 4] };
const cube: CaseInput = { shape: [2, 3, 4] };

/** Rows out of a matrix. */
const rows = { windowDims: [1], collapsedDims: [0], indexMap: [0] };
/** Windows of 2 × 2 out of a matrix, the indices' second axis between the window's. */
const tiles = { windowDims: [0, 2], collapsedDims: [], indexMap: [1, 0] };

const rowIndices: CaseInput = { shape: [5, 1], dtype: "int32", values: [2, 0, 2, 3, -1] };
const uniqueRows: CaseInput = { shape: [2, 1], dtype: "int32", values: [2, 0] };
const tileIndices: CaseInput = { shape: [3, 2], dtype: "int32", values: [1, 0, 2, 1, 3, 1] };
/** All inside, and no two windows overlap. */
const uniqueTiles: CaseInput = { shape: [2, 2], dtype: "int32", values: [0, 0, 2, 1] };

/** Rows of the case table. */
export const CASES: readonly Case[] = [
  {
    name: "transpose",
    primitive: transposePrimitive,
    params: { permutation: [2, 0, 1] },
    inputs: [cube],
    linear: [0],
  },
  { name: "optimizationBarrier", primitive: optimizationBarrierPrimitive, params: {}, inputs: [cube], linear: [0] },
  { name: "checkpointName", primitive: checkpointNamePrimitive, params: { name: "x" }, inputs: [cube], linear: [0] },
  { name: "reshape", primitive: reshapePrimitive, params: { shape: [4, 6] }, inputs: [cube], linear: [0] },
  {
    name: "broadcastInDim",
    primitive: broadcastInDimPrimitive,
    params: { shape: [3, 2, 4], dimensions: [0, 2] },
    inputs: [{ shape: [3, 1] }],
    linear: [0],
  },
  {
    name: "slice",
    primitive: slicePrimitive,
    params: { starts: [1, 0, 1], limits: [2, 3, 4], strides: [1, 2, 2] },
    inputs: [cube],
    linear: [0],
  },
  {
    name: "slice of nothing",
    primitive: slicePrimitive,
    params: { starts: [2, 3], limits: [2, 4], strides: [1, 1] },
    inputs: [matrix],
    linear: [0],
  },
  { name: "reverse", primitive: reversePrimitive, params: { axes: [2, 0] }, inputs: [cube], linear: [0] },
  {
    name: "concatenate",
    primitive: concatenatePrimitive,
    params: { axis: 1 },
    inputs: [{ shape: [2, 1] }, { shape: [2, 3] }, { shape: [2, 0] }],
    linear: [0, 1, 2],
    differentiable: [0, 1],
  },
  {
    name: "pad",
    primitive: padPrimitive,
    params: { config: [[1, 2, 1], [-1, 0, 2]] },
    inputs: [matrix, { shape: [] }],
    linear: [0, 1],
  },
  {
    name: "pad that cuts between",
    primitive: padPrimitive,
    params: { config: [[-2, -1, 2]] },
    inputs: [{ shape: [4] }, { shape: [] }],
    linear: [0, 1],
  },
  {
    name: "pad of int8",
    primitive: padPrimitive,
    params: { config: [[1, 1, 0]] },
    inputs: [
      { shape: [3], dtype: "int8" },
      { shape: [], dtype: "int8" },
    ],
  },
  {
    name: "gather of rows",
    primitive: gatherPrimitive,
    params: { ...rows, sliceSizes: [1, 4], mode: "fill", fillValue: 0 },
    inputs: [matrix, rowIndices],
    linear: [0],
  },
  {
    name: "gather of rows that clips",
    primitive: gatherPrimitive,
    params: { ...rows, sliceSizes: [1, 2], mode: "clip", fillValue: null },
    inputs: [matrix, rowIndices],
    linear: [0],
  },
  {
    name: "gather of tiles",
    primitive: gatherPrimitive,
    params: { ...tiles, sliceSizes: [2, 2], mode: "clip", fillValue: null },
    inputs: [matrix, tileIndices],
    linear: [0],
  },
  {
    name: "gather of elements by uint32",
    primitive: gatherPrimitive,
    params: { windowDims: [], collapsedDims: [0, 1], indexMap: [1, 0], sliceSizes: [1, 1], mode: "fill", fillValue: 3 },
    inputs: [{ shape: [3, 4], dtype: "int8" }, { shape: [2, 2, 2], dtype: "uint32", low: 0, high: 4 }],
  },
  ...(["set", "add", "min", "max"] as const).map((kind): Case => ({
    name: `scatter of rows, ${kind}`,
    primitive: scatterPrimitive,
    params: { kind, ...rows, mode: "fill", uniqueIndices: false },
    inputs: [matrix, rowIndices, { shape: [5, 4] }],
    linear: kind === "add" ? [0, 2] : [],
    reason: "no two values are so near that a step changes which is the least",
  })),
  {
    name: "scatter of rows, mul",
    primitive: scatterPrimitive,
    params: { kind: "mul", ...rows, mode: "fill", uniqueIndices: true },
    inputs: [matrix, uniqueRows, { shape: [2, 4] }],
    linear: [0, 2],
  },
  ...(["set", "add", "mul"] as const).map((kind): Case => ({
    name: `scatter of tiles, ${kind}`,
    primitive: scatterPrimitive,
    params: { kind, ...tiles, mode: "clip", uniqueIndices: true },
    inputs: [{ shape: [3, 5] }, uniqueTiles, { shape: [2, 2, 2] }],
    linear: [0, 2],
  })),
  {
    name: "scatter of part of rows, set where some meet",
    primitive: scatterPrimitive,
    params: { kind: "set", ...rows, mode: "clip", uniqueIndices: false },
    inputs: [matrix, rowIndices, { shape: [5, 2] }],
  },
  {
    name: "scatter of int8",
    primitive: scatterPrimitive,
    params: { kind: "add", windowDims: [], collapsedDims: [0], indexMap: [0], mode: "fill", uniqueIndices: false },
    inputs: [{ shape: [4], dtype: "int8" }, { shape: [6, 1], dtype: "int32", low: -1, high: 5 }, {
      shape: [6],
      dtype: "int8",
    }],
  },
  { name: "diagonal", primitive: diagonalPrimitive, params: { offset: 1 }, inputs: [cube], linear: [0] },
  {
    name: "diagonal below",
    primitive: diagonalPrimitive,
    params: { offset: -1 },
    inputs: [{ shape: [4, 2] }],
    linear: [0],
  },
  { name: "diagonal outside", primitive: diagonalPrimitive, params: { offset: 5 }, inputs: [matrix], linear: [0] },
  {
    name: "dynamicSlice",
    primitive: dynamicSlicePrimitive,
    params: { sizes: [2, 3] },
    inputs: [matrix, { shape: [2], dtype: "int32", low: -1, high: 4 }],
    linear: [0],
  },
  {
    name: "dynamicUpdateSlice",
    primitive: dynamicUpdateSlicePrimitive,
    params: {},
    inputs: [matrix, { shape: [2, 3] }, { shape: [2], dtype: "int32", low: -1, high: 4 }],
    linear: [0, 1],
  },
  {
    name: "normalizeIndex",
    primitive: normalizeIndexPrimitive,
    params: {},
    inputs: [{ shape: [3, 2], dtype: "int32", low: -5, high: 5 }, { shape: [3, 2], dtype: "int32", low: 1, high: 5 }],
  },
  { name: "iota", primitive: iotaPrimitive, params: { dtype: "bfloat16", size: 5 }, inputs: [] },
];
