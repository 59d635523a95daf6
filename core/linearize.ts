/**
 * Reverse mode, in two steps: a function is linearized, and what is linear is transposed.
 *
 * To linearize, tangents that have no values yet are pushed forward: all that depends on primals alone is computed, and what
 * is done to the tangents is written down, a linear program. To transpose it, its operations are gone through backwards,
 * and each takes the cotangents of its results to those of its operands.
 *
 * Source: Radul et al. 2023, "You Only Linearize Once" (arXiv:2204.10923).
 *
 * @module
 */

import { bind } from "./bind.ts";
import { pushForward } from "./jvp.ts";
import { NDArray } from "./ndarray.ts";
import { LinearOperand, type Tangent, Zero } from "./primitive.ts";
import { type Atom, type Program, ProgramTrace, Variable } from "./program.ts";
import { deeper } from "./trace.ts";

/** What is done to the tangents of a function's arguments to get those of its results. */
export interface LinearProgram {
  /** The program; of results that do not change there is no output. */
  readonly program: Program;
  /** For each result the number of the output that is its tangent, or the zero that it is. */
  readonly tangents: readonly (number | Zero)[];
}

/**
 * Linearizes a function at a point.
 *
 * @param name The transformation, as users call it.
 * @param fn The function.
 * @param primals The point: arrays of floats.
 * @returns The results there, and what is linear.
 */
export function linearizeAt(
  name: string,
  fn: (...args: NDArray[]) => readonly NDArray[],
  primals: readonly NDArray[],
): readonly [outputs: readonly NDArray[], linear: LinearProgram] {
  return deeper((level) => {
    const trace = new ProgramTrace(name, level, true);
    const inputs = primals.map((x) => trace.input(x));
    try {
      const [outputs, tangents] = pushForward(name, fn, primals, inputs);
      const changing = tangents.filter((dy) => dy instanceof NDArray);
      let next = 0;
      return [outputs, {
        program: trace.finish(inputs, changing),
        tangents: tangents.map((dy) => dy instanceof NDArray ? next++ : dy),
      }];
    } finally {
      trace.isOver = true;
    }
  });
}

/**
 * Takes cotangents of a linear program's outputs to those of its inputs.
 *
 * @param program The program, linear in its inputs but for those that are known.
 * @param cotangents For each output.
 * @param add Adds two arrays.
 * @param known The values of inputs that it need not be linear in, at their places; what follows from these alone is done.
 * @returns For each input.
 */
export function pullBack(
  { inputs, equations, outputs }: Program,
  cotangents: readonly Tangent[],
  add: (x: NDArray, y: NDArray) => NDArray,
  known: readonly (NDArray | undefined)[] = [],
): readonly Tangent[] {
  const values = new Map<Variable, NDArray>();
  known.forEach((value, k) => value && values.set(inputs[k]!, value));
  const valueOf = (atom: Atom): NDArray | undefined => atom instanceof Variable ? values.get(atom) : atom;
  const linear = equations.filter(({ primitive, inputs, params, outputs }) => {
    const operands = inputs.map(valueOf);
    if (!operands.every((x) => x !== undefined)) return true;
    bind(primitive, operands, params).forEach((y, k) => values.set(outputs[k]!, y));
    return false;
  });
  const cts = new Map<Variable, NDArray>();
  const collect = (variable: Variable, ct: Tangent | undefined): void => {
    if (ct === undefined || ct instanceof Zero || values.has(variable)) return;
    const before = cts.get(variable);
    cts.set(variable, before === undefined ? ct : add(before, ct));
  };
  const take = (variable: Variable): Tangent => cts.get(variable) ?? new Zero(variable.aval);
  outputs.forEach((output, k) => {
    if (output instanceof Variable) collect(output, cotangents[k]);
  });
  for (const { primitive, inputs, params, outputs } of linear.toReversed()) {
    const own = outputs.map(take);
    outputs.forEach((output) => cts.delete(output));
    if (own.every((ct) => ct instanceof Zero)) continue;
    const operands = inputs.map((atom) => valueOf(atom) ?? new LinearOperand((atom as Variable).aval));
    const results = primitive.transpose(own, operands, params);
    inputs.forEach((atom, k) => atom instanceof Variable && collect(atom, results[k]));
  }
  return inputs.map(take);
}
