/**
 * One level of a tree, and paths that name the classes on the way.
 *
 * @module
 */

import { AssertionError, KeyError } from "../errors/mod.ts";
import { CustomGetAttrKey, FlattenedIndexKey, GetAttrKey, type KeyPath, keystr, type TreeKey } from "./keys.ts";
import { kindOf } from "./node.ts";
import { structuralKey } from "./structural_key.ts";
import { defOf, LEAF, type TreeDef } from "./treedef.ts";

/**
 * The immediate children of a node.
 *
 * @param tree The node.
 * @returns The children, each with the step to it, and the structure of which they are the leaves; `null` for a leaf.
 */
export function treeFlattenExactlyOneLevel(
  tree: unknown,
): [children: [key: TreeKey, child: unknown][], treedef: TreeDef] | null {
  const kind = kindOf(tree);
  if (kind === undefined) return null;
  const [keys, children] = [kind.keys(tree), kind.children(tree)];
  const treedef = defOf(kind, tree, children.map(() => LEAF));
  return [children.map((child, index) => [keys[index]!, child]), treedef];
}

/**
 * The text of a path with the classes of the nodes whose fields it goes through.
 *
 * For a struct `Foo` that holds an array of structs `Bar`, the path to a field of the first is `Foo.sublayers[0]/Bar.body`.
 *
 * @param path The path.
 * @param tree The tree that it leads into.
 * @returns The text; empty for the root.
 * @throws {AssertionError} If the path goes on below a leaf.
 * @throws {KeyError} If a node has no such child.
 */
export function prettyKeystr(path: KeyPath, tree: unknown): string {
  const pieces: string[] = [];
  let node = tree;
  path.forEach((key, index) => {
    if (key instanceof GetAttrKey || key instanceof FlattenedIndexKey || key instanceof CustomGetAttrKey) {
      pieces.push("/", kindOf(node)?.name ?? String((node as object | null)?.constructor?.name));
    }
    pieces.push(String(key));
    const level = treeFlattenExactlyOneLevel(node);
    const at = keystr(path.slice(0, index)) || "the root";
    if (level === null) {
      throw new AssertionError("Cannot follow a path: it goes on below a leaf", {
        op: "prettyKeystr",
        actual: `a leaf at ${at}`,
        expected: `a node with the child ${key}`,
        path: keystr(path),
        remedy: "pass the tree that the path is of",
        code: "tree-path-leaf",
      });
    }
    const wanted = structuralKey(key);
    const child = level[0].find(([of]) => structuralKey(of) === wanted);
    if (child === undefined) {
      throw new KeyError(`Cannot follow a path: a node has no child ${key}`, {
        op: "prettyKeystr",
        actual: `children ${level[0].map(([of]) => String(of)).join(", ") || "none"} at ${at}`,
        path: keystr(path),
        remedy: "pass the tree that the path is of",
        code: "tree-path-key",
      });
    }
    node = child[1];
  });
  return (pieces[0] === "/" ? pieces.slice(1) : pieces).join("");
}
