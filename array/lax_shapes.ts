/**
 * Shapes and axes as JAX's `lax` has them: nothing broadcasts, nothing is promoted.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import { arrayDtype } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxes, normalizeAxis, type Shape } from "../core/shape.ts";
import { broadcastInDim as broadcastOp } from "../ops/broadcast_in_dim.ts";
import { concatenate as concatenateOp } from "../ops/concatenate.ts";
import { expandDims as expandOp } from "../ops/expand_dims.ts";
import { iota as iotaOp } from "../ops/iota.ts";
import { pad as padOp, type PadConfig } from "../ops/pad.ts";
import { reshape as reshapeOp } from "../ops/reshape.ts";
import { reverse } from "../ops/reverse.ts";
import { slice as sliceOp, sliceInDim as sliceInDimOp } from "../ops/slice.ts";
import { transpose as transposeOp } from "../ops/transpose.ts";
import { areAxes, areWhole, checkFit, matching, shown } from "./_lax_checks.ts";
import { fittedShape, squeezed } from "./_shapes.ts";

export { full, fullLike } from "./creation.ts";

/** Options of {@linkcode sliceInDim}. */
export interface SliceInDimOptions {
  /** From one element to the next: 1 if left out. */
  readonly stride?: number;
  /** The axis: 0 if left out. */
  readonly axis?: number;
}

/** Options of {@linkcode indexInDim}. */
export interface IndexInDimOptions {
  /** The axis: 0 if left out. */
  readonly axis?: number;
  /** Whether the axis stays, with size 1; it does if left out. */
  readonly keepdims?: boolean;
}

/**
 * Takes a part of an array: a view.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.arange(6);
 * assert.deepEqual(pz.lax.slice(x, [1], [6], [2]).tolist(), [1, 3, 5]);
 * ```
 *
 * @param x The array.
 * @param starts The first element along each axis.
 * @param limits The element before which to stop, along each axis.
 * @param strides From one element to the next along each axis; 1 if left out.
 * @returns The view.
 * @throws {ValueError} If the part is not inside the array.
 *
 * JAX: `jax.lax.slice`.
 */
export function slice(
  x: ArrayLike,
  starts: readonly number[],
  limits: readonly number[],
  strides?: readonly number[] | null,
): NDArray {
  const own = asArray("slice", x);
  const { shape } = own;
  const steps = strides ?? shape.map(() => 1);
  const fits = starts.length === shape.length && limits.length === shape.length && steps.length === shape.length &&
    areWhole(starts, 0) && areWhole(limits, 0) && areWhole(steps, 1) &&
    starts.every((start, axis) => start <= limits[axis]! && limits[axis]! <= shape[axis]!);
  checkFit("slice", fits, () => ({
    state: "the part is not inside the array",
    actual: `starts ${shown(starts)}, limits ${shown(limits)}, strides ${shown(steps)} of shape ${shown(shape)}`,
    expected: "for each axis 0 <= start <= limit <= size, and a stride from 1",
    remedy: 'index by slices, as x.get("-3:"), which clip to the array',
  }));
  return sliceOp(own, starts, limits, steps);
}

/**
 * Takes a part along one axis: a view.
 *
 * @param x The array.
 * @param start The first element; the first of all if `null`. Negative places count from the end.
 * @param limit The element before which to stop; the end if `null`.
 * @param options The axis, and from one element to the next.
 * @returns The view.
 * @throws {ValueError} If the part is not inside the axis.
 *
 * JAX: `jax.lax.slice_in_dim`.
 */
export function sliceInDim(
  x: ArrayLike,
  start: number | null,
  limit: number | null,
  options: SliceInDimOptions = {},
): NDArray {
  const own = asArray("sliceInDim", x);
  const { stride = 1, axis = 0 } = options;
  const along = normalizeAxis("sliceInDim", axis, own.shape.length);
  const size = own.shape[along]!;
  const [from, to] = [start ?? 0, limit ?? size].map((place) => place < 0 ? place + size : place) as [number, number];
  checkFit("sliceInDim", areWhole([from, to], 0) && from <= to && to <= size && areWhole([stride], 1), () => ({
    state: "the part is not inside the axis",
    actual: `${start} to ${limit} by ${stride} of axis ${along}, which has ${size} elements`,
    expected: "0 <= start <= limit <= size, and a stride from 1",
    remedy: "clip the part to the axis",
  }));
  return sliceInDimOp(own, from, to, along, stride);
}

