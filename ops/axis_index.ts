/**
 * The number of an example in its batch.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive, zeroTangent } from "../core/primitive.ts";
import { type CollectiveParams, withoutAxis } from "./_collective.ts";
import { iota } from "./iota.ts";

/** `y = i` for example `i`. */
export const axisIndexPrimitive: Primitive<CollectiveParams> = definePrimitive<CollectiveParams>({
  name: "axisIndex",
  outputs: () => [{ shape: [], dtype: "int32", weakType: false }],
  view: neverView,
  lower: withoutAxis("axisIndex"),
  jvp: zeroTangent("no operands"),
  transpose: notLinear("axisIndex"),
  // It goes across its own axis alone: to other batches it does not come.
  vmap: (size) => [[iota("int32", [size], 0)], [0]],
  axisName: ({ axisName }) => axisName,
});

/**
 * Counts the examples of a batch.
 *
 * @param axisName The axis of examples, which is in scope.
 * @returns The number of the example, an int32.
 */
export function axisIndex(axisName: string): NDArray {
  return bindOne(axisIndexPrimitive, [], { axisName });
}
