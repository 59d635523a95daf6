/**
 * The modified Bessel function of order 0, scaled.
 *
 * Source: Cephes, `single/i0f.c`.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { type TwoSeries, twoSeries } from "./_chebyshev.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain, type ProgramRule } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { besselI1e } from "./bessel_i1e.ts";
import { mul } from "./mul.ts";
import { sign } from "./sign.ts";
import { sub } from "./sub.ts";

const SERIES: TwoSeries = {
  // deno-fmt-ignore -- a table
  near: [
    -1.30002500998624804212e-8, 6.04699502254191894932e-8, -2.67079385394061173391e-7, 1.11738753912010371815e-6,
    -4.41673835845875056359e-6, 1.64484480707288970893e-5, -5.75419501008210370398e-5, 1.88502885095841655729e-4,
    -5.76375574538582365885e-4, 1.63947561694133579842e-3, -4.32430999505057594430e-3, 1.05464603945949983183e-2,
    -2.37374148058994688156e-2, 4.93052842396707084878e-2, -9.49010970480476444210e-2, 1.71620901522208775349e-1,
    -3.04682672343198398683e-1, 6.76795274409476084995e-1,
  ],
  // deno-fmt-ignore -- a table
  far: [
    3.39623202570838634515e-9, 2.26666899049817806459e-8, 2.04891858946906374183e-7, 2.89137052083475648297e-6,
    6.88975834691682398426e-5, 3.36911647825569408990e-3, 8.04490411014108831608e-1,
  ],
};

const program: ProgramRule<Plain> = (program, [x]) => {
  const size = program.apply("abs_f32", x!);
  const [near, far] = twoSeries(program, size, SERIES);
  return program.apply("select", program.apply("le_f32", size, program.float(8)), near, far);
};

/** `y = e^-|x| I₀(x)`. Derivative: `e^-|x| I₁(x) - sign(x) y`. */
export const besselI0ePrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "besselI0e",
  lower: lowerProgram(program, () => ""),
  jvp: jvpByOperand((dx, [x], y) => mul(dx, sub(besselI1e(x!), mul(sign(x!), y)))),
});

/**
 * Takes the exponentially scaled modified Bessel function of order 0.
 *
 * @param x An array of floats.
 * @returns `e^-|x| I₀(x)`.
 */
export function besselI0e(x: NDArray): NDArray {
  return bindOne(besselI0ePrimitive, [x], NONE);
}
