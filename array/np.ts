/**
 * `pz.np`: arrays as NumPy and `jax.numpy` have them.
 *
 * Names are JAX's in camel case; what has a default there goes into one options object. Results have JAX's dtypes, weak ones
 * included, and its bits where these are defined.
 *
 * What depends on values reads them at once: `item`, `tolist`, `data`, printing, masks in `get`, and `nonzero`, `unique`,
 * `compress` and their kin, unless a `size` says how long the result is.
 *
 * Not in this version: decompositions, convolution, window reductions, FFT, polynomials, complex numbers, `gcd` and `lcm`.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const { np } = pz;
 * const x = np.linspace(0, 1, { num: 5 });
 * const y = np.where(x.gt(0.5), x, 0);
 * assert.deepEqual(np.stack([x, y]).sum({ axis: 1 }).tolist(), [2.5, 1.75]);
 * assert.deepEqual(np.einsum("i,j->ij", x, y).shape, [5, 5]);
 * ```
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
