/**
 * Numbers that count places, and what is made of them.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { MAX_RANK } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";

/**
 * Writes the places along an axis: `output[i…] = i[axis]`.
 *
 * @param output The result: any dtype but bool; at most eight axes. Integers wrap, floats round to nearest.
 * @param axis The axis; negative ones count from the end.
 * @throws {ValueError} If the output lacks the axis or has bools.
 */
export function iota(output: Operand, axis = 0): void {
  const rank = output.shape.length;
  const along = axis < 0 ? axis + rank : axis;
  check(
    Number.isInteger(along) && along >= 0 && along < rank && rank <= MAX_RANK && output.dtype !== "bool",
    "Cannot write places: the output does not fit",
    () => ({
      actual: `output ${describe(output)}, axis ${axis}`,
      expected: `1 to ${MAX_RANK} axes, one of them named, and a dtype of numbers`,
      remedy: "name an axis of the output, or cast afterwards",
    }),
  );
  run([output], (plan) => plan.iota(at(0, output), along));
}

/**
 * Writes 1 where an index is the place along the last axis, and 0 elsewhere; nowhere for an index outside.
 *
 * @param output The result, of the shape of the indices and one more axis; at most eight axes.
 * @param indices int32 or uint32.
 * @throws {ValueError} If the shapes do not fit.
 */
export function oneHot(output: Operand, indices: Operand): void {
  const integers = indices.dtype === "int32" || indices.dtype === "uint32";
  check(
    output.shape.length > 0 && output.shape.length <= MAX_RANK && sameShape(output.shape.slice(0, -1), indices.shape) &&
      integers,
    "Cannot write one-hot vectors: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, indices ${describe(indices)}`,
      expected: `output [${[...indices.shape, "n"]}], at most ${MAX_RANK} axes, indices int32 or uint32`,
      remedy: "allocate the output with one axis more than the indices",
    }),
  );
  run([output, indices], (plan) => plan.oneHot(at(0, output), at(1, indices)));
}
