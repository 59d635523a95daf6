/**
 * Whether one is more than the other.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { boolLikeFirst, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `x > y`; with NaN false. */
export const gtPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "gt",
  lower: { float: "gt_f32", integer: "gt_i32", unsigned: "gt_u32" },
  outputs: boolLikeFirst,
  jvp: zeroTangent("its results are bools"),
});

/**
 * Compares elements.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype.
 * @returns Bools: where `x > y`.
 */
export function gt(x: NDArray, y: NDArray): NDArray {
  return bindOne(gtPrimitive, [x, y], NONE);
}
