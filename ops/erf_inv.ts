/**
 * The inverse of the error function.
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
import { square } from "./square.ts";

/** `x = erf y`. Derivative: `sqrt(π)/2 e^(y²)`. */
export const erfInvPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "erfInv",
  lower: { float: "erf_inv_f32" },
  jvp: jvpByOperand((dx, [x], y) => mul(filled(Math.sqrt(Math.PI) / 2, x!), mul(dx, exp(square(y))))),
});

/**
 * Takes the inverse of the error function of elements.
 *
 * @param x An array of floats.
 * @returns `erf⁻¹ x`; infinite at -1 and 1, NaN beyond.
 */
export function erfInv(x: NDArray): NDArray {
  return bindOne(erfInvPrimitive, [x], NONE);
}
