/**
 * A function with a derivative of its own, backwards: one operation that holds the function, a rule for the forward pass and
 * one for the backward pass.
 *
 * Computed, it is the function. Pushed, it is the forward rule, which gives results and residuals, and one operation more,
 * `customVjpTangent`, that stands for what happens to tangents: nobody knows what that is, but its transpose is the backward
 * rule. So it cannot be computed, only transposed.
 *
 * Source: JAX, `jax/_src/custom_derivatives.py`.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { bind } from "../core/bind.ts";
import { changing, nonzero, withZeros } from "../core/derived.ts";
import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { defineCall, type Primitive, type Tangent, Zero } from "../core/primitive.ts";
import { outputAvals } from "../core/program.ts";
import { heldAndDifferentiated } from "../core/trace.ts";
import { laterBatch, type Mapper } from "../core/vmap.ts";
import { PenjingError } from "../errors/mod.ts";
import { batchBody, closeBody, type CustomBody, evaluateBody, type Placement, programOf } from "./_custom.ts";
import { batchFirst, isArray, moveBatch } from "./_rules.ts";
import { jitPrimitive } from "./jit.ts";
import { reduceSum } from "./reduce_sum.ts";

/** Takes residuals and the cotangents of results to the cotangents of arguments. */
export type PullRule = (residuals: readonly NDArray[], cotangents: readonly Tangent[]) => readonly Tangent[];

/** What the forward rule gives. */
export interface ForwardPass {
  /** The results. */
  readonly outputs: readonly NDArray[];
  /** What the backward pass needs. */
  readonly residuals: readonly NDArray[];
  /** The backward rule for residuals of this structure. */
  readonly bwd: PullRule;
}

/** Gives results and what the backward pass needs, of the arguments. */
export type ForwardRule = (primals: readonly NDArray[]) => ForwardPass;

/** The parameters of a function with a derivative of its own. */
export interface CustomVjpParams extends CustomBody {
  /** The forward rule. */
  readonly fwd: ForwardRule;
}

/** The parameters of what stands for the change of its results. Its operands are residuals, then tangents. */
export interface CustomVjpTangentParams {
  /** The function's name. */
  readonly name: string;
  /** How many residuals there are. */
  readonly residuals: number;
  /** The backward rule. */
  readonly bwd: PullRule;
  /** The arguments that have tangents. */
  readonly isChanging: readonly boolean[];
  /** The types of the function's results, those included that do not change. */
  readonly avals: readonly Aval[];
}

type Bdims = readonly (number | undefined)[];

/** The backward rule on batches. Cotangents lie along axis 0; those of an argument that all share are summed. */
function batchBackward(
  bwd: PullRule,
  size: number,
  [ofResiduals, ofOutputs, ofArguments]: readonly [Bdims, Bdims, Bdims],
  map: Mapper,
): PullRule {
  const isShared = [...ofOutputs, ...ofArguments].every((bdim) => bdim === undefined);
  return (residuals, cotangents) => {
    const given = changing(cotangents);
    const avals = cotangents.map((ct, k) => {
      const { shape, dtype, weakType } = ct instanceof Zero ? ct.aval : ct;
      return { shape: shape.filter((_, axis) => axis !== ofOutputs[k]), dtype, weakType };
    });
    let pulled: readonly Tangent[] = [];
    const run = (...xs: NDArray[]): readonly NDArray[] => {
      pulled = bwd(xs.slice(0, residuals.length), withZeros(xs.slice(residuals.length), given, avals));
      return nonzero(pulled);
    };
    const cts = nonzero(cotangents);
    const axes = ofOutputs.filter((_, k) => given[k]);
    const [results, own] = map(run, [...residuals, ...cts], [...ofResiduals, ...axes]);
    let next = 0;
    return pulled.map((ct, k) => {
      if (ct instanceof Zero) return ct;
      const [result, at] = [results[next]!, own[next++]];
      const bdim = ofArguments[k];
      // Where nothing differs, all examples share what there is of it once.
      if (isShared && at === undefined) return result;
      const batch = batchFirst(result, at, size);
      return bdim === undefined ? reduceSum(batch, [0]) : moveBatch(batch, 0, bdim);
    });
  };
}

/** The forward rule on batches. */
function batchForward(
  fwd: ForwardRule,
  size: number,
  bdims: Bdims,
  { map, decide, place, bdims: axes }: Placement,
): ForwardRule {
  return (primals) => {
    let pass: ForwardPass | undefined;
    const run = (...xs: NDArray[]): readonly NDArray[] => {
      pass = fwd(xs);
      return [...pass.outputs, ...pass.residuals];
    };
    const [results, own] = map(run, primals, bdims);
    const { outputs, bwd } = pass!;
    const count = outputs.length;
    decide(count, own.some((bdim) => bdim !== undefined));
    return {
      outputs: results.slice(0, count).map((y, k) => place(y, own[k], k)),
      residuals: results.slice(count),
      bwd: batchBackward(bwd, size, [own.slice(count), axes(), bdims], map),
    };
  };
}

