/**
 * Functions of angles, and their hyperbolic counterparts.
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
import { cos as cosOp } from "../ops/cos.ts";
import { cosh as coshOp } from "../ops/cosh.ts";
import { sin as sinOp } from "../ops/sin.ts";
import { sinh as sinhOp } from "../ops/sinh.ts";
import { tan as tanOp } from "../ops/tan.ts";
import { tanh as tanhOp } from "../ops/tanh.ts";
import { mul } from "../ops/mul.ts";
import { beside, inexact, inexactPair } from "./_operands.ts";

/**
 * Takes the sine of angles in radians.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const quarter = pz.np.sin(Math.PI / 2);
 * assert.equal(quarter.item(), 1);
 * ```
 *
 * @param x An array; integers count as float32.
 * @returns `sin x`, from -1 to 1.
 *
 * JAX: `jax.numpy.sin`.
 */
export function sin(x: ArrayLike): NDArray {
  return sinOp(inexact("sin", x));
}

/**
 * Takes the cosine of angles in radians.
 *
 * @param x An array; integers count as float32.
 * @returns `cos x`, from -1 to 1.
 *
 * JAX: `jax.numpy.cos`.
 */
export function cos(x: ArrayLike): NDArray {
  return cosOp(inexact("cos", x));
}

/**
 * Takes the tangent of angles in radians.
 *
 * @param x An array; integers count as float32.
 * @returns `tan x`.
 *
 * JAX: `jax.numpy.tan`.
 */
export function tan(x: ArrayLike): NDArray {
  return tanOp(inexact("tan", x));
}

/**
 * Takes the angles, in radians, that have given sines.
 *
 * @param x An array; integers count as float32.
 * @returns Angles from -π/2 to π/2; NaN outside of -1 to 1.
 *
 * JAX: `jax.numpy.arcsin`.
 */
export function arcsin(x: ArrayLike): NDArray {
  return asinOp(inexact("arcsin", x));
}

/**
 * Takes the angles, in radians, that have given cosines.
 *
 * @param x An array; integers count as float32.
 * @returns Angles from 0 to π; NaN outside of -1 to 1.
 *
 * JAX: `jax.numpy.arccos`.
 */
export function arccos(x: ArrayLike): NDArray {
  return acosOp(inexact("arccos", x));
}

/**
 * Takes the angles, in radians, that have given tangents.
 *
 * @param x An array; integers count as float32.
 * @returns Angles from -π/2 to π/2.
 *
 * JAX: `jax.numpy.arctan`.
 */
export function arctan(x: ArrayLike): NDArray {
  return atanOp(inexact("arctan", x));
}

/**
 * Takes the hyperbolic sine.
 *
 * @param x An array; integers count as float32.
 * @returns `(e^x - e^-x) / 2`.
 *
 * JAX: `jax.numpy.sinh`.
 */
export function sinh(x: ArrayLike): NDArray {
  return sinhOp(inexact("sinh", x));
}

/**
 * Takes the hyperbolic cosine.
 *
 * @param x An array; integers count as float32.
 * @returns `(e^x + e^-x) / 2`.
 *
 * JAX: `jax.numpy.cosh`.
 */
export function cosh(x: ArrayLike): NDArray {
  return coshOp(inexact("cosh", x));
}

/**
 * Takes the hyperbolic tangent.
 *
 * @param x An array; integers count as float32.
 * @returns `tanh x`, from -1 to 1.
 *
 * JAX: `jax.numpy.tanh`.
 */
export function tanh(x: ArrayLike): NDArray {
  return tanhOp(inexact("tanh", x));
}

/**
 * Takes the inverse of the hyperbolic sine.
 *
 * @param x An array; integers count as float32.
 * @returns `asinh x`.
 *
 * JAX: `jax.numpy.arcsinh`.
 */
export function arcsinh(x: ArrayLike): NDArray {
  return asinhOp(inexact("arcsinh", x));
}

/**
 * Takes the inverse of the hyperbolic cosine.
 *
 * @param x An array; integers count as float32.
 * @returns `acosh x`, from 0; NaN below 1.
 *
 * JAX: `jax.numpy.arccosh`.
 */
