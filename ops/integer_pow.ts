/**
 * Powers with a whole exponent that is known.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, Zero } from "../core/primitive.ts";
import type { ElementwiseValue } from "../wasm/elementwise.ts";
import { elementwisePrimitive, lowerProgram, type ProgramRule } from "./_elementwise.ts";
import { roundedTo } from "./_narrow.ts";
import { isFloating } from "../core/dtype.ts";
import { jvpByOperand } from "./_rules.ts";
import { mul } from "./mul.ts";
import { filled } from "./zeros.ts";

/** The exponent. */
export interface IntegerPowParams {
  /** A whole number; of integers not a negative one. */
  readonly exponent: number;
}

/** By squaring: `x^n = Π x^(2^k)` over the bits k that are set in n. */
const power: ProgramRule<IntegerPowParams> = (program, [x], dtype, { exponent }) => {
  const times = isFloating(dtype) ? "mul_f32" : "mul_i32";
  let product: ElementwiseValue | undefined;
  let square = x!;
  for (let rest = Math.abs(exponent); rest > 0;) {
    if (rest % 2 === 1) {
      product = product === undefined ? square : roundedTo(program, program.apply(times, product, square), dtype);
    }
    rest = Math.floor(rest / 2);
    if (rest > 0) square = roundedTo(program, program.apply(times, square, square), dtype);
  }
  if (product === undefined) return isFloating(dtype) ? program.float(1) : program.integer(1);
  return exponent < 0 ? program.apply("reciprocal_f32", product) : product;
};

/** `y = x^n`; integers wrap. Derivative: `n x^(n - 1)`. */
export const integerPowPrimitive: Primitive<IntegerPowParams> = elementwisePrimitive<IntegerPowParams>({
  name: "integerPow",
  lower: lowerProgram(power, ({ exponent }) => `${exponent}`),
  jvp: jvpByOperand((dx, [x], y, { exponent }) =>
    exponent === 0 ? new Zero(y) : mul(dx, mul(filled(exponent, x!), integerPow(x!, exponent - 1)))
  ),
});

/**
 * Raises elements to a whole power.
 *
 * @param x An array of numbers.
 * @param exponent The power, a whole number; of integers not a negative one.
 * @returns `x^n`, computed by multiplications.
 */
export function integerPow(x: NDArray, exponent: number): NDArray {
  return exponent === 1 ? x : bindOne(integerPowPrimitive, [x], { exponent });
}
