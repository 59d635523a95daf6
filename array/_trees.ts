/**
 * Functions of trees as functions of their leaves: what transformations do to arguments and results.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { asArray, isScalar, kindOf, typeOf } from "../core/constant.ts";
import { arrayDtype } from "../core/dtype.ts";
import { NDArray } from "../core/ndarray.ts";
import { weakFloat } from "../core/promotion.ts";
import type { ShapeDtype } from "../core/shape_dtype_struct.ts";
import { flatten } from "../tree/flatten.ts";
import type { TreeDef } from "../tree/treedef.ts";

/** The leaves of a tree as arrays. */
export function arrayLeaves(op: string, tree: unknown): readonly [leaves: NDArray[], treedef: TreeDef] {
  const [leaves, treedef] = flatten(tree);
  return [leaves.map((leaf) => asArray(op, leaf)), treedef];
}

/** Whether a value says which shape and dtype an array has that it stands for. */
function isShaped(leaf: unknown): leaf is ShapeDtype {
  const { shape, dtype } = (leaf ?? {}) as { readonly shape?: unknown; readonly dtype?: unknown };
  return typeof dtype === "string" && Array.isArray(shape) && shape.every(Number.isInteger);
}

/**
 * The shapes and types of the leaves of a tree, of which no elements are wanted: arrays, scalars, or what stands for arrays,
 * as {@linkcode ShapeDtypeStruct}s do.
 */
export function avalLeaves(op: string, tree: unknown): readonly [avals: Aval[], treedef: TreeDef] {
  const [leaves, treedef] = flatten(tree);
  const avals = leaves.map((leaf): Aval => {
    if (leaf instanceof NDArray) return leaf;
    if (isScalar(leaf)) return { shape: [], ...typeOf(leaf) };
    if (!isShaped(leaf)) return asArray(op, leaf);
    const { shape, dtype, weakType = false } = leaf;
    return { shape, dtype: dtype === "prngKey" ? dtype : arrayDtype(op, dtype), weakType };
  });
  return [avals, treedef];
}

/** A leaf that is to be differentiated: a number of the language is a float, also if it is whole. */
export function floatOf(leaf: unknown): unknown {
  return typeof leaf === "number" ? weakFloat(leaf) : leaf;
}

/** A function of leaves, and the structure of what it gave last. */
export interface LeafFunction {
  /** The function. */
  readonly call: (...leaves: NDArray[]) => readonly NDArray[];
  /** The structure of its results. */
  treedef(): TreeDef;
  /** What it gave beside its results, whose arrays are the last of its outputs: as these came out of a transformation. */
  aux(outputs: readonly NDArray[]): unknown;
}

/** Throws unless a value is a function. */
export function checkFunction(op: string, fn: unknown): void {
  if (typeof fn !== "function") throw new TypeError(`Cannot ${op}: ${kindOf(fn)} is no function; pass one`);
}

/** A leaf of what a function gives, as an array. */
function resultOf(op: string, leaf: unknown): NDArray {
  if (leaf instanceof NDArray || isScalar(leaf) || ArrayBuffer.isView(leaf)) return asArray(op, leaf);
  const remedy = leaf instanceof Promise ? "wait for what it needs before" : "return arrays, or trees of them";
  throw new TypeError(`Cannot ${op}: the function gives ${kindOf(leaf)} among its results; ${remedy}`);
}

/** A function of trees as one of leaves. With `hasAux` it gives a pair; arrays of the second follow those of the first. */
export function onLeaves(op: string, fn: (...leaves: NDArray[]) => unknown, hasAux = false): LeafFunction {
  let structure: TreeDef | undefined;
  let [aux, auxStructure]: [readonly unknown[], TreeDef | undefined] = [[], undefined];
  return {
    call: (...leaves) => {
      let result = fn(...leaves);
      if (hasAux) {
        if (!Array.isArray(result) || result.length !== 2) {
          throw new TypeError(
            `Cannot ${op} with hasAux: the function gives ${kindOf(result)}; return a pair, [result, aux]`,
          );
        }
        let beside: unknown;
        [result, beside] = result;
        [aux, auxStructure] = flatten(beside);
      }
      const [results, treedef] = flatten(result);
      structure = treedef;
      return [...results.map((leaf) => resultOf(op, leaf)), ...aux.filter((leaf) => leaf instanceof NDArray)];
    },
    treedef: () => structure!,
    aux: (outputs) => {
      let next = structure!.numLeaves;
      return auxStructure?.unflatten(aux.map((leaf) => leaf instanceof NDArray ? outputs[next++] : leaf));
    },
  };
}
