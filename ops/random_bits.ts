/**
 * Random bits of keys.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive, zeroTangent } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import { type RandomLayout, threefryOfKeys } from "./_threefry.ts";
import { vmapUnary } from "./_rules.ts";

export type { RandomLayout } from "./_threefry.ts";

/** What is drawn from each key. */
export interface RandomBitsParams {
  /** The shape that is drawn from each key. */
  readonly shape: Shape;
  /** Bits of each element. */
  readonly bitWidth: 8 | 16 | 32;
  /** How the counters are laid out. */
  readonly layout: RandomLayout;
}

/** `y[k…, i…]` are the bits that key `k…` gives at counter `i…`, counted in row-major order. */
export const randomBitsPrimitive: Primitive<RandomBitsParams> = definePrimitive<RandomBitsParams>({
  name: "randomBits",
  outputs: ([keys], { shape, bitWidth }) => [
    { shape: [...keys!.shape, ...shape], dtype: `uint${bitWidth}`, weakType: false },
  ],
  view: neverView,
  lower: ([output], [keys], { layout }) => threefryOfKeys(output!, keys!, layout),
  jvp: zeroTangent("bits are integers"),
  transpose: notLinear("randomBits"),
  vmap: vmapUnary((keys, params) => bindOne(randomBitsPrimitive, [keys], params)),
});

/**
 * Draws bits.
 *
 * @param keys Keys of any shape; each draws by itself.
 * @param params What is drawn from each.
 * @returns Unsigned integers of the shape of the keys, followed by what each draws.
 */
export function randomBits(keys: NDArray, params: RandomBitsParams): NDArray {
  return bindOne(randomBitsPrimitive, [keys], params);
}
