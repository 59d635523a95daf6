/**
 * Arrays in files.
 *
 * These functions take and give bytes: how they come from a disk or a network is the caller's.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 * import { decodeNpy, encodeNpy } from "@penjing/penjing/formats";
 *
 * const x = pz.np.array([1.5, 2.5]);
 * assert.deepEqual(decodeNpy(encodeNpy(x)).tolist(), [1.5, 2.5]);
 * ```
 *
 * @module
 */

export { decodeNpy, encodeNpy } from "./npy.ts";
export { decodeNpz, encodeNpz } from "./npz.ts";
