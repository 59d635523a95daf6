/**
 * Windows by index.
 *
 * @module
 */

import { type DType, DTYPES } from "../dtype.ts";
import type { Operand } from "../operand.ts";
import type { GatherMode } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";
import { checkWrap, windowsFit } from "./_index.ts";

/** How windows outside the source are treated. */
export interface GatherNdOptions {
  /** See {@linkcode GatherMode}; "fill" if left out, as in JAX. */
  readonly mode?: GatherMode;
  /**
   * What "fill" fills with; of float16 and bfloat16 the bits. NaN, the lowest signed or the highest unsigned number, or
   * true if left out, as in JAX.
   */
  readonly fillValue?: number;
}

/** What JAX fills with, in bits. */
const FILL: { readonly [name in DType]: number } = {
  float32: 0x7fc0_0000,
  float16: 0x7e00,
  bfloat16: 0x7fc0,
  int8: 0x80,
  int16: 0x8000,
  int32: 0x8000_0000,
  uint8: 0xff,
  uint16: 0xffff,
  uint32: 0xffff_ffff,
  bool: 1,
};

/** The bits of a number as an element. */
function bitsOf(value: number, dtype: DType): number {
  const element = new (DTYPES[dtype].array)(4);
  element[0] = value;
  return new Uint32Array(element.buffer, 0, 1)[0] ?? 0;
}

/**
 * Takes windows of `source`: `output[i…, w…] = source[indices[i…] + w…]`.
 *
 * A window is one element wide along the first `d` axes of `source`, and its axes are the others; or it has all axes of
 * `source`, the first `d` of them as long as the output says.
 *
 * @param output `[…i, …window]`, dtype as `source`.
 * @param source What to read.
 * @param indices `[…i, d]`, int32 or uint32. Negative ones are outside: add the axis's size to them first to count from
 * the end.
 * @param options What to do with windows that are not wholly inside. Only windows of one element along the indexed axes
 * can wrap.
 * @throws {ValueError} If the operands do not fit, or windows cannot wrap.
 */
export function gatherNd(output: Operand, source: Operand, indices: Operand, options: GatherNdOptions = {}): void {
  check(
    windowsFit(source, indices, output),
    "Cannot gather windows: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, source ${describe(source)}, indices ${describe(indices)}`,
      expected: "indices [...i, d] int32 or uint32, and an output [...i, ...window] of the source's dtype",
      remedy: "give windows the source's axes but the first d; or all, none longer than the source's",
    }),
  );
  const { mode = "fill", fillValue } = options;
  const { dtype } = source;
  checkWrap("Cannot gather windows", source, indices, output, mode);
  const fill = fillValue === undefined ? FILL[dtype] : bitsOf(fillValue, dtype);
  run([output, source, indices], (plan) => plan.gatherNd(at(0, output), at(1, source), at(2, indices), mode, fill));
}
