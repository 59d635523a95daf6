/**
 * Copies between layouts.
 *
 * @module
 */

import { broadcastStrides } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { check, describe, overRank, run } from "./_call.ts";

/** A copy: to, from. */
export type Copying = readonly [output: Operand, x: Operand];

/** Runs several copies, each as {@linkcode copy} does, in one call of the engine. */
export function copyAll(copies: readonly Copying[]): void {
  run(copies.flat(), (plan) =>
    copies.forEach(([output, x], k) => {
      const strides = broadcastStrides(x, output.shape) ?? [];
      overRank(output.shape, [output, x], [output.strides, strides], ([to, from]) => {
        if (to !== undefined && from !== undefined) {
          plan.copy({ ...to, slot: 2 * k }, { ...from, slot: 2 * k + 1 });
        }
      });
    }));
}

/**
 * Copies elements between layouts: transposes, broadcasts, fills in strided memory.
 *
 * @param output The result.
 * @param x The operand, of the same dtype, which broadcasts to the output.
 */
export function copy(output: Operand, x: Operand): void {
  const strides = broadcastStrides(x, output.shape);
  check(strides !== undefined && output.dtype === x.dtype, "Cannot copy: the operands do not fit", () => ({
    actual: `output ${describe(output)}, x ${describe(x)}`,
    expected: "one dtype, and sizes that are equal or 1",
    remedy: "cast by an elementwise program first, or allocate the output like x",
  }));
  overRank(output.shape, [output, x], [output.strides, strides], ([to, from], operands) => {
    if (to !== undefined && from !== undefined) {
      run(operands, (plan) => plan.copy(to, from));
    }
  });
}
