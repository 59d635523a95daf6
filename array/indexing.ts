/**
 * Elements at an index: as NumPy reads them.
 *
 * @module
 */

import type { IndexedArray, IndexItem, NDArray } from "../core/ndarray.ts";
import { basicView } from "./_index_basic.ts";
import { gatherAt } from "./_index_plan.ts";
import { IndexedPlaces } from "./index_update.ts";

/**
 * The elements at an index.
 *
 * Items are integers, slices or texts such as `"1:3"` and `"..."`, `null` for a new axis, arrays of integers, and
 * masks, whose elements are read now. Negative places count from the end, and places outside are the nearest ones.
 * Without arrays among the items the result is a view.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[1, 2, 3], [4, 5, 6]]);
 * assert.deepEqual(x.get(0, "::-1").tolist(), [3, 2, 1]);
 * assert.deepEqual(x.get("...", pz.np.array([2, 0])).tolist(), [[3, 1], [6, 4]]);
 * ```
 *
 * @param x The array.
 * @param items The items of the index.
 * @returns The elements.
 * @throws {TypeError} If an item is a single boolean, a float or a list.
 * @throws {RangeError} If more axes are named than there are.
 * @throws {ValueError} If arrays among the items do not broadcast together, or a mask does not fit its axes.
 */
export function get(x: NDArray, ...items: IndexItem[]): NDArray {
  return basicView("get", x, items) ?? gatherAt("get", x, items, { mode: "clip" });
}

/**
 * The places of an array at an index, to make an array from it with other elements there.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([1, 2, 3]);
 * assert.deepEqual(x.at(pz.np.array([0, 0, 2])).add(10).tolist(), [21, 2, 13]);
 * assert.deepEqual(x.at("1:").set(0).tolist(), [1, 0, 0]);
 * assert.deepEqual(x.tolist(), [1, 2, 3]);
 * ```
 *
 * @param x The array.
 * @param items The items of the index, as those of {@linkcode get}.
 * @returns The places.
 *
 * JAX: `jax.numpy.ndarray.at`.
 */
export function at(x: NDArray, ...items: IndexItem[]): IndexedArray {
  return new IndexedPlaces(x, items);
}
