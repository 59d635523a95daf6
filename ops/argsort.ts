/**
 * Places in order.
 *
 * A primitive of its own beside `sort`, because the kernel gives places without an operand that counts them.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive, zeroTangent } from "../core/primitive.ts";
import { argsort as argsortKernel } from "../wasm/kernels/sort.ts";
import { batchFirst } from "./_rules.ts";
import type { SortParams } from "./sort.ts";

/** The places that the elements of the operands, sorted together, come from. */
export const argsortPrimitive: Primitive<SortParams> = definePrimitive({
  name: "argsort",
  outputs: ([x]) => [{ shape: x!.shape, dtype: "int32", weakType: false }],
  view: neverView,
  lower: ([output], inputs, { dimension, numKeys, descending }) =>
    argsortKernel(output!, inputs, { axis: dimension, keys: numKeys, descending }),
  jvp: zeroTangent("places"),
  transpose: notLinear("argsort"),
  vmap: (size, inputs, bdims, params) => {
    const batches = inputs.map((x, k) => batchFirst(x, bdims[k], size));
    return [[bindOne(argsortPrimitive, batches, { ...params, dimension: params.dimension + 1 })], [0]];
  },
});

/**
 * Finds where sorted elements come from.
 *
 * @param operands The keys, of one shape, the first of them compared first.
 * @param params The axis, the number of keys, the direction.
 * @returns Places along the axis, int32.
 */
export function argsort(operands: readonly NDArray[], params: SortParams): NDArray {
  return bindOne(argsortPrimitive, operands, params);
}
