/**
 * Immutable records that are nodes of pytrees: what layers, selections, named arrays and specs are made of.
 *
 * @module
 */

import { AttributeError, ValueError } from "../errors/mod.ts";
import { hook } from "./hooks.ts";
import { GetAttrKey, type TreeKey } from "./keys.ts";
import { type Class, registerKind } from "./node.ts";
import { print } from "./print.ts";
import { type FieldTable, type StructInfo, StructStaticMetadata } from "./struct_fields.ts";
import { StructuralMap } from "./structural_key.ts";
import { metadataKey } from "./treedef.ts";
import { infoOf, inspectFields, remember, type StructOptions } from "./struct_info.ts";

/** All fields in their order: the way of `fromAttributes`, which no constructor of a subclass sees. */
class Raw {
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

/** The type of a struct's only field; nothing for structs of several. */
type SoleField<F> = { [K in keyof F]: Exclude<keyof F, K> extends never ? F[K] : never }[keyof F];

/** What a struct is made of: its fields, those that have a default left out at will. */
export type Attributes<F, Defaulted extends keyof F = never> =
  & Readonly<Omit<F, Defaulted>>
  & { readonly [K in Defaulted]?: F[K] };

/** A value that nobody can change: arrays and plain objects are copied, unless they are frozen already. */
function fixed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(fixed));
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy = Object.create(prototype as object | null) as object;
  for (const [key, held] of Object.entries(value)) {
    Object.defineProperty(copy, key, { value: fixed(held), enumerable: true });
  }
  return Object.freeze(copy);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The fields of a new instance, in their order, from what its constructor was given. */
function complete(info: StructInfo, given: unknown): readonly unknown[] {
  const { name, names, fields } = info;
  const sole = names.length === 1 ? names[0] : undefined;
  const isNamed = isPlain(given) && (sole === undefined || sole in given && Object.keys(given).length === 1);
  if (!isNamed && given !== undefined && sole === undefined) {
    throw new TypeError(`Cannot make ${name}: pass one object of its fields, ${names.join(", ")}`);
  }
  const attributes = isNamed ? given : given === undefined ? {} : { [sole!]: given };
  const values = new Array<unknown>(names.length);
  const missing: string[] = [];
  let used = 0;
  for (let i = 0; i < names.length; i++) {
    const field = names[i]!;
    if (Object.hasOwn(attributes, field)) {
      values[i] = attributes[field];
      used++;
      continue;
    }
    const makeDefault = fields.get(field)!.makeDefault;
    if (makeDefault === undefined) missing.push(field);
    else values[i] = makeDefault();
  }
  const passed = Object.keys(attributes);
  if (passed.length > used) {
    const surplus = passed.filter((field) => !fields.has(field)).join(", ");
    throw new TypeError(`Cannot make ${name}: it has no field ${surplus}; its fields are ${names.join(", ")}`);
  }
  if (missing.length > 0) {
    throw new TypeError(`Cannot make ${name}: the field ${missing.join(", ")} is missing and has no default`);
  }
  return values;
}

/**
 * The base of immutable records.
 *
 * A subclass declares its fields in an interface, lists them in `fields`, and registers itself. Fields made by `field`
 * hold children of the node, those made by `staticField` belong to its structure. Arrays and plain objects in a field
 * are copied and frozen, so that an instance never changes.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing/manual";
 *
 * interface ScaleFields {
 *   readonly factor: number;
 *   readonly axes: readonly string[];
 * }
 * class Scale extends pz.Struct<ScaleFields, "axes"> implements ScaleFields {
 *   static override readonly fields: pz.FieldTable<ScaleFields> = {
 *     factor: pz.field(),
 *     axes: pz.staticField({ default: [] }),
 *   };
 *   declare readonly factor: number;
 *   declare readonly axes: readonly string[];
 *   static {
 *     pz.registerStruct(this, { name: "Scale", module: "example" });
 *   }
 * }
 *
 * const scale = new Scale({ factor: 2 });
 * assert.deepEqual(pz.tree.leaves(scale), [2]);
 * assert.equal(String(scale.replace({ factor: 3 })), "Scale(factor=3, axes=[])");
 * ```
 *
 * @typeParam F The fields.
 * @typeParam Defaulted The names of the fields that have a default.
 */
