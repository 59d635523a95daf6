/** JAX's values of the kernels (`tests/goldens`, made by `scripts/goldens`), and operands made of bits. */

import type { DType } from "../../../wasm/dtype.ts";
import { download, type Operand } from "../../../wasm/operand.ts";
import { fromBits, type Operands } from "../../_support.ts";
import integers from "../../goldens/integers.json" with { type: "json" };
import kernels from "../../goldens/kernels.json" with { type: "json" };
import rowwise from "../../goldens/rowwise.json" with { type: "json" };
import threefry from "../../goldens/threefry.json" with { type: "json" };

/** Bits of elements, unsigned. */
export type Bits = readonly number[];

/** What `kernels.json` has. */
export interface Goldens {
  readonly unary: Record<"exp" | "log" | "tanh", { x: Bits; exact: Bits }>;
  readonly sum: {
    all: { seed: number; scale: number; n: number; exact: number; absolute: number }[];
    axis: { seed: number; scale: number; shape: number[]; axis: number; exact: Bits }[];
  };
  readonly softmax: { shape: number[]; x: Bits; exact: Bits }[];
  readonly matmul: { lhs: Bits; rhs: Bits; rhs_dtype: DType; m: number; k: number; n: number; exact: Bits }[];
  readonly argument: {
    all: { x: Bits; argmax: number; argmin: number }[];
    axis: { shape: number[]; x: Bits; axis: number; argmax: Bits; argmin: Bits }[];
  };
  readonly take: { index: number[]; cases: { dtype: DType; mode: "clip" | "fill" | "wrap"; out: Bits }[] };
  readonly cast: Record<"f32" | "i32" | "u32", Record<string, Bits>>;
  readonly integer: ({ dtype: DType } & Record<string, Bits>)[];
}

/** What `rowwise.json` has. */
export interface RowwiseGoldens {
  readonly softmax: ({ dtype: DType; shape: number[] } & Record<"x" | "log_softmax" | "logsumexp", Bits> & {
    exact_log_softmax?: Bits;
    exact_logsumexp?: Bits;
  })[];
  readonly normalize: (
    & { dtype: DType; shape: number[] }
    & Record<"x" | "scale" | "bias" | "rms" | "rms_scale" | "layer" | "layer_scale" | "layer_both", Bits>
  )[];
  readonly rotary: ({ dtype: DType; shape: number[] } & Record<"x" | "cos" | "sin" | "out", Bits>)[];
}

/** Random bits of one key. */
export interface ThreefryRow {
  readonly mode: string;
  readonly key: Bits;
  readonly shape: number[];
  readonly count: number;
  readonly offset: string;
  readonly first: Bits;
  readonly last: Bits;
  readonly hash: number;
}

/** What `integers.json` has. */
export interface IntegerGoldens {
  readonly matmul: {
    readonly call: string;
    readonly lhs: Bits;
    readonly lhs_dtype: DType;
    readonly rhs: Bits;
    readonly rhs_dtype: DType;
    readonly m: number;
    readonly k: number;
    readonly n: number;
    readonly out: Bits;
    readonly out_dtype: DType;
  }[];
  readonly batched: { lhs: Bits; rhs: Bits; dtype: DType; out: Bits }[];
  readonly bits: (ThreefryRow & { readonly dtype: "uint8" | "uint16" })[];
}

/** Products of integers, and random words of 8 and 16 bits. */
export const integerGoldens = integers as unknown as IntegerGoldens;
/** Values of all families but random bits. */
export const goldens = kernels as unknown as Goldens;
/** Softmax's kin, normalizations, rotary embedding. */
export const rowwiseGoldens = rowwise as unknown as RowwiseGoldens;
/** Random bits. */
export const threefryGoldens = threefry as unknown as Record<"bits" | "pairs" | "split", ThreefryRow[]>;

/** An operand of any dtype from the bits of its elements. */
export function ofBits(operands: Operands, bits: Bits, dtype: DType, shape?: readonly number[]): Operand {
  if (dtype === "float32") {
    return operands.of(fromBits(bits), shape);
  }
  return operands.of([...bits], shape, dtype);
}

/** The bits of an operand's elements, unsigned. */
export function bitsOf(operand: Operand): number[] {
  const data = download(operand);
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT: size } = data;
  const Unsigned = size === 4 ? Uint32Array : size === 2 ? Uint16Array : Uint8Array;
  return Array.from(new Unsigned(buffer as ArrayBuffer, byteOffset, length));
}

/** The float that an element's bits are. */
export function decode(bits: number, dtype: DType): number {
  if (dtype === "float16") {
    const [sign, exponent, mantissa] = [bits >> 15 ? -1 : 1, bits >> 10 & 31, bits & 1023];
    return exponent === 31
      ? mantissa ? NaN : sign * Infinity
      : sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
  }
  return fromBits([dtype === "bfloat16" ? bits << 16 >>> 0 : bits])[0] ?? NaN;
}

/** Half a unit in the last place of a number near 1. */
export const ROUNDING: Partial<Record<DType, number>> = { float32: 2 ** -24, float16: 2 ** -11, bfloat16: 2 ** -8 };
