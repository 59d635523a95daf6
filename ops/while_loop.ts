/**
 * A loop that goes on as long as a condition holds: `while (cond(carry)) carry = body(carry)`.
 *
 * How many turns it takes is not known before, so that what reverse mode would need of each has no place: it is
 * differentiated forwards alone.
 *
 * Source: JAX, `jax/_src/lax/control_flow/loops.py` (`while_loop`).
 *
 * @module
 */

import { bind } from "../core/bind.ts";
import { batchProgram, changing, identityOf, jvpProgram, nonzero, withZeros, written } from "../core/derived.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type CallRules, defineCall, type Primitive, Zero } from "../core/primitive.ts";
import { areLinear, outputAvals, type Program, runProgram } from "../core/program.ts";
import { freeing } from "../core/storage.ts";
import { withStaging } from "../core/trace.ts";
import { runAlone } from "../staging/executable.ts";
import { PenjingError } from "../errors/mod.ts";
import {
  arranged,
  fixpoint,
  handingOn,
  numbers,
  parted,
  retyped,
  scalarOf,
  selectRows,
  withIgnored,
} from "./_loops.ts";
import { stageWhile } from "./_staged_loops.ts";
import { batchFirst } from "./_rules.ts";
import { reduceAny } from "./reduce_any.ts";
import { instantiate } from "./zeros.ts";

/** The parameters of a loop with a condition. Its operands are those of the condition, those of the body, and the carries. */
export interface WhileParams {
  /** Whether it goes on: `[...condConsts, ...carries]` to a bool. */
  readonly cond: Program;
  /** What is done in a turn: `[...bodyConsts, ...carries]` to `[...carries]`. */
  readonly body: Program;
  /** How many operands the condition has beside the carries. */
  readonly condConsts: number;
  /** How many operands the body has beside the carries. */
  readonly bodyConsts: number;
}

const evaluate: CallRules<WhileParams>["evaluate"] = (inputs, { cond, body, condConsts, bodyConsts }) =>
  freeing(() =>
    withStaging(undefined, () => {
      const [ofCond, ofBody, first] = parted(inputs, condConsts, bodyConsts);
      const avals = outputAvals(body);
      const handOn = handingOn(avals);
      const goesOn = (): boolean => freeing(() => scalarOf(runProgram(cond, [...ofCond!, ...carry])[0]!) !== 0);
      let carry: readonly NDArray[] = first!;
      while (goesOn()) carry = freeing(() => handOn(runProgram(body, [...ofBody!, ...carry])));
      return carry.map((x, k) => retyped(x, avals[k]!));
    })
  );

/** Forward mode: one loop, in which tangents are carries, too. */
const push: CallRules<WhileParams>["push"] = (primals, tangents, params) => {
  const { cond, body, condConsts, bodyConsts } = params;
  const carries = body.outputs.length;
  const [, dconsts, dinit] = parted(tangents, condConsts, bodyConsts);
  const [moving, { program: both }] = fixpoint(changing(dinit!), (own) => {
    const pushed = jvpProgram(body, [...changing(dconsts!), ...own], own, instantiate);
    return [pushed.gives, pushed];
  });
  const run = (): readonly NDArray[] => bind(whilePrimitive, primals, params);
  // What changes is not handed on, as where the condition alone depends on it.
  if (!moving.includes(true)) {
    const outputs = run();
    return [outputs, outputs.map((y) => new Zero(y))];
  }
  const [dc, di] = [nonzero(dconsts!), dinit!.filter((_, k) => moving[k]).map(instantiate)];
  const [ofC, ofI, ofDc, ofDi] = parted(numbers(both.inputs.length), bodyConsts, carries, dc.length);
  const [ofCond, c, init] = parted(primals, condConsts, bodyConsts);
  const results = bind(whilePrimitive, [...ofCond!, ...c!, ...dc, ...init!, ...di], {
    cond: withIgnored(cond, di),
    body: arranged(both, [ofC, ofDc, ofI, ofDi].flatMap((part) => part!)),
    condConsts,
    bodyConsts: bodyConsts + dc.length,
  });
  // What is linear must not hold what is known: the loop runs twice then, the second time for tangents alone.
  const outputs = areLinear(tangents) ? run() : results.slice(0, carries);
  return [outputs, withZeros(results.slice(carries), moving, outputs)];
};

