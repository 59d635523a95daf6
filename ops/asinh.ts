/**
 * The inverse of the hyperbolic sine.
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
import { mul } from "./mul.ts";
import { rsqrt } from "./rsqrt.ts";
import { square } from "./square.ts";

/** `y = asinh x`. Derivative: `1 / sqrt(x² + 1)`. */
export const asinhPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "asinh",
  lower: { float: "asinh_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, rsqrt(add(square(x!), filled(1, x!))))),
});

/**
 * Takes the inverse hyperbolic sine of elements.
 *
 * @param x An array of floats.
 * @returns `asinh x`.
 */
export function asinh(x: NDArray): NDArray {
  return bindOne(asinhPrimitive, [x], NONE);
}
