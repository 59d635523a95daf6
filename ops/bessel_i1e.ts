/**
 * The modified Bessel function of order 1, scaled.
 *
 * Source: Cephes, `single/i1f.c`.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { type TwoSeries, twoSeries } from "./_chebyshev.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain, type ProgramRule } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { besselI0e } from "./bessel_i0e.ts";
import { gt } from "./gt.ts";
import { integerPow } from "./integer_pow.ts";
import { mul } from "./mul.ts";
import { select } from "./select.ts";
import { sign } from "./sign.ts";
import { sub } from "./sub.ts";
import { filled } from "./zeros.ts";

const SERIES: TwoSeries = {
  // deno-fmt-ignore -- a table
  near: [
    9.38153738649577178388e-9, -4.44505912879632808065e-8, 2.00329475355213526229e-7, -8.56872026469545474066e-7,
    3.47025130813767847674e-6, -1.32731636560394358279e-5, 4.78156510755005422638e-5, -1.61760815825896745588e-4,
    5.12285956168575772895e-4, -1.51357245063125314899e-3, 4.15642294431288815669e-3, -1.05640848946261981558e-2,
    2.47264490306265168283e-2, -5.29459812080949914269e-2, 1.02643658689847095384e-1, -1.76416518357834055153e-1,
    2.52587186443633654823e-1,
  ],
  // deno-fmt-ignore -- a table
  far: [
    -3.83538038596423702205e-9, -2.63146884688951950684e-8, -2.51223623787020892529e-7, -3.88256480887769039346e-6,
    -1.10588938762623716291e-4, -9.76109749136146840777e-3, 7.78576235018280120474e-1,
  ],
};

const program: ProgramRule<Plain> = (program, [x]) => {
  const size = program.apply("abs_f32", x!);
  const [near, far] = twoSeries(program, size, SERIES);
  const isNear = program.apply("le_f32", size, program.float(8));
  const value = program.apply("select", isNear, program.apply("mul_f32", near, size), far);
  return program.apply("mul_f32", program.apply("sign_f32", x!), value);
};

/** The slope `e^-|x| I₀(x) - y (sign(x) + 1/x)`, which at 0 is 1/2. */
function slope(x: NDArray, y: NDArray): NDArray {
  const tiny = filled(2 ** -23, x);
  const isLarge = gt(abs(x), tiny);
  const safe = select(isLarge, x, tiny);
  const own = sub(besselI0e(safe), mul(y, add(sign(safe), integerPow(safe, -1))));
  return select(isLarge, own, filled(0.5, x));
}

/** `y = e^-|x| I₁(x)`. Derivative: `e^-|x| I₀(x) - y (sign(x) + 1/x)`. */
export const besselI1ePrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "besselI1e",
  lower: lowerProgram(program, () => ""),
  jvp: jvpByOperand((dx, [x], y) => mul(dx, slope(x!, y))),
});

/**
 * Takes the exponentially scaled modified Bessel function of order 1.
 *
 * @param x An array of floats.
 * @returns `e^-|x| I₁(x)`.
 */
export function besselI1e(x: NDArray): NDArray {
  return bindOne(besselI1ePrimitive, [x], NONE);
}
