/**
 * Integers folded into random keys.
 *
 * @module
 */

import { bind, bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive, zeroTangent } from "../core/primitive.ts";
import { Elementwise } from "../wasm/elementwise.ts";
import { elementwise } from "../wasm/kernels/elementwise.ts";
import { NONE, type Plain } from "./_elementwise.ts";
import { batchFirst } from "./_rules.ts";
import { threefryBlock, wordsOf } from "./_threefry.ts";

let written: Elementwise | undefined;

/** The block function at the counter (0, x). */
function program(): Elementwise {
  if (written === undefined) {
    written = new Elementwise();
    const [k1, k2, x] = [written.load(0), written.load(1), written.load(2)];
    const [y0, y1] = threefryBlock(written, [k1, k2], [written.integer(0), x]);
    written.store(y0, 0);
    written.store(y1, 1);
  }
  return written;
}

/** `y[k…] = threefry2x32(key[k…], (0, x[k…]))`: all keys at once, by one elementwise program. */
export const randomFoldInPrimitive: Primitive<Plain> = definePrimitive<Plain>({
  name: "randomFoldIn",
  outputs: ([keys]) => [keys!],
  view: neverView,
  lower: ([output], [keys, x]) => elementwise(program(), wordsOf(output!), [...wordsOf(keys!), x!]),
  jvp: zeroTangent("a key is no real number"),
  transpose: notLinear("randomFoldIn"),
  vmap: (size, inputs, bdims) => [
    bind(randomFoldInPrimitive, inputs.map((x, k) => batchFirst(x, bdims[k], size)), NONE),
    [0],
  ],
});

/**
 * Folds integers into keys.
 *
 * @param keys Keys.
 * @param data uint32, of their shape.
 * @returns New keys.
 */
export function randomFoldIn(keys: NDArray, data: NDArray): NDArray {
  return bindOne(randomFoldInPrimitive, [keys, data], NONE);
}
