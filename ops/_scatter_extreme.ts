/**
 * The derivative of scatters of minima and maxima.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { mul } from "./mul.ts";
import { again, gathered, type ScatterParams } from "./scatter.ts";
import { select } from "./select.ts";
import { sub } from "./sub.ts";
import { filled } from "./zeros.ts";

/**
 * The tangent of a scatter of minima or maxima: the mean of those that reached the result, the element itself included.
 *
 * Source: JAX, `jax/_src/lax/slicing.py` (`_scatter_extremal_jvp`).
 */
export function scatterExtremeJvp(
  x: NDArray,
  indices: NDArray,
  updates: NDArray,
  output: NDArray,
  dx: NDArray,
  du: NDArray,
  params: ScatterParams,
): NDArray {
  const at = (array: NDArray): NDArray => gathered(array, indices, updates.shape, params);
  const [zeros, ones] = [filled(0, updates), filled(1, updates)];
  const target = at(output);
  const succeeded = eq(updates, target);
  const retained = eq(at(x), target);
  // Dropped updates count as one, so that no derivative is divided by 0.
  const counted = (weights: NDArray): NDArray =>
    gathered(again(params, "add", filled(0, x), indices, weights), indices, updates.shape, params, 1);
  const successes = counted(select(succeeded, ones, zeros));
  // How many updates each place has: what its own tangent is taken off in as many parts.
  const visits = counted(ones);
  const shared = div(ones, add(successes, ones));
  const ofUpdates = select(succeeded, select(retained, shared, div(ones, successes)), zeros);
  const ofOperand = div(sub(select(retained, shared, zeros), ones), visits);
  return again(params, "add", dx, indices, add(mul(at(dx), ofOperand), mul(du, ofUpdates)));
}
