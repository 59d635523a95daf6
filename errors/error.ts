/**
 * The root of penjing's errors, and the one place that words them.
 *
 * An error is data first: what failed, on which operand, what was found, what was expected, where, and the way out.
 * The text is rendered from these fields: one line that begins with the action that failed, then one line a field.
 *
 * ```text
 * Cannot multiply matrices: inner sizes differ
 *   actual:   a is [2, 3], b is [4, 5]
 *   expected: a [m, k] and b [k, n]
 *   try:      transpose b, or check the order of the operands
 * ```
 *
 * @module
 */

/** The fields of a {@linkcode PenjingError}; each is one line of its text. */
export interface ErrorDetails {
  /** The operation that failed, by the name users call it. */
  readonly op?: string;
  /** The operand or parameter at fault, by name. */
  readonly operand?: string;
  /** What was found. */
  readonly actual?: string;
  /** What would have been right. */
  readonly expected?: string;
  /** The place: a tree path, a layer's name, an argument path, an instruction. */
  readonly path?: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** A stable short name for programs to compare with. */
  readonly code?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** Labels of the rendered lines, in their order. */
const LINES = [
  ["operand", "operand"],
  ["actual", "actual"],
  ["expected", "expected"],
  ["path", "at"],
  ["remedy", "try"],
] as const;

function render(summary: string, details: ErrorDetails): string {
  const present = LINES.flatMap(([field, label]) => {
    const value = details[field];
    return value === undefined ? [] : [[label, value] as const];
  });
  const width = Math.max(0, ...present.map(([label]) => label.length));
  return [summary, ...present.map(([label, value]) => `  ${`${label}:`.padEnd(width + 1)} ${value}`)].join("\n");
}

/**
 * The class that every error of penjing's own extends.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { PenjingError } from "@penjing/penjing/manual";
 *
 * const error = new PenjingError("Cannot start", { actual: "no fuel", remedy: "refuel" });
 * assert.equal(error.message, "Cannot start\n  actual: no fuel\n  try:    refuel");
 * assert.equal(error.remedy, "refuel");
 * ```
 */
export class PenjingError extends Error {
  /** The class's name. */
  override readonly name: string = "PenjingError";
  /** The operation that failed, by the name users call it. */
  readonly op: string | undefined;
  /** The operand or parameter at fault, by name. */
  readonly operand: string | undefined;
  /** What was found. */
  readonly actual: string | undefined;
  /** What would have been right. */
  readonly expected: string | undefined;
  /** The place: a tree path, a layer's name, an argument path, an instruction. */
  readonly path: string | undefined;
  /** What to do about it. */
  readonly remedy: string | undefined;
  /** A stable short name for programs to compare with. */
  readonly code: string | undefined;

  /**
   * Makes an error and its text.
   *
   * @param summary One line that begins with the action that failed: "Cannot …".
   * @param details The fields.
   */
  constructor(summary: string, details: ErrorDetails = {}) {
    super(render(summary, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.op = details.op;
    this.operand = details.operand;
    this.actual = details.actual;
    this.expected = details.expected;
    this.path = details.path;
    this.remedy = details.remedy;
    this.code = details.code;
  }
}