/**
 * Takes the slice at a place along an axis: a view.
 *
 * @param x The array.
 * @param index The place; a negative one counts from the end.
 * @param options The axis, and whether it stays.
 * @returns The view.
 * @throws {ValueError} If there is no such place.
 *
 * JAX: `jax.lax.index_in_dim`.
 */
export function indexInDim(x: ArrayLike, index: number, options: IndexInDimOptions = {}): NDArray {
  const own = asArray("indexInDim", x);
  const { axis = 0, keepdims = true } = options;
  const along = normalizeAxis("indexInDim", axis, own.shape.length);
  const size = own.shape[along]!;
  checkFit("indexInDim", Number.isInteger(index) && index >= -size && index < size, () => ({
    state: "there is no such place",
    operand: "index",
    actual: `${index} along axis ${along}, which has ${size} elements`,
    expected: `a whole number from ${-size} to ${size - 1}`,
    remedy: "name a place that the axis has",
  }));
  const at = index < 0 ? index + size : index;
  const part = sliceInDimOp(own, at, at + 1, along);
  return keepdims ? part : squeezed("indexInDim", part, along);
}

/**
 * Pads an array: between neighbors, then at both ends, where negative numbers take away.
 *
 * @param x The array.
 * @param value What to put there: a scalar of its dtype.
 * @param config For each axis how many before, after and between.
 * @returns The array, along each axis of `low + high + n + max(n - 1, 0) * interior` elements.
 * @throws {ValueError} If an axis would have fewer than no elements.
 *
 * JAX: `jax.lax.pad`.
 */
export function pad(x: ArrayLike, value: ArrayLike, config: readonly PadConfig[]): NDArray {
  const own = asArray("pad", x);
  const { shape } = own;
  const fill = matching("pad", own, value, "value");
  const sizes = config.map(([low, high, interior], axis) =>
    low + high + shape[axis]! + Math.max(shape[axis]! - 1, 0) * interior
  );
  const fits = config.length === shape.length && areWhole(config.flat()) && areWhole(sizes, 0) &&
    config.every(([, , interior]) => interior >= 0) && fill.shape.length === 0;
  checkFit("pad", fits, () => ({
    state: "the padding does not fit the array",
    actual: `padding ${JSON.stringify(config)} by a value of shape ${shown(fill.shape)}, for shape ${shown(shape)}`,
    expected: "[low, high, interior] for each axis, interior from 0, which leave no fewer than 0 elements; a scalar",
    remedy: "take away at most what is there",
  }));
  return padOp(own, fill, config);
}

/**
 * Puts arrays next to each other along an axis.
 *
 * @param arrays At least one, of one dtype, and of one shape but for the axis.
 * @param dimension The axis.
 * @returns The array of all of them.
 * @throws {TypeError} If dtypes differ.
 * @throws {ValueError} If shapes differ.
 *
 * JAX: `jax.lax.concatenate`.
 */
export function concatenate(arrays: readonly ArrayLike[], dimension: number): NDArray {
  const own = arrays.map((x) => asArray("concatenate", x));
  const [first] = own;
  const fits = first !== undefined && areAxes([dimension], first.shape.length) &&
    own.every(({ shape }) =>
      shape.length === first.shape.length &&
      shape.every((size, axis) => axis === dimension || size === first.shape[axis])
    );
  checkFit("concatenate", fits, () => ({
    state: "the shapes do not fit each other",
    actual: `${own.map(({ shape }) => shown(shape)).join(", ") || "no arrays"} along axis ${dimension}`,
    expected: "at least one array, as many axes in each, and equal sizes but along the axis, counted from the first",
    remedy: "broadcast the arrays first, or use np.concatenate for negative axes",
  }));
  return concatenateOp(own.map((x) => matching("concatenate", first!, x, "next array")), dimension);
}

