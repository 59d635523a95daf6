/**
 * Slices whose places are known only when they are computed, as JAX's `lax` has them.
 *
 * @module
 */

import { asArray, fromElements } from "../core/constant.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxis, type Shape } from "../core/shape.ts";
import { concatenate } from "../ops/concatenate.ts";
import { dynamicSlice as dynamicSliceOp } from "../ops/dynamic_slice.ts";
import { dynamicUpdateSlice as dynamicUpdateSliceOp } from "../ops/dynamic_update_slice.ts";
import { expandDims } from "../ops/expand_dims.ts";
import { normalizeIndex } from "../ops/normalize_index.ts";
import { reshape } from "../ops/reshape.ts";
import { slice } from "../ops/slice.ts";
import { filled } from "../ops/zeros.ts";
import { fromStart } from "./_index_plan.ts";
import { areWhole, checkFit, integerIndices, matching, shown } from "./_lax_checks.ts";
import { squeezed } from "./_shapes.ts";

/** Where a slice begins: a number or an array of one integer for each axis, or one array with all of them. */
export type Starts = readonly ArrayLike[] | NDArray | Int32Array;

/** Options of {@linkcode dynamicSliceInDim}. */
export interface DynamicSliceInDimOptions {
  /** The axis: 0 if left out. */
  readonly axis?: number;
}

/** Options of {@linkcode dynamicIndexInDim}. */
export interface DynamicIndexInDimOptions extends DynamicSliceInDimOptions {
  /** Whether the axis stays, with size 1; it does if left out. */
  readonly keepdims?: boolean;
}

const INT32 = { dtype: "int32", weakType: false } as const;

/** A number that is known, as a place from the start; negative ones count from the end, once. */
function placeOf(op: string, start: number, size: number): number {
  checkFit(op, Number.isInteger(start), () => ({
    state: "a start is not a whole number",
    operand: "starts",
    actual: `${start}`,
    expected: "a whole number",
    remedy: "round it",
  }));
  return start < 0 ? start + size : start;
}

/** Starts as numbers, if all are known, or as one array. */
function startsOf(op: string, starts: Starts, shape: Shape): number[] | NDArray {
  const rank = shape.length;
  const isArray = starts instanceof NDArray || ArrayBuffer.isView(starts);
  const count = isArray ? asArray(op, starts).shape : [starts.length];
  checkFit(op, count.length === 1 && count[0] === rank, () => ({
    state: "there is not one start for each axis",
    operand: "starts",
    actual: `starts of shape ${shown(count)} for an array of shape ${shown(shape)}`,
    expected: `${rank} integers`,
    remedy: "give each axis its start",
  }));
  if (!isArray) {
    if (starts.every((start) => typeof start === "number")) {
      return starts.map((start, axis) => placeOf(op, start as number, shape[axis]!));
    }
    const places = starts.map((start, axis) => scalarStart(op, start, shape[axis]!));
    return concatenate(places, 0);
  }
  const own = integerIndices(op, starts);
  if (own.dtype === "uint32") return fromStart(own, 0);
  const sizes = fromElements(shape, [rank], "int32");
  return normalizeIndex(own, sizes);
}

/** One start, as an array of one axis. */
function scalarStart(op: string, start: ArrayLike, size: number): NDArray {
  if (typeof start === "number") return filled(placeOf(op, start, size), { shape: [1], ...INT32 });
  const own = integerIndices(op, start);
  checkFit(op, own.size === 1, () => ({
    state: "a start is not one number",
    operand: "starts",
    actual: `shape ${shown(own.shape)}`,
    expected: "a number, or an array of one integer",
    remedy: "give each axis its start",
  }));
  return fromStart(reshape(own, [1]), size);
}

/** A start along one axis, the others from 0. */
function alongOne(op: string, shape: Shape, axis: number, start: ArrayLike): number[] | NDArray {
  if (typeof start === "number") return startsOf(op, shape.map((_, at) => at === axis ? start : 0), shape);
  const zero = filled(0, { shape: [1], ...INT32 });
  return concatenate(shape.map((size, at) => at === axis ? scalarStart(op, start, size) : zero), 0);
}

function sliced(op: string, x: NDArray, starts: number[] | NDArray, sizes: Shape): NDArray {
  const { shape } = x;
  const fits = sizes.length === shape.length && areWhole(sizes, 0) &&
    sizes.every((size, axis) => size <= shape[axis]!);
  checkFit(op, fits, () => ({
    state: "the slice does not fit the array",
    operand: "sizes",
    actual: `${shown(sizes)} of shape ${shown(shape)}`,
    expected: "a size for each axis, none longer than it",
    remedy: "make the slice smaller, or pad the array first",
  }));
  if (starts instanceof NDArray) return dynamicSliceOp(x, starts, sizes);
  // Known places are a view.
  const own = starts.map((start, axis) => Math.min(Math.max(start, 0), shape[axis]! - sizes[axis]!));
  return slice(x, own, own.map((start, axis) => start + sizes[axis]!));
}

function updated(op: string, x: NDArray, update: NDArray, starts: number[] | NDArray): NDArray {
  const { shape } = x;
  const fits = update.shape.length === shape.length && update.shape.every((size, axis) => size <= shape[axis]!);
  checkFit(op, fits, () => ({
    state: "the update does not fit the array",
    operand: "update",
    actual: `shape ${shown(update.shape)} for shape ${shown(shape)}`,
    expected: "as many axes, none longer than the array's",
    remedy: "expand dimensions of the update, or cut it off",
  }));
  const places = starts instanceof NDArray ? starts : fromElements(starts, [starts.length], "int32");
  return dynamicUpdateSliceOp(x, update, places);
}

