/**
 * The errors that penjing throws.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { PenjingError, ValueError } from "@penjing/penjing/manual";
 *
 * const error = new ValueError("Cannot reshape", { actual: "[2, 3]", expected: "8 elements" });
 * assert(error instanceof PenjingError);
 * ```
 *
 * @module
 */

export * from "./classes.ts";
export * from "./error.ts";
