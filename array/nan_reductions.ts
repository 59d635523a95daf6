/**
 * Reductions that pass over NaN.
 *
 * @module
 */

import { arrayDtype, isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { ArgOptions, CumulativeOptions, ReduceOptions } from "../core/options.ts";
import { div } from "../ops/div.ts";
import { le } from "../ops/le.ts";
import { ne } from "../ops/ne.ts";
import { not } from "../ops/not.ts";
import { select } from "../ops/select.ts";
import { sqrt } from "../ops/sqrt.ts";
import { square } from "../ops/square.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { inexact, strong, varianceTypes } from "./_reduce.ts";
import { cumprod, cumsum } from "./cumulative.ts";
import { asNumbers, promoteShapes } from "./promote.ts";
import { all, argmax, argmin, max, mean, type MeanOptions, min, prod, sum, type TotalOptions } from "./reductions.ts";
import type { VarianceOptions } from "./statistics.ts";

/** A function of this file's kind: with other numbers in place of NaN, it is a plain one. */
type Reducing<O> = (x: NDArray, options: O) => NDArray;

/** Where an array is NaN. */
function nanOf(x: NDArray): NDArray {
  return ne(x, x);
}

/** The array with a number in place of NaN. */
function without(x: NDArray, value: number): NDArray {
  return select(nanOf(x), filled(value, x), x);
}

/** A reduction of what is not NaN. */
function passing<O>(op: string, x: ArrayLike, options: O, value: number, reduce: Reducing<O>): NDArray {
  const own = asNumbers(op, x);
  return reduce(isFloating(own.dtype) ? without(own, value) : own, options);
}

/** An extremum of what is not NaN; NaN where everything is. */
function extremum(
  op: string,
  x: ArrayLike,
  options: ReduceOptions,
  value: number,
  reduce: Reducing<ReduceOptions>,
): NDArray {
  const own = asNumbers(op, x);
  const result = passing(op, own, options, value, reduce);
  if (!isFloating(own.dtype) || options.initial !== undefined) return result;
  const { axis = null, keepdims = false } = options;
  return select(all(nanOf(own), { axis, keepdims }), filled(NaN, result), result);
}

/**
 * Adds the elements that are not NaN, over axes.
 *
 * @param x An array.
 * @param options As of `sum`.
 * @returns The sums; of no elements 0.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([1, NaN, 3]);
 * assert.equal(pz.np.nansum(x).item(), 4);
 * assert.equal(pz.np.nanmean(x).item(), 2);
 * ```
 *
 * JAX: `jax.numpy.nansum`.
 */
export function nansum(x: ArrayLike, options: TotalOptions = {}): NDArray {
  return passing("nansum", x, options, 0, sum);
}

/**
 * Multiplies the elements that are not NaN, over axes.
 *
 * @param x An array.
 * @param options As of `prod`.
 * @returns The products; of no elements 1.
 *
 * JAX: `jax.numpy.nanprod`.
 */
export function nanprod(x: ArrayLike, options: TotalOptions = {}): NDArray {
  return passing("nanprod", x, options, 1, prod);
}

/**
 * Finds the largest elements that are not NaN, over axes.
 *
 * @param x An array.
 * @param options As of `max`.
 * @returns The elements; NaN where there is nothing else.
 *
 * JAX: `jax.numpy.nanmax`.
 */
export function nanmax(x: ArrayLike, options: ReduceOptions = {}): NDArray {
  return extremum("nanmax", x, options, -Infinity, max);
}

/**
 * Finds the smallest elements that are not NaN, over axes.
 *
 * @param x An array.
 * @param options As of `min`.
 * @returns The elements; NaN where there is nothing else.
 *
 * JAX: `jax.numpy.nanmin`.
 */
export function nanmin(x: ArrayLike, options: ReduceOptions = {}): NDArray {
  return extremum("nanmin", x, options, Infinity, min);
}

/**
 * Averages the elements that are not NaN, over axes.
 *
 * @param x An array.
 * @param options As of `mean`.
 * @returns The means; NaN where there is nothing else.
 *
 * JAX: `jax.numpy.nanmean`.
 */
export function nanmean(x: ArrayLike, options: MeanOptions = {}): NDArray {
  const own = asNumbers("nanmean", x);
  if (!isFloating(own.dtype)) return mean(own, options);
  const dtype = options.dtype === undefined ? inexact(own.dtype as DType) : arrayDtype("nanmean", options.dtype);
  const counts = sum(not(nanOf(own)), { ...options, dtype });
  return div(nansum(own, { ...options, dtype }), counts);
}

/**
 * Computes variances of the elements that are not NaN, over axes.
 *
 * @param x An array.
 * @param options As of `var`.
 * @returns The variances; NaN where the divisor is not positive.
 *
 * JAX: `jax.numpy.nanvar`.
 */
export function nanvar(x: ArrayLike, options: VarianceOptions = {}): NDArray {
  const own = asNumbers("nanvar", x);
  const [dtype, compute] = varianceTypes("nanvar", own.dtype as DType, options.dtype);
  const { axis = null, keepdims = false, where, ddof = 0, correction = ddof } = options;
  const over = { axis, keepdims, ...(where !== undefined && { where }) };
  const values = strong(own, compute);
  const [a, center] = promoteShapes("nanvar", [values, nanmean(values, { ...over, keepdims: true })]);
  const isNan = promoteShapes("nanvar", [nanOf(values), a!])[0]!;
  const squares = select(isNan, filled(0, a!), square(sub(a!, center!)));
  const sums = sum(squares, over);
  const counts = sum(not(nanOf(values)), { ...over, dtype: compute });
  const [total, divisor] = promoteShapes("nanvar", [sums, sub(counts, filled(correction, counts))]);
  const isVoid = le(divisor!, filled(0, divisor!));
  const quotient = div(total!, select(isVoid, filled(1, divisor!), divisor!));
  return strong(select(isVoid, filled(NaN, quotient), quotient), dtype);
}

/**
 * Computes standard deviations of the elements that are not NaN, over axes.
 *
 * @param x An array.
 * @param options As of `std`.
 * @returns The deviations; NaN where the divisor is not positive.
 *
 * JAX: `jax.numpy.nanstd`.
 */
export function nanstd(x: ArrayLike, options: VarianceOptions = {}): NDArray {
  return sqrt(nanvar(x, options));
}

/** Places of an extremum of what is not NaN; -1 where everything is. */
function place(op: string, x: ArrayLike, options: ArgOptions, value: number, find: Reducing<ArgOptions>): NDArray {
  const own = asNumbers(op, x);
  if (!isFloating(own.dtype)) return find(own, options);
  const places = find(without(own, value), options);
  const { axis = null, keepdims = false } = options;
  return select(all(nanOf(own), { axis, keepdims }), filled(-1, places), places);
}

/**
 * Finds the place of the largest element that is not NaN.
 *
 * @param x An array.
 * @param options As of `argmax`.
 * @returns Places, int32; -1 where there is nothing but NaN.
 *
 * JAX: `jax.numpy.nanargmax`.
 */
export function nanargmax(x: ArrayLike, options: ArgOptions = {}): NDArray {
  return place("nanargmax", x, options, -Infinity, argmax);
}

/**
 * Finds the place of the smallest element that is not NaN.
 *
 * @param x An array.
 * @param options As of `argmin`.
 * @returns Places, int32; -1 where there is nothing but NaN.
 *
 * JAX: `jax.numpy.nanargmin`.
 */
export function nanargmin(x: ArrayLike, options: ArgOptions = {}): NDArray {
  return place("nanargmin", x, options, Infinity, argmin);
}

/**
 * Adds up elements along an axis, with 0 in place of NaN.
 *
 * @param x An array.
 * @param options As of `cumsum`.
 * @returns The sums up to each element.
 *
 * JAX: `jax.numpy.nancumsum`.
 */
export function nancumsum(x: ArrayLike, options: CumulativeOptions = {}): NDArray {
  return passing("nancumsum", x, options, 0, cumsum);
}

/**
 * Multiplies up elements along an axis, with 1 in place of NaN.
 *
 * @param x An array.
 * @param options As of `cumprod`.
 * @returns The products up to each element.
 *
 * JAX: `jax.numpy.nancumprod`.
 */
export function nancumprod(x: ArrayLike, options: CumulativeOptions = {}): NDArray {
  return passing("nancumprod", x, options, 1, cumprod);
}
