/**
 * An order for small records of different classes, so that keys of many kinds can be sorted together.
 *
 * @module
 */

import { compareCodePoints } from "./node.ts";
import { infoOf } from "./struct_info.ts";
import { structuralKey, type StructurallyKeyed } from "./structural_key.ts";

/** What tells classes apart and orders them. */
interface ClassRank {
  readonly name: string;
  readonly module: string;
  /** 0 for registered structs, which come before all others of their name. */
  readonly group: number;
  /** The place among the classes of the group. */
  readonly index: number;
}

/** Places of classes that are not registered: the order in which they were first asked for. */
const places = new WeakMap<object, number>();
let lastPlace = 0;

// Any class.
// deno-lint-ignore ban-types
function rankOf(of: Function): ClassRank {
  const info = infoOf(of);
  if (info !== undefined) return { name: info.name, module: info.module, group: 0, index: info.index };
  let index = places.get(of);
  if (index === undefined) {
    index = lastPlace++;
    places.set(of, index);
  }
  return { name: of.name, module: "", group: 1, index };
}

/** The values that records are compared by, in the order of their declaration. */
function comparedValues(record: object): readonly unknown[] {
  const info = infoOf(record.constructor);
  if (info === undefined) return Object.values(record);
  const read = record as Readonly<Record<string, unknown>>;
  return [...info.fields].filter(([, spec]) => spec.compare).map(([name]) => read[name]);
}

/** A value as a message names it. */
function described(value: unknown): string {
  if (typeof value === "string") return `the string "${value}"`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return "a function";
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `the ${typeof value} ${String(value)}`;
  return `an instance of ${infoOf(value.constructor)?.name ?? (value.constructor?.name || "no class")}`;
}

function incomparable(a: unknown, b: unknown): TypeError {
  return new TypeError(
    `Cannot compare ${described(a)} with ${
      described(b)
    }: they have no order; compare strings, arrays, or numbers with their like, ` +
      "or extend AutoOrderedAcrossTypes, whose instances come after all strings and arrays",
  );
}

function compareNumbers(a: number, b: number): number {
  // NaN is itself and comes last, so that the order is total.
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return Number(a > b) - Number(a < b);
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareMixed(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareRecords(a: AutoOrderedAcrossTypes, b: AutoOrderedAcrossTypes): number {
  if (a === b) return 0;
  const [x, y] = [rankOf(a.constructor), rankOf(b.constructor)];
  return compareCodePoints(x.name, y.name) || compareCodePoints(x.module, y.module) ||
    x.group - y.group || x.index - y.index || compareArrays(comparedValues(a), comparedValues(b));
}

/**
 * Compares keys of many kinds: a function for `sort`.
 *
 * Strings go by code points, numbers and booleans by value, arrays element by element, and records as
 * {@linkcode AutoOrderedAcrossTypes} says. Values of any kind that are structurally the same are equal.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { AutoOrderedAcrossTypes, compareMixed } from "@penjing/penjing/manual";
 *
 * class Slot extends AutoOrderedAcrossTypes {
 *   readonly place: number;
 *   constructor(place: number) {
 *     super();
 *     this.place = place;
 *   }
 * }
 * const [first, second] = [new Slot(1), new Slot(2)];
 * assert.deepEqual([second, "z", first, "a"].sort(compareMixed), ["a", "z", first, second]);
 * ```
 *
 * @param a A key.
 * @param b Another one.
 * @returns Less than 0 if `a` comes first, more than 0 if `b` does, 0 if they are the same.
 * @throws {TypeError} If the two have no order.
 */
export function compareMixed(a: unknown, b: unknown): number {
  if (a instanceof AutoOrderedAcrossTypes) return a.compareTo(b);
  if (b instanceof AutoOrderedAcrossTypes) return -b.compareTo(a);
  if (typeof a === "string" && typeof b === "string") return compareCodePoints(a, b);
  if (typeof a === "number" && typeof b === "number") return compareNumbers(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : Number(a > b);
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  if (structuralKey(a) === structuralKey(b)) return 0;
  throw incomparable(a, b);
}

/**
 * The base of small records that are known by what they hold and can be sorted with all others of their sort.
 *
 * A record comes after every string and every array. Two records go by the names of their classes, by the modules of
 * these, by the order in which the classes were registered, and then by their fields. The fields of a registered struct
 * are those that its table flags `compare`; those of any other class are its own enumerable properties, in the order in
 * which its constructor sets them, so private members do not count.
 */
export abstract class AutoOrderedAcrossTypes implements StructurallyKeyed {
  /**
   * Compares the record with another key.
   *
   * @param other A record, a string, or an array.
   * @returns Less than 0 if this comes first, more than 0 if `other` does, 0 if they are the same.
   * @throws {TypeError} If `other` is anything else, or if two fields have no order.
   */
  compareTo(other: unknown): number {
    if (other instanceof AutoOrderedAcrossTypes) return compareRecords(this, other);
    if (typeof other === "string" || Array.isArray(other)) return 1;
    throw incomparable(this, other);
  }

  /** Known by its class and the fields that it is compared by. */
  toStructuralKey(): string {
    return `AutoOrdered ${structuralKey([this.constructor, ...comparedValues(this)])}`;
  }
}
