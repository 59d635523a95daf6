/**
 * A function that is compiled: one operation that holds a program.
 *
 * @module
 */

import {
  batchProgram,
  changing,
  jvpProgram,
  linearizeProgram,
  nonzero,
  transposeProgram,
  withZeros,
} from "../core/derived.ts";
import { bind } from "../core/bind.ts";
import { defineCall, type Primitive } from "../core/primitive.ts";
import { areLinear, outputAvals, type Program } from "../core/program.ts";
import { runStaged } from "../staging/executable.ts";
import { isArray } from "./_rules.ts";
import { add } from "./add.ts";

/** The parameters of a compiled function. */
export interface JitParams {
  /** The function's name. */
  readonly name: string;
  /** What it does. */
  readonly program: Program;
  /** The operands that are given away, where nothing is transformed. */
  readonly donated?: readonly boolean[];
}

/** A call of a compiled function. Its derivative, its transpose and what it is on batches are compiled functions, too. */
export const jitPrimitive: Primitive<JitParams> = defineCall<JitParams>({
  name: "jit",
  outputs: (_, { program }) => outputAvals(program),
  call: {
    evaluate: (inputs, { name, program, donated }) => runStaged(name, program, inputs, donated && { donated }),
    stage: (stager, inputs, { program }) => stager.run(program, inputs),
    holds: (inputs, { program }) => [{ program, takes: inputs }],
    push: (primals, tangents, { name, program }) => {
      const isChanging = changing(tangents);
      const count = program.outputs.length;
      if (areLinear(tangents)) {
        const { known, linear, gives } = linearizeProgram(program, isChanging);
        const results = bind(jitPrimitive, primals, { name, program: known });
        const [outputs, residuals] = [results.slice(0, count), results.slice(count)];
        const changes = bind(jitPrimitive, [...residuals, ...nonzero(tangents)], { name, program: linear });
        return [outputs, withZeros(changes, gives, outputs)];
      }
      const { program: both, gives } = jvpProgram(program, isChanging);
      const results = bind(jitPrimitive, [...primals, ...nonzero(tangents)], { name, program: both });
      const outputs = results.slice(0, count);
      return [outputs, withZeros(results.slice(count), gives, outputs)];
    },
  },
  transpose: (cts, inputs, { name, program }) => {
    const isKnown = inputs.map(isArray);
    const { program: back, gives } = transposeProgram(program, isKnown, changing(cts), add);
    const results = bind(jitPrimitive, [...inputs.filter(isArray), ...nonzero(cts)], { name, program: back });
    let [next, linear] = [0, 0];
    return isKnown.map((is) => is || !gives[linear++] ? undefined : results[next++]!);
  },
  vmap: (size, inputs, bdims, { name, program }, axisName) => {
    const { program: batched, bdims: own } = batchProgram(program, size, bdims, axisName);
    return [bind(jitPrimitive, inputs, { name, program: batched }), own];
  },
});
