/**
 * The derivative of the digamma function, composed of other operations: derivatives of any order follow.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { integerPow } from "./integer_pow.ts";
import { lt } from "./lt.ts";
import { mul } from "./mul.ts";
import { select } from "./select.ts";
import { sin } from "./sin.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";
import { filled } from "./zeros.ts";

/** Steps of the recurrence: the series is exact to float32 from there on. */
const STEPS = 6;

/** The asymptotic series, `1/y + 1/(2 y²) + Σ B₂ₖ / y^(2k + 1)`: B₂ to B₈. */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30];

/** Of positive numbers: `ψ₁(x) = Σ 1/(x + k)² + ψ₁(x + n)`, with the series for the last. */
function ofPositive(x: NDArray): NDArray {
  const shifted = add(x, filled(STEPS, x));
  const inverse = integerPow(shifted, -1);
  const inverseSquare = square(inverse);
  let series = filled(BERNOULLI.at(-1)!, x);
  for (const number of BERNOULLI.slice(0, -1).toReversed()) {
    series = add(mul(series, inverseSquare), filled(number, x));
  }
  const odd = mul(inverse, add(filled(1, x), mul(inverseSquare, series)));
  let sum = add(odd, mul(filled(0.5, x), inverseSquare));
  for (let k = STEPS - 1; k >= 0; k--) sum = add(sum, integerPow(add(x, filled(k, x)), -2));
  return sum;
}

/**
 * The trigamma function.
 *
 * @param x An array of floats.
 * @returns `d²/dx² log Γ(x)`; below 1/2 by reflection: `ψ₁(x) + ψ₁(1 - x) = π² / sin²(πx)`.
 */
export function trigamma(x: NDArray): NDArray {
  const one = filled(1, x);
  const isLow = lt(x, filled(0.5, x));
  const above = ofPositive(select(isLow, sub(one, x), x));
  // What is not chosen must not be infinite, or its derivative would be NaN times 0.
  const sine = sin(mul(filled(Math.PI, x), select(isLow, x, filled(0.5, x))));
  return select(isLow, sub(div(filled(Math.PI ** 2, x), square(sine)), above), above);
}
