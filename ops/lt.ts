/**
 * Whether one is less than the other.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { boolLikeFirst, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `x < y`; with NaN false. */
export const ltPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "lt",
  lower: { float: "lt_f32", integer: "lt_i32", unsigned: "lt_u32" },
  outputs: boolLikeFirst,
  jvp: zeroTangent("its results are bools"),
});

/**
 * Compares elements.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype.
 * @returns Bools: where `x < y`.
 */
export function lt(x: NDArray, y: NDArray): NDArray {
  return bindOne(ltPrimitive, [x, y], NONE);
}
