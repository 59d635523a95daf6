/**
 * Lines that optimizations do not cross.
 *
 * @module
 */

import { optimizationBarrier as barrier } from "../ops/optimization_barrier.ts";
import { arrayLeaves } from "./_trees.ts";

/**
 * Keeps a compiler from knowing arrays again: what is computed of the results is computed for itself, after the operands.
 * Outside of compiled functions it does nothing.
 *
 * @param operand A tree of arrays.
 * @returns A tree of the same arrays.
 *
 * JAX: `jax.lax.optimization_barrier`.
 */
export function optimizationBarrier<T>(operand: T): T {
  const [leaves, structure] = arrayLeaves("optimizationBarrier", operand);
  return structure.unflatten(leaves.map(barrier)) as T;
}
