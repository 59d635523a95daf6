/**
 * Elementwise programs over operands of any rank.
 *
 * @module
 */

import { Elementwise, type ElementwiseOp } from "../elementwise.ts";
import { broadcastStrides, sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { check, describe, overRank, run } from "./_call.ts";

/**
 * Runs an elementwise program.
 *
 * @param program The program.
 * @param outputs One to eight outputs of one shape.
 * @param inputs Up to sixteen inputs that broadcast to that shape.
 * @throws {ValueError} If the shapes do not fit.
 */
export function elementwise(program: Elementwise, outputs: readonly Operand[], inputs: readonly Operand[]): void {
  const shape = outputs[0]?.shape ?? [];
  const strides = outputs.map((output) => {
    check(
      sameShape(output.shape, shape),
      "Cannot run an elementwise program: the outputs differ in shape",
      () => ({
        actual: outputs.map(describe).join(", "),
        expected: "outputs of one shape",
        remedy: "run one program for each shape",
      }),
    );
    return output.strides;
  });
  for (const input of inputs) {
    const own = broadcastStrides(input, shape);
    check(own !== undefined, "Cannot run an elementwise program: an input does not broadcast to the output", () => ({
      actual: `input ${describe(input)}, output [${shape}]`,
      expected: "sizes that are equal or 1, aligned at the last axis",
      remedy: "transpose or slice the input to the output's shape",
    }));
    strides.push(own);
  }
  const words = program.words();
  overRank(shape, [...outputs, ...inputs], strides, (placed, operands) => {
    run(operands, (plan) => plan.elementwise(words, placed.slice(0, outputs.length), placed.slice(outputs.length)));
  });
}

/** Programs of single operations, by name. */
const singles = new Map<string, Elementwise>();

function single(op: ElementwiseOp, arity: number): Elementwise {
  let program = singles.get(op);
  if (program === undefined) {
    program = new Elementwise();
    const inputs = Array.from({ length: arity }, (_, input) => program?.load(input) ?? 0);
    program.store(program.apply(op, ...inputs), 0);
    singles.set(op, program);
  }
  return program;
}

/**
 * Applies one operation to each element.
 *
 * @param op Its name, such as `"exp_f32"`.
 * @param output The result.
 * @param x The operand, which broadcasts to the output.
 */
export function unary(op: ElementwiseOp, output: Operand, x: Operand): void {
  elementwise(single(op, 1), [output], [x]);
}

/**
 * Applies one operation to each pair of elements.
 *
 * @param op Its name, such as `"add_f32"`.
 * @param output The result.
 * @param a The first operand, which broadcasts to the output.
 * @param b The second.
 */
export function binary(op: ElementwiseOp, output: Operand, a: Operand, b: Operand): void {
  elementwise(single(op, 2), [output], [a, b]);
}
