/**
 * Places that may be counted from the end of an axis.
 *
 * A primitive, because all indexing by arrays begins with it, and one pass is a third of the time of a comparison, a
 * sum and a choice.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain } from "./_elementwise.ts";

/** `y = i + n` where `i < 0`, else `i`. */
export const normalizeIndexPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "normalizeIndex",
  lower: lowerProgram((program, [i, n]) => {
    const isFromEnd = program.apply("lt_i32", i!, program.integer(0));
    return program.apply("select", isFromEnd, program.apply("add_i32", i!, n!), i!);
  }, () => ""),
  jvp: zeroTangent("its results are integers"),
});

/**
 * Counts places from the start of an axis.
 *
 * @param i Places, int32; negative ones are counted from the end.
 * @param n The size of the axis, for each of them.
 * @returns Places from the start; those outside stay outside.
 */
export function normalizeIndex(i: NDArray, n: NDArray): NDArray {
  return bindOne(normalizeIndexPrimitive, [i, n], NONE);
}
