/**
 * Functions of arrays as programs, written down.
 *
 * @module
 */

import { type AnyFunction, named } from "../core/trace.ts";
import { type Program, writeProgram } from "../core/program.ts";
import { printProgram } from "../core/program_text.ts";
import { avalLeaves, checkFunction, onLeaves } from "./_trees.ts";

/** A program, and what it prints. */
export interface PrintedProgram extends Program {
  /** Its text: a line for each operation. */
  toString(): string;
}

/**
 * Writes a function down as a program.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const program = pz.makeProgram((x: pz.NDArray) => pz.np.sin(x).sum())(pz.np.ones(3));
 * assert.equal(program.equations.length, 2);
 * assert.match(String(program), /sin a/);
 * ```
 *
 * @param fn A function; its arguments and what it gives are trees of arrays.
 * @returns A function of the same arguments, or of {@linkcode ShapeDtypeStruct}s in their places, that gives the program.
 *
 * JAX: `jax.make_jaxpr`.
 */
export function makeProgram(fn: AnyFunction): (...args: unknown[]) => PrintedProgram {
  checkFunction("makeProgram", fn);
  return (...args) => {
    const [leaves, structure] = avalLeaves("makeProgram", args);
    const flat = onLeaves("makeProgram", (...own) => fn(...structure.unflatten(own) as unknown[]));
    const program = writeProgram(named("makeProgram", fn), flat.call, leaves);
    return { ...program, toString: () => printProgram(program) };
  };
}
