/**
 * Powers.
 *
 * @module
 */

import { isFloating, isInteger } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { integerPow } from "../ops/integer_pow.ts";
import { pow as powOp } from "../ops/pow.ts";
import type { DType } from "../wasm/dtype.ts";
import { inexactPair, numeric, numericPair } from "./_operands.ts";
import { asNumbers, promoteShapes } from "./promote.ts";

/**
 * Raises to powers.
 *
 * A whole number as exponent is applied by multiplications; of an exponent that is an array, next to integers, the lowest
 * 6 bits count.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([1, 2, 3]);
 * assert.deepEqual(pz.np.power(x, 2).tolist(), [1, 4, 9]);
 * ```
 *
 * @param x The bases.
 * @param y The exponents, which broadcast with them.
 * @returns `x^y`.
 * @throws {TypeError} If `x` is of integers, and `y` a negative number.
 *
 * JAX: `jax.numpy.power`.
 */
export function power(x: ArrayLike, y: ArrayLike): NDArray {
  const exponent = typeof y === "bigint" || typeof y === "boolean" ? Number(y) : y;
  if (typeof exponent === "number" && Number.isInteger(exponent)) return wholePower(numeric("power", x), exponent);
  if (y instanceof NDArray && isInteger(y.dtype)) {
    const base = asNumbers("power", x);
    if (y.ndim === 0) return oneExponent(numeric("power", base), y);
    if (isFloating(base.dtype)) {
      const [a, b] = promoteShapes("power", [base, y]);
      return powOp(a!, b!);
    }
  }
  const [a, b] = numericPair("power", x, y);
  return powOp(a, b);
}

/** The power by one integer, which counts as one of the language: the result is of the type of the bases. */
function oneExponent(x: NDArray, exponent: NDArray): NDArray {
  const dtype = (isFloating(x.dtype) ? exponent.dtype : x.dtype) as DType;
  return powOp(x, broadcastTo(convertElementType(exponent, { dtype, weakType: x.weakType }), x.shape));
}

/** The power by a number of the language. */
function wholePower(x: NDArray, exponent: number): NDArray {
  if (exponent >= 0 || isFloating(x.dtype)) return integerPow(x, exponent);
  throw new TypeError(
    `Cannot power: ${x.dtype} has no fractions for the exponent ${exponent}; cast x to a float, or use floatPower`,
  );
}

/**
 * Raises to powers.
 *
 * @param x The bases.
 * @param y The exponents, which broadcast with them.
 * @returns As {@linkcode power}.
 *
 * JAX: `jax.numpy.pow`.
 */
export function pow(x: ArrayLike, y: ArrayLike): NDArray {
  return power(x, y);
}

/**
 * Raises to powers, all of them floats.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `x^y`, a float.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.float_power`.
 */
export function floatPower(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = inexactPair("floatPower", x, y);
  return powOp(a, b);
}
