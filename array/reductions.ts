/**
 * Reductions: one number out of many, along axes.
 *
 * Sums and products of narrow integers and bools are int32 or uint32; halves are computed in float32 and rounded once.
 *
 * @module
 */

import { arrayDtype } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { ArgOptions, Axes, ReduceOptions, SumOptions } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { argmax as argmaxOp } from "../ops/argmax.ts";
import { argmin as argminOp } from "../ops/argmin.ts";
import { count } from "../ops/count.ts";
import { div } from "../ops/div.ts";
import { max as maxOp } from "../ops/max.ts";
import { min as minOp } from "../ops/min.ts";
import { mul } from "../ops/mul.ts";
import { not } from "../ops/not.ts";
import { or } from "../ops/or.ts";
import { reduceAll } from "../ops/reduce_all.ts";
import { reduceAny } from "../ops/reduce_any.ts";
import { reduceMax } from "../ops/reduce_max.ts";
import { reduceMin } from "../ops/reduce_min.ts";
import { reduceProd } from "../ops/reduce_prod.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import {
  axesOf,
  condition,
  countAlong,
  extreme,
  inexact,
  keep,
  keptShape,
  type Reduce,
  reduced,
  type Reduction,
  strong,
  wide,
  widened,
} from "./_reduce.ts";
import { asNumbers, promoteShapes } from "./promote.ts";

/** Options of reductions of bools. */
export interface TruthOptions {
  /** The axes; all of them if left out. */
  readonly axis?: Axes | null;
  /** Whether reduced axes stay, with size 1. */
  readonly keepdims?: boolean;
  /** Which elements count: bools that broadcast to the array. */
  readonly where?: ArrayLike;
}

/** Options of means. */
export interface MeanOptions extends TruthOptions {
  /** The dtype of the result; floats keep theirs, others give float32, if left out. */
  readonly dtype?: string;
}

const SUM: Reduction = { op: "sum", reduce: reduceSum, join: add, identity: 0 };
const PROD: Reduction = { op: "prod", reduce: reduceProd, join: mul, identity: 1 };
const COUNT: Reduction = { op: "sum", reduce: count, join: add, identity: 0 };
const ANY: Reduction = { op: "any", reduce: reduceAny, join: or, identity: 0 };
const ALL: Reduction = { op: "all", reduce: reduceAll, join: and, identity: 1 };

/** Options of sums and products. */
export interface TotalOptions extends SumOptions {
  /** Whether narrow integers and bools widen; they do if left out. */
  readonly promoteIntegers?: boolean;
}

/** A sum or a product, in the dtype that it is asked for or that it widens to. */
function total(x: ArrayLike, options: TotalOptions, reduction: Reduction, ofBools: Reduction): NDArray {
  const { op } = reduction;
  const own = asNumbers(op, x);
  const isNarrow = options.promoteIntegers === false && own.dtype !== "bool";
  const dtype = options.dtype !== undefined
    ? arrayDtype(op, options.dtype)
    : isNarrow
    ? own.dtype as DType
    : widened(own.dtype as DType);
  if (dtype === "bool") return reduced(strong(own, dtype), options, { ...ofBools, op });
  if (own.dtype === "bool" && dtype === "int32" && reduction === SUM && options.initial === undefined) {
    return reduced(own, options, COUNT);
  }
  if (options.initial === undefined) return reduced(strong(own, dtype), options, reduction);
  // What a sum of halves begins with is added before it is rounded.
  return strong(reduced(strong(own, wide(dtype)), options, reduction), dtype);
}

/**
 * Adds elements over axes.
 *
 * @param x An array.
 * @param options The axes, whether they stay, the dtype, what to begin with, which elements count.
 * @returns The sums; of no elements 0. Integers wrap.
 * @throws {ValueError} If there is no such axis.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[1, 2], [3, 4]]);
 * assert.equal(pz.np.sum(x).item(), 10);
 * assert.deepEqual(pz.np.sum(x, { axis: 0 }).tolist(), [4, 6]);
 * assert.deepEqual(pz.np.sum(x, { axis: 1, keepdims: true }).shape, [2, 1]);
 * ```
 *
 * JAX: `jax.numpy.sum`.
 */
