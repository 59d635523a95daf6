/**
 * The logarithm of softmax: a primitive, as {@linkcode softmaxPrimitive} is.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive } from "../core/primitive.ts";
import { logSoftmax as logSoftmaxKernel } from "../wasm/kernels/softmax.ts";
import { jvpByOperand } from "./_rules.ts";
import { lowerAlong, type SoftmaxParams, sumAlong, vmapAlong } from "./_softmax.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

/** `y = x - max x - log(Σ exp(x - max x))` along an axis; `dy = dx - Σ exp(y) dx`. */
export const logSoftmaxPrimitive: Primitive<SoftmaxParams> = definePrimitive<SoftmaxParams>({
  name: "logSoftmax",
  outputs: ([x]) => [x!],
  view: neverView,
  lower: lowerAlong(logSoftmaxKernel),
  // The change of the logarithm of the sum is the mean of the changes, weighted by softmax.
  jvp: jvpByOperand((dx, _x, y, { axis }) => sub(dx, sumAlong(mul(exp(y), dx), axis))),
  transpose: notLinear("logSoftmax"),
  vmap: vmapAlong((x, axis) => logSoftmax(x, axis)),
});

/**
 * Makes logarithms of probabilities of logits.
 *
 * @param x An array of floats.
 * @param axis The axis along which the probabilities sum to 1, counted from the first.
 * @returns The logarithms, at most 0.
 */
export function logSoftmax(x: NDArray, axis: number): NDArray {
  return bindOne(logSoftmaxPrimitive, [x], { axis });
}
