/**
 * Softmax and its kin, along axes.
 *
 * @module
 */

import { typeOf } from "../core/constant.ts";
import { arrayDtype, isFloating, isInteger } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Axes } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { abs } from "../ops/abs.ts";
import { add } from "../ops/add.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { eq } from "../ops/eq.ts";
import { exp } from "../ops/exp.ts";
import { iota } from "../ops/iota.ts";
import { isFinite } from "../ops/is_finite.ts";
import { log } from "../ops/log.ts";
import { logSoftmax as logSoftmaxOp } from "../ops/log_softmax.ts";
import { logsumexp as logsumexpOp } from "../ops/logsumexp.ts";
import { lt } from "../ops/lt.ts";
import { mul } from "../ops/mul.ts";
import { ne } from "../ops/ne.ts";
import { reduceMax } from "../ops/reduce_max.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { rsqrt } from "../ops/rsqrt.ts";
import { select } from "../ops/select.ts";
import { sign } from "../ops/sign.ts";
import { softmax as softmaxOp } from "../ops/softmax.ts";
import { stopGradient } from "../ops/stop_gradient.ts";
import { sub } from "../ops/sub.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { inexact } from "./_operands.ts";
import { axesOf, condition, keep, keptShape, strong } from "./_reduce.ts";
import { add as addNumbers, multiply, square, subtract } from "./arithmetic.ts";
import { asNumbers, promoteInexact, promoteShapes } from "./promote.ts";
import { mean as meanOf } from "./reductions.ts";

/** Along which axes, and of which elements. */
export interface SoftmaxOptions {
  /** The axes: the last if left out, all of them if `null`. */
  readonly axis?: Axes | null;
  /** Which elements count: bools that broadcast to the array. */
  readonly where?: ArrayLike;
}

/** A function along one axis. */
type Along = (x: NDArray, axis: number) => NDArray;

/** An operand of floats; bools, which nothing can be subtracted from, are none. */
function logits(op: string, x: ArrayLike): NDArray {
  const own = asNumbers(op, x);
  if (own.dtype !== "bool") return inexact(op, own);
  throw new TypeError(`Cannot ${op}: the elements are bools; cast them to a float first, by astype()`);
}

/** The array with several axes merged into one at the end, and the order of the others and these. */
function merged(x: NDArray, axes: readonly number[]): readonly [x: NDArray, order: readonly number[]] {
  const others = x.shape.map((_, k) => k).filter((k) => !axes.includes(k));
  const order = [...others, ...axes];
  const size = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return [reshape(transpose(x, order), [...others.map((axis) => x.shape[axis]!), size]), order];
}

/** A function along one axis, along several: as if they were one. */
function alongAll(x: NDArray, axes: readonly number[], along: Along): NDArray {
  if (axes.length === 1) return along(x, axes[0]!);
  const [own, order] = merged(x, axes);
  const y = reshape(along(own, own.shape.length - 1), order.map((axis) => x.shape[axis]!));
  return transpose(y, order.map((_, axis) => order.indexOf(axis)));
}

/** Softmax or its logarithm, of the elements that count; the others become a number. */
function normalized(op: string, x: ArrayLike, options: SoftmaxOptions, along: Along, rest: number): NDArray {
  const own = logits(op, x);
  // The last axis, unless another is named: `null` names all of them.
  const axes = options.axis === undefined
    ? [normalizeAxis(op, -1, own.shape.length)]
    : axesOf(op, options.axis, own.shape.length);
  if (options.where === undefined) return alongAll(own, axes, along);
  const [mask, all] = promoteShapes(op, [condition(op, options.where), own]) as [NDArray, NDArray];
  const y = alongAll(select(mask, all, filled(-Infinity, all)), axes, along);
  return select(mask, y, filled(rest, y));
}

/**
 * Makes probabilities of logits: what is equally far above all others is equally likely.
 *
 * **Numerics** — of logits of any size; all NaN where one is infinite, or none counts.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const p = pz.fn.softmax(pz.np.array([0, 0, -Infinity]));
 * assert.deepEqual(p.tolist(), [0.5, 0.5, 0]);
 * ```
 *
 * @param x The logits.
 * @param options The axes along which the probabilities sum to 1, and which elements count; others get 0.
 * @returns `exp(x) / Σ exp(x)`.
 * @throws {TypeError} If they are bools.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.nn.softmax`.
 */
