/**
 * Functions of the leaves of one tree or of several trees of like structure.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { flatten, structure, type TreeOptions } from "./flatten.ts";
import { type KeyPath, keystr } from "./keys.ts";
import { kindOf, type NodeKind } from "./node.ts";
import { structuralKey } from "./structural_key.ts";
import { print } from "./print.ts";
import { StructStaticMetadata } from "./struct_fields.ts";
import { LEAF, metadataEquals, nodeDef, type TreeDef } from "./treedef.ts";

/** What stands at one place of a tree, for messages; what it holds beside its children where `other` is of its kind. */
function describe(kind: NodeKind | undefined, node: unknown, other: NodeKind | undefined): string {
  if (kind === undefined) {
    const of = typeof node === "object" ? node?.constructor?.name : undefined;
    return of === undefined ? `the leaf ${print(node, { indent: false })}` : `a leaf of class ${of}`;
  }
  const keys = kind.keys(node);
  const text = `${kind.name} with ${keys.length === 0 ? "no children" : `children ${keys.map(String).join(", ")}`}`;
  const metadata = kind === other && !kind.isPlain ? kind.metadata(node) : undefined;
  if (metadata === undefined) return text;
  const shown = metadata instanceof StructStaticMetadata ? metadata.staticFields : metadata;
  return `${text}, and ${print(shown, { indent: false })}`;
}

/** Visits the leaves of `node` with what other trees have there; gives its structure. `isLeaf` is asked once of a value. */
function align(
  node: unknown,
  others: readonly unknown[],
  path: KeyPath,
  isLeaf: TreeOptions["isLeaf"],
  found: (leaf: unknown, others: readonly unknown[], path: KeyPath) => void,
): TreeDef {
  const kind = isLeaf?.(node) ? undefined : kindOf(node);
  if (kind === undefined) {
    found(node, others, path);
    return LEAF;
  }
  const [keys, children, metadata] = [kind.keys(node), kind.children(node), kind.metadata(node)];
  const rest = others.map((other, index) => {
    const otherKind = kindOf(other);
    const fits = otherKind === kind && kind.children(other).length === children.length &&
      metadataEquals(metadata, kind.metadata(other)) &&
      structuralKey([...keys]) === structuralKey([...kind.keys(other)]);
    if (!fits) {
      throw new ValueError("Cannot map over trees: their structures differ", {
        op: "tree.map",
        operand: `tree ${index + 2}`,
        actual: describe(otherKind, other, kind),
        expected: describe(kind, node, otherKind),
        path: path.length === 0 ? "the root" : keystr(path),
        remedy: "pass trees that have the first one's structure down to its leaves",
        code: "tree-structure",
      });
    }
    return kind.children(other);
  });
  const defs = children.map((child, index) =>
    align(child, rest.map((of) => of[index]), [...path, keys[index]!], isLeaf, found)
  );
  return nodeDef(kind, metadata, defs);
}

/** A function of the leaves at one place: the first tree's leaf, and what the others have there. */
// Leaves of any tree come here, and only the caller knows which.
// deno-lint-ignore no-explicit-any
export type LeafFunction = (leaf: any, ...others: any[]) => unknown;

/**
 * The tree of what a function makes of the leaves of one tree or of several.
 *
 * The first tree fixes the structure. The others have the same down to its leaves; what they have there, leaf or tree,
 * is passed whole.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { tree } from "@penjing/penjing/manual";
 *
 * assert.deepEqual(tree.map((x: number) => x + 1, { a: 1, b: [2] }), { a: 2, b: [3] });
 * assert.deepEqual(tree.map((x: number, y: number) => x * y, [1, 2], [3, 4]), [3, 8]);
 * ```
 *
 * @typeParam Out The type of the result, where leaves become something else than they were.
 * @param fn Called with the leaves at one place.
 * @param tree The tree.
 * @param rest Other trees.
 * @returns A new tree.
 * @throws {ValueError} If another tree's structure differs; the text names the place.
 */
