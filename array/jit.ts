/**
 * Functions that are compiled.
 *
 * @module
 */

import { describe } from "../core/aval.ts";
import { axesInScope } from "../core/axes.ts";
import { bind } from "../core/bind.ts";
import { EagerArray } from "../core/eager.ts";
import { NDArray } from "../core/ndarray.ts";
import { type Program, writeClosed } from "../core/program.ts";
import { printProgram } from "../core/program_text.ts";
import type { Storage } from "../core/storage.ts";
import { type AnyFunction, stagingTrace } from "../core/trace.ts";
import { ValueError } from "../errors/mod.ts";
import { jitPrimitive } from "../ops/jit.ts";
import { flatten } from "../tree/flatten.ts";
import { metadataKey, type TreeDef } from "../tree/treedef.ts";
import { arrayLeaves, checkFunction, onLeaves } from "./_trees.ts";
import type { PrintedProgram } from "./programs.ts";

/** How a function is compiled. */
export interface JitOptions {
  /** The numbers of arguments that are no arrays but settings: for each value, the function is compiled anew. -1 is the last. */
  readonly staticArgnums?: number | readonly number[];
  /** The numbers of arguments that the caller gives away: their memory is freed or taken for results. */
  readonly donateArgnums?: number | readonly number[];
  /** What errors and programs call it; the function's own name if left out. */
  readonly name?: string;
}

/** A function that is compiled when it is called. */
export interface Jitted<Fn extends AnyFunction> {
  /** Calls it; compiles it first, if arguments of this structure, these shapes and dtypes are new. */
  (...args: Parameters<Fn>): ReturnType<Fn>;
  /** The program for arguments like these. */
  lower(...args: Parameters<Fn>): PrintedProgram;
  /** Forgets everything that was compiled. */
  clearCache(): void;
  /** How many programs are kept. */
  cacheSize(): number;
}

/** A function, written down for arguments of one kind. */
interface Compiled {
  readonly program: Program;
  /** The arrays of outer transformations that it holds. */
  readonly held: readonly NDArray[];
  readonly structure: TreeDef;
}

/** The programs of one function that are kept: the one that was not called the longest is forgotten first. */
const KEPT = 256;

/** The arguments of a call, parted. */
interface Call {
  readonly leaves: readonly NDArray[];
  readonly structure: TreeDef;
  /** All arguments, given the leaves of those that are traced. */
  readonly rebuild: (leaves: readonly NDArray[]) => unknown[];
  readonly key: string;
  /** Those of the leaves that are given away. */
  readonly donated: readonly NDArray[];
}

const treedefs = new WeakMap<TreeDef, number>();
let lastTreedef = 0;

function idOf(structure: TreeDef): number {
  let id = treedefs.get(structure);
  if (id === undefined) treedefs.set(structure, id = ++lastTreedef);
  return id;
}

/** What a program depends on, of an array. */
function signature({ dtype, shape, weakType }: NDArray): string {
  return `${dtype}${weakType ? "~" : ""}${shape}`;
}

function numbersOf(op: string, numbers: number | readonly number[] = []): readonly number[] {
  const list = typeof numbers === "number" ? [numbers] : numbers;
  const odd = list.find((k) => !Number.isInteger(k));
  if (odd === undefined) return list;
  throw new ValueError(`Cannot jit: ${op} are the numbers of arguments`, {
    op: "jit",
    operand: op,
    actual: `${odd}`,
    expected: "whole numbers",
    remedy: "count arguments from the first, which is 0, or back from the last, which is -1",
    code: "argnums",
  });
}

/** Numbers of arguments, those counted from the last of so many as well, from the first. */
function fromFirst(numbers: readonly number[], count: number): readonly number[] {
  return numbers.some((k) => k < 0) ? numbers.map((k) => k < 0 ? k + count : k) : numbers;
}

/** The key of a static argument. */
function staticKey(value: unknown, k: number): string {
  const [leaves] = flatten(value);
  if (!leaves.some((leaf) => leaf instanceof NDArray)) return metadataKey(value);
  throw new TypeError(
    `Cannot jit: argument ${k} is static and holds an array; leave it out of staticArgnums, or pass a number`,
  );
}

/**
 * Compiles a function: the first call with arguments of a kind runs it once on arrays without values, and writes down
 * what it does; later calls do that as one operation.
 *
 * Everything else that it does, it does while it is written down alone: printing, drawing a date, changing variables.
 * It can be transformed as any function, and used in others that are.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * let traces = 0;
 * const step = pz.jit((w: pz.NDArray, x: pz.NDArray) => {
 *   traces++;
 *   return w.sub(pz.grad((w: pz.NDArray) => w.mul(x).sum())(w).mul(0.5));
 * });
 * assert.deepEqual(step(pz.np.ones(2), pz.np.array([1, 2])).tolist(), [0.5, 0]);
 * assert.deepEqual(step(pz.np.zeros(2), pz.np.array([4, 2])).tolist(), [-2, -1]);
 * assert.equal(traces, 1);
 * ```
 *
 * @param fn A function; its arguments and what it gives are trees of arrays. Which operations it does must not depend on
 *   elements: that is what {@linkcode pz.lax.cond}, {@linkcode pz.lax.whileLoop} and {@linkcode pz.np.where} are for.
 * @param options Static and donated arguments.
 * @returns A function of the same arguments.
 * @throws {PenjingError} From that function, if elements are asked for while it is written down.
 *
 * JAX: `jax.jit`.
 */
