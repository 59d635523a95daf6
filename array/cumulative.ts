/**
 * Sums and products along an axis, and differences.
 *
 * @module
 */

import { arrayDtype } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { CumulativeOptions } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { concatenate } from "../ops/concatenate.ts";
import { cummax as cummaxOp } from "../ops/cummax.ts";
import { cummin as cumminOp } from "../ops/cummin.ts";
import { cumprod as cumprodOp } from "../ops/cumprod.ts";
import { cumsum as cumsumOp } from "../ops/cumsum.ts";
import { mul } from "../ops/mul.ts";
import { ne } from "../ops/ne.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { strong, wide, widened } from "./_reduce.ts";
import { asNumbers, asType, promote, promoteDtypes, promoteInexact } from "./promote.ts";

/** Scans along an axis. */
type Scan = (x: NDArray, axis: number) => NDArray;

/** A scan of an array with the options of a function. */
function scanned(
  op: string,
  x: ArrayLike,
  { axis, dtype }: CumulativeOptions,
  scan: Scan,
  widens: boolean = false,
): NDArray {
  let own = asNumbers(op, x);
  if (axis === null || axis === undefined || own.shape.length === 0) own = reshape(own, [own.size]);
  const at = normalizeAxis(op, axis ?? 0, own.shape.length);
  const asked = dtype === undefined ? undefined : arrayDtype(op, dtype);
  if (asked === "bool") return strong(scan(strong(strong(own, "bool"), "int32"), at), "bool");
  const type = asked ?? (widens || own.dtype === "bool" ? widened(own.dtype as DType) : own.dtype as DType);
  return scan(strong(own, type), at);
}

/**
 * Adds up elements along an axis. Bools are added as int32; other dtypes stay.
 *
 * @param x An array.
 * @param options The axis, or the flattened array; the dtype.
 * @returns The sums up to each element.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[1, 2], [3, 4]]);
 * assert.deepEqual(pz.np.cumsum(x).tolist(), [1, 3, 6, 10]);
 * assert.deepEqual(pz.np.cumsum(x, { axis: 0 }).tolist(), [[1, 2], [4, 6]]);
 * ```
 *
 * JAX: `jax.numpy.cumsum`.
 */
export function cumsum(x: ArrayLike, options: CumulativeOptions = {}): NDArray {
  return scanned("cumsum", x, options, cumsumOp);
}

/**
 * Multiplies up elements along an axis. Bools are multiplied as int32; other dtypes stay.
 *
 * @param x An array.
 * @param options As of {@linkcode cumsum}.
 * @returns The products up to each element.
 *
 * JAX: `jax.numpy.cumprod`.
 */
export function cumprod(x: ArrayLike, options: CumulativeOptions = {}): NDArray {
  return scanned("cumprod", x, options, cumprodOp);
}

/**
 * The largest element so far, along an axis; NaN from the first NaN on. Bools count as int32.
 *
 * @param x An array.
 * @param options As of {@linkcode cumsum}.
 * @returns The largest of the elements up to each.
 *
 * NumPy: `numpy.maximum.accumulate`.
 */
export function cummax(x: ArrayLike, options: CumulativeOptions = {}): NDArray {
  return scanned("cummax", x, options, cummaxOp);
}

/**
 * The smallest element so far, along an axis; NaN from the first NaN on. Bools count as int32.
 *
 * @param x An array.
 * @param options As of {@linkcode cumsum}.
 * @returns The smallest of the elements up to each.
 *
 * NumPy: `numpy.minimum.accumulate`.
 */
export function cummin(x: ArrayLike, options: CumulativeOptions = {}): NDArray {
  return scanned("cummin", x, options, cumminOp);
}

/** Options of cumulative operations of the array API. */
export interface CumulativeArrayOptions {
  /** The axis; it may be left out of arrays of one axis alone. */
  readonly axis?: number | null;
  /** The dtype to compute in. */
  readonly dtype?: string;
  /** Whether what is begun with comes first. */
  readonly includeInitial?: boolean;
}

/** A scan by the array API's rules. */
function cumulated(
  op: string,
  x: ArrayLike,
  options: CumulativeArrayOptions,
  scan: Scan,
  widens: boolean,
  begin: number,
): NDArray {
  const own = asNumbers(op, x);
  const rank = own.shape.length;
  if (rank === 0 || rank > 1 && (options.axis === undefined || options.axis === null)) {
    throw new ValueError(`Cannot compute ${op}: the axis is not named`, {
      op,
      operand: "axis",
      actual: `an array of shape [${own.shape}]`,
      expected: rank === 0 ? "at least one axis" : "the axis to go along",
      remedy: rank === 0 ? "reshape it to one axis" : "pass { axis }, or flatten the array",
      code: "cumulative-axis",
    });
  }
  const axis = normalizeAxis(op, options.axis ?? 0, rank);
  const result = scanned(op, own, { axis, ...(options.dtype !== undefined && { dtype: options.dtype }) }, scan, widens);
  if (!options.includeInitial) return result;
  const shape = result.shape.map((size, k) => k === axis ? 1 : size);
  return concatenate([filled(begin, { shape, dtype: result.dtype, weakType: false }), result], axis);
}

/**
 * Adds up elements along an axis. Narrow integers widen.
 *
 * @param x An array with at least one axis.
 * @param options The axis, the dtype, whether a 0 comes first.
 * @returns The sums up to each element.
 * @throws {ValueError} If there are several axes and none is named.
 *
 * JAX: `jax.numpy.cumulative_sum`.
 */
