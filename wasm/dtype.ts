/**
 * Element types as memory has them: numbers of the plan format, sizes, typed arrays.
 *
 * @module
 */

/** The name of an element type, as JAX writes it. */
export type DType =
  | "float32"
  | "float16"
  | "bfloat16"
  | "int8"
  | "int16"
  | "int32"
  | "uint8"
  | "uint16"
  | "uint32"
  | "bool";

/** A typed array that can hold the elements of some dtype. */
export type ElementArray = Float32Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** A constructor of an {@linkcode ElementArray} over a buffer. */
export type ElementArrayConstructor = {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ElementArray;
  new (length: number): ElementArray;
  readonly BYTES_PER_ELEMENT: number;
};

/** What the engine knows of a dtype. */
export interface DTypeInfo {
  /** Its number in the plan format (`core-rs/src/dtype.rs`). */
  readonly code: number;
  /** Bytes of one element. */
  readonly size: 1 | 2 | 4;
  /** The typed array over its storage; float16 and bfloat16 show their bits. */
  readonly array: ElementArrayConstructor;
}

/** Every dtype, in the order of its number. */
export const DTYPES: { readonly [name in DType]: DTypeInfo } = {
  float32: { code: 0, size: 4, array: Float32Array },
  float16: { code: 1, size: 2, array: Uint16Array },
  bfloat16: { code: 2, size: 2, array: Uint16Array },
  int8: { code: 3, size: 1, array: Int8Array },
  int16: { code: 4, size: 2, array: Int16Array },
  int32: { code: 5, size: 4, array: Int32Array },
  uint8: { code: 6, size: 1, array: Uint8Array },
  uint16: { code: 7, size: 2, array: Uint16Array },
  uint32: { code: 8, size: 4, array: Uint32Array },
  bool: { code: 9, size: 1, array: Uint8Array },
};

/** The dtypes' names, at the index of their number. */
export const DTYPE_NAMES: readonly DType[] = Object.keys(DTYPES) as DType[];

/** Whether a dtype is one that the engine computes with as float32. */
export function isFloat(dtype: DType): boolean {
  return DTYPES[dtype].code <= DTYPES.bfloat16.code;
}