export function sum(x: ArrayLike, options: TotalOptions = {}): NDArray {
  return total(x, options, SUM, ANY);
}

/**
 * Multiplies elements over axes.
 *
 * @param x An array.
 * @param options As of {@linkcode sum}.
 * @returns The products; of no elements 1. Integers wrap.
 *
 * JAX: `jax.numpy.prod`.
 */
export function prod(x: ArrayLike, options: TotalOptions = {}): NDArray {
  return total(x, options, PROD, ALL);
}

/** A maximum or minimum. */
function extremum(op: string, x: ArrayLike, options: ReduceOptions, reduce: Reduce, isMax: boolean): NDArray {
  const own = strong(asNumbers(op, x));
  const isOpen = options.initial === undefined;
  if (isOpen && (options.where !== undefined || countAlong(own, axesOf(op, options.axis, own.shape.length)) === 0)) {
    throw new ValueError(`Cannot compute the ${op}: there may be no element to choose`, {
      op,
      operand: "x",
      actual: options.where === undefined
        ? `${own.dtype}[${own.shape}] over ${
          options.axis === undefined || options.axis === null ? "all axes" : `axes [${options.axis}]`
        }`
        : "elements that count by `where`, without `initial`",
      expected: "at least one element along the axes",
      remedy: `pass { initial }, the ${op} of no elements`,
      code: "empty-reduction",
    });
  }
  const identity = extreme(own.dtype as DType, isMax ? -1 : 1);
  return reduced(own, options, { op, reduce, join: isMax ? maxOp : minOp, identity });
}

/**
 * Finds the largest elements over axes. A NaN wins.
 *
 * @param x An array.
 * @param options The axes, whether they stay, what to begin with, which elements count.
 * @returns The elements.
 * @throws {ValueError} If there may be none, and `initial` is left out.
 *
 * JAX: `jax.numpy.max`.
 */
export function max(x: ArrayLike, options: ReduceOptions = {}): NDArray {
  return extremum("max", x, options, reduceMax, true);
}

/**
 * Finds the smallest elements over axes. A NaN wins.
 *
 * @param x An array.
 * @param options As of {@linkcode max}.
 * @returns The elements.
 * @throws {ValueError} If there may be none, and `initial` is left out.
 *
 * JAX: `jax.numpy.min`.
 */
export function min(x: ArrayLike, options: ReduceOptions = {}): NDArray {
  return extremum("min", x, options, reduceMin, false);
}

/** The same as {@linkcode max}. JAX: `jax.numpy.amax`. */
export const amax: typeof max = max;

/** The same as {@linkcode min}. JAX: `jax.numpy.amin`. */
export const amin: typeof min = min;

/** Whether any or all elements hold. */
function truth(x: ArrayLike, { axis, keepdims, where }: TruthOptions, { op, reduce, identity }: Reduction): NDArray {
  const own = asNumbers(op, x);
  const axes = axesOf(op, axis, own.shape.length);
  if (where === undefined) return keep(reduce(own, axes), own.shape, axes, keepdims);
  const bools = strong(own, "bool");
  const [mask, elements] = promoteShapes(op, [condition(op, where), bools]);
  // Elements that do not count are as the identity.
  const counted = identity === 0 ? and(elements!, mask!) : or(elements!, not(mask!));
  return keep(reduce(counted, axes), counted.shape, axes, keepdims);
}

/**
 * Tells whether any element over axes is other than 0. A NaN is.
 *
 * @param x An array.
 * @param options The axes, whether they stay, which elements count.
 * @returns Bools; of no elements false.
 *
 * JAX: `jax.numpy.any`.
 */
export function any(x: ArrayLike, options: TruthOptions = {}): NDArray {
  return truth(x, options, ANY);
}

/**
 * Tells whether all elements over axes are other than 0. A NaN is.
 *
 * @param x An array.
 * @param options As of {@linkcode any}.
 * @returns Bools; of no elements true.
 *
 * JAX: `jax.numpy.all`.
 */
export function all(x: ArrayLike, options: TruthOptions = {}): NDArray {
  return truth(x, options, ALL);
}

