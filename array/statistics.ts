/**
 * Variances, weighted means, covariances.
 *
 * @module
 */

import { isInteger } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Axes, VarOptions } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { abs } from "../ops/abs.ts";
import { clamp } from "../ops/clamp.ts";
import { concatenate } from "../ops/concatenate.ts";
import { diagonal } from "../ops/diagonal.ts";
import { div } from "../ops/div.ts";
import { dotGeneral } from "../ops/dot_general.ts";
import { gt } from "../ops/gt.ts";
import { mul } from "../ops/mul.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { select } from "../ops/select.ts";
import { sqrt } from "../ops/sqrt.ts";
import { square } from "../ops/square.ts";
import { sub } from "../ops/sub.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { sameShape } from "../wasm/layout.ts";
import { axesOf, condition, countAlong, keep, masked, strong, varianceTypes, wide } from "./_reduce.ts";
import { asNumbers, promoteInexact, promoteShapes } from "./promote.ts";
import { mean, sum } from "./reductions.ts";

/** Options of variances, with the array API's name for `ddof`. */
export interface VarianceOptions extends VarOptions {
  /** The same as `ddof`. */
  readonly correction?: number;
}

/**
 * Computes variances over axes: the means of `(x - mean(x))²`, where the number of elements less `ddof` divides.
 *
 * @param x An array.
 * @param options The axes, whether they stay, the dtype, `ddof`, which elements count.
 * @returns The variances; NaN where the divisor is not positive.
 * @throws {ValueError} If the dtype is not a float.
 *
 * JAX: `jax.numpy.var`.
 */
function variance(x: ArrayLike, options: VarianceOptions = {}): NDArray {
  const own = asNumbers("var", x);
  const [dtype, compute] = varianceTypes("var", own.dtype as DType, options.dtype);
  const { axis = null, keepdims = false, where, ddof = 0, correction = ddof } = options;
  const axes = axesOf("var", axis, own.shape.length);
  const values = strong(own, compute);
  const mask = where === undefined ? {} : { where };
  const center = mean(values, { axis: axes, keepdims: true, ...mask });
  const [a, b] = promoteShapes("var", [values, center]);
  const squares = masked("var", square(sub(a!, b!)), where, 0);
  const sums = keep(reduceSum(squares, axes), squares.shape, axes, keepdims);
  if (where === undefined) {
    const divisor = countAlong(own, axes) - correction;
    return strong(divisor > 0 ? div(sums, filled(divisor, sums)) : filled(NaN, sums), dtype);
  }
  const [counted] = promoteShapes("var", [condition("var", where), own]);
  const counts = sum(counted!, { axis: axes, keepdims, dtype: compute });
  const divisor = sub(counts, filled(correction, counts));
  const [quotient, positive] = promoteShapes("var", [div(sums, divisor), gt(divisor, filled(0, divisor))]);
  return strong(select(positive!, quotient!, filled(NaN, quotient!)), dtype);
}

export { variance as var };

/**
 * Computes standard deviations over axes: the square roots of variances.
 *
 * @param x An array.
 * @param options As of `var`.
 * @returns The deviations.
 * @throws {ValueError} If the dtype is not a float.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.equal(pz.np.std(pz.np.array([1, 3])).item(), 1);
 * assert.equal(pz.np.var(pz.np.array([1, 3]), { ddof: 1 }).item(), 2);
 * ```
 *
 * JAX: `jax.numpy.std`.
 */
export function std(x: ArrayLike, options: VarianceOptions = {}): NDArray {
  if (options.dtype !== undefined) varianceTypes("std", "float32", options.dtype);
  return sqrt(variance(x, options));
}

/** Options of weighted means. */
export interface AverageOptions {
  /** The axes; all of them if left out. */
  readonly axis?: Axes | null;
  /** What elements count: of the array's shape, or of one axis. All alike if left out. */
  readonly weights?: ArrayLike;
  /** Whether reduced axes stay, with size 1. */
  readonly keepdims?: boolean;
}

function weightsError(actual: string, expected: string): ValueError {
  return new ValueError("Cannot compute the average: the weights do not fit", {
    op: "average",
    operand: "weights",
    actual,
    expected,
    remedy: "broadcast the weights to the array's shape",
    code: "weights",
  });
}

/** Weights of one axis as those of all elements. */
function spreadWeights(weights: NDArray, a: NDArray, axis: Axes | null | undefined): NDArray {
  if (sameShape(weights.shape, a.shape)) return weights;
  const actual = `weights [${weights.shape}] for [${a.shape}], axis ${axis === undefined ? "left out" : `[${axis}]`}`;
  if (weights.shape.length !== 1 || typeof axis !== "number") {
    throw weightsError(actual, "weights of the array's shape, or of one axis that `axis` names");
  }
  const at = normalizeAxis("average", axis, a.shape.length);
  if (weights.shape[0] !== a.shape[at]) throw weightsError(actual, `${a.shape[at]} weights`);
  return broadcastInDim(weights, a.shape, [at]);
}

/**
 * Computes weighted means over axes: `Σ w x / Σ w`.
 *
 * @param x An array.
 * @param options The axes, the weights, whether axes stay; with `returned` the sums of weights come along.
 * @returns The means; with `returned` a pair.
 * @throws {ValueError} If the weights have neither the shape of the array nor that of the axis.
 *
 * JAX: `jax.numpy.average`.
 */