export function softmax(x: ArrayLike, options: SoftmaxOptions = {}): NDArray {
  return normalized("softmax", x, options, softmaxOp, 0);
}

/**
 * Makes logarithms of probabilities of logits.
 *
 * @param x The logits.
 * @param options The axes along which the probabilities sum to 1, and which elements count; others get -Infinity.
 * @returns `x - log(Σ exp(x))`.
 * @throws {TypeError} If they are bools.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.nn.log_softmax`.
 */
export function logSoftmax(x: ArrayLike, options: SoftmaxOptions = {}): NDArray {
  return normalized("logSoftmax", x, options, logSoftmaxOp, -Infinity);
}

/** How {@linkcode logsumexp} sums. */
export interface LogsumexpOptions {
  /** The axes; all of them if left out. */
  readonly axis?: Axes | null;
  /** What the exponentials are multiplied by; it broadcasts. */
  readonly b?: ArrayLike;
  /** Whether summed axes stay, with size 1. */
  readonly keepdims?: boolean;
  /** Which elements count: bools that broadcast to the array. */
  readonly where?: ArrayLike;
}

/**
 * The logarithm of a sum of exponentials, which does not overflow.
 *
 * @param x An array of numbers.
 * @param options The axes, the factors, what stays, which elements count.
 * @returns `log(Σ b exp(x))`; NaN of a negative sum. With `returnSign` the logarithm of its absolute value, and its
 *   sign.
 * @throws {ValueError} If there is no such axis, or the factors do not broadcast.
 *
 * JAX: `jax.nn.logsumexp`.
 */
export function logsumexp(x: ArrayLike, options?: LogsumexpOptions & { readonly returnSign?: false }): NDArray;
export function logsumexp(
  x: ArrayLike,
  options: LogsumexpOptions & { readonly returnSign: true },
): [value: NDArray, sign: NDArray];
export function logsumexp(
  x: ArrayLike,
  options: LogsumexpOptions & { readonly returnSign?: boolean } = {},
): NDArray | [value: NDArray, sign: NDArray] {
  const op = "logsumexp";
  const { axis, b, where, keepdims, returnSign = false } = options;
  let own = strong(inexact(op, x));
  if (where !== undefined) {
    const [mask, all] = promoteShapes(op, [condition(op, where), own]) as [NDArray, NDArray];
    own = select(mask, all, filled(-Infinity, all));
  }
  if (b === undefined && !returnSign) {
    const axes = axesOf(op, axis, own.shape.length);
    const [all, along] = axes.length === 1 ? [own, axes[0]!] : mergedLast(own, axes);
    return keep(logsumexpOp(all, along), own.shape, axes, keepdims);
  }
  return weighted(own, b, options, returnSign);
}

function mergedLast(x: NDArray, axes: readonly number[]): readonly [x: NDArray, axis: number] {
  const [own] = merged(x, axes);
  return [own, own.shape.length - 1];
}

/** The logarithm of the absolute value of a weighted sum of exponentials, and its sign. */
function weighted(
  x: NDArray,
  b: ArrayLike | undefined,
  { axis, keepdims }: LogsumexpOptions,
  returnSign: boolean,
): NDArray | [NDArray, NDArray] {
  const op = "logsumexp";
  const factors = b === undefined ? undefined : strong(inexact(op, b));
  const [own, scale] = factors === undefined
    ? [x]
    : promoteShapes(op, promoteInexact(op, [x, factors])) as [NDArray, NDArray];
  const counted = scale === undefined ? own : select(ne(scale, filled(0, scale)), own, filled(-Infinity, own));
  const axes = axesOf(op, axis, counted.shape.length);
  const largest = reduceMax(counted, axes);
  const top = stopGradient(select(isFinite(largest), largest, filled(0, largest)));
  const shift = broadcastInDim(
    reshape(top, keptShape(counted.shape, axes)),
    counted.shape,
    counted.shape.map((_, k) => k),
  );
  const terms = exp(sub(counted, shift));
  const total = reduceSum(scale === undefined ? terms : mul(terms, scale), axes);
  const signs = sign(total);
  const value = add(log(abs(total)), top);
  const kept = (y: NDArray): NDArray => keep(y, counted.shape, axes, keepdims);
  if (returnSign) return [kept(value), kept(signs)];
  return kept(select(lt(signs, filled(0, signs)), filled(NaN, value), value));
}

