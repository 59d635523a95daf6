/**
 * Sorting: stable, with NaN, all equal, above infinity.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { SortOptions } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { argsort as argsortOp } from "../ops/argsort.ts";
import { concatenate } from "../ops/concatenate.ts";
import { reshape } from "../ops/reshape.ts";
import { reverse } from "../ops/reverse.ts";
import { sliceInDim } from "../ops/slice.ts";
import { filled } from "../ops/zeros.ts";
import { sameShape } from "../wasm/layout.ts";
import { orderOf, sortAlong } from "./_order.ts";
import { asNumbers } from "./promote.ts";

/** The array and the axis to sort along. */
function line(op: string, x: ArrayLike, axis: number | null | undefined): readonly [NDArray, number] {
  const own = asNumbers(op, x);
  if (axis === null) return [reshape(own, [own.size]), 0];
  return [own, normalizeAxis(op, axis ?? -1, own.shape.length)];
}

/**
 * Sorts elements along an axis.
 *
 * @param x An array.
 * @param options The axis, the last one if left out, the flattened array if `null`; whether the largest come first.
 * @returns The elements in order; descending ones as a view, backwards.
 * @throws {ValueError} If there is no such axis.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([3, 1, 2]);
 * assert.deepEqual(pz.np.sort(x).tolist(), [1, 2, 3]);
 * assert.deepEqual(pz.np.argsort(x, { descending: true }).tolist(), [0, 2, 1]);
 * ```
 *
 * JAX: `jax.numpy.sort`.
 */
export function sort(x: ArrayLike, options: SortOptions = {}): NDArray {
  const [own, axis] = line("sort", x, options.axis);
  const sorted = sortAlong(own, axis);
  return options.descending ? reverse(sorted, [axis]) : sorted;
}

/**
 * Finds the places that sorted elements come from. Equal ones keep their order, in both directions.
 *
 * @param x An array.
 * @param options As of {@linkcode sort}.
 * @returns Places along the axis, int32.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.numpy.argsort`.
 */
export function argsort(x: ArrayLike, options: SortOptions = {}): NDArray {
  const [own, axis] = line("argsort", x, options.axis);
  return argsortOp([own], { dimension: axis, numKeys: 1, descending: options.descending ?? false });
}

/**
 * Finds the order of elements by several keys, of which the last one counts most.
 *
 * @param keys Arrays of one shape.
 * @param options The axis: the last one if left out.
 * @returns Places along the axis, int32.
 * @throws {TypeError} If there is no key.
 * @throws {ValueError} If the keys have several shapes.
 *
 * JAX: `jax.numpy.lexsort`.
 */
export function lexsort(
  keys: readonly ArrayLike[] | NDArray,
  options: { readonly axis?: number } = {},
): NDArray {
  const arrays = [...keys].map((key) => asNumbers("lexsort", key));
  const [first] = arrays;
  if (first === undefined) throw new TypeError("Cannot lexsort: there is no key; pass at least one array");
  if (!arrays.every(({ shape }) => sameShape(shape, first.shape))) {
    throw new ValueError("Cannot lexsort: the keys have several shapes", {
      op: "lexsort",
      operand: "keys",
      actual: arrays.map(({ shape }) => `[${shape}]`).join(", "),
      expected: "arrays of one shape",
      remedy: "broadcast them to one shape",
      code: "lexsort-shapes",
    });
  }
  if (first.shape.length === 0) return filled(0, { shape: [], dtype: "int32", weakType: false });
  return orderOf(arrays.reverse(), normalizeAxis("lexsort", options.axis ?? -1, first.shape.length));
}

/** The place that elements are parted at, counted from the first. */
function partingPlace(op: string, kth: number, size: number): number {
  if (Number.isInteger(kth) && kth >= -size && kth < size) return kth < 0 ? kth + size : kth;
  throw new ValueError(`Cannot ${op}: there is no element ${kth}`, {
    op,
    operand: "kth",
    actual: `${kth} of ${size} elements`,
    expected: `a whole number from ${-size} to ${size - 1}`,
    remedy: "name a place that the axis has",
    code: "partition",
  });
}

/**
 * Orders elements so that the one at a place is where sorting would have it, with no larger one before and no smaller
 * one after.
 *
 * @param x An array.
 * @param kth The place.
 * @param options The axis: the last one if left out, the flattened array if `null`.
 * @returns The elements: those before rise, those after fall.
 * @throws {ValueError} If there is no such place.
 *
 * JAX: `jax.numpy.partition`.
 */
export function partition(x: ArrayLike, kth: number, options: SortOptions = {}): NDArray {
  const [own, axis] = line("partition", x, options.axis);
  const size = own.shape[axis]!;
  const end = partingPlace("partition", kth, size) + 1;
  const sorted = sortAlong(own, axis);
  return concatenate([sliceInDim(sorted, 0, end, axis), reverse(sliceInDim(sorted, end, size, axis), [axis])], axis);
}

/**
 * Finds places such that the element at `kth` is where sorting would have it.
 *
 * @param x An array.
 * @param kth The place.
 * @param options As of {@linkcode partition}.
 * @returns Places along the axis, int32: of the smaller elements in their order, of the others as they stand.
 * @throws {ValueError} If there is no such place.
 *
 * JAX: `jax.numpy.argpartition`.
 */
export function argpartition(x: ArrayLike, kth: number, options: SortOptions = {}): NDArray {
  const [own, axis] = line("argpartition", x, options.axis);
  const size = own.shape[axis]!;
  const end = partingPlace("argpartition", kth, size) + 1;
  const order = argsortOp([own], { dimension: axis, numKeys: 1, descending: false });
  return concatenate([sliceInDim(order, 0, end, axis), sortAlong(sliceInDim(order, end, size, axis), axis)], axis);
}
