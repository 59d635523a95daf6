/**
 * What the methods of selections take beside functions and values.
 *
 * @module
 */

import type { KeyPath } from "../tree/keys.ts";
import type { StructuralMap } from "../tree/structural_key.ts";

/** Which of nested matches are selected. */
export interface InnermostOptions {
  /** Those that have no match below them; if false or left out, those that are below none. */
  readonly innermost?: boolean;
}

/** What a function of selected subtrees gets. */
export interface ByValue {
  /** The subtree alone. */
  readonly withKeypath?: false;
}

/** What a function of selected subtrees gets. */
export interface ByPathAndValue {
  /** The path, then the subtree. */
  readonly withKeypath: true;
}

/** What a replacement gives. */
export interface ToTree {
  /** The tree. */
  readonly keepSelected?: false;
}

/** What a replacement gives. */
export interface ToSelection {
  /** A selection of the same places. */
  readonly keepSelected: true;
}

/** Values for paths: a map, in which paths are compared by their steps, or a function. */
export type Replacer = ReadonlyMap<KeyPath, unknown> | StructuralMap<KeyPath, unknown> | ((path: KeyPath) => unknown);