export function cumulativeSum(x: ArrayLike, options: CumulativeArrayOptions = {}): NDArray {
  return cumulated("cumulativeSum", x, options, cumsumOp, true, 0);
}

/**
 * Multiplies up elements along an axis.
 *
 * @param x An array with at least one axis.
 * @param options The axis, the dtype, whether a 1 comes first.
 * @returns The products up to each element.
 * @throws {ValueError} If there are several axes and none is named.
 *
 * JAX: `jax.numpy.cumulative_prod`.
 */
export function cumulativeProd(x: ArrayLike, options: CumulativeArrayOptions = {}): NDArray {
  return cumulated("cumulativeProd", x, options, cumprodOp, false, 1);
}

/** Options of {@linkcode diff}. */
export interface DiffOptions {
  /** How many times: 1 if left out. */
  readonly n?: number;
  /** The axis: the last one if left out. */
  readonly axis?: number;
  /** What comes before: a scalar, or an array. */
  readonly prepend?: ArrayLike;
  /** What comes after. */
  readonly append?: ArrayLike;
}

/** `x[k + 1] - x[k]` along an axis; of bools whether they differ. */
function difference(x: NDArray, axis: number): NDArray {
  const size = x.shape[axis]!;
  const [later, earlier] = [sliceInDim(x, 1, size, axis), sliceInDim(x, 0, Math.max(size - 1, 0), axis)];
  return x.dtype === "bool" ? ne(later, earlier) : sub(later, earlier);
}

/**
 * Takes differences of neighbors along an axis.
 *
 * @param x An array with at least one axis.
 * @param options How many times, the axis, what comes before and after.
 * @returns The differences, one less along the axis each time; of bools whether they differ.
 * @throws {ValueError} If `n` is negative, or the array has no axis.
 *
 * JAX: `jax.numpy.diff`.
 */
export function diff(x: ArrayLike, options: DiffOptions = {}): NDArray {
  const { n = 1, axis = -1, prepend, append } = options;
  let own = asNumbers("diff", x);
  if (!Number.isInteger(n) || n < 0) {
    throw new ValueError("Cannot compute diff: the number of times is not a whole number from 0", {
      op: "diff",
      operand: "n",
      actual: `${n}`,
      expected: "0, 1, 2 …",
      remedy: "sum up by cumsum to go the other way",
      code: "diff-order",
    });
  }
  if (n === 0) return own;
  const at = normalizeAxis("diff", axis, own.shape.length);
  const parts = [prepend, own, append].filter((part) => part !== undefined);
  if (parts.length > 1) {
    const column = own.shape.map((size, k) => k === at ? 1 : size);
    own = concatenate(
      promoteDtypes("diff", parts).map((part) => part.shape.length === 0 ? broadcastTo(part, column) : part),
      at,
    );
  }
  for (let turn = 0; turn < n; turn++) own = difference(own, at);
  return own;
}

/**
 * Takes differences of neighbors of the flattened array.
 *
 * @param x An array.
 * @param options What comes before and after the differences, in the dtype of the array.
 * @returns The differences, along one axis.
 *
 * JAX: `jax.numpy.ediff1d`.
 */
export function ediff1d(
  x: ArrayLike,
  options: { readonly toEnd?: ArrayLike; readonly toBegin?: ArrayLike } = {},
): NDArray {
  const own = asNumbers("ediff1d", x);
  if (own.dtype === "bool") {
    throw new TypeError("Cannot compute ediff1d: bools have no difference; cast to int32 first, by astype()");
  }
  const flat = (part: ArrayLike): NDArray => {
    const y = asType("ediff1d", part, { dtype: own.dtype as DType, weakType: own.weakType });
    return reshape(y, [y.size]);
  };
  const parts = [difference(flat(own), 0)];
  if (options.toBegin !== undefined) parts.unshift(flat(options.toBegin));
  if (options.toEnd !== undefined) parts.push(flat(options.toEnd));
  return concatenate(parts, 0);
}

/**
 * Integrates along an axis by the trapezoidal rule: `Σ dx (y[k] + y[k + 1]) / 2`.
 *
 * @param y The values.
 * @param options Where they are, as `x`, or how far apart, as `dx`; the axis.
 * @returns The integrals.
 *
 * JAX: `jax.numpy.trapezoid`.
 */
export function trapezoid(
  y: ArrayLike,
  options: { readonly x?: ArrayLike; readonly dx?: ArrayLike; readonly axis?: number } = {},
): NDArray {
  const { x, dx = 1, axis = -1 } = options;
  const [own, places] = promoteInexact("trapezoid", x === undefined ? [y] : [y, x]);
  const rank = own!.shape.length;
  const at = normalizeAxis("trapezoid", axis, rank);
  const size = own!.shape[at]!;
  const pairs = add(sliceInDim(own!, 1, size, at), sliceInDim(own!, 0, Math.max(size - 1, 0), at));
  let steps: ArrayLike = dx;
  if (places !== undefined) {
    const isLine = places.shape.length === 1;
    const between = difference(places, isLine ? 0 : normalizeAxis("trapezoid", axis, places.shape.length));
    steps = isLine ? reshape(between, pairs.shape.map((_, k) => k === at ? between.size : 1)) : between;
  }
  const [a, b] = promote("trapezoid", [steps, pairs]);
  const dtype = b!.dtype as DType;
  const sums = strong(reduceSum(strong(mul(a!, b!), wide(dtype)), [at]), dtype);
  return mul(filled(0.5, sums), sums);
}
