/**
 * The Gaussian error linear unit: a primitive, since one program needs a fraction of the time of eight, and rounds
 * halves once.
 *
 * Source: Hendrycks and Gimpel 2016, section 2 (arXiv:1606.08415).
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { gelu as geluKernel } from "../wasm/kernels/gate.ts";
import { elementwisePrimitive } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { add } from "./add.ts";
import { erfc } from "./erfc.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";
import { tanh } from "./tanh.ts";
import { filled } from "./zeros.ts";

/** Which formula is used. */
export interface GeluParams {
  /** Whether the distribution function is approximated by `tanh`. */
  readonly approximate: boolean;
}

/** A product with a number. */
function scaled(x: NDArray, by: number): NDArray {
  return mul(filled(by, x), x);
}

/** A number less an array. */
function less(from: number, x: NDArray): NDArray {
  return sub(filled(from, x), x);
}

/** A sum with a number. */
function plus(x: NDArray, y: number): NDArray {
  return add(x, filled(y, x));
}

/** `y = x Φ(x)`; `dy/dx = Φ(x) + x φ(x)`. */
function exactSlope(x: NDArray): NDArray {
  const density = scaled(exp(scaled(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(scaled(erfc(scaled(x, -Math.SQRT1_2)), 0.5), mul(x, density));
}

/** `y = x (1 + t) / 2`, `t = tanh(c (x + a x³))`; `dy/dx = (1 + t) / 2 + x (1 - t²) c (1 + 3 a x²) / 2`. */
function approximateSlope(x: NDArray): NDArray {
  const [a, c] = [0.044715, Math.sqrt(2 / Math.PI)];
  const squared = square(x);
  const t = tanh(scaled(mul(x, plus(scaled(squared, a), 1)), c));
  const inner = scaled(plus(scaled(squared, 3 * a), 1), c);
  return scaled(add(plus(t, 1), mul(mul(x, less(1, square(t))), inner)), 0.5);
}

/** `y = x Φ(x)`, exactly or approximately. */
export const geluPrimitive: Primitive<GeluParams> = elementwisePrimitive<GeluParams>({
  name: "gelu",
  lower: ([output], [x], { approximate }) => geluKernel(output!, x!, { approximate }),
  jvp: jvpByOperand((dx, [x], _y, { approximate }) => mul(dx, approximate ? approximateSlope(x!) : exactSlope(x!))),
});

/**
 * Multiplies elements by the distribution function of the standard normal distribution.
 *
 * @param x An array of floats.
 * @param approximate Whether that is approximated by `tanh`.
 * @returns `x Φ(x)`.
 */
export function gelu(x: NDArray, approximate: boolean): NDArray {
  return bindOne(geluPrimitive, [x], { approximate });
}