/**
 * Gives an array another shape.
 *
 * @param x The array.
 * @param shape A shape of as many elements.
 * @param options An order to put axes in first.
 * @returns The array of that shape.
 * @throws {ValueError} If the shape does not hold as many elements.
 *
 * JAX: `jax.lax.reshape`.
 */
export function reshape(
  x: ArrayLike,
  shape: Shape,
  options: { readonly dimensions?: readonly number[] | null } = {},
): NDArray {
  const own = asArray("reshape", x);
  const { dimensions } = options;
  const turned = dimensions === undefined || dimensions === null ? own : transpose(own, dimensions);
  return reshapeOp(turned, fittedShape("reshape", own.size, shape));
}

/**
 * All axes from one to before another as one.
 *
 * @param x The array.
 * @param start The first axis.
 * @param stop The axis before which to stop; the end if left out.
 * @returns The array with these axes merged.
 * @throws {ValueError} If there are no such axes.
 *
 * JAX: `jax.lax.collapse`.
 */
export function collapse(x: ArrayLike, start: number, stop?: number | null): NDArray {
  const own = asArray("collapse", x);
  const { shape } = own;
  const rank = shape.length;
  const [from, to] = [start, stop ?? rank].map((axis) => axis < 0 ? axis + rank : axis) as [number, number];
  checkFit("collapse", areWhole([from, to], 0) && from <= to && to <= rank, () => ({
    state: "there are no such axes",
    actual: `axes ${start} to before ${stop ?? rank} of shape ${shown(shape)}`,
    expected: "0 <= start <= stop <= the number of axes",
    remedy: "name axes that the array has",
  }));
  const size = shape.slice(from, to).reduce((product, length) => product * length, 1);
  return reshapeOp(own, [...shape.slice(0, from), size, ...shape.slice(to)]);
}

/**
 * Reverses axes: a view.
 *
 * @param x The array.
 * @param dimensions The axes.
 * @returns The view.
 * @throws {ValueError} If there is no such axis, or one comes twice.
 *
 * JAX: `jax.lax.rev`.
 */
export function rev(x: ArrayLike, dimensions: readonly number[]): NDArray {
  const own = asArray("rev", x);
  return reverse(own, normalizeAxes("rev", dimensions, own.shape.length));
}

/**
 * Puts axes in another order: a view.
 *
 * @param x The array.
 * @param permutation For each axis of the result, that of `x`.
 * @returns The view.
 * @throws {ValueError} If it does not name each axis once.
 *
 * JAX: `jax.lax.transpose`.
 */
export function transpose(x: ArrayLike, permutation: readonly number[]): NDArray {
  const own = asArray("transpose", x);
  const rank = own.shape.length;
  checkFit("transpose", permutation.length === rank && areAxes(permutation, rank), () => ({
    state: "it is no permutation of the axes",
    operand: "permutation",
    actual: `${shown(permutation)} of shape ${shown(own.shape)}`,
    expected: `each axis from 0 to ${rank - 1} once`,
    remedy: "name every axis once",
  }));
  return transposeOp(own, permutation);
}

/**
 * Repeats an array along new first axes: a view.
 *
 * @param x The array.
 * @param sizes The sizes of the new axes.
 * @returns The view.
 * @throws {ValueError} If a size is not a whole number from 0.
 *
 * JAX: `jax.lax.broadcast`.
 */
export function broadcast(x: ArrayLike, sizes: Shape): NDArray {
  const own = asArray("broadcast", x);
  return broadcastInDim(own, [...sizes, ...own.shape], own.shape.map((_, axis) => axis + sizes.length));
}

/**
 * Repeats an array along new axes, and along those of size 1: a view.
 *
 * @param x The array.
 * @param shape The shape of the result.
 * @param dimensions For each axis of `x`, that of the result, rising.
 * @returns The view.
 * @throws {ValueError} If sizes differ where the array's is not 1.
 *
 * JAX: `jax.lax.broadcast_in_dim`.
 */
