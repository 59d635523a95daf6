/**
 * The words of random keys.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { alwaysView, definePrimitive, notLinear, type Primitive, zeroTangent } from "../core/primitive.ts";
import { NONE, type Plain } from "./_elementwise.ts";
import { vmapUnary } from "./_rules.ts";

/** `x[…, 0]` and `x[…, 1]` are the words of the key: a view. */
export const randomUnwrapPrimitive: Primitive<Plain> = definePrimitive<Plain>({
  name: "randomUnwrap",
  outputs: ([keys]) => [{ shape: [...keys!.shape, 2], dtype: "uint32", weakType: false }],
  view: ({ offset, shape, strides }) => ({
    offset: offset * 2,
    shape: [...shape, 2],
    strides: [...strides.map((stride) => stride * 2), 1],
  }),
  lower: alwaysView("randomUnwrap"),
  jvp: zeroTangent("the words of a key are integers"),
  transpose: notLinear("randomUnwrap"),
  vmap: vmapUnary((keys) => randomUnwrap(keys)),
});

/**
 * Gives the words of keys: a view.
 *
 * @param keys Random keys.
 * @returns uint32, of the shape of the keys and a last axis of 2.
 */
export function randomUnwrap(keys: NDArray): NDArray {
  return bindOne(randomUnwrapPrimitive, [keys], NONE);
}