/** How {@linkcode standardize} takes mean and variance. */
export interface StandardizeOptions extends SoftmaxOptions {
  /** The mean, if it is known; it broadcasts. */
  readonly mean?: ArrayLike;
  /** The variance, if it is known; it broadcasts. */
  readonly variance?: ArrayLike;
  /** What is added to the variance: 1e-5 if left out. */
  readonly epsilon?: ArrayLike;
}

/**
 * Shifts and scales elements to mean 0 and variance 1.
 *
 * @param x An array of numbers.
 * @param options The axes, and what is known.
 * @returns `(x - mean) / √(variance + epsilon)`.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.nn.standardize`.
 */
export function standardize(x: ArrayLike, options: StandardizeOptions = {}): NDArray {
  const { where, epsilon = 1e-5 } = options;
  const own = asNumbers("standardize", x);
  const axis = options.axis === undefined ? normalizeAxis("standardize", -1, own.shape.length) : options.axis;
  const over = { axis, keepdims: true, ...(where === undefined ? {} : { where }) };
  const mean = options.mean ?? meanOf(own, over);
  // Less accurate than the mean of squared differences, but one pass, and what JAX has.
  const variance = options.variance ?? subtract(meanOf(square(own), over), square(mean));
  return multiply(subtract(own, mean), rsqrt(inexact("standardize", addNumbers(variance, epsilon))));
}

/** What {@linkcode oneHot} gives. */
export interface OneHotOptions {
  /** The dtype: float32 if left out. */
  readonly dtype?: string;
  /** The axis of the classes: the last if left out. */
  readonly axis?: number;
}

/**
 * Writes numbers of classes as vectors that are 1 at one place, and 0 at all others.
 *
 * @param x The numbers of classes; of one that is not there all are 0.
 * @param numClasses How many classes there are.
 * @returns The vectors, along a new axis.
 * @throws {TypeError} If `x` holds bools.
 * @throws {ValueError} If the number of classes is none, or there is no such axis.
 *
 * JAX: `jax.nn.one_hot`.
 */
export function oneHot(x: ArrayLike, numClasses: number, options: OneHotOptions = {}): NDArray {
  const op = "oneHot";
  if (!Number.isSafeInteger(numClasses) || numClasses < 0) {
    throw new ValueError("Cannot oneHot: the number of classes is none", {
      op,
      operand: "numClasses",
      actual: `${numClasses}`,
      expected: "a whole number from 0",
      remedy: "pass how many classes there are",
      code: "one-hot-classes",
    });
  }
  const own = classNumbers(op, x);
  const axis = normalizeAxis(op, options.axis ?? -1, own.shape.length + 1);
  const shape = own.shape.toSpliced(axis, 0, numClasses);
  const dimensions = shape.map((_, k) => k).toSpliced(axis, 1);
  const classes = iota(own.dtype as DType, shape, axis);
  const dtype = arrayDtype(op, options.dtype ?? "float32");
  return convertElementType(eq(broadcastInDim(own, shape, dimensions), classes), { dtype, weakType: false });
}

/** Numbers of classes: narrow integers as int32, which can count all classes. */
function classNumbers(op: string, x: ArrayLike): NDArray {
  const own = asNumbers(op, x);
  if (own.dtype === "bool") {
    throw new TypeError(`Cannot ${op}: the numbers of classes are bools; cast them to an integer first, by astype()`);
  }
  const { dtype } = typeOf(own);
  return strong(own, isFloating(dtype) ? "float32" : isInteger(dtype) && dtype !== "uint32" ? "int32" : dtype);
}
