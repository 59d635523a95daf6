/**
 * Derivatives of functions of arrays.
 *
 * @module
 */

import { type AnyFunction, named } from "../core/trace.ts";
import { describe } from "../core/aval.ts";
import { isFloating } from "../core/dtype.ts";
import type { Float0 } from "../core/float0.ts";
import { pushForward } from "../core/jvp.ts";
import { linearizeAt, pullBack } from "../core/linearize.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Tangent, Zero } from "../core/primitive.ts";
import { runProgram } from "../core/program.ts";
import { add } from "../ops/add.ts";
import { instantiate } from "../ops/zeros.ts";
import { argumentsAt, ofFloats, pointAt, pointOf, tangentsAt, tangentTree, treeOf, withFloats } from "./_points.ts";
import { checkFunction, floatOf, type LeafFunction, onLeaves } from "./_trees.ts";
import { onesLike } from "./creation.ts";

/** What of a function is differentiated. */
export interface GradOptions {
  /** The number of the argument, or of several: the first if left out. */
  readonly argnums?: number | readonly number[];
  /** Whether the function gives a pair, `[result, aux]`, of which only the first is differentiated. */
  readonly hasAux?: boolean;
  /** Whether what is differentiated may hold integers and bools, whose derivatives are {@linkcode float0}. */
  readonly allowInt?: boolean;
}

/** The derivative by an argument: of its structure, and of a number an array. */
export type Gradient<T> = T extends number ? NDArray : T;

/** Arguments of a function, those that are differentiated as leaves. */
interface Differentiated {
  readonly floats: readonly NDArray[];
  /** A function of the floats. */
  readonly flat: LeafFunction;
  /** The tree of derivatives by the arguments, or a list of trees for a list of numbers. */
  rebuild(leaves: readonly unknown[]): unknown;
}

/** Parts the arguments of a call. */
function differentiated(
  op: string,
  fn: AnyFunction,
  args: readonly unknown[],
  { argnums = 0, hasAux = false, allowInt = false }: GradOptions,
): Differentiated {
  const numbers = argumentsAt(op, argnums, args.length);
  const points = numbers.map((k) => pointAt(op, args[k], allowInt ? "integers" : "floats"));
  const cut = <T>(all: readonly T[]): T[][] => {
    let end = 0;
    return points.map(({ floats }) => all.slice(end, end += floats.length));
  };
  const call = (...floats: NDArray[]): unknown => {
    const own = cut(floats).map((part, k) => points[k]!.structure.unflatten(withFloats(points[k]!, part)));
    const result: unknown = fn(...args.map((arg, k) => numbers.includes(k) ? own[numbers.indexOf(k)] : arg));
    return hasAux && Array.isArray(result) ? [floatOf(result[0]), ...result.slice(1)] : floatOf(result);
  };
  const trees = (all: readonly unknown[]): unknown[] => cut(all).map((part, k) => treeOf(points[k]!, part));
  return {
    floats: points.flatMap(({ floats }) => floats),
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
  checkFunction("valueAndGrad", fn);
  return (...args) => derivativeOf("valueAndGrad", fn, args, options);
}

function derivativeOf(
  op: string,
  fn: AnyFunction,
  args: readonly unknown[],
  options: GradOptions,
): [value: unknown, gradient: unknown] {
  const { floats, flat, rebuild } = differentiated(op, fn, args, options);
  const [outputs, { program, tangents }] = linearizeAt(named(op, fn), flat.call, floats);
  const y = checkScalar(op, outputs.slice(0, flat.treedef().numLeaves));
  const ct: Tangent[] = tangents[0] instanceof Zero ? [] : [onesLike(y)];
  const gradient = rebuild(pullBack(program, ct, add).map(instantiate));
  return [options.hasAux ? [y, flat.aux(outputs)] : y, gradient];
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
  checkFunction("grad", fn);
  return (...args) => {
    const [value, gradient] = derivativeOf("grad", fn, args, options);
    return options.hasAux ? [gradient, (value as [unknown, unknown])[1]] : gradient;
  };
}

/** Tangents or cotangents: those of integers, bools and keys are {@linkcode float0}, in trees, too. */
export type Tangents<Args extends unknown[]> = { [K in keyof Args]: Args[K] | Float0 };

/** Whether a function gives more than is differentiated. */
export interface AuxOptions {
  /** Whether the function gives a pair, `[result, aux]`, of which only the first is differentiated. */
  readonly hasAux?: boolean;
}

/**
 * Pushes tangents through a function: `[f(x), J(x) dx]`.
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param primals Its arguments.
 * @param tangents How they change: trees of the same structure, shapes and dtypes, with {@linkcode float0} for each array
 *   that holds no floats.
 * @param options Whether it gives more than is differentiated.
 * @returns What it gives, and how that changes: {@linkcode float0} for what holds no floats. With `hasAux`, what it gave
 *   beside comes third.
 * @throws {ValueError} If the tangents do not fit the arguments.
 *
 * JAX: `jax.jvp`.
 */
export function jvp<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  primals: Args,
  tangents: Tangents<Args>,
  options?: Record<never, never>,
): [output: Result, tangent: Result];
/** The result and its tangent, and what the function gave beside. */
export function jvp<Args extends unknown[], Result, Aux>(
  fn: (...args: Args) => readonly [Result, Aux],
  primals: Args,
  tangents: Tangents<Args>,
  options: { readonly hasAux: true },
): [output: Result, tangent: Result, aux: Aux];
export function jvp(
  fn: AnyFunction,
  primals: unknown[],
  tangents: unknown[],
  { hasAux = false }: AuxOptions = {},
): unknown[] {
  checkFunction("jvp", fn);
  const point = pointAt("jvp", primals, "all");
  const dxs = tangentsAt("jvp", point, tangents);
  const flat = onLeaves("jvp", (...own) => fn(...point.structure.unflatten(own) as unknown[]), hasAux);
  const [outputs, dys] = pushForward(named("jvp", fn), flat.call, point.leaves, dxs);
  const { numLeaves } = flat.treedef();
  const output = pointOf(outputs.slice(0, numLeaves), flat.treedef());
  const pair = [output.structure.unflatten(output.leaves), tangentTree(output, dys.slice(0, numLeaves))];
  return hasAux ? [...pair, flat.aux(outputs)] : pair;
}

