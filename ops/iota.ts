/**
 * Places along an axis.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive, zeroTangent } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import type { DType } from "../wasm/dtype.ts";
import { iota as iotaKernel } from "../wasm/kernels/iota.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";

/** How many numbers, and of which dtype. */
export interface IotaParams {
  /** Any but bool. */
  readonly dtype: DType;
  /** How many. */
  readonly size: number;
}

/** `y[i] = i`. */
export const iotaPrimitive: Primitive<IotaParams> = definePrimitive({
  name: "iota",
  outputs: (_inputs, { dtype, size }) => [{ shape: [size], dtype, weakType: false }],
  view: neverView,
  lower: ([output]) => iotaKernel(output!),
  jvp: zeroTangent("no operands"),
  transpose: notLinear("iota"),
  vmap: (_size, _inputs, _bdims, params) => [[bindOne(iotaPrimitive, [], params)], [undefined]],
});

/**
 * Counts along an axis: `y[i…] = i[axis]`.
 *
 * @param dtype The dtype, any but bool. Integers wrap, floats round to nearest.
 * @param shape The shape.
 * @param axis The axis, counted from the first.
 * @returns The places; along the other axes a view that repeats them.
 */
export function iota(dtype: DType, shape: Shape, axis: number): NDArray {
  return broadcastInDim(bindOne(iotaPrimitive, [], { dtype, size: shape[axis]! }), shape, [axis]);
}
