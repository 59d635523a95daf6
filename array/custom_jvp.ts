/**
 * Functions whose derivative is given, forwards; backwards it is the transpose of that.
 *
 * @module
 */

import { bind } from "../core/bind.ts";
import { isFloating } from "../core/dtype.ts";
import { Float0 } from "../core/float0.ts";
import { NDArray } from "../core/ndarray.ts";
import { type Tangent, Zero } from "../core/primitive.ts";
import type { AnyFunction } from "../core/trace.ts";
import { AttributeError } from "../errors/mod.ts";
import { customJvpPrimitive, type PushRule } from "../ops/custom_jvp.ts";
import { stopGradient } from "../ops/stop_gradient.ts";
import { instantiate } from "../ops/zeros.ts";
import { flatten, leaves } from "../tree/flatten.ts";
import { map } from "../tree/map.ts";
import { sameShape } from "../wasm/layout.ts";
import { argumentNumbers, type Arguments, partArguments } from "./_arguments.ts";
import {
  changeOf,
  inRule,
  type KnownResults,
  listOf,
  noting,
  pairOf,
  type Results,
  type RuleNames,
  valueOfRule,
} from "./_rule_results.ts";
import { arrayLeaves } from "./_trees.ts";
import { add } from "./arithmetic.ts";

/** Which arguments of a function are not differentiated, and its name. */
export interface CustomOptions {
  /** Their numbers. They may be anything, functions included, and come first among the arguments of rules. */
  readonly nondiffArgnums?: number | readonly number[];
  /** What errors and programs call it; the function's own name if left out. */
  readonly name?: string;
}

/** How one argument's change changes the result: of its tangent, the result, and all arguments. */
// deno-lint-ignore no-explicit-any -- arguments and results are trees of any kind
export type ArgumentRule = (tangent: any, output: any, ...args: any[]) => unknown;

/** A function with a derivative of its own. */
export interface CustomJvp<Fn extends AnyFunction> {
  /** Calls it. */
  (...args: Parameters<Fn>): ReturnType<Fn>;
  /**
   * States the derivative.
   *
   * @param rule Takes the arguments that are not differentiated, one by one, then the list of the others and the list of
   *   their tangents, and gives the pair of the result and its tangent. What does not change has a tangent of zeros,
   *   integers and bools zeros of their own dtype; what the rule gives for the tangents of such results is not read, and
   *   may be {@linkcode float0}.
   * @returns The rule.
   */
  defjvp<Rule extends AnyFunction>(rule: Rule): Rule;
  /**
   * States the derivative by a rule for each argument, whose tangents are added.
   *
   * @param rules Of the argument's tangent, the result, and all arguments; `null` where the result does not change.
   */
  defjvps(...rules: readonly (ArgumentRule | null)[]): void;
}

/** The rule of a call, as a function of leaves. */
function ruleOfLeaves(
  names: RuleNames,
  rule: AnyFunction,
  { structure, others }: Arguments,
  results: KnownResults,
): PushRule {
  return (primals, tangents) => {
    const result = rule(...others, structure.unflatten(primals), structure.unflatten(tangents.map(instantiate)));
    const [value, change] = pairOf(names, result, "[result, tangent]");
    const [outputs, treedef] = valueOfRule(names, value, results.known);
    results.known ??= { structure: treedef, avals: outputs };
    return [outputs, tangentsOf(names, outputs, treedef, change)];
  };
}

/** The tangents that a rule gives for its results. */
function tangentsOf(
  names: RuleNames,
  outputs: readonly NDArray[],
  structure: Results["structure"],
  change: unknown,
): readonly Tangent[] {
  // Leaves that are no arrays yet take the type of what they belong to.
  const [given, treedef] = flatten(change, { isLeaf: (value) => value instanceof Float0 });
  if (treedef !== structure) {
    throw new TypeError(
      `${inRule(names)}: its value is ${structure}, and its tangent ${treedef}; return trees of the same structure`,
    );
  }
  const tangents = outputs.map((y, k) => isFloating(y.dtype) ? changeOf(names.op, given[k], y) : new Zero(y));
  const fits = tangents.every((dy, k) =>
    dy instanceof Zero || sameShape(dy.shape, outputs[k]!.shape) && dy.dtype === outputs[k]!.dtype
  );
  if (fits) return tangents;
  throw new TypeError(
    `${inRule(names)}: its value holds ${listOf(outputs)}, and its tangent ` +
      `${
        listOf(tangents.map((dy) => dy instanceof Zero ? dy.aval : dy))
      }; return tangents of the same shapes and dtypes`,
  );
}

