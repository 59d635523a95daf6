/**
 * Elements many times over, put in, and taken out.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import type { RepeatOptions } from "../core/options.ts";
import type { TypeOf } from "../core/promotion.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { broadcastInDim, broadcastTo } from "../ops/broadcast_in_dim.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { cumsum } from "../ops/cumsum.ts";
import { reshape } from "../ops/reshape.ts";
import { scatterAdd } from "../ops/scatter.ts";
import { sliceInDim } from "../ops/slice.ts";
import { filled } from "../ops/zeros.ts";
import { Slice } from "../tree/slice.ts";
import { columnOf, pickRows, takeRows } from "./_rows.ts";
import { broadcasted } from "./_shapes.ts";
import { sliceRange } from "./_index_items.ts";
import { asType } from "./promote.ts";
import { readNow } from "./read.ts";
import { moveaxis, ravel } from "./reshaping.ts";

/** Along which axis places count. */
export interface PlaceOptions {
  /** The axis; the flattened array if left out. */
  readonly axis?: number | null;
}

/** Places along an axis: one, a part of the axis, or several. */
export type Places = number | Slice | readonly number[] | ArrayLike;

/**
 * Puts copies of an array next to each other along its axes.
 *
 * @param x The array.
 * @param reps How many along each axis, counted from the last one.
 * @returns The array of copies.
 * @throws {ValueError} If a number is not whole.
 *
 * JAX: `jax.numpy.tile`.
 */
export function tile(x: ArrayLike, reps: number | readonly number[]): NDArray {
  const own = asArray("tile", x);
  const given = typeof reps === "number" ? [reps] : reps;
  if (!given.every((count) => Number.isInteger(count) && count >= 0)) throw countError("tile", "reps", `[${given}]`);
  const rank = Math.max(own.shape.length, given.length);
  const ones = (missing: number): number[] => new Array<number>(missing).fill(1);
  const shape = [...ones(rank - own.shape.length), ...own.shape];
  const counts = [...ones(rank - given.length), ...given];
  const wide = shape.flatMap((size, axis) => [counts[axis]!, size]);
  const repeated = broadcastInDim(reshape(own, shape), wide, shape.map((_, axis) => 2 * axis + 1));
  return reshape(repeated, shape.map((size, axis) => size * counts[axis]!));
}

function countError(op: string, operand: string, actual: string): ValueError {
  return new ValueError(`Cannot ${op}: a count is not a whole number from 0`, {
    op,
    operand,
    actual,
    expected: "whole numbers from 0",
    remedy: "round the counts, and take none below 0",
    code: "count",
  });
}

/** An array and the axis that places count along: flattened, if there is none. */
function along(op: string, x: ArrayLike, axis: number | null | undefined): readonly [NDArray, number] {
  const own = asArray(op, x);
  if (axis === null || axis === undefined) return [ravel(own), 0];
  return [own, normalizeAxis(op, axis, own.shape.length)];
}

/**
 * Repeats each element along an axis.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.repeat(pz.np.array([7, 8]), [1, 3]).tolist(), [7, 8, 8, 8]);
 * ```
 *
 * @param x The array.
 * @param repeats How often: a number, or for each place along the axis one. An array of them is read now, unless
 *   `totalRepeatLength` says how long the result is.
 * @param options The axis, and the length of the result along it.
 * @returns The array of repeated elements.
 * @throws {ValueError} If there are not as many counts as places, or one is below 0.
 *
 * JAX: `jax.numpy.repeat`.
 */