export abstract class Struct<F extends object = object, Defaulted extends keyof F = never> {
  /** The fields in their order, which is that of children, of `of`, and of the text. */
  // The table of a subclass knows its fields.
  // deno-lint-ignore no-explicit-any
  static readonly fields: FieldTable<any> = {};

  /**
   * Makes an instance.
   *
   * @param attributes The fields; or, of a struct that has but one, its value.
   * @throws {TypeError} If the class is not registered, or if a field is missing or unknown.
   */
  constructor(attributes?: Attributes<F, Defaulted> | SoleField<F>) {
    const info = infoOf(new.target);
    if (info === undefined) {
      throw new TypeError(
        `Cannot make an instance of the abstract struct "${new.target.name}": it must be registered, by registerStruct(this) in a static block of the class`,
      );
    }
    const values = attributes instanceof Raw ? attributes.values : complete(info, attributes);
    const write = this as unknown as Record<string, unknown>;
    const { names } = info;
    for (let i = 0; i < names.length; i++) write[names[i]!] = fixed(values[i]);
    Object.freeze(this);
  }

  /**
   * An instance of field values in their order; those at the end may be left out if they have defaults.
   *
   * @param values The values.
   * @returns The instance, by the class's constructor.
   * @throws {TypeError} If there are more values than fields, or a field without default has none.
   */
  static of<T extends Struct>(this: new (attributes: never) => T, ...values: readonly unknown[]): T {
    const info = requireInfo(this);
    const names = [...info.fields.keys()];
    if (values.length > names.length) {
      throw new TypeError(`Cannot make ${info.name}: it has ${names.length} fields, not ${values.length}`);
    }
    return new this(Object.fromEntries(values.map((value, index) => [names[index], value])) as never);
  }

  /**
   * An instance of exactly these fields; no constructor of the class runs.
   *
   * @param attributes All fields.
   * @returns The instance.
   * @throws {ValueError} If a field is missing or unknown.
   */
  static fromAttributes<T extends Struct>(this: Class<T>, attributes: Readonly<Record<string, unknown>>): T {
    const info = requireInfo(this);
    const [expected, given] = [[...info.fields.keys()], Object.keys(attributes)];
    if (expected.length !== given.length || expected.some((name) => !Object.hasOwn(attributes, name))) {
      throw new ValueError(`Cannot make ${info.name} from attributes: they are not its fields`, {
        op: "Struct.fromAttributes",
        actual: given.join(", ") || "none",
        expected: expected.join(", ") || "none",
        remedy: "pass every field once",
        code: "struct-attributes",
      });
    }
    return make(this, info.names.map((name) => attributes[name]));
  }

  /** A record of all fields, of which {@linkcode Struct.fromAttributes} makes an equal instance. */
  attributesDict(): F {
    return Object.fromEntries(Object.entries(this)) as F;
  }

  /**
   * A copy with some fields changed; no constructor of the class runs.
   *
   * @param changes The fields to change.
   * @returns The copy.
   * @throws {TypeError} If there is no such field.
   */
  replace(changes: { readonly [K in keyof F]?: F[K] }): this {
    const info = requireInfo(this.constructor as Class);
    const surplus = Object.keys(changes).filter((name) => !info.fields.has(name));
    if (surplus.length > 0) {
      throw new TypeError(
        `Cannot replace ${surplus.join(", ")} of ${info.name}: its fields are ${[...info.fields.keys()].join(", ")}`,
      );
    }
    const read: Readonly<Record<string, unknown>> = { ...this, ...changes };
    return make(this.constructor as Class, info.names.map((name) => read[name])) as this;
  }

