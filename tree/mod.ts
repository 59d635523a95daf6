/**
 * Pytrees: nested arrays, objects and structs as nodes, everything else as leaves.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { tree } from "@penjing/penjing/manual";
 *
 * const parameters = { weights: [1, 2], bias: 3 };
 * const [leaves, treedef] = tree.flatten(parameters);
 * assert.deepEqual(tree.unflatten(treedef, leaves), parameters);
 * assert.deepEqual(tree.map((x: number) => 10 * x, parameters), { weights: [10, 20], bias: 30 });
 * assert.equal(tree.leavesWithPath(parameters).map(([path]) => tree.keystr(path)).join(" "), "['bias'] ['weights'][0] ['weights'][1]");
 * ```
 *
 * @module
 */

export { equals } from "./equals.ts";
export { flatten, flattenWithPath, leaves, leavesWithPath, structure, type TreeOptions, unflatten } from "./flatten.ts";
export * from "./keys.ts";
export { all, type LeafFunction, map, mapUntil, mapWithPath, reduce, transpose } from "./map.ts";
export { type Class, type NodeKind, type NodeRegistration, registerNode } from "./node.ts";
export { structuralKey, type StructurallyKeyed, StructuralMap, StructuralSet } from "./structural_key.ts";
export { TreeDef } from "./treedef.ts";
