/**
 * What stands in a tree where subtrees were taken out of it.
 *
 * A selection inside a tree that holds selections itself meets holes which are not its own. It keeps them in quotes,
 * one more for each level, so that giving its subtrees back touches none of the others'.
 *
 * @module
 */

import type { KeyPath } from "../tree/keys.ts";
import { registerStruct, Struct } from "../tree/struct.ts";
import { type FieldTable, staticField } from "../tree/struct_fields.ts";
import { structuralKey, type StructurallyKeyed } from "../tree/structural_key.ts";

/** Fields of {@linkcode SelectionHole}. */
export interface SelectionHoleFields {
  /** Where the subtree was, from the root of the tree that it was taken from. */
  readonly path: KeyPath;
}

/** Stands in the remainder of a selection where a selected subtree was. */
export class SelectionHole extends Struct<SelectionHoleFields> implements SelectionHoleFields, StructurallyKeyed {
  /** The path, as a part of the structure. */
  static override readonly fields: FieldTable<SelectionHoleFields> = { path: staticField() };
  /** Where the subtree was, from the root of the tree that it was taken from. */
  declare readonly path: KeyPath;
  static {
    registerStruct(this, { name: "SelectionHole", module: "penjing.select" });
  }

  /** Known by its path. */
  toStructuralKey(): string {
    return `SelectionHole ${structuralKey(this.path)}`;
  }
}

/** Fields of {@linkcode SelectionQuote}. */
export interface SelectionQuoteFields {
  /** What stood in the tree. */
  readonly quoted: SelectionHole | SelectionQuote;
}

/** Stands in the remainder of a selection for a hole or quote that the tree had before anything was selected in it. */
export class SelectionQuote extends Struct<SelectionQuoteFields> implements SelectionQuoteFields, StructurallyKeyed {
  /** The hole or quote, as a part of the structure. */
  static override readonly fields: FieldTable<SelectionQuoteFields> = { quoted: staticField() };
  /** What stood in the tree. */
  declare readonly quoted: SelectionHole | SelectionQuote;
  static {
    registerStruct(this, { name: "SelectionQuote", module: "penjing.select" });
  }

  /** Known by what it quotes. */
  toStructuralKey(): string {
    return `SelectionQuote ${this.quoted.toStructuralKey()}`;
  }
}
