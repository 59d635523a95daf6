/**
 * What comes in the place of selected subtrees: values one by one, and several things or none for an array's element.
 *
 * @module
 */

import { KeyError, ValueError } from "../errors/mod.ts";
import { type KeyPath, keystr } from "../tree/keys.ts";
import { kindOf } from "../tree/node.ts";
import { StructuralMap } from "../tree/structural_key.ts";
import { carve, filled, type Found, isArrayKind, type Parts, Place, withChildren } from "./_build.ts";
import { SelectionHole, SelectionQuote } from "./holes.ts";
import type { Replacer } from "./options.ts";

/** The first of some values, one for each entry; no more are asked for. */
export function takenFor(parts: Parts, values: Iterable<unknown>): readonly unknown[] {
  const { size } = parts.selectedByPath;
  const taken: unknown[] = [];
  if (size === 0) return taken;
  for (const value of values) if (taken.push(value) === size) return taken;
  throw new KeyError("Cannot set a sequence: there are fewer values than selected subtrees", {
    op: "Selection.setSequence",
    operand: "values",
    actual: `${taken.length} values`,
    expected: `${size}`,
    path: keystr([...parts.selectedByPath.keys()][taken.length]!) || "the root",
    remedy: "pass one value for each selected subtree",
    code: "select-set-sequence",
  });
}

/** Gives the value for a path, or throws if there is none. */
export function valuesByPath(replacer: Replacer): (path: KeyPath) => unknown {
  if (typeof replacer === "function") return replacer;
  const values = replacer instanceof StructuralMap ? replacer : new StructuralMap(replacer);
  return (path) => {
    if (values.has(path)) return values.get(path);
    throw new KeyError("Cannot set by path: a selected path is not in the map", {
      op: "Selection.setByPath",
      operand: "replacer",
      path: keystr(path) || "the root",
      remedy: "give each selected path a value, or select only those that have one by atKeypaths",
      code: "select-set-path",
    });
  };
}

/** Stands in an array for the items that come there. */
class Items {
  readonly items: readonly unknown[];

  constructor(items: Iterable<unknown>) {
    this.items = [...items];
  }
}

/** Stands for an item that is to be selected. */
class Inserted {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Checks that every selected subtree is an element of an array. */
function checkParents(op: string, parts: Parts): void {
  const visit = (place: Place): void => {
    const { node, kind } = place;
    if (kind === undefined || node instanceof SelectionQuote) return;
    kind.children(node).forEach((child, index) => {
      const below = new Place(child, place, index);
      if (child instanceof SelectionHole && !isArrayKind(kind)) throw notInArray(op, kind.name, child.path, parts);
      visit(below);
    });
  };
  if (parts.remainder instanceof SelectionHole) {
    throw new ValueError("Cannot inline into an array: the root of the tree was selected", {
      op: `Selection.${op}`,
      operand: op,
      actual: "a selected root, which has no parent",
      expected: "selected elements of arrays",
      remedy: "select elements, or use apply to replace the whole",
      code: "select-inline-root",
    });
  }
  visit(new Place(parts.remainder));
}

function notInArray(op: string, parent: string, path: KeyPath, parts: Parts): ValueError {
  const value = parts.selectedByPath.get(path);
  // Layers and functions are what users want to replace by several; both have a `call`.
  const isLayer = typeof (value as { call?: unknown } | null | undefined)?.call === "function";
  return new ValueError("Cannot inline into an array: a selected node is no element of one", {
    op: `Selection.${op}`,
    operand: op,
    actual: `a parent of type ${parent}`,
    expected: "a parent of type Array",
    path: keystr(path),
    remedy: isLayer
      ? "use apply, and wrap several layers in a Sequential to put them in the place of one"
      : "select elements of arrays, or use apply to replace one value by one",
    code: "select-inline-parent",
  });
}

/**
 * The tree in which items replace each selected element.
 *
 * @param op The method.
 * @param parts The selection.
 * @param itemsOf Makes the items of an element.
 * @returns The tree.
 * @throws {ValueError} If something selected is no element of an array.
 */
export function inlined(
  op: string,
  parts: Parts,
  itemsOf: (value: unknown, path: KeyPath) => Iterable<unknown>,
): unknown {
  checkParents(op, parts);
  const items = [...parts.selectedByPath].map(([path, value]) => new Items(itemsOf(value, path)));
  const expand = (node: unknown): unknown => {
    const kind = kindOf(node);
    if (kind === undefined) return node;
    if (isArrayKind(kind) && (node as readonly unknown[]).some((child) => child instanceof Items)) {
      return (node as readonly unknown[]).flatMap((child) => child instanceof Items ? child.items : [expand(child)]);
    }
    return withChildren(kind, node, expand);
  };
  return expand(filled(parts, items));
}

/**
 * Inserts a value beside each selected element.
 *
 * @param op The method.
 * @param parts The selection.
 * @param value The value.
 * @param isAfter Whether it comes after the element; else before.
 * @returns The tree.
 */
export function insert(op: string, parts: Parts, value: unknown, isAfter: boolean): unknown {
  return inlined(op, parts, (element) => isAfter ? [element, value] : [value, element]);
}

/** As {@linkcode insert}, but gives a selection of the inserted values. */
export function insertAndSelect(op: string, parts: Parts, value: unknown, isAfter: boolean): Parts {
  const tree = insert(op, parts, new Inserted(value), isAfter);
  const found: Found = [];
  const choose = (place: Place) => place.node instanceof Inserted;
  // Elements move where something is inserted, so the paths are those of the new tree.
  const remainder = carve(tree, [], { choose, unwrap: (node) => (node as Inserted).value }, found);
  return { selectedByPath: new StructuralMap(found), remainder };
}