/**
 * Averages elements over axes.
 *
 * @param x An array.
 * @param options The axes, whether they stay, the dtype, which elements count.
 * @returns The means; of no elements NaN.
 *
 * JAX: `jax.numpy.mean`.
 */
export function mean(x: ArrayLike, options: MeanOptions = {}): NDArray {
  const own = asNumbers("mean", x);
  const dtype = options.dtype === undefined ? inexact(own.dtype as DType) : arrayDtype("mean", options.dtype);
  const compute = options.dtype === undefined ? wide(dtype) : dtype;
  const { where } = options;
  const sums = reduced(strong(own, compute), options, { ...SUM, op: "mean" });
  if (where === undefined) {
    const divisor = countAlong(own, axesOf("mean", options.axis, own.shape.length));
    return strong(div(sums, filled(divisor, sums)), dtype);
  }
  const [mask] = promoteShapes("mean", [condition("mean", where), own]);
  const counts = reduced(strong(mask!, compute), { ...options, where: true }, { ...SUM, op: "mean" });
  return strong(div(sums, counts), dtype);
}

/**
 * Finds the distance from the smallest to the largest element over axes.
 *
 * @param x An array of numbers.
 * @param options The axes, and whether they stay.
 * @returns The distances.
 * @throws {TypeError} If the array holds bools.
 *
 * JAX: `jax.numpy.ptp`.
 */
export function ptp(x: ArrayLike, options: ReduceOptions = {}): NDArray {
  const own = asNumbers("ptp", x);
  if (own.dtype === "bool") {
    throw new TypeError("Cannot ptp: bools have no difference; cast to int32 first, by astype()");
  }
  return sub(max(own, options), min(own, options));
}

/**
 * Counts the elements other than 0 over axes.
 *
 * @param x An array.
 * @param options The axes, and whether they stay.
 * @returns The counts, int32.
 *
 * JAX: `jax.numpy.count_nonzero`.
 */
export function countNonzero(x: ArrayLike, options: { axis?: Axes | null; keepdims?: boolean } = {}): NDArray {
  return reduced(strong(asNumbers("countNonzero", x), "bool"), options, { ...COUNT, op: "countNonzero" });
}

/** The places of an extremum. */
function place(op: string, x: ArrayLike, { axis, keepdims }: ArgOptions, find: Reduce): NDArray {
  const own = asNumbers(op, x);
  const { shape } = own;
  const axes = axis === undefined || axis === null ? shape.map((_, k) => k) : [normalizeAxis(op, axis, shape.length)];
  if (countAlong(own, axes) === 0) {
    throw new ValueError(`Cannot ${op}: there is no element to choose`, {
      op,
      operand: "x",
      actual: `${own.dtype}[${shape}] over ${axis === undefined || axis === null ? "all axes" : `axis ${axis}`}`,
      expected: "at least one element along the axis",
      remedy: "leave out arrays without elements",
      code: "empty-reduction",
    });
  }
  // Without axes there is one element, at place 0.
  const places = axes.length === 0 ? reshape(find(reshape(own, [1]), [0]), []) : find(own, axes);
  return keepdims ? reshape(places, keptShape(shape, axes)) : places;
}

/**
 * Finds the place of the largest element along an axis: the first, or that of the first NaN.
 *
 * @param x An array.
 * @param options The axis, or the flattened array; whether axes stay.
 * @returns Places, int32.
 * @throws {ValueError} If there is no element along the axis.
 *
 * JAX: `jax.numpy.argmax`.
 */
export function argmax(x: ArrayLike, options: ArgOptions = {}): NDArray {
  return place("argmax", x, options, argmaxOp);
}

/**
 * Finds the place of the smallest element along an axis: the first, or that of the first NaN.
 *
 * @param x An array.
 * @param options As of {@linkcode argmax}.
 * @returns Places, int32.
 * @throws {ValueError} If there is no element along the axis.
 *
 * JAX: `jax.numpy.argmin`.
 */
export function argmin(x: ArrayLike, options: ArgOptions = {}): NDArray {
  return place("argmin", x, options, argminOp);
}
