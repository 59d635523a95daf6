/**
 * Many keys out of one.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive, zeroTangent } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import { type RandomLayout, threefryOfKeys } from "./_threefry.ts";
import { vmapUnary } from "./_rules.ts";

/** What each key is split into. */
export interface RandomSplitParams {
  /** The shape of the new keys of each key. */
  readonly shape: Shape;
  /** How the counters are laid out. */
  readonly layout: RandomLayout;
}

/** `y[k…, i…]` is the block of key `k…` at counter `i…`; in the legacy layout, the words of all of them in a row. */
export const randomSplitPrimitive: Primitive<RandomSplitParams> = definePrimitive<RandomSplitParams>({
  name: "randomSplit",
  outputs: ([keys], { shape }) => [{ shape: [...keys!.shape, ...shape], dtype: "prngKey", weakType: false }],
  view: neverView,
  lower: ([output], [keys], { layout }) =>
    threefryOfKeys(output!, keys!, layout === "partitionable" ? "pairs" : "legacy"),
  jvp: zeroTangent("a key is no real number"),
  transpose: notLinear("randomSplit"),
  vmap: vmapUnary((keys, params) => bindOne(randomSplitPrimitive, [keys], params)),
});

/**
 * Splits keys.
 *
 * @param keys Keys of any shape; each is split by itself.
 * @param params What each is split into.
 * @returns New keys, of the shape of the keys, followed by what each is split into.
 */
export function randomSplit(keys: NDArray, params: RandomSplitParams): NDArray {
  return bindOne(randomSplitPrimitive, [keys], params);
}
