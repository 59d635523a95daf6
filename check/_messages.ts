/**
 * How shapes, sizes and places are shown where a check fails. The grammar is fixed, so that messages can be compared.
 *
 * @module
 */

import { type KeyPath, keystr } from "../tree/mod.ts";
import { MultiDimVar, quoted, showVar } from "./dims.ts";

/** Sizes by position: `(1, 2)`, `(4,)`, `()`. */
export function showPositional(shape: readonly unknown[]): string {
  return `(${shape.map(String).join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** Sizes by name: `{'a': 1, **var('x')}`. */
export function showNamed(shape: ReadonlyMap<unknown, unknown>): string {
  const entries = [...shape].map(([key, size]) =>
    key instanceof MultiDimVar ? `**${showVar(key.name)}` : `${quoted(key)}: ${size}`
  );
  return `{${entries.join(", ")}}`;
}

/** What a variable was solved as. */
export function showSolution(value: unknown): string {
  if (Array.isArray(value)) return showPositional(value as readonly unknown[]);
  return value instanceof Map ? showNamed(value) : String(value);
}

/** A place of the tree: `root['a'][0]`. */
export function showPath(path: KeyPath): string {
  return `root${keystr(path)}`;
}