export function repeat(
  x: ArrayLike,
  repeats: ArrayLike | readonly number[],
  options: RepeatOptions = {},
): NDArray {
  const { axis, totalRepeatLength: total } = options;
  const [own, at] = along("repeat", x, axis);
  const size = own.shape[at]!;
  if (repeats instanceof NDArray && total !== undefined) return repeatTraced(own, repeats, at, total);
  const counts = countsOf(repeats);
  if (counts.length === 1 && total === undefined) return repeatEach(own, counts[0]!, at);
  if (counts.length !== size && counts.length !== 1) {
    throw new ValueError("Cannot repeat: there are not as many counts as places", {
      op: "repeat",
      operand: "repeats",
      actual: `${counts.length} counts for axis ${at} of an array of shape [${own.shape}]`,
      expected: `one count, or ${size}`,
      remedy: "give each place along the axis its count",
      code: "repeat-counts",
    });
  }
  const places: number[] = [];
  for (let place = 0; place < size; place++) {
    const count = counts[counts.length === 1 ? 0 : place]!;
    for (let k = 0; k < count; k++) places.push(place);
  }
  if (total !== undefined) {
    places.length = Math.min(places.length, total);
    while (places.length < total) places.push(size - 1);
  }
  return pickRows(own, places, at);
}

/** Counts that are known. */
function countsOf(repeats: ArrayLike | readonly number[]): ArrayLikeOfNumbers {
  const counts: ArrayLikeOfNumbers = typeof repeats === "number"
    ? [repeats]
    : Array.isArray(repeats)
    ? repeats as readonly number[]
    : readNow("repeat by an array of counts", asArray("repeat", repeats));
  for (let k = 0; k < counts.length; k++) {
    if (!Number.isInteger(counts[k]) || counts[k]! < 0) throw countError("repeat", "repeats", `${counts[k]}`);
  }
  return counts;
}

type ArrayLikeOfNumbers = globalThis.ArrayLike<number>;

function repeatEach(x: NDArray, count: number, axis: number): NDArray {
  const { shape } = x;
  const wide = [...shape.slice(0, axis + 1), count, ...shape.slice(axis + 1)];
  const repeated = broadcastInDim(x, wide, shape.map((_, at) => at <= axis ? at : at + 1));
  return reshape(repeated, shape.map((size, at) => at === axis ? size * count : size));
}

/** By counts that are not read: each place begins where the counts before it end. */
function repeatTraced(x: NDArray, repeats: NDArray, axis: number, total: number): NDArray {
  const size = x.shape[axis]!;
  const int32 = { dtype: "int32", weakType: false } as const;
  if (size === 0 || total === 0) return sliceInDim(x, 0, 0, axis);
  const counts = broadcasted("repeat", convertElementType(reshape(repeats, [repeats.size]), int32), [size]);
  const zero = filled(0, { shape: [1], ...int32 });
  const starts = cumsum(concatenate([zero, sliceInDim(counts, 0, size - 1, 0)], 0), 0);
  const begun = scatterAdd(
    filled(0, { shape: [total], ...int32 }),
    columnOf(starts),
    filled(1, { shape: [size], ...int32 }),
    { updateWindowDims: [], insertedWindowDims: [0], scatterDimsToOperandDims: [0] },
  );
  const places = add(cumsum(begun, 0), filled(-1, { shape: [total], ...int32 }));
  return takeRows(x, places, axis, { mode: "fill" });
}

/** Places along an axis that are known: counted from the first, or beyond it as they were given. */
function placesOf(op: string, places: Places, size: number): number[] {
  if (places instanceof Slice) return sliceRange(places, size);
  const own = Array.isArray(places) ? undefined : asArray(op, places);
  if (own !== undefined && isFloating(own.dtype)) {
    throw new TypeError(`Cannot ${op}: the places are ${own.dtype}; pass integers or a mask`);
  }
  const read = own === undefined ? places as readonly number[] : [...readNow(op, own)];
  if (own?.dtype === "bool") return read.flatMap((isOn, place) => isOn ? [place] : []);
  return read.map((place) => place < 0 ? place + size : place);
}

/**
 * An array without what stands at some places along an axis. The places are read now.
 *
 * @param x The array.
 * @param places One place, a part of the axis, or an array of places or a mask; negative places count from the end.
 * @param options The axis.
 * @returns The array of what is left.
 * @throws {ValueError} If a single place is outside.
 *
 * JAX: `jax.numpy.delete`.
 */
