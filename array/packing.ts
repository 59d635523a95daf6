/**
 * Bits in bytes.
 *
 * @module
 */

import { asArray, fromElements } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { and } from "../ops/and.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { expandDims } from "../ops/expand_dims.ts";
import { mul } from "../ops/mul.ts";
import { pad } from "../ops/pad.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { shiftRightLogical } from "../ops/shift_right_logical.ts";
import { sliceInDim } from "../ops/slice.ts";
import { filled } from "../ops/zeros.ts";
import { moveaxis, ravel } from "./reshaping.ts";

/** Along which axis bits lie, and in which order. */
export interface PackOptions {
  /** The axis; the flattened array if left out. */
  readonly axis?: number | null;
  /** Which bit of a byte comes first: "big", the highest, if left out. */
  readonly bitorder?: "big" | "little";
}

/** Options of {@linkcode unpackbits}. */
export interface UnpackOptions extends PackOptions {
  /** How many bits to give along the axis: zeros beyond those that are there; a negative number takes off the end. */
  readonly count?: number | null;
}

const BYTE = { dtype: "uint8", weakType: false } as const;

/** The places of bits in a byte, in their order. */
function placesOf(op: string, bitorder: "big" | "little"): number[] {
  const places = [0, 1, 2, 3, 4, 5, 6, 7];
  if (bitorder === "little") return places;
  if (bitorder === "big") return places.reverse();
  throw new ValueError(`Cannot ${op}: there is no such order of bits`, {
    op,
    operand: "bitorder",
    actual: JSON.stringify(bitorder),
    expected: '"big" or "little"',
    remedy: "name one of these, or leave it out",
    code: "bitorder",
  });
}

/** The array with the axis last. */
function withLast(op: string, x: ArrayLike, axis: number | null | undefined): readonly [NDArray, number] {
  const own = asArray(op, x);
  if (axis === null || axis === undefined) return [ravel(own), 0];
  const at = normalizeAxis(op, axis, own.shape.length);
  return [moveaxis(own, at, -1), at];
}

function padded(x: NDArray, size: number): NDArray {
  const last = x.shape.length - 1;
  const zero = filled(0, { shape: [], ...BYTE });
  return pad(x, zero, x.shape.map((own, axis) => axis === last ? [0, size - own, 0] as const : [0, 0, 0] as const));
}

/**
 * Packs eight elements into a byte: 1 where they are other than 0.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.packbits(pz.np.array([1, 0, 0, 0, 0, 0, 0, 1])).tolist(), [129]);
 * ```
 *
 * @param x An array of integers or bools.
 * @param options The axis, and the order of bits.
 * @returns The bytes, uint8; the last one is filled up with zeros.
 * @throws {TypeError} If the array holds floats.
 *
 * JAX: `jax.numpy.packbits`.
 */
export function packbits(x: ArrayLike, options: PackOptions = {}): NDArray {
  const { axis, bitorder = "big" } = options;
  const [own, at] = withLast("packbits", x, axis);
  if (isFloating(own.dtype) || own.dtype === "prngKey") {
    throw new TypeError(
      `Cannot packbits: the array holds ${own.dtype}; pass integers or booleans, as np.notEqual gives`,
    );
  }
  const bits = convertElementType(convertElementType(own, { dtype: "bool", weakType: false }), BYTE);
  const length = bits.shape.at(-1)!;
  const bytes = Math.ceil(length / 8);
  const grouped = reshape(padded(bits, bytes * 8), [...bits.shape.slice(0, -1), bytes, 8]);
  const weights = fromElements(placesOf("packbits", bitorder).map((place) => 2 ** place), [8], "uint8");
  const packed = reduceSum(mul(grouped, broadcastTo(weights, grouped.shape)), [grouped.shape.length - 1]);
  return moveaxis(packed, -1, at);
}

/**
 * Unpacks bytes into their bits.
 *
 * @param x An array of uint8.
 * @param options The axis, the order of bits, and how many to give.
 * @returns The bits, 0 and 1, uint8.
 * @throws {TypeError} If the array holds anything but uint8.
 *
 * JAX: `jax.numpy.unpackbits`.
 */
export function unpackbits(x: ArrayLike, options: UnpackOptions = {}): NDArray {
  const { axis, bitorder = "big", count } = options;
  const [own, at] = withLast("unpackbits", x, axis);
  if (own.dtype !== "uint8") {
    throw new TypeError(`Cannot unpackbits: the array holds ${own.dtype}; pass uint8, by astype("uint8")`);
  }
  const shape = [...own.shape, 8];
  const places = fromElements(placesOf("unpackbits", bitorder), [8], "uint8");
  const shifted = shiftRightLogical(
    broadcastTo(expandDims(own, [own.shape.length]), shape),
    broadcastTo(places, shape),
  );
  const total = own.shape.at(-1)! * 8;
  const bits = reshape(and(shifted, filled(1, { shape, ...BYTE })), [...own.shape.slice(0, -1), total]);
  const wanted = count === null || count === undefined ? total : count < 0 ? Math.max(total + count, 0) : count;
  const given = wanted > total ? padded(bits, wanted) : sliceInDim(bits, 0, wanted, bits.shape.length - 1);
  return moveaxis(given, -1, at);
}
