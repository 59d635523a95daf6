/**
 * Linear functions turned round.
 *
 * @module
 */

import { type Aval, describe } from "../core/aval.ts";
import { isFloating, isInteger } from "../core/dtype.ts";
import { pullBack } from "../core/linearize.ts";
import { dropUnused, outputAvals, writeProgram } from "../core/program.ts";
import type { AnyFunction } from "../core/trace.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { instantiate } from "../ops/zeros.ts";
import { flatten } from "../tree/flatten.ts";
import { map } from "../tree/map.ts";
import { sameShape } from "../wasm/layout.ts";
import { changeOf } from "./_rule_results.ts";
import { avalLeaves, floatOf, onLeaves } from "./_trees.ts";

function listOf(avals: readonly Aval[]): string {
  return avals.map(describe).join(", ");
}

/**
 * The transpose of a linear function: `ct => Aᵀ ct` of `x => A x`. It is what {@linkcode vjp} gives, without a forward pass.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const scalar = new pz.ShapeDtypeStruct({ shape: [], dtype: "float32" });
 * const f = (x: pz.NDArray, y: pz.NDArray) => x.mul(0.5).sub(y.mul(0.25));
 * const [x, y] = pz.linearTranspose(f, scalar, scalar)(1);
 * assert.deepEqual([x.item(), y.item()], [0.5, -0.25]);
 * ```
 *
 * @param fn A function that is linear in all of its arguments together; what it adds that does not depend on them is left out
 *   of account.
 * @param primals Trees of arrays, or of {@linkcode ShapeDtypeStruct}s in their places: their shapes and dtypes alone matter.
 * @returns A function of a cotangent of the result that gives the list of those of the arguments.
 * @throws {TypeError} If the function takes floats to integers, or integers to floats.
 * @throws {PenjingError} From that function, if `fn` is not linear.
 *
 * JAX: `jax.linear_transpose`.
 */
export function linearTranspose<Args extends readonly unknown[], Fn extends AnyFunction>(
  fn: Fn,
  ...primals: Args
  // deno-lint-ignore no-explicit-any -- cotangents have the structure of the arguments, in which arrays may stand as structs
): (cotangent: any) => any[] {
  const [avals, structure] = avalLeaves("linearTranspose", map(floatOf, primals));
  const flat = onLeaves("linearTranspose", (...own) => fn(...structure.unflatten(own) as unknown[]));
  const program = dropUnused(writeProgram("linearTranspose", flat.call, avals));
  const outputs = outputAvals(program);
  const all = [...avals, ...outputs];
  if (!all.every(({ dtype }) => isFloating(dtype)) && !all.every(({ dtype }) => isInteger(dtype))) {
    throw new TypeError(
      `Cannot linearTranspose: the function takes ${listOf(avals)} to ${listOf(outputs)}; ` +
        "transpose functions of floats to floats, or of integers to integers",
    );
  }
  const treedef = flat.treedef();
  return (cotangent) => {
    const [given, own] = flatten(cotangent);
    const cts = own === treedef ? given.map((ct, k) => changeOf("linearTranspose", ct, outputs[k]!)) : [];
    const fits = own === treedef &&
      cts.every((ct, k) => sameShape(ct.shape, outputs[k]!.shape) && ct.dtype === outputs[k]!.dtype);
    if (!fits) {
      throw new ValueError("Cannot linearTranspose: the cotangent does not fit what the function gives", {
        op: "linearTranspose",
        actual: own === treedef ? listOf(cts) : `${own}`,
        expected: `${listOf(outputs)}, as ${treedef}`,
        remedy: "pass a tree of the same structure, with arrays of the same shapes and dtypes",
        code: "tangents",
      });
    }
    return structure.unflatten(pullBack(program, cts, add).map(instantiate)) as unknown[];
  };
}
