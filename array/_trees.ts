/**
 * Functions of trees as functions of their leaves: what transformations do to arguments and results.
 *
 * @module
 */

import { asArray, constant, kindOf } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import { NDArray } from "../core/ndarray.ts";
import { weakFloat } from "../core/promotion.ts";
import { flatten } from "../tree/flatten.ts";
import type { TreeDef } from "../tree/treedef.ts";

/** The leaves of a tree as arrays. */
export function arrayLeaves(op: string, tree: unknown): readonly [leaves: NDArray[], treedef: TreeDef] {
  const [leaves, treedef] = flatten(tree);
  return [leaves.map((leaf) => asArray(op, leaf)), treedef];
}

/** The leaves of a tree as floats: a number of the language is one, also if it is whole. */
export function floatLeaves(op: string, tree: unknown): readonly [leaves: NDArray[], treedef: TreeDef] {
  const [leaves, treedef] = flatten(tree);
  const floats = leaves.map((leaf) => {
    if (typeof leaf === "number") return constant(weakFloat(leaf));
    if (leaf instanceof NDArray && isFloating(leaf.dtype)) return leaf;
    const actual = leaf instanceof NDArray ? `an array of ${leaf.dtype}` : kindOf(leaf);
    throw new TypeError(
      `Cannot ${op}: what is differentiated holds ${actual}; pass floats, as x.astype("float32"), or leave it out by argnums`,
    );
  });
  return [floats, treedef];
}

/** A function of leaves, and the structure of what it gave last. */
export interface LeafFunction {
  /** The function. */
  readonly call: (...leaves: NDArray[]) => readonly NDArray[];
  /** The structure of its results. */
  treedef(): TreeDef;
  /** What it gave beside its results. */
  aux(): unknown;
}

/** A function of trees as one of leaves. With `hasAux` it gives a pair, of which the second is not traced any further. */
export function onLeaves(op: string, fn: (...leaves: NDArray[]) => unknown, hasAux = false): LeafFunction {
  let [structure, aux]: [TreeDef | undefined, unknown] = [undefined, undefined];
  return {
    call: (...leaves) => {
      let result = fn(...leaves);
      if (hasAux) {
        if (!Array.isArray(result) || result.length !== 2) {
          throw new TypeError(
            `Cannot ${op} with hasAux: the function gives ${kindOf(result)}; return a pair, [result, aux]`,
          );
        }
        [result, aux] = result;
      }
      const [arrays, treedef] = arrayLeaves(op, result);
      structure = treedef;
      return arrays;
    },
    treedef: () => structure!,
    aux: () => aux,
  };
}