  /** The step to a field, as key paths show it; to be overridden where another says more. */
  keyForField(name: string): TreeKey {
    return new GetAttrKey(name);
  }

  /** The children, each with the step to it, and what the struct holds beside them. */
  treeFlattenWithKeys(): [children: [key: TreeKey, child: unknown][], metadata: StructStaticMetadata] {
    const [children, metadata] = this.treeFlatten();
    const { childNames } = requireInfo(this.constructor as Class);
    return [children.map((child, index) => [this.keyForField(childNames[index]!), child]), metadata];
  }

  /** The children, in the order of their fields, and what the struct holds beside them. */
  treeFlatten(): [children: readonly unknown[], metadata: StructStaticMetadata] {
    const info = requireInfo(this.constructor as Class);
    const read = this as unknown as Readonly<Record<string, unknown>>;
    return [info.childNames.map((name) => read[name]), staticOf(info, read)];
  }

  /** The struct of what {@linkcode Struct.treeFlatten} gave; children may be anything. */
  static treeUnflatten<T extends Struct>(
    this: Class<T>,
    metadata: StructStaticMetadata,
    children: readonly unknown[],
  ): T {
    return rebuild(requireInfo(this), metadata, children) as T;
  }

  /** A selection of the whole struct. */
  select(): unknown {
    return hook("select")(this);
  }

  /**
   * The color in which the struct is shown: that of its qualified name if it can be called, as layers can, and else none.
   *
   * @returns One color of CSS, for the background, or two, for outline and background.
   */
  treescopeColor(): string | readonly [outline: string, fill: string] {
    const { name, module } = requireInfo(this.constructor as Class);
    if (typeof (this as { readonly call?: unknown }).call !== "function") return "transparent";
    return hook("color")(module === "" ? name : `${module}.${name}`);
  }

  /** The struct on one line. */
  toString(): string {
    return print(this, { indent: false });
  }
}

// What consoles show: the struct as an indented tree. Not in the class, whose declaration could not name these members.
for (const name of ["Deno.customInspect", "nodejs.util.inspect.custom"]) {
  Object.defineProperty(Struct.prototype, Symbol.for(name), {
    value(this: Struct): string {
      return print(this, { indent: true });
    },
  });
}

function make<T>(of: Class<T>, values: readonly unknown[]): T {
  // The base constructor alone runs, for an instance of the class.
  return Reflect.construct(Struct, [new Raw(values)], of as new () => T) as T;
}

function rebuild(info: StructInfo, metadata: StructStaticMetadata, children: readonly unknown[]): unknown {
  const { names, fields } = info;
  const values = new Array<unknown>(names.length);
  let next = 0;
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    values[i] = fields.get(name)!.isChild ? children[next++] : metadata.staticFields[name];
  }
  return make(info.of, values);
}

function requireInfo(of: Class): StructInfo {
  const info = infoOf(of);
  if (info === undefined) {
    throw new TypeError(`Cannot use "${of.name}" as a struct: it is not registered, by registerStruct(this)`);
  }
  return info;
}

function staticOf(info: StructInfo, struct: Readonly<Record<string, unknown>>): StructStaticMetadata {
  if (info.staticNames.length === 0) return info.noMetadata;
  return new StructStaticMetadata(
    info.childNames,
    Object.fromEntries(info.staticNames.map((name) => [name, struct[name]])),
  );
}

/** Whether a static value can change although structs copy and freeze arrays and plain objects. */
function isMutable(value: unknown): boolean {
  return value instanceof Map || value instanceof StructuralMap;
}

function staticKey(info: StructInfo, struct: Readonly<Record<string, unknown>>): string {
  let key = "";
  for (const name of info.staticNames) key += `${metadataKey(struct[name])};`;
  return key;
}

