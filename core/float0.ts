/**
 * Tangents of integers.
 *
 * Integers, bools and keys do not change by small steps: of all their tangents and cotangents there is but one, whatever the
 * shape. {@linkcode float0} is it. It holds no array: in trees it is a node without children, as `null` is, so that
 * compiled functions, batches and loops pass it on, and it cannot be mistaken for a zero that one could compute with.
 * JAX has arrays of dtype `float0` for this, which cannot be computed with, either; their shape is all that they hold.
 *
 * @module
 */

import { registerKind } from "../tree/node.ts";

/** The class of {@linkcode float0}. */
export class Float0 {
  /** The dtype's name, as JAX has it. */
  readonly dtype = "float0";

  /** Its text. */
  toString(): string {
    return "float0";
  }
}

/**
 * The only tangent, and the only cotangent, of an array of integers, of bools or of keys.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const power = (x: pz.NDArray, n: pz.NDArray) => x.pow(n);
 * const [y, dy] = pz.jvp(power, [pz.np.array(0.5), pz.np.array(2)], [pz.np.array(0.5), pz.float0]);
 * assert.deepEqual([y.item(), dy.item()], [0.25, 0.5]);
 * ```
 *
 * JAX: `jax.dtypes.float0`.
 */
export const float0: Float0 = Object.freeze(new Float0());

registerKind(Float0, {
  name: "float0",
  isFixed: () => true,
  metadataKey: () => "",
  keyOfMetadata: () => "",
  metadata: () => undefined,
  children: () => [],
  keys: () => [],
  build: () => float0,
});
