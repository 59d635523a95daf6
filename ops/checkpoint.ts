/**
 * A function that is computed again when it is differentiated backwards, in place of keeping what the derivative needs.
 *
 * Linearized, its program falls into a part that is known and one that is linear. Of the known part's intermediate results
 * the policy names those that are saved. The linear operation takes the function's operands, what was saved, and tangents:
 * it computes the rest again. Its transpose, which is what runs in the backward pass, does so, too. What is computed again
 * stands behind barriers, so that no compiler finds that it was computed before.
 *
 * Source: JAX, `jax/_src/ad_checkpoint.py`.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { bind } from "../core/bind.ts";
import {
  batchProgram,
  changing,
  derive,
  jvpProgram,
  linearizeProgram,
  nonzero,
  transposeProgram,
  withZeros,
  written,
} from "../core/derived.ts";
import type { NDArray } from "../core/ndarray.ts";
import { defineCall, type Primitive } from "../core/primitive.ts";
import {
  areLinear,
  type Atom,
  dropUnused,
  type Equation,
  madeOf,
  outputAvals,
  type Program,
  runProgram,
  Variable,
} from "../core/program.ts";
import { freeing } from "../core/storage.ts";
import { withStaging } from "../core/trace.ts";
import { isArray } from "./_rules.ts";
import { add } from "./add.ts";
import { jitPrimitive } from "./jit.ts";
import { optimizationBarrierPrimitive } from "./optimization_barrier.ts";
import { NONE } from "./_elementwise.ts";

/**
 * Says whether the results of an operation are saved for the backward pass.
 *
 * @param primitive The operation.
 * @param inputs The types of its operands.
 * @param params Its parameters.
 */
export type CheckpointPolicy = (
  // deno-lint-ignore no-explicit-any -- a program has operations of any parameters
  primitive: Primitive<any>,
  inputs: readonly Aval[],
  // deno-lint-ignore no-explicit-any -- and these are of any kind
  params: any,
) => boolean;

/** The parameters of a function that is computed again. */
export interface CheckpointParams {
  /** The function's name. */
  readonly name: string;
  /** What it does. */
  readonly program: Program;
  /** What is saved; nothing if it is `undefined`. */
  readonly policy: CheckpointPolicy | undefined;
  /** Whether what is computed again stands behind barriers. */
  readonly preventCse: boolean;
  /** Whether it computes something again. */
  readonly isAgain: boolean;
}

/** A program in two, for reverse mode. */
interface Split {
  /** `inputs` to `[...outputs, ...saved]`. */
  readonly known: Program;
  /** `[...needed inputs, ...saved, ...tangents]` to tangents. */
  readonly linear: Program;
  /** The numbers of the inputs that are needed. */
  readonly needed: readonly number[];
  /** Of all outputs those that have tangents. */
  readonly gives: readonly boolean[];
}

const policies = new WeakMap<CheckpointPolicy, number>();
let lastPolicy = 0;

/** A number that no other policy has. */
function idOf(policy: CheckpointPolicy | undefined): number {
  if (policy === undefined) return 0;
  const id = policies.get(policy) ?? ++lastPolicy;
  policies.set(policy, id);
  return id;
}

/** Does what a program says, and what the compiled functions in it say. */
function runInline({ inputs, equations, outputs }: Program, args: readonly NDArray[]): readonly NDArray[] {
  const values = new Map<Variable, NDArray>(inputs.map((input, k) => [input, args[k]!]));
  const valueOf = (atom: Atom): NDArray => atom instanceof Variable ? values.get(atom)! : atom;
  for (const { primitive, inputs, params, outputs } of equations) {
    const operands = inputs.map(valueOf);
    const results = primitive === jitPrimitive
      ? runInline((params as { readonly program: Program }).program, operands)
      : bind(primitive, operands, params);
    outputs.forEach((output, k) => values.set(output, results[k]!));
  }
  return outputs.map(valueOf);
}

/** A program without compiled functions, into which policies could not look. */
function inlined(program: Program): Program {
  if (program.equations.every(({ primitive }) => primitive !== jitPrimitive)) return program;
  return derive(
    program,
    "inlined",
    () => written(program, "checkpoint", (...args) => runInline(program, args), program.inputs.map(({ aval }) => aval)),
  );
}