/**
 * Makes a class a struct; call it in a static block of the class.
 *
 * @param of The class: a subclass of `Struct`, or one that has `treeFlattenWithKeys` and a static `treeUnflatten`.
 * @param options Its name, and whether it has its parents' fields without naming them.
 * @throws {ValueError} If the class is registered already, or a field has a name that cannot be.
 * @throws {PyTreeDataclassSafetyError} If it is not clear which fields the class has.
 * @throws {AttributeError} If it is no `Struct` and cannot be taken apart.
 */
export function registerStruct(of: Class, options: StructOptions = {}): void {
  const prototype = of.prototype as { treeFlattenWithKeys?: () => [[TreeKey, unknown][], unknown] };
  const unflatten = (of as unknown as { treeUnflatten?: (metadata: unknown, children: readonly unknown[]) => unknown })
    .treeUnflatten;
  if (typeof prototype.treeFlattenWithKeys !== "function" || typeof unflatten !== "function") {
    throw new AttributeError(`Cannot register "${of.name}" as a struct: it cannot be taken apart`, {
      op: "registerStruct",
      expected: "a method treeFlattenWithKeys and a static method treeUnflatten",
      remedy: "extend Struct, which has both",
      code: "struct-methods",
    });
  }
  const info = inspectFields(of, options, of.prototype instanceof Struct);
  const flatten = (node: unknown) => (node as Required<typeof prototype>).treeFlattenWithKeys();
  const inherits = prototype.treeFlattenWithKeys === Struct.prototype.treeFlattenWithKeys;
  const read = (node: unknown) => node as Readonly<Record<string, unknown>>;
  registerKind(of, {
    name: info.name,
    isFixed: inherits ? (node) => info.staticNames.every((name) => !isMutable(read(node)[name])) : () => false,
    ...(of.prototype instanceof Struct && { isStruct: true }),
    ...(inherits && {
      metadataKey: (node) => staticKey(info, read(node)),
      keyOfMetadata: (metadata) => staticKey(info, (metadata as StructStaticMetadata).staticFields),
    }),
    metadata: inherits ? (node) => staticOf(info, read(node)) : (node) => flatten(node)[1],
    children: inherits
      ? (node) => info.childNames.map((name) => read(node)[name])
      : (node) => flatten(node)[0].map(([, child]) => child),
    keys: (node) => flatten(node)[0].map(([key]) => key),
    build: unflatten === Struct.treeUnflatten
      ? (metadata, children) => rebuild(info, metadata as StructStaticMetadata, children)
      : (metadata, children) => unflatten.call(of, metadata, children),
  });
  remember(info);
}

/**
 * As {@linkcode registerStruct}, for who prefers a decorator.
 *
 * @param options The class's name, and whether it has its parents' fields without naming them.
 * @returns The decorator.
 */
export function pytreeDataclass(options: StructOptions = {}): (of: Class) => void {
  return (of) => registerStruct(of, options);
}

/**
 * An instance of a struct class from all of its fields; no constructor of the class runs.
 *
 * @param of The class.
 * @param attributes All fields.
 * @returns The instance.
 * @throws {ValueError} If a field is missing or unknown.
 */
export function dataclassFromAttributes<T extends Struct>(
  of: Class<T>,
  attributes: Readonly<Record<string, unknown>>,
): T {
  return Struct.fromAttributes.call(of as Class<Struct>, attributes) as T;
}

/**
 * Whether a struct class is made by its fields: neither it nor a parent declares a constructor of its own.
 *
 * @param of The class.
 * @returns Whether `new` takes an object of the fields.
 */
export function initTakesFields(of: Class): boolean {
  for (
    let parent: unknown = of;
    typeof parent === "function" && parent !== Struct;
    parent = Object.getPrototypeOf(parent)
  ) {
    // A class keeps its text; what looks like a constructor in its comments and strings is none.
    const text = Function.prototype.toString.call(parent)
      .replace(/\/\*[^]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "");
    if (/(?:^|[;{}\s])constructor\s*\(/.test(text)) return false;
  }
  return true;
}
