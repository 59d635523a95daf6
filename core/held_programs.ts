/**
 * Programs among the parameters of operations.
 *
 * @module
 */

import type { Program } from "./program.ts";

/** Whether a value is a program: what operations hold among their parameters. */
export function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "equations" in value && "inputs" in value && "outputs" in value;
}

/** The programs that an operation holds: parameters that are one, or a list of them. */
export function heldPrograms(params: unknown): Program[] {
  if (typeof params !== "object" || params === null) return [];
  return Object.values(params).flat().filter(isProgram);
}
