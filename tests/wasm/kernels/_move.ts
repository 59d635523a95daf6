/** JAX's values of what moves elements (`tests/goldens/move.json`, made by `scripts/goldens/move.py`), and its inputs. */

import assert from "node:assert/strict";
import { type DType, DTYPES } from "../../../wasm/dtype.ts";
import type { Operand } from "../../../wasm/operand.ts";
import type { Operands } from "../../_support.ts";
import move from "../../goldens/move.json" with { type: "json" };
import { type Bits, ofBits } from "./_goldens.ts";

/** What `move.json` has. */
export interface MoveGoldens {
  readonly pad: {
    dtype: DType;
    shape: number[];
    start: number;
    step: number;
    value: number;
    padding: [number, number, number][];
    to: number[];
    out: Bits;
  }[];
  readonly concatenate: {
    dtype: DType;
    parts: { shape: number[]; start: number; step: number }[];
    axis: number;
    to: number[];
    out: Bits;
  }[];
  readonly dynamic: { dtype: DType; shape: number[]; part: number[]; starts: number[]; slice: Bits; update: Bits }[];
  readonly one_hot: { dtype: DType; shape: number[]; index: number[]; classes: number; out: Bits }[];
  readonly iota: (
    & { dtype: DType; shape: number[]; axis: number }
    & (
      | { out: Bits; at?: undefined }
      | { at: number[]; some: Bits; hash: number }
    )
  )[];
}

/** Values of all that moves elements. */
export const moveGoldens = move as unknown as MoveGoldens;

/** The generator's input of these parameters: an operand of bits that count. */
export function filled(
  operands: Operands,
  shape: readonly number[],
  dtype: DType,
  start: number,
  step: number,
): Operand {
  const limit = 2 ** (8 * DTYPES[dtype].size);
  const size = shape.reduce((product, length) => product * length, 1);
  const bits = Array.from({ length: size }, (_, k) => dtype === "bool" ? k % 2 : (k * step + start) % limit);
  return ofBits(operands, bits, dtype, shape);
}

/** Asserts that a call is refused with this text. */
export function assertRefused(call: () => void, ...lines: string[]): void {
  assert.throws(call, { name: "ValueError", message: lines.join("\n") });
}
