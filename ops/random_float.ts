/**
 * Random bits as floats: a primitive, since one program does in one pass what takes ten operations.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import type { DType } from "../wasm/dtype.ts";
import { Elementwise, type ElementwiseOp, type ElementwiseValue } from "../wasm/elementwise.ts";
import { compute, elementwisePrimitive } from "./_elementwise.ts";

/** The dtypes of random floats. */
export type RandomFloat = "float32" | "float16" | "bfloat16";

/** Which floats are made of bits. */
export interface RandomFloatParams {
  /** Their dtype. */
  readonly dtype: RandomFloat;
  /** Evenly between two bounds, or of the standard normal distribution. */
  readonly distribution: "uniform" | "normal";
  /** The lower bound of the uniform distribution, a number of the dtype. */
  readonly low: number;
  /** The upper bound, a number of the dtype. */
  readonly high: number;
}

/** What a dtype's floats are made of. */
export interface FloatFormat {
  /** Random bits of which a float is made. */
  readonly bits: 8 | 16 | 32;
  /** Bits of the fraction. */
  readonly fraction: number;
  /** The number next to -1, towards 0. */
  readonly aboveMinusOne: number;
}

/** The formats of the dtypes. A bfloat16 is made of 8 bits alone, as in JAX. */
export const FLOAT_FORMATS: Readonly<Record<RandomFloat, FloatFormat>> = {
  float32: { bits: 32, fraction: 23, aboveMinusOne: -1 + 2 ** -24 },
  float16: { bits: 16, fraction: 10, aboveMinusOne: -1 + 2 ** -11 },
  bfloat16: { bits: 8, fraction: 7, aboveMinusOne: -1 + 2 ** -8 },
};

/** The rounding to a dtype between two steps; none for float32, which steps are computed in. */
const ROUND: Readonly<Record<RandomFloat, ElementwiseOp | undefined>> = {
  float32: undefined,
  float16: "round_f16",
  bfloat16: "round_bf16",
};

/** The bits of 1 as a float32. */
const ONE = 0x3f800000;

const programs = new Map<string, Elementwise>();

/** `u = max(low, (bitcast(bits >> s | 1.0) - 1) * (high - low) + low)`; for the normal `√2 erfinv(u)`. */
function programOf({ dtype, distribution, low, high }: RandomFloatParams): Elementwise {
  const name = `${dtype} ${distribution} ${low} ${high}`;
  let program = programs.get(name);
  if (program === undefined) {
    program = new Elementwise();
    program.store(written(program, { dtype, distribution, low, high }), 0);
    // Bounds are data: they must not fill the memory of a long run.
    if (programs.size >= 64) programs.clear();
    programs.set(name, program);
  }
  return program;
}

function written(program: Elementwise, { dtype, distribution, low, high }: RandomFloatParams): ElementwiseValue {
  const { bits, fraction } = FLOAT_FORMATS[dtype];
  const round = ROUND[dtype];
  const rounded = (x: ElementwiseValue): ElementwiseValue => round === undefined ? x : program.apply(round, x);
  const step = (op: ElementwiseOp, x: ElementwiseValue, y: number): ElementwiseValue =>
    rounded(program.apply(op, x, program.float(y)));
  // The fraction goes to the top of that of a float32, so that all dtypes' floats between 1 and 2 are made alike.
  const kept = program.apply("shr_u32", program.load(0), program.integer(bits - fraction));
  const shifted = fraction === 23 ? kept : program.apply("shl_i32", kept, program.integer(23 - fraction));
  let u = program.apply("sub_f32", program.apply("or_i32", shifted, program.integer(ONE)), program.float(1));
  if (low !== 0 || high !== 1) {
    const span = rounded(program.apply("sub_f32", program.float(high), program.float(low)));
    u = step("add_f32", rounded(program.apply("mul_f32", u, span)), low);
    u = program.apply("max_f32", program.float(low), u);
  }
  if (distribution === "uniform") return u;
  return program.apply("mul_f32", rounded(program.apply("erf_inv_f32", u)), rounded(program.float(Math.SQRT2)));
}

/** Floats of random bits, each step rounded to the dtype. */
export const randomFloatPrimitive: Primitive<RandomFloatParams> = elementwisePrimitive<RandomFloatParams>({
  name: "randomFloat",
  outputs: ([bits], { dtype }) => [{ shape: bits!.shape, dtype: dtype as DType, weakType: false }],
  lower: (outputs, inputs, params) => compute(programOf(params), outputs, inputs),
  jvp: zeroTangent("bits are integers"),
});

/**
 * Makes floats of random bits.
 *
 * @param bits Unsigned integers of as many bits as the dtype's format says.
 * @param params Which floats.
 * @returns The floats, of the shape of `bits`.
 */
export function randomFloat(bits: NDArray, params: RandomFloatParams): NDArray {
  return bindOne(randomFloatPrimitive, [bits], params);
}
