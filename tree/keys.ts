/**
 * The steps from a pytree's node to its children, and paths of them.
 *
 * @module
 */

import { structuralKey, type StructurallyKeyed } from "./structural_key.ts";

/** A step from a node to a child: one of the classes below, or whatever a registered class names its children by. */
export type TreeKey = string | number | object;

/** The steps from a tree's root to a node of it; empty for the root. */
export type KeyPath = readonly TreeKey[];

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A value as a path shows it: strings in quotes as Python chooses them, all else as it prints. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value !== "string") return String(value);
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = value.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character);
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

/** The place of an element in an array. */
export class SequenceKey implements StructurallyKeyed {
  /** The place, from 0. */
  readonly idx: number;

  /** The step of this place. */
  constructor(idx: number) {
    this.idx = idx;
  }

  /** `[0]` */
  toString(): string {
    return `[${this.idx}]`;
  }

  /** Known by its place. */
  toStructuralKey(): string {
    return `SequenceKey ${this.idx}`;
  }
}

/** A key of a plain object or a map. */
export class DictKey implements StructurallyKeyed {
  /** The key. */
  readonly key: unknown;

  /** The step of this key. */
  constructor(key: unknown) {
    this.key = key;
  }

  /** `['name']` */
  toString(): string {
    return `[${shown(this.key)}]`;
  }

  /** Known by the key. */
  toStructuralKey(): string {
    return `DictKey ${structuralKey(this.key)}`;
  }
}

/** A field of a struct. */
export class GetAttrKey implements StructurallyKeyed {
  /** The field's name. */
  readonly name: string;

  /** The step of this name. */
  constructor(name: string) {
    this.name = name;
  }

  /** `.name` */
  toString(): string {
    return `.${this.name}`;
  }

  /** Known by the name. */
  toStructuralKey(): string {
    return `GetAttrKey ${this.name}`;
  }
}

/** The place of a child that has no other name. */
export class FlattenedIndexKey implements StructurallyKeyed {
  /** The place, from 0. */
  readonly key: number;

  /** The step of this place. */
  constructor(key: number) {
    this.key = key;
  }

  /** `[<flat index 0>]` */
  toString(): string {
    return `[<flat index ${this.key}>]`;
  }

  /** Known by its place. */
  toStructuralKey(): string {
    return `FlattenedIndexKey ${this.key}`;
  }
}

/** A named child that is no field; to be extended by keys that say more. */
export class CustomGetAttrKey implements StructurallyKeyed {
  /** What the path shows. */
  readonly name: string;

  /** The step of this name. */
  constructor(name: string) {
    this.name = name;
  }

  /** `.name` */
  toString(): string {
    return `.${this.name}`;
  }

  /** Known by its class and all of its fields. */
  toStructuralKey(): string {
    return `CustomGetAttrKey ${structuralKey([this.constructor, ...Object.entries(this)])}`;
  }
}

/**
 * The text of a path; empty for the root.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { tree } from "@penjing/penjing/manual";
 *
 * assert.equal(tree.keystr([new tree.DictKey("layers"), new tree.SequenceKey(0), new tree.GetAttrKey("weights")]), "['layers'][0].weights");
 * ```
 *
 * @param path The path.
 * @returns The steps' texts, one after the other.
 */
export function keystr(path: KeyPath): string {
  return path.map(String).join("");
}
