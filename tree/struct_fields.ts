/**
 * The fields of structs: how they are declared, and what is known of a struct's class.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { structuralKey, type StructurallyKeyed } from "./structural_key.ts";
import { metadataKey } from "./treedef.ts";
import type { Class } from "./node.ts";

/** What a field may have beside its name. */
export interface FieldOptions<T> {
  /** The value of an instance that is given none. */
  readonly default?: T;
  /** Makes the value of an instance that is given none. */
  readonly defaultFactory?: () => T;
  /** Whatever else there is to say of the field. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Whether the field counts where structs are ordered; true if left out. */
  readonly compare?: boolean;
}

/** One field of a struct; made by {@linkcode field} and {@linkcode staticField}. */
export interface FieldSpec<T = unknown> {
  /** Whether the field holds a child of the node; else it belongs to the structure. */
  readonly isChild: boolean;
  /** Makes the value of an instance that is given none; `undefined` if every instance must be given one. */
  readonly makeDefault: (() => T) | undefined;
  /** Whatever else there is to say of the field. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Whether the field counts where structs are ordered. */
  readonly compare: boolean;
}

/** The fields of a struct, in their order: one entry for each property of `F`. */
export type FieldTable<F> = { readonly [K in keyof F]-?: FieldSpec<F[K]> };

function makeField<T>(isChild: boolean, options: FieldOptions<T>): FieldSpec<T> {
  const { defaultFactory, metadata = {}, compare = true } = options;
  const hasDefault = Object.hasOwn(options, "default");
  if (hasDefault && defaultFactory !== undefined) {
    throw new ValueError("Cannot declare a field: it has both a default and a factory of defaults", {
      op: isChild ? "field" : "staticField",
      remedy: "pass one of `default` and `defaultFactory`",
      code: "struct-default",
    });
  }
  return { isChild, makeDefault: hasDefault ? () => options.default as T : defaultFactory, metadata, compare };
}

/**
 * A field that holds a child of the node.
 *
 * @param options Its default, and what else there is to say of it.
 * @returns The entry of the table.
 * @throws {ValueError} If there are two defaults.
 */
export function field<T>(options: FieldOptions<T> = {}): FieldSpec<T> {
  return makeField(true, options);
}

/**
 * A field that belongs to the structure of the node: names, options, functions.
 *
 * @param options Its default, and what else there is to say of it.
 * @returns The entry of the table.
 * @throws {ValueError} If there are two defaults.
 */
export function staticField<T>(options: FieldOptions<T> = {}): FieldSpec<T> {
  return makeField(false, options);
}

/** Whether a field holds a child of the node. */
export function isPytreeNodeField(field: FieldSpec): boolean {
  return field.isChild;
}

/** What a struct holds beside its children. */
export class StructStaticMetadata implements StructurallyKeyed {
  /** The fields that hold children. */
  readonly childFieldNames: readonly string[];
  /** The others, with their values. */
  readonly staticFields: Readonly<Record<string, unknown>>;

  /**
   * Of a struct that has these fields.
   *
   * @param childFieldNames The fields that hold children.
   * @param staticFields The others, with their values.
   */
  constructor(childFieldNames: readonly string[], staticFields: Readonly<Record<string, unknown>>) {
    this.childFieldNames = childFieldNames;
    this.staticFields = staticFields;
  }

  /** Known by its names and values. */
  toStructuralKey(): string {
    return `StructStaticMetadata ${structuralKey(this.childFieldNames)}${metadataKey(this.staticFields)}`;
  }
}

/** What is known of a registered class. */
export interface StructInfo {
  /** The class. */
  readonly of: Class;
  /** Its name, whatever a minifier makes of the class's own. */
  readonly name: string;
  /** The name's prefix where it has to be told from others; may be empty. */
  readonly module: string;
  /** All fields, in their order. */
  readonly fields: ReadonlyMap<string, FieldSpec>;
  /** Their names. */
  readonly names: readonly string[];
  /** The fields that hold children. */
  readonly childNames: readonly string[];
  /** The others. */
  readonly staticNames: readonly string[];
  /** The metadata of instances if there are no static fields. */
  readonly noMetadata: StructStaticMetadata;
  /** Its place among all registered classes. */
  readonly index: number;
}
