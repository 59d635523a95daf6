/**
 * Powers.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { isFloating, isUnsigned } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { LowerRule, Primitive } from "../core/primitive.ts";
import type { DType } from "../wasm/dtype.ts";
import { Elementwise } from "../wasm/elementwise.ts";
import { compute, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { roundedTo } from "./_narrow.ts";
import { convertElementType } from "./convert_element_type.ts";
import { eq } from "./eq.ts";
import { jvpByOperand } from "./_rules.ts";
import { log } from "./log.ts";
import { mul } from "./mul.ts";
import { filled } from "./zeros.ts";
import { select } from "./select.ts";
import { sub } from "./sub.ts";

const programs = new Map<string, Elementwise>();

/** The program of two dtypes. Exponents that are integers become floats of the base's dtype first. */
function programOf(base: DType, exponent: DType): Elementwise {
  const name = `${base} ${exponent}`;
  let program = programs.get(name);
  if (program === undefined) {
    program = new Elementwise();
    const [x, y] = [program.load(0), program.load(1)];
    const float = isFloating(exponent)
      ? y
      : roundedTo(program, program.apply(isUnsigned(exponent) ? "u32_to_f32" : "i32_to_f32", y), base);
    program.store(isFloating(base) ? program.apply("pow_f32", x, float) : program.apply("pow_i32", x, y), 0);
    programs.set(name, program);
  }
  return program;
}

const lower: LowerRule<Plain> = (outputs, [x, y]) => compute(programOf(x!.dtype, y!.dtype), outputs, [x!, y!]);

/** The number where it is not 0, else 1. */
function nonzero(x: NDArray): NDArray {
  return select(eq(x, filled(0, x)), filled(1, x), x);
}

/** By the base: `y x^(y - 1)`, which of integers y is 0 at 0. */
function byBase(x: NDArray, y: NDArray): NDArray {
  if (isFloating(y.dtype)) return mul(y, pow(x, sub(y, filled(1, y))));
  const float = convertElementType(y, { dtype: x.dtype as DType, weakType: x.weakType });
  const slope = mul(nonzero(float), pow(x, sub(float, filled(1, float))));
  return select(eq(y, filled(0, y)), filled(0, x), slope);
}

/** `x^y`. Derivatives: `y x^(y - 1)`, `x^y log x`. */
export const powPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "pow",
  lower,
  jvp: jvpByOperand(
    (dx, [x, y]) => mul(dx, byBase(x!, y!)),
    (dy, [x], z) => mul(dy, mul(log(nonzero(x!)), z)),
  ),
});

/**
 * Raises elements to powers.
 *
 * @param x The bases: an array of floats, or of integers.
 * @param y The exponents: an array of its shape; of its dtype, or of integers if `x` is of floats.
 * @returns `x^y`, with the special cases of C99; of integers with what wraps of the power to the low 6 bits of `y`.
 */
export function pow(x: NDArray, y: NDArray): NDArray {
  return bindOne(powPrimitive, [x, y], NONE);
}
