/**
 * Transformations, as primitives meet them: what takes an operation out of the hands of the engine.
 *
 * A transformation runs a function on {@linkcode Tracer}s, arrays without elements of their own. An operation on one goes
 * to its {@linkcode Trace}, which says what the operation means there.
 *
 * @module
 */

import { PenjingError } from "../errors/mod.ts";
import { leaked } from "./leaks.ts";
import type { Primitive } from "./primitive.ts";
import type { NDArray } from "./ndarray.ts";

/** Any function; what it takes and gives are trees of arrays. */
// deno-lint-ignore no-explicit-any -- functions of any arguments can be transformed
export type AnyFunction = (...args: any[]) => any;

/** What errors call a transformation of a function. */
export function named(transformation: string, { name }: AnyFunction): string {
  return name === "" ? transformation : `${transformation} of ${name}`;
}

/** A running transformation. */
export interface Trace {
  /** The transformation's name, as users call it. */
  readonly name: string;
  /** How many transformations it runs inside of. Of several operands' traces, the one deepest inside acts first. */
  readonly level: number;
  /** Whether the function that it traces has returned. */
  readonly isOver?: boolean;
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

/** The mappings over examples that run, innermost last, but for those that are doing an operation of functions. */
let mappings: readonly Trace[] = [];

/** The innermost mapping over examples, of which functions may hold arrays. */
export function innermostMapping(): Trace | undefined {
  return mappings.at(-1);
}

/** Runs a function in a mapping over examples. */
export function inMapping<T>(trace: Trace, body: () => T): T {
  const before = mappings;
  mappings = [...before, trace];
  try {
    return body();
  } finally {
    mappings = before;
  }
}

/** Does what a mapping makes of an operation, outside of it. */
export function outOfMapping<T>({ level }: Trace, body: () => T): T {
  const before = mappings;
  mappings = before.filter((mapping) => mapping.level < level);
  try {
    return body();
  } finally {
    mappings = before;
  }
}

/** A function that must not be differentiated but by its arguments, and up to which level transformations run outside of it. */
interface Seal {
  readonly what: string;
  readonly level: number;
}

let seal: Seal | undefined;

/**
 * Runs a function whose derivative somebody else knows: it must not work on arrays that are being differentiated outside.
 *
 * @param what The function, as errors name it.
 * @param body Runs it.
 * @returns What it returns.
 */
export function sealing<T>(what: string, body: () => T): T {
  const before = seal;
  seal = { what, level: depth };
  try {
    return body();
  } finally {
    seal = before;
  }
}

/** Throws if a differentiation is reached out of a function that must not be differentiated by what it holds. */
export function checkSeal({ level }: Trace): void {
  if (seal !== undefined && level <= seal.level) throw heldAndDifferentiated(seal.what);
}

/** The error for a function with a derivative of its own that holds what is being differentiated. */
export function heldAndDifferentiated(what: string): PenjingError {
  return new PenjingError(
    `Cannot differentiate ${what} by an array that it holds: its rule knows its arguments alone`,
    {
      op: what,
      expected: "functions and rules that hold nothing of the differentiation that they are in",
      remedy: "pass the array as one argument more, and have the rule say how the result changes with it",
      code: "custom-held",
    },
  );
}

/** The error for a value that is wanted where there is none yet, or none any more. */
export function notConcrete(op: string, trace: Trace, x?: NDArray): PenjingError {
  if (trace.isOver === true) return leaked(op, trace, x === undefined ? [] : [x]);
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
