/**
 * Random bits.
 *
 * @module
 */

import { isContiguous, sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import type { ThreefryMode } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";

/** The layout of random bits. */
export interface ThreefryOptions {
  /** See {@linkcode ThreefryMode}; "partitionable" if left out, as in JAX. */
  readonly mode?: ThreefryMode;
  /** The first counter. */
  readonly offset?: number;
}

/**
 * Random bits of a key, equal to those of JAX's `threefry2x32`.
 *
 * @param output Contiguous uint32, or uint16 or uint8 unless the mode is "pairs", with which its last axis is 2.
 * @param key uint32, `[2]`.
 * @param options Their layout.
 */
export function threefry(output: Operand, key: Operand, options: ThreefryOptions = {}): void {
  const { mode = "partitionable", offset = 0 } = options;
  const { dtype } = output;
  check(
    (dtype === "uint32" || (dtype === "uint16" || dtype === "uint8") && mode !== "pairs") && isContiguous(output) &&
      key.dtype === "uint32" && sameShape(key.shape, [2]) &&
      Number.isSafeInteger(offset) && offset >= 0 && (mode !== "pairs" || output.shape.at(-1) === 2),
    "Cannot make random bits: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, key ${describe(key)}, offset ${offset}`,
      expected: "output contiguous uint32, uint16 or uint8, key [2] uint32, offset a whole number from 0",
      remedy: "allocate such an output; with pairs it is uint32 and its last axis has size 2",
    }),
  );
  run([output, key], (plan) => plan.threefry(at(0, output), at(1, key), mode, offset));
}
