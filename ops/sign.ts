/**
 * The sign.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `y` is -1, 0 or 1; zeros keep their sign, NaN stays. */
export const signPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "sign",
  lower: { float: "sign_f32", integer: "sign_i32", unsigned: "sign_u32" },
  jvp: zeroTangent("it is constant between its steps"),
});

/**
 * Takes the sign of elements.
 *
 * @param x An array of numbers.
 * @returns -1, 0 or 1, of the dtype of `x`.
 */
export function sign(x: NDArray): NDArray {
  return bindOne(signPrimitive, [x], NONE);
}
