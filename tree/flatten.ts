/**
 * Trees as lists of leaves, and back.
 *
 * @module
 */

import type { KeyPath } from "./keys.ts";
import { kindOf } from "./node.ts";
import { defOf, LEAF, type TreeDef } from "./treedef.ts";

/** What functions over trees take beside the tree. */
export interface TreeOptions {
  /** Asked of every value on the way down, the root and would-be leaves included: what it names is not looked into. */
  readonly isLeaf?: (value: unknown) => boolean;
}

/** What is known of a node that cannot change, nor anything below it. */
interface Known {
  readonly leaves: readonly unknown[];
  readonly treedef: TreeDef;
}

const known = new WeakMap<object, Known>();
/** The trees of the leaves in `known`: given back unchanged, these are the tree. */
const origins = new WeakMap<readonly unknown[], object>();

/** Appends the leaves of `node`; gives its structure, and whether it can be remembered. */
function descend(
  node: unknown,
  leaves: unknown[],
  isLeaf: TreeOptions["isLeaf"],
): { readonly treedef: TreeDef; readonly fixed: boolean } {
  if (isLeaf?.(node)) {
    leaves.push(node);
    return A_LEAF;
  }
  const kind = kindOf(node);
  if (kind === undefined) {
    leaves.push(node);
    return A_LEAF;
  }
  const remembered = isLeaf === undefined && typeof node === "object" && node !== null ? known.get(node) : undefined;
  if (remembered !== undefined) {
    for (const leaf of remembered.leaves) leaves.push(leaf);
    return { treedef: remembered.treedef, fixed: true };
  }
  const children = kind.children(node);
  let fixed = kind.isFixed(node);
  const defs = new Array<TreeDef>(children.length);
  for (let i = 0; i < children.length; i++) {
    const child = descend(children[i], leaves, isLeaf);
    defs[i] = child.treedef;
    fixed &&= child.fixed;
  }
  return { treedef: defOf(kind, node, defs), fixed };
}

const A_LEAF = { treedef: LEAF, fixed: true } as const;

/**
 * Takes a tree apart.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { tree } from "@penjing/penjing/manual";
 *
 * const [leaves, treedef] = tree.flatten({ b: [1, 2], a: 3 });
 * assert.deepEqual(leaves, [3, 1, 2]);
 * assert.deepEqual(tree.unflatten(treedef, leaves.map((x) => -Number(x))), { a: -3, b: [-1, -2] });
 * ```
 *
 * @param tree The tree.
 * @param options What is a leaf.
 * @returns The leaves, in order, and the structure.
 */
export function flatten(tree: unknown, options: TreeOptions = {}): [leaves: readonly unknown[], treedef: TreeDef] {
  const { isLeaf } = options;
  const memo = isLeaf === undefined && typeof tree === "object" && tree !== null ? tree : undefined;
  const remembered = memo === undefined ? undefined : known.get(memo);
  if (remembered !== undefined) return [remembered.leaves, remembered.treedef];
  const leaves: unknown[] = [];
  const { treedef, fixed } = descend(tree, leaves, isLeaf);
  if (fixed && memo !== undefined && treedef.kind !== null) {
    Object.freeze(leaves);
    known.set(memo, { leaves, treedef });
    origins.set(leaves, memo);
  }
  return [leaves, treedef];
}

/**
 * A tree of this structure.
 *
 * Containers are new; only a frozen tree of frozen parts, whose own leaves are given back as {@linkcode flatten} gave
 * them, is returned as it is.
 *
 * @param treedef The structure.
 * @param leaves The leaves, in order.
 * @returns The tree.
 * @throws {ValueError} If there are more or fewer leaves than the structure has.
 */
export function unflatten(treedef: TreeDef, leaves: Iterable<unknown>): unknown {
  const origin = origins.get(leaves as readonly unknown[]);
  if (origin !== undefined && known.get(origin)?.treedef === treedef) return origin;
  return treedef.unflatten(leaves);
}

/** The leaves of a tree, in order. */
export function leaves(tree: unknown, options: TreeOptions = {}): readonly unknown[] {
  return flatten(tree, options)[0];
}

/** The structure of a tree. */
export function structure(tree: unknown, options: TreeOptions = {}): TreeDef {
  return flatten(tree, options)[1];
}

/** Appends the leaves of `node` with their paths; gives its structure. `isLeaf` is asked once of every value. */
function visit(
  node: unknown,
  path: KeyPath,
  isLeaf: TreeOptions["isLeaf"],
  found: [path: KeyPath, leaf: unknown][],
): TreeDef {
  const kind = isLeaf?.(node) ? undefined : kindOf(node);
  if (kind === undefined) {
    found.push([path, node]);
    return LEAF;
  }
  const [keys, children] = [kind.keys(node), kind.children(node)];
  return defOf(kind, node, children.map((child, index) => visit(child, [...path, keys[index]!], isLeaf, found)));
}

/** The leaves of a tree, in order, each with the path to it. */
export function leavesWithPath(tree: unknown, options: TreeOptions = {}): [path: KeyPath, leaf: unknown][] {
  const found: [path: KeyPath, leaf: unknown][] = [];
  visit(tree, [], options.isLeaf, found);
  return found;
}

/**
 * Takes a tree apart, with the paths to its leaves.
 *
 * @param tree The tree.
 * @param options What is a leaf.
 * @returns The leaves, in order, each with its path, and the structure.
 */
export function flattenWithPath(
  tree: unknown,
  options: TreeOptions = {},
): [leaves: [path: KeyPath, leaf: unknown][], treedef: TreeDef] {
  const found: [path: KeyPath, leaf: unknown][] = [];
  const treedef = visit(tree, [], options.isLeaf, found);
  return [found, treedef];
}
