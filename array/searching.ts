/**
 * Places in sorted arrays.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { ge } from "../ops/ge.ts";
import { reshape } from "../ops/reshape.ts";
import { reverse } from "../ops/reverse.ts";
import { select } from "../ops/select.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import { placesIn, type Side } from "./_order.ts";
import { takeRows } from "./_rows.ts";
import { asNumbers, asType, promoteDtypes } from "./promote.ts";

export type { Side };

/** Options of {@linkcode searchsorted}. */
export interface SearchOptions {
  /** On which side of equal elements: `"left"` if left out. */
  readonly side?: Side;
  /** The order that sorts the array, if it is not sorted: as `argsort` gives it. */
  readonly sorter?: ArrayLike;
  /** How to search; all ways give the same. */
  readonly method?: string;
}

/** Refuses arrays of another number of axes than one. */
function checkLine(op: string, operand: string, x: NDArray): void {
  if (x.shape.length === 1) return;
  throw new ValueError(`Cannot compute ${op}: the array to search has not one axis`, {
    op,
    operand,
    actual: `shape [${x.shape}]`,
    expected: "one axis",
    remedy: "flatten it, or map over its rows by vmap",
    code: "search-rank",
  });
}

/**
 * Finds where values would have to be put into a sorted array, so that it stays sorted. NaN go last.
 *
 * @param a The array, sorted, with one axis.
 * @param v The values.
 * @param options The side of equal elements; the order of `a` if it is not sorted.
 * @returns Places from 0 to the size of `a`, int32, of the shape of `v`.
 * @throws {ValueError} If `a` has not one axis, or there is no such side.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const a = pz.np.array([1, 2, 2, 3]);
 * assert.equal(pz.np.searchsorted(a, 2).item(), 1);
 * assert.equal(pz.np.searchsorted(a, 2, { side: "right" }).item(), 3);
 * ```
 *
 * JAX: `jax.numpy.searchsorted`.
 */
export function searchsorted(a: ArrayLike, v: ArrayLike, options: SearchOptions = {}): NDArray {
  const { side = "left", sorter } = options;
  if (side !== "left" && side !== "right") {
    throw new ValueError("Cannot compute searchsorted: there is no such side", {
      op: "searchsorted",
      operand: "side",
      actual: JSON.stringify(side),
      expected: '"left" or "right"',
      remedy: "name one of these",
      code: "search-side",
    });
  }
  const [line, query] = promoteDtypes("searchsorted", [a, v]);
  checkLine("searchsorted", "a", line!);
  const sorted = sorter === undefined
    ? line!
    : takeRows(line!, asType("searchsorted", sorter, { dtype: "int32", weakType: false }), 0, { mode: "clip" });
  return placesIn(sorted, query!, side);
}

/**
 * Finds between which bins values lie.
 *
 * @param x The values.
 * @param bins The edges, rising or falling, with one axis.
 * @param options With `right`, a value that is an edge belongs to the bin below it.
 * @returns The number of edges below each value, int32: 0 if it is below all of them.
 * @throws {ValueError} If the edges have not one axis.
 *
 * JAX: `jax.numpy.digitize`.
 */
export function digitize(x: ArrayLike, bins: ArrayLike, options: { readonly right?: boolean } = {}): NDArray {
  const [values, edges] = [asNumbers("digitize", x), asNumbers("digitize", bins)];
  checkLine("digitize", "bins", edges);
  const size = edges.shape[0]!;
  const side = options.right ? "left" : "right";
  if (size === 0) return filled(0, { shape: values.shape, dtype: "int32", weakType: false });
  const rising = searchsorted(edges, values, { side });
  const reversed = searchsorted(reverse(edges, [0]), values, { side });
  const falling = sub(filled(size, reversed), reversed);
  const isRising = ge(sliceInDim(edges, size - 1, size, 0), sliceInDim(edges, 0, 1, 0));
  return select(broadcastInDim(reshape(isRising, []), values.shape, []), rising, falling);
}
