/**
 * Places in flattened arrays, and open meshes of places.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import { isInteger } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { gt } from "../ops/gt.ts";
import { lt } from "../ops/lt.ts";
import { reshape } from "../ops/reshape.ts";
import { select } from "../ops/select.ts";
import { filled } from "../ops/zeros.ts";
import { add, multiply } from "./arithmetic.ts";
import { divmod, mod } from "./division.ts";
import { clip } from "./extremes.ts";
import { asNumbers } from "./promote.ts";
import { readNow } from "./read.ts";
import { basicView } from "./_index_basic.ts";

/** Options of {@linkcode ravelMultiIndex}. */
export interface RavelOptions {
  /** What to do with places outside: throw, which needs their values, if left out. */
  readonly mode?: "raise" | "clip" | "wrap";
  /** "C", the last axis first, if left out; "F" for the first axis first. */
  readonly order?: "C" | "F";
}

function integers(op: string, x: ArrayLike): NDArray {
  const own = asArray(op, x);
  if (isInteger(own.dtype)) return own;
  throw new TypeError(`Cannot ${op}: the places are ${own.dtype}; pass integers, by astype("int32")`);
}

/**
 * The places along each axis of places in the flattened array.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const [row, column] = pz.np.unravelIndex(5, [2, 3]);
 * assert.deepEqual([row!.item(), column!.item()], [1, 2]);
 * ```
 *
 * @param indices Places; negative ones count from the end.
 * @param shape The shape of the array.
 * @returns For each axis the places along it; of places outside those of the nearest.
 * @throws {TypeError} If the places are no integers.
 *
 * JAX: `jax.numpy.unravel_index`.
 */
export function unravelIndex(indices: ArrayLike, shape: Shape | number): NDArray[] {
  const sizes = typeof shape === "number" ? [shape] : shape;
  let rest = integers("unravelIndex", indices);
  const places: NDArray[] = [];
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const [quotient, place] = divmod(rest, sizes[axis]!);
    places.unshift(place);
    rest = quotient;
  }
  // What is left counts whole arrays before or after this one.
  const [isAfter, isBefore] = [gt(rest, filled(0, rest)), lt(rest, filled(-1, rest))];
  return places.map((place, axis) =>
    select(isAfter, filled(sizes[axis]! - 1, place), select(isBefore, filled(0, place), place))
  );
}

/**
 * The places in the flattened array of places along each axis.
 *
 * @param indices For each axis places along it.
 * @param shape The shape of the array.
 * @param options What to do with places outside, and the order of elements.
 * @returns The places.
 * @throws {TypeError} If the places are no integers.
 * @throws {ValueError} If one is outside and the mode is "raise", or there is not one array for each axis.
 *
 * JAX: `jax.numpy.ravel_multi_index`.
 */
export function ravelMultiIndex(indices: readonly ArrayLike[], shape: Shape, options: RavelOptions = {}): NDArray {
  const op = "ravelMultiIndex";
  const { mode = "raise", order = "C" } = options;
  const own = indices.map((index) => integers(op, index));
  const fault = (actual: string, expected: string): ValueError =>
    new ValueError(`Cannot ${op}: the places do not fit the array`, {
      op,
      operand: "indices",
      actual,
      expected,
      remedy: 'give each axis its places, or choose { mode: "clip" } or { mode: "wrap" }',
      code: "ravel-index",
    });
  if (own.length !== shape.length || own.length === 0) {
    throw fault(`${own.length} arrays of places for shape [${shape}]`, "one for each axis, and at least one");
  }
  const inside = own.map((places, axis) => {
    const size = shape[axis]!;
    if (mode === "clip") return clip(places, 0, size - 1);
    if (mode === "wrap") return mod(places, size);
    const outside = readNow(op, places).find((place) => place < 0 || place >= size);
    if (outside !== undefined) throw fault(`place ${outside} along axis ${axis}`, `0 to ${size - 1}`);
    return places;
  });
  let step = 1;
  const steps = new Map<number, number>();
  const axes = shape.map((_, axis) => axis);
  for (const axis of order === "F" ? axes : axes.reverse()) {
    steps.set(axis, step);
    step *= shape[axis]!;
  }
  return inside.map((places, axis) => multiply(places, steps.get(axis)!)).reduce((sum, part) => add(sum, part));
}

/**
 * Lists of places as an open mesh: each along an axis of its own, so that they broadcast together as an index.
 *
 * @param lists Lists of integers.
 * @returns The lists, each with as many axes as there are lists.
 * @throws {ValueError} If one has not one axis.
 *
 * JAX: `jax.numpy.ix_`.
 */
export function ix_(...lists: readonly ArrayLike[]): NDArray[] {
  return lists.map((list, axis) => {
    const own = integers("ix_", list);
    if (own.shape.length === 1) return reshape(own, lists.map((_, at) => at === axis ? own.shape[0]! : 1));
    throw new ValueError("Cannot ix_: a list does not have one axis", {
      op: "ix_",
      actual: `shape [${own.shape}]`,
      expected: "one axis",
      remedy: "ravel it first",
      code: "ix",
    });
  });
}

/**
 * A list without the zeros at its ends. It is read now.
 *
 * @param x An array of one axis.
 * @param options At which ends: "f" for the front, "b" for the back, "fb" for both, if left out.
 * @returns The view of what is between.
 *
 * JAX: `jax.numpy.trim_zeros`.
 */
export function trimZeros(x: ArrayLike, options: { readonly trim?: "f" | "b" | "fb" } = {}): NDArray {
  const own = asNumbers("trimZeros", x);
  const { trim = "fb" } = options;
  const elements = readNow("trimZeros", own);
  const isOn = (value: number): boolean => value !== 0;
  const first = elements.findIndex(isOn);
  const last = elements.findLastIndex(isOn);
  if (first < 0) return basicView("trimZeros", own, [":0"])!;
  const from = trim.includes("f") ? first : 0;
  return basicView("trimZeros", own, [`${from}:${trim.includes("b") ? last + 1 : elements.length}`])!;
}