export function broadcastInDim(x: ArrayLike, shape: Shape, dimensions: readonly number[]): NDArray {
  const own = asArray("broadcastInDim", x);
  const fits = dimensions.length === own.shape.length && areAxes(dimensions, shape.length, true) &&
    areWhole(shape, 0) && own.shape.every((size, axis) => size === 1 || size === shape[dimensions[axis]!]);
  checkFit("broadcastInDim", fits, () => ({
    state: "the array does not fit the shape",
    actual: `shape ${shown(own.shape)} as axes ${shown(dimensions)} of shape ${shown(shape)}`,
    expected: "an axis for each of the array's, rising, of its size, or size 1 in the array",
    remedy: "name the axes of the result that the array's axes are",
  }));
  return broadcastOp(own, shape, dimensions);
}

function checkIota(op: string, dtype: string, shape: Shape): ReturnType<typeof arrayDtype> {
  const own = arrayDtype(op, dtype);
  if (own === "bool") throw new TypeError(`Cannot ${op}: places are numbers, not ${dtype}; name a dtype of numbers`);
  checkFit(op, areWhole(shape, 0), () => ({
    state: "a size is not a whole number from 0",
    actual: shown(shape),
    expected: "whole numbers from 0",
    remedy: "round the sizes",
  }));
  return own;
}

/**
 * Counts: `y[i] = i`.
 *
 * @param dtype The dtype.
 * @param size How many numbers.
 * @returns The numbers from 0.
 * @throws {TypeError} If the dtype is that of bools.
 *
 * JAX: `jax.lax.iota`.
 */
export function iota(dtype: string, size: number): NDArray {
  return iotaOp(checkIota("iota", dtype, [size]), [size], 0);
}

/**
 * Counts along an axis: `y[i…] = i[dimension]`.
 *
 * @param dtype The dtype.
 * @param shape The shape.
 * @param dimension The axis.
 * @returns The places; along the other axes a view that repeats them.
 * @throws {TypeError} If the dtype is that of bools.
 *
 * JAX: `jax.lax.broadcasted_iota`.
 */
export function broadcastedIota(dtype: string, shape: Shape, dimension: number): NDArray {
  const own = checkIota("broadcastedIota", dtype, shape);
  return iotaOp(own, shape, normalizeAxis("broadcastedIota", dimension, shape.length));
}

/**
 * Takes out axes of size 1: a view.
 *
 * @param x The array.
 * @param dimensions The axes.
 * @returns The view.
 * @throws {ValueError} If one is longer, or is not there.
 *
 * JAX: `jax.lax.squeeze`.
 */
export function squeeze(x: ArrayLike, dimensions: readonly number[]): NDArray {
  return squeezed("squeeze", asArray("squeeze", x), dimensions);
}

/**
 * Puts in axes of size 1: a view.
 *
 * @param x The array.
 * @param dimensions Their places in the result.
 * @returns The view.
 * @throws {ValueError} If there is no such place, or one comes twice.
 *
 * JAX: `jax.lax.expand_dims`.
 */
export function expandDims(x: ArrayLike, dimensions: readonly number[]): NDArray {
  const own = asArray("expandDims", x);
  return expandOp(own, normalizeAxes("expandDims", dimensions, own.shape.length + dimensions.length));
}

/**
 * Takes an array apart along an axis: views.
 *
 * @param x The array.
 * @param sizes How long each part is.
 * @param options The axis: 0 if left out.
 * @returns The parts.
 * @throws {ValueError} If the sizes do not make up the axis.
 *
 * JAX: `jax.lax.split`.
 */
export function split(x: ArrayLike, sizes: readonly number[], options: { readonly axis?: number } = {}): NDArray[] {
  const own = asArray("split", x);
  const along = normalizeAxis("split", options.axis ?? 0, own.shape.length);
  const size = own.shape[along]!;
  checkFit("split", areWhole(sizes, 0) && sizes.reduce((sum, part) => sum + part, 0) === size, () => ({
    state: "the sizes do not make up the axis",
    operand: "sizes",
    actual: `${shown(sizes)} of axis ${along}, which has ${size} elements`,
    expected: `whole numbers from 0 whose sum is ${size}`,
    remedy: "give each part its size",
  }));
  let end = 0;
  return sizes.map((part) => sliceInDimOp(own, end, end += part, along));
}
