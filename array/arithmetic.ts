/**
 * Arithmetic, element by element. Operands are promoted to one dtype and broadcast to one shape.
 *
 * @module
 */

import { isUnsigned } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { abs as absOp } from "../ops/abs.ts";
import { add as addOp } from "../ops/add.ts";
import { cbrt as cbrtOp } from "../ops/cbrt.ts";
import { div } from "../ops/div.ts";
import { eq } from "../ops/eq.ts";
import { integerPow } from "../ops/integer_pow.ts";
import { max } from "../ops/max.ts";
import { min } from "../ops/min.ts";
import { mul } from "../ops/mul.ts";
import { neg } from "../ops/neg.ts";
import { or } from "../ops/or.ts";
import { select } from "../ops/select.ts";
import { sign as signOp } from "../ops/sign.ts";
import { sqrt as sqrtOp } from "../ops/sqrt.ts";
import { square as squareOp } from "../ops/square.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import { beside, checkNoBools, inexact, inexactPair, numeric, pair } from "./_operands.ts";
import { asNumbers } from "./promote.ts";

/**
 * Adds, element by element.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([1, 2, 3]);
 * assert.deepEqual(pz.np.add(x, 0.5).tolist(), [1.5, 2.5, 3.5]);
 * ```
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `x + y`; of bools the logical or.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.add`.
 */
export function add(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("add", x, y);
  return a.dtype === "bool" ? or(a, b) : addOp(a, b);
}

/**
 * Subtracts, element by element.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `x - y`.
 * @throws {TypeError} If both are bools.
 *
 * JAX: `jax.numpy.subtract`.
 */
export function subtract(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("subtract", x, y);
  checkNoBools("subtract", a, "use logicalXor, or cast them");
  return sub(a, b);
}

/**
 * Multiplies, element by element.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `x y`; of bools the logical and.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.multiply`.
 */
export function multiply(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("multiply", x, y);
  return mul(a, b);
}

/**
 * Divides, element by element.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `x / y`, floats; by 0 an infinity or NaN.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.true_divide`.
 */
export function trueDivide(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = inexactPair("trueDivide", x, y);
  return div(a, b);
}

/**
 * Divides, element by element.
 *
 * @param x An array.
 * @param y An array that broadcasts with it.
 * @returns As {@linkcode trueDivide}.
 *
 * JAX: `jax.numpy.divide`.
 */
export function divide(x: ArrayLike, y: ArrayLike): NDArray {
  return trueDivide(x, y);
}

/**
 * Negates.
 *
 * @param x An array of numbers.
 * @returns `-x`; unsigned integers wrap.
 * @throws {TypeError} If they are bools.
 *
 * JAX: `jax.numpy.negative`.
 */
export function negative(x: ArrayLike): NDArray {
  const y = asNumbers("negative", x);
  checkNoBools("negative", y, "use logicalNot");
  return neg(y);
}

/**
 * Gives numbers as they are.
 *
 * @param x An array of numbers.
 * @returns `x`, an array.
 *
 * JAX: `jax.numpy.positive`.
 */
export function positive(x: ArrayLike): NDArray {
  return asNumbers("positive", x);
}

/**
 * Takes absolute values.
 *
 * @param x An array of numbers.
 * @returns `|x|`; the lowest integer of a dtype stays negative.
 *
 * JAX: `jax.numpy.absolute`.
 */
export function absolute(x: ArrayLike): NDArray {
  const y = asNumbers("absolute", x);
  return y.dtype === "bool" || isUnsigned(y.dtype) ? y : absOp(y);
}

/**
 * Takes absolute values.
 *
 * @param x An array.
 * @returns As {@linkcode absolute}.
 *
 * JAX: `jax.numpy.abs`.
 */
export function abs(x: ArrayLike): NDArray {
  return absolute(x);
}

/**
 * Takes absolute values as floats.
 *
 * @param x An array; integers count as float32.
 * @returns `|x|`.
 *
 * JAX: `jax.numpy.fabs`.
 */
export function fabs(x: ArrayLike): NDArray {
  return absOp(inexact("fabs", x));
}

/**
 * Takes the signs.
 *
 * @param x An array of numbers.
 * @returns -1, 0 or 1, of the dtype of `x`; NaN stays.
 * @throws {TypeError} If they are bools.
 *
 * JAX: `jax.numpy.sign`.
 */
export function sign(x: ArrayLike): NDArray {
  const y = asNumbers("sign", x);
  checkNoBools("sign", y, "cast them to integers");
  return signOp(y);
}

/**
 * Takes reciprocals.
 *
 * @param x An array; integers count as float32.
 * @returns `1 / x`.
 *
 * JAX: `jax.numpy.reciprocal`.
 */
export function reciprocal(x: ArrayLike): NDArray {
  return integerPow(inexact("reciprocal", x), -1);
}

/**
 * Squares.
 *
 * @param x An array of numbers; bools count as int32.
 * @returns `x²`; integers wrap.
 *
 * JAX: `jax.numpy.square`.
 */
export function square(x: ArrayLike): NDArray {
  return squareOp(numeric("square", x));
}

/**
 * Takes square roots.
 *
 * @param x An array; integers count as float32.
 * @returns `sqrt(x)`; NaN below 0.
 *
 * JAX: `jax.numpy.sqrt`.
 */
export function sqrt(x: ArrayLike): NDArray {
  return sqrtOp(inexact("sqrt", x));
}

/**
 * Takes cube roots.
 *
 * @param x An array; integers count as float32.
 * @returns The roots, with the signs of `x`.
 *
 * JAX: `jax.numpy.cbrt`.
 */
export function cbrt(x: ArrayLike): NDArray {
  return cbrtOp(inexact("cbrt", x));
}

/**
 * Takes the length of the hypotenuse over two legs.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns `sqrt(x² + y²)`, without overflow in between.
 *
 * JAX: `jax.numpy.hypot`.
 */
export function hypot(x: ArrayLike, y: ArrayLike): NDArray {
  const [first, second] = inexactPair("hypot", x, y);
  const [a, b] = [absOp(first), absOp(second)];
  const infinity = beside(a, Infinity);
  const isInfinite = or(eq(a, infinity), eq(b, infinity));
  const [long, short] = [max(a, b), min(a, b)];
  const one = filled(1, long);
  const isZero = eq(long, filled(0, long));
  const slope = div(short, select(isZero, one, long));
  const length = select(isZero, long, mul(long, sqrtOp(addOp(one, squareOp(slope)))));
  return select(isInfinite, infinity, length);
}
