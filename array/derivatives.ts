/**
 * Derivatives of functions of arrays.
 *
 * @module
 */

import type { AnyFunction } from "../core/trace.ts";
import { describe } from "../core/aval.ts";
import { isFloating } from "../core/dtype.ts";
import { pushForward } from "../core/jvp.ts";
import { linearizeAt, pullBack } from "../core/linearize.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Tangent, Zero } from "../core/primitive.ts";
import { runProgram } from "../core/program.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { instantiate } from "../ops/zeros.ts";
import { sameShape } from "../wasm/layout.ts";
import type { TreeDef } from "../tree/treedef.ts";
import { arrayLeaves, floatLeaves, type LeafFunction, onLeaves } from "./_trees.ts";
import { onesLike } from "./creation.ts";

/** What of a function is differentiated. */
export interface GradOptions {
  /** The number of the argument, or of several: the first if left out. */
  readonly argnums?: number | readonly number[];
  /** Whether the function gives a pair, `[result, aux]`, of which only the first is differentiated. */
  readonly hasAux?: boolean;
}

/** The derivative by an argument: of its structure, and of a number an array. */
export type Gradient<T> = T extends number ? NDArray : T;

/** Arguments of a function, those that are differentiated as leaves. */
interface Differentiated {
  readonly leaves: readonly NDArray[];
  readonly flat: LeafFunction;
  /** The tree of derivatives by the arguments, or a list of trees for a list of numbers. */
  rebuild(leaves: readonly unknown[]): unknown;
}

/** Parts the arguments of a call. */
function differentiated(
  op: string,
  fn: AnyFunction,
  args: readonly unknown[],
  { argnums = 0, hasAux = false }: GradOptions,
): Differentiated {
  const numbers = (typeof argnums === "number" ? [argnums] : argnums).map((k) => k < 0 ? k + args.length : k);
  if (numbers.some((k) => !Number.isInteger(k) || k < 0 || k >= args.length)) {
    throw new ValueError(`Cannot ${op}: there is no argument of this number`, {
      op,
      operand: "argnums",
      actual: `[${argnums}] of ${args.length} arguments`,
      expected: `whole numbers below ${args.length}`,
      remedy: "name arguments that the call has",
      code: "argnums",
    });
  }
  const parts = numbers.map((k) => floatLeaves(op, args[k]));
  const cut = <T>(all: readonly T[]): T[][] => {
    let end = 0;
    return parts.map(([leaves]) => all.slice(end, end += leaves.length));
  };
  const trees = (all: readonly unknown[]): unknown[] => cut(all).map((own, k) => parts[k]![1].unflatten(own));
  const call = (...leaves: NDArray[]): unknown => {
    const own = trees(leaves);
    return fn(...args.map((arg, k) => numbers.includes(k) ? own[numbers.indexOf(k)] : arg));
  };
  return {
    leaves: parts.flatMap(([leaves]) => leaves),
    flat: onLeaves(op, call, hasAux),
    rebuild: (all) => typeof argnums === "number" ? trees(all)[0] : trees(all),
  };
}

/** Throws unless a function has one result, a float. */
function checkScalar(op: string, outputs: readonly NDArray[]): NDArray {
  const [y] = outputs;
  if (outputs.length === 1 && y!.ndim === 0 && isFloating(y!.dtype)) return y!;
  const actual = outputs.length === 1 ? `an array ${describe(y!)}` : `${outputs.length} arrays`;
  throw new TypeError(
    `Cannot ${op}: the function gives ${actual}, and only one float can be differentiated so; ` +
      "return a scalar, as x.sum(), or use vjp",
  );
}

/**
 * A function's value and its derivative, computed together.
 *
 * @param fn A function that gives a float; its arguments are trees of arrays.
 * @param options Which arguments are differentiated; they hold floats. A number counts as one.
 * @returns A function of the same arguments that gives a pair: the value, or with `hasAux` `[value, aux]`, and the
 *   derivative, of the structure of the argument.
 * @throws {TypeError} From that function, if the value is no float, or an argument that is differentiated holds none.
 *
 * JAX: `jax.value_and_grad`.
 */
export function valueAndGrad<Args extends unknown[]>(
  fn: (...args: Args) => NDArray,
  options?: Record<never, never>,
): (...args: Args) => [value: NDArray, gradient: Gradient<Args[0]>];
/** The value and the derivative by the arguments that the options name. */
export function valueAndGrad(
  fn: AnyFunction,
  options: GradOptions,
): (...args: unknown[]) => [value: unknown, gradient: unknown];
export function valueAndGrad(
  fn: AnyFunction,
  options: GradOptions = {},
): (...args: unknown[]) => [value: unknown, gradient: unknown] {
  return (...args) => derivativeOf("valueAndGrad", fn, args, options);
}

function derivativeOf(
  op: string,
  fn: AnyFunction,
  args: readonly unknown[],
  options: GradOptions,
): [value: unknown, gradient: unknown] {
  const { leaves, flat, rebuild } = differentiated(op, fn, args, options);
  const [outputs, { program, tangents }] = linearizeAt(op, flat.call, leaves);
  const y = checkScalar(op, outputs);
  const ct: Tangent[] = tangents[0] instanceof Zero ? [] : [onesLike(y)];
  const gradient = rebuild(pullBack(program, ct, add).map(instantiate));
  return [options.hasAux ? [y, flat.aux()] : y, gradient];
}

