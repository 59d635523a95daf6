/**
 * The pattern of a tree of arrays.
 *
 * @module
 */

import { mapUntil } from "../tree/mod.ts";
import { abstractOf, abstractOfArray } from "./_abstract.ts";
import { ArraySpec } from "./array_spec.ts";
import type { StructureAnnotation } from "./check_structure.ts";
import type { Dtype } from "../core/dtype.ts";
import { ANY, Wildcard } from "./wildcard.ts";

/**
 * The tree with the `ArraySpec` of each array in its place, and `ANY` in place of every other leaf.
 *
 * Numbers, booleans and bigints count as arrays without axes. Specs and wildcards stay as they are.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk, tree } from "@penjing/penjing/manual";
 *
 * const value = { x: new chk.ShapeDtypeStruct({ shape: [2, 3], dtype: "float32" }), name: "x" };
 * const pattern = { x: new chk.ArraySpec({ shape: [2, 3], dtype: "float32" }), name: chk.ANY };
 * assert(tree.equals(chk.asArrayStructure(value), pattern));
 * ```
 *
 * @param tree The tree.
 * @returns The pattern, which the tree matches.
 * @throws {ValueError} If an array has a dtype that is not known.
 */
export function asArrayStructure(tree: unknown): StructureAnnotation {
  const isLeaf = (value: unknown) =>
    value instanceof ArraySpec || value instanceof Wildcard || abstractOfArray(value) !== undefined;
  return mapUntil(
    isLeaf,
    (leaf: unknown) => {
      if (leaf instanceof ArraySpec || leaf instanceof Wildcard) return leaf;
      const array = abstractOf(leaf);
      return array === undefined ? ANY : new ArraySpec({ ...array, dtype: array.dtype as Dtype });
    },
    tree,
  );
}
