/**
 * `pz.np`: arrays as NumPy and `jax.numpy` have them.
 *
 * @module
 */

export * from "./arithmetic.ts";
export * from "./comparison.ts";
export * from "./complex.ts";
export * from "./creation.ts";
export * from "./cumulative.ts";
export * from "./diagonals.ts";
export * from "./division.ts";
export * from "./dtypes.ts";
export * from "./einsum.ts";
export * from "./exponential.ts";
export * from "./extremes.ts";
export * from "./finding.ts";
export * from "./floats.ts";
export * from "./histograms.ts";
export * from "./interpolation.ts";
export * from "./joining.ts";
export * from "./logic.ts";
export * from "./nan_reductions.ts";
export * from "./packing.ts";
export * from "./padding.ts";
export * from "./places.ts";
export * from "./power.ts";
export * from "./products.ts";
export * from "./quantiles.ts";
export * from "./ranges.ts";
export * from "./rearranging.ts";
export * from "./reductions.ts";
export * from "./repeating.ts";
export * from "./reshaping.ts";
export * from "./rounding.ts";
export * from "./searching.ts";
export * from "./sets.ts";
export * from "./sorting.ts";
export * from "./statistics.ts";
export * from "./taking.ts";
export * from "./trigonometric.ts";
export * from "./unwrap.ts";
export * from "./where.ts";
