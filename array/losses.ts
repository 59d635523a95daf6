/**
 * Losses, one for each example: what training takes the mean of.
 *
 * Source: Optax 0.2, `optax/losses/`.
 *
 * @module
 */

import { isInteger } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { reduceMax } from "../ops/reduce_max.ts";
import { reshape } from "../ops/reshape.ts";
import { stopGradient } from "../ops/stop_gradient.ts";
import { sameShape } from "../wasm/layout.ts";
import { inexact } from "./_operands.ts";
import { keptShape } from "./_reduce.ts";
import { logSigmoid } from "./activations.ts";
import { abs, add, multiply, negative, square, subtract } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { log } from "./exponential.ts";
import { minimum } from "./extremes.ts";
import { asNumbers } from "./promote.ts";
import { sum } from "./reductions.ts";
import { logSoftmax, logsumexp } from "./softmax.ts";
import { takeAlongAxis } from "./taking.ts";
import { where as choose } from "./where.ts";

/** Along which axis the classes lie. */
export interface ClassOptions {
  /** The axis: the last if left out. */
  readonly axis?: number;
}

/** Along which axis the classes lie, and which of them count. */
export interface CrossEntropyOptions extends ClassOptions {
  /** The classes that count: bools that broadcast to the logits. */
  readonly where?: ArrayLike;
}

/**
 * The cross entropy of the softmax of logits, relative to probabilities.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const loss = pz.fn.softmaxCrossEntropy(pz.np.array([0.5, 0.5]), pz.np.array([0, 1]));
 * assert(Math.abs(Number(loss) - Math.log(2)) < 1e-6);
 * ```
 *
 * @param logits Logarithms of probabilities, up to a common summand.
 * @param labels The probabilities, which sum to 1.
 * @param options The axis of the classes, and which of them count.
 * @returns `-Σ labels log(softmax(logits))`, in nats, without the axis.
 * @throws {ValueError} If the shapes do not broadcast, or there is no such axis.
 *
 * Optax: `optax.softmax_cross_entropy`.
 */
export function softmaxCrossEntropy(
  logits: ArrayLike,
  labels: ArrayLike,
  options: CrossEntropyOptions = {},
): NDArray {
  const { axis = -1, where } = options;
  const mask = where === undefined ? {} : { where };
  return negative(sum(multiply(labels, logSoftmax(logits, { axis, ...mask })), { axis, ...mask }));
}

/**
 * The cross entropy of the softmax of logits, relative to the numbers of classes.
 *
 * @param logits Logarithms of probabilities, up to a common summand.
 * @param labels The numbers of the classes, of the shape of the logits without the axis. Of one that is not there the
 *   loss is NaN; negative ones count from the last.
 * @param options The axis of the classes.
 * @returns `log(Σ exp(logits)) - logits[label]`, in nats.
 * @throws {TypeError} If the labels are no integers.
 * @throws {ValueError} If the shapes do not fit, or there is no such axis.
 *
 * Optax: `optax.softmax_cross_entropy_with_integer_labels`.
 */
export function softmaxCrossEntropyWithIntegerLabels(
  logits: ArrayLike,
  labels: ArrayLike,
  options: ClassOptions = {},
): NDArray {
  const op = "softmaxCrossEntropyWithIntegerLabels";
  const x = inexact(op, logits);
  const classes = asNumbers(op, labels);
  if (!isInteger(classes.dtype)) {
    throw new TypeError(`Cannot ${op}: the labels are ${classes.dtype}; pass numbers of classes, as integers`);
  }
  const axis = normalizeAxis(op, options.axis ?? -1, x.shape.length);
  const expected = x.shape.toSpliced(axis, 1);
  if (!sameShape(classes.shape, expected)) {
    throw new ValueError(`Cannot ${op}: the labels do not fit the logits`, {
      op,
      operand: "labels",
      actual: `labels [${classes.shape}], logits [${x.shape}], axis ${axis}`,
      expected: `labels [${expected}]`,
      remedy: "pass the number of one class for each example, or probabilities to softmaxCrossEntropy()",
      code: "loss-labels",
    });
  }
  const kept = keptShape(x.shape, [axis]);
  const shifted = subtract(x, stopGradient(reshape(reduceMax(x, [axis]), kept)));
  const own = reshape(takeAlongAxis(shifted, reshape(classes, kept), axis), expected);
  return subtract(logsumexp(shifted, { axis }), own);
}

/**
 * The cross entropy of the logistic function of logits, relative to probabilities, for each by itself.
 *
 * @param logits Logarithms of odds.
 * @param labels Probabilities, from 0 to 1.
 * @returns `-labels log(sigmoid(logits)) - (1 - labels) log(sigmoid(-logits))`, in nats.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * Optax: `optax.sigmoid_binary_cross_entropy`.
 */
export function sigmoidBinaryCrossEntropy(logits: ArrayLike, labels: ArrayLike): NDArray {
  const x = inexact("sigmoidBinaryCrossEntropy", logits);
  const p = asNumbers("sigmoidBinaryCrossEntropy", labels);
  return subtract(multiply(negative(p), logSigmoid(x)), multiply(subtract(1, p), logSigmoid(negative(x))));
}

/** The differences of predictions and targets; the predictions themselves, if these are differences already. */
function errors(op: string, predictions: ArrayLike, targets: ArrayLike | undefined): NDArray {
  return inexact(op, targets === undefined ? predictions : subtract(predictions, targets));
}

/**
 * Half the square of differences.
 *
 * @param predictions Predictions, or differences if there are no targets.
 * @param targets What was to be predicted.
 * @returns `(predictions - targets)² / 2`.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * Optax: `optax.l2_loss`.
 */
export function l2Loss(predictions: ArrayLike, targets?: ArrayLike): NDArray {
  return multiply(0.5, square(errors("l2Loss", predictions, targets)));
}

/** Where {@linkcode huberLoss} goes over into a straight line. */
export interface HuberOptions {
  /** The difference, in units of the predictions: 1 if left out. */
  readonly delta?: number;
}

/**
 * Half the square of small differences, and a multiple of large ones.
 *
 * @param predictions Predictions, or differences if `targets` is left out or `undefined`.
 * @param targets What was to be predicted.
 * @param options Which differences are small.
 * @returns `e² / 2` of `e = |predictions - targets|` up to `delta`, else `delta (e - delta / 2)`.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * Source: Huber 1964, "Robust estimation of a location parameter". Optax: `optax.huber_loss`.
 */
export function huberLoss(predictions: ArrayLike, targets?: ArrayLike, options: HuberOptions = {}): NDArray {
  const { delta = 1 } = options;
  const error = abs(errors("huberLoss", predictions, targets));
  const quadratic = minimum(error, delta);
  return add(multiply(0.5, square(quadratic)), multiply(delta, subtract(error, quadratic)));
}

/**
 * The Kullback-Leibler divergence of predicted from true probabilities.
 *
 * @param logPredictions Logarithms of the predicted probabilities.
 * @param targets The true ones; where they are 0 nothing is added.
 * @param options The axis of the classes.
 * @returns `Σ targets (log(targets) - logPredictions)`, in nats, without the axis.
 * @throws {ValueError} If the shapes do not broadcast, or there is no such axis.
 *
 * Optax: `optax.kl_divergence`.
 */
export function klDivergence(logPredictions: ArrayLike, targets: ArrayLike, options: ClassOptions = {}): NDArray {
  const p = asNumbers("klDivergence", targets);
  const entropy = choose(equal(p, 0), 0, log(p));
  return sum(multiply(p, subtract(entropy, logPredictions)), { axis: options.axis ?? -1 });
}