/** What is computed again for some values, from the program's inputs and from what is saved. */
function slice(
  { inputs, equations }: Program,
  wanted: readonly Atom[],
  policy: CheckpointPolicy | undefined,
): { readonly again: readonly Equation[]; readonly saved: readonly Variable[]; readonly needed: readonly Variable[] } {
  const needs = new Set<Atom>(wanted);
  const saved: Variable[] = [];
  const again = equations.toReversed().filter((equation) => {
    const { primitive, inputs, params, outputs } = equation;
    const own = outputs.filter((output) => needs.has(output));
    if (own.length === 0) return false;
    const avals = inputs.map((atom) => atom instanceof Variable ? atom.aval : atom);
    if (policy?.(primitive, avals, params)) {
      saved.push(...own);
      return false;
    }
    inputs.forEach((atom) => needs.add(atom));
    return true;
  });
  return { again: again.toReversed(), saved: saved.toReversed(), needed: inputs.filter((input) => needs.has(input)) };
}

/** Splits a program for reverse mode, so that what is not saved is computed again by the linear part. */
function split(
  program: Program,
  isChanging: readonly boolean[],
  policy: CheckpointPolicy | undefined,
  preventCse: boolean,
): Split {
  return derive(program, `checkpoint ${isChanging.map(Number)};${idOf(policy)};${preventCse}`, () => {
    const count = program.outputs.length;
    const { known, linear, gives, residuals } = linearizeProgram(inlined(program), isChanging);
    const wanted = known.outputs.slice(count);
    const { again, saved, needed } = slice(known, wanted, policy);
    const given = [...needed, ...saved];
    const outside = preventCse ? given.map(({ aval }) => new Variable(aval)) : given;
    const barriers: Equation[] = !preventCse ? [] : given.map((variable, k) => ({
      primitive: optimizationBarrierPrimitive,
      inputs: [outside[k]!],
      params: NONE,
      outputs: [variable],
    }));
    const atoms = new Map<Variable, Atom>(linear.inputs.slice(0, residuals).map((input, k) => [input, wanted[k]!]));
    const moved = (atom: Atom): Atom => atom instanceof Variable ? atoms.get(atom) ?? atom : atom;
    const rest = linear.equations.map((equation) => ({ ...equation, inputs: equation.inputs.map(moved) }));
    return {
      known: madeOf(program, dropUnused({ ...known, outputs: [...known.outputs.slice(0, count), ...saved] })),
      linear: madeOf(
        program,
        dropUnused({
          inputs: [...outside, ...linear.inputs.slice(residuals)],
          equations: [...barriers, ...again, ...rest],
          outputs: linear.outputs.map(moved),
        }),
      ),
      needed: needed.map((input) => known.inputs.indexOf(input)),
      gives,
    };
  });
}

/** A call of a function that is computed again. Its derivative and what it is on batches are such functions, too. */
export const checkpointPrimitive: Primitive<CheckpointParams> = defineCall<CheckpointParams>({
  name: "checkpoint",
  outputs: (_, { program }) => outputAvals(program),
  call: {
    evaluate: (inputs, { program }) => freeing(() => withStaging(undefined, () => runProgram(program, inputs))),
    stage: (stager, inputs, { program }) => stager.run(program, inputs),
    holds: (inputs, { program }) => [{ program, takes: inputs }],
    push: (primals, tangents, params) => {
      const { program, policy, preventCse } = params;
      const isChanging = changing(tangents);
      const count = program.outputs.length;
      if (areLinear(tangents)) {
        const { known, linear, needed, gives } = split(program, isChanging, policy, preventCse);
        const results = bind(checkpointPrimitive, primals, { ...params, program: known });
        const [outputs, saved] = [results.slice(0, count), results.slice(count)];
        const operands = [...needed.map((k) => primals[k]!), ...saved, ...nonzero(tangents)];
        const changes = bind(checkpointPrimitive, operands, { ...params, program: linear, isAgain: true });
        return [outputs, withZeros(changes, gives, outputs)];
      }
      const { program: both, gives } = jvpProgram(program, isChanging);
      const results = bind(checkpointPrimitive, [...primals, ...nonzero(tangents)], { ...params, program: both });
      const outputs = results.slice(0, count);
      return [outputs, withZeros(results.slice(count), gives, outputs)];
    },
  },
  transpose: (cts, inputs, params) => {
    const isKnown = inputs.map(isArray);
    const { program: back, gives } = transposeProgram(params.program, isKnown, changing(cts), add);
    const operands = [...inputs.filter(isArray), ...nonzero(cts)];
    const results = bind(checkpointPrimitive, operands, { ...params, program: back });
    let [next, linear] = [0, 0];
    return isKnown.map((is) => is || !gives[linear++] ? undefined : results[next++]!);
  },
  vmap: (size, inputs, bdims, params, axisName) => {
    const { program: batched, bdims: own } = batchProgram(params.program, size, bdims, axisName);
    return [bind(checkpointPrimitive, inputs, { ...params, program: batched }), own];
  },
});
