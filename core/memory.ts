/**
 * What the engine's memory holds, and where it came from.
 *
 * @module
 */

import type { MemoryStats } from "../wasm/memory.ts";
import { memoryStats } from "../wasm/init.ts";
import { keepOrigins, liveOrigins, liveStorages, type Origin } from "./storage.ts";

/** What the engine's memory holds. */
export interface MemoryReport extends MemoryStats {
  /** How many blocks arrays hold; views share one. */
  readonly liveArrays: number;
  /** Where they were made, the largest first: those made since {@linkcode traceMemory} was called. */
  readonly origins?: readonly Origin[];
}

/**
 * What the engine's memory holds now.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const before = pz.memory().liveArrays;
 * const sum = pz.scope(() => pz.np.ones([100]).add(1).sum());
 * assert.equal(pz.memory().liveArrays, before + 1);
 * assert.equal(sum.item(), 200);
 * ```
 *
 * @returns Live arrays, live bytes, the most there were, and what the memory is made of.
 */
export function memory(): MemoryReport {
  const origins = liveOrigins();
  return {
    ...memoryStats(),
    liveArrays: liveStorages(),
    ...(origins && { origins: origins.toSorted((a, b) => b.bytes - a.bytes) }),
  };
}

/**
 * Makes {@linkcode memory} say where each array was made: a help against leaks, at some microseconds an array.
 *
 * @param on Whether to keep it; what was kept is forgotten if not.
 */
export function traceMemory(on = true): void {
  keepOrigins(on);
}
