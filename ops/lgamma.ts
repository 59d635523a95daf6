/**
 * The logarithm of the gamma function.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { digamma } from "./digamma.ts";
import { mul } from "./mul.ts";

/** `y = log |Γ(x)|`. Derivative: {@linkcode digamma}. */
export const lgammaPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "lgamma",
  lower: { float: "lgamma_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, digamma(x!))),
});

/**
 * Takes the logarithm of the gamma function of elements.
 *
 * @param x An array of floats.
 * @returns `log |Γ(x)|`; infinite at 0 and at negative integers.
 */
export function lgamma(x: NDArray): NDArray {
  return bindOne(lgammaPrimitive, [x], NONE);
}
