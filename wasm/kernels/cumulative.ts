/**
 * Cumulative sum, product, maximum, minimum.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import type { Cumulative } from "../plan.ts";
import { axisOf, check, describe, placedLast, run } from "./_call.ts";

/** Along which axis, and from which end. */
export interface CumulativeOptions {
  /** The axis; negative ones count from the end. The last if left out. */
  readonly axis?: number;
  /** Begins at the end of the axis. */
  readonly reverse?: boolean;
}

/**
 * Folds each element with all before it along an axis: `output[k] = x[0] + … + x[k]`, as `jax.lax.cumsum`,
 * `cumprod`, `cummax` and `cummin`.
 *
 * float16 and bfloat16 are folded in float32 and each result is rounded once; integers wrap. A NaN stays from where
 * it stands on. The result does not depend on strides or threads.
 *
 * @param kind What to fold with.
 * @param output The result, of the shape and dtype of `x`; may be `x` itself.
 * @param x The operand, of any dtype but bool.
 * @param options The axis and the direction.
 * @throws {ValueError} If the operands do not fit or the axis is out of range.
 */
export function cumulative(kind: Cumulative, output: Operand, x: Operand, options: CumulativeOptions = {}): void {
  const { axis = -1, reverse = false } = options;
  const summary = `Cannot compute the cumulative "${kind}"`;
  check(
    sameShape(output.shape, x.shape) && output.dtype === x.dtype && x.dtype !== "bool",
    `${summary}: the operands do not fit`,
    () => ({
      actual: `output ${describe(output)}, x ${describe(x)}`,
      expected: "one shape, and one dtype that is not bool",
      remedy: "allocate the output like x; cast booleans to int32 first",
    }),
  );
  const placed = placedLast(summary, axisOf(summary, x, axis), [output, x]);
  run([output, x], (plan) => {
    const [to, from] = placed;
    if (to !== undefined && from !== undefined) {
      plan.scan(kind, to, from, reverse);
    }
  });
}
