/**
 * Whether one is not less than the other.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { boolLikeFirst, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `x >= y`; with NaN false. */
export const gePrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "ge",
  lower: { float: "ge_f32", integer: "ge_i32", unsigned: "ge_u32" },
  outputs: boolLikeFirst,
  jvp: zeroTangent("its results are bools"),
});

/**
 * Compares elements.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype.
 * @returns Bools: where `x >= y`.
 */
export function ge(x: NDArray, y: NDArray): NDArray {
  return bindOne(gePrimitive, [x, y], NONE);
}
