/**
 * Measurements of the machine.
 *
 * @module
 */

import type { Operand } from "../operand.ts";
import type { ProbeKind } from "../plan.ts";
import { at, run } from "./_call.ts";

/** How long a probe measures. */
export interface ProbeOptions {
  /** Turns: 384 FLOP an element for `madd` and `crew`, one pass over the operand for `sweep`; arrays for `add`, 2 to 4. */
  readonly turns: number;
}

/**
 * Measures the machine with the instructions that kernels use.
 *
 * @param kind `madd`: chains of multiply-adds in registers, one task for each element of `operand`;
 *   `crew`: the same, where each element becomes the number of the thread that ran its task;
 *   `sweep`: loads of every 16 bytes of `operand`;
 *   `add`: a loop that makes the last of as many equal parts of `operand` as there are `turns` the sum of the others.
 * @param operand Contiguous float32.
 * @param options How long.
 */
export function probe(kind: ProbeKind, operand: Operand, options: ProbeOptions): void {
  run([operand], (plan) => plan.probe(kind, at(0, operand), options.turns));
}
