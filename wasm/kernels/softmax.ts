/**
 * Softmax along the last axis and its kin.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import type { SoftmaxKind } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";

/** Runs a kind whose result is like the operand. */
function alike(kind: SoftmaxKind, output: Operand, x: Operand): void {
  check(
    sameShape(output.shape, x.shape) && output.dtype === x.dtype && x.shape.length > 0,
    `Cannot compute ${kind}: the operands do not fit`,
    () => ({
      actual: `output ${describe(output)}, x ${describe(x)}`,
      expected: "one shape with at least one axis, and one dtype",
      remedy: "allocate the output like x",
    }),
  );
  run([output, x], (plan) => plan.softmax(at(0, output), at(1, x), kind));
}

/**
 * Softmax along the last axis: `exp(x - max) / sum(exp(x - max))`.
 *
 * @param output The result; may be `x` itself.
 * @param x The operand, of the same shape and dtype: float32, float16 or bfloat16; at most eight axes.
 */
export function softmax(output: Operand, x: Operand): void {
  alike("softmax", output, x);
}

/**
 * The logarithm of the softmax along the last axis: `(x - max) - log(sum(exp(x - max)))`.
 *
 * @param output The result; may be `x` itself.
 * @param x The operand, of the same shape and dtype: float32, float16 or bfloat16; at most eight axes.
 */
export function logSoftmax(output: Operand, x: Operand): void {
  alike("logSoftmax", output, x);
}

/**
 * The logarithm of the sum of exponentials along the last axis: `log(sum(exp(x - max))) + max`; the maximum itself
 * where that is not finite.
 *
 * @param output The result, of the shape of `x` without the last axis.
 * @param x The operand, of the same dtype: float32, float16 or bfloat16; at most eight axes.
 */
export function logsumexp(output: Operand, x: Operand): void {
  const expected = x.shape.slice(0, -1);
  check(
    x.shape.length > 0 && sameShape(output.shape, expected) && output.dtype === x.dtype,
    "Cannot compute logsumexp: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, x ${describe(x)}`,
      expected: `x with at least one axis, output [${expected}] ${x.dtype}`,
      remedy: "allocate the output without the last axis of x",
    }),
  );
  run([output, x], (plan) => plan.softmax(at(0, output), at(1, x), "logsumexp"));
}
