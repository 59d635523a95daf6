/**
 * Names of values, by which policies of checkpoints tell them.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { alwaysView, definePrimitive, type Primitive, Zero } from "../core/primitive.ts";
import { isArray, transposeUnary } from "./_rules.ts";

/** The parameters of a name. */
export interface CheckpointNameParams {
  /** The name. */
  readonly name: string;
}

/** `y = x`, with a name; its tangent has none. */
export const checkpointNamePrimitive: Primitive<CheckpointNameParams> = definePrimitive<CheckpointNameParams>({
  name: "checkpointName",
  outputs: ([x]) => [x!],
  view: (x) => x,
  lower: alwaysView("checkpointName"),
  jvp: (_primals, [dx], [y]) => [isArray(dx) ? dx : new Zero(y!)],
  transpose: transposeUnary((ct) => ct),
  vmap: (_size, [x], bdims, params) => [[bindOne(checkpointNamePrimitive, [x!], params)], bdims],
});

/**
 * Names an array.
 *
 * @param x The array.
 * @param name The name.
 * @returns A view of it.
 */
export function checkpointName(x: NDArray, name: string): NDArray {
  return bindOne(checkpointNamePrimitive, [x], { name });
}