/** The error for what only the transpose of is known. */
function onlyBackwards({ name }: CustomVjpTangentParams): PenjingError {
  return new PenjingError(
    `Cannot apply forward-mode differentiation to a customVjp function: "${name}" has no rule for it`,
    {
      op: "customVjp",
      actual: "jvp, jacfwd, or the map that linearize gives",
      expected: "reverse mode: grad, vjp, jacrev",
      remedy: "differentiate backwards, or give the function its derivative by customJvp, which serves both",
      code: "forward-of-vjp",
    },
  );
}

/** The types of results that change. */
function changingAvals({ avals }: CustomVjpTangentParams): readonly Aval[] {
  return avals.filter(({ dtype }) => isFloating(dtype));
}

/** How the results of a function with a backward rule change. Its transpose is that rule. */
export const customVjpTangentPrimitive: Primitive<CustomVjpTangentParams> = defineCall<CustomVjpTangentParams>({
  name: "customVjpTangent",
  outputs: (_, params) => changingAvals(params),
  call: {
    evaluate: (_, params) => {
      throw onlyBackwards(params);
    },
    push: (_primals, _tangents, params) => {
      throw onlyBackwards(params);
    },
  },
  transpose: (cts, inputs, { residuals, bwd, isChanging, avals }) => {
    let next = 0;
    const all = avals.map((aval) => isFloating(aval.dtype) ? cts[next++]! : new Zero(aval));
    const pulled = bwd(inputs.slice(0, residuals) as NDArray[], all).filter((_, k) => isChanging[k]);
    return [...Array<undefined>(residuals).fill(undefined), ...pulled];
  },
  vmap: (size, inputs, bdims, { name, residuals, bwd, isChanging, avals }, axisName) => {
    let next = residuals;
    const ofArguments = isChanging.map((changes) => changes ? bdims[next++] : undefined);
    const outputs = bind(customVjpTangentPrimitive, inputs, {
      name,
      residuals,
      bwd: batchBackward(
        bwd,
        size,
        [bdims.slice(0, residuals), avals.map(() => 0), ofArguments],
        laterBatch(size, axisName),
      ),
      isChanging,
      avals: avals.map((aval) => ({ ...aval, shape: [size, ...aval.shape] })),
    });
    return [outputs, outputs.map(() => 0)];
  },
});

/** A call of a function with a backward rule of its own. Its transpose is that of the function. */
export const customVjpPrimitive: Primitive<CustomVjpParams> = defineCall<CustomVjpParams>({
  name: "customVjp",
  outputs: (_, params) => outputAvals(programOf("customVjp", params)),
  call: {
    evaluate: (inputs, params) => evaluateBody("customVjp", inputs, params),
    stage: (stager, inputs, params) => stager.run(programOf("customVjp", params), inputs),
    holds: (inputs, params) => [{ program: programOf("customVjp", params), takes: inputs }],
    push: (primals, tangents, { name, held, fwd }) => {
      if (tangents.slice(0, held).some(isArray)) throw heldAndDifferentiated(`the customVjp function "${name}"`);
      const { outputs, residuals, bwd } = fwd(primals.slice(held));
      const gives = outputs.map(({ dtype }) => isFloating(dtype));
      if (!gives.includes(true)) return [outputs, withZeros([], gives, outputs)];
      const changes = bind(customVjpTangentPrimitive, [...residuals, ...nonzero(tangents)], {
        name,
        residuals: residuals.length,
        bwd,
        isChanging: changing(tangents.slice(held)),
        avals: outputs.map(({ shape, dtype, weakType }) => ({ shape, dtype, weakType })),
      });
      return [outputs, withZeros(changes, gives, outputs)];
    },
    close: (inputs, params) => closeBody("customVjp", inputs, params),
    isOpen: ({ program }) => typeof program === "function",
  },
  transpose: (cts, inputs, params) =>
    jitPrimitive.transpose(cts, inputs, { name: params.name, program: programOf("customVjp", params) }),
  vmap: (size, inputs, bdims, params, axisName) => {
    const { name, held, fwd } = params;
    const placement = batchBody(params, size, bdims, axisName);
    const outputs = bind(customVjpPrimitive, inputs, {
      name,
      program: placement.program,
      held,
      fwd: batchForward(fwd, size, bdims.slice(held), placement),
    });
    return [outputs, placement.bdims()];
  },
});
