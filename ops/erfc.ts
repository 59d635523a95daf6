/**
 * The complement of the error function.
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

/** `y = 1 - erf x`. Derivative: `-2/sqrt(π) e^(-x²)`. */
export const erfcPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "erfc",
  lower: { float: "erfc_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(filled(-2 / Math.sqrt(Math.PI), x!), mul(dx, exp(neg(square(x!)))))),
});

/**
 * Takes the complement of the error function of elements, exact also where it is small.
 *
 * @param x An array of floats.
 * @returns `1 - erf x`.
 */
export function erfc(x: NDArray): NDArray {
  return bindOne(erfcPrimitive, [x], NONE);
}
