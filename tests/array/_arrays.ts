/**
 * What tests of arrays ask of them.
 *
 * @module
 */

import { EagerArray } from "../../core/eager.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { readNow } from "../../array/read.ts";

/** Whether two arrays lie in one block of memory. */
export function shareMemory(a: NDArray, b: NDArray): boolean {
  return a instanceof EagerArray && b instanceof EagerArray && a.storage === b.storage;
}

/** An array as one text: dtype, shape, elements, and a star if it is weak. */
export function text(x: NDArray): string {
  return `${x.dtype}${x.weakType ? "*" : ""}[${x.shape}] ${[...readNow("test", x)].join(" ")}`;
}
