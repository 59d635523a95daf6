/**
 * The end of derivatives.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { alwaysView, definePrimitive, notLinear, type Primitive, zeroTangent } from "../core/primitive.ts";
import { NONE, type Plain, vmapElementwise } from "./_elementwise.ts";

/** `y = x`, which does not change with `x`. */
export const stopGradientPrimitive: Primitive<Plain> = definePrimitive<Plain>({
  name: "stopGradient",
  outputs: ([x]) => [x!],
  view: (x) => x,
  lower: alwaysView("stopGradient"),
  jvp: zeroTangent("this is what it is for"),
  transpose: notLinear("stopGradient"),
  vmap: vmapElementwise(() => stopGradientPrimitive),
});

/**
 * The elements as constants, for derivatives.
 *
 * @param x An array.
 * @returns A view of it.
 */
export function stopGradient(x: NDArray): NDArray {
  return bindOne(stopGradientPrimitive, [x], NONE);
}
