/**
 * Transformations, as primitives meet them: what takes an operation out of the hands of the engine.
 *
 * A transformation runs a function on {@linkcode Tracer}s, arrays without elements of their own. An operation on one goes
 * to its {@linkcode Trace}, which says what the operation means there.
 *
 * @module
 */

import { PenjingError, TracerLeakError } from "../errors/mod.ts";
import type { Primitive } from "./primitive.ts";
import type { NDArray } from "./ndarray.ts";

/** Any function; what it takes and gives are trees of arrays. */
// deno-lint-ignore no-explicit-any -- functions of any arguments can be transformed
export type AnyFunction = (...args: any[]) => any;

/** A running transformation. */
export interface Trace {
  /** The transformation's name, as users call it. */
  readonly name: string;
  /** How many transformations it runs inside of. Of several operands' traces, the one deepest inside acts first. */
  readonly level: number;
  /**
   * Does an operation.
   *
   * @param primitive The operation.
   * @param inputs Its operands: tracers of this trace or of lower ones, or arrays.
   * @param params Its parameters.
   * @returns Its results.
   */
  process<P>(primitive: Primitive<P>, inputs: readonly NDArray[], params: P): readonly NDArray[];
}

/** The traces that take operations without any tracer among the operands, too: those that write a program. */
const staging: (Trace | undefined)[] = [];

/** The trace that takes operations on arrays alone, if there is one. */
export function stagingTrace(): Trace | undefined {
  return staging.at(-1);
}

/** Runs a function while a trace takes all operations, or, if there is none, while operations on arrays are done at once. */
export function withStaging<T>(trace: Trace | undefined, body: () => T): T {
  staging.push(trace);
  try {
    return body();
  } finally {
    staging.pop();
  }
}

/** How many transformations run, one inside of the other. */
let depth = 0;

/** Whether a transformation runs: arrays that are made now may be wanted after the function that makes them. */
export function isTracing(): boolean {
  return depth > 0;
}

/**
 * Runs a function inside of one transformation more.
 *
 * @param body Is told the level of the traces that are its own.
 * @returns What it returns.
 */
export function deeper<T>(body: (level: number) => T): T {
  depth++;
  try {
    return body(depth);
  } finally {
    depth--;
  }
}

/** The error for a value that is wanted where there is none yet. */
export function notConcrete(op: string, trace: Trace): PenjingError {
  return new PenjingError(`Cannot ${op}: the array has no value yet, it is being traced`, {
    op,
    actual: `an array inside of ${trace.name}`,
    expected: "an array outside of transformations",
    remedy:
      "return the array and read it outside, use pz.np.where or pz.lax.cond in place of a condition on its value, " +
      "or print it by pz.debug.print",
    code: "traced-value",
  });
}

/** The error for a tracer that outlives its transformation. */
export function leaked(op: string, trace: Trace, inputs: readonly NDArray[]): PenjingError {
  const tracer = inputs.find((x) => x.tracedBy === trace);
  return new TracerLeakError(`Cannot ${op}: an operand was kept beyond the transformation that it belongs to`, {
    op,
    actual: `${tracer === undefined ? "an array" : `${tracer.dtype}[${tracer.shape}]`} of ${trace.name}, which is over`,
    expected: "arrays that the transformed function returns",
    remedy: "return the array from the function, as one result more, instead of storing it elsewhere",
    code: "tracer-leak",
  });
}
