/**
 * The error function.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";

/** `y = 2/sqrt(π) ∫ e^(-t²) dt` from 0 to x. Derivative: `2/sqrt(π) e^(-x²)`. */
export const erfPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "erf",
  lower: { float: "erf_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(filled(2 / Math.sqrt(Math.PI), x!), mul(dx, exp(neg(square(x!)))))),
});

/**
 * Takes the error function of elements.
 *
 * @param x An array of floats.
 * @returns `erf x`, from -1 to 1.
 */
export function erf(x: NDArray): NDArray {
  return bindOne(erfPrimitive, [x], NONE);
}
