/**
 * Cumulative sums.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { jvpByOperand, transposeUnary } from "./_rules.ts";
import { type ScanParams, scanPrimitive } from "./_scan.ts";

/** `y[k] = x[0] + … + x[k]` along an axis; with `reverse` `x[k] + … + x[n - 1]`. */
export const cumsumPrimitive: Primitive<ScanParams> = scanPrimitive({
  name: "cumsum",
  kind: "sum",
  jvp: jvpByOperand((dx, _primals, _y, { axis, reverse }) => cumsum(dx, axis, reverse)),
  transpose: transposeUnary((ct, _x, { axis, reverse }) => cumsum(ct, axis, !reverse)),
});

/**
 * Adds up elements along an axis.
 *
 * @param x An array of numbers.
 * @param axis The axis, counted from the first.
 * @param reverse Begins at the end.
 * @returns The sums up to each element, of the dtype of `x`; halves are summed in float32, integers wrap.
 */
export function cumsum(x: NDArray, axis: number, reverse: boolean = false): NDArray {
  return bindOne(cumsumPrimitive, [x], { axis, reverse });
}
