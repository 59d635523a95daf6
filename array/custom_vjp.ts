/**
 * Functions whose derivative is given backwards, in two parts: what the forward pass keeps, and what the backward pass makes
 * of it.
 *
 * @module
 */

import { type Aval, describe } from "../core/aval.ts";
import { bind } from "../core/bind.ts";
import type { DType } from "../wasm/dtype.ts";
import { isFloating } from "../core/dtype.ts";
import { Float0 } from "../core/float0.ts";
import { NDArray } from "../core/ndarray.ts";
import { type Tangent, Zero } from "../core/primitive.ts";
import type { AnyFunction } from "../core/trace.ts";
import { ValueError } from "../errors/mod.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { customVjpPrimitive, type ForwardRule } from "../ops/custom_vjp.ts";
import { instantiate } from "../ops/zeros.ts";
import { leaves, structure as structureOf } from "../tree/flatten.ts";
import { mapUntil } from "../tree/map.ts";
import { sameShape } from "../wasm/layout.ts";
import { argumentNumbers, type Arguments, partArguments } from "./_arguments.ts";
import { changeOf, inRule, type KnownResults, noting, pairOf, type RuleNames, valueOfRule } from "./_rule_results.ts";
import { arrayLeaves } from "./_trees.ts";
import { type CustomOptions, withoutRule } from "./custom_jvp.ts";

/** The rules of a function with a derivative of its own, as `defvjp` takes them, and which arguments have none. */
export interface CustomVjpOptions extends CustomOptions {
  /** What runs in place of the function. */
  readonly fwd?: AnyFunction;
  /** Takes cotangents back. */
  readonly bwd?: AnyFunction;
}

