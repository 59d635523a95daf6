/**
 * Angles without their jumps.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxis } from "../core/shape.ts";
import { abs } from "../ops/abs.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { concatenate } from "../ops/concatenate.ts";
import { cumsum } from "../ops/cumsum.ts";
import { eq } from "../ops/eq.ts";
import { filled } from "../ops/zeros.ts";
import { gt } from "../ops/gt.ts";
import { lt } from "../ops/lt.ts";
import { select } from "../ops/select.ts";
import { slice } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import { remainder } from "./division.ts";
import { inexact } from "./_operands.ts";

/** What a jump is. */
export interface UnwrapOptions {
  /** The least difference that is one: half of the period if left out. */
  readonly discont?: number;
  /** The axis: the last one if left out. */
  readonly axis?: number;
  /** After which numbers begin again: 2π if left out. */
  readonly period?: number;
}

/**
 * Adds whole periods to numbers, so that neighbors differ by no more than half of one.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const hours = pz.np.array([21, 22, 23, 0, 1]);
 * assert.deepEqual(pz.np.unwrap(hours, { period: 24 }).tolist(), [21, 22, 23, 24, 25]);
 * ```
 *
 * @param x An array; integers count as float32.
 * @param options What a jump is, and along which axis.
 * @returns The numbers without jumps.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.numpy.unwrap`.
 */
export function unwrap(x: ArrayLike, options: UnwrapOptions = {}): NDArray {
  const { period = 2 * Math.PI, discont = period / 2 } = options;
  const y = inexact("unwrap", x);
  const axis = normalizeAxis("unwrap", options.axis ?? -1, y.ndim);
  const size = y.shape[axis]!;
  if (size < 2) return y;
  const part = (from: number, to: number): NDArray =>
    slice(y, y.shape.map((_, k) => k === axis ? from : 0), y.shape.map((own, k) => k === axis ? to : own));
  const rest = part(1, size);
  const step = sub(rest, part(0, size - 1));
  const [half, zero] = [filled(period / 2, step), filled(0, step)];
  const wrapped = sub(remainder(add(step, half), period), half);
  // A jump of half a period may go either way; it keeps its own.
  const isHalf = and(eq(wrapped, filled(-period / 2, step)), gt(step, zero));
  const correction = sub(select(isHalf, half, wrapped), step);
  const isSmall = lt(abs(step), filled(discont, step));
  return concatenate([part(0, 1), add(rest, cumsum(select(isSmall, zero, correction), axis))], axis);
}
