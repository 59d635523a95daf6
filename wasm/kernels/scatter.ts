/**
 * Windows combined by index, in place.
 *
 * @module
 */

import type { Operand } from "../operand.ts";
import type { GatherMode, ScatterKind } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";
import { checkWrap, windowsFit } from "./_index.ts";

/** How windows outside the output are treated. */
export interface ScatterOptions {
  /** See {@linkcode GatherMode}; "fill" if left out, which drops them, as in JAX. */
  readonly mode?: GatherMode;
}

/**
 * Updates windows of `output`: `output[indices[i…] + w…] = kind(output[indices[i…] + w…], updates[i…, w…])`, in the
 * row-major order of `i…`, so that indices may repeat and windows overlap.
 *
 * A window is one element wide along the first `d` axes of `output`, and its axes are the others; or it has all axes of
 * `output`, the first `d` of them as long as the updates say.
 *
 * @param kind How to combine an element with its update. Of bools "add" is or, "mul" is and.
 * @param output What is updated.
 * @param indices `[…i, d]`, int32 or uint32. Negative ones are outside: add the axis's size to them first to count from
 * the end.
 * @param updates `[…i, …window]`, dtype as `output`.
 * @param options What to do with windows that are not wholly inside. Only windows of one element along the indexed axes
 * can wrap.
 * @throws {ValueError} If the operands do not fit, or windows cannot wrap.
 */
export function scatter(
  kind: ScatterKind,
  output: Operand,
  indices: Operand,
  updates: Operand,
  options: ScatterOptions = {},
): void {
  check(
    windowsFit(output, indices, updates),
    "Cannot scatter: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, indices ${describe(indices)}, updates ${describe(updates)}`,
      expected: "indices [...i, d] int32 or uint32, and updates [...i, ...window] of the output's dtype",
      remedy: "give windows the output's axes but the first d; or all, none longer than the output's",
    }),
  );
  const { mode = "fill" } = options;
  checkWrap("Cannot scatter", output, indices, updates, mode);
  run([output, indices, updates], (plan) => plan.scatter(kind, at(0, output), at(1, indices), at(2, updates), mode));
}
