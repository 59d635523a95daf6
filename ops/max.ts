/**
 * The larger of two.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { shareOf } from "./_share.ts";
import { mul } from "./mul.ts";

/** `max(x, y)`; NaN if either is. Derivatives: of the larger one 1, of equal ones 1/2 each. */
export const maxPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "max",
  lower: { float: "max_f32", integer: "max_i32", unsigned: "max_u32" },
  jvp: jvpByOperand(
    (dx, [x, y], z) => mul(dx, shareOf(x!, y!, z)),
    (dy, [x, y], z) => mul(dy, shareOf(y!, x!, z)),
  ),
});

/**
 * Takes the larger of elements.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype.
 * @returns The larger ones; of bools the logical or.
 */
export function max(x: NDArray, y: NDArray): NDArray {
  return bindOne(maxPrimitive, [x, y], NONE);
}