/** A function at a point: its value, and its linear approximation in both directions. */
export interface Linearization {
  /** What the function gives. */
  readonly value: unknown;
  /** What it gave beside. */
  readonly aux: unknown;
  /** Takes a cotangent of the value to those of the arguments. */
  readonly pullback: (cotangent: unknown) => unknown;
  /** Takes tangents of the arguments to that of the value. */
  readonly pushforward: (...tangents: unknown[]) => unknown;
}

/**
 * Runs a function once, and keeps what its derivative needs.
 *
 * @param op The transformation, as users call it.
 * @param fn The function.
 * @param primals Its arguments.
 * @param options Whether it gives more than is differentiated.
 * @returns Its value and its linear approximation.
 */
export function linearizationOf(
  op: string,
  fn: AnyFunction,
  primals: readonly unknown[],
  { hasAux = false }: AuxOptions = {},
): Linearization {
  checkFunction(op, fn);
  const point = pointAt(op, primals, "all");
  const flat = onLeaves(op, (...own) => fn(...point.structure.unflatten(own) as unknown[]), hasAux);
  const onFloats = (...floats: NDArray[]): readonly NDArray[] => flat.call(...withFloats(point, floats));
  const [outputs, linear] = linearizeAt(named(op, fn), onFloats, point.floats);
  const { numLeaves } = flat.treedef();
  const output = pointOf(outputs.slice(0, numLeaves), flat.treedef());
  const tangents = linear.tangents.slice(0, numLeaves);
  return {
    value: output.structure.unflatten(output.leaves),
    aux: hasAux ? flat.aux(outputs) : undefined,
    pullback: (cotangent) => {
      const cts = tangentsAt(op, output, cotangent);
      const ofOutputs = cts.filter((_, k) => typeof tangents[k] === "number");
      return treeOf(point, pullBack(linear.program, ofOutputs, add).map(instantiate));
    },
    pushforward: (...dxs) => {
      const changes = runProgram(linear.program, ofFloats(point, tangentsAt(op, point, dxs)));
      return tangentTree(output, tangents.map((dy) => typeof dy === "number" ? changes[dy]! : dy));
    },
  };
}

/**
 * A function's value, and the function that pulls cotangents back: `[f(x), ct => J(x)ᵀ ct]`.
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param primals Its arguments.
 * @returns What it gives, and a function that takes a cotangent of that to a list of those of the arguments. Those of arrays
 *   that hold no floats are {@linkcode float0}, of results as of arguments.
 *
 * JAX: `jax.vjp`.
 */
export function vjp<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  ...primals: Args
): [output: Result, pullback: (cotangent: Result | Float0) => Args] {
  const { value, pullback } = linearizationOf("vjp", fn, primals);
  return [value as Result, pullback as (cotangent: Result | Float0) => Args];
}

/**
 * A function's value, and its linear approximation: `[f(x), dx => J(x) dx]`. The function runs once.
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @param primals Its arguments.
 * @returns What it gives, and a function of tangents of the arguments that gives how that changes. Those of arrays that hold
 *   no floats are {@linkcode float0}.
 *
 * JAX: `jax.linearize`.
 */
export function linearize<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  ...primals: Args
): [output: Result, pushforward: (...tangents: Tangents<Args>) => Result] {
  const { value, pushforward } = linearizationOf("linearize", fn, primals);
  return [value as Result, pushforward as (...tangents: Tangents<Args>) => Result];
}
