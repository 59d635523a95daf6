/**
 * Selections: marked subtrees of a tree, to be read, replaced, or looked into further.
 *
 * @module
 */

import { fillHook } from "../tree/hooks.ts";
import type { KeyPath } from "../tree/keys.ts";
import { map } from "../tree/map.ts";
import { registerStruct, Struct } from "../tree/struct.ts";
import { field, type FieldTable } from "../tree/struct_fields.ts";
import { StructuralMap } from "../tree/structural_key.ts";
import { accessed } from "./_at.ts";
import { notOne, notSelections, otherCount } from "./_errors.ts";
import { filled, guarded, type Parts, type Refine, refined } from "./_build.ts";
import * as refine from "./_refine.ts";
import { inlined, insert, insertAndSelect, takenFor, valuesByPath } from "./_replace.ts";
import { type ClassToken, type InstanceOf, instanceTest } from "./classes.ts";
import { SelectionHole } from "./holes.ts";
import type { ByPathAndValue, ByValue, InnermostOptions, Replacer, ToSelection, ToTree } from "./options.ts";
import { NotInThisPartition } from "./partition.ts";

/** Fields of {@linkcode Selection}. */
export interface SelectionFields<S> {
  /** The selected subtrees by their paths, in the order of the tree. */
  readonly selectedByPath: StructuralMap<KeyPath, S>;
  /** The tree with a {@linkcode SelectionHole} where each of them was. */
  readonly remainder: unknown;
}

// A function of what a caller declares; its arguments are checked where it is passed.
type Fn = (...args: never[]) => unknown;

function call(fn: Fn, ...args: readonly unknown[]): unknown {
  return (fn as (...args: readonly unknown[]) => unknown)(...args);
}

/** The caller of a function of a path and a value, or of a value alone. */
function caller(fn: Fn, withKeypath: boolean | undefined): (value: unknown, path: KeyPath) => unknown {
  return withKeypath === true ? (value, path) => call(fn, path, value) : (value) => call(fn, value);
}

/**
 * Disjoint subtrees of a tree, to be read, replaced, or looked into further.
 *
 * Nothing changes in place: each method gives a new selection or a new tree. A selection is itself a tree, of which the
 * leaves are those of the tree that it is of.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { select } from "@penjing/penjing/manual";
 *
 * const model = { layers: [{ size: 1 }, { size: 2 }], name: "m" };
 * const sizes = select(model).at((m) => m.layers).atInstancesOf(Number);
 * assert.deepEqual(sizes.getSequence(), [1, 2]);
 * assert.deepEqual(sizes.apply((size) => 10 * size).layers, [{ size: 10 }, { size: 20 }]);
 * ```
 *
 * @typeParam S What is selected.
 * @typeParam T The tree.
 */
export class Selection<S, T = unknown> extends Struct<SelectionFields<S>> implements SelectionFields<S> {
  /** Both fields hold children. */
  static override readonly fields: FieldTable<SelectionFields<unknown>> = {
    selectedByPath: field(),
    remainder: field(),
  };
  /** The selected subtrees by their paths, in the order of the tree. */
  declare readonly selectedByPath: StructuralMap<KeyPath, S>;
  /** The tree with a {@linkcode SelectionHole} where each of them was. */
  declare readonly remainder: unknown;
  static {
    registerStruct(this, { name: "Selection", module: "penjing.select" });
  }

  /** The number of selected subtrees. */
  count(): number {
    return this.selectedByPath.size;
  }

  /** The number of selected subtrees. */
  get size(): number {
    return this.selectedByPath.size;
  }

  /** Whether nothing is selected. */
  isEmpty(): boolean {
    return this.selectedByPath.size === 0;
  }

  /**
   * The tree.
   *
   * @returns The tree; its containers are new, leaves and selected subtrees are the same.
   * @throws {SelectionError} If it cannot be built.
   */
  deselect(): T {
    return guarded("deselect", () => filled(this, [...this.selectedByPath.values()])) as T;
  }

