/**
 * Softmax along the last axis.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { at, check, describe, run } from "./_call.ts";

/**
 * Softmax along the last axis: `exp(x - max) / sum(exp(x - max))`.
 *
 * @param output The result.
 * @param x The operand, of the same shape and dtype: float32, float16 or bfloat16; at most eight axes.
 */
export function softmax(output: Operand, x: Operand): void {
  check(
    sameShape(output.shape, x.shape) && output.dtype === x.dtype && x.shape.length > 0,
    "Cannot compute softmax: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, x ${describe(x)}`,
      expected: "one shape with at least one axis, and one dtype",
      remedy: "allocate the output like x",
    }),
  );
  run([output, x], (plan) => plan.softmax(at(0, output), at(1, x)));
}
