/**
 * The opposite sign.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand, transposeUnary } from "./_rules.ts";

/** `y = -x`; integers wrap. Linear. */
export const negPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "neg",
  lower: { float: "neg_f32", integer: "neg_i32" },
  jvp: jvpByOperand((dx) => neg(dx)),
  transpose: transposeUnary((ct) => neg(ct)),
});

/**
 * Negates elements.
 *
 * @param x An array of numbers.
 * @returns `-x`; of unsigned integers what wraps to 0 with `x`.
 */
export function neg(x: NDArray): NDArray {
  return bindOne(negPrimitive, [x], NONE);
}
