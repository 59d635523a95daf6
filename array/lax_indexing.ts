/**
 * Gathers and scatters as JAX's `lax` has them, and XLA under it.
 *
 * Windows of one size are taken from an array, or put into it, at indices. The dimension numbers say which axes are
 * whose.
 *
 * Source: XLA, "Operation semantics", Gather and Scatter.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { IndexMode } from "../core/options.ts";
import type { Shape } from "../core/shape.ts";
import { gather as gatherOp, type GatherDimensionNumbers } from "../ops/gather.ts";
import { neg } from "../ops/neg.ts";
import { scatter as scatterOp, type ScatterDimensionNumbers } from "../ops/scatter.ts";
import { sameShape } from "../wasm/layout.ts";
import type { ScatterKind } from "../wasm/plan.ts";
import { areAxes, areWhole, checkFit, integerIndices, matching, shown } from "./_lax_checks.ts";

export type { GatherDimensionNumbers, ScatterDimensionNumbers };
export * from "./lax_dynamic.ts";
export * from "./lax_shapes.ts";

/** Options of {@linkcode gather}. */
export interface GatherOptions {
  /** What windows mean that are not wholly inside: the nearest ones, "clip", if left out. */
  readonly mode?: IndexMode | null;
  /** What "fill" fills with: NaN, the lowest signed or the highest unsigned number, or true if left out. */
  readonly fillValue?: number | boolean | null;
  /** A promise that the indices are sorted; not used. */
  readonly indicesAreSorted?: boolean;
  /** A promise that no index comes twice; not used. */
  readonly uniqueIndices?: boolean;
}

/** Options of {@linkcode scatter} and its kin. */
export interface ScatterOptions {
  /** What windows mean that are not wholly inside: "fill", which drops them, if left out. */
  readonly mode?: IndexMode | null;
  /** A promise that the indices are sorted; not used. */
  readonly indicesAreSorted?: boolean;
  /** A promise that no two windows overlap, which derivatives are simpler for. */
  readonly uniqueIndices?: boolean;
}

function modeOf(op: string, mode: IndexMode | null | undefined): "clip" | "fill" | "promise_in_bounds" {
  checkFit(op, mode !== "wrap", () => ({
    state: "windows cannot wrap",
    operand: "mode",
    actual: `"${mode}"`,
    expected: '"clip", "fill", "drop" or "promise_in_bounds"',
    remedy: "take the remainder of the indices first",
  }));
  return mode === "clip" || mode === "promise_in_bounds" ? mode : "fill";
}

/** Whether sizes at some axes of an array are those at axes of the indices. */
function areBatches(x: Shape, axes: readonly number[], indices: Shape, others: readonly number[]): boolean {
  return axes.length === others.length && axes.every((axis, k) => x[axis] === indices[others[k]!]);
}

/** Whether the dimension numbers fit an array and indices, whatever the windows are. */
function areFit(
  x: Shape,
  indices: Shape,
  collapsed: readonly number[],
  indexMap: readonly number[],
  batching: readonly number[],
  indicesBatching: readonly number[],
): boolean {
  const rank = x.length;
  const last = indices.length - 1;
  return last >= 0 && indexMap.length === indices[last] && areAxes(indexMap, rank) &&
    areAxes(collapsed, rank, true) && areAxes(batching, rank, true) && areAxes(indicesBatching, last) &&
    ![...collapsed, ...indexMap].some((axis) => batching.includes(axis)) &&
    areBatches(x, batching, indices, indicesBatching);
}

/**
 * Takes windows of an array at indices.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[1, 2], [3, 4], [5, 6]]);
 * const rows = pz.lax.gather(
 *   x,
 *   pz.np.array([[2], [0]]),
 *   { offsetDims: [1], collapsedSliceDims: [0], startIndexMap: [0] },
 *   [1, 2],
 * );
 * assert.deepEqual(rows.tolist(), [[5, 6], [1, 2]]);
 * ```
 *
 * @param x The array.
 * @param indices Integers, `[…i, d]`.
 * @param numbers Which axes are whose.
 * @param sliceSizes The window, along each axis of `x`.
 * @param options What windows mean that are not wholly inside.
 * @returns The windows.
 * @throws {TypeError} If the indices are no integers.
 * @throws {ValueError} If the dimension numbers or the sizes do not fit.
 *
 * JAX: `jax.lax.gather`.
 */
