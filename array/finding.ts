/**
 * Where elements are other than 0, and the elements that a condition picks.
 *
 * How many there are depends on the elements, so these functions read them now, unless `size` says how many to give.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { NonzeroOptions } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { cumsum } from "../ops/cumsum.ts";
import { div } from "../ops/div.ts";
import { expandDims } from "../ops/expand_dims.ts";
import { ge } from "../ops/ge.ts";
import { iota } from "../ops/iota.ts";
import { rem } from "../ops/rem.ts";
import { reshape } from "../ops/reshape.ts";
import { scatterAdd } from "../ops/scatter.ts";
import { select } from "../ops/select.ts";
import { sliceInDim } from "../ops/slice.ts";
import { filled } from "../ops/zeros.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { sizeOf } from "../wasm/layout.ts";
import { placesOfMask } from "./_index_items.ts";
import { columnOf, pickRows, takeRows } from "./_rows.ts";
import { asNumbers } from "./promote.ts";
import { readNow } from "./read.ts";
import { ravel } from "./reshaping.ts";

/** Options of {@linkcode compress}. */
export interface CompressOptions {
  /** The axis; the flattened array if left out. */
  readonly axis?: number | null;
  /** How many slices to give; those that are there if left out. */
  readonly size?: number;
  /** What stands in those that are missing: 0 if left out. */
  readonly fillValue?: number | boolean;
}

const INT32 = { dtype: "int32", weakType: false } as const;
const BOOL = { dtype: "bool", weakType: false } as const;

function checkSize(op: string, size: number): void {
  if (Number.isInteger(size) && size >= 0) return;
  throw new ValueError(`Cannot ${op}: the size is not a whole number from 0`, {
    op,
    operand: "size",
    actual: `${size}`,
    expected: "a whole number from 0",
    remedy: "round it, or leave it out to get as many as there are",
    code: "size",
  });
}

/**
 * The places of the elements other than 0.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const [rows, columns] = pz.np.nonzero(pz.np.array([[0, 7], [8, 0]]));
 * assert.deepEqual([rows!.tolist(), columns!.tolist()], [[0, 1], [1, 0]]);
 * ```
 *
 * @param x The array.
 * @param options How many places to give; with it nothing is read, so that it works inside of transformations.
 * @returns For each axis the places along it, int32, in row-major order.
 * @throws {ValueError} If the size is not a whole number.
 *
 * JAX: `jax.numpy.nonzero`.
 */
export function nonzero(x: ArrayLike, options: NonzeroOptions = {}): NDArray[] {
  return found("nonzero", asNumbers("nonzero", x), options);
}

function found(op: string, x: NDArray, { size, fillValue = 0 }: NonzeroOptions): NDArray[] {
  const own = x.shape.length === 0 ? reshape(x, [1]) : x;
  const mask = convertElementType(own, BOOL);
  if (size === undefined) return placesOfMask(op, mask);
  checkSize(op, size);
  const { shape } = own;
  const line = { shape: [size], ...INT32 };
  const total = sizeOf(shape);
  if (size === 0 || total === 0) return shape.map(() => filled(total === 0 ? fillValue : 0, line));
  // Element k + 1 that is true comes after as many elements as have at most k true ones up to them.
  const counts = cumsum(convertElementType(ravel(mask), INT32), 0);
  const numbers = { updateWindowDims: [], insertedWindowDims: [0], scatterDimsToOperandDims: [0] };
  const ones = filled(1, { shape: [total], ...INT32 });
  const flat = cumsum(scatterAdd(filled(0, line), columnOf(counts), ones, numbers), 0);
  const isMissing = ge(
    iota("int32", [size], 0),
    broadcastTo(reshape(sliceInDim(counts, total - 1, total, 0), []), [size]),
  );
  let step = total;
  return shape.map((length) => {
    step /= length;
    const along = rem(div(flat, filled(step, line)), filled(length, line));
    return select(isMissing, filled(fillValue, line), along);
  });
}

/**
 * The places of the elements other than 0 in the flattened array.
 *
 * @param x The array.
 * @param options How many places to give.
 * @returns The places, int32.
 *
 * JAX: `jax.numpy.flatnonzero`.
 */
export function flatnonzero(x: ArrayLike, options: NonzeroOptions = {}): NDArray {
  return found("flatnonzero", ravel(asNumbers("flatnonzero", x)), options)[0]!;
}

/**
 * The places of the elements other than 0, one in each row.
 *
 * @param x The array.
 * @param options How many places to give.
 * @returns The places, int32, of shape `[n, rank]`.
 *
 * JAX: `jax.numpy.argwhere`.
 */
export function argwhere(x: ArrayLike, options: NonzeroOptions = {}): NDArray {
  const own = asNumbers("argwhere", x);
  const columns = found("argwhere", own, options).map((places) => expandDims(places, [1]));
  const places = concatenate(columns, 1);
  return own.shape.length === 0 ? sliceInDim(places, 0, 0, 1) : places;
}

/**
 * The slices along an axis for which a condition holds.
 *
 * @param condition Bools, for the first slices; those after them are left out.
 * @param x The array.
 * @param options The axis, and how many slices to give.
 * @returns The slices.
 * @throws {ValueError} If the condition does not have one axis, or holds beyond the end.
 *
 * JAX: `jax.numpy.compress`.
 */
export function compress(condition: ArrayLike, x: ArrayLike, options: CompressOptions = {}): NDArray {
  return picked("compress", asNumbers("compress", condition), asArray("compress", x), options);
}

function picked(op: string, condition: NDArray, x: NDArray, options: CompressOptions): NDArray {
  const { axis, size, fillValue = 0 } = options;
  const isFlat = axis === null || axis === undefined;
  const own = isFlat ? ravel(x) : x;
  const along = isFlat ? 0 : normalizeAxis(op, axis, own.shape.length);
  if (condition.shape.length !== 1) {
    throw new ValueError(`Cannot ${op}: the condition does not have one axis`, {
      op,
      operand: "condition",
      actual: `shape [${condition.shape}]`,
      expected: "one axis",
      remedy: "index the array by the condition, as x.get(mask), or use np.extract",
      code: "compress",
    });
  }
  const length = own.shape[along]!;
  const count = Math.min(condition.shape[0]!, length);
  const mask = convertElementType(sliceInDim(condition, 0, count, 0), BOOL);
  if (size === undefined) {
    const elements = readNow(op, mask);
    const rows: number[] = [];
    for (let k = 0; k < elements.length; k++) if (elements[k] !== 0) rows.push(k);
    return pickRows(own, rows, along);
  }
  checkSize(op, size);
  if (length === 0) {
    asNumbers(op, own);
    return filled(Number(fillValue), { ...own, shape: own.shape.map((n, at) => at === along ? size : n) });
  }
  const [rows] = found(op, mask, { size, fillValue: length });
  return takeRows(own, rows!, along, { mode: "fill", fillValue: Number(fillValue) });
}

/**
 * The elements for which a condition holds.
 *
 * @param condition Bools, one for each element.
 * @param x The array.
 * @param options How many elements to give.
 * @returns The elements, along one axis.
 *
 * JAX: `jax.numpy.extract`.
 */
export function extract(
  condition: ArrayLike,
  x: ArrayLike,
  options: { readonly size?: number; readonly fillValue?: number | boolean } = {},
): NDArray {
  return picked("extract", ravel(asNumbers("extract", condition)), ravel(asArray("extract", x)), options);
}
