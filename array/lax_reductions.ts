/**
 * Reductions, cumulative operations, sorting and products as `jax.lax` has them: axes are named, dtypes stay.
 *
 * @module
 */

import { arrayDtype, isFloating, isInteger } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxes, normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { argmax as argmaxOp } from "../ops/argmax.ts";
import { argmin as argminOp } from "../ops/argmin.ts";
import { cummax as cummaxOp } from "../ops/cummax.ts";
import { cummin as cumminOp } from "../ops/cummin.ts";
import { cumprod as cumprodOp } from "../ops/cumprod.ts";
import { cumsum as cumsumOp } from "../ops/cumsum.ts";
import { eq } from "../ops/eq.ts";
import { exp } from "../ops/exp.ts";
import { log1p } from "../ops/log1p.ts";
import { max } from "../ops/max.ts";
import { neg } from "../ops/neg.ts";
import { abs } from "../ops/abs.ts";
import { or } from "../ops/or.ts";
import { reduceAll } from "../ops/reduce_all.ts";
import { reduceAny } from "../ops/reduce_any.ts";
import { reduceMax as reduceMaxOp } from "../ops/reduce_max.ts";
import { reduceMin as reduceMinOp } from "../ops/reduce_min.ts";
import { reduceProd as reduceProdOp } from "../ops/reduce_prod.ts";
import { reduceSum as reduceSumOp } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { associativeScan } from "../ops/associative_scan.ts";
import { select } from "../ops/select.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sort as sortOp } from "../ops/sort.ts";
import { sub } from "../ops/sub.ts";
import { topK as topKOp } from "../ops/top_k.ts";
import { transpose } from "../ops/transpose.ts";
import { xor } from "../ops/xor.ts";
import { concatenate } from "../ops/concatenate.ts";
import { filled } from "../ops/zeros.ts";
import { sameShape, sizeOf } from "../wasm/layout.ts";
import { contract, type DotOptions, productType } from "./_dot.ts";
import type { Join, Reduce } from "./_reduce.ts";
import { axesOf, countAlong, strong } from "./_reduce.ts";
import { asNumbers } from "./promote.ts";

export type { DotOptions };

/** Along which axis, and from which end. */
export interface LaxCumulativeOptions {
  /** The axis: 0 if left out. */
  readonly axis?: number;
  /** Begins at the end of the axis. */
  readonly reverse?: boolean;
}

/** A cumulative operation. */
function scanned(
  op: string,
  x: ArrayLike,
  { axis = 0, reverse = false }: LaxCumulativeOptions,
  scan: (x: NDArray, axis: number, reverse: boolean) => NDArray,
): NDArray {
  const own = asNumbers(op, x);
  if (own.dtype === "bool") throw new TypeError(`Cannot ${op} bools: cast to int32 first, by astype()`);
  return scan(own, normalizeAxis(op, axis, own.shape.length), reverse);
}

/**
 * Adds up elements along an axis.
 *
 * @param x An array of numbers.
 * @param options The axis, and whether to begin at its end.
 * @returns The sums up to each element, of the dtype of `x`.
 * @throws {TypeError} If the array holds bools.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([3, 1, 2]);
 * assert.deepEqual(pz.lax.cumsum(x, { reverse: true }).tolist(), [6, 3, 2]);
 * assert.deepEqual(pz.lax.topK(x, 2)[1].tolist(), [0, 2]);
 * ```
 *
 * JAX: `jax.lax.cumsum`.
 */
export function cumsum(x: ArrayLike, options: LaxCumulativeOptions = {}): NDArray {
  return scanned("cumsum", x, options, cumsumOp);
}

/** Multiplies up elements along an axis, as {@linkcode cumsum} adds them. JAX: `jax.lax.cumprod`. */
export function cumprod(x: ArrayLike, options: LaxCumulativeOptions = {}): NDArray {
  return scanned("cumprod", x, options, cumprodOp);
}

/** Finds the largest element so far along an axis; options as of {@linkcode cumsum}. JAX: `jax.lax.cummax`. */
export function cummax(x: ArrayLike, options: LaxCumulativeOptions = {}): NDArray {
  return scanned("cummax", x, options, cummaxOp);
}

/** Finds the smallest element so far along an axis; options as of {@linkcode cumsum}. JAX: `jax.lax.cummin`. */
export function cummin(x: ArrayLike, options: LaxCumulativeOptions = {}): NDArray {
  return scanned("cummin", x, options, cumminOp);
}

