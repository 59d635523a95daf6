/**
 * A function with a derivative of its own, forwards: one operation that holds the function and the rule.
 *
 * Computed, it is the function; pushed, it is the rule, which gives results and tangents. Reverse mode transposes what the
 * rule does to tangents, which has to be linear.
 *
 * Source: JAX, `jax/_src/custom_derivatives.py`.
 *
 * @module
 */

import { bind } from "../core/bind.ts";
import { changing, nonzero, withZeros } from "../core/derived.ts";
import type { NDArray } from "../core/ndarray.ts";
import { defineCall, type Primitive, type Tangent } from "../core/primitive.ts";
import { outputAvals } from "../core/program.ts";
import { heldAndDifferentiated } from "../core/trace.ts";
import { batchBody, closeBody, type CustomBody, evaluateBody, type Placement, programOf } from "./_custom.ts";
import { isArray } from "./_rules.ts";
import { jitPrimitive } from "./jit.ts";

/** Gives results and their tangents, of the arguments and theirs. */
export type PushRule = (
  primals: readonly NDArray[],
  tangents: readonly Tangent[],
) => readonly [outputs: readonly NDArray[], tangents: readonly Tangent[]];

/** The parameters of a function with a derivative of its own. */
export interface CustomJvpParams extends CustomBody {
  /** The rule. */
  readonly jvp: PushRule;
}

/** The rule on batches; a result and its tangent lie along the same axis. */
function batchRule(
  jvp: PushRule,
  bdims: readonly (number | undefined)[],
  { map, decide, place }: Placement,
): PushRule {
  return (primals, tangents) => {
    const given = changing(tangents);
    let [count, gives]: [number, boolean[]] = [0, []];
    const run = (...xs: NDArray[]): readonly NDArray[] => {
      const own = xs.slice(0, primals.length);
      const [outputs, changes] = jvp(own, withZeros(xs.slice(primals.length), given, own));
      [count, gives] = [outputs.length, changing(changes)];
      return [...outputs, ...nonzero(changes)];
    };
    const axes = [...bdims, ...bdims.filter((_, k) => given[k])];
    const [results, own] = map(run, [...primals, ...nonzero(tangents)], axes);
    decide(count, own.some((bdim) => bdim !== undefined));
    // The numbers of the results that the tangents belong to.
    const owners = gives.flatMap((is, k) => is ? [k] : []);
    const outputs = results.slice(0, count).map((y, k) => place(y, own[k], k));
    const changes = results.slice(count).map((dy, n) => place(dy, own[count + n], owners[n]!));
    return [outputs, withZeros(changes, gives, outputs)];
  };
}

/** A call of a function with a derivative of its own. Its transpose is that of the function. */
export const customJvpPrimitive: Primitive<CustomJvpParams> = defineCall<CustomJvpParams>({
  name: "customJvp",
  outputs: (_, params) => outputAvals(programOf("customJvp", params)),
  call: {
    evaluate: (inputs, params) => evaluateBody("customJvp", inputs, params),
    stage: (stager, inputs, params) => stager.run(programOf("customJvp", params), inputs),
    holds: (inputs, params) => [{ program: programOf("customJvp", params), takes: inputs }],
    push: (primals, tangents, { name, held, jvp }) => {
      if (tangents.slice(0, held).some(isArray)) throw heldAndDifferentiated(`the customJvp function "${name}"`);
      return jvp(primals.slice(held), tangents.slice(held));
    },
    close: (inputs, params) => closeBody("customJvp", inputs, params),
    isOpen: ({ program }) => typeof program === "function",
  },
  transpose: (cts, inputs, params) =>
    jitPrimitive.transpose(cts, inputs, { name: params.name, program: programOf("customJvp", params) }),
  vmap: (size, inputs, bdims, params, axisName) => {
    const { name, held, jvp } = params;
    const placement = batchBody(params, size, bdims, axisName);
    const outputs = bind(customJvpPrimitive, inputs, {
      name,
      program: placement.program,
      held,
      jvp: batchRule(jvp, bdims.slice(held), placement),
    });
    return [outputs, placement.bdims()];
  },
});
