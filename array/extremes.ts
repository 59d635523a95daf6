/**
 * The larger and the smaller of two, element by element.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { gt } from "../ops/gt.ts";
import { lt } from "../ops/lt.ts";
import { max } from "../ops/max.ts";
import { min } from "../ops/min.ts";
import { ne } from "../ops/ne.ts";
import { or } from "../ops/or.ts";
import { select } from "../ops/select.ts";
import { pair } from "./_operands.ts";
import { asNumbers } from "./promote.ts";

/**
 * Takes the larger of two, element by element.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.maximum(pz.np.array([1, -1]), 0).tolist(), [1, 0]);
 * ```
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns The larger ones; NaN where either is.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.maximum`.
 */
export function maximum(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("maximum", x, y);
  return max(a, b);
}

/**
 * Takes the smaller of two, element by element.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns The smaller ones; NaN where either is.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.minimum`.
 */
export function minimum(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("minimum", x, y);
  return min(a, b);
}

/**
 * Takes the larger of two, element by element, and the number where the other is NaN.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns The larger ones; NaN where both are.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.fmax`.
 */
export function fmax(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("fmax", x, y);
  return select(or(gt(a, b), ne(b, b)), a, b);
}

/**
 * Takes the smaller of two, element by element, and the number where the other is NaN.
 *
 * @param x An array of numbers.
 * @param y An array that broadcasts with it.
 * @returns The smaller ones; NaN where both are.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.fmin`.
 */
export function fmin(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("fmin", x, y);
  return select(or(lt(a, b), ne(b, b)), a, b);
}

/**
 * Moves elements between bounds.
 *
 * @param x An array of numbers.
 * @param min The lower bounds, which broadcast with it; none if left out or `null`.
 * @param max The upper bounds, which broadcast with it; none if left out or `null`. They win over the lower ones.
 * @returns Elements of `x` between the bounds, else the bound.
 *
 * JAX: `jax.numpy.clip`.
 */
export function clip(x: ArrayLike, min?: ArrayLike | null, max?: ArrayLike | null): NDArray {
  const raised = min === undefined || min === null ? asNumbers("clip", x) : maximum(min, x);
  return max === undefined || max === null ? raised : minimum(max, raised);
}
