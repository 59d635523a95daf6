/**
 * Rotary position embedding.
 *
 * @module
 */

import { isFloat } from "../dtype.ts";
import { Elementwise } from "../elementwise.ts";
import { broadcastStrides, sameShape } from "../layout.ts";
import { type Operand, slice } from "../operand.ts";
import { check, describe } from "./_call.ts";
import { elementwise } from "./elementwise.ts";

let program: Elementwise | undefined;

/** `(a * cos - b * sin, b * cos + a * sin)`. */
function rotation(): Elementwise {
  if (program === undefined) {
    program = new Elementwise();
    const [a, b, cos, sin] = [program.load(0), program.load(1), program.load(2), program.load(3)];
    const first = program.apply("sub_f32", program.apply("mul_f32", a, cos), program.apply("mul_f32", b, sin));
    const second = program.apply("add_f32", program.apply("mul_f32", b, cos), program.apply("mul_f32", a, sin));
    program.store(first, 0);
    program.store(second, 1);
  }
  return program;
}

/**
 * Turns the pairs `(a, b)` of element `k` of the first and of the second half of the last axis by an angle each:
 * `(a * cos - b * sin, b * cos + a * sin)`. Computed in float32 and rounded once, to the dtype of the output.
 *
 * @param output The result; may be `x` itself.
 * @param x The operand, of the same shape, float32, float16 or bfloat16; its last axis is even.
 * @param cos The cosines of the angles, float, which broadcast to the shape of half of `x`.
 * @param sin The sines.
 */
export function rotary(output: Operand, x: Operand, cos: Operand, sin: Operand): void {
  const axis = x.shape.length - 1;
  const half = (x.shape.at(-1) ?? 1) / 2;
  const shape = [...x.shape.slice(0, -1), half];
  check(
    Number.isInteger(half) && sameShape(output.shape, x.shape) &&
      [output, x, cos, sin].every(({ dtype }) => isFloat(dtype)) &&
      [cos, sin].every((wave) => broadcastStrides(wave, shape) !== undefined),
    "Cannot compute rotary: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, x ${describe(x)}, cos ${describe(cos)}, sin ${describe(sin)}`,
      expected:
        "output and x floats of one shape whose last axis is even, cos and sin floats that broadcast to half of it",
      remedy: "allocate the output like x, and cos and sin for half of its last axis",
    }),
  );
  if (x.shape.includes(0)) {
    return;
  }
  const halves = (operand: Operand) => [slice(operand, axis, 0, half), slice(operand, axis, half, half)];
  elementwise(rotation(), halves(output), [...halves(x), cos, sin]);
}
