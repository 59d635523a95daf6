/**
 * Integers of 8 and 16 bits in the registers of the tile machine, which have 32.
 *
 * Loads extend them, by sign or by zeros; operations that count bits, or move them down, see what loads have added.
 *
 * @module
 */

import { itemSize } from "../core/dtype.ts";
import type { DType } from "../wasm/dtype.ts";
import type { Elementwise, ElementwiseValue } from "../wasm/elementwise.ts";

/** Bits of an element. */
export function widthOf(dtype: DType): number {
  return 8 * itemSize(dtype);
}

/** The bits of an element, with zeros above. */
export function zeroExtended(program: Elementwise, x: ElementwiseValue, dtype: DType): ElementwiseValue {
  if (dtype === "int8") return program.apply("wrap_u8", x);
  return dtype === "int16" ? program.apply("wrap_u16", x) : x;
}

/** The bits of an element, with the highest of them above. */
export function signExtended(program: Elementwise, x: ElementwiseValue, dtype: DType): ElementwiseValue {
  if (dtype === "uint8") return program.apply("wrap_i8", x);
  return dtype === "uint16" ? program.apply("wrap_i16", x) : x;
}

/** Rounds to the dtype of the results, if it is a half: for all steps of a program but the last. */
export function roundedTo(program: Elementwise, x: ElementwiseValue, dtype: DType): ElementwiseValue {
  if (dtype === "bfloat16") return program.apply("round_bf16", x);
  return dtype === "float16" ? program.apply("round_f16", x) : x;
}
