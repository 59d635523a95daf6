/**
 * What a derivative keeps for the backward pass.
 *
 * @module
 */

import { type Aval, describe } from "../core/aval.ts";
import { linearizeAt } from "../core/linearize.ts";
import { NDArray } from "../core/ndarray.ts";
import { type Atom, type Program, Variable, writeProgram } from "../core/program.ts";
import type { AnyFunction } from "../core/trace.ts";
import { checkpointPrimitive } from "../ops/checkpoint.ts";
import { checkpointNamePrimitive } from "../ops/checkpoint_name.ts";
import { map } from "../tree/map.ts";
import { avalLeaves, floatOf, onLeaves } from "./_trees.ts";

/** An array that is kept. */
export interface SavedResidual {
  /** Its shape and type. */
  readonly aval: Aval;
  /** Where it comes from. */
  readonly source: string;
  /** `float32[3] output of cos` */
  toString(): string;
}

/** Where a value of a program comes from. */
function sourceOf({ inputs, equations }: Program, atom: Atom): string {
  if (!(atom instanceof Variable)) return "from a constant";
  const index = inputs.indexOf(atom);
  if (index >= 0) return `from argument array ${index}`;
  const maker = equations.find(({ outputs }) => outputs.includes(atom))!;
  const naming = [maker, ...equations].find(({ primitive, inputs }, k) =>
    primitive === checkpointNamePrimitive && (k === 0 || inputs.includes(atom))
  );
  const { name, program } = (naming ?? maker).params as { readonly name?: string; readonly program: Program };
  if (naming !== undefined) return `named "${name}"`;
  if (maker.primitive === checkpointPrimitive) return sourceOf(program, program.outputs[maker.outputs.indexOf(atom)]!);
  return `output of ${maker.primitive.name}${maker.primitive.call === undefined ? "" : ` "${name}"`}`;
}

/**
 * Lists the arrays that the derivative of a function keeps for the backward pass: those that {@linkcode checkpoint} is there
 * to spare. Nothing is computed.
 *
 * @param fn A function; what it gives is a tree of arrays.
 * @param args Its arguments: trees of floats, or of {@linkcode ShapeDtypeStruct}s.
 * @returns The arrays.
 *
 * JAX: `jax.ad_checkpoint.print_saved_residuals`.
 */
export function savedResiduals(fn: AnyFunction, ...args: readonly unknown[]): readonly SavedResidual[] {
  const [avals, structure] = avalLeaves("savedResiduals", map(floatOf, args));
  const flat = onLeaves("savedResiduals", (...own) => fn(...structure.unflatten(own) as unknown[]));
  const residuals = (...points: NDArray[]): readonly NDArray[] => {
    const [, { program }] = linearizeAt("savedResiduals", flat.call, points);
    const held = [...program.equations.flatMap(({ inputs }) => inputs), ...program.outputs];
    return [...new Set(held.filter((atom) => atom instanceof NDArray))];
  };
  const program = writeProgram("savedResiduals", residuals, avals);
  const outputs = [...new Set(program.outputs)];
  return outputs.map((atom) => {
    const aval = atom instanceof Variable
      ? atom.aval
      : { shape: atom.shape, dtype: atom.dtype, weakType: atom.weakType };
    const source = sourceOf(program, atom);
    return { aval, source, toString: () => `${describe(aval)} ${source}` };
  });
}