/** A function with a derivative of its own, backwards. */
export interface CustomVjp<Fn extends AnyFunction> {
  /** Calls it. */
  (...args: Parameters<Fn>): ReturnType<Fn>;
  /**
   * States the derivative.
   *
   * @param fwd Takes the function's arguments, and gives the pair of its result and a tree of arrays for `bwd`.
   * @param bwd Takes the arguments that are not differentiated, one by one, that tree, and the cotangent of the result, zeros
   *   where there is none. It gives the list of the cotangents of the arguments; `null` or `undefined` stands for zero, and
   *   what it gives for integers and bools is not read.
   */
  defvjp(fwd: AnyFunction, bwd: AnyFunction): void;
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** What a backward rule gives, leaf by leaf of the arguments; `undefined` stands for zero. */
function leavesOfCotangents(names: RuleNames, { structure }: Arguments, given: unknown): readonly unknown[] {
  const places = structure.unflatten(Array.from({ length: structure.numLeaves }, (_, k) => k)) as unknown[];
  const found: unknown[] = Array(structure.numLeaves).fill(undefined);
  const fill = (value: unknown, place: unknown): null => {
    if (isNothing(value)) return null;
    if (typeof place !== "number") throw new TypeError("a leaf in place of a tree");
    found[place] = value;
    return null;
  };
  const isLeaf = (value: unknown): boolean =>
    isNothing(value) || value instanceof Float0 || structureOf(value).kind === null;
  try {
    if (!Array.isArray(given) || given.length !== places.length) {
      throw new TypeError("no list of the arguments' length");
    }
    given.forEach((value, k) => mapUntil(isLeaf, fill, value, places[k]));
    return found;
  } catch (cause) {
    throw new TypeError(
      `${inRule(names)}: it gives ${structureOf(given)}, and the arguments are ${structure}; ` +
        "return a list with the cotangent of each argument, or null where that is zero",
      { cause },
    );
  }
}

/** The cotangent of an argument, of its shape and dtype. */
function cotangentOf(names: RuleNames, value: unknown, x: Aval, k: number): Tangent {
  if (value === undefined || !isFloating(x.dtype)) return new Zero(x);
  const ct = changeOf(names.op, value, x);
  if (sameShape(ct.shape, x.shape)) {
    return ct.dtype === x.dtype ? ct : convertElementType(ct, { dtype: x.dtype as DType, weakType: x.weakType });
  }
  throw new ValueError(`${inRule(names)}: a cotangent has another shape than its argument`, {
    op: names.op,
    operand: `array ${k} of the arguments`,
    actual: describe(ct),
    expected: describe(x),
    remedy: "sum over the axes along which the argument was repeated",
    code: "custom-cotangent",
  });
}

/** The rules of a call, as functions of leaves. */
function rulesOfLeaves(
  of: string,
  rules: { readonly fwd: AnyFunction; readonly bwd: AnyFunction },
  parts: Arguments,
  results: KnownResults,
): ForwardRule {
  const { structure, others, merge } = parts;
  const forward: RuleNames = { op: "customVjp", rule: "fwd", of };
  const backward: RuleNames = { op: "customVjp", rule: "bwd", of };
  return (primals) => {
    const result = rules.fwd(...merge(structure.unflatten(primals) as unknown[]));
    const [value, kept] = pairOf(forward, result, "[result, residuals]");
    const [outputs, treedef] = valueOfRule(forward, value, results.known);
    results.known ??= { structure: treedef, avals: outputs };
    const [residuals, ofResiduals] = arrayLeaves("customVjp", kept);
    const avals = primals.map(({ shape, dtype, weakType }) => ({ shape, dtype, weakType }));
    return {
      outputs,
      residuals,
      bwd: (own, cotangents) => {
        const given = rules.bwd(...others, ofResiduals.unflatten(own), treedef.unflatten(cotangents.map(instantiate)));
        return leavesOfCotangents(backward, parts, given).map((value, k) => cotangentOf(backward, value, avals[k]!, k));
      },
    };
  };
}

/** Throws if an argument that is not differentiated holds an array of a transformation. */
function checkConstant(of: string, value: unknown, k: number): void {
  if (!leaves(value).some((leaf) => leaf instanceof NDArray && leaf.tracedBy !== undefined)) return;
  throw new TypeError(
    `Cannot call the customVjp function "${of}": argument ${k}, which nondiffArgnums names, holds an array that is being ` +
      "traced; leave it out of nondiffArgnums, and let bwd give null for its cotangent",
  );
}

/**
 * A function whose derivative is given backwards: in reverse mode, `fwd` runs in its place, and `bwd` takes the cotangent of
 * the result to those of the arguments. Nothing is known of forward mode, which it refuses.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const clipGradient = pz.customVjp((x: pz.NDArray, limit: pz.NDArray) => x, {
 *   fwd: (x: pz.NDArray, limit: pz.NDArray) => [x, limit],
 *   bwd: (limit: pz.NDArray, ct: pz.NDArray) => [pz.np.clip(ct, limit.neg(), limit), null],
 * });
 * const loss = (x: pz.NDArray) => clipGradient(x, pz.np.array(0.5)).mul(3).sum();
 * assert.deepEqual(pz.grad(loss)(pz.np.ones(2)).tolist(), [0.5, 0.5]);
 * ```
 *
 * @param fn A function; its arguments and what it gives are trees of arrays. It and its rules may not hold what is being
 *   differentiated: that has to be an argument.
 * @param options Its rules, and arguments that are not differentiated, which may not hold arrays that are being traced.
 * @returns A function of the same arguments, which needs its rules, here or by `defvjp`, before it is called.
 * @throws {AttributeError} From that function, if it has no rules.
 * @throws {TypeError} From that function, if a rule gives trees that do not fit the function.
 * @throws {ValueError} From that function, if a cotangent has another shape than its argument.
 *
 * JAX: `jax.custom_vjp`.
 */
export function customVjp<Fn extends AnyFunction>(fn: Fn, options: CustomVjpOptions = {}): CustomVjp<Fn> {
  const of = options.name ?? (fn.name || "function");
  const numbers = argumentNumbers("customVjp", "nondiffArgnums", options.nondiffArgnums);
  const { fwd, bwd } = options;
  let rules = fwd && bwd && { fwd, bwd };
  const call = (...args: unknown[]): unknown => {
    if (rules === undefined) throw withoutRule("customVjp", of, "defvjp");
    const parts = partArguments("customVjp", args, numbers);
    numbers.forEach((k) => checkConstant(of, args[k], k));
    const { leaves, structure, merge } = parts;
    const results: KnownResults = { known: undefined };
    const run = (...xs: NDArray[]): unknown => fn(...merge(structure.unflatten(xs) as unknown[]));
    const outputs = bind(customVjpPrimitive, leaves, {
      name: of,
      program: noting(run, results, "customVjp"),
      held: 0,
      fwd: rulesOfLeaves(of, rules, parts, results),
    });
    return results.known!.structure.unflatten(outputs);
  };
  Object.defineProperty(call, "name", { value: of });
  return Object.assign(call as (...args: Parameters<Fn>) => ReturnType<Fn>, {
    defvjp: (fwd: AnyFunction, bwd: AnyFunction): void => {
      rules = { fwd, bwd };
    },
  });
}