export function gather(
  x: ArrayLike,
  indices: ArrayLike,
  numbers: GatherDimensionNumbers,
  sliceSizes: Shape,
  options: GatherOptions = {},
): NDArray {
  const own = asArray("gather", x);
  const places = integerIndices("gather", indices);
  const { offsetDims, collapsedSliceDims: collapsed, startIndexMap } = numbers;
  const { operandBatchingDims: batching = [], startIndicesBatchingDims: others = [] } = numbers;
  const { shape } = own;
  const gone = [...collapsed, ...batching];
  const rank = offsetDims.length + places.shape.length - 1;
  const fits = areFit(shape, places.shape, collapsed, startIndexMap, batching, others) &&
    areAxes(offsetDims, rank, true) && sliceSizes.length === shape.length && areWhole(sliceSizes, 0) &&
    sliceSizes.every((size, axis) => size <= shape[axis]!) &&
    shape.length === offsetDims.length + gone.length && !collapsed.some((axis) => batching.includes(axis)) &&
    collapsed.every((axis) => sliceSizes[axis] === 1) && batching.every((axis) => sliceSizes[axis]! <= 1);
  checkFit("gather", fits, () => ({
    state: "the dimension numbers or sizes do not fit",
    actual: `array ${shown(shape)}, indices ${shown(places.shape)}, sizes ${shown(sliceSizes)}, ` +
      JSON.stringify(numbers),
    expected: "a number of an axis for each number of an index; windows no larger than the array, of size 1 along " +
      "collapsed axes; an axis of the result for each other axis; batching axes of equal sizes",
    remedy: "see XLA's operation semantics of Gather, or index by x.get() or np.take",
  }));
  const { mode, fillValue } = options;
  const fill = fillValue === undefined || fillValue === null ? null : Number(fillValue);
  return gatherOp(own, places, numbers, sliceSizes, { mode: modeOf("gather", mode ?? "clip"), fillValue: fill });
}

function scattered(
  op: string,
  kind: ScatterKind,
  x: ArrayLike,
  indices: ArrayLike,
  updates: ArrayLike,
  numbers: ScatterDimensionNumbers,
  options: ScatterOptions,
  change: (updates: NDArray) => NDArray = (own) => own,
): NDArray {
  const own = asArray(op, x);
  const places = integerIndices(op, indices);
  const news = matching(op, own, updates, "updates");
  if ((kind === "add" || kind === "mul") && (own.dtype === "bool" || own.dtype === "prngKey")) {
    throw new TypeError(`Cannot ${op}: the array holds ${own.dtype}, which is no number; cast it by astype("int32")`);
  }
  const { updateWindowDims: window, insertedWindowDims: inserted, scatterDimsToOperandDims: indexMap } = numbers;
  const { operandBatchingDims: batching = [], scatterIndicesBatchingDims: others = [] } = numbers;
  const { shape } = own;
  const kept = shape.flatMap((size, axis) => inserted.includes(axis) || batching.includes(axis) ? [] : [size]);
  const isFit = areFit(shape, places.shape, inserted, indexMap, batching, others) &&
    areAxes(window, news.shape.length, true) && window.length === kept.length &&
    !inserted.some((axis) => batching.includes(axis)) &&
    window.every((axis, k) => news.shape[axis]! <= kept[k]!) &&
    sameShape(news.shape.filter((_, axis) => !window.includes(axis)), places.shape.slice(0, -1));
  checkFit(op, isFit, () => ({
    state: "the dimension numbers or shapes do not fit",
    actual: `array ${shown(shape)}, indices ${shown(places.shape)}, updates ${shown(news.shape)}, ` +
      JSON.stringify(numbers),
    expected: "a number of an axis for each number of an index; windows no larger than the array; for each axis of " +
      "the indices one of the updates, of its size; batching axes of equal sizes",
    remedy: "see XLA's operation semantics of Scatter, or update by x.at(…)",
  }));
  const mode = modeOf(op, options.mode);
  const rule = { mode, uniqueIndices: options.uniqueIndices ?? false };
  return scatterOp(kind, own, places, change(news), numbers, rule);
}

