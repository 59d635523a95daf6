/**
 * The sine.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { cos } from "./cos.ts";
import { mul } from "./mul.ts";

/** `y = sin x`, of radians. Derivative: `cos x`. */
export const sinPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "sin",
  lower: { float: "sin_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, cos(x!))),
});

/**
 * Takes the sine of elements.
 *
 * @param x An array of floats.
 * @returns `sin x`, from -1 to 1.
 */
export function sin(x: NDArray): NDArray {
  return bindOne(sinPrimitive, [x], NONE);
}
