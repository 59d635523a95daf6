/**
 * Structural keys: strings that are equal exactly where values are, so that key paths, labels and slots can key a map.
 *
 * @module
 */

/** A value that says by what it is known: two values with one key are taken for the same. */
export interface StructurallyKeyed {
  /** The value's key; begin it with something that no other class uses. */
  toStructuralKey(): string;
}

/** Numbers of objects that are known by identity alone. */
const identities = new WeakMap<object, number>();
const symbols = new Map<symbol, number>();
let lastIdentity = 0;

function identityOf(value: object): number {
  let identity = identities.get(value);
  if (identity === undefined) {
    identity = ++lastIdentity;
    identities.set(value, identity);
  }
  return identity;
}

function symbolOf(value: symbol): number {
  let identity = symbols.get(value);
  if (identity === undefined) {
    identity = ++lastIdentity;
    symbols.set(value, identity);
  }
  return identity;
}

function isKeyed(value: object): value is StructurallyKeyed {
  return typeof (value as Partial<StructurallyKeyed>).toStructuralKey === "function";
}

/**
 * A string that two values share exactly if they are structurally the same.
 *
 * Strings, numbers (`-0` is `0`, `NaN` is itself), booleans, bigints, `null` and `undefined` (which differ), arrays of such, and objects
 * with a `toStructuralKey` method are known by what they hold; all other objects and functions by identity.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { tree } from "@penjing/penjing/manual";
 *
 * assert.equal(tree.structuralKey(["a", 1]), tree.structuralKey(["a", 1]));
 * assert.notEqual(tree.structuralKey(["a", 1]), tree.structuralKey(["a1"]));
 * ```
 *
 * @param value Anything.
 * @returns The key.
 */
export function structuralKey(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `s${value.length}:${value}`;
    case "number":
      return `n${value};`;
    case "boolean":
      return value ? "t" : "f";
    case "bigint":
      return `i${value};`;
    case "undefined":
      return "u";
    case "symbol":
      return `y${symbolOf(value)};`;
    case "function":
      return `o${identityOf(value)};`;
    case "object":
      if (value === null) return "0";
      // Holes count, which `map` would leave out.
      if (Array.isArray(value)) return `[${Array.from(value, structuralKey).join("")}]`;
      return isKeyed(value) ? `k${structuralKey(value.toStructuralKey())}` : `o${identityOf(value)};`;
  }
}

/**
 * A map whose keys are compared by structure, in the order of insertion.
 *
 * It is an ordered-map node of pytrees, as a `Map` is.
 */
export class StructuralMap<K, V> implements Iterable<[K, V]> {
  /** The entries by the texts of their keys; made when one is first asked for, since many maps are only gone through. */
  #byText: Map<string, [K, V]> | undefined;
  /** The entries of a map that has no texts yet. */
  #entries: [K, V][] = [];

  /** Holds these entries; of two with one key the latter, in the former's place. */
  constructor(entries: Iterable<readonly [K, V]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  /**
   * A map of entries of which no two have one key.
   *
   * @param entries The entries; that their keys differ is not checked.
   * @returns The map.
   */
  static ofDistinct<K, V>(entries: Iterable<readonly [K, V]>): StructuralMap<K, V> {
    const map = new StructuralMap<K, V>();
    map.#entries = Array.from(entries, ([key, value]) => [key, value]);
    return map;
  }

  get #index(): Map<string, [K, V]> {
    if (this.#byText === undefined) {
      this.#byText = new Map(this.#entries.map((entry) => [structuralKey(entry[0]), entry]));
      this.#entries = [];
    }
    return this.#byText;
  }

  /** The entries, wherever they are. */
  #all(): Iterable<[K, V]> {
    return this.#byText?.values() ?? this.#entries;
  }

  /** The number of entries. */
  get size(): number {
    return this.#byText?.size ?? this.#entries.length;
  }

  /** The value of `key`, or `undefined`. */
  get(key: K): V | undefined {
    return this.#index.get(structuralKey(key))?.[1];
  }

  /** Whether there is an entry for `key`. */
  has(key: K): boolean {
    return this.#index.has(structuralKey(key));
  }

  /** Sets the value of `key`, which keeps its place if it has one. */
  set(key: K, value: V): this {
    const text = structuralKey(key);
    const entry = this.#index.get(text);
    if (entry === undefined) this.#index.set(text, [key, value]);
    else entry[1] = value;
    return this;
  }

  /** Removes an entry; says whether there was one. */
  delete(key: K): boolean {
    return this.#index.delete(structuralKey(key));
  }

  /** The keys. */
  *keys(): IterableIterator<K> {
    for (const [key] of this.#all()) yield key;
  }

  /** The values. */
  *values(): IterableIterator<V> {
    for (const [, value] of this.#all()) yield value;
  }

  /** The entries. */
  *entries(): IterableIterator<[K, V]> {
    for (const [key, value] of this.#all()) yield [key, value];
  }

  /** The entries. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /** Calls `visit` with each value and its key. */
  forEach(visit: (value: V, key: K) => void): void {
    for (const [key, value] of this.#all()) visit(value, key);
  }
}

/** A set whose elements are compared by structure, in the order of insertion. */
export class StructuralSet<T> implements Iterable<T> {
  readonly #map: StructuralMap<T, true> = new StructuralMap();

  /** Holds these elements. */
  constructor(elements: Iterable<T> = []) {
    for (const element of elements) this.add(element);
  }

  /** The number of elements. */
  get size(): number {
    return this.#map.size;
  }

  /** Whether `element` is in the set. */
  has(element: T): boolean {
    return this.#map.has(element);
  }

  /** Adds an element, if none like it is there. */
  add(element: T): this {
    if (!this.#map.has(element)) this.#map.set(element, true);
    return this;
  }

  /** Removes an element; says whether there was one. */
  delete(element: T): boolean {
    return this.#map.delete(element);
  }

  /** The elements. */
  values(): IterableIterator<T> {
    return this.#map.keys();
  }

  /** The elements. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#map.keys();
  }
}
