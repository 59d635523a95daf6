/**
 * The logarithm of the sum of exponentials: a primitive, as {@linkcode softmaxPrimitive} is.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive } from "../core/primitive.ts";
import { logsumexp as logsumexpKernel } from "../wasm/kernels/softmax.ts";
import { jvpByOperand } from "./_rules.ts";
import { alongAxis, lowerAlong, type SoftmaxParams, vmapAlong } from "./_softmax.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce_sum.ts";
import { sub } from "./sub.ts";

/** `y = log(Σ exp(x - max x)) + max x` along an axis; `dy = Σ exp(x - y) dx`. */
export const logsumexpPrimitive: Primitive<SoftmaxParams> = definePrimitive<SoftmaxParams>({
  name: "logsumexp",
  outputs: ([x], { axis }) => [
    { shape: x!.shape.toSpliced(axis, 1), dtype: x!.dtype, weakType: x!.weakType },
  ],
  view: neverView,
  lower: lowerAlong(logsumexpKernel),
  jvp: jvpByOperand((dx, [x], y, { axis }) => reduceSum(mul(exp(sub(x!, alongAxis(y, x!, axis))), dx), [axis])),
  transpose: notLinear("logsumexp"),
  vmap: vmapAlong((x, axis) => logsumexp(x, axis)),
});

/**
 * Takes the logarithm of the sum of the exponentials along an axis.
 *
 * @param x An array of floats.
 * @param axis The axis, counted from the first.
 * @returns The logarithms, without the axis.
 */
export function logsumexp(x: NDArray, axis: number): NDArray {
  return bindOne(logsumexpPrimitive, [x], { axis });
}
