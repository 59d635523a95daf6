/**
 * Softmax: a primitive, since one kernel reads the operand twice where the formula makes four arrays, and since its
 * derivative is simpler than that of the formula.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive } from "../core/primitive.ts";
import { softmax as softmaxKernel } from "../wasm/kernels/softmax.ts";
import { jvpByOperand } from "./_rules.ts";
import { lowerAlong, type SoftmaxParams, sumAlong, vmapAlong } from "./_softmax.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

/** `y = exp(x - max x) / Σ exp(x - max x)` along an axis; `dy = y (dx - Σ y dx)`. */
export const softmaxPrimitive: Primitive<SoftmaxParams> = definePrimitive<SoftmaxParams>({
  name: "softmax",
  outputs: ([x]) => [x!],
  view: neverView,
  lower: lowerAlong(softmaxKernel),
  jvp: jvpByOperand((dx, _x, y, { axis }) => mul(y, sub(dx, sumAlong(mul(y, dx), axis)))),
  transpose: notLinear("softmax"),
  vmap: vmapAlong((x, axis) => softmax(x, axis)),
});

/**
 * Makes probabilities of logits.
 *
 * @param x An array of floats.
 * @param axis The axis along which they sum to 1, counted from the first.
 * @returns The probabilities.
 */
export function softmax(x: NDArray, axis: number): NDArray {
  return bindOne(softmaxPrimitive, [x], { axis });
}
