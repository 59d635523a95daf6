/**
 * Sums over axes.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";
import { jvpByOperand, transposeUnary } from "./_rules.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";

/** `y[j…] = Σ x[i…]` over the reduced axes; floats are summed in float32 and rounded once. */
export const reduceSumPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "reduceSum",
  kind: "sum",
  jvp: jvpByOperand((dx, _primals, _output, { axes }) => reduceSum(dx, axes)),
  transpose: transposeUnary((ct, x, { axes }) =>
    broadcastInDim(ct, x.shape, x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)))
  ),
});

/**
 * Sums over axes.
 *
 * @param x An array of numbers.
 * @param axes The axes, each once, counted from the first.
 * @returns The sums, of the dtype of `x`; integers wrap.
 */
export function reduceSum(x: NDArray, axes: readonly number[]): NDArray {
  if (axes.length === 0) return x;
  return bindOne(reduceSumPrimitive, [x], { axes });
}