/** A value that is not differentiated: the arrays in it are constants. */
function asConstant(value: unknown): unknown {
  const isTraced = (leaf: unknown): boolean => leaf instanceof NDArray && leaf.tracedBy !== undefined;
  if (!leaves(value).some(isTraced)) return value;
  return map((leaf: unknown) => isTraced(leaf) ? stopGradient(leaf as NDArray) : leaf, value);
}

/** The rule that adds what rules of single arguments give. */
function sumOfRules(call: AnyFunction, rules: readonly (ArgumentRule | null)[]): AnyFunction {
  return (primals: readonly unknown[], tangents: readonly unknown[]) => {
    const output = call(...primals);
    const [outputs, structure] = arrayLeaves("customJvp", output);
    const sums: Tangent[] = outputs.map((y) => new Zero(y));
    rules.slice(0, primals.length).forEach((rule, k) => {
      if (rule === null) return;
      const [changes, treedef] = flatten(rule(tangents[k], output, ...primals));
      if (treedef !== structure) {
        throw new TypeError(
          `Cannot apply the rule of argument ${k} of a customJvp function: it gives ${treedef}, and the function ` +
            `gives ${structure}; return the tangent of the result`,
        );
      }
      changes.forEach((change, j) => {
        const [dy, sum] = [changeOf("customJvp", change, outputs[j]!), sums[j]!];
        sums[j] = sum instanceof Zero ? dy : add(sum, dy);
      });
    });
    return [output, structure.unflatten(sums.map(instantiate))];
  };
}

/** The error for a function that was called before its rule was stated. */
export function withoutRule(op: string, of: string, statement: string): AttributeError {
  return new AttributeError(`Cannot call the ${op} function "${of}": it has no rule`, {
    op,
    remedy: `state its derivative before, by ${statement}`,
    code: "no-rule",
  });
}

/**
 * A function whose derivative is given by a rule: where it is differentiated, the rule runs in its place.
 *
 * Forward mode is what the rule says, backward mode the transpose of that: so the tangent that the rule gives has to be
 * linear in the tangents that it takes. The rule itself is differentiated for second derivatives.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const log1pExp = pz.customJvp((x: pz.NDArray) => pz.np.log1p(pz.np.exp(x)));
 * log1pExp.defjvp(([x], [dx]) => [log1pExp(x), pz.np.subtract(1, pz.np.divide(1, pz.np.exp(x).add(1))).mul(dx)]);
 * assert.equal(pz.grad(log1pExp)(pz.np.array(100.5)).item(), 1);
 * ```
 *
 * @param fn A function; its arguments and what it gives are trees of arrays. It and its rules may not hold what is being
 *   differentiated: that has to be an argument.
 * @param options Arguments that are not differentiated.
 * @returns A function of the same arguments, which needs its rule, by `defjvp` or `defjvps`, before it is called.
 * @throws {AttributeError} From that function, if it has no rule.
 * @throws {TypeError} From that function, if the rule gives something else than the result and its tangent.
 *
 * JAX: `jax.custom_jvp`.
 */
export function customJvp<Fn extends AnyFunction>(fn: Fn, options: CustomOptions = {}): CustomJvp<Fn> {
  const of = options.name ?? (fn.name || "function");
  const numbers = argumentNumbers("customJvp", "nondiffArgnums", options.nondiffArgnums);
  const names: RuleNames = { op: "customJvp", rule: "jvp", of };
  let rule: AnyFunction | undefined;
  const call = (...args: unknown[]): unknown => {
    if (rule === undefined) throw withoutRule("customJvp", of, "defjvp or defjvps");
    const own = args.map((arg, k) => numbers.includes(k) ? asConstant(arg) : arg);
    const parts = partArguments("customJvp", own, numbers);
    const { leaves, structure, merge } = parts;
    const results: KnownResults = { known: undefined };
    const run = (...xs: NDArray[]): unknown => fn(...merge(structure.unflatten(xs) as unknown[]));
    const outputs = bind(customJvpPrimitive, leaves, {
      name: of,
      program: noting(run, results, "customJvp"),
      held: 0,
      jvp: ruleOfLeaves(names, rule, parts, results),
    });
    return results.known!.structure.unflatten(outputs);
  };
  Object.defineProperty(call, "name", { value: of });
  return Object.assign(call as (...args: Parameters<Fn>) => ReturnType<Fn>, {
    defjvp: <Rule extends AnyFunction>(own: Rule): Rule => {
      rule = own;
      return own;
    },
    defjvps: (...rules: readonly (ArgumentRule | null)[]): void => {
      if (numbers.length > 0) {
        throw new TypeError("Cannot use defjvps with nondiffArgnums: its rules take all arguments; use defjvp");
      }
      rule = sumOfRules(call, rules);
    },
  });
}
