/**
 * Rounding to whole numbers.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram } from "./_elementwise.ts";

/** Where numbers go that are in the middle. */
export interface RoundParams {
  /** To the even neighbor, or to the one away from 0. */
  readonly ties: "even" | "away";
}

/** `y` is the whole number next to `x`. */
export const roundPrimitive: Primitive<RoundParams> = elementwisePrimitive<RoundParams>({
  name: "round",
  lower: lowerProgram(
    (program, [x], _dtype, { ties }) => program.apply(ties === "even" ? "round_f32" : "round_away_f32", x!),
    ({ ties }) => ties,
  ),
  jvp: zeroTangent("it is constant between its steps"),
});

/**
 * Rounds elements to the next whole number.
 *
 * @param x An array of floats.
 * @param ties Where halves go: to the even neighbor if left out.
 * @returns Whole numbers.
 */
export function round(x: NDArray, ties: "even" | "away" = "even"): NDArray {
  return bindOne(roundPrimitive, [x], { ties });
}
