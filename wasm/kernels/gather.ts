/**
 * Rows by index.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import type { GatherMode } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";

/** How indices outside the source are treated. */
export interface GatherOptions {
  /** See {@linkcode GatherMode}; "fill" if left out, as in JAX. */
  readonly mode?: GatherMode;
}

/**
 * Takes rows along the first axis: `output[i…, r…] = source[indices[i…], r…]`.
 *
 * @param output `[…indices, …row]`, dtype as `source`.
 * @param source `[n, …row]`.
 * @param indices int32 or uint32. Negative ones are outside: add `n` to them first to count from the end.
 * @param options What to do with indices outside.
 */
export function gather(output: Operand, source: Operand, indices: Operand, options: GatherOptions = {}): void {
  const expected = [...indices.shape, ...source.shape.slice(1)];
  check(
    source.shape.length > 0 && sameShape(output.shape, expected) && output.dtype === source.dtype &&
      (indices.dtype === "int32" || indices.dtype === "uint32"),
    "Cannot gather: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, source ${describe(source)}, indices ${describe(indices)}`,
      expected: `output [${expected}] ${source.dtype}, indices int32 or uint32`,
      remedy: "allocate the output with the indices' axes before the row's",
    }),
  );
  run(
    [output, source, indices],
    (plan) => plan.gather(at(0, output), at(1, source), at(2, indices), options.mode ?? "fill"),
  );
}