export function average(x: ArrayLike, options?: AverageOptions & { readonly returned?: false }): NDArray;
/** Computes weighted means, and the sums of the weights. */
export function average(x: ArrayLike, options: AverageOptions & { readonly returned: true }): [NDArray, NDArray];
/** Computes weighted means, alone or with the sums of the weights. */
export function average(
  x: ArrayLike,
  options?: AverageOptions & { readonly returned?: boolean },
): NDArray | [NDArray, NDArray];
export function average(
  x: ArrayLike,
  options: AverageOptions & { readonly returned?: boolean } = {},
): NDArray | [NDArray, NDArray] {
  const { axis, weights, keepdims = false, returned = false } = options;
  const over = { axis: axis ?? null, keepdims };
  if (weights === undefined) {
    const [a] = promoteInexact("average", [x]);
    const means = mean(a!, over);
    return returned ? [means, filled(countAlong(a!, axesOf("average", axis, a!.shape.length)), means)] : means;
  }
  const [a, w] = promoteInexact("average", [x, weights]);
  const own = spreadWeights(w!, a!, axis);
  const sums = sum(w === own ? w : own, over);
  const means = div(sum(mul(a!, own), over), sums);
  return returned ? [means, sums] : means;
}

/** Options of covariances. */
export interface CovOptions {
  /** More variables, after those of the first array. */
  readonly y?: ArrayLike;
  /** Whether rows are variables; columns are if false. */
  readonly rowvar?: boolean;
  /** Divides by the number of observations, not by one less. */
  readonly bias?: boolean;
  /** What is taken off the number of observations in the divisor. */
  readonly ddof?: number;
  /** How often each observation was made: integers. */
  readonly fweights?: ArrayLike;
  /** How much each observation counts. */
  readonly aweights?: ArrayLike;
}

/** Variables as rows. */
function variables(op: string, x: NDArray, rowvar: boolean): NDArray {
  if (x.shape.length > 2) {
    throw new ValueError(`Cannot compute ${op}: an array has more than two axes`, {
      op,
      actual: `shape [${x.shape}]`,
      expected: "variables by observations",
      remedy: "reshape it to two axes",
      code: "rank",
    });
  }
  const rows = x.shape.length === 2 ? x : reshape(x, [1, x.size]);
  return !rowvar && rows.shape[0] !== 1 ? transpose(rows, [1, 0]) : rows;
}

/** Weights of observations. */
function observationWeights(name: string, weights: ArrayLike, count: number): NDArray {
  const w = asNumbers("cov", weights);
  if (w.shape.length === 1 && w.shape[0] === count) {
    if (name === "aweights" || isInteger(w.dtype)) return abs(strong(strong(w, wide(w.dtype as DType)), "float32"));
    throw new TypeError(`Cannot compute cov: fweights are ${w.dtype}; pass integers, or aweights`);
  }
  throw new ValueError(`Cannot compute cov: ${name} do not fit the observations`, {
    op: "cov",
    operand: name,
    actual: `[${w.shape}]`,
    expected: `[${count}]`,
    remedy: "pass one weight for each observation",
    code: "weights",
  });
}

/**
 * Computes the covariances of variables: `Σ w (x - mean x)(y - mean y) / f` over observations.
 *
 * @param m Variables by observations; or one variable.
 * @param options More variables, their order, the divisor, weights.
 * @returns The matrix of covariances; of one variable a scalar.
 *
 * JAX: `jax.numpy.cov`.
 */
export function cov(m: ArrayLike, options: CovOptions = {}): NDArray {
  const { y, rowvar = true, bias = false, ddof = bias ? 0 : 1, fweights, aweights } = options;
  const arrays = promoteInexact("cov", y === undefined ? [m] : [m, y]);
  const x = concatenate(arrays.map((own) => variables("cov", own, rowvar)), 0);
  if (x.shape[0] === 0) return reshape(x, [0, 0]);
  const dtype = x.dtype as DType;
  const own = strong(x);
  const count = x.shape[1]!;
  const f = fweights === undefined ? undefined : observationWeights("fweights", fweights, count);
  const a = aweights === undefined ? undefined : observationWeights("aweights", aweights, count);
  const w = f === undefined ? a : a === undefined ? f : mul(f, a);
  const centers = w === undefined ? mean(own, { axis: 1 }) : average(own, { axis: 1, weights: w }) as NDArray;
  const centered = sub(own, broadcastInDim(strong(centers, dtype), own.shape, [0]));
  const weighted = w === undefined ? centered : mul(centered, broadcastInDim(strong(w, dtype), own.shape, [1]));
  const product = dotGeneral(centered, weighted, { contracting: [[1], [1]], batch: [[], []] });
  let divisor: NDArray;
  if (w === undefined) {
    divisor = filled(count - ddof, { shape: [], dtype, weakType: false });
  } else {
    const total = sum(w);
    const off = filled(ddof, total);
    const share = a === undefined ? off : div(mul(off, sum(mul(w, a))), total);
    divisor = strong(ddof === 0 ? total : sub(total, share), dtype);
  }
  const result = div(product, broadcastInDim(divisor, product.shape, []));
  return result.shape[0] === 1 ? reshape(result, []) : result;
}

/**
 * Computes the correlations of variables: covariances divided by both deviations, from -1 to 1.
 *
 * @param x Variables by observations; or one variable.
 * @param options More variables, and whether rows are variables.
 * @returns The matrix of correlations; of one variable a scalar.
 *
 * JAX: `jax.numpy.corrcoef`.
 */
export function corrcoef(x: ArrayLike, options: Pick<CovOptions, "y" | "rowvar"> = {}): NDArray {
  const c = cov(x, options);
  if (c.shape.length === 0) return div(c, c);
  const deviations = sqrt(diagonal(c, 0));
  const along = (axis: number): NDArray => broadcastInDim(deviations, c.shape, [axis]);
  return clamp(filled(-1, c), div(div(c, along(0)), along(1)), filled(1, c));
}
