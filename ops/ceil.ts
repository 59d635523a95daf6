/**
 * Rounding up.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `y = ⌈x⌉`. */
export const ceilPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "ceil",
  lower: { float: "ceil_f32" },
  jvp: zeroTangent("it is constant between its steps"),
});

/**
 * Rounds elements up.
 *
 * @param x An array of floats.
 * @returns The least whole numbers that are not below.
 */
export function ceil(x: NDArray): NDArray {
  return bindOne(ceilPrimitive, [x], NONE);
}
