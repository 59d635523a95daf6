/**
 * What is a node of a pytree, what are its children, and how it is built again.
 *
 * Arrays, plain objects, maps, `null` and `undefined` are nodes, and so are instances of registered classes: exactly
 * these classes, never their subclasses. Everything else is a leaf.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { DictKey, SequenceKey, type TreeKey } from "./keys.ts";
import { structuralKey, StructuralMap } from "./structural_key.ts";

/** One kind of nodes. `metadata` is what a node holds beside its children; it makes the node again. */
export interface NodeKind {
  /** How the kind is called in messages. */
  readonly name: string;
  /** The metadata of a node. */
  metadata(node: unknown): unknown;
  /** The children of a node, in order. */
  children(node: unknown): readonly unknown[];
  /** The steps to the children. */
  keys(node: unknown): readonly TreeKey[];
  /** A node of these children. */
  build(metadata: unknown, children: readonly unknown[]): unknown;
  /** Whether a node, its children aside, cannot change. */
  isFixed(node: unknown): boolean;
  /** Whether nodes are structs, below which arrays and plain objects are frozen. */
  readonly isStruct?: true;
  /** Whether nodes are arrays or plain objects. */
  readonly isPlain?: true;
  /** A string that two nodes share exactly if their metadata are the same; where it is left out, it follows from these. */
  metadataKey?(node: unknown): string;
  /** The same string, from the metadata. */
  keyOfMetadata?(metadata: unknown): string;
}

/** How a registered class is taken apart and put together. */
export interface NodeRegistration<T> {
  /** The children, each with the step to it, and everything else. */
  flattenWithKeys(
    node: T,
  ): readonly [children: readonly (readonly [key: TreeKey, child: unknown])[], metadata: unknown];
  /** The node of these children. */
  unflatten(metadata: unknown, children: readonly unknown[]): T;
}

/** A class, abstract or not. */
// deno-lint-ignore no-explicit-any
export type Class<T = unknown> = abstract new (...args: any[]) => T;

const NOTHING: readonly never[] = [];

const SEQUENCE: NodeKind = {
  name: "Array",
  isPlain: true,
  isFixed: Object.isFrozen,
  metadataKey: () => "",
  keyOfMetadata: () => "",
  metadata: () => undefined,
  children: (node) => node as readonly unknown[],
  keys: (node) => (node as readonly unknown[]).map((_, index) => new SequenceKey(index)),
  build: (_, children) => [...children],
};

/** Orders strings by code points, as Python does; JavaScript's own order is that of UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) {
    const [left, right] = [a.charCodeAt(k), b.charCodeAt(k)];
    // Halves of pairs stand for code points above all units.
    if (left !== right) return left + (isHalf(left) ? 0x10000 : 0) - right - (isHalf(right) ? 0x10000 : 0);
  }
  return a.length - b.length;
}

/** Whether a unit is half of a pair, which together are one code point. */
function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}

/** The keys of a plain object in order. */
function sortedKeys(node: Dict): string[] {
  const keys = Object.keys(node);
  for (let k = 1; k < keys.length; k++) {
    if (compareCodePoints(keys[k - 1]!, keys[k]!) > 0) return keys.sort(compareCodePoints);
  }
  return keys;
}

type Dict = Readonly<Record<string, unknown>>;

const DICT: NodeKind = {
  name: "Object",
  isPlain: true,
  // What a getter gives may change even so.
  isFixed: (node) =>
    Object.isFrozen(node) &&
    Object.values(Object.getOwnPropertyDescriptors(node)).every(({ get }) => get === undefined),
  metadata: (node) => sortedKeys(node as Dict),
  children: (node) => sortedKeys(node as Dict).map((key) => (node as Dict)[key]),
  keys: (node) => sortedKeys(node as Dict).map((key) => new DictKey(key)),
  build: (keys, children) => {
    const node: Record<string, unknown> = {};
    (keys as readonly string[]).forEach((key, index) => {
      const value = children[index];
      // An assignment would set the prototype.
      if (key !== "__proto__") node[key] = value;
      else Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
    });
    return node;
  },
};

