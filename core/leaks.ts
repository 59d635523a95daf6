/**
 * Arrays of transformations that are over: which they are, and where they were made.
 *
 * @module
 */

import { TracerLeakError } from "../errors/mod.ts";
import type { NDArray } from "./ndarray.ts";
import type { Trace } from "./trace.ts";

/** The operation that made a tracer, none for an argument; or that, and where it was made. */
export type Origin = string | undefined | { readonly op: string | undefined; readonly at: Error };

/** An array of a transformation, which knows what made it. */
interface Tracer extends NDArray {
  readonly origin?: Origin;
}

let keepsPlaces = false;

/**
 * Makes {@linkcode TracerLeakError} say on which line a leaked array was made: a help while one is searched, at some
 * microseconds an operation that is traced.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * let kept: pz.NDArray | undefined;
 * pz.checkTracerLeaks();
 * pz.jit((x: pz.NDArray) => kept = x.mul(2))(pz.np.ones(2));
 * pz.checkTracerLeaks(false);
 * assert.throws(() => kept?.add(1), /made by "mul"/);
 * ```
 *
 * @param on Whether it is kept, from now on, where arrays of transformations are made.
 *
 * JAX: `jax.checking_leaks`.
 */
export function checkTracerLeaks(on = true): void {
  keepsPlaces = on;
}

/** What is known of a tracer that is made now. */
export function originOf(op: string | undefined): Origin {
  if (!keepsPlaces) return op;
  // V8 keeps ten calls if it is not told otherwise, and the library's own are as many.
  const host = Error as { stackTraceLimit?: number };
  const before = host.stackTraceLimit;
  host.stackTraceLimit = 50;
  const at = new Error(op === undefined ? "traced here" : `"${op}" was traced here`);
  if (before !== undefined) host.stackTraceLimit = before;
  return { op, at };
}

/** Folders of the library, whose lines are not the user's. */
const LIBRARY = /^(?:array|core|ops|random|staging|tree|wasm)\//;

/**
 * The line of the user's that called the library; none if the host's stacks do not say, or all is in one bundle.
 *
 * @param at Made here, so that its first line is of this file, and says where the library lies.
 */
function lineOf({ stack = "" }: Error): string | undefined {
  const lines = stack.split("\n").filter((line) => /:\d+:\d+\)?$/.test(line));
  const root = lines[0] && /([^\s(@]*\/)core\/leaks\.[jt]s:/.exec(lines[0])?.[1];
  if (!root) return undefined;
  const own = lines.find((line) => {
    const start = line.indexOf(root);
    return start < 0 || !LIBRARY.test(line.slice(start + root.length));
  });
  return own?.trim().replace(/^at /, "");
}

/**
 * The error for a tracer that outlives its transformation.
 *
 * @param op What was about to use it.
 * @param trace The transformation.
 * @param inputs The operands, of which one is the tracer.
 */
export function leaked(op: string, trace: Trace, inputs: readonly NDArray[]): TracerLeakError {
  const tracer: Tracer | undefined = inputs.find((x) => x.tracedBy === trace);
  const origin = tracer?.origin;
  const [by, at] = typeof origin === "object" ? [origin.op, origin.at] : [origin, undefined];
  const what = tracer === undefined ? "an array" : `${tracer.dtype}[${tracer.shape}]`;
  const line = at && lineOf(at);
  return new TracerLeakError(`Cannot ${op}: an operand was kept beyond the transformation that it belongs to`, {
    op,
    actual: `${what}, ${
      by === undefined ? "an argument" : `made by "${by}" in the function`
    } of ${trace.name}, which is over`,
    expected: "arrays that the transformed function returns",
    ...(line !== undefined && { path: line }),
    remedy: "return the array from the function, as one result more, instead of storing it elsewhere" +
      (at === undefined ? "; pz.checkTracerLeaks() finds the line that made it" : ""),
    code: "tracer-leak",
    ...(at !== undefined && { cause: at }),
  });
}
