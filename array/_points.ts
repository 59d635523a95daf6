/**
 * Points at which functions are differentiated: trees of arrays, of which floats have tangents.
 *
 * @module
 */

import { constant, isScalar, kindOf } from "../core/constant.ts";
import { describe } from "../core/aval.ts";
import { isFloating } from "../core/dtype.ts";
import { float0 } from "../core/float0.ts";
import { NDArray } from "../core/ndarray.ts";
import { type Tangent, Zero } from "../core/primitive.ts";
import { weakFloat } from "../core/promotion.ts";
import { ValueError } from "../errors/mod.ts";
import { instantiate } from "../ops/zeros.ts";
import { flatten } from "../tree/flatten.ts";
import type { TreeDef } from "../tree/treedef.ts";
import { sameShape } from "../wasm/layout.ts";
import { arrayLeaves } from "./_trees.ts";

/** A tree of arrays. */
export interface Point {
  /** All arrays. */
  readonly leaves: readonly NDArray[];
  readonly structure: TreeDef;
  /** Those that have tangents. */
  readonly floats: readonly NDArray[];
}

/** The numbers of arguments, those from the end as well, counted from the first. */
export function argumentsAt(op: string, argnums: number | readonly number[], count: number): number[] {
  const numbers = (typeof argnums === "number" ? [argnums] : argnums).map((k) => k < 0 ? k + count : k);
  if (numbers.every((k) => Number.isInteger(k) && k >= 0 && k < count)) return numbers;
  throw new ValueError(`Cannot ${op}: there is no argument of this number`, {
    op,
    operand: "argnums",
    actual: `[${argnums}] of ${count} arguments`,
    expected: `whole numbers below ${count}`,
    remedy: "name arguments that the call has",
    code: "argnums",
  });
}

/** Of whichever arrays. */
export function pointOf(leaves: readonly NDArray[], structure: TreeDef): Point {
  return { leaves, structure, floats: leaves.filter(({ dtype }) => isFloating(dtype)) };
}

/**
 * A tree that is differentiated: a number of the language is a float, also if it is whole.
 *
 * @param op Who differentiates, for the error.
 * @param tree The tree.
 * @param allows Whether integers and bools may be among the arrays, and keys.
 */
export function pointAt(op: string, tree: unknown, allows: "floats" | "integers" | "all"): Point {
  const [leaves, structure] = flatten(tree);
  const arrays = leaves.map((leaf) => {
    if (typeof leaf === "number") return constant(weakFloat(leaf));
    if (leaf instanceof NDArray) {
      if (isFloating(leaf.dtype) || allows === "all") return leaf;
      if (allows === "integers" && leaf.dtype !== "prngKey") return leaf;
    } else if (isScalar(leaf) && allows !== "floats") return constant(leaf);
    const actual = leaf instanceof NDArray ? `an array of ${leaf.dtype}` : kindOf(leaf);
    throw new TypeError(
      `Cannot ${op}: what is differentiated holds ${actual}; pass floats, as x.astype("float32"), or leave it out by argnums`,
    );
  });
  return pointOf(arrays, structure);
}

/** All arrays of a point, floats replaced. */
export function withFloats({ leaves }: Point, floats: readonly NDArray[]): NDArray[] {
  let next = 0;
  return leaves.map((x) => isFloating(x.dtype) ? floats[next++]! : x);
}

/** A tree like a point's, of a value for each float, and of `float0`. */
export function treeOf({ leaves, structure }: Point, values: readonly unknown[]): unknown {
  let next = 0;
  return structure.unflatten(leaves.map((x) => isFloating(x.dtype) ? values[next++] : float0));
}

/** As {@linkcode treeOf}, of a tangent for each of all arrays. */
export function tangentTree({ leaves, structure }: Point, tangents: readonly Tangent[]): unknown {
  return structure.unflatten(tangents.map((dx, k) => isFloating(leaves[k]!.dtype) ? instantiate(dx) : float0));
}

/**
 * The tangents or cotangents of a tree: those of floats of their shapes and dtypes, those of others `float0`.
 *
 * @param op Who takes them, for the error.
 * @param point What they belong to.
 * @param tree The tangents.
 * @returns A tangent for each of all arrays.
 */
export function tangentsAt(op: string, { leaves, structure }: Point, tree: unknown): readonly Tangent[] {
  const [given, treedef] = flatten(tree, { isLeaf: (value) => value === float0 });
  const arrays = given.map((dx) => {
    if (dx === float0) return undefined;
    return typeof dx === "number" ? constant(weakFloat(dx)) : arrayLeaves(op, [dx])[0][0]!;
  });
  const fits = treedef === structure && arrays.every((dx, k) => {
    const x = leaves[k]!;
    return isFloating(x.dtype) ? dx !== undefined && sameShape(dx.shape, x.shape) && dx.dtype === x.dtype : !dx;
  });
  if (fits) return arrays.map((dx, k) => dx ?? new Zero(leaves[k]!));
  const list = (all: readonly (NDArray | undefined)[]): string => all.map((x) => x ? describe(x) : "float0").join(", ");
  const expected = leaves.map((x) => isFloating(x.dtype) ? x : undefined);
  throw new ValueError(`Cannot ${op}: tangents or cotangents do not fit what they belong to`, {
    op,
    actual: `${list(arrays)}, as ${treedef}`,
    expected: `${list(expected)}, as ${structure}`,
    remedy: expected.includes(undefined)
      ? "pass trees of the same structure, with arrays of the same shapes and dtypes, and pz.float0 for what is no float"
      : "pass trees of the same structure, with arrays of the same shapes and dtypes",
    code: "tangents",
  });
}

/** The tangents of floats alone. */
export function ofFloats({ leaves }: Point, tangents: readonly Tangent[]): NDArray[] {
  return tangents.filter((dx, k): dx is NDArray => isFloating(leaves[k]!.dtype) && dx instanceof NDArray);
}
