/**
 * What NumPy has for complex numbers, on real ones, and what kind a value is of.
 *
 * @module
 */

import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { WeakFloat } from "../core/promotion.ts";
import { filled } from "../ops/zeros.ts";
import { asNumbers } from "./promote.ts";

/**
 * Takes the real parts: the array itself, since there are no complex dtypes.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.equal(pz.np.real(3).item(), 3);
 * ```
 *
 * @param x An array of numbers.
 * @returns `x`.
 *
 * JAX: `jax.numpy.real`.
 */
export function real(x: ArrayLike): NDArray {
  return asNumbers("real", x);
}

/**
 * Takes the imaginary parts, which are 0.
 *
 * @param x An array of numbers.
 * @returns Zeros of the shape and dtype of `x`.
 *
 * JAX: `jax.numpy.imag`.
 */
export function imag(x: ArrayLike): NDArray {
  return filled(0, asNumbers("imag", x));
}

/**
 * Takes the complex conjugates: the array itself.
 *
 * @param x An array of numbers.
 * @returns `x`.
 *
 * JAX: `jax.numpy.conjugate`.
 */
export function conjugate(x: ArrayLike): NDArray {
  return asNumbers("conjugate", x);
}

/**
 * Takes the complex conjugates: the array itself.
 *
 * @param x An array of numbers.
 * @returns As {@linkcode conjugate}.
 *
 * JAX: `jax.numpy.conj`.
 */
export function conj(x: ArrayLike): NDArray {
  return conjugate(x);
}

/**
 * Tells which elements have an imaginary part: none.
 *
 * @param x An array of numbers.
 * @returns Bools.
 *
 * JAX: `jax.numpy.iscomplex`.
 */
export function iscomplex(x: ArrayLike): NDArray {
  return filled(0, { shape: asNumbers("iscomplex", x).shape, dtype: "bool", weakType: false });
}

/**
 * Tells which elements have no imaginary part: all.
 *
 * @param x An array of numbers.
 * @returns Bools.
 *
 * JAX: `jax.numpy.isreal`.
 */
export function isreal(x: ArrayLike): NDArray {
  return filled(1, { shape: asNumbers("isreal", x).shape, dtype: "bool", weakType: false });
}

/**
 * Tells whether a value is of a complex dtype: none is.
 *
 * @param _x An array.
 * @returns False.
 *
 * JAX: `jax.numpy.iscomplexobj`.
 */
export function iscomplexobj(_x: ArrayLike): boolean {
  return false;
}

/**
 * Tells whether a value is of a real dtype: all are.
 *
 * @param _x An array.
 * @returns True.
 *
 * JAX: `jax.numpy.isrealobj`.
 */
export function isrealobj(_x: ArrayLike): boolean {
  return true;
}

/**
 * Tells whether a value is a scalar: one of the language, or an array without axes.
 *
 * @param x Any value.
 * @returns Whether it is.
 *
 * JAX: `jax.numpy.isscalar`.
 */
export function isscalar(x: unknown): boolean {
  if (x instanceof NDArray) return x.ndim === 0;
  return typeof x === "number" || typeof x === "bigint" || typeof x === "boolean" || x instanceof WeakFloat;
}
