/**
 * Logic, bits, and tests of elements.
 *
 * @module
 */

import { isFloating, isUnsigned } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { abs } from "../ops/abs.ts";
import { and } from "../ops/and.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { eq } from "../ops/eq.ts";
import { isFinite } from "../ops/is_finite.ts";
import { ne } from "../ops/ne.ts";
import { not } from "../ops/not.ts";
import { or } from "../ops/or.ts";
import { populationCount } from "../ops/population_count.ts";
import { shiftLeft } from "../ops/shift_left.ts";
import { shiftRightArithmetic } from "../ops/shift_right_arithmetic.ts";
import { shiftRightLogical } from "../ops/shift_right_logical.ts";
import { xor } from "../ops/xor.ts";
import { filled } from "../ops/zeros.ts";
import { checkBits, numeric, numericPair, pair } from "./_operands.ts";
import { asNumbers } from "./promote.ts";

/** Which elements are other than 0. */
function truthOf(x: NDArray): NDArray {
  return x.dtype === "bool" ? x : ne(x, filled(0, x));
}

/** One bool everywhere. */
function everywhere(value: boolean, { shape }: NDArray): NDArray {
  return filled(value ? 1 : 0, { shape, dtype: "bool", weakType: false });
}

/**
 * Tells where both are other than 0.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([true, false, true]);
 * assert.deepEqual(pz.np.logicalAnd(x, pz.np.array([1, 1, 0])).tolist(), [true, false, false]);
 * ```
 *
 * @param x An array.
 * @param y An array that broadcasts with it.
 * @returns Bools.
 *
 * JAX: `jax.numpy.logical_and`.
 */
export function logicalAnd(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("logicalAnd", x, y);
  return and(truthOf(a), truthOf(b));
}

/**
 * Tells where either is other than 0.
 *
 * @param x An array.
 * @param y An array that broadcasts with it.
 * @returns Bools.
 *
 * JAX: `jax.numpy.logical_or`.
 */
export function logicalOr(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("logicalOr", x, y);
  return or(truthOf(a), truthOf(b));
}

/**
 * Tells where one alone is other than 0.
 *
 * @param x An array.
 * @param y An array that broadcasts with it.
 * @returns Bools.
 *
 * JAX: `jax.numpy.logical_xor`.
 */
export function logicalXor(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("logicalXor", x, y);
  return xor(truthOf(a), truthOf(b));
}

/**
 * Tells which elements are 0.
 *
 * @param x An array.
 * @returns Bools.
 *
 * JAX: `jax.numpy.logical_not`.
 */
export function logicalNot(x: ArrayLike): NDArray {
  return not(truthOf(asNumbers("logicalNot", x)));
}

/**
 * Keeps the bits that are set in both.
 *
 * @param x An array of integers or bools.
 * @param y An array that broadcasts with it.
 * @returns The bits; of bools the logical operation.
 * @throws {TypeError} If the elements are floats.
 *
 * JAX: `jax.numpy.bitwise_and`.
 */
export function bitwiseAnd(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("bitwiseAnd", x, y);
  checkBits("bitwiseAnd", a);
  return and(a, b);
}

/**
 * Sets the bits that are set in either.
 *
 * @param x An array of integers or bools.
 * @param y An array that broadcasts with it.
 * @returns The bits; of bools the logical operation.
 * @throws {TypeError} If the elements are floats.
 *
 * JAX: `jax.numpy.bitwise_or`.
 */
export function bitwiseOr(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("bitwiseOr", x, y);
  checkBits("bitwiseOr", a);
  return or(a, b);
}

/**
 * Sets the bits that are set in one alone.
 *
 * @param x An array of integers or bools.
 * @param y An array that broadcasts with it.
 * @returns The bits; of bools the logical operation.
 * @throws {TypeError} If the elements are floats.
 *
 * JAX: `jax.numpy.bitwise_xor`.
 */
export function bitwiseXor(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("bitwiseXor", x, y);
  checkBits("bitwiseXor", a);
  return xor(a, b);
}

/**
 * Turns all bits.
 *
 * @param x An array of integers or bools.
 * @returns `~x`; of bools `!x`.
 * @throws {TypeError} If the elements are floats.
 *
 * JAX: `jax.numpy.invert`.
 */
export function invert(x: ArrayLike): NDArray {
  const y = asNumbers("invert", x);
  checkBits("invert", y);
  return not(y);
}

/**
 * Turns all bits.
 *
 * @param x An array of integers or bools.
 * @returns As {@linkcode invert}.
 *
 * JAX: `jax.numpy.bitwise_not`.
 */
export function bitwiseNot(x: ArrayLike): NDArray {
  return invert(x);
}

