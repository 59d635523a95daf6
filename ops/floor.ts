/**
 * Rounding down.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `y = ⌊x⌋`. */
export const floorPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "floor",
  lower: { float: "floor_f32" },
  jvp: zeroTangent("it is constant between its steps"),
});

/**
 * Rounds elements down.
 *
 * @param x An array of floats.
 * @returns The greatest whole numbers that are not above.
 */
export function floor(x: NDArray): NDArray {
  return bindOne(floorPrimitive, [x], NONE);
}
