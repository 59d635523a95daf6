/**
 * GELU and SiLU, alone and as gates.
 *
 * @module
 */

import { isFloat } from "../dtype.ts";
import { Elementwise, type ElementwiseValue } from "../elementwise.ts";
import { broadcastStrides, sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { check, describe } from "./_call.ts";
import { elementwise } from "./elementwise.ts";

/** What {@linkcode gelu} and {@linkcode silu} do beside the activation. */
export interface GateOptions {
  /** What the activation is multiplied by, as in a gated feed-forward layer: float; broadcasts. Nothing if left out. */
  readonly times?: Operand;
}

/** Which formula {@linkcode gelu} uses. */
export interface GeluOptions extends GateOptions {
  /** Uses `tanh` instead of the error function, as most language models do; true if left out, as in JAX. */
  readonly approximate?: boolean;
}

/** A function of the value of an element. */
type Activation = (program: Elementwise, x: ElementwiseValue) => ElementwiseValue;

/**
 * By name. `x * logistic(z)` is written as `x / (1 + exp(-z))`, and `(1 + tanh(z)) / 2` as `logistic(2 z)`: fewer and
 * faster operations than the formulas of `jax.nn`, and for negative `x` fewer digits lost.
 */
const ACTIVATIONS = {
  // z = 2 sqrt(2 / pi) (x + 0.044715 x^3)
  gelu: (program, x) => {
    const [linear, cubic] = [
      program.float(-2 * Math.sqrt(2 / Math.PI)),
      program.float(-0.08943 * Math.sqrt(2 / Math.PI)),
    ];
    const slope = program.apply("add_f32", program.apply("mul_f32", program.apply("square_f32", x), cubic), linear);
    return overLogistic(program, x, program.apply("mul_f32", slope, x));
  },
  exactGelu: (program, x) => {
    const erfc = program.apply("erfc_f32", program.apply("mul_f32", x, program.float(-Math.SQRT1_2)));
    return program.apply("mul_f32", program.apply("mul_f32", program.float(0.5), x), erfc);
  },
  silu: (program, x) => overLogistic(program, x, program.apply("neg_f32", x)),
} as const satisfies Readonly<Record<string, Activation>>;

/** `x / (1 + exp(z))`. */
function overLogistic(program: Elementwise, x: ElementwiseValue, z: ElementwiseValue): ElementwiseValue {
  return program.apply("div_f32", x, program.apply("add_f32", program.apply("exp_f32", z), program.float(1)));
}

/** Programs, by activation and number of inputs. */
const programs = new Map<string, Elementwise>();

function programOf(name: keyof typeof ACTIVATIONS, gates: boolean): Elementwise {
  const key = `${name} ${gates}`;
  let program = programs.get(key);
  if (program === undefined) {
    program = new Elementwise();
    const y = ACTIVATIONS[name](program, program.load(0));
    program.store(gates ? program.apply("mul_f32", y, program.load(1)) : y, 0);
    programs.set(key, program);
  }
  return program;
}

function activate(
  op: "gelu" | "silu",
  name: keyof typeof ACTIVATIONS,
  output: Operand,
  x: Operand,
  { times }: GateOptions,
): void {
  const inputs = times === undefined ? [x] : [x, times];
  check(
    sameShape(output.shape, x.shape) && [output, ...inputs].every(({ dtype }) => isFloat(dtype)) &&
      (times === undefined || broadcastStrides(times, x.shape) !== undefined),
    `Cannot compute ${op}: the operands do not fit`,
    () => ({
      actual: `output ${describe(output)}, x ${describe(x)}${times ? `, times ${describe(times)}` : ""}`,
      expected: "output and x floats of one shape, and times a float that broadcasts to it",
      remedy: "allocate the output like x, and cast integers to float32 first",
    }),
  );
  elementwise(programOf(name, times !== undefined), [output], inputs);
}

/**
 * The Gaussian error linear unit, `x * Φ(x)`, times a factor if one is given, as `jax.nn.gelu`.
 *
 * Computed in float32 and rounded once, to the dtype of the output.
 *
 * @param output The result; may be `x` itself.
 * @param x The operand, of the same shape, float32, float16 or bfloat16.
 * @param options The formula, and the factor.
 * @throws {ValueError} If the operands do not fit.
 */
export function gelu(output: Operand, x: Operand, options: GeluOptions = {}): void {
  activate("gelu", options.approximate ?? true ? "gelu" : "exactGelu", output, x, options);
}

/**
 * The sigmoid linear unit, `x * logistic(x)`, times a factor if one is given, as `jax.nn.silu`.
 *
 * Computed in float32 and rounded once, to the dtype of the output.
 *
 * @param output The result; may be `x` itself.
 * @param x The operand, of the same shape, float32, float16 or bfloat16.
 * @param options The factor.
 * @throws {ValueError} If the operands do not fit.
 */
export function silu(output: Operand, x: Operand, options: GateOptions = {}): void {
  activate("silu", "silu", output, x, options);
}