/** A loop that goes on as long as a condition holds. */
export const whilePrimitive: Primitive<WhileParams> = defineCall<WhileParams>({
  name: "while",
  outputs: (_, { body }) => outputAvals(body),
  call: {
    evaluate: (inputs, params) => {
      const key = `${identityOf(params.cond)} ${params.condConsts}`;
      return runAlone(whilePrimitive, inputs, params, params.body, key, () => evaluate(inputs, params));
    },
    push,
    stage: stageWhile,
    holds: (inputs, { cond, body, condConsts, bodyConsts }) => {
      const [ofCond, ofBody, carry] = parted(inputs, condConsts, bodyConsts);
      return [
        { program: cond, takes: [...ofCond!, ...carry!], gives: [{ shape: [], dtype: "bool", weakType: false }] },
        { program: body, takes: [...ofBody!, ...carry!], gives: carry! },
      ];
    },
  },
  transpose: () => {
    throw new PenjingError("Cannot differentiate a loop with a condition in reverse mode", {
      op: "whileLoop",
      actual: "pz.lax.whileLoop, or pz.lax.foriLoop with bounds that are not known when it is traced",
      expected: "a loop whose number of turns is known",
      remedy: "use pz.lax.scan, or pz.lax.foriLoop with numbers as bounds, or differentiate by jvp or jacfwd",
      code: "while-reverse",
    });
  },
  vmap: (size, inputs, bdims, params, axisName) => {
    const { cond, body, condConsts, bodyConsts } = params;
    const [dimsOfCond, dimsOfBody, ofInit] = parted(bdims, condConsts, bodyConsts);
    const axes = (marks: readonly boolean[]): (number | undefined)[] => marks.map((is) => is ? 0 : undefined);
    const batch = (marks: readonly boolean[]) =>
      batchProgram(body, size, [...dimsOfBody!, ...axes(marks)], axisName, marks, batchFirst);
    const [some, { program: own }] = fixpoint(ofInit!.map((bdim) => bdim !== undefined), (marks) => {
      const result = batch(marks);
      return [result.bdims.map((bdim) => bdim !== undefined), result];
    });
    const condition = (marks: readonly boolean[]) =>
      batchProgram(cond, size, [...dimsOfCond!, ...axes(marks)], axisName);
    const isShared = condition(some).bdims[0] === undefined;
    const differ = isShared ? some : some.map(() => true);
    const [ofCond, ofBody, init] = parted(inputs, condConsts, bodyConsts);
    const carry = init!.map((x, k) => differ[k] ? batchFirst(x, ofInit![k], size) : x);
    const programs = isShared
      ? { ...params, cond: condition(some).program, body: own }
      : untilAllAreDone(condition(differ), batch(differ).program, params);
    const consts = isShared ? ofBody! : [...ofCond!, ...ofBody!];
    return [bind(whilePrimitive, [...ofCond!, ...consts, ...carry], programs), axes(differ)];
  },
});

/** A loop over a batch that goes on while one example has to; those that are done keep what they have. */
function untilAllAreDone(
  { program: cond, bdims: [axis] }: ReturnType<typeof batchProgram>,
  body: Program,
  { condConsts, bodyConsts }: WhileParams,
): WhileParams {
  const avals = ({ inputs }: Program) => inputs.map(({ aval }) => aval);
  const goesOn = (...args: NDArray[]): readonly NDArray[] => [reduceAny(runProgram(cond, args)[0]!, [axis!])];
  const turn = (...args: NDArray[]): readonly NDArray[] => {
    const [ofCond, ofBody, carry] = parted(args, condConsts, bodyConsts);
    const [isOn] = runProgram(cond, [...ofCond!, ...carry!]);
    const next = runProgram(body, [...ofBody!, ...carry!]);
    return next.map((x, k) => selectRows(isOn!, x, carry![k]!));
  };
  return {
    cond: written(cond, "vmap", goesOn, avals(cond)),
    body: written(body, "vmap", turn, [...avals(cond).slice(0, condConsts), ...avals(body)]),
    condConsts,
    bodyConsts: condConsts + bodyConsts,
  };
}
