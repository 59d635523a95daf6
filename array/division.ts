/**
 * Quotients and remainders. Zeros in the divisor give what XLA gives.
 *
 * @module
 */

import { isFloating, isInteger, isUnsigned } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { div } from "../ops/div.ts";
import { eq } from "../ops/eq.ts";
import { lt } from "../ops/lt.ts";
import { ne } from "../ops/ne.ts";
import { rem } from "../ops/rem.ts";
import { round } from "../ops/round.ts";
import { select } from "../ops/select.ts";
import { sign } from "../ops/sign.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import { numericPair, pair, strong, withoutBools } from "./_operands.ts";

/** Divisors, 1 in place of 0. */
function withoutZeros(y: NDArray): NDArray {
  return select(eq(y, filled(0, y)), filled(1, y), y);
}

/** The remainder of division towards 0, moved to the sign of the divisor. */
function floorRemainder(x: NDArray, y: NDArray): NDArray {
  const rest = rem(x, y);
  const zero = filled(0, rest);
  const isOpposite = and(ne(lt(rest, zero), lt(y, zero)), ne(rest, zero));
  return select(isOpposite, add(rest, y), rest);
}

/** Quotient and remainder of floats. */
function floatDivmod(x: NDArray, y: NDArray): [NDArray, NDArray] {
  const rest = rem(x, y);
  const quotient = div(sub(x, rest), y);
  const isOpposite = and(ne(rest, filled(0, rest)), ne(sign(y), sign(rest)));
  const lower = select(isOpposite, sub(quotient, filled(1, quotient)), quotient);
  return [strong(round(lower, "away")), select(isOpposite, add(rest, y), rest)];
}

/**
 * Divides and rounds down.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.floorDivide(pz.np.array([7, -7]), 2).tolist(), [3, -4]);
 * ```
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `⌊x / y⌋`, of the dtype that the operands have together; by 0 what XLA gives: NaN, of integers -1 or -2.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.floor_divide`.
 */
export function floorDivide(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = numericPair("floorDivide", x, y);
  if (isFloating(a.dtype)) return floatDivmod(a, b)[0];
  const quotient = div(a, b);
  if (isUnsigned(a.dtype)) return quotient;
  const isBelow = and(ne(sign(a), sign(b)), ne(rem(a, b), filled(0, a)));
  return select(isBelow, sub(quotient, filled(1, quotient)), quotient);
}

/**
 * Takes what is left by {@linkcode floorDivide}.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `x - y ⌊x / y⌋`, with the sign of `y`; of integers by 0 nothing.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.remainder`.
 */
export function remainder(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = numericPair("remainder", x, y);
  return floorRemainder(a, isFloating(b.dtype) ? b : withoutZeros(b));
}

/**
 * Takes what is left by {@linkcode floorDivide}.
 *
 * @param x An array.
 * @param y An array that broadcasts with it.
 * @returns As {@linkcode remainder}.
 *
 * JAX: `jax.numpy.mod`.
 */
export function mod(x: ArrayLike, y: ArrayLike): NDArray {
  return remainder(x, y);
}

/**
 * Takes what is left by division towards 0.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `x - y trunc(x / y)`, with the sign of `x`; of integers by 0 nothing.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.fmod`.
 */
export function fmod(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("fmod", x, y);
  // Of bools, as in JAX, 1 divided by 0 leaves 1.
  return rem(withoutBools(a), isInteger(b.dtype) ? withoutZeros(b) : withoutBools(b));
}

/**
 * Divides and rounds down, and gives what is left, too.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns {@linkcode floorDivide} and {@linkcode remainder}.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.divmod`.
 */
export function divmod(x: ArrayLike, y: ArrayLike): [quotient: NDArray, remainder: NDArray] {
  const [a, b] = numericPair("divmod", x, y);
  return isFloating(a.dtype) ? floatDivmod(a, b) : [floorDivide(a, b), remainder(a, b)];
}