  /**
   * The only selected subtree.
   *
   * @returns The subtree.
   * @throws {ValueError} If there is none, or several.
   */
  get(): S {
    if (this.size !== 1) throw notOne(this.size);
    return this.getSequence()[0]!;
  }

  /** The paths of the selected subtrees. */
  getKeypaths(): KeyPath[] {
    return [...this.selectedByPath.keys()];
  }

  /** The selected subtrees by their paths. */
  getByPath(): StructuralMap<KeyPath, S> {
    return this.selectedByPath;
  }

  /** The selected subtrees. */
  getSequence(): S[] {
    return [...this.selectedByPath.values()];
  }

  /**
   * Checks the number of selected subtrees.
   *
   * @param count What it should be.
   * @returns This selection.
   * @throws {AssertionError} If it is another.
   */
  assertCountIs(count: number): this {
    if (this.size === count) return this;
    throw otherCount(this.size, count);
  }

  /**
   * The tree in two parts, which `combine` puts together again.
   *
   * @param options Whether markers stand for leaves alone, so that both parts have the tree's whole structure.
   * @returns What is selected, with markers elsewhere; and the rest, with markers for what is selected.
   */
  partition(options: { readonly atLeaves?: boolean } = {}): [selected: T, remainder: T] {
    const marker = new NotInThisPartition();
    const mark = options.atLeaves === true ? (subtree: unknown) => map(() => marker, subtree) : () => marker;
    return [this.invert().apply(mark), this.apply(mark)];
  }

  /**
   * Replaces each selected subtree by what a function makes of it.
   *
   * @param fn Of the subtree, or of its path and the subtree.
   * @param options What the function gets, and whether to give the tree or the selection of what the function made.
   * @returns The tree, or with `keepSelected` a selection.
   */
  apply(fn: (value: S) => unknown, options?: ByValue & ToTree): T;
  /** As above, by path and subtree. */
  apply(fn: (path: KeyPath, value: S) => unknown, options: ByPathAndValue & ToTree): T;
  /** As above, giving the selection of what the function made. */
  apply<R>(fn: (value: S) => R, options: ByValue & ToSelection): Selection<R, T>;
  /** Both. */
  apply<R>(fn: (path: KeyPath, value: S) => R, options: ByPathAndValue & ToSelection): Selection<R, T>;
  apply(fn: Fn, options: { withKeypath?: boolean; keepSelected?: boolean } = {}): unknown {
    const { withKeypath, keepSelected } = options;
    const made = caller(fn, withKeypath);
    return replaced(this, (value, path) => made(value, path), keepSelected);
  }

  /**
   * Replaces each selected subtree by what a function makes of its place among them, from 0, and of it.
   *
   * @param fn Of the place and the subtree.
   * @param options Whether to give the tree or the selection of what the function made.
   * @returns The tree, or with `keepSelected` a selection.
   */
  applyWithSelectedIndex(fn: (index: number, value: S) => unknown, options?: ToTree): T;
  /** As above, giving the selection of what the function made. */
  applyWithSelectedIndex<R>(fn: (index: number, value: S) => R, options: ToSelection): Selection<R, T>;
  applyWithSelectedIndex(fn: Fn, options: { keepSelected?: boolean } = {}): unknown {
    return replaced(this, (value, _, index) => call(fn, index, value), options.keepSelected);
  }

  /** The tree with one value, shared, for all selected subtrees. */
  set(value: unknown): T {
    return this.apply(() => value);
  }

  /**
   * The tree with the i-th value for the i-th selected subtree.
   *
   * @param values The values; more than needed are ignored.
   * @returns The tree.
   * @throws {KeyError} If there are too few.
   */
  setSequence(values: Iterable<unknown>): T {
    const taken = takenFor(this, values);
    return replaced(this, (_value, _path, index) => taken[index]) as T;
  }

