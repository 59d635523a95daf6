/**
 * The strict elementwise functions of analysis: of floats, to floats.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { acos as acosOp } from "../ops/acos.ts";
import { acosh as acoshOp } from "../ops/acosh.ts";
import { asin as asinOp } from "../ops/asin.ts";
import { asinh as asinhOp } from "../ops/asinh.ts";
import { atan as atanOp } from "../ops/atan.ts";
import { atan2 as atan2Op } from "../ops/atan2.ts";
import { atanh as atanhOp } from "../ops/atanh.ts";
import { besselI0e as besselI0eOp } from "../ops/bessel_i0e.ts";
import { besselI1e as besselI1eOp } from "../ops/bessel_i1e.ts";
import { cbrt as cbrtOp } from "../ops/cbrt.ts";
import { cos as cosOp } from "../ops/cos.ts";
import { cosh as coshOp } from "../ops/cosh.ts";
import { digamma as digammaOp } from "../ops/digamma.ts";
import { erf as erfOp } from "../ops/erf.ts";
import { erfInv as erfInvOp } from "../ops/erf_inv.ts";
import { erfc as erfcOp } from "../ops/erfc.ts";
import { exp as expOp } from "../ops/exp.ts";
import { exp2 as exp2Op } from "../ops/exp2.ts";
import { expm1 as expm1Op } from "../ops/expm1.ts";
import { lgamma as lgammaOp } from "../ops/lgamma.ts";
import { log as logOp } from "../ops/log.ts";
import { log1p as log1pOp } from "../ops/log1p.ts";
import { logistic as logisticOp } from "../ops/logistic.ts";
import { rsqrt as rsqrtOp } from "../ops/rsqrt.ts";
import { sin as sinOp } from "../ops/sin.ts";
import { sinh as sinhOp } from "../ops/sinh.ts";
import { sqrt as sqrtOp } from "../ops/sqrt.ts";
import { tan as tanOp } from "../ops/tan.ts";
import { tanh as tanhOp } from "../ops/tanh.ts";
import { operand, operands } from "./_lax_operands.ts";

/**
 * Raises e to elements.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.equal(pz.lax.exp(pz.np.zeros([2])).get(1).item(), 1);
 * ```
 *
 * @param x An array of floats.
 * @returns `e^x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.exp`.
 */
export function exp(x: ArrayLike): NDArray {
  return expOp(operand("exp", x, "floats"));
}

/**
 * Raises 2 to elements.
 *
 * @param x An array of floats.
 * @returns `2^x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.exp2`.
 */
export function exp2(x: ArrayLike): NDArray {
  return exp2Op(operand("exp2", x, "floats"));
}

/**
 * Raises e to elements and subtracts 1, exact also near 0.
 *
 * @param x An array of floats.
 * @returns `e^x - 1`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.expm1`.
 */
export function expm1(x: ArrayLike): NDArray {
  return expm1Op(operand("expm1", x, "floats"));
}

/**
 * Takes logarithms, to base e.
 *
 * @param x An array of floats.
 * @returns `log x`; NaN below 0.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.log`.
 */
export function log(x: ArrayLike): NDArray {
  return logOp(operand("log", x, "floats"));
}

/**
 * Takes logarithms of 1 plus elements, exact also near 0.
 *
 * @param x An array of floats.
 * @returns `log(1 + x)`; NaN below -1.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.log1p`.
 */
export function log1p(x: ArrayLike): NDArray {
  return log1pOp(operand("log1p", x, "floats"));
}

/**
 * Takes square roots.
 *
 * @param x An array of floats.
 * @returns `sqrt(x)`; NaN below 0.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.sqrt`.
 */
export function sqrt(x: ArrayLike): NDArray {
  return sqrtOp(operand("sqrt", x, "floats"));
}

/**
 * Takes reciprocals of square roots.
 *
 * @param x An array of floats.
 * @returns `1 / sqrt(x)`; NaN below 0.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.rsqrt`.
 */
export function rsqrt(x: ArrayLike): NDArray {
  return rsqrtOp(operand("rsqrt", x, "floats"));
}

/**
 * Takes cube roots.
 *
 * @param x An array of floats.
 * @returns The roots, with the signs of `x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.cbrt`.
 */
export function cbrt(x: ArrayLike): NDArray {
  return cbrtOp(operand("cbrt", x, "floats"));
}

/**
 * Takes sines of radians.
 *
 * @param x An array of floats.
 * @returns `sin x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.sin`.
 */
export function sin(x: ArrayLike): NDArray {
  return sinOp(operand("sin", x, "floats"));
}

/**
 * Takes cosines of radians.
 *
 * @param x An array of floats.
 * @returns `cos x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.cos`.
 */
export function cos(x: ArrayLike): NDArray {
  return cosOp(operand("cos", x, "floats"));
}

/**
 * Takes tangents of radians.
 *
 * @param x An array of floats.
 * @returns `tan x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.tan`.
 */
export function tan(x: ArrayLike): NDArray {
  return tanOp(operand("tan", x, "floats"));
}

/**
 * Takes inverse sines.
 *
 * @param x An array of floats.
 * @returns Radians from -π/2 to π/2; NaN outside of -1 to 1.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.asin`.
 */
