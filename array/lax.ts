/**
 * `pz.lax`: operations as JAX's `lax` has them, strict about shapes and dtypes.
 *
 * @module
 */

export { associativeScan, type AssociativeScanOptions } from "./associative_scan.ts";
export { cond, switchCase as switch, type TracedList } from "./branches.ts";
export {
  foriLoop,
  type ForiOptions,
  map,
  type MapOptions,
  scan,
  type ScanOptions,
  type Traced,
  type Tree,
  whileLoop,
} from "./loops.ts";
export * from "./collectives.ts";
export * from "./lax_elementwise.ts";
export * from "./lax_indexing.ts";
export * from "./lax_reductions.ts";
export { optimizationBarrier } from "./optimization_barrier.ts";
