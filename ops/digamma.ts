/**
 * The derivative of the logarithm of the gamma function.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { trigamma } from "./_trigamma.ts";
import { mul } from "./mul.ts";

/** `y = d/dx log Γ(x)`. Derivative: the trigamma function. */
export const digammaPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "digamma",
  lower: { float: "digamma_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, trigamma(x!))),
});

/**
 * Takes the digamma function of elements.
 *
 * @param x An array of floats.
 * @returns `Γ'(x) / Γ(x)`; NaN at 0 and at negative integers.
 */
export function digamma(x: NDArray): NDArray {
  return bindOne(digammaPrimitive, [x], NONE);
}
