/**
 * The largest elements.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { axisOf, check, describe, placedLast, run } from "./_call.ts";

/** Along which axis. */
export interface TopKOptions {
  /** The axis; negative ones count from the end. The last if left out. */
  readonly axis?: number;
}

/**
 * The `k` largest elements along an axis, falling, and their places, as `jax.lax.top_k`.
 *
 * Of equal elements the first come first. Floats are in IEEE's total order: NaN of positive sign lie above infinity,
 * +0 above -0, and NaN of negative sign below all.
 *
 * @param values The elements: like `x`, but with size `k` along the axis.
 * @param places Where they were along the axis: int32 or uint32, of the shape of `values`.
 * @param x The operand.
 * @param options The axis.
 * @throws {ValueError} If the operands do not fit, `k` is larger than the axis or the axis is out of range.
 */
export function topK(values: Operand, places: Operand, x: Operand, options: TopKOptions = {}): void {
  const summary = "Cannot find the largest elements";
  const axis = axisOf(summary, x, options.axis ?? -1);
  const k = values.shape[axis] ?? 0;
  const expected = x.shape.map((size, number) => number === axis ? k : size);
  check(
    sameShape(values.shape, expected) && sameShape(places.shape, expected) && k <= (x.shape[axis] ?? 0) &&
      values.dtype === x.dtype && (places.dtype === "int32" || places.dtype === "uint32"),
    `${summary}: the operands do not fit`,
    () => ({
      actual: `values ${describe(values)}, places ${describe(places)}, x ${describe(x)}`,
      expected:
        `values [${expected}] ${x.dtype} with at most ${x.shape[axis]} along axis ${axis}, places of that shape ` +
        "in int32 or uint32",
      remedy: "allocate both outputs with the shape of x, but for the axis",
    }),
  );
  // Kept axes merge for all three; the axis itself differs in size.
  const placed = placedLast(summary, axis, [values, places, x]);
  run([values, places, x], (plan) => {
    const [to, at, from] = placed;
    if (to !== undefined && at !== undefined && from !== undefined) {
      plan.topK(to, at, from);
    }
  });
}
