/**
 * The smaller of two.
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

/** `min(x, y)`; NaN if either is. Derivatives: of the smaller one 1, of equal ones 1/2 each. */
export const minPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "min",
  lower: { float: "min_f32", integer: "min_i32", unsigned: "min_u32" },
  jvp: jvpByOperand(
    (dx, [x, y], z) => mul(dx, shareOf(x!, y!, z)),
    (dy, [x, y], z) => mul(dy, shareOf(y!, x!, z)),
  ),
});

/**
 * Takes the smaller of elements.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype.
 * @returns The smaller ones; of bools the logical and.
 */
export function min(x: NDArray, y: NDArray): NDArray {
  return bindOne(minPrimitive, [x, y], NONE);
}
