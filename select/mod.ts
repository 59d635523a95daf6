/**
 * Selections of subtrees: find parts of a model by where or what they are, and read, replace or remove them.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { combine, NotInThisPartition, select } from "@penjing/penjing/manual";
 *
 * const model = { embed: { size: 4 }, blocks: [{ size: 1 }, { size: 2 }] };
 * const sizes = select(model).at((m) => m.blocks).atInstancesOf(Number);
 *
 * assert.equal(sizes.count(), 2);
 * assert.deepEqual(sizes.apply((size) => 2 * size).blocks, [{ size: 2 }, { size: 4 }]);
 * assert.deepEqual(select(model).at((m) => m.blocks[0]).removeFromParent().blocks, [{ size: 2 }]);
 *
 * const [chosen, rest] = sizes.partition();
 * assert(chosen.embed instanceof NotInThisPartition);
 * assert.deepEqual(combine(chosen, rest), model);
 * ```
 *
 * @module
 */

export { type ClassToken, type InstanceOf, type TypeGuard, typeGuard } from "./classes.ts";
export * from "./holes.ts";
export * from "./options.ts";
export * from "./partition.ts";
export * from "./selection.ts";
