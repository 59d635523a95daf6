/**
 * The inverse of the sine.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { mul } from "./mul.ts";
import { rsqrt } from "./rsqrt.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/** `y = asin x`, in radians. Derivative: `1 / sqrt(1 - x²)`. */
export const asinPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "asin",
  lower: { float: "asin_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, rsqrt(sub(filled(1, x!), square(x!))))),
});

/**
 * Takes the inverse sine of elements.
 *
 * @param x An array of floats.
 * @returns The angle from -π/2 to π/2; NaN outside of -1 to 1.
 */
export function asin(x: NDArray): NDArray {
  return bindOne(asinPrimitive, [x], NONE);
}
