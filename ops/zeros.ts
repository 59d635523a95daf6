/**
 * Arrays of one number, as rules need them: views of a scalar.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { constant } from "../core/constant.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Tangent, Zero } from "../core/primitive.ts";
import type { DType } from "../wasm/dtype.ts";
import { broadcastTo } from "./broadcast_in_dim.ts";

/**
 * An array of one number.
 *
 * @param value The number.
 * @param like Shape and type of the array.
 * @returns A view that repeats it.
 */
export function filled(value: number, { shape, dtype, weakType }: Aval): NDArray {
  return broadcastTo(constant(value, { dtype: dtype as DType, weakType }), shape);
}

/** A tangent or cotangent, written out if it is zero. */
export function instantiate(tangent: Tangent): NDArray {
  return tangent instanceof Zero ? filled(0, tangent.aval) : tangent;
}
