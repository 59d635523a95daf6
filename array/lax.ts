/**
 * `pz.lax`: operations as JAX's `lax` has them, strict about shapes and dtypes.
 *
 * @module
 */

export * from "./lax_elementwise.ts";
export * from "./lax_indexing.ts";
export * from "./lax_reductions.ts";
