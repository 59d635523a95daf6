/**
 * Rounding towards 0.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `y` is `x` without its fraction. */
export const truncPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "trunc",
  lower: { float: "trunc_f32" },
  jvp: zeroTangent("it is constant between its steps"),
});

/**
 * Rounds elements towards 0.
 *
 * @param x An array of floats.
 * @returns The whole parts.
 */
export function trunc(x: NDArray): NDArray {
  return bindOne(truncPrimitive, [x], NONE);
}
