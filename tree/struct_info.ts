/**
 * The registered struct classes, and the checks that a class has to pass to become one.
 *
 * @module
 */

import { PyTreeDataclassSafetyError, ValueError } from "../errors/mod.ts";
import type { Class } from "./node.ts";
import { type FieldSpec, type StructInfo, StructStaticMetadata } from "./struct_fields.ts";

/** How a struct class is registered. */
export interface StructOptions {
  /** Its name; that of the class if left out, which a minifier may change. */
  readonly name?: string;
  /** The name's prefix where it has to be told from others; empty if left out. */
  readonly module?: string;
  /** Whether the parents' fields come first without being named again; false if left out. */
  readonly hasImplicitlyInheritedFields?: boolean;
}

const infos = new WeakMap<object, StructInfo>();
let registered = 0;

/** What is known of a class that was itself registered. */
export function infoOf(of: unknown): StructInfo | undefined {
  return typeof of === "function" ? infos.get(of) : undefined;
}

/** Notes a class as registered. */
export function remember(info: StructInfo): void {
  infos.set(info.of, info);
}

/** Whether a value is a struct class that was itself registered: not an instance, nor a subclass that was not. */
export function isPytreeDataclassType(value: unknown): boolean {
  return infoOf(value) !== undefined;
}

/** Members that no field may hide. */
const RESERVED: ReadonlySet<string> = new Set([
  "select",
  "replace",
  "attributesDict",
  "keyForField",
  "treeFlatten",
  "treeFlattenWithKeys",
  "treescopeColor",
  "constructor",
  "toString",
]);

function checkName(of: Class, name: string, isStruct: boolean): void {
  const taken = isStruct && (RESERVED.has(name) || name in (of.prototype as object));
  if (!taken && !/^\d+$/.test(name)) return;
  throw new ValueError(`Cannot register "${of.name}" as a struct: no field can be called "${name}"`, {
    op: "registerStruct",
    operand: name,
    actual: taken
      ? "the name of a member that structs of this class have"
      : "a number, which JavaScript sorts before all names",
    remedy: "give the field another name",
    code: "struct-field-name",
  });
}

/** The class's own table, where it has one. */
function ownFields(of: Class): Readonly<Record<string, FieldSpec>> | undefined {
  return Object.hasOwn(of, "fields") ? (of as unknown as { fields: Record<string, FieldSpec> }).fields : undefined;
}

/** The fields of the nearest parent that is a struct. */
function parentFields(of: Class): ReadonlyMap<string, FieldSpec> {
  let parent = Object.getPrototypeOf(of) as unknown;
  while (typeof parent === "function") {
    const info = infoOf(parent);
    if (info !== undefined) return info.fields;
    parent = Object.getPrototypeOf(parent);
  }
  return new Map();
}

function quoted(names: Iterable<string>): string {
  return `[${[...names].map((name) => `'${name}'`).join(", ")}]`;
}

/** What is to be known of a class, after all checks. */
export function inspectFields(of: Class, options: StructOptions, isStruct: boolean): StructInfo {
  const { name = of.name, module = "", hasImplicitlyInheritedFields = false } = options;
  const [inherited, own] = [parentFields(of), ownFields(of)];
  const inferred = new Map([...inherited, ...Object.entries(own ?? {})]);
  if (
    hasImplicitlyInheritedFields && (inherited.size === 0 || own !== undefined && inherited.size > 0 &&
        [...inherited.keys()].every((field) => field in own))
  ) {
    throw new PyTreeDataclassSafetyError(
      `Cannot register "${name}" as a struct: it opts in to inherit fields, but inherits none`,
      {
        op: "registerStruct",
        actual: inherited.size === 0
          ? "no parent with fields"
          : `all of the parents' fields are listed, ${quoted(inherited.keys())}`,
        remedy: "leave out hasImplicitlyInheritedFields",
        code: "struct-inherits-none",
      },
    );
  }
  const explicit = own === undefined ? [...inherited.keys()] : Object.keys(own);
  if (!hasImplicitlyInheritedFields && quoted(explicit) !== quoted(inferred.keys())) {
    throw new PyTreeDataclassSafetyError(`Cannot register "${name}" as a struct: it is not clear which fields it has`, {
      op: "registerStruct",
      actual: `fields lists ${quoted(explicit)}`,
      expected: `with the parents' fields first, ${quoted(inferred.keys())}`,
      remedy: "list all fields in this order, or pass hasImplicitlyInheritedFields: true",
      code: "struct-fields",
    });
  }
  for (const field of inferred.keys()) checkName(of, field, isStruct);
  const names = (isChild: boolean) =>
    Object.freeze([...inferred].filter(([, spec]) => spec.isChild === isChild).map(([n]) => n));
  const childNames = names(true);
  return {
    of,
    name,
    module,
    fields: inferred,
    names: Object.freeze([...inferred.keys()]),
    childNames,
    staticNames: names(false),
    noMetadata: new StructStaticMetadata(childNames, Object.freeze({})),
    index: registered++,
  };
}
