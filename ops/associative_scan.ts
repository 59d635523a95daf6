/**
 * Scans of any associative operation, made of slices and joins: what derivatives of cumulative operations are made of.
 *
 * Source: JAX, `jax/_src/lax/control_flow/loops.py` (`associative_scan`).
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { concatenate } from "./concatenate.ts";
import { reshape } from "./reshape.ts";
import { reverse } from "./reverse.ts";
import { sliceInDim } from "./slice.ts";

/** Along which axis, and from which end. */
export interface ScanParams {
  /** The axis, counted from the first. */
  readonly axis: number;
  /** Begins at the end of the axis. */
  readonly reverse: boolean;
}

/** Folds two places of a row, each of several arrays, into one: `a` lies before `b`. */
export type Combine = (a: readonly NDArray[], b: readonly NDArray[]) => readonly NDArray[];

/** `even[0], odd[0], even[1], odd[1], …` along an axis; there are as many of the odd ones, or one less. */
function interleave(even: NDArray, odd: NDArray, axis: number): NDArray {
  const n = odd.shape[axis]!;
  const apart = (x: NDArray): NDArray => reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)]);
  const pairs = concatenate([apart(sliceInDim(even, 0, n, axis)), apart(odd)], axis + 1);
  const joined = reshape(pairs, odd.shape.map((size, k) => k === axis ? 2 * size : size));
  return even.shape[axis] === n ? joined : concatenate([joined, sliceInDim(even, n, n + 1, axis)], axis);
}

/**
 * Folds each place along an axis with all before it, in a number of steps that grows as the logarithm of the size.
 *
 * Neighbors are folded into pairs, these scanned, and what lies between filled in: the tree of
 * `jax.lax.associative_scan`, so that ties are shared as there.
 *
 * @param combine Folds two places; associative.
 * @param arrays One or more arrays of one shape.
 * @param params The axis and the direction.
 * @returns As many arrays of that shape.
 */
export function associativeScan(combine: Combine, arrays: readonly NDArray[], params: ScanParams): readonly NDArray[] {
  const { axis } = params;
  const turned = (list: readonly NDArray[]): readonly NDArray[] =>
    params.reverse ? list.map((x) => reverse(x, [axis])) : list;
  const parts = (list: readonly NDArray[], start: number, limit: number, stride = 1): NDArray[] =>
    list.map((x) => sliceInDim(x, start, limit, axis, stride));
  const scan = (all: readonly NDArray[]): readonly NDArray[] => {
    const n = all[0]!.shape[axis]!;
    if (n < 2) return all;
    const [even, odd] = [parts(all, 0, n, 2), parts(all, 1, n, 2)];
    const half = odd[0]!.shape[axis]!;
    const odds = scan(combine(parts(even, 0, half), odd));
    const count = n - half - 1;
    const firsts = parts(even, 0, 1);
    const between = combine(parts(odds, 0, count), parts(even, 1, count + 1));
    return odds.map((x, k) => interleave(concatenate([firsts[k]!, between[k]!], axis), x, axis));
  };
  return turned(scan(turned(arrays)));
}
