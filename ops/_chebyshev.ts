/**
 * Chebyshev series in elementwise programs, for functions that decay as `e^-|x|` makes them.
 *
 * Source: Cephes, `single/chbevlf.c`.
 *
 * @module
 */

import type { Elementwise, ElementwiseValue } from "../wasm/elementwise.ts";

/** The series `Σ cₖ Tₖ(x / 2)`, the coefficient of the highest order first, the last one halved: Clenshaw's recurrence. */
function chebyshev(program: Elementwise, x: ElementwiseValue, coefficients: readonly number[]): ElementwiseValue {
  let [last, before, first] = [program.float(0), program.float(0), program.float(0)];
  for (const coefficient of coefficients) {
    [before, first] = [first, last];
    const product = program.apply("mul_f32", x, first);
    last = program.apply("add_f32", program.apply("sub_f32", product, before), program.float(coefficient));
  }
  return program.apply("mul_f32", program.float(0.5), program.apply("sub_f32", last, before));
}

/** The two series of a function: up to 8, and beyond. */
export interface TwoSeries {
  /** In `x / 2 - 2`. */
  readonly near: readonly number[];
  /** In `32 / x - 2`, of the function times the square root of x. */
  readonly far: readonly number[];
}

/**
 * Evaluates the series of a number that is not negative.
 *
 * @returns The values of both, of which that for the number's range counts: up to 8, beyond.
 */
export function twoSeries(
  program: Elementwise,
  size: ElementwiseValue,
  { near, far }: TwoSeries,
): readonly [near: ElementwiseValue, far: ElementwiseValue] {
  const two = program.float(2);
  const half = program.apply("sub_f32", program.apply("mul_f32", program.float(0.5), size), two);
  const inverse = program.apply("sub_f32", program.apply("div_f32", program.float(32), size), two);
  const beyond = program.apply("div_f32", chebyshev(program, inverse, far), program.apply("sqrt_f32", size));
  return [chebyshev(program, half, near), beyond];
}
