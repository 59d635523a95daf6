/**
 * Order, as sorting has it: NaN are equal, and above all others.
 *
 * @module
 */

import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { takeAlong } from "../ops/take_along.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { argsort as argsortOp } from "../ops/argsort.ts";
import { eq } from "../ops/eq.ts";
import { le } from "../ops/le.ts";
import { lt } from "../ops/lt.ts";
import { ne } from "../ops/ne.ts";
import { or } from "../ops/or.ts";
import { select } from "../ops/select.ts";
import { shiftRightLogical } from "../ops/shift_right_logical.ts";
import { sort as sortOp } from "../ops/sort.ts";
import { filled } from "../ops/zeros.ts";
import { takeRows } from "./_rows.ts";

/** On which side of equal elements a place is: before all of them, or after. */
export type Side = "left" | "right";

/** The most keys that the kernel compares at once. */
const MAX_KEYS = 8;

/** Elements of one array in order along an axis. */
export function sortAlong(x: NDArray, dimension: number): NDArray {
  return sortOp([x], { dimension, numKeys: 1, descending: false })[0]!;
}

/**
 * The order of rows of keys, the first of which counts most: by the last ones first, as many at once as the kernel
 * takes.
 */
export function orderOf(keys: readonly NDArray[], dimension: number): NDArray {
  let order: NDArray | undefined;
  for (let end = keys.length; end > 0; end -= MAX_KEYS) {
    const some = keys.slice(Math.max(end - MAX_KEYS, 0), end);
    const params = { dimension, numKeys: some.length, descending: false };
    const before = order;
    const next = argsortOp(before === undefined ? some : some.map((key) => takeAlong(key, before, dimension)), params);
    order = before === undefined ? next : takeAlong(before, next, dimension);
  }
  return order!;
}

/** Whether places left of an element are wanted, in the order of sorting: NaN are equal, and above all others. */
function isBefore(query: NDArray, element: NDArray, side: Side): NDArray {
  const compared = side === "left" ? le(query, element) : lt(query, element);
  if (!isFloating(query.dtype)) return compared;
  const isNan = ne(element, element);
  return or(compared, side === "left" ? isNan : and(isNan, eq(query, query)));
}

/** The places of queries in a sorted array of the same dtype, by halving. */
export function placesIn(sorted: NDArray, query: NDArray, side: Side): NDArray {
  const size = sorted.shape[0]!;
  const type = { shape: query.shape, dtype: "int32", weakType: false } as const;
  let [low, high] = [filled(0, type), filled(size, type)];
  const one = filled(1, type);
  for (let span = size; span > 0; span >>= 1) {
    const middle = shiftRightLogical(add(low, high), one);
    const goesLeft = isBefore(query, takeRows(sorted, middle, 0, { mode: "clip" }), side);
    [low, high] = [select(goesLeft, low, middle), select(goesLeft, middle, high)];
  }
  return high;
}
