/**
 * The cosine.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sin } from "./sin.ts";

/** `y = cos x`, of radians. Derivative: `-sin x`. */
export const cosPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "cos",
  lower: { float: "cos_f32" },
  jvp: jvpByOperand((dx, [x]) => neg(mul(dx, sin(x!)))),
});

/**
 * Takes the cosine of elements.
 *
 * @param x An array of floats.
 * @returns `cos x`, from -1 to 1.
 */
export function cos(x: NDArray): NDArray {
  return bindOne(cosPrimitive, [x], NONE);
}