/**
 * An array with windows at indices replaced. The array does not change: the result is a new one.
 *
 * @param x The array.
 * @param indices Integers, `[…i, d]`.
 * @param updates The windows; of several at one place the last one wins.
 * @param numbers Which axes are whose.
 * @param options What windows mean that are not wholly inside.
 * @returns The new array.
 * @throws {TypeError} If the indices are no integers, or dtypes differ.
 * @throws {ValueError} If the dimension numbers or the shapes do not fit.
 *
 * JAX: `jax.lax.scatter`.
 */
export function scatter(
  x: ArrayLike,
  indices: ArrayLike,
  updates: ArrayLike,
  numbers: ScatterDimensionNumbers,
  options: ScatterOptions = {},
): NDArray {
  return scattered("scatter", "set", x, indices, updates, numbers, options);
}

/**
 * An array with windows added at indices: as {@linkcode scatter}.
 *
 * @param x The array.
 * @param indices Integers, `[…i, d]`.
 * @param updates The windows; where several meet, all are added.
 * @param numbers Which axes are whose.
 * @param options What windows mean that are not wholly inside.
 * @returns The new array.
 *
 * JAX: `jax.lax.scatter_add`.
 */
export function scatterAdd(
  x: ArrayLike,
  indices: ArrayLike,
  updates: ArrayLike,
  numbers: ScatterDimensionNumbers,
  options: ScatterOptions = {},
): NDArray {
  return scattered("scatterAdd", "add", x, indices, updates, numbers, options);
}

/**
 * An array with windows subtracted at indices: as {@linkcode scatter}.
 *
 * @param x The array.
 * @param indices Integers, `[…i, d]`.
 * @param updates The windows; where several meet, all are subtracted.
 * @param numbers Which axes are whose.
 * @param options What windows mean that are not wholly inside.
 * @returns The new array.
 *
 * JAX: `jax.lax.scatter_sub`.
 */
export function scatterSub(
  x: ArrayLike,
  indices: ArrayLike,
  updates: ArrayLike,
  numbers: ScatterDimensionNumbers,
  options: ScatterOptions = {},
): NDArray {
  return scattered("scatterSub", "add", x, indices, updates, numbers, options, neg);
}

/**
 * An array multiplied by windows at indices: as {@linkcode scatter}.
 *
 * @param x The array.
 * @param indices Integers, `[…i, d]`.
 * @param updates The windows; where several meet, all are factors.
 * @param numbers Which axes are whose.
 * @param options What windows mean that are not wholly inside. Derivatives by the updates need `uniqueIndices`.
 * @returns The new array.
 *
 * JAX: `jax.lax.scatter_mul`.
 */
export function scatterMul(
  x: ArrayLike,
  indices: ArrayLike,
  updates: ArrayLike,
  numbers: ScatterDimensionNumbers,
  options: ScatterOptions = {},
): NDArray {
  return scattered("scatterMul", "mul", x, indices, updates, numbers, options);
}

/**
 * An array with the smaller of its elements and windows at indices: as {@linkcode scatter}.
 *
 * @param x The array.
 * @param indices Integers, `[…i, d]`.
 * @param updates The windows.
 * @param numbers Which axes are whose.
 * @param options What windows mean that are not wholly inside.
 * @returns The new array.
 *
 * JAX: `jax.lax.scatter_min`.
 */
export function scatterMin(
  x: ArrayLike,
  indices: ArrayLike,
  updates: ArrayLike,
  numbers: ScatterDimensionNumbers,
  options: ScatterOptions = {},
): NDArray {
  return scattered("scatterMin", "min", x, indices, updates, numbers, options);
}

/**
 * An array with the larger of its elements and windows at indices: as {@linkcode scatter}.
 *
 * @param x The array.
 * @param indices Integers, `[…i, d]`.
 * @param updates The windows.
 * @param numbers Which axes are whose.
 * @param options What windows mean that are not wholly inside.
 * @returns The new array.
 *
 * JAX: `jax.lax.scatter_max`.
 */
export function scatterMax(
  x: ArrayLike,
  indices: ArrayLike,
  updates: ArrayLike,
  numbers: ScatterDimensionNumbers,
  options: ScatterOptions = {},
): NDArray {
  return scattered("scatterMax", "max", x, indices, updates, numbers, options);
}
