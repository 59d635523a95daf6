/**
 * The pattern that matches anything.
 *
 * @module
 */

import { structuralKey, type StructurallyKeyed } from "../tree/mod.ts";
import { registerStruct, Struct } from "../tree/struct.ts";
import { type FieldTable, staticField } from "../tree/struct_fields.ts";

/** Fields of {@linkcode Wildcard}. */
export interface WildcardFields {
  /** What is meant to stand there; `null` if nothing is said. */
  readonly description: string | null;
}

/**
 * In a pattern, matches any value or subtree.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk } from "@penjing/penjing/manual";
 *
 * assert.equal(chk.checkStructure([1, { a: 2 }], [1, new chk.Wildcard("a record")]).size, 0);
 * ```
 */
export class Wildcard extends Struct<WildcardFields, "description"> implements WildcardFields, StructurallyKeyed {
  /** The fields, in order. */
  static override readonly fields: FieldTable<WildcardFields> = { description: staticField({ default: null }) };
  /** What is meant to stand there; `null` if nothing is said. */
  declare readonly description: string | null;
  static {
    registerStruct(this, { name: "Wildcard", module: "chk" });
  }

  /** Known by its description. */
  toStructuralKey(): string {
    return `Wildcard ${structuralKey(this.description)}`;
  }
}

/** Matches anything, and says nothing of it. */
export const ANY: Wildcard = new Wildcard();
