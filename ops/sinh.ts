/**
 * The hyperbolic sine.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { cosh } from "./cosh.ts";
import { mul } from "./mul.ts";

/** `y = sinh x`. Derivative: `cosh x`. */
export const sinhPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "sinh",
  lower: { float: "sinh_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, cosh(x!))),
});

/**
 * Takes the hyperbolic sine of elements.
 *
 * @param x An array of floats.
 * @returns `(e^x - e^-x) / 2`.
 */
export function sinh(x: NDArray): NDArray {
  return bindOne(sinhPrimitive, [x], NONE);
}
