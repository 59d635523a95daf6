/**
 * What operations that hold programs share: loops and branches.
 *
 * @module
 */

import { allocateArray, operandOf } from "../core/bind.ts";
import type { Aval } from "../core/aval.ts";
import { derive } from "../core/derived.ts";
import { EagerArray } from "../core/eager.ts";
import type { NDArray } from "../core/ndarray.ts";
import { madeOf, type Program, Variable } from "../core/program.ts";
import { copyAll, type Copying } from "../wasm/kernels/copy.ts";
import { download } from "../wasm/operand.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";
import { randomWrap } from "./random_wrap.ts";
import { select } from "./select.ts";
import { filled } from "./zeros.ts";

/** A list in parts of these sizes, and the rest. */
export function parted<T>(list: readonly T[], ...sizes: readonly number[]): T[][] {
  let end = 0;
  return [...sizes.map((size) => list.slice(end, end += size)), list.slice(end)];
}

/** How many marks are set. */
export function count(marks: readonly boolean[]): number {
  return marks.filter(Boolean).length;
}

/** The numbers from 0. */
export function numbers(length: number): number[] {
  return Array.from({ length }, (_, k) => k);
}

/**
 * Marks more and more, until nothing is found that is not marked: which carries of a loop change, if some do.
 *
 * @param start The marks to begin with.
 * @param step What follows from marks, and a result for these.
 * @returns The marks, and their result.
 */
export function fixpoint<T>(
  start: readonly boolean[],
  step: (marks: readonly boolean[]) => readonly [found: readonly boolean[], result: T],
): readonly [marks: readonly boolean[], result: T] {
  let marks = start;
  for (;;) {
    const [found, result] = step(marks);
    if (found.every((is, k) => !is || marks[k])) return [marks, result];
    marks = marks.map((is, k) => is || found[k]!);
  }
}

/** A program with the inputs and outputs of these numbers, in this order. */
export function arranged(program: Program, inputs: readonly number[], outputs?: readonly number[]): Program {
  return derive(program, `arrange ${inputs};${outputs}`, () =>
    madeOf(program, {
      inputs: inputs.map((k) => program.inputs[k]!),
      equations: program.equations,
      outputs: outputs?.map((k) => program.outputs[k]!) ?? program.outputs,
    }));
}

/** A program that is given more than it asks for. */
export function withIgnored(program: Program, avals: readonly Aval[]): Program {
  return madeOf(program, { ...program, inputs: [...program.inputs, ...avals.map((aval) => new Variable(aval))] });
}

/** Which outputs of a program depend on inputs that are marked. */
export function dependents({ inputs, equations, outputs }: Program, marks: readonly boolean[]): boolean[] {
  const marked = new Set<unknown>(inputs.filter((_, k) => marks[k]));
  for (const equation of equations) {
    if (equation.inputs.some((atom) => marked.has(atom))) equation.outputs.forEach((output) => marked.add(output));
  }
  return outputs.map((output) => marked.has(output));
}

/** An array that is there because one has to be, and is not read: of 0, or of some key. */
export function placeholder(aval: Aval): NDArray {
  if (aval.dtype !== "prngKey") return filled(0, aval);
  return randomWrap(filled(0, { shape: [...aval.shape, 2], dtype: "uint32", weakType: false }));
}

/** `x` where the condition holds, which has the first axes of `x`, else `y`. */
export function selectRows(condition: NDArray, x: NDArray, y: NDArray): NDArray {
  return select(broadcastInDim(condition, x.shape, numbers(condition.ndim)), x, y);
}

/** An array with the types that a rule says. */
export function retyped(x: NDArray, { weakType }: Aval): NDArray {
  if (x.weakType === weakType || !(x instanceof EagerArray)) return x;
  return new EagerArray(x.storage, x, x.dtype, weakType);
}

/** The element of an array of one, as a number. */
export function scalarOf(x: NDArray): number {
  return Number(download(operandOf(x as EagerArray))[0]);
}

/** One row of an array: a view. */
export function rowOf({ storage, shape, strides, offset, dtype, weakType }: EagerArray, row: number): EagerArray {
  const place = { offset: offset + row * strides[0]!, shape: shape.slice(1), strides: strides.slice(1) };
  return new EagerArray(storage, place, dtype, weakType);
}

/** Copies what a turn gives to where the next one finds it, and other arrays to their places. */
export type HandOn = (
  arrays: readonly NDArray[],
  others?: readonly (readonly [to: EagerArray, from: NDArray])[],
) => readonly EagerArray[];

/**
 * Memory for what the turns of a loop hand on: two arrays for each, which are written in turns. What a turn gives may be a
 * view of anything, the arrays that it was given included; after it has been copied, all that the turn made can be freed.
 *
 * @param avals What is handed on.
 * @returns Takes the arrays that a turn gives.
 */
export function handingOn(avals: readonly Aval[]): HandOn {
  const places: (readonly EagerArray[] | undefined)[] = [undefined, undefined];
  let turn = 0;
  return (arrays, others = []) => {
    const own = places[turn] ??= avals.map(allocateArray);
    turn = 1 - turn;
    const pairs = [...arrays.map((x, k) => [own[k]!, x] as const), ...others];
    const copies = pairs.filter(([to]) => !to.shape.includes(0))
      .map(([to, from]): Copying => [operandOf(to), operandOf(from as EagerArray)]);
    if (copies.length > 0) copyAll(copies);
    return own;
  };
}
