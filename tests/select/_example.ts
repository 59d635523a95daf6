/** The tree of the scenarios, and what marks replaced values in it. */

import { DictKey, type KeyPath, keystr, SequenceKey } from "../../tree/keys.ts";
import { field, type FieldTable } from "../../tree/struct_fields.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";

/** A class that is not registered: a leaf. */
export class L {
  readonly tag: number;
  constructor(tag: number) {
    this.tag = tag;
  }
}

/** Marks a replaced value. */
export class M {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export const mark = (value: unknown): M => new M(value);

export interface X {
  a: number;
  b: L;
  c: { value: L | number }[];
}

export function makeX(): X {
  return { a: 1, b: new L(10), c: [{ value: new L(12) }, { value: new L(13) }, { value: 3 }] };
}

export interface PairFields {
  readonly a: unknown;
  readonly b: unknown;
}

export class Foo extends Struct<PairFields> implements PairFields {
  static override readonly fields: FieldTable<PairFields> = { a: field(), b: field() };
  declare readonly a: unknown;
  declare readonly b: unknown;
  static {
    registerStruct(this, { name: "Foo" });
  }
}

export class Bar extends Struct<PairFields> implements PairFields {
  static override readonly fields: FieldTable<PairFields> = { a: field(), b: field() };
  declare readonly a: unknown;
  declare readonly b: unknown;
  static {
    registerStruct(this, { name: "Bar" });
  }

  /** What tells its type from that of `Foo`. */
  isBar(): true {
    return true;
  }
}

/** A path of array places and keys. */
export function path(...steps: readonly (string | number)[]): KeyPath {
  return steps.map((step) => typeof step === "number" ? new SequenceKey(step) : new DictKey(step));
}

export function texts(paths: readonly KeyPath[]): string[] {
  return paths.map(keystr);
}

/** A generator of pseudorandom numbers below `n`: mulberry32. */
export function randomInts(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 4294967296 * n);
  };
}

/** A random tree. */
export function randomTree(below: (n: number) => number, depth: number): unknown {
  const child = () => randomTree(below, depth - 1);
  switch (below(depth === 0 ? 6 : 12)) {
    case 0:
      return null;
    case 1:
      return [];
    case 2:
      return new L(below(10));
    case 3:
      return "text";
    case 4:
    case 5:
      return below(5);
    case 6:
    case 7:
      return Array.from({ length: below(4) }, child);
    case 8:
      return Object.fromEntries(Array.from({ length: below(4) }, (_, i) => [`k${i}`, child()]));
    case 9:
      return new Map([["z", child()], ["y", child()]]);
    case 10:
      return new Foo({ a: child(), b: child() });
    default:
      return new Bar({ a: child(), b: [child()] });
  }
}

/** What some work throws. */
export function thrown(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}