  /**
   * The tree with a value by path for each selected subtree.
   *
   * @param replacer The values; those of other paths are ignored.
   * @returns The tree.
   * @throws {KeyError} If a path has none.
   */
  setByPath(replacer: Replacer): T {
    const valueAt = valuesByPath(replacer);
    return replaced(this, (_, path) => valueAt(path)) as T;
  }

  /**
   * The tree with values at paths from each selected subtree.
   *
   * @param values The values; those of paths that a subtree does not have, or that lie below another, are ignored.
   * @returns The tree.
   */
  selectAndSetByPath(values: ReadonlyMap<KeyPath, unknown> | StructuralMap<KeyPath, unknown>): T {
    const byPath = values instanceof StructuralMap ? values : new StructuralMap(values);
    return this.apply((subtree) => select(subtree).atKeypaths(byPath.keys()).setByPath(byPath));
  }

  /**
   * The tree with several items, or none, for each selected array element.
   *
   * @param fn Of the element, or of its path and the element: the items.
   * @param options What the function gets.
   * @returns The tree.
   * @throws {ValueError} If something selected is no element of an array.
   */
  applyAndInline(fn: (value: S) => Iterable<unknown>, options?: ByValue): T;
  /** As above, by path and element. */
  applyAndInline(fn: (path: KeyPath, value: S) => Iterable<unknown>, options: ByPathAndValue): T;
  applyAndInline(fn: Fn, options: { withKeypath?: boolean } = {}): unknown {
    const made = caller(fn, options.withKeypath);
    return inlined("applyAndInline", this, (value, path) => made(value, path) as Iterable<unknown>);
  }

  /**
   * Inserts a value after each selected array element.
   *
   * @param value The value.
   * @param options Whether to give the tree, or a selection of the inserted values.
   * @returns The tree, or with `andSelect` a selection.
   * @throws {ValueError} If something selected is no element of an array.
   */
  insertAfter(value: unknown, options?: { readonly andSelect?: false }): T;
  /** As above, giving a selection of the inserted values. */
  insertAfter<V>(value: V, options: { readonly andSelect: true }): Selection<V, T>;
  insertAfter(value: unknown, options: { readonly andSelect?: boolean } = {}): unknown {
    if (options.andSelect === true) return selectionOf(insertAndSelect("insertAfter", this, value, true));
    return insert("insertAfter", this, value, true);
  }

  /** As {@linkcode Selection.insertAfter}, but before each element. */
  insertBefore(value: unknown, options?: { readonly andSelect?: false }): T;
  /** As above, giving a selection of the inserted values. */
  insertBefore<V>(value: V, options: { readonly andSelect: true }): Selection<V, T>;
  insertBefore(value: unknown, options: { readonly andSelect?: boolean } = {}): unknown {
    if (options.andSelect === true) return selectionOf(insertAndSelect("insertBefore", this, value, false));
    return insert("insertBefore", this, value, false);
  }

  /**
   * The tree without the selected array elements.
   *
   * @returns The tree.
   * @throws {ValueError} If something selected is no element of an array.
   */
  removeFromParent(): T {
    return inlined("removeFromParent", this, () => []) as T;
  }

  /**
   * Selects what an accessor returns of each selected subtree: fields, elements, entries, however deep.
   *
   * The accessor gets a copy in which leaves are stand-ins, so it can go down the tree but cannot look at values.
   *
   * @param accessor Of the subtree: one node or leaf of it, or several.
   * @param options Whether it returns several.
   * @returns The selection, in the order of the tree.
   * @throws {ValueError} If what the accessor returns is no part of the subtree.
   * @throws {SelectionError} If the copy cannot be built.
   */
  at<R>(accessor: (value: S) => Iterable<R>, options: { readonly multiple: true }): Selection<R, T>;
  /** As above, of one node or leaf. */
  at<R>(accessor: (value: S) => R, options?: { readonly multiple?: false }): Selection<R, T>;
  at(accessor: (value: S) => unknown, options: { readonly multiple?: boolean } = {}): Selection<unknown, T> {
    return refinedBy(this, "at", accessed(this, accessor, options.multiple));
  }

