/**
 * The inverse of the tangent.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { square } from "./square.ts";

/** `y = atan x`, in radians. Derivative: `1 / (1 + x²)`. */
export const atanPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "atan",
  lower: { float: "atan_f32" },
  jvp: jvpByOperand((dx, [x]) => div(dx, add(filled(1, x!), square(x!)))),
});

/**
 * Takes the inverse tangent of elements.
 *
 * @param x An array of floats.
 * @returns The angle from -π/2 to π/2.
 */
export function atan(x: NDArray): NDArray {
  return bindOne(atanPrimitive, [x], NONE);
}
