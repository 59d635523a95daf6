/**
 * The logarithm of 1 plus the exponential: a primitive, since one program needs a fraction of the time of the formula
 * that does not overflow.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { logistic } from "./logistic.ts";
import { mul } from "./mul.ts";

/** `y = log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|))`; `dy = dx logistic(x)`. */
export const softplusPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "softplus",
  lower: lowerProgram(
    (program, [x]) => {
      const small = program.apply("exp_f32", program.apply("neg_f32", program.apply("abs_f32", x!)));
      return program.apply(
        "add_f32",
        program.apply("max_f32", x!, program.float(0)),
        program.apply("log1p_f32", small),
      );
    },
    () => "",
  ),
  jvp: jvpByOperand((dx, [x]) => mul(dx, logistic(x!))),
});

/**
 * Takes the logarithm of 1 plus the exponential.
 *
 * @param x An array of floats.
 * @returns `log(1 + exp(x))`, which does not overflow.
 */
export function softplus(x: NDArray): NDArray {
  return bindOne(softplusPrimitive, [x], NONE);
}