/** `log(exp(x) + exp(y))`. The derivative of both is right at infinities, where `x - y` is none. */
function logAddExp(x: NDArray, y: NDArray): NDArray {
  const [top, distance] = [max(x, y), sub(x, y)];
  const isNone = eq(x, y);
  // Equal ones, infinite ones among them, are 0 apart.
  const apart = select(isNone, filled(0, distance), neg(abs(distance)));
  return add(top, log1p(exp(apart)));
}

/**
 * Adds up exponentials along an axis, in logarithms: `log(exp(x[0]) + … + exp(x[k]))`.
 *
 * @param x An array of floats.
 * @param options As of {@linkcode cumsum}.
 * @returns The sums up to each element.
 * @throws {TypeError} If the array does not hold floats.
 *
 * JAX: `jax.lax.cumlogsumexp`.
 */
export function cumlogsumexp(x: ArrayLike, options: LaxCumulativeOptions = {}): NDArray {
  return scanned("cumlogsumexp", x, options, (own, axis, reverse) => {
    if (!isFloating(own.dtype)) {
      throw new TypeError(`Cannot cumlogsumexp ${own.dtype}: cast to float32 first, by astype()`);
    }
    return associativeScan(([a], [b]) => [logAddExp(a!, b!)], [own], { axis, reverse })[0]!;
  });
}

/** A reduction over named axes. */
function over(op: string, x: ArrayLike, axes: readonly number[], reduce: Reduce): NDArray {
  const own = asNumbers(op, x);
  return reduce(own, normalizeAxes(op, axes, own.shape.length).sort((a, b) => a - b));
}

/**
 * Adds elements over axes.
 *
 * @param x An array of numbers.
 * @param axes The axes.
 * @returns The sums, of the dtype of `x`.
 *
 * JAX: `jax.lax.reduce_sum`.
 */
export function reduceSum(x: ArrayLike, axes: readonly number[]): NDArray {
  return over("reduceSum", x, axes, reduceSumOp);
}

/** Multiplies elements over axes, as {@linkcode reduceSum} adds them. JAX: `jax.lax.reduce_prod`. */
export function reduceProd(x: ArrayLike, axes: readonly number[]): NDArray {
  return over("reduceProd", x, axes, reduceProdOp);
}

/** Finds the largest elements over axes; of none the least that the dtype holds. JAX: `jax.lax.reduce_max`. */
export function reduceMax(x: ArrayLike, axes: readonly number[]): NDArray {
  return over("reduceMax", x, axes, reduceMaxOp);
}

/** Finds the smallest elements over axes; of none the greatest that the dtype holds. JAX: `jax.lax.reduce_min`. */
export function reduceMin(x: ArrayLike, axes: readonly number[]): NDArray {
  return over("reduceMin", x, axes, reduceMinOp);
}

/** A reduction of bits, by halves: there is no kernel for it, and it is seldom wanted. */
function bits(op: string, x: ArrayLike, axes: readonly number[], join: Join, identity: number): NDArray {
  return over(op, x, axes, (own, rising) => {
    if (own.dtype !== "bool" && !isInteger(own.dtype)) {
      throw new TypeError(`Cannot ${op} ${own.dtype}: bits are of integers and bools; cast by astype()`);
    }
    const kept = own.shape.map((_, axis) => axis).filter((axis) => !rising.includes(axis));
    const shape = kept.map((axis) => own.shape[axis]!);
    let rows = reshape(transpose(own, [...kept, ...rising]), [sizeOf(shape), countAlong(own, rising)]);
    if (rows.shape[1] === 0) return filled(identity, { ...own, shape, dtype: own.dtype, weakType: own.weakType });
    for (let n = rows.shape[1]!; n > 1; n = rows.shape[1]!) {
      const half = n >> 1;
      const joined = join(sliceInDim(rows, 0, half, 1), sliceInDim(rows, half, 2 * half, 1));
      rows = n % 2 === 0 ? joined : concatenate([joined, sliceInDim(rows, n - 1, n, 1)], 1);
    }
    return reshape(rows, shape);
  });
}

/** Finds the bits that are set in all elements over axes; of bools, whether all hold. JAX: `jax.lax.reduce_and`. */
export function reduceAnd(x: ArrayLike, axes: readonly number[]): NDArray {
  const own = asNumbers("reduceAnd", x);
  return own.dtype === "bool" ? over("reduceAnd", own, axes, reduceAll) : bits("reduceAnd", own, axes, and, -1);
}

/** Finds the bits that are set in any element over axes; of bools, whether any holds. JAX: `jax.lax.reduce_or`. */
export function reduceOr(x: ArrayLike, axes: readonly number[]): NDArray {
  const own = asNumbers("reduceOr", x);
  return own.dtype === "bool" ? over("reduceOr", own, axes, reduceAny) : bits("reduceOr", own, axes, or, 0);
}

