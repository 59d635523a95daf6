/**
 * The strict elementwise functions of comparison, logic and bits.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { and as andOp } from "../ops/and.ts";
import { clz as clzOp } from "../ops/clz.ts";
import { eq as eqOp } from "../ops/eq.ts";
import { ge as geOp } from "../ops/ge.ts";
import { gt as gtOp } from "../ops/gt.ts";
import { isFinite as isFiniteOp } from "../ops/is_finite.ts";
import { le as leOp } from "../ops/le.ts";
import { lt as ltOp } from "../ops/lt.ts";
import { ne as neOp } from "../ops/ne.ts";
import { not as notOp } from "../ops/not.ts";
import { or as orOp } from "../ops/or.ts";
import { populationCount as populationCountOp } from "../ops/population_count.ts";
import { shiftLeft as shiftLeftOp } from "../ops/shift_left.ts";
import { shiftRightArithmetic as shiftRightArithmeticOp } from "../ops/shift_right_arithmetic.ts";
import { shiftRightLogical as shiftRightLogicalOp } from "../ops/shift_right_logical.ts";
import { xor as xorOp } from "../ops/xor.ts";
import { operand, operands } from "./_lax_operands.ts";

/**
 * Compares.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.lax.eq(pz.np.array([1, 2]), 2).tolist(), [false, true]);
 * ```
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns Bools: where `x == y`; with NaN false.
 * @throws {TypeError} If the dtypes differ, or are not of numbers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.eq`.
 */
export function eq(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("eq", x, y, "numbers or bools");
  return eqOp(a, b);
}

/**
 * Compares.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns Bools: where `x != y`; with NaN true.
 * @throws {TypeError} If the dtypes differ, or are not of numbers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.ne`.
 */
export function ne(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("ne", x, y, "numbers or bools");
  return neOp(a, b);
}

/**
 * Compares.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns Bools: where `x < y`; with NaN false.
 * @throws {TypeError} If the dtypes differ, or are not of numbers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.lt`.
 */
export function lt(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("lt", x, y, "numbers or bools");
  return ltOp(a, b);
}

/**
 * Compares.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns Bools: where `x <= y`; with NaN false.
 * @throws {TypeError} If the dtypes differ, or are not of numbers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.le`.
 */
export function le(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("le", x, y, "numbers or bools");
  return leOp(a, b);
}

/**
 * Compares.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns Bools: where `x > y`; with NaN false.
 * @throws {TypeError} If the dtypes differ, or are not of numbers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.gt`.
 */
export function gt(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("gt", x, y, "numbers or bools");
  return gtOp(a, b);
}

/**
 * Compares.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns Bools: where `x >= y`; with NaN false.
 * @throws {TypeError} If the dtypes differ, or are not of numbers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.ge`.
 */
export function ge(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("ge", x, y, "numbers or bools");
  return geOp(a, b);
}

/**
 * Tells which elements are neither infinite nor NaN.
 *
 * @param x An array of floats.
 * @returns Bools.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.is_finite`.
 */
export function isFinite(x: ArrayLike): NDArray {
  return isFiniteOp(operand("isFinite", x, "floats"));
}

/**
 * Turns all bits.
 *
 * @param x An array of integers or bools.
 * @returns `~x`; of bools `!x`.
 * @throws {TypeError} If the elements are not integers or bools.
 *
 * JAX: `jax.lax.bitwise_not`.
 */
export function bitwiseNot(x: ArrayLike): NDArray {
  return notOp(operand("bitwiseNot", x, "integers or bools"));
}

/**
 * Keeps the bits that are set in both.
 *
 * @param x An array of integers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns The bits; of bools the logical operation.
 * @throws {TypeError} If the dtypes differ, or are not of integers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.bitwise_and`.
 */
export function bitwiseAnd(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("bitwiseAnd", x, y, "integers or bools");
  return andOp(a, b);
}

/**
 * Sets the bits that are set in either.
 *
 * @param x An array of integers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns The bits; of bools the logical operation.
 * @throws {TypeError} If the dtypes differ, or are not of integers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.bitwise_or`.
 */
export function bitwiseOr(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("bitwiseOr", x, y, "integers or bools");
  return orOp(a, b);
}

/**
 * Sets the bits that are set in one alone.
 *
 * @param x An array of integers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns The bits; of bools the logical operation.
 * @throws {TypeError} If the dtypes differ, or are not of integers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.bitwise_xor`.
 */
export function bitwiseXor(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("bitwiseXor", x, y, "integers or bools");
  return xorOp(a, b);
}

/**
 * Moves bits up.
 *
 * @param x An array of integers.
 * @param y How far: an array of its shape and dtype; either may be a scalar.
 * @returns `x 2^y`, the low bits; 0 where `y` is negative, or the width or more.
 * @throws {TypeError} If the dtypes differ, or are not of integers.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.shift_left`.
 */
export function shiftLeft(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("shiftLeft", x, y, "integers");
  return shiftLeftOp(a, b);
}

/**
 * Moves bits down, and zeros in from above.
 *
 * @param x An array of integers.
 * @param y How far: an array of its shape and dtype; either may be a scalar.
 * @returns The bits; 0 where `y` is negative, or the width or more.
 * @throws {TypeError} If the dtypes differ, or are not of integers.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.shift_right_logical`.
 */
export function shiftRightLogical(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("shiftRightLogical", x, y, "integers");
  return shiftRightLogicalOp(a, b);
}

/**
 * Moves bits down, and copies of the highest one in from above.
 *
 * @param x An array of integers.
 * @param y How far: an array of its shape and dtype; either may be a scalar.
 * @returns `⌊x / 2^y⌋` of `x` as a signed number; 0 or -1 where `y` is negative, or the width or more.
 * @throws {TypeError} If the dtypes differ, or are not of integers.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.shift_right_arithmetic`.
 */
export function shiftRightArithmetic(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("shiftRightArithmetic", x, y, "integers");
  return shiftRightArithmeticOp(a, b);
}

/**
 * Counts the bits that are set.
 *
 * @param x An array of integers.
 * @returns Counts, of the dtype of `x`.
 * @throws {TypeError} If the elements are not integers.
 *
 * JAX: `jax.lax.population_count`.
 */
export function populationCount(x: ArrayLike): NDArray {
  return populationCountOp(operand("populationCount", x, "integers"));
}

/**
 * Counts the leading bits that are 0.
 *
 * @param x An array of integers.
 * @returns Counts, of the dtype of `x`.
 * @throws {TypeError} If the elements are not integers.
 *
 * JAX: `jax.lax.clz`.
 */
export function clz(x: ArrayLike): NDArray {
  return clzOp(operand("clz", x, "integers"));
}
