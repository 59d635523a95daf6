/**
 * Typed slots for what rooms further on know: filled when these are loaded, empty until then.
 *
 * @module
 */

import { PenjingError } from "../errors/mod.ts";

/** What fills the slots. */
export interface Hooks {
  /** `Struct.select()`: a selection of the whole tree. */
  select: (tree: object) => unknown;
  /** Whether two leaves are arrays that hold the same; `undefined` if the first is no array. */
  arrayEquals: (a: unknown, b: unknown) => boolean | undefined;
  /** The color that a name has wherever it is shown. */
  color: (name: string) => string;
  /** The text of a tree: on one line, or indented. */
  print: (tree: unknown, options: { readonly indent: boolean }) => string;
}

/** The import that fills a slot, for who finds it empty. */
const FILLED_BY: Readonly<Record<keyof Hooks, string>> = {
  select: "@penjing/penjing",
  arrayEquals: "@penjing/penjing",
  color: "@penjing/penjing",
  print: "@penjing/penjing",
};

const slots: Partial<Hooks> = {};

/** Fills a slot; the last one to do so stays. */
export function fillHook<K extends keyof Hooks>(name: K, hook: Hooks[K]): void {
  slots[name] = hook;
}

/** What fills a slot, or `undefined`. */
export function optionalHook<K extends keyof Hooks>(name: K): Hooks[K] | undefined {
  return slots[name];
}

/**
 * What fills a slot.
 *
 * @param name The slot.
 * @returns What fills it.
 * @throws {PenjingError} If nothing does; the text names the import.
 */
export function hook<K extends keyof Hooks>(name: K): Hooks[K] {
  const filled: Hooks[K] | undefined = slots[name];
  if (filled === undefined) {
    throw new PenjingError(`Cannot use "${name}" of a tree: the part that knows how is not loaded`, {
      op: name,
      remedy: `import "${FILLED_BY[name]}" somewhere before`,
      code: "tree-hook",
    });
  }
  return filled;
}
