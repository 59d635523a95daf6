/** JAX's gathers and scatters (`tests/goldens/index.json`). */

import type { DType } from "../../../wasm/dtype.ts";
import type { Operand } from "../../../wasm/operand.ts";
import type { Operands } from "../../_support.ts";
import index from "../../goldens/index.json" with { type: "json" };
import { type Bits, bitsOf, ofBits } from "./_goldens.ts";

/** One dtype's arrays; results by mode, and by operation and mode. */
interface Case {
  readonly dtype: DType;
  readonly x: Bits;
  readonly updates: Bits;
  readonly get?: Record<string, Bits>;
  readonly out: Record<string, Bits>;
}

/** What `index.json` has. */
interface Goldens {
  readonly rows: { readonly index: number[]; readonly shape: number[]; readonly cases: Case[] };
  readonly elements: { readonly index: number[][]; readonly shape: number[]; readonly cases: Case[] };
  readonly windows: {
    readonly index: number[][];
    readonly shape: number[];
    readonly window: number[];
    readonly cases: Case[];
  };
}

/** Gathers and scatters. */
export const indexGoldens = index as unknown as Goldens;

/** Indices `[n, d]` with the sizes added to negative numbers, as `jnp.ndarray.at` does; as they are without sizes. */
export function indices(operands: Operands, rows: readonly (readonly number[])[], sizes?: readonly number[]): Operand {
  const numbers = rows.flatMap((row) => row.map((at, axis) => sizes && at < 0 ? at + (sizes[axis] ?? 0) : at));
  return operands.of(Int32Array.from(numbers), [rows.length, rows[0]?.length ?? 0]);
}

/** The bits of an operand's elements, with one NaN for all. */
export function plainBits(operand: Operand): number[] {
  return plain(bitsOf(operand), operand.dtype);
}

/** Bits of elements, with one NaN for all. */
export function plain(bits: Bits, dtype: DType): number[] {
  const infinity = { float32: 0x7f80_0000, float16: 0x7c00, bfloat16: 0x7f80 }[dtype as "float32"];
  const sign = dtype === "float32" ? 0x8000_0000 : 0x8000;
  return bits.map((x) => infinity !== undefined && x % sign > infinity ? infinity + 1 : x);
}

export { bitsOf, ofBits };
