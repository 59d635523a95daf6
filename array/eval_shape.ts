/**
 * Shapes and dtypes of what functions give, without computing it.
 *
 * @module
 */

import { outputAvals, writeProgram } from "../core/program.ts";
import type { NDArray } from "../core/ndarray.ts";
import { ShapeDtypeStruct } from "../core/shape_dtype_struct.ts";
import type { AnyFunction } from "../core/trace.ts";
import { avalLeaves, onLeaves } from "./_trees.ts";

/** A tree of arrays, with the shape and the dtype of each in its place. */
export type Shapes<T> = T extends NDArray | number | boolean | bigint ? ShapeDtypeStruct
  : T extends null | undefined ? T
  : T extends object ? { [Key in keyof T]: Shapes<T[Key]> }
  : T;

/**
 * The shapes and dtypes of what a function gives. The function runs, on arrays without elements; nothing is computed.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const a = new pz.ShapeDtypeStruct({ shape: [2000, 3000], dtype: "float32" });
 * const x = new pz.ShapeDtypeStruct({ shape: [3000, 1000], dtype: "float32" });
 * const out = pz.evalShape((a: pz.NDArray, x: pz.NDArray) => pz.np.tanh(pz.np.matmul(a, x)), a, x);
 * assert.deepEqual([out.shape, out.dtype], [[2000, 1000], "float32"]);
 * ```
 *
 * @param fn A function; what it gives is a tree of arrays. Which operations it does must not depend on elements.
 * @param args Its arguments: trees of arrays, or of {@linkcode ShapeDtypeStruct}s in their places.
 * @returns What it gives, each array replaced by its shape and dtype, weak dtypes marked as such.
 * @throws {Error} What the function throws, as if it were given arrays.
 *
 * JAX: `jax.eval_shape`.
 */
export function evalShape<Fn extends AnyFunction>(fn: Fn, ...args: readonly unknown[]): Shapes<ReturnType<Fn>> {
  const [avals, structure] = avalLeaves("evalShape", args);
  const flat = onLeaves("evalShape", (...own) => fn(...structure.unflatten(own) as unknown[]));
  const outputs = outputAvals(writeProgram("evalShape", flat.call, avals));
  return flat.treedef().unflatten(outputs.map((aval) => new ShapeDtypeStruct(aval))) as Shapes<ReturnType<Fn>>;
}