/**
 * Takes a slice whose place may be known only when it is computed.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.arange(6);
 * assert.deepEqual(pz.lax.dynamicSlice(x, [5], [2]).tolist(), [4, 5]);
 * ```
 *
 * @param x The array.
 * @param starts The first element along each axis. Negative places count from the end; then the slice is moved inside.
 * @param sizes The shape of the slice.
 * @returns The slice; a view if all starts are numbers.
 * @throws {ValueError} If the slice is larger than the array, or there is not one start for each axis.
 *
 * JAX: `jax.lax.dynamic_slice`.
 */
export function dynamicSlice(x: ArrayLike, starts: Starts, sizes: Shape): NDArray {
  const own = asArray("dynamicSlice", x);
  return sliced("dynamicSlice", own, startsOf("dynamicSlice", starts, own.shape), sizes);
}

/**
 * The same along one axis; the others are whole.
 *
 * @param x The array.
 * @param start The first element; a negative place counts from the end.
 * @param size How many elements.
 * @param options The axis.
 * @returns The slice.
 * @throws {ValueError} If the slice is longer than the axis.
 *
 * JAX: `jax.lax.dynamic_slice_in_dim`.
 */
export function dynamicSliceInDim(
  x: ArrayLike,
  start: ArrayLike,
  size: number,
  options: DynamicSliceInDimOptions = {},
): NDArray {
  const op = "dynamicSliceInDim";
  const own = asArray(op, x);
  const axis = normalizeAxis(op, options.axis ?? 0, own.shape.length);
  const sizes = own.shape.map((length, at) => at === axis ? size : length);
  return sliced(op, own, alongOne(op, own.shape, axis, start), sizes);
}

/**
 * The slice at a place along an axis, which may be known only when it is computed.
 *
 * @param x The array.
 * @param index The place; a negative one counts from the end, and then the nearest is meant.
 * @param options The axis, and whether it stays.
 * @returns The slice.
 *
 * JAX: `jax.lax.dynamic_index_in_dim`.
 */
export function dynamicIndexInDim(x: ArrayLike, index: ArrayLike, options: DynamicIndexInDimOptions = {}): NDArray {
  const op = "dynamicIndexInDim";
  const own = asArray(op, x);
  const axis = normalizeAxis(op, options.axis ?? 0, own.shape.length);
  const sizes = own.shape.map((length, at) => at === axis ? 1 : length);
  const part = sliced(op, own, alongOne(op, own.shape, axis, index), sizes);
  return options.keepdims ?? true ? part : squeezed(op, part, axis);
}

/**
 * Replaces a slice whose place may be known only when it is computed. The array does not change: the result is a new
 * one.
 *
 * @param x The array.
 * @param update The slice, of its dtype.
 * @param starts The first element along each axis. Negative places count from the end; then the slice is moved inside.
 * @returns The new array.
 * @throws {TypeError} If dtypes differ.
 * @throws {ValueError} If the slice is larger than the array, or there is not one start for each axis.
 *
 * JAX: `jax.lax.dynamic_update_slice`.
 */
export function dynamicUpdateSlice(x: ArrayLike, update: ArrayLike, starts: Starts): NDArray {
  const op = "dynamicUpdateSlice";
  const own = asArray(op, x);
  return updated(op, own, matching(op, own, update, "update"), startsOf(op, starts, own.shape));
}

/**
 * The same along one axis; along the others from the start.
 *
 * @param x The array.
 * @param update The slice, of its dtype.
 * @param start The first element; a negative place counts from the end.
 * @param axis The axis.
 * @returns The new array.
 * @throws {TypeError} If dtypes differ.
 * @throws {ValueError} If the slice is larger than the array.
 *
 * JAX: `jax.lax.dynamic_update_slice_in_dim`.
 */
export function dynamicUpdateSliceInDim(x: ArrayLike, update: ArrayLike, start: ArrayLike, axis: number): NDArray {
  const op = "dynamicUpdateSliceInDim";
  const own = asArray(op, x);
  const along = normalizeAxis(op, axis, own.shape.length);
  return updated(op, own, matching(op, own, update, "update"), alongOne(op, own.shape, along, start));
}

/**
 * Replaces the slice at a place along an axis, which may be known only when it is computed.
 *
 * @param x The array.
 * @param update The slice, of its dtype, with or without the axis.
 * @param index The place; a negative one counts from the end, and then the nearest is meant.
 * @param axis The axis.
 * @returns The new array.
 * @throws {TypeError} If dtypes differ.
 * @throws {ValueError} If the slice is larger than the array.
 *
 * JAX: `jax.lax.dynamic_update_index_in_dim`.
 */
export function dynamicUpdateIndexInDim(x: ArrayLike, update: ArrayLike, index: ArrayLike, axis: number): NDArray {
  const op = "dynamicUpdateIndexInDim";
  const own = asArray(op, x);
  const along = normalizeAxis(op, axis, own.shape.length);
  const part = matching(op, own, update, "update");
  const whole = part.shape.length === own.shape.length ? part : expandDims(part, [along]);
  return updated(op, own, whole, alongOne(op, own.shape, along, index));
}