/**
 * The derivative of a function.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const loss = (w: pz.NDArray, x: pz.NDArray) => x.mul(w).sub(1).pow(2).sum();
 * const gradient = pz.grad(loss)(pz.np.array([0.5]), pz.np.array([1, 2]));
 * assert.deepEqual(gradient.tolist(), [-1]);
 * ```
 *
 * @param fn A function that gives a float; its arguments are trees of arrays.
 * @param options Which arguments are differentiated; they hold floats. A number counts as one.
 * @returns A function of the same arguments that gives the derivative, of the structure of the argument; with `hasAux` a
 *   pair, of which the second is what the function gave beside its value.
 * @throws {TypeError} From that function, if the value is no float, or an argument that is differentiated holds none.
 *
 * JAX: `jax.grad`.
 */
export function grad<Args extends unknown[]>(
  fn: (...args: Args) => NDArray,
  options?: Record<never, never>,
): (...args: Args) => Gradient<Args[0]>;
/** The derivative by the arguments that the options name. */
export function grad(fn: AnyFunction, options: GradOptions): (...args: unknown[]) => unknown;
export function grad(fn: AnyFunction, options: GradOptions = {}): (...args: unknown[]) => unknown {
  return (...args) => {
    const [value, gradient] = derivativeOf("grad", fn, args, options);
    return options.hasAux ? [gradient, (value as [unknown, unknown])[1]] : gradient;
  };
}

/** The tangents of a tree, each of the shape and dtype of its primal. */
function tangentsOf(op: string, primals: readonly NDArray[], structure: TreeDef, tree: unknown): NDArray[] {
  const [tangents, treedef] = arrayLeaves(op, tree);
  const fits = treedef === structure && tangents.every((dx, k) => {
    const x = primals[k]!;
    return sameShape(dx.shape, x.shape) && dx.dtype === x.dtype;
  });
  if (fits) return tangents;
  const list = (arrays: readonly NDArray[]): string => arrays.map(describe).join(", ");
  throw new ValueError(`Cannot ${op}: tangents or cotangents do not fit what they belong to`, {
    op,
    actual: `${list(tangents)}, as ${treedef}`,
    expected: `${list(primals)}, as ${structure}`,
    remedy: "pass trees of the same structure, with arrays of the same shapes and dtypes",
    code: "tangents",
  });
}

/**
 * Pushes tangents through a function: `[f(x), J(x) dx]`.
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param primals Its arguments, of floats.
 * @param tangents How they change: trees of the same structure, shapes and dtypes.
 * @returns What it gives, and how that changes.
 * @throws {ValueError} If the tangents do not fit the arguments.
 *
 * JAX: `jax.jvp`.
 */
export function jvp<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  primals: Args,
  tangents: Args,
): [output: Result, tangent: Result] {
  const [leaves, structure] = floatLeaves("jvp", primals);
  const dxs = tangentsOf("jvp", leaves, structure, tangents);
  const flat = onLeaves("jvp", (...own) => fn(...structure.unflatten(own) as Args));
  const [outputs, dys] = pushForward("jvp", flat.call, leaves, dxs);
  return [flat.treedef().unflatten(outputs) as Result, flat.treedef().unflatten(dys.map(instantiate)) as Result];
}

/**
 * A function's value, and the function that pulls cotangents back: `[f(x), ct => J(x)ᵀ ct]`.
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param primals Its arguments, of floats.
 * @returns What it gives, and a function that takes a cotangent of that to a list of those of the arguments.
 *
 * JAX: `jax.vjp`.
 */
export function vjp<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  ...primals: Args
): [output: Result, pullback: (cotangent: Result) => Args] {
  const [leaves, structure] = floatLeaves("vjp", primals);
  const flat = onLeaves("vjp", (...own) => fn(...structure.unflatten(own) as Args));
  const [outputs, { program, tangents }] = linearizeAt("vjp", flat.call, leaves);
  const pullback = (cotangent: Result): Args => {
    const cts = tangentsOf("vjp", outputs, flat.treedef(), cotangent);
    const ofOutputs = cts.filter((_, k) => typeof tangents[k] === "number");
    return structure.unflatten(pullBack(program, ofOutputs, add).map(instantiate)) as Args;
  };
  return [flat.treedef().unflatten(outputs) as Result, pullback];
}

/**
 * A function's value, and its linear approximation: `[f(x), dx => J(x) dx]`. The function runs once.
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param primals Its arguments, of floats.
 * @returns What it gives, and a function of tangents of the arguments that gives how that changes.
 *
 * JAX: `jax.linearize`.
 */
export function linearize<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  ...primals: Args
): [output: Result, pushforward: (...tangents: Args) => Result] {
  const [leaves, structure] = floatLeaves("linearize", primals);
  const flat = onLeaves("linearize", (...own) => fn(...structure.unflatten(own) as Args));
  const [outputs, { program, tangents }] = linearizeAt("linearize", flat.call, leaves);
  const pushforward = (...dxs: Args): Result => {
    const changes = runProgram(program, tangentsOf("linearize", leaves, structure, dxs));
    const dys = tangents.map((dy) => typeof dy === "number" ? changes[dy]! : instantiate(dy));
    return flat.treedef().unflatten(dys) as Result;
  };
  return [flat.treedef().unflatten(outputs) as Result, pushforward];
}
