/**
 * Activation functions, element by element: nonlinear functions between layers.
 *
 * Numerics and derivatives are those of `jax.nn`, at kinks too.
 *
 * @module
 */

import { typeOf } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { promoteTypes, type TypeOf, weakFloat } from "../core/promotion.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { gelu as geluOp } from "../ops/gelu.ts";
import { logistic } from "../ops/logistic.ts";
import { relu as reluOp, relu6 as relu6Op } from "../ops/relu.ts";
import { silu as siluOp } from "../ops/silu.ts";
import { sliceInDim } from "../ops/slice.ts";
import { softplus as softplusOp } from "../ops/softplus.ts";
import { inexact } from "./_operands.ts";
import { abs, add, divide, multiply, negative, sqrt, square } from "./arithmetic.ts";
import { greater, greaterEqual, less, lessEqual } from "./comparison.ts";
import { expm1 } from "./exponential.ts";
import { clip, maximum, minimum } from "./extremes.ts";
import { asNumbers } from "./promote.ts";
import { tanh } from "./trigonometric.ts";
import { where } from "./where.ts";

const WEAK_INTEGER: TypeOf = { dtype: "int32", weakType: true };
const WEAK_FLOAT: TypeOf = { dtype: "float32", weakType: true };
const [ZERO, ONE] = [weakFloat(0), weakFloat(1)];

/** An operand as it is after it has met a weak scalar. */
function met(op: string, x: ArrayLike, scalar: TypeOf): NDArray {
  const own = asNumbers(op, x);
  return isFloating(own.dtype) ? own : convertElementType(own, promoteTypes(typeOf(own), scalar));
}

/** An operand that has to hold floats; numbers of the language do. */
function floats(op: string, x: ArrayLike): NDArray {
  if (typeof x === "number") return inexact(op, x);
  const own = asNumbers(op, x);
  if (isFloating(own.dtype)) return own;
  throw new TypeError(`Cannot ${op}: the elements are ${own.dtype}; cast them to a float first, by astype()`);
}

/**
 * The rectified linear unit. Its derivative at 0 is 0.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([-1, 0, 2]);
 * assert.deepEqual(pz.fn.relu(x).tolist(), [0, 0, 2]);
 * ```
 *
 * @param x An array of numbers.
 * @returns `max(x, 0)`.
 *
 * JAX: `jax.nn.relu`.
 */
export function relu(x: ArrayLike): NDArray {
  const own = asNumbers("relu", x);
  return reluOp(own.dtype === "bool" ? convertElementType(own, WEAK_INTEGER) : own);
}

/**
 * The rectified linear unit, at most 6. Its derivatives at 0 and 6 are 0.
 *
 * @param x An array of numbers.
 * @returns `min(max(x, 0), 6)`, floats.
 *
 * JAX: `jax.nn.relu6`.
 */
export function relu6(x: ArrayLike): NDArray {
  return relu6Op(met("relu6", x, WEAK_FLOAT));
}

/** How steep {@linkcode leakyRelu} is. */
export interface LeakyReluOptions {
  /** The slope below 0: 0.01 if left out. */
  readonly negativeSlope?: ArrayLike;
}

/**
 * The rectified linear unit with a slope below 0.
 *
 * @param x An array of numbers.
 * @param options The slope.
 * @returns `x` where it is at least 0, else `negativeSlope x`.
 *
 * JAX: `jax.nn.leaky_relu`.
 */
export function leakyRelu(x: ArrayLike, options: LeakyReluOptions = {}): NDArray {
  const own = asNumbers("leakyRelu", x);
  return where(greaterEqual(own, 0), own, multiply(options.negativeSlope ?? 0.01, own));
}

/** The scale of {@linkcode elu} and {@linkcode celu}. */
export interface EluOptions {
  /** How far below 0 the values go: 1 if left out. */
  readonly alpha?: ArrayLike;
}

/**
 * The exponential linear unit.
 *
 * @param x An array of numbers.
 * @param options The scale of the exponential.
 * @returns `x` where it is above 0, else `alpha (exp(x) - 1)`.
 *
 * JAX: `jax.nn.elu`.
 */
export function elu(x: ArrayLike, options: EluOptions = {}): NDArray {
  const own = asNumbers("elu", x);
  const isAbove = greater(own, 0);
  // The exponential of what is above 0 could overflow, and make the derivative NaN.
  return where(isAbove, own, multiply(options.alpha ?? ONE, expm1(where(isAbove, ZERO, own))));
}

