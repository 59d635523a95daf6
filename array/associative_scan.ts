/**
 * Scans whose order does not matter.
 *
 * @module
 */

import { describe } from "../core/aval.ts";
import type { NDArray } from "../core/ndarray.ts";
import { normalizeAxis } from "../core/shape.ts";
import { associativeScan as associativeScanOp } from "../ops/associative_scan.ts";
import { checkFunction, checkSame } from "./_bodies.ts";
import { checkFit } from "./_lax_checks.ts";
import { arrayLeaves } from "./_trees.ts";

/** Along which axis, and from which end. */
export interface AssociativeScanOptions {
  /** Whether it begins at the end of the axis. */
  readonly reverse?: boolean;
  /** The axis: 0 if left out. */
  readonly axis?: number;
}

/**
 * Folds each place along an axis with all before it: `y[i] = f(f(x[0], x[1]), …, x[i])`, in a number of steps that grows
 * as the logarithm of the size.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * // h[i] = a[i] h[i - 1] + b[i], as pairs that can be folded in any order.
 * type Step = { a: pz.NDArray; b: pz.NDArray };
 * const follow = (first: Step, then: Step) => ({ a: first.a.mul(then.a), b: first.b.mul(then.a).add(then.b) });
 * const steps = { a: pz.np.array([2, 2, 2]), b: pz.np.array([1, 0, 1]) };
 * assert.deepEqual(pz.lax.associativeScan(follow, steps).b.tolist(), [1, 2, 5]);
 * ```
 *
 * @param fn Folds places: `a` lie before `b`. It is associative, takes many places at once, along the axis, and gives a tree
 *   of the structure and the types that it takes.
 * @param elems A tree of arrays, all as long along the axis.
 * @param options The axis and the direction.
 * @returns A tree of the same structure and shapes.
 * @throws {TypeError} If the function gives something else than it takes.
 * @throws {ValueError} If the arrays differ in size along the axis, or do not have it.
 *
 * JAX: `jax.lax.associative_scan`.
 */
export function associativeScan<Elems>(
  fn: (a: Elems, b: Elems) => Elems,
  elems: Elems,
  { reverse = false, axis = 0 }: AssociativeScanOptions = {},
): Elems {
  const op = "associativeScan";
  checkFunction(op, "the first argument", fn);
  const [arrays, structure] = arrayLeaves(op, elems);
  if (arrays.length === 0) return elems;
  const along = normalizeAxis(op, axis, arrays[0]!.ndim);
  const sizes = [...new Set(arrays.map((x) => x.shape[normalizeAxis(op, along, x.ndim)]!))];
  checkFit(op, sizes.length === 1, () => ({
    state: "the arrays differ in size along the axis",
    operand: "elems",
    actual: arrays.map(describe).join(", "),
    expected: `one size along axis ${axis}, not ${sizes.join(" and ")}`,
    remedy: "cut off or pad the longer ones",
  }));
  const combine = (a: readonly NDArray[], b: readonly NDArray[]): readonly NDArray[] => {
    const result = fn(structure.unflatten(a) as Elems, structure.unflatten(b) as Elems);
    const [own, ofResult] = arrayLeaves(op, result);
    checkSame(
      `Cannot ${op}: what the function takes and gives`,
      "return what was taken, folded",
      ["taken", structure, a],
      ["given", ofResult, own],
    );
    return own;
  };
  return structure.unflatten(associativeScanOp(combine, arrays, { axis: along, reverse })) as Elems;
}
