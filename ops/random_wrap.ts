/**
 * Random keys out of their words.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, notLinear, type Place, type Primitive, zeroTangent } from "../core/primitive.ts";
import { copy } from "../wasm/kernels/copy.ts";
import { contiguousStrides } from "../wasm/layout.ts";
import { NONE, type Plain } from "./_elementwise.ts";
import { vmapUnary } from "./_rules.ts";

/** Where keys lie among words, if each has its two next to each other, at a place that is a key's. */
function keysOf({ offset, shape, strides }: Place): Place | undefined {
  const batch = shape.slice(0, -1);
  if (shape.includes(0)) return { offset: 0, shape: batch, strides: contiguousStrides(batch) };
  const steps = batch.map((size, axis) => size === 1 ? 0 : strides[axis]!);
  if (strides.at(-1) !== 1 || [offset, ...steps].some((step) => step % 2 !== 0)) return undefined;
  return { offset: offset / 2, shape: batch, strides: steps.map((step) => step / 2) };
}

/** `key = (x[…, 0], x[…, 1])`: a view where the words lie as those of keys. */
export const randomWrapPrimitive: Primitive<Plain> = definePrimitive({
  name: "randomWrap",
  outputs: ([x]) => [{ shape: x!.shape.slice(0, -1), dtype: "prngKey", weakType: false }],
  view: keysOf,
  lower: ([output], [x]) => copy(output!, x!),
  jvp: zeroTangent("a key is no real number"),
  transpose: notLinear("randomWrap"),
  vmap: vmapUnary((x) => randomWrap(x)),
});

/**
 * Makes keys of their words: a view where it can be.
 *
 * @param words uint32, its last axis 2.
 * @returns The keys, of the shape of the other axes.
 */
export function randomWrap(words: NDArray): NDArray {
  return bindOne(randomWrapPrimitive, [words], NONE);
}