  /** Selects all immediate children of the selected nodes; selected leaves have none. */
  atChildren(): Selection<unknown, T> {
    return refinedBy(this, "atChildren", refine.children);
  }

  /** Selects all leaves. */
  atPytreeLeaves(): Selection<unknown, T> {
    return this.atSubtreesWhere(refine.isLeaf);
  }

  /** Selects all leaves and nodes without children. */
  atChildless(): Selection<unknown, T> {
    return this.atSubtreesWhere(refine.isChildless);
  }

  /**
   * Keeps the subtrees for which a predicate gives something truthy.
   *
   * @param predicate Of the subtree, or of its path and the subtree.
   * @param options What the predicate gets.
   * @returns The selection.
   * @throws {SelectionError} If the predicate throws.
   */
  where<U extends S>(predicate: (value: S) => value is U, options?: ByValue): Selection<U, T>;
  /** As above, by a predicate that tells nothing of the type. */
  where(predicate: (value: S) => unknown, options?: ByValue): Selection<S, T>;
  /** As above, by path and subtree. */
  where(predicate: (path: KeyPath, value: S) => unknown, options: ByPathAndValue): Selection<S, T>;
  where(predicate: Fn, options: { withKeypath?: boolean } = {}): Selection<S, T> {
    return refinedBy(this, "where", refine.keeping(caller(predicate, options.withKeypath)));
  }

  /**
   * Selects, in each selected subtree and with its root among them, the subtrees that a predicate accepts.
   *
   * @param predicate Of the subtree, or of its path and the subtree; gives `true` or `false`, and always the same.
   * @param options What the predicate gets, and which of nested matches are selected. Paths begin at the selected
   * subtree, or with `absoluteKeypath` at the root of the tree.
   * @returns The selection.
   * @throws {SelectionError} If the predicate throws, or gives something else.
   */
  atSubtreesWhere<U>(
    predicate: (subtree: unknown) => subtree is U,
    options?: ByValue & InnermostOptions,
  ): Selection<U, T>;
  /** As above, by a predicate that tells nothing of the type. */
  atSubtreesWhere(
    predicate: (subtree: unknown) => boolean,
    options?: ByValue & InnermostOptions,
  ): Selection<unknown, T>;
  /** As above, by path and subtree. */
  atSubtreesWhere(
    predicate: (path: KeyPath, subtree: unknown) => boolean,
    options: ByPathAndValue & InnermostOptions & { readonly absoluteKeypath?: boolean },
  ): Selection<unknown, T>;
  atSubtreesWhere(predicate: Fn, options: refine.SubtreeOptions = {}): Selection<unknown, T> {
    return refinedBy(this, "atSubtreesWhere", refine.subtreesWhere(predicate, options));
  }

  /**
   * Selects the instances of classes: see {@linkcode ClassToken} for what else can be named.
   *
   * @param token The class, or several.
   * @param options Which of nested instances are selected.
   * @returns The selection.
   * @throws {TypeError} If one is neither a class nor marked by `typeGuard`.
   */
  atInstancesOf<K extends ClassToken>(token: K, options?: InnermostOptions): Selection<InstanceOf<K>, T>;
  /** As above, of several classes. */
  atInstancesOf<const K extends readonly ClassToken[]>(
    tokens: K,
    options?: InnermostOptions,
  ): Selection<InstanceOf<K[number]>, T>;
  /** As above, of several classes without options. */
  atInstancesOf<const K extends readonly ClassToken[]>(...tokens: K): Selection<InstanceOf<K[number]>, T>;
  atInstancesOf(...given: readonly unknown[]): Selection<unknown, T> {
    const last = given.at(-1);
    const hasOptions = given.length > 1 && (last === undefined || typeof last === "object");
    const tokens = hasOptions ? given.slice(0, -1) : given;
    return refinedBy(
      this,
      "atInstancesOf",
      refine.subtreesWhere(instanceTest(tokens.flat()), hasOptions ? last as InnermostOptions | undefined : {}),
    );
  }

