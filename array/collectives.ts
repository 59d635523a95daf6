/**
 * Operations across the examples of a batch, whose axis `vmap` has named.
 *
 * @module
 */

import { sizeOfAxis } from "../core/axes.ts";
import { asArray } from "../core/constant.ts";
import type { NDArray } from "../core/ndarray.ts";
import { normalizeAxis } from "../core/shape.ts";
import { add } from "../ops/add.ts";
import { allGather as allGatherOp } from "../ops/all_gather.ts";
import { axisIndex as axisIndexOp } from "../ops/axis_index.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { mul } from "../ops/mul.ts";
import { pmax as pmaxOp } from "../ops/pmax.ts";
import { pmin as pminOp } from "../ops/pmin.ts";
import { psum as psumOp } from "../ops/psum.ts";
import { reshape } from "../ops/reshape.ts";
import { filled } from "../ops/zeros.ts";
import { map } from "../tree/map.ts";
import { divide } from "./arithmetic.ts";

/** An axis of examples by its name, or several. */
export type AxisNames = string | readonly string[];

/** Where {@linkcode allGather} puts the examples. */
export interface AllGatherOptions {
  /** The axis of the result along which they lie: 0 if left out. */
  readonly axis?: number;
  /** Whether they are joined along an axis that each has, in place of a new one. */
  readonly tiled?: boolean;
}

/** The names, of which each has to be in scope. */
function namesOf(op: string, axisName: AxisNames): readonly string[] {
  const names = typeof axisName === "string" ? [axisName] : axisName;
  names.forEach((name) => sizeOfAxis(op, name));
  return names;
}

/** Reduces each array of a tree across each of the axes. */
function across<T>(
  op: string,
  x: T,
  axisName: AxisNames,
  reduce: (x: NDArray, name: string) => NDArray,
): T {
  const names = namesOf(op, axisName);
  return map((leaf: unknown) => names.reduce((y, name) => reduce(y, name), asArray(op, leaf)), x) as T;
}

/**
 * Sums over the examples: each has `y = Σ x` over all of them.
 *
 * Its derivative goes across them, too: a cotangent is the sum of those of all examples.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const share = (x: pz.NDArray) => x.div(pz.lax.psum(x, "i"));
 * assert.deepEqual(pz.vmap(share, { axisName: "i" })(pz.np.array([1, 2, 5])).tolist(), [0.125, 0.25, 0.625]);
 * ```
 *
 * @param x A tree of arrays; bools are summed as int32. A number stays one: it is taken as often as there are examples.
 * @param axisName The axis of examples, or several.
 * @returns The sums, of the same structure.
 * @throws {ValueError} If no axis of this name is in scope.
 *
 * JAX: `jax.lax.psum`.
 */
export function psum<T>(x: T, axisName: AxisNames): T {
  const size = axisSizeOf("psum", axisName);
  const names = namesOf("psum", axisName);
  return map((leaf: unknown) => {
    if (typeof leaf === "number") return leaf * size;
    const own = asArray("psum", leaf);
    const start = own.dtype === "bool" ? convertElementType(own, { dtype: "int32", weakType: false }) : own;
    return names.reduce((y, name) => psumOp(y, name), start);
  }, x) as T;
}

/**
 * Takes the mean over the examples: each has `y = Σ x / n`.
 *
 * @param x A tree of arrays; of integers the means are floats.
 * @param axisName The axis of examples, or several.
 * @returns The means, of the same structure.
 * @throws {ValueError} If no axis of this name is in scope.
 *
 * JAX: `jax.lax.pmean`.
 */
export function pmean<T>(x: T, axisName: AxisNames): T {
  const size = axisSizeOf("pmean", axisName);
  return map(
    (sum: unknown) => typeof sum === "number" ? sum / size : divide(sum as NDArray, size),
    psum(x, axisName),
  ) as T;
}

/**
 * Finds the largest elements over the examples: each has `y = max x`.
 *
 * @param x A tree of arrays.
 * @param axisName The axis of examples, or several.
 * @returns The elements, of the same structure. There is no derivative, as JAX has none: {@linkcode allGather} has one.
 * @throws {ValueError} If no axis of this name is in scope.
 *
 * JAX: `jax.lax.pmax`.
 */
export function pmax<T>(x: T, axisName: AxisNames): T {
  return across("pmax", x, axisName, pmaxOp);
}

/**
 * Finds the smallest elements over the examples: each has `y = min x`.
 *
 * @param x A tree of arrays.
 * @param axisName The axis of examples, or several.
 * @returns The elements, of the same structure. There is no derivative, as JAX has none: {@linkcode allGather} has one.
 * @throws {ValueError} If no axis of this name is in scope.
 *
 * JAX: `jax.lax.pmin`.
 */
export function pmin<T>(x: T, axisName: AxisNames): T {
  return across("pmin", x, axisName, pminOp);
}

/**
 * Gives each example all of them: `y[i] = x` of example `i`.
 *
 * @param x A tree of arrays.
 * @param axisName The axis of examples; of several the examples of the last lie next to each other.
 * @param options Where the examples are to lie.
 * @returns The arrays with an axis of examples, or, tiled, with one that is as many times longer.
 * @throws {ValueError} If no axis of this name is in scope.
 *
 * JAX: `jax.lax.all_gather`.
 */
export function allGather<T>(x: T, axisName: AxisNames, { axis = 0, tiled = false }: AllGatherOptions = {}): T {
  const names = namesOf("allGather", axisName);
  const size = axisSizeOf("allGather", axisName);
  return map((leaf: unknown) => {
    const own = asArray("allGather", leaf);
    const at = normalizeAxis("allGather", axis, tiled ? own.ndim : own.ndim + 1);
    const all = names.toReversed().reduce(
      (y, name) => allGatherOp(y, { axisName: name, axis: at, size: sizeOfAxis("allGather", name) }),
      own,
    );
    if (tiled) return reshape(all, own.shape.with(at, own.shape[at]! * size));
    return names.length === 1 ? all : reshape(all, own.shape.toSpliced(at, 0, size));
  }, x) as T;
}

/**
 * The number of an example among all of them.
 *
 * @param axisName The axis of examples; of several the numbers of the last count fastest.
 * @returns The number, an int32.
 * @throws {ValueError} If no axis of this name is in scope.
 *
 * JAX: `jax.lax.axis_index`.
 */
export function axisIndex(axisName: AxisNames): NDArray {
  const type = { shape: [], dtype: "int32", weakType: false } as const;
  const names = namesOf("axisIndex", axisName);
  if (names.length === 0) return filled(0, type);
  return names.map((name) => axisIndexOp(name)).reduce((index, inner, k) =>
    add(mul(index, filled(sizeOfAxis("axisIndex", names[k]!), type)), inner)
  );
}

/**
 * How many examples there are, as a number: shapes may depend on it.
 *
 * @param axisName The axis of examples; of several the product.
 * @returns Their number.
 * @throws {ValueError} If no axis of this name is in scope.
 *
 * JAX: `jax.lax.axis_size`.
 */
export function axisSize(axisName: AxisNames): number {
  return axisSizeOf("axisSize", axisName);
}

function axisSizeOf(op: string, axisName: AxisNames): number {
  return namesOf(op, axisName).reduce((product, name) => product * sizeOfAxis(op, name), 1);
}
