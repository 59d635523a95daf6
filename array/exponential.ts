/**
 * Powers of e and 2, logarithms, and what is made of them.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { besselI0e } from "../ops/bessel_i0e.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { div } from "../ops/div.ts";
import { eq } from "../ops/eq.ts";
import { exp as expOp } from "../ops/exp.ts";
import { exp2 as exp2Op } from "../ops/exp2.ts";
import { expm1 as expm1Op } from "../ops/expm1.ts";
import { log as logOp } from "../ops/log.ts";
import { log1p as log1pOp } from "../ops/log1p.ts";
import { log2 as log2Op } from "../ops/log2.ts";
import { logAddExp } from "../ops/log_add_exp.ts";
import { mul } from "../ops/mul.ts";
import { select } from "../ops/select.ts";
import { sign as signOp } from "../ops/sign.ts";
import { sin as sinOp } from "../ops/sin.ts";
import { square as squareOp } from "../ops/square.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { beside, inexact, inexactPair, strong } from "./_operands.ts";

/**
 * Raises e to powers.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.exp(pz.np.array([0, 1]));
 * assert.deepEqual(pz.np.log(x).tolist(), [0, 1]);
 * ```
 *
 * @param x An array; integers count as float32.
 * @returns `e^x`.
 *
 * JAX: `jax.numpy.exp`.
 */
export function exp(x: ArrayLike): NDArray {
  return expOp(inexact("exp", x));
}

/**
 * Raises 2 to powers.
 *
 * @param x An array; integers count as float32.
 * @returns `2^x`.
 *
 * JAX: `jax.numpy.exp2`.
 */
export function exp2(x: ArrayLike): NDArray {
  return exp2Op(inexact("exp2", x));
}

/**
 * Raises e to powers and subtracts 1, exact also near 0.
 *
 * @param x An array; integers count as float32.
 * @returns `e^x - 1`.
 *
 * JAX: `jax.numpy.expm1`.
 */
export function expm1(x: ArrayLike): NDArray {
  return expm1Op(inexact("expm1", x));
}

/**
 * Takes logarithms, to base e.
 *
 * @param x An array; integers count as float32.
 * @returns `log x`; NaN below 0.
 *
 * JAX: `jax.numpy.log`.
 */
export function log(x: ArrayLike): NDArray {
  return logOp(inexact("log", x));
}

/**
 * Takes logarithms, to base 2.
 *
 * @param x An array; integers count as float32.
 * @returns `log2 x`; NaN below 0.
 *
 * JAX: `jax.numpy.log2`.
 */
export function log2(x: ArrayLike): NDArray {
  return log2Op(strong(inexact("log2", x)));
}

/**
 * Takes logarithms of 1 plus numbers, exact also near 0.
 *
 * @param x An array; integers count as float32.
 * @returns `log(1 + x)`; NaN below -1.
 *
 * JAX: `jax.numpy.log1p`.
 */
export function log1p(x: ArrayLike): NDArray {
  return log1pOp(inexact("log1p", x));
}

/**
 * Takes logarithms, to base 10.
 *
 * @param x An array; integers count as float32.
 * @returns `log10 x`; NaN below 0.
 *
 * JAX: `jax.numpy.log10`.
 */
export function log10(x: ArrayLike): NDArray {
  const y = strong(inexact("log10", x));
  return div(logOp(y), filled(Math.LN10, y));
}

/**
 * Adds numbers whose logarithms, to base e, are given.
 *
 * @param x An array of logarithms.
 * @param y An array that broadcasts with it.
 * @returns `log(e^x + e^y)`, without overflow in between.
 *
 * JAX: `jax.numpy.logaddexp`.
 */
export function logaddexp(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = inexactPair("logaddexp", x, y);
  return logAddExp(a, b);
}

/**
 * Adds numbers whose logarithms, to base 2, are given.
 *
 * @param x An array of logarithms.
 * @param y An array that broadcasts with it.
 * @returns `log2(2^x + 2^y)`, without overflow in between.
 *
 * JAX: `jax.numpy.logaddexp2`.
 */
export function logaddexp2(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = inexactPair("logaddexp2", x, y);
  const { dtype, weakType } = a;
  // Halves would lose what cancels between the steps.
  const [c, d] = [a, b].map((z) => convertElementType(z, { dtype: "float32", weakType })) as [NDArray, NDArray];
  const ln2 = filled(Math.LN2, c);
  return convertElementType(div(logAddExp(mul(c, ln2), mul(d, ln2)), ln2), { dtype: dtype as DType, weakType });
}

/**
 * Takes the normalized sinc function.
 *
 * At 0 its Taylor series stands in, so that derivatives there are right up to the fifth.
 *
 * @param x An array; integers count as float32.
 * @returns `sin(πx) / (πx)`; 1 at 0.
 *
 * JAX: `jax.numpy.sinc`.
 */
export function sinc(x: ArrayLike): NDArray {
  const y = inexact("sinc", x);
  const [zero, one] = [beside(y, 0), beside(y, 1)];
  const isZero = eq(y, zero);
  const angle = mul(beside(y, Math.PI), y);
  // What is not chosen must not be infinite, or its derivative would be NaN times 0.
  const safe = select(isZero, one, angle);
  const square = squareOp(select(isZero, angle, zero));
  const inner = sub(one, mul(filled(1 / 20, y), square));
  const series = sub(one, mul(mul(filled(1 / 6, y), square), inner));
  return select(isZero, series, div(sinOp(safe), safe));
}

/**
 * Takes the modified Bessel function of order 0.
 *
 * @param x An array; integers count as float32.
 * @returns `I₀(x)`.
 *
 * JAX: `jax.numpy.i0`.
 */
export function i0(x: ArrayLike): NDArray {
  const y = inexact("i0", x);
  // The absolute value so that its slope at 0 is 0, as that of the result.
  const size = mul(y, signOp(y));
  return mul(expOp(size), besselI0e(y));
}