/** What `Map` and `StructuralMap` have in common. */
interface MapLike {
  keys(): Iterable<unknown>;
  values(): Iterable<unknown>;
}

function mapKind(name: string, make: (entries: [unknown, unknown][]) => unknown): NodeKind {
  return {
    name,
    isFixed: () => false,
    metadataKey: (node) => Array.from((node as MapLike).keys(), structuralKey).join(""),
    keyOfMetadata: (keys) => (keys as readonly unknown[]).map(structuralKey).join(""),
    metadata: (node) => [...(node as MapLike).keys()],
    children: (node) => [...(node as MapLike).values()],
    keys: (node) => [...(node as MapLike).keys()].map((key) => new DictKey(key)),
    build: (keys, children) => make((keys as readonly unknown[]).map((key, index) => [key, children[index]])),
  };
}

function childlessKind(value: null | undefined): NodeKind {
  return {
    name: String(value),
    isFixed: () => true,
    metadata: () => undefined,
    children: () => NOTHING,
    keys: () => NOTHING,
    build: () => value,
  };
}

const NULL = childlessKind(null);
const UNDEFINED = childlessKind(undefined);

/** The kinds of registered classes, by prototype, since that is what an instance has at hand. */
const registered = new Map<object, NodeKind>([
  [Array.prototype, SEQUENCE],
  [Object.prototype, DICT],
  [Map.prototype, mapKind("Map", (entries) => new Map(entries))],
  [StructuralMap.prototype, mapKind("StructuralMap", (entries) => new StructuralMap(entries))],
]);

/** The kind of a value that is a node; `undefined` for a leaf. */
export function kindOf(value: unknown): NodeKind | undefined {
  if (value === null) return NULL;
  if (typeof value !== "object") return value === undefined ? UNDEFINED : undefined;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null ? DICT : registered.get(prototype);
}

/** Makes instances of a class nodes of this kind. */
export function registerKind(of: Class, kind: NodeKind): void {
  if (registered.has(of.prototype as object)) {
    throw new ValueError(`Cannot register "${of.name}" as a pytree node: it is one already`, {
      op: "tree.registerNode",
      remedy: "register a class once, where it is defined",
      code: "tree-registered",
    });
  }
  registered.set(of.prototype as object, kind);
}

/**
 * Makes instances of a class nodes of pytrees.
 *
 * Exactly of this class: instances of its subclasses stay leaves until these are registered themselves.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { tree } from "@penjing/penjing/manual";
 *
 * class Pair {
 *   left: unknown;
 *   right: unknown;
 *   constructor(left: unknown, right: unknown) {
 *     this.left = left;
 *     this.right = right;
 *   }
 * }
 * tree.registerNode(Pair, {
 *   flattenWithKeys: ({ left, right }) => [[[new tree.GetAttrKey("left"), left], [new tree.GetAttrKey("right"), right]], null],
 *   unflatten: (_, [left, right]) => new Pair(left, right),
 * });
 * assert.deepEqual(tree.leaves(new Pair(1, [2, 3])), [1, 2, 3]);
 * ```
 *
 * @param of The class.
 * @param registration How its instances are taken apart and put together.
 * @throws {ValueError} If the class is registered already.
 */
export function registerNode<T>(of: Class<T>, registration: NodeRegistration<T>): void {
  registerKind(of, {
    name: of.name,
    // A frozen instance may hold what is not.
    isFixed: () => false,
    metadata: (node) => registration.flattenWithKeys(node as T)[1],
    children: (node) => registration.flattenWithKeys(node as T)[0].map(([, child]) => child),
    keys: (node) => registration.flattenWithKeys(node as T)[0].map(([key]) => key),
    build: (metadata, children) => registration.unflatten(metadata, children),
  });
}
