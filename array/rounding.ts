/**
 * Rounding, and casts.
 *
 * @module
 */

import { arrayDtype, isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";
import { ceil as ceilOp } from "../ops/ceil.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { div } from "../ops/div.ts";
import { floor as floorOp } from "../ops/floor.ts";
import { mul } from "../ops/mul.ts";
import { round as roundOp } from "../ops/round.ts";
import { trunc as truncOp } from "../ops/trunc.ts";
import { filled } from "../ops/zeros.ts";
import { checkNoBools } from "./_operands.ts";
import { asNumbers } from "./promote.ts";

/** How to round. */
export interface RoundOptions {
  /** Decimal places; negative ones are before the point. 0 if left out. */
  readonly decimals?: number;
}

/**
 * Rounds to some decimal places, halves to even.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.round(pz.np.array([0.5, 1.5, 2.25]), { decimals: 1 }).tolist(), [0.5, 1.5, Math.fround(2.2)]);
 * ```
 *
 * @param x An array of numbers.
 * @param options How many places.
 * @returns The rounded numbers, of the dtype of `x`; integers as they are.
 * @throws {TypeError} If the elements are bools.
 * @throws {ValueError} If they are integers, and `decimals` is negative.
 *
 * JAX: `jax.numpy.round`.
 */
export function round(x: ArrayLike, options: RoundOptions = {}): NDArray {
  const { decimals = 0 } = options;
  const y = asNumbers("round", x);
  if (!Number.isInteger(decimals)) {
    throw new TypeError(`Cannot round: the number of decimals is ${decimals}; pass a whole number`);
  }
  checkNoBools("round", y, "cast them to a float");
  if (isFloating(y.dtype)) return decimals === 0 ? roundOp(y) : roundedAt(y, decimals);
  if (decimals >= 0) return y;
  throw new ValueError("Cannot round: integers are rounded at places after the point only", {
    op: "round",
    operand: "decimals",
    actual: `${decimals} for ${y.dtype}`,
    expected: "0 or more",
    remedy: "cast to a float first, or divide and multiply by a power of 10",
    code: "round-decimals",
  });
}

/** Rounds at a decimal place. The steps of float16 would overflow, so they are those of float32. */
function roundedAt(x: NDArray, decimals: number): NDArray {
  const isHalf = x.dtype === "float16";
  const y = isHalf ? convertElementType(x, { dtype: "float32", weakType: false }) : x;
  const factor = filled(10 ** decimals, y);
  const rounded = div(roundOp(mul(y, factor)), factor);
  return isHalf ? convertElementType(rounded, { dtype: "float16", weakType: x.weakType }) : rounded;
}

/**
 * Rounds to some decimal places, halves to even.
 *
 * @param x An array of numbers.
 * @param options How many places.
 * @returns As {@linkcode round}.
 *
 * JAX: `jax.numpy.around`.
 */
export function around(x: ArrayLike, options: RoundOptions = {}): NDArray {
  return round(x, options);
}

/**
 * Rounds to whole numbers, halves to even, as floats.
 *
 * @param x An array; integers and bools become float32.
 * @returns Whole numbers.
 *
 * JAX: `jax.numpy.rint`.
 */
export function rint(x: ArrayLike): NDArray {
  const y = asNumbers("rint", x);
  return isFloating(y.dtype) ? roundOp(y) : convertElementType(y, { dtype: "float32", weakType: false });
}

/**
 * Rounds down.
 *
 * @param x An array of numbers.
 * @returns Whole numbers, of the dtype of `x`.
 *
 * JAX: `jax.numpy.floor`.
 */
export function floor(x: ArrayLike): NDArray {
  const y = asNumbers("floor", x);
  return isFloating(y.dtype) ? floorOp(y) : y;
}

/**
 * Rounds up.
 *
 * @param x An array of numbers.
 * @returns Whole numbers, of the dtype of `x`.
 *
 * JAX: `jax.numpy.ceil`.
 */
export function ceil(x: ArrayLike): NDArray {
  const y = asNumbers("ceil", x);
  return isFloating(y.dtype) ? ceilOp(y) : y;
}

/**
 * Rounds towards 0.
 *
 * @param x An array of numbers.
 * @returns Whole numbers, of the dtype of `x`.
 *
 * JAX: `jax.numpy.trunc`.
 */
export function trunc(x: ArrayLike): NDArray {
  const y = asNumbers("trunc", x);
  return isFloating(y.dtype) ? truncOp(y) : y;
}

/**
 * Rounds towards 0.
 *
 * @param x An array of numbers.
 * @returns As {@linkcode trunc}.
 *
 * JAX: `jax.numpy.fix`.
 */
export function fix(x: ArrayLike): NDArray {
  return trunc(x);
}

/**
 * Casts to another dtype.
 *
 * Floats become integers towards 0 and within their range, NaN 0; wide integers keep their low bits.
 *
 * @param x An array of numbers or bools.
 * @param dtype The dtype; 64-bit names stand for their 32-bit counterparts.
 * @returns The elements in that dtype.
 * @throws {ValueError} If no array can have the dtype.
 *
 * JAX: `jax.numpy.astype`.
 */
export function astype(x: ArrayLike, dtype: string): NDArray {
  return convertElementType(asNumbers("astype", x), { dtype: arrayDtype("astype", dtype), weakType: false });
}