export function jit<Fn extends AnyFunction>(fn: Fn, options: JitOptions = {}): Jitted<Fn> {
  checkFunction("jit", fn);
  const statics = numbersOf("staticArgnums", options.staticArgnums);
  const donations = numbersOf("donateArgnums", options.donateArgnums);
  const both = statics.find((k) => donations.includes(k));
  if (both !== undefined) {
    throw new ValueError("Cannot jit: a static argument has no memory to donate", {
      op: "jit",
      operand: "donateArgnums",
      actual: `${both}, which is among staticArgnums`,
      remedy: "name each argument once",
      code: "argnums",
    });
  }
  const name = options.name ?? (fn.name || "function");
  const cache = new Map<string, Compiled>();

  const parted = (args: readonly unknown[]): Call => {
    const own = fromFirst(statics, args.length);
    const given = fromFirst(donations, args.length);
    const traced = args.map((arg, k) => own.includes(k) ? null : arg);
    const [leaves, structure] = arrayLeaves("jit", traced);
    const keys = own.filter((k) => k >= 0 && k < args.length).map((k) => staticKey(args[k], k));
    return {
      leaves,
      structure,
      rebuild: (values) => (structure.unflatten(values) as unknown[]).map((arg, k) => own.includes(k) ? args[k] : arg),
      key: `${idOf(structure)};${leaves.map(signature).join(";")};${keys.join(";")};${axesInScope()}`,
      donated: given.length === 0
        ? []
        : arrayLeaves("jit", given.filter((k) => !own.includes(k)).map((k) => args[k]))[0],
    };
  };

  const compile = ({ leaves, rebuild, key }: Call): Compiled => {
    const known = cache.get(key);
    if (known !== undefined) {
      cache.delete(key);
      cache.set(key, known);
      return known;
    }
    const flat = onLeaves("jit", (...own) => fn(...rebuild(own)));
    const [program, held] = writeClosed(`jit of ${name}`, flat.call, leaves);
    const compiled = { program, held, structure: flat.treedef() };
    // What holds arrays of transformations that will be over is of no use to later calls.
    if (held.length === 0) cache.set(key, compiled);
    if (cache.size > KEPT) cache.delete(cache.keys().next().value!);
    return compiled;
  };

  const jitted = (...args: unknown[]): unknown => {
    const call = parted(args);
    const { program, held, structure } = compile(call);
    const inputs = [...held, ...call.leaves];
    // Inside of transformations memory is theirs.
    const donates = call.donated.length > 0 && stagingTrace() === undefined && inputs.every((x) => !x.tracedBy);
    if (donates) checkDonated(call);
    if (!donates) return structure.unflatten(bind(jitPrimitive, inputs, { name, program }));
    const given = new Set(call.donated);
    const results = bind(jitPrimitive, inputs, { name, program, donated: inputs.map((x) => given.has(x)) });
    return structure.unflatten(donate(name, call.donated, results));
  };
  return Object.assign(jitted as (...args: Parameters<Fn>) => ReturnType<Fn>, {
    lower: (...args: Parameters<Fn>) => {
      const { program } = compile(parted(args));
      return { ...program, toString: () => printProgram(program) };
    },
    clearCache: () => cache.clear(),
    cacheSize: () => cache.size,
  });
}

/** Throws if an array that is given away is given twice. */
function checkDonated({ leaves, donated }: Call): void {
  const times = new Map<Storage, number>();
  for (const { storage } of leaves as readonly EagerArray[]) times.set(storage, (times.get(storage) ?? 0) + 1);
  const twice = donated.find((x) => times.get((x as EagerArray).storage)! > 1);
  if (twice === undefined) return;
  throw new ValueError("Cannot jit: an array is donated and passed in another place, too", {
    op: "jit",
    operand: "donateArgnums",
    actual: `${describe(twice)}, whose memory is that of another argument`,
    remedy: "donate a copy, or pass the array once",
    code: "donated-twice",
  });
}

/** Frees what was given away, but for what results view: these own it from now on. */
function donate(name: string, donated: readonly NDArray[], results: readonly NDArray[]): readonly NDArray[] {
  const by = new Error(`donated to ${name}`);
  const given = new Set((donated as readonly EagerArray[]).map(({ storage }) => storage));
  const owners = new Map<Storage, Storage>();
  const moved = (results as readonly EagerArray[]).map((y) => {
    const { storage } = y;
    if (!given.has(storage)) return y;
    const owner = owners.get(storage) ?? storage.handOver(by);
    owners.set(storage, owner);
    return new EagerArray(owner, y, y.dtype, y.weakType);
  });
  given.forEach((storage) => storage.free(by));
  return moved;
}
