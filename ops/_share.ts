/**
 * Whose change an extremum follows.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { eq } from "./eq.ts";
import { filled } from "./zeros.ts";
import { select } from "./select.ts";

/** The derivative of an extremum `z` of `x` and `y` by `x`: 1 where it is `x`, 1/2 where it is both, 0 elsewhere. */
export function shareOf(x: NDArray, y: NDArray, z: NDArray): NDArray {
  const ofMine = select(eq(y, z), filled(0.5, z), filled(1, z));
  return select(eq(x, z), ofMine, filled(0, z));
}
