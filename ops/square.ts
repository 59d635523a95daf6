/**
 * The square.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { mul } from "./mul.ts";

/** `y = x²`; integers wrap. Derivative: `2 x`. */
export const squarePrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "square",
  lower: lowerProgram(
    (program, [x], dtype) => isFloating(dtype) ? program.apply("square_f32", x!) : program.apply("mul_i32", x!, x!),
    () => "",
  ),
  jvp: jvpByOperand((dx, [x]) => mul(dx, mul(filled(2, x!), x!))),
});

/**
 * Squares elements.
 *
 * @param x An array of numbers.
 * @returns `x²`.
 */
export function square(x: NDArray): NDArray {
  return bindOne(squarePrimitive, [x], NONE);
}