/** Finds the bits that are set in an odd number of elements over axes. JAX: `jax.lax.reduce_xor`. */
export function reduceXor(x: ArrayLike, axes: readonly number[]): NDArray {
  return bits("reduceXor", x, axes, xor, 0);
}

/** The places of an extremum. */
function place(op: string, x: ArrayLike, axis: number, indexDtype: string, find: Reduce): NDArray {
  const own = asNumbers(op, x);
  const dtype = arrayDtype(op, indexDtype);
  if (!isInteger(dtype)) throw new TypeError(`Cannot ${op}: the dtype of places is ${dtype}; name one of integers`);
  const at = normalizeAxis(op, axis, own.shape.length);
  if (own.shape[at] === 0) {
    throw new ValueError(`Cannot ${op}: there is no element to choose`, {
      op,
      operand: "x",
      actual: `${own.dtype}[${own.shape}] over axis ${axis}`,
      expected: "at least one element along the axis",
      remedy: "leave out arrays without elements",
      code: "empty-reduction",
    });
  }
  return strong(find(own, [at]), dtype);
}

/**
 * Finds the places of the largest elements along an axis: the first ones, or those of the first NaN.
 *
 * @param x An array.
 * @param axis The axis.
 * @param indexDtype The dtype of the places: int32 if left out.
 * @returns The places.
 * @throws {TypeError} If the dtype is not one of integers.
 *
 * JAX: `jax.lax.argmax`.
 */
export function argmax(x: ArrayLike, axis: number, indexDtype: string = "int32"): NDArray {
  return place("argmax", x, axis, indexDtype, argmaxOp);
}

/** Finds the places of the smallest elements along an axis, as {@linkcode argmax} does. JAX: `jax.lax.argmin`. */
export function argmin(x: ArrayLike, axis: number, indexDtype: string = "int32"): NDArray {
  return place("argmin", x, axis, indexDtype, argminOp);
}

/** How to sort arrays together. */
export interface LaxSortOptions {
  /** The axis: the last one if left out. */
  readonly dimension?: number;
  /** How many arrays are compared, the first of them first: 1 if left out. */
  readonly numKeys?: number;
  /** Whether equal elements keep their order; they always do. */
  readonly isStable?: boolean;
}

/**
 * Sorts arrays together along an axis, by the first of them.
 *
 * @param operands An array, or up to eight of one shape.
 * @param options The axis, and how many arrays are compared.
 * @returns The array in order, or a list of them.
 * @throws {ValueError} If the arrays have several shapes.
 *
 * JAX: `jax.lax.sort`.
 */
export function sort(operands: ArrayLike, options?: LaxSortOptions): NDArray;
/** Sorts several arrays together: a list of as many. */
export function sort(operands: readonly ArrayLike[], options?: LaxSortOptions): NDArray[];
/** Sorts an array, or a list of them. */
export function sort(operands: ArrayLike | readonly ArrayLike[], options: LaxSortOptions = {}): NDArray | NDArray[] {
  const { dimension = -1, numKeys = 1 } = options;
  const isList = Array.isArray(operands);
  const arrays = (isList ? operands as readonly ArrayLike[] : [operands as ArrayLike]).map((x) => asNumbers("sort", x));
  const [first] = arrays;
  const fits = first !== undefined && arrays.length <= 8 &&
    arrays.every(({ shape }) => sameShape(shape, first.shape)) &&
    Number.isInteger(numKeys) && numKeys >= 1 && numKeys <= arrays.length;
  if (!fits) {
    throw new ValueError("Cannot sort: the operands do not go together", {
      op: "sort",
      operand: "operands",
      actual: `${arrays.map(({ shape }) => `[${shape}]`).join(", ")} with ${numKeys} keys`,
      expected: "one to eight arrays of one shape, and as many keys as arrays at most",
      remedy: "broadcast them to one shape; sort places along, and take by them, for more",
      code: "sort-operands",
    });
  }
  const axis = normalizeAxis("sort", dimension, first.shape.length);
  const sorted = sortOp(arrays, { dimension: axis, numKeys, descending: false });
  return isList ? [...sorted] : sorted[0]!;
}

/**
 * Sorts keys along an axis, and values with them.
 *
 * @param keys An array.
 * @param values An array of its shape.
 * @param options The axis.
 * @returns Both, in the order of the keys.
 *
 * JAX: `jax.lax.sort_key_val`.
 */
export function sortKeyVal(keys: ArrayLike, values: ArrayLike, options: LaxSortOptions = {}): NDArray[] {
  return sort([keys, values], { ...options, numKeys: 1 });
}

