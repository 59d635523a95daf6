/**
 * The same elements in another order along their axes.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Axes } from "../core/options.ts";
import { normalizeAxes, normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { dynamicSlice } from "../ops/dynamic_slice.ts";
import { reshape } from "../ops/reshape.ts";
import { reverse } from "../ops/reverse.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import { fromStart } from "./_index_plan.ts";
import { readNow } from "./read.ts";
import { ravel } from "./reshaping.ts";
import { rem } from "../ops/rem.ts";

/** Along which axes. */
export interface AxesOptions {
  /** The axes; all of them, or the flattened array, if left out. */
  readonly axis?: Axes | null;
}

/** Options of {@linkcode rot90}. */
export interface Rot90Options {
  /** How many quarters of a turn: 1 if left out. */
  readonly k?: number;
  /** From which axis towards which other: the first and the second if left out. */
  readonly axes?: readonly [number, number];
}

/**
 * Reverses axes: a view.
 *
 * @param x The array.
 * @param options Which axes; all of them if left out.
 * @returns The view.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.numpy.flip`.
 */
export function flip(x: ArrayLike, options: AxesOptions = {}): NDArray {
  const own = asArray("flip", x);
  return reverse(own, normalizeAxes("flip", options.axis ?? undefined, own.shape.length));
}

/**
 * Reverses the first axis: a view.
 *
 * @param x An array of at least one axis.
 * @returns The view.
 * @throws {ValueError} If it has none.
 *
 * JAX: `jax.numpy.flipud`.
 */
export function flipud(x: ArrayLike): NDArray {
  const own = asArray("flipud", x);
  return reverse(own, [normalizeAxis("flipud", 0, own.shape.length)]);
}

/**
 * Reverses the second axis: a view.
 *
 * @param x An array of at least two axes.
 * @returns The view.
 * @throws {ValueError} If it has fewer.
 *
 * JAX: `jax.numpy.fliplr`.
 */
export function fliplr(x: ArrayLike): NDArray {
  const own = asArray("fliplr", x);
  return reverse(own, [normalizeAxis("fliplr", 1, own.shape.length)]);
}

/** Shifts along one axis; what leaves at one end comes in at the other. */
function rolled(x: NDArray, shift: number, axis: number): NDArray {
  const size = x.shape[axis]!;
  if (size === 0) return x;
  const cut = ((-shift % size) + size) % size;
  if (cut === 0) return x;
  return concatenate([sliceInDim(x, cut, size, axis), sliceInDim(x, 0, cut, axis)], axis);
}

/** The same by a shift that is not read. */
function rolledBy(x: NDArray, shift: NDArray, axis: number): NDArray {
  const size = x.shape[axis]!;
  if (size === 0) return x;
  const type = { dtype: "int32", weakType: false } as const;
  const whole = filled(size, { shape: [], ...type });
  const steps = fromStart(rem(convertElementType(reshape(shift, []), type), whole), size);
  const starts = x.shape.map((_, at) =>
    at === axis ? reshape(sub(whole, steps), [1]) : filled(0, { shape: [1], ...type })
  );
  return dynamicSlice(concatenate([x, x], axis), concatenate(starts, 0), x.shape);
}

/**
 * Shifts elements along axes; what leaves at one end comes in at the other.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.roll(pz.np.arange(5), 2).tolist(), [3, 4, 0, 1, 2]);
 * ```
 *
 * @param x The array.
 * @param shift How far, towards the end: a number, a list with one for each axis, or an array of one element, which is
 *   not read.
 * @param options Along which axes; along the flattened array if left out.
 * @returns The shifted array.
 * @throws {ValueError} If there are not as many shifts as axes.
 *
 * JAX: `jax.numpy.roll`.
 */
export function roll(x: ArrayLike, shift: number | readonly number[] | NDArray, options: AxesOptions = {}): NDArray {
  const own = asArray("roll", x);
  const { axis } = options;
  if (axis === undefined || axis === null) {
    return reshape(roll(ravel(own), shift, { axis: 0 }), own.shape);
  }
  const axes = (typeof axis === "number" ? [axis] : axis).map((at) => normalizeAxis("roll", at, own.shape.length));
  if (shift instanceof NDArray && shift.size === 1) {
    return axes.reduce((rest, at) => rolledBy(rest, shift, at), own);
  }
  const given = typeof shift === "number" ? [shift] : shift instanceof NDArray ? [...readNow("roll", shift)] : shift;
  if (given.length !== axes.length && given.length !== 1 && axes.length !== 1 || !given.every(Number.isInteger)) {
    throw new ValueError("Cannot roll: the shifts do not fit the axes", {
      op: "roll",
      operand: "shift",
      actual: `shifts [${given}] for axes [${axes}]`,
      expected: "whole numbers, one for all axes or one for each",
      remedy: "give each axis its shift",
      code: "roll",
    });
  }
  const count = Math.max(given.length, axes.length);
  let rest = own;
  for (let k = 0; k < count; k++) {
    rest = rolled(rest, given[given.length === 1 ? 0 : k]!, axes[axes.length === 1 ? 0 : k]!);
  }
  return rest;
}

/**
 * Turns an array by quarters in the plane of two axes: a view.
 *
 * @param x An array of at least two axes.
 * @param options How many quarters, in which plane.
 * @returns The view.
 * @throws {ValueError} If there are no two such axes.
 *
 * JAX: `jax.numpy.rot90`.
 */
export function rot90(x: ArrayLike, options: Rot90Options = {}): NDArray {
  const own = asArray("rot90", x);
  const { k = 1, axes = [0, 1] } = options;
  const [first, second] = normalizeAxes("rot90", axes, own.shape.length) as [number, number];
  const turns = ((k % 4) + 4) % 4;
  if (turns === 0) return own;
  if (turns === 2) return reverse(own, [first, second]);
  const order = own.shape.map((_, axis) => axis === first ? second : axis === second ? first : axis);
  return turns === 1 ? transpose(reverse(own, [second]), order) : reverse(transpose(own, order), [second]);
}