/**
 * The scaled exponential linear unit, which keeps mean 0 and variance 1.
 *
 * @param x An array of numbers.
 * @returns `1.0507 elu(x)` with `alpha` 1.67326.
 *
 * Source: Klambauer et al. 2017 (arXiv:1706.02515). JAX: `jax.nn.selu`.
 */
export function selu(x: ArrayLike): NDArray {
  return multiply(1.0507009873554804934193349852946, elu(x, { alpha: 1.6732632423543772848170429916717 }));
}

/**
 * The exponential linear unit whose derivative has no step.
 *
 * @param x An array of numbers.
 * @param options The scale of the exponential.
 * @returns `max(x, 0) + alpha (exp(min(x, 0) / alpha) - 1)`.
 *
 * Source: Barron 2017 (arXiv:1704.07483). JAX: `jax.nn.celu`.
 */
export function celu(x: ArrayLike, options: EluOptions = {}): NDArray {
  const { alpha = ONE } = options;
  const own = asNumbers("celu", x);
  return add(maximum(own, ZERO), multiply(alpha, expm1(divide(minimum(own, ZERO), alpha))));
}

/** Which formula {@linkcode gelu} uses. */
export interface GeluOptions {
  /** Uses `tanh` in place of the error function: true if left out. */
  readonly approximate?: boolean;
}

/**
 * The Gaussian error linear unit.
 *
 * @param x An array of numbers.
 * @param options The formula.
 * @returns `x Φ(x)`, approximately `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`.
 *
 * Source: Hendrycks and Gimpel 2016, section 2 (arXiv:1606.08415). JAX: `jax.nn.gelu`.
 */
export function gelu(x: ArrayLike, options: GeluOptions = {}): NDArray {
  const own = inexact("gelu", x);
  return geluOp(convertElementType(own, { ...typeOf(own), weakType: false }), options.approximate ?? true);
}

/**
 * The sigmoid linear unit.
 *
 * @param x An array of floats.
 * @returns `x / (1 + exp(-x))`.
 * @throws {TypeError} If it is an array of no floats.
 *
 * JAX: `jax.nn.silu`.
 */
export function silu(x: ArrayLike): NDArray {
  return siluOp(floats("silu", x));
}

/** The same as {@linkcode silu}. JAX: `jax.nn.swish`. */
export const swish: typeof silu = silu;

/**
 * A smooth function that is not monotonic.
 *
 * @param x An array of numbers.
 * @returns `x tanh(softplus(x))`.
 *
 * Source: Misra 2019 (arXiv:1908.08681). JAX: `jax.nn.mish`.
 */
export function mish(x: ArrayLike): NDArray {
  const own = asNumbers("mish", x);
  return multiply(own, tanh(softplus(own)));
}

/**
 * The smooth rectified linear unit.
 *
 * @param x An array of numbers.
 * @returns `log(1 + exp(x))`.
 *
 * JAX: `jax.nn.softplus`.
 */
export function softplus(x: ArrayLike): NDArray {
  const own = met("softplus", x, WEAK_INTEGER);
  return softplusOp(inexact("softplus", own));
}

/**
 * A function from -1 to 1, slower than `tanh`.
 *
 * @param x An array of numbers.
 * @returns `x / (|x| + 1)`.
 *
 * JAX: `jax.nn.soft_sign`.
 */
export function softSign(x: ArrayLike): NDArray {
  const own = asNumbers("softSign", x);
  return divide(own, add(abs(own), 1));
}

/**
 * The logistic function, from 0 to 1.
 *
 * @param x An array of floats.
 * @returns `1 / (1 + exp(-x))`.
 * @throws {TypeError} If it is an array of no floats.
 *
 * JAX: `jax.nn.sigmoid`.
 */
export function sigmoid(x: ArrayLike): NDArray {
  return logistic(floats("sigmoid", x));
}

/**
 * The logarithm of the logistic function.
 *
 * @param x An array of numbers.
 * @returns `-log(1 + exp(-x))`.
 * @throws {TypeError} If it holds bools.
 *
 * JAX: `jax.nn.log_sigmoid`.
 */
export function logSigmoid(x: ArrayLike): NDArray {
  return negative(softplus(negative(x)));
}