export function arccosh(x: ArrayLike): NDArray {
  return acoshOp(inexact("arccosh", x));
}

/**
 * Takes the inverse of the hyperbolic tangent.
 *
 * @param x An array; integers count as float32.
 * @returns `atanh x`; NaN outside of -1 to 1.
 *
 * JAX: `jax.numpy.arctanh`.
 */
export function arctanh(x: ArrayLike): NDArray {
  return atanhOp(inexact("arctanh", x));
}

/**
 * Takes the angles, in radians, that have given sines.
 *
 * @param x An array.
 * @returns As {@linkcode arcsin}.
 *
 * JAX: `jax.numpy.asin`.
 */
export function asin(x: ArrayLike): NDArray {
  return arcsin(x);
}

/**
 * Takes the angles, in radians, that have given cosines.
 *
 * @param x An array.
 * @returns As {@linkcode arccos}.
 *
 * JAX: `jax.numpy.acos`.
 */
export function acos(x: ArrayLike): NDArray {
  return arccos(x);
}

/**
 * Takes the angles, in radians, that have given tangents.
 *
 * @param x An array.
 * @returns As {@linkcode arctan}.
 *
 * JAX: `jax.numpy.atan`.
 */
export function atan(x: ArrayLike): NDArray {
  return arctan(x);
}

/**
 * Takes the inverse of the hyperbolic sine.
 *
 * @param x An array.
 * @returns As {@linkcode arcsinh}.
 *
 * JAX: `jax.numpy.asinh`.
 */
export function asinh(x: ArrayLike): NDArray {
  return arcsinh(x);
}

/**
 * Takes the inverse of the hyperbolic cosine.
 *
 * @param x An array.
 * @returns As {@linkcode arccosh}.
 *
 * JAX: `jax.numpy.acosh`.
 */
export function acosh(x: ArrayLike): NDArray {
  return arccosh(x);
}

/**
 * Takes the inverse of the hyperbolic tangent.
 *
 * @param x An array.
 * @returns As {@linkcode arctanh}.
 *
 * JAX: `jax.numpy.atanh`.
 */
export function atanh(x: ArrayLike): NDArray {
  return arctanh(x);
}

/**
 * Takes the angles, in radians, of points, whose ordinates come first.
 *
 * @param y Ordinates.
 * @param x Abscissas, which broadcast with them.
 * @returns Angles from -π to π.
 *
 * JAX: `jax.numpy.arctan2`.
 */
export function arctan2(y: ArrayLike, x: ArrayLike): NDArray {
  const [a, b] = inexactPair("arctan2", y, x);
  return atan2Op(a, b);
}

/**
 * Takes the angles, in radians, of points, whose ordinates come first.
 *
 * @param y Ordinates.
 * @param x Abscissas, which broadcast with them.
 * @returns As {@linkcode arctan2}.
 *
 * JAX: `jax.numpy.atan2`.
 */
export function atan2(y: ArrayLike, x: ArrayLike): NDArray {
  return arctan2(y, x);
}

/**
 * Turns degrees into radians.
 *
 * @param x An array; integers count as float32.
 * @returns Radians.
 *
 * JAX: `jax.numpy.deg2rad`.
 */
export function deg2rad(x: ArrayLike): NDArray {
  const angle = inexact("deg2rad", x);
  return mul(angle, beside(angle, Math.PI / 180));
}

/**
 * Turns radians into degrees.
 *
 * @param x An array; integers count as float32.
 * @returns Degrees.
 *
 * JAX: `jax.numpy.rad2deg`.
 */
export function rad2deg(x: ArrayLike): NDArray {
  const angle = inexact("rad2deg", x);
  return mul(angle, beside(angle, 180 / Math.PI));
}

/**
 * Turns degrees into radians.
 *
 * @param x An array.
 * @returns As {@linkcode deg2rad}.
 *
 * JAX: `jax.numpy.radians`.
 */
export function radians(x: ArrayLike): NDArray {
  return deg2rad(x);
}

/**
 * Turns radians into degrees.
 *
 * @param x An array.
 * @returns As {@linkcode rad2deg}.
 *
 * JAX: `jax.numpy.degrees`.
 */
export function degrees(x: ArrayLike): NDArray {
  return rad2deg(x);
}