export function asin(x: ArrayLike): NDArray {
  return asinOp(operand("asin", x, "floats"));
}

/**
 * Takes inverse cosines.
 *
 * @param x An array of floats.
 * @returns Radians from 0 to π; NaN outside of -1 to 1.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.acos`.
 */
export function acos(x: ArrayLike): NDArray {
  return acosOp(operand("acos", x, "floats"));
}

/**
 * Takes inverse tangents.
 *
 * @param x An array of floats.
 * @returns Radians from -π/2 to π/2.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.atan`.
 */
export function atan(x: ArrayLike): NDArray {
  return atanOp(operand("atan", x, "floats"));
}

/**
 * Takes hyperbolic sines.
 *
 * @param x An array of floats.
 * @returns `sinh x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.sinh`.
 */
export function sinh(x: ArrayLike): NDArray {
  return sinhOp(operand("sinh", x, "floats"));
}

/**
 * Takes hyperbolic cosines.
 *
 * @param x An array of floats.
 * @returns `cosh x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.cosh`.
 */
export function cosh(x: ArrayLike): NDArray {
  return coshOp(operand("cosh", x, "floats"));
}

/**
 * Takes hyperbolic tangents.
 *
 * @param x An array of floats.
 * @returns `tanh x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.tanh`.
 */
export function tanh(x: ArrayLike): NDArray {
  return tanhOp(operand("tanh", x, "floats"));
}

/**
 * Takes inverse hyperbolic sines.
 *
 * @param x An array of floats.
 * @returns `asinh x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.asinh`.
 */
export function asinh(x: ArrayLike): NDArray {
  return asinhOp(operand("asinh", x, "floats"));
}

/**
 * Takes inverse hyperbolic cosines.
 *
 * @param x An array of floats.
 * @returns `acosh x`; NaN below 1.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.acosh`.
 */
export function acosh(x: ArrayLike): NDArray {
  return acoshOp(operand("acosh", x, "floats"));
}

/**
 * Takes inverse hyperbolic tangents.
 *
 * @param x An array of floats.
 * @returns `atanh x`; NaN outside of -1 to 1.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.atanh`.
 */
export function atanh(x: ArrayLike): NDArray {
  return atanhOp(operand("atanh", x, "floats"));
}

/**
 * Takes the logistic function, or sigmoid.
 *
 * @param x An array of floats.
 * @returns `1 / (1 + e^-x)`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.logistic`.
 */
export function logistic(x: ArrayLike): NDArray {
  return logisticOp(operand("logistic", x, "floats"));
}

/**
 * Takes the error function.
 *
 * @param x An array of floats.
 * @returns `erf x`, from -1 to 1.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.erf`.
 */
export function erf(x: ArrayLike): NDArray {
  return erfOp(operand("erf", x, "floats"));
}

/**
 * Takes the complement of the error function, exact also where it is small.
 *
 * @param x An array of floats.
 * @returns `1 - erf x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.erfc`.
 */
export function erfc(x: ArrayLike): NDArray {
  return erfcOp(operand("erfc", x, "floats"));
}

/**
 * Takes the inverse of the error function.
 *
 * @param x An array of floats.
 * @returns `erf⁻¹ x`; infinite at -1 and 1, NaN beyond.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.erf_inv`.
 */
export function erfInv(x: ArrayLike): NDArray {
  return erfInvOp(operand("erfInv", x, "floats"));
}

/**
 * Takes logarithms of the gamma function.
 *
 * @param x An array of floats.
 * @returns `log |Γ(x)|`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.lgamma`.
 */
export function lgamma(x: ArrayLike): NDArray {
  return lgammaOp(operand("lgamma", x, "floats"));
}

/**
 * Takes the derivative of the logarithm of the gamma function.
 *
 * @param x An array of floats.
 * @returns `Γ'(x) / Γ(x)`; NaN at 0 and at negative integers.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.digamma`.
 */
export function digamma(x: ArrayLike): NDArray {
  return digammaOp(operand("digamma", x, "floats"));
}

/**
 * Takes the angles, in radians, of points, whose ordinates come first.
 *
 * @param y Ordinates: an array of floats.
 * @param x Abscissas: an array of its shape and dtype; either may be a scalar.
 * @returns Angles from -π to π.
 * @throws {TypeError} If the dtypes differ, or are not of floats.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.atan2`.
 */
export function atan2(y: ArrayLike, x: ArrayLike): NDArray {
  const [a, b] = operands("atan2", y, x, "floats");
  return atan2Op(a, b);
}

/**
 * Takes the modified Bessel function of order 0, scaled by `e^-|x|`.
 *
 * @param x An array of floats.
 * @returns `e^-|x| I₀(x)`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.bessel_i0e`.
 */
export function besselI0e(x: ArrayLike): NDArray {
  return besselI0eOp(operand("besselI0e", x, "floats"));
}

/**
 * Takes the modified Bessel function of order 1, scaled by `e^-|x|`.
 *
 * @param x An array of floats.
 * @returns `e^-|x| I₁(x)`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.bessel_i1e`.
 */
export function besselI1e(x: ArrayLike): NDArray {
  return besselI1eOp(operand("besselI1e", x, "floats"));
}
