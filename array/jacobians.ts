/**
 * Matrices of derivatives.
 *
 * @module
 */

import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { AnyFunction } from "../core/trace.ts";
import { reshape } from "../ops/reshape.ts";
import { filled } from "../ops/zeros.ts";
import type { TreeDef } from "../tree/treedef.ts";
import { argumentsAt, pointAt, treeOf } from "./_points.ts";
import { arrayLeaves, checkFunction } from "./_trees.ts";
import { type AuxOptions, linearizationOf } from "./derivatives.ts";
import { eye } from "./ranges.ts";
import { moveaxis } from "./reshaping.ts";
import { vmap } from "./vmap.ts";

/** By which argument derivatives are taken. */
export interface JacobianOptions extends AuxOptions {
  /** The number of the argument, or of several: the first if left out. They are trees of arrays of floats. */
  readonly argnums?: number | readonly number[];
  /** Of {@linkcode jacrev}: whether it may hold integers and bools, whose derivatives are {@linkcode float0}. */
  readonly allowInt?: boolean;
}

/** What is differentiated of a function's arguments, one or a list, and the function of that alone. */
function parted(
  op: string,
  fn: AnyFunction,
  args: readonly unknown[],
  argnums: number | readonly number[],
): [x: unknown, fn: (x: unknown) => unknown] {
  const numbers = argumentsAt(op, argnums, args.length);
  if (typeof argnums === "number") return [args[numbers[0]!], (x) => fn(...args.with(numbers[0]!, x))];
  const all = (x: unknown): unknown[] =>
    args.map((arg, k) => numbers.includes(k) ? (x as unknown[])[numbers.indexOf(k)] : arg);
  return [numbers.map((k) => args[k]), (x) => fn(...all(x))];
}

/** For one leaf of several, all trees that are 1 at one of its elements and 0 elsewhere, along a new first axis. */
function basis(leaves: readonly NDArray[], structure: TreeDef, of: number): unknown {
  const { size, shape, dtype } = leaves[of]!;
  const ones = reshape(eye(size, { dtype }), [size, ...shape]);
  return structure.unflatten(
    leaves.map((x, k) => k === of ? ones : filled(0, { ...typeOf(x), shape: [size, ...x.shape] })),
  );
}

function typeOf({ shape, dtype, weakType }: NDArray): Pick<NDArray, "shape" | "dtype" | "weakType"> {
  return { shape, dtype, weakType };
}

/** Throws unless what a function gives can be differentiated. */
function checkFloats(op: string, outputs: readonly NDArray[]): void {
  const odd = outputs.find(({ dtype }) => !isFloating(dtype));
  if (odd === undefined) return;
  throw new TypeError(
    `Cannot ${op}: the function gives an array of ${odd.dtype}; return floats, as x.astype("float32")`,
  );
}

/**
 * All derivatives of a function, backwards: a pass for each element of what it gives. Best where these are few.
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param options By which argument.
 * @returns A function of the same arguments. It gives what `fn` gives, each array `y` of it replaced by the argument's tree,
 *   in which each array `x` is the derivatives `[...y.shape, ...x.shape]`. With `hasAux` it gives a pair, of which the second
 *   is what the function gave beside.
 *
 * JAX: `jax.jacrev`.
 */
export function jacrev(fn: AnyFunction, options: JacobianOptions = {}): AnyFunction {
  const { argnums = 0, allowInt = false, hasAux = false } = options;
  checkFunction("jacrev", fn);
  return (...args: unknown[]) => {
    const [x, of] = parted("jacrev", fn, args, argnums);
    const point = pointAt("jacrev", x, allowInt ? "integers" : "floats");
    const { value, aux, pullback } = linearizationOf("jacrev", of, [x], { hasAux });
    const [outputs, outStructure] = arrayLeaves("jacrev", value);
    checkFloats("jacrev", outputs);
    const jacobian = outStructure.unflatten(outputs.map((y, k) => {
      const rows = vmap((ct: unknown) => (pullback(ct) as unknown[])[0])(basis(outputs, outStructure, k));
      const [derivatives] = arrayLeaves("jacrev", rows);
      return treeOf(point, derivatives.map((d, at) => reshape(d, [...y.shape, ...point.floats[at]!.shape])));
    }));
    return hasAux ? [jacobian, aux] : jacobian;
  };
}

/**
 * All derivatives of a function, forwards: a pass for each element of the argument. Best where these are few.
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param options By which argument.
 * @returns As of {@linkcode jacrev}.
 *
 * JAX: `jax.jacfwd`.
 */
export function jacfwd(fn: AnyFunction, { argnums = 0, hasAux = false }: JacobianOptions = {}): AnyFunction {
  checkFunction("jacfwd", fn);
  return (...args: unknown[]) => {
    const [x, of] = parted("jacfwd", fn, args, argnums);
    const { leaves: inputs, structure: inStructure } = pointAt("jacfwd", x, "floats");
    const { value, aux, pushforward } = linearizationOf("jacfwd", of, [x], { hasAux });
    const [outputs, outStructure] = arrayLeaves("jacfwd", value);
    checkFloats("jacfwd", outputs);
    const columns = inputs.map((_, at) => arrayLeaves("jacfwd", vmap(pushforward)(basis(inputs, inStructure, at)))[0]);
    const jacobian = outStructure.unflatten(
      outputs.map((y, k) =>
        inStructure.unflatten(
          inputs.map((x, at) => reshape(moveaxis(columns[at]![k]!, 0, -1), [...y.shape, ...x.shape])),
        )
      ),
    );
    return hasAux ? [jacobian, aux] : jacobian;
  };
}

/**
 * All second derivatives of a function.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const f = (x: pz.NDArray) => x.get(0).mul(x.get(1)).add(x.get(0).pow(2));
 * assert.deepEqual(pz.hessian(f)(pz.np.array([1.5, 2])).tolist(), [[2, 1], [1, 0]]);
 * ```
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param options By which argument.
 * @returns A function of the same arguments, that gives the derivatives of the derivatives.
 *
 * JAX: `jax.hessian`.
 */
export function hessian(fn: AnyFunction, options: JacobianOptions = {}): AnyFunction {
  checkFunction("hessian", fn);
  return jacfwd(jacrev(fn, options), options);
}