/**
 * Finds the largest elements along the last axis, falling, and their places.
 *
 * @param x An array with at least one axis.
 * @param k How many.
 * @returns The elements, and the places, int32; of equal elements the first come first.
 * @throws {ValueError} If there are not as many elements.
 *
 * JAX: `jax.lax.top_k`.
 */
export function topK(x: ArrayLike, k: number): [values: NDArray, places: NDArray] {
  const own = asNumbers("topK", x);
  const size = own.shape.at(-1);
  if (size === undefined || !Number.isInteger(k) || k < 0 || k > size) {
    throw new ValueError(`Cannot topK: there are no ${k} elements`, {
      op: "topK",
      operand: size === undefined ? "x" : "k",
      actual: `${k} of ${own.dtype}[${own.shape}]`,
      expected: size === undefined ? "at least one axis" : `a whole number from 0 to ${size}`,
      remedy: size === undefined ? "expand its dimensions" : "ask for fewer, or pad the array",
      code: "top-k",
    });
  }
  const [values, places] = topKOp(own, k);
  return [values, places];
}

/** Which axes {@linkcode dotGeneral} sums over, and which stay in pairs. */
export type DotDimensionNumbers = readonly [
  contracting: readonly [a: readonly number[], b: readonly number[]],
  batch: readonly [a: readonly number[], b: readonly number[]],
];

/**
 * Multiplies arrays and sums over axes.
 *
 * @param a An array.
 * @param b Another one.
 * @param dimensionNumbers The axes that are summed over, and those that stay in pairs.
 * @param options The dtype of the result.
 * @returns The product: the axes that stay in pairs, the other ones of `a`, those of `b`.
 * @throws {ValueError} If the axes do not fit.
 *
 * JAX: `jax.lax.dot_general`.
 */
export function dotGeneral(
  a: ArrayLike,
  b: ArrayLike,
  dimensionNumbers: DotDimensionNumbers,
  options: DotOptions = {},
): NDArray {
  const op = "dotGeneral";
  const [x, y] = [asNumbers(op, a), asNumbers(op, b)];
  const [[xSummed, ySummed], [xBatch, yBatch]] = dimensionNumbers;
  const [ofX, ofY] = [[...xSummed, ...xBatch], [...ySummed, ...yBatch]];
  const [m, n] = [x.shape.length, y.shape.length];
  const all = normalizeAxes(op, ofX, m);
  const others = normalizeAxes(op, ofY, n);
  const count = xSummed.length;
  if (count !== ySummed.length || xBatch.length !== yBatch.length) {
    throw new ValueError("Cannot dotGeneral: the axes are not in pairs", {
      op,
      operand: "dimensionNumbers",
      actual: JSON.stringify(dimensionNumbers),
      expected: "as many axes of a as of b, to sum over and to keep",
      remedy: "name them as [[ofA, ofB], [batchOfA, batchOfB]]",
      code: "dot-axes",
    });
  }
  return contract(
    op,
    x,
    y,
    [all.slice(0, count), others.slice(0, count)],
    [all.slice(count), others.slice(count)],
    productType(op, [x, y], options),
  );
}

/**
 * Multiplies vectors or matrices.
 *
 * @param a A vector or matrix.
 * @param b Another one.
 * @param options The dtype of the result.
 * @returns The product.
 * @throws {ValueError} If an operand has other than one or two axes, or they do not fit.
 *
 * JAX: `jax.lax.dot`.
 */
export function dot(a: ArrayLike, b: ArrayLike, options: DotOptions = {}): NDArray {
  const [x, y] = [asNumbers("dot", a), asNumbers("dot", b)];
  const [m, n] = [x.shape.length, y.shape.length];
  if (m < 1 || m > 2 || n < 1 || n > 2) {
    throw new ValueError("Cannot dot: the operands are not vectors or matrices", {
      op: "dot",
      actual: `a ${x.dtype}[${x.shape}], b ${y.dtype}[${y.shape}]`,
      expected: "one or two axes",
      remedy: "use pz.np.matmul for batches, or pz.lax.dotGeneral",
      code: "dot-rank",
    });
  }
  return contract("dot", x, y, [[m - 1], [0]], [[], []], productType("dot", [x, y], options));
}

/**
 * Multiplies batches of matrices, whose other axes are the same.
 *
 * @param a Matrices along the last two axes.
 * @param b As many of them.
 * @returns The products.
 * @throws {ValueError} If the axes do not fit.
 *
 * JAX: `jax.lax.batch_matmul`.
 */
export function batchMatmul(a: ArrayLike, b: ArrayLike): NDArray {
  const rank = asNumbers("batchMatmul", a).shape.length;
  const batch = axesOf("batchMatmul", null, Math.max(rank - 2, 0));
  return dotGeneral(a, b, [[[rank - 1], [rank - 2]], [batch, batch]]);
}