export function map<T, Out = T>(fn: LeafFunction, tree: T, ...rest: readonly unknown[]): Out {
  const [leaves, treedef] = flatten(tree);
  const others = rest.map((other) => flatten(other));
  if (others.every(([, structure]) => structure === treedef)) {
    const results = others.length === 0
      ? leaves.map((leaf) => fn(leaf))
      : leaves.map((leaf, index) => fn(leaf, ...others.map(([of]) => of[index])));
    return treedef.unflatten(results) as Out;
  }
  return mapWithPath((_, leaf, ...others) => fn(leaf, ...others), tree, ...rest);
}

/** As {@linkcode map}, with the path to the leaf before the leaves. */
export function mapWithPath<T, Out = T>(
  // deno-lint-ignore no-explicit-any
  fn: (path: KeyPath, leaf: any, ...others: any[]) => unknown,
  tree: T,
  ...rest: readonly unknown[]
): Out {
  const results: unknown[] = [];
  const treedef = align(tree, rest, [], undefined, (leaf, others, path) => results.push(fn(path, leaf, ...others)));
  return treedef.unflatten(results) as Out;
}

/**
 * As {@linkcode map}, but what `isLeaf` names is taken for a leaf.
 *
 * @param isLeaf Asked of every value of the first tree on the way down.
 * @param fn Called with the leaves at one place.
 * @param tree The tree.
 * @param rest Other trees.
 * @returns A new tree.
 * @throws {ValueError} If another tree's structure differs; the text names the place.
 */
export function mapUntil<T, Out = T>(
  isLeaf: (value: unknown) => boolean,
  fn: LeafFunction,
  tree: T,
  ...rest: readonly unknown[]
): Out {
  const results: unknown[] = [];
  const treedef = align(tree, rest, [], isLeaf, (leaf, others) => results.push(fn(leaf, ...others)));
  return treedef.unflatten(results) as Out;
}

/**
 * Folds the leaves of a tree, in order.
 *
 * @param fn Of what was made so far and the next leaf.
 * @param tree The tree.
 * @param initial What to begin with.
 * @returns What was made in the end.
 */
export function reduce<R>(fn: (made: R, leaf: unknown) => R, tree: unknown, initial: R): R {
  return flatten(tree)[0].reduce<R>((made, leaf) => fn(made, leaf), initial);
}

/** Whether every leaf of a tree is truthy. */
export function all(tree: unknown): boolean {
  return flatten(tree)[0].every(Boolean);
}

/**
 * Turns a tree of trees inside out.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { tree } from "@penjing/penjing/manual";
 *
 * const pairs = { a: [1, 2], b: [3, 4] };
 * const turned = tree.transpose(tree.structure({ a: 0, b: 0 }), tree.structure([0, 0]), pairs);
 * assert.deepEqual(turned, [{ a: 1, b: 3 }, { a: 2, b: 4 }]);
 * ```
 *
 * @param outer The structure of the outer tree.
 * @param inner The structure of each inner tree.
 * @param tree A tree of structure `outer` whose leaves are trees of structure `inner`.
 * @returns A tree of structure `inner` whose leaves are trees of structure `outer`.
 * @throws {ValueError} If the tree is not so.
 */
export function transpose(outer: TreeDef, inner: TreeDef, tree: unknown): unknown {
  const given = structure(tree);
  const expected = compose(outer, inner);
  if (given !== expected) {
    throw new ValueError("Cannot transpose a tree: it is no tree of trees of these structures", {
      op: "tree.transpose",
      actual: given.toString(),
      expected: expected.toString(),
      remedy: "pass the structure of the outer tree first, then that of the inner ones",
      code: "tree-structure",
    });
  }
  const leaves = flatten(tree)[0];
  const size = inner.numLeaves;
  const turned = Array.from(
    { length: size },
    (_, i) => outer.unflatten(Array.from({ length: outer.numLeaves }, (_, o) => leaves[o * size + i])),
  );
  return inner.unflatten(turned);
}

/** The structure of `outer` with one of `inner` in place of each leaf. */
function compose(outer: TreeDef, inner: TreeDef): TreeDef {
  if (outer.kind === null) return inner;
  return nodeDef(outer.kind, outer.metadata, outer.children.map((child) => compose(child, inner)));
}
