/**
 * Arrays next to each other along an axis.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import { type Operand, slice } from "../operand.ts";
import { check, checkDisjoint, describe } from "./_call.ts";
import { copyAll, type Copying } from "./copy.ts";

/**
 * Writes arrays one after the other along an axis.
 *
 * @param output The result; along `axis` as long as all parts together, along the others as each of them. It may not
 *   overlap a part.
 * @param parts The operands, at least one, of the output's dtype.
 * @param axis The axis; negative ones count from the end.
 * @throws {ValueError} If the shapes or dtypes do not fit, or the memory overlaps.
 */
export function concatenate(output: Operand, parts: readonly Operand[], axis = 0): void {
  const rank = output.shape.length;
  const along = axis < 0 ? axis + rank : axis;
  const lengths = parts.map(({ shape }) => shape[along] ?? 0);
  const fits = along >= 0 && along < rank && Number.isInteger(along) && parts.length > 0 &&
    lengths.reduce((sum, length) => sum + length, 0) === output.shape[along] &&
    parts.every((part, k) =>
      part.dtype === output.dtype &&
      sameShape(part.shape, output.shape.map((size, at) => at === along ? lengths[k] ?? 0 : size))
    );
  check(fits, "Cannot concatenate: the operands do not fit", () => ({
    actual: `output ${describe(output)}, parts ${parts.map(describe).join(", ") || "none"}, axis ${axis}`,
    expected: "one dtype, sizes that are equal but along the axis, where the output has their sum",
    remedy: "cast or reshape the parts, or allocate the output with the sum",
  }));
  checkDisjoint("Cannot concatenate", output, parts);
  let start = 0;
  copyAll(parts.map((part, k): Copying => {
    const length = lengths[k] ?? 0;
    start += length;
    return [slice(output, along, start - length, length), part];
  }));
}