/**
 * The identity, cut off at -1 and 1.
 *
 * @param x An array of numbers.
 * @returns `x` between -1 and 1, else the nearer of these.
 *
 * JAX: `jax.nn.hard_tanh`.
 */
export function hardTanh(x: ArrayLike): NDArray {
  const own = asNumbers("hardTanh", x);
  return where(greater(own, 1), 1, where(less(own, -1), -1, own));
}

/**
 * A function from 0 to 1 that is straight in between.
 *
 * @param x An array of numbers.
 * @returns `relu6(x + 3) / 6`.
 *
 * JAX: `jax.nn.hard_sigmoid`.
 */
export function hardSigmoid(x: ArrayLike): NDArray {
  return divide(relu6(add(x, weakFloat(3))), weakFloat(6));
}

/**
 * The identity times {@linkcode hardSigmoid}.
 *
 * @param x An array of numbers.
 * @returns `x relu6(x + 3) / 6`.
 *
 * JAX: `jax.nn.hard_silu`.
 */
export function hardSilu(x: ArrayLike): NDArray {
  const own = asNumbers("hardSilu", x);
  return multiply(own, hardSigmoid(own));
}

/** The same as {@linkcode hardSilu}. JAX: `jax.nn.hard_swish`. */
export const hardSwish: typeof hardSilu = hardSilu;

/** Along which axis {@linkcode glu} halves. */
export interface GluOptions {
  /** The axis: the last if left out. */
  readonly axis?: number;
}

/**
 * The gated linear unit: the first half along an axis times the logistic function of the second.
 *
 * @param x An array of floats.
 * @param options The axis, of even size.
 * @returns `a sigmoid(b)` of the halves `a` and `b`.
 * @throws {TypeError} If it is an array of no floats.
 * @throws {ValueError} If there is no such axis, or its size is odd.
 *
 * JAX: `jax.nn.glu`.
 */
export function glu(x: ArrayLike, options: GluOptions = {}): NDArray {
  const own = floats("glu", x);
  const axis = normalizeAxis("glu", options.axis ?? -1, own.shape.length);
  const size = own.shape[axis]!;
  if (size % 2 !== 0) {
    throw new ValueError("Cannot glu: the axis has no halves", {
      op: "glu",
      actual: `axis ${axis} of [${own.shape}]`,
      expected: "an even size",
      remedy: "make the layer before it twice as wide as the one after it",
      code: "glu-axis",
    });
  }
  const part = (start: number): NDArray => sliceInDim(own, start, start + size / 2, axis);
  return multiply(part(0), logistic(part(size / 2)));
}

/** The width of the bend of {@linkcode squareplus}. */
export interface SquareplusOptions {
  /** How smooth the function is: 4 if left out. */
  readonly b?: ArrayLike;
}

/**
 * A smooth rectified linear unit without exponentials.
 *
 * @param x An array of numbers.
 * @param options How smooth it is.
 * @returns `(x + √(x² + b)) / 2`.
 *
 * Source: Barron 2021 (arXiv:2112.11687). JAX: `jax.nn.squareplus`.
 */
export function squareplus(x: ArrayLike, options: SquareplusOptions = {}): NDArray {
  const own = asNumbers("squareplus", x);
  return divide(add(own, sqrt(add(square(own), options.b ?? 4))), 2);
}

/**
 * A smooth rectified linear unit that is 0 below -1 and the identity above 1.
 *
 * @param x An array of numbers.
 * @returns `(x + 1)² / 4` between -1 and 1.
 *
 * JAX: `jax.nn.sparse_plus`.
 */
export function sparsePlus(x: ArrayLike): NDArray {
  const own = asNumbers("sparsePlus", x);
  const bend = divide(square(add(own, ONE)), 4);
  return where(lessEqual(own, weakFloat(-1)), ZERO, where(greaterEqual(own, ONE), own, bend));
}

/**
 * The derivative of {@linkcode sparsePlus}: from 0 to 1, straight in between.
 *
 * @param x An array of numbers.
 * @returns `(x + 1) / 2` between -1 and 1, else 0 or 1.
 *
 * JAX: `jax.nn.sparse_sigmoid`.
 */
export function sparseSigmoid(x: ArrayLike): NDArray {
  return multiply(0.5, clip(add(x, ONE), ZERO, weakFloat(2)));
}
