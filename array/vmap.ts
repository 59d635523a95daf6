/**
 * Functions of one example as functions of many.
 *
 * @module
 */

import { type AnyFunction, named } from "../core/trace.ts";
import { describe } from "../core/aval.ts";
import type { NDArray } from "../core/ndarray.ts";
import { normalizeAxis } from "../core/shape.ts";
import { mapBatch } from "../core/vmap.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { leaves, structure } from "../tree/flatten.ts";
import { mapUntil } from "../tree/map.ts";
import { arrayLeaves, checkFunction, onLeaves } from "./_trees.ts";
import { moveaxis } from "./reshaping.ts";

/** The axis of each array that examples lie along, `null` where all have the same: one for all, or a tree of them. */
export type AxisTree = number | null | readonly AxisTree[] | { readonly [name: string]: AxisTree };

/** Along which axes the examples lie. */
export interface VmapOptions {
  /** Of the arguments: 0 if left out; a list has one for each argument, or a tree of them down to some depth. */
  readonly inAxes?: AxisTree;
  /** Of the results: 0 if left out; a tree has one for each result. */
  readonly outAxes?: AxisTree;
  /** How many examples there are, where no argument says so. */
  readonly axisSize?: number;
  /** What operations across the examples, as {@linkcode pz.lax.psum}, call their axis. */
  readonly axisName?: string;
}

function isAxis(value: unknown): value is number | null {
  return value === null || typeof value === "number";
}

/** The axis of each leaf of a tree. */
function axesOf(operand: "inAxes" | "outAxes", axes: AxisTree, tree: unknown): (number | null)[] {
  const found: (number | null)[] = [];
  const spread = (axis: number | null, below: unknown): null => {
    leaves(below).forEach(() => found.push(axis));
    return null;
  };
  if (isAxis(axes)) spread(axes, tree);
  else {
    try {
      mapUntil(isAxis, spread, axes, tree);
    } catch (error) {
      throw new ValueError(`Cannot vmap: ${operand} are of another structure than what they are for`, {
        op: "vmap",
        operand,
        actual: JSON.stringify(axes),
        expected: `an axis, or a tree that ${
          operand === "inAxes" ? "the list of arguments" : "what the function gives"
        } begins with: ${structure(tree)}`,
        remedy: "give each part its axis, or null",
        code: "vmap-axes",
        cause: error,
      });
    }
  }
  return found;
}

/** How many examples the arguments hold. */
function sizeOfBatch(inputs: readonly NDArray[], bdims: readonly (number | undefined)[], axisSize?: number): number {
  const sizes = [...new Set(inputs.flatMap((x, k) => bdims[k] === undefined ? [] : [x.shape[bdims[k]]!]))];
  if (axisSize !== undefined) sizes.unshift(...sizes.includes(axisSize) ? [] : [axisSize]);
  if (sizes.length === 1) return sizes[0]!;
  const none = sizes.length === 0;
  throw new ValueError(
    `Cannot vmap: ${none ? "nothing says how many examples there are" : "the numbers of examples differ"}`,
    {
      op: "vmap",
      operand: "inAxes",
      actual: inputs.map((x, k) => `${describe(x)} ${bdims[k] === undefined ? "as a whole" : `along ${bdims[k]}`}`)
        .join(", "),
      expected: none ? "an argument with an axis of examples" : `one size, not ${sizes.join(" and ")}`,
      remedy: none
        ? "name an axis of one argument, or pass axisSize"
        : "name the axis of each argument by inAxes, or null",
      code: "vmap-size",
    },
  );
}

/**
 * Maps a function over examples: it is written for one, and runs once on all.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const dot = (x: pz.NDArray, y: pz.NDArray) => x.mul(y).sum();
 * const x = pz.np.array([[1, 2], [3, 4]]);
 * const y = pz.np.array([10, 1]);
 * assert.deepEqual(pz.vmap(dot, { inAxes: [0, null] })(x, y).tolist(), [12, 34]);
 * ```
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param options Along which axes the examples lie.
 * @returns A function of the same arguments, with the axis of examples; what it gives has it, too. What does not depend on
 *   the example is repeated, unless its `outAxes` is `null`.
 * @throws {ValueError} From that function, if the numbers of examples differ or there is no such axis.
 *
 * JAX: `jax.vmap`.
 */
export function vmap<Fn extends AnyFunction>(fn: Fn, options: VmapOptions = {}): Fn {
  checkFunction("vmap", fn);
  const { inAxes = 0, outAxes = 0, axisSize, axisName } = options;
  const mapped = (...args: unknown[]): unknown => {
    const [inputs, structure] = arrayLeaves("vmap", args);
    const given = axesOf("inAxes", inAxes, args);
    const bdims = inputs.map((x, k) => given[k] === null ? undefined : normalizeAxis("vmap", given[k]!, x.ndim));
    const size = sizeOfBatch(inputs, bdims, axisSize);
    const flat = onLeaves("vmap", (...own) => fn(...structure.unflatten(own) as unknown[]));
    const [outputs, outDims] = mapBatch(size, flat.call, inputs, bdims, axisName, named("vmap", fn));
    const tree = flat.treedef().unflatten(outputs);
    const wanted = axesOf("outAxes", outAxes, tree);
    return flat.treedef().unflatten(outputs.map((y, k) => placed(y, outDims[k], wanted[k]!, size)));
  };
  return mapped as Fn;
}

/** A result with the axis of examples where it is wanted. */
function placed(y: NDArray, bdim: number | undefined, wanted: number | null, size: number): NDArray {
  if (wanted === null) {
    if (bdim === undefined) return y;
    throw new ValueError("Cannot vmap: a result depends on the example, but outAxes says that it does not", {
      op: "vmap",
      operand: "outAxes",
      actual: `null for a batch ${describe(y)}`,
      expected: "the number of an axis",
      remedy: "name the axis that the examples are to lie along",
      code: "vmap-out",
    });
  }
  const batch = bdim === undefined ? broadcastTo(y, [size, ...y.shape]) : y;
  const from = bdim ?? 0;
  return moveaxis(batch, from, normalizeAxis("vmap", wanted, batch.ndim));
}
