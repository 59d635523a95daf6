/**
 * What operations with derivatives of their own share: the function that they hold, or the program that it was written
 * down as.
 *
 * @module
 */

import { batchProgram } from "../core/derived.ts";
import type { NDArray } from "../core/ndarray.ts";
import { isProgram, type Program, runProgram, writeClosed } from "../core/program.ts";
import { freeing } from "../core/storage.ts";
import { heldAndDifferentiated, sealing, stagingTrace, withStaging } from "../core/trace.ts";
import { laterBatch, type Mapper } from "../core/vmap.ts";
import { PenjingError } from "../errors/mod.ts";
import { batchFirst, moveBatch } from "./_rules.ts";
import { stopGradient } from "./stop_gradient.ts";

/** A function of arrays. */
export type ArrayFunction = (...args: NDArray[]) => readonly NDArray[];

/** What a function with a derivative of its own does. */
export interface CustomBody {
  /** The function's name. */
  readonly name: string;
  /** What it does to the operands. In programs it is a program itself. */
  readonly program: Program | ArrayFunction;
  /** How many of the first operands are no arguments, but arrays that the function held. */
  readonly held: number;
}

/** Computes the results of arrays that have their elements. */
export function evaluateBody(
  op: string,
  inputs: readonly NDArray[],
  { name, program }: CustomBody,
): readonly NDArray[] {
  if (isProgram(program)) return freeing(() => withStaging(undefined, () => runProgram(program, inputs)));
  // What the function gives unchanged goes through an operation, too, so that the seal sees it.
  const seen = (y: NDArray): NDArray => y.tracedBy === undefined ? y : stopGradient(y);
  return sealing(`the ${op} function "${name}"`, () => program(...inputs).map(seen));
}

/** The function as a program: what it holds of transformations comes first among the operands. */
export function closeBody<P extends CustomBody>(
  op: string,
  inputs: readonly NDArray[],
  params: P,
): readonly [inputs: readonly NDArray[], params: P] {
  if (isProgram(params.program)) return [inputs, params];
  const [program, held] = writeClosed(`${op} of ${params.name}`, params.program, inputs, stagingTrace() !== undefined);
  return [[...held, ...inputs], { ...params, program, held: held.length }];
}

/** A function or a program on batches, and where the examples of results lie. */
export interface Placement {
  /** What it does to batches. */
  readonly program: Program | ArrayFunction;
  /** Runs functions on all examples. */
  readonly map: Mapper;
  /** Decides where the examples of results are to lie, unless that is known: whether they may differ. */
  readonly decide: (count: number, differ: boolean) => void;
  /** Puts the examples of one result where they are to lie. */
  readonly place: (output: NDArray, bdim: number | undefined, k: number) => NDArray;
  /** Where they lie, known when the function or its rule has run. */
  readonly bdims: () => readonly (number | undefined)[];
}

/**
 * What rules for batches make of a function or a program. Results are batches along axis 0, also where the program alone
 * would give the same for all examples: the rule may not. Only where all examples share the operands, they share the
 * results, unless the function or the rule holds batches.
 */
export function batchBody(
  { program }: CustomBody,
  size: number,
  bdims: readonly (number | undefined)[],
  axisName: string | undefined,
): Placement {
  const map = laterBatch(size, axisName);
  const isShared = bdims.every((bdim) => bdim === undefined);
  let axes: readonly (number | undefined)[] | undefined;
  const decide = (count: number, differ: boolean): void => {
    axes ??= Array.from({ length: count }, () => differ || !isShared ? 0 : undefined);
  };
  const place = (output: NDArray, bdim: number | undefined, k: number): NDArray => {
    const axis = axes![k];
    if (axis !== undefined) return moveBatch(batchFirst(output, bdim, size), 0, axis);
    if (bdim === undefined) return output;
    throw heldAndDifferentiated("a function with a rule of its own");
  };
  const parts = { map, decide, place, bdims: () => axes! };
  if (isProgram(program)) {
    const first = isShared ? undefined : program.outputs.map(() => true);
    const batched = batchProgram(program, size, bdims, axisName, first, batchFirst);
    axes = batched.bdims;
    return { ...parts, program: batched.program };
  }
  const run: ArrayFunction = (...xs) => {
    const [ys, own] = map(program, xs, bdims);
    decide(ys.length, own.some((bdim) => bdim !== undefined));
    return ys.map((y, k) => place(y, own[k], k));
  };
  return { ...parts, program: run };
}

/** The types of the results, which are known once it is a program. */
export function programOf(op: string, { program }: CustomBody): Program {
  if (isProgram(program)) return program;
  throw new PenjingError(`Cannot tell the results of "${op}": its function has not been written down`, {
    op,
    remedy: "report this: an operation of a program held a function",
    code: "held-function",
  });
}