/**
 * Turns all bits.
 *
 * @param x An array of integers or bools.
 * @returns As {@linkcode invert}.
 *
 * JAX: `jax.numpy.bitwise_invert`.
 */
export function bitwiseInvert(x: ArrayLike): NDArray {
  return invert(x);
}

/**
 * Counts the bits that are set in the absolute values.
 *
 * @param x An array of integers or bools.
 * @returns Counts, uint8.
 * @throws {TypeError} If the elements are floats.
 *
 * JAX: `jax.numpy.bitwise_count`.
 */
export function bitwiseCount(x: ArrayLike): NDArray {
  const y = numeric("bitwiseCount", x);
  checkBits("bitwiseCount", y);
  const counts = populationCount(isUnsigned(y.dtype) ? y : abs(y));
  return convertElementType(counts, { dtype: "uint8", weakType: false });
}

/**
 * Moves bits up.
 *
 * @param x An array of integers; bools count as int32.
 * @param y How far, which broadcasts with it.
 * @returns `x 2^y`, the low bits; 0 where `y` is negative, or the width or more.
 * @throws {TypeError} If the elements are floats.
 *
 * JAX: `jax.numpy.left_shift`.
 */
export function leftShift(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = numericPair("leftShift", x, y);
  checkBits("leftShift", a);
  return shiftLeft(a, b);
}

/**
 * Moves bits down; signed numbers keep their sign.
 *
 * @param x An array of integers; bools count as int32.
 * @param y How far, which broadcasts with it.
 * @returns `⌊x / 2^y⌋`; 0 or -1 where `y` is negative, or the width or more.
 * @throws {TypeError} If the elements are floats.
 *
 * JAX: `jax.numpy.right_shift`.
 */
export function rightShift(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = numericPair("rightShift", x, y);
  checkBits("rightShift", a);
  return isUnsigned(a.dtype) ? shiftRightLogical(a, b) : shiftRightArithmetic(a, b);
}

/**
 * Moves bits up.
 *
 * @param x An array of integers; bools count as int32.
 * @param y How far, which broadcasts with it.
 * @returns As {@linkcode leftShift}.
 *
 * JAX: `jax.numpy.bitwise_left_shift`.
 */
export function bitwiseLeftShift(x: ArrayLike, y: ArrayLike): NDArray {
  return leftShift(x, y);
}

/**
 * Moves bits down; signed numbers keep their sign.
 *
 * @param x An array of integers; bools count as int32.
 * @param y How far, which broadcasts with it.
 * @returns As {@linkcode rightShift}.
 *
 * JAX: `jax.numpy.bitwise_right_shift`.
 */
export function bitwiseRightShift(x: ArrayLike, y: ArrayLike): NDArray {
  return rightShift(x, y);
}

/**
 * Tells which elements are NaN.
 *
 * @param x An array of numbers.
 * @returns Bools.
 *
 * JAX: `jax.numpy.isnan`.
 */
export function isnan(x: ArrayLike): NDArray {
  const y = asNumbers("isnan", x);
  return isFloating(y.dtype) ? ne(y, y) : everywhere(false, y);
}

/**
 * Tells which elements are infinite.
 *
 * @param x An array of numbers.
 * @returns Bools.
 *
 * JAX: `jax.numpy.isinf`.
 */
export function isinf(x: ArrayLike): NDArray {
  const y = asNumbers("isinf", x);
  return isFloating(y.dtype) ? eq(abs(y), filled(Infinity, y)) : everywhere(false, y);
}

/**
 * Tells which elements are neither infinite nor NaN.
 *
 * @param x An array of numbers.
 * @returns Bools.
 *
 * JAX: `jax.numpy.isfinite`.
 */
export function isfinite(x: ArrayLike): NDArray {
  const y = asNumbers("isfinite", x);
  return isFloating(y.dtype) ? isFinite(y) : everywhere(true, y);
}

/**
 * Tells which elements are positive infinity.
 *
 * @param x An array of numbers.
 * @returns Bools.
 *
 * JAX: `jax.numpy.isposinf`.
 */
export function isposinf(x: ArrayLike): NDArray {
  const y = asNumbers("isposinf", x);
  return isFloating(y.dtype) ? eq(y, filled(Infinity, y)) : everywhere(false, y);
}

/**
 * Tells which elements are negative infinity.
 *
 * @param x An array of numbers.
 * @returns Bools.
 *
 * JAX: `jax.numpy.isneginf`.
 */
export function isneginf(x: ArrayLike): NDArray {
  const y = asNumbers("isneginf", x);
  return isFloating(y.dtype) ? eq(y, filled(-Infinity, y)) : everywhere(false, y);
}