function deleteAt(x: ArrayLike, places: Places, options: PlaceOptions = {}): NDArray {
  const [own, axis] = along("delete", x, options.axis);
  const size = own.shape[axis]!;
  if (typeof places === "number") {
    const at = normalizePlace("delete", places, size);
    return concatenate([sliceInDim(own, 0, at, axis), sliceInDim(own, at + 1, size, axis)], axis);
  }
  const gone = new Set(placesOf("delete", places, size));
  return pickRows(own, Array.from({ length: size }, (_, at) => at).filter((at) => !gone.has(at)), axis);
}

export { deleteAt as delete };

function normalizePlace(op: string, place: number, size: number): number {
  if (Number.isInteger(place) && place >= -size && place < size) return place < 0 ? place + size : place;
  throw new ValueError(`Cannot ${op}: there is no place ${place}`, {
    op,
    operand: "places",
    actual: `${place} along an axis of ${size} elements`,
    expected: size === 0 ? "no place: there are no elements" : `a whole number from ${-size} to ${size - 1}`,
    remedy: "name a place that the axis has",
    code: "place",
  });
}

/**
 * An array with values put in before some places along an axis. The places are read now.
 *
 * @param x The array.
 * @param places One place, a part of the axis, or an array of places; negative ones count from the end. Those outside
 *   are the nearest.
 * @param values What to put in, cast to the dtype of `x`: broadcast along the other axes.
 * @param options The axis.
 * @returns The array with the values in it.
 * @throws {ValueError} If there are not as many values as places.
 *
 * JAX: `jax.numpy.insert`.
 */
export function insert(x: ArrayLike, places: Places, values: ArrayLike, options: PlaceOptions = {}): NDArray {
  const [own, axis] = along("insert", x, options.axis);
  const size = own.shape[axis]!;
  const isOne = typeof places === "number" ||
    !(places instanceof Slice) && !Array.isArray(places) && asArray("insert", places).shape.length === 0;
  const given = placesOf("insert", typeof places === "number" ? [places] : places, size);
  const { dtype } = own;
  let news = dtype === "prngKey"
    ? asArray("insert", values)
    : asType("insert", values, { dtype, weakType: own.weakType } as TypeOf);
  const missing = Math.max(own.shape.length - news.shape.length, 0);
  news = reshape(news, [...new Array<number>(missing).fill(1), ...news.shape]);
  // Several values at one place lie along their first axis.
  if (isOne) news = moveaxis(news, 0, axis);
  const count = given.length === 1 ? news.shape[axis]! : given.length;
  const wide = broadcasted("insert", news, own.shape.map((length, at) => at === axis ? count : length));
  const before = given.length === 1 ? new Array<number>(count).fill(given[0]!) : given;
  const clipped = before.map((place) => Math.min(Math.max(place, 0), size));
  const order = clipped.map((_, k) => k).sort((a, b) => clipped[a]! - clipped[b]! || a - b);
  const rows = new Array<number>(size + count).fill(-1);
  order.forEach((k, rank) => rows[clipped[k]! + rank] = size + k);
  let next = 0;
  return pickRows(concatenate([own, wide], axis), rows.map((row) => row < 0 ? next++ : row), axis);
}

/**
 * The elements in another shape: repeated from the start where there are too few, cut off where there are too many.
 *
 * @param x The array.
 * @param shape The shape.
 * @returns The array of that shape.
 * @throws {ValueError} If a size is below 0, or there is nothing to repeat.
 *
 * JAX: `jax.numpy.resize`.
 */
export function resize(x: ArrayLike, shape: number | readonly number[]): NDArray {
  const own = asArray("resize", x);
  const sizes = typeof shape === "number" ? [shape] : shape;
  if (!sizes.every((size) => Number.isInteger(size) && size >= 0)) throw countError("resize", "shape", `[${sizes}]`);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (own.size === 0 || count === 0) return broadcastTo(filled(0, { ...own, shape: [] }), sizes);
  const turns = Math.ceil(count / own.size);
  return reshape(sliceInDim(tile(ravel(own), turns), 0, count, 0), sizes);
}
