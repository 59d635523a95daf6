/**
 * Random bits.
 *
 * @module
 */

import { arrayDtype } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { randomBits } from "../ops/random_bits.ts";
import { asKey, checkShape, currentLayout } from "./key.ts";

/** What kind of elements to draw. */
export interface DtypeOptions {
  /** Their dtype. */
  readonly dtype?: string;
}

/** Bits of the dtypes of random bits. */
const WIDTH: Readonly<Record<string, 8 | 16 | 32>> = { uint8: 8, uint16: 16, uint32: 32 };

/** Draws bits of a key, which is one. */
export function drawBits(key: NDArray, shape: Shape, bitWidth: 8 | 16 | 32): NDArray {
  return randomBits(key, { shape, bitWidth, layout: currentLayout() });
}

/**
 * Draws random bits, as unsigned integers.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.random.bits(pz.random.key(0), [2]);
 * assert.deepEqual(x.tolist(), [4070199207, 4202968722]);
 * ```
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The dtype: uint32 if left out, uint16, uint8.
 * @returns The integers, all equally likely.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, or the dtype is no unsigned integer.
 *
 * JAX: `jax.random.bits`.
 */
export function bits(key: NDArray | Uint32Array, shape: number | Shape = [], options: DtypeOptions = {}): NDArray {
  const { keys } = asKey("bits", key);
  const dtype = arrayDtype("bits", options.dtype ?? "uint32");
  const width = WIDTH[dtype];
  if (width !== undefined) return drawBits(keys, checkShape("bits", shape), width);
  throw new ValueError("Cannot bits: the dtype is no unsigned integer", {
    op: "bits",
    operand: "dtype",
    actual: dtype,
    expected: "uint8, uint16 or uint32",
    remedy: "draw unsigned integers, and cast them by astype()",
    code: "random-dtype",
  });
}