  /**
   * Selects the outermost subtrees that equal a template.
   *
   * @param template The template; not an array of numbers.
   * @returns The selection.
   * @throws {ValueError} If the template is one.
   */
  atEqualTo<V>(template: V): Selection<V, T> {
    return refinedBy(this, "atEqualTo", refine.subtreesWhere(refine.equalityTest(template)));
  }

  /**
   * Selects the subtrees at paths from each selected one; unknown paths, and those below another, are ignored.
   *
   * @param paths The paths.
   * @returns The selection.
   */
  atKeypaths(paths: Iterable<KeyPath>): Selection<unknown, T> {
    return refinedBy(this, "atKeypaths", refine.keypaths(paths));
  }

  /** Keeps the n-th of the selected subtrees, or several; negative numbers count from the end, others are ignored. */
  pickNthSelected(n: number | Iterable<number>): Selection<S, T> {
    return refinedBy(this, "pickNthSelected", refine.nth(typeof n === "number" ? [n] : n, this.size));
  }

  /** Selects the largest subtrees in which nothing is selected. */
  invert(): Selection<unknown, T> {
    return selectionOf(guarded("invert", () => refine.inverted(this)));
  }

  /**
   * Selects what a function selects in each selected subtree, or in what it makes of it.
   *
   * @param fn Of the subtree: a selection.
   * @returns The selection of all of them.
   * @throws {SelectionError} If the function gives something else.
   */
  refine<R>(fn: (value: S) => Selection<R>): Selection<R, T> {
    return this.apply(fn, { keepSelected: true }).flattenSelectedSelections();
  }

  /**
   * Merges selections that are selected.
   *
   * @returns The selection of what they select.
   * @throws {SelectionError} If something else is selected.
   */
  flattenSelectedSelections(): Selection<S extends Selection<infer R> ? R : unknown, T> {
    return refinedBy(this, "flattenSelectedSelections", (value, path, index, found) => {
      if (value instanceof Selection) return refine.nested(value, path, index, found);
      throw notSelections(path);
    });
  }
}

/** Parts as a selection, of a type that only its maker can know. */
function selectionOf<S, T>(parts: Parts): Selection<S, T> {
  return new Selection<S, T>(parts as SelectionFields<S>);
}

function refinedBy<S, T>(selection: Selection<unknown, T>, op: string, how: Refine): Selection<S, T> {
  return selectionOf(guarded(op, () => refined(selection, how)));
}

/** Replaces each selected subtree; the function's own errors pass as they are. */
function replaced<T>(
  selection: Selection<unknown, T>,
  fn: (value: unknown, path: KeyPath, index: number) => unknown,
  keepSelected = false,
): unknown {
  const values: unknown[] = [];
  for (const [path, value] of selection.selectedByPath) values.push(fn(value, path, values.length));
  if (!keepSelected) return guarded("deselect", () => filled(selection, values));
  const entries = selection.getKeypaths().map((path, index) => [path, values[index]] as const);
  return selectionOf({ selectedByPath: StructuralMap.ofDistinct(entries), remainder: selection.remainder });
}

/** No steps: the path of the root. */
const ROOT: KeyPath = Object.freeze([]);

/**
 * Selects a whole tree, to be refined by the methods of the selection.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { select } from "@penjing/penjing/manual";
 *
 * assert.deepEqual(select({ a: 1, b: [2] }).at((tree) => tree.b).set("new"), { a: 1, b: "new" });
 * ```
 *
 * @param tree The tree.
 * @returns The selection.
 */
export function select<T>(tree: T): Selection<T, T> {
  return new Selection<T, T>({
    selectedByPath: new StructuralMap([[ROOT, tree]]),
    remainder: new SelectionHole({ path: ROOT }),
  });
}

fillHook("select", select);
