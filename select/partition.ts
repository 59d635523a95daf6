/**
 * Trees in parts: the same structure, with a marker for what is in another part.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { type KeyPath, keystr } from "../tree/keys.ts";
import { kindOf } from "../tree/node.ts";
import { print } from "../tree/print.ts";
import { registerStruct, Struct } from "../tree/struct.ts";
import { metadataEquals } from "../tree/treedef.ts";

/** Stands in a part of a tree for a subtree that is in another part. */
export class NotInThisPartition extends Struct {
  static {
    registerStruct(this, { name: "NotInThisPartition", module: "penjing.select" });
  }

  /** How renderers mark it. */
  override treescopeColor(): string {
    return "orange";
  }
}

function conflict(a: unknown, b: unknown, path: KeyPath): ValueError {
  return new ValueError("Cannot combine partitions: two of them have something at one place", {
    op: "combine",
    actual: `${print(a, { indent: false })} and ${print(b, { indent: false })}`,
    expected: "NotInThisPartition in all but one, or nodes of one structure",
    path: keystr(path) || "the root",
    remedy: "pass partitions of one tree, each once",
    code: "partition-conflict",
  });
}

function merge(a: unknown, b: unknown, path: () => KeyPath): unknown {
  if (a instanceof NotInThisPartition) return b;
  if (b instanceof NotInThisPartition) return a;
  const kind = kindOf(a);
  if (kind === undefined || kind !== kindOf(b)) throw conflict(a, b, path());
  const [left, right, metadata] = [kind.children(a), kind.children(b), kind.metadata(a)];
  if (left.length !== right.length || !metadataEquals(metadata, kind.metadata(b))) throw conflict(a, b, path());
  const pathOf = (index: number): KeyPath => [...path(), kind.keys(a)[index]!];
  return kind.build(metadata, left.map((child, index) => merge(child, right[index], () => pathOf(index))));
}

/**
 * The marker of what is elsewhere, since there is no partition.
 *
 * @returns The marker.
 */
export function combine(): NotInThisPartition;
/**
 * Puts the parts of a tree together again.
 *
 * Of what is in one part alone that is taken; what is in none keeps its marker. The parts may be partitioned in
 * different places, as long as no two have a leaf at one place.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { combine, select } from "@penjing/penjing/manual";
 *
 * const model = { weights: [1, 2], name: "m" };
 * const [numbers, others] = select(model).atInstancesOf(Number).partition();
 * assert.deepEqual(numbers.weights, [1, 2]);
 * assert.deepEqual(combine(numbers, others), model);
 * ```
 *
 * @param partitions The parts.
 * @returns The tree.
 * @throws {ValueError} If two parts have something at one place; the text names it.
 */
export function combine<T>(...partitions: readonly [T, ...(readonly T[])]): T;
/** As above, for parts of which it is not known how many they are. */
export function combine(...partitions: readonly unknown[]): unknown;
export function combine(...partitions: readonly unknown[]): unknown {
  if (partitions.length === 0) return new NotInThisPartition();
  return partitions.reduce((made, partition) => merge(made, partition, () => []));
}
