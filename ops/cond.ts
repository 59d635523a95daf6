/**
 * A choice between functions: `branches[index](...operands)`. Only the chosen one is done.
 *
 * Where the choice differs between the examples of a batch, all are done, and elements are selected: what branches print is
 * printed then by all of them, as in JAX.
 *
 * Source: JAX, `jax/_src/lax/control_flow/conditionals.py`.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { bind } from "../core/bind.ts";
import {
  batchProgram,
  changing,
  jvpProgram,
  type Linearized,
  linearizeProgram,
  nonzero,
  transposeProgram,
  withZeros,
  written,
} from "../core/derived.ts";
import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type CallRules, defineCall, type Primitive, type VmapRule, Zero } from "../core/primitive.ts";
import { areLinear, type Atom, madeOf, outputAvals, type Program, runProgram, Variable } from "../core/program.ts";
import { freeing } from "../core/storage.ts";
import { withStaging } from "../core/trace.ts";
import { sameShape } from "../wasm/layout.ts";
import { count, parted, placeholder, retyped, scalarOf, selectRows } from "./_loops.ts";
import { stageCond } from "./_staged_loops.ts";
import { batchFirst, isArray } from "./_rules.ts";
import { add } from "./add.ts";
import { eq } from "./eq.ts";
import { stopGradient } from "./stop_gradient.ts";
import { filled, instantiate } from "./zeros.ts";

/** The parameters of a choice. Its operands are the number of the branch, an int32, and those of the branches. */
export interface CondParams {
  /** The branches, which take the same operands and give the same types, the weakness aside. */
  readonly branches: readonly Program[];
}

/** What all branches give: weak where all are. */
function outputsOf(branches: readonly Program[]): readonly Aval[] {
  const all = branches.map(outputAvals);
  return all[0]!.map(({ shape, dtype }, k) => ({ shape, dtype, weakType: all.every((avals) => avals[k]!.weakType) }));
}

/** For each place whether it is marked in any of the lists. */
function anyOf(lists: readonly (readonly boolean[])[]): boolean[] {
  return lists[0]!.map((_, k) => lists.some((marks) => marks[k]));
}

/** Forward mode: each branch with its tangents. */
const pushBoth: CallRules<CondParams>["push"] = (primals, tangents, { branches }) => {
  const isChanging = changing(tangents).slice(1);
  const gives = anyOf(branches.map((branch) => jvpProgram(branch, isChanging).gives));
  const both = branches.map((branch) => jvpProgram(branch, isChanging, gives, instantiate).program);
  const results = bind(condPrimitive, [...primals, ...nonzero(tangents)], { branches: both });
  const [outputs, changes] = parted(results, gives.length);
  return [outputs!, withZeros(changes!, gives, outputs!)];
};

/** Where a residual of one branch is found: among operands, among results, or among the arrays that are made for them. */
type Place = readonly [from: "operand" | "result" | "made", index: number];

/** Branches in two, for reverse mode. */
interface Split {
  /** Each with the arrays that others need after its results. */
  readonly known: readonly Program[];
  /** `[...residuals, ...tangents]` to tangents, the same residuals for all. */
  readonly linear: readonly Program[];
  /** Where the residuals are found. */
  readonly places: readonly Place[];
}

/** Gives branches the residuals of all: arrays of one type share their place, since one branch alone is done. */
function split(parts: readonly Linearized[], results: number): Split {
  const made: Aval[] = [];
  const places: Place[] = [];
  const shared = (place: Place): number => {
    const at = places.findIndex(([from, index]) => from === place[0] && index === place[1]);
    return at < 0 ? places.push(place) - 1 : at;
  };
  const own = parts.map(({ known }) => {
    const [outputs, residuals] = parted(known.outputs, results);
    const taken: (Atom | undefined)[] = [];
    const found = residuals!.map((atom) => {
      const operand = (known.inputs as readonly Atom[]).indexOf(atom);
      if (operand >= 0) return shared(["operand", operand]);
      const result = outputs!.indexOf(atom);
      if (result >= 0) return shared(["result", result]);
      const { aval } = atom as Variable;
      const fits = (like: Aval, k: number): boolean =>
        taken[k] === undefined && like.dtype === aval.dtype && sameShape(like.shape, aval.shape);
      const free = made.findIndex(fits);
      const index = free < 0 ? made.push(aval) - 1 : free;
      taken[index] = atom;
      return shared(["made", index]);
    });
    return { found, taken };
  });
  const known = parts.map(({ known }, k) => {
    const run = (...args: NDArray[]): readonly NDArray[] => {
      const { taken } = own[k]!;
      const wanted = taken.filter((atom) => atom !== undefined);
      const values = runProgram({ ...known, outputs: [...known.outputs.slice(0, results), ...wanted] }, args);
      let next = results;
      const rest = made.map((aval, at) => taken[at] === undefined ? placeholder(aval) : values[next++]!);
      return [...values.slice(0, results), ...rest];
    };
    return written(known, "linearize", run, known.inputs.map(({ aval }) => aval));
  });
  const typeOf = ([from, index]: Place): Aval => {
    if (from === "operand") return parts[0]!.known.inputs[index]!.aval;
    return from === "result" ? outputAvals(known[0]!)[index]! : made[index]!;
  };
  const linear = parts.map(({ linear }, k) => {
    const [residuals, tangents] = parted(linear.inputs, own[k]!.found.length);
    const inputs = places.map((place, at) => residuals![own[k]!.found.indexOf(at)] ?? new Variable(typeOf(place)));
    return madeOf(linear, { ...linear, inputs: [...inputs, ...tangents!] });
  });
  return { known, linear, places };
}

/** Reverse mode: a choice between primals, and one between what is linear in the tangents. */
const pushLinear: CallRules<CondParams>["push"] = (primals, tangents, { branches }) => {
  const isChanging = changing(tangents).slice(1);
  const gives = anyOf(branches.map((branch) => linearizeProgram(branch, isChanging).gives));
  if (!gives.includes(true)) {
    const outputs = bind(condPrimitive, primals, { branches });
    return [outputs, outputs.map((y) => new Zero(y))];
  }
  const parts = branches.map((branch) => linearizeProgram(branch, isChanging, gives, instantiate));
  const { known, linear, places } = split(parts, gives.length);
  const [index, ...operands] = primals;
  const [outputs, made] = parted(bind(condPrimitive, primals, { branches: known }), gives.length);
  const found = { operand: operands, result: outputs!, made: made! };
  const residuals = places.map(([from, at]) => found[from][at]!);
  const changes = bind(condPrimitive, [index!, ...residuals, ...nonzero(tangents)], { branches: linear });
  return [outputs!, withZeros(changes, gives, outputs!)];
};

/** All branches, of which each example takes its own. */
const selectBranches: VmapRule<CondParams> = (size, [index, ...operands], [bdim, ...bdims], { branches }, axisName) => {
  const which = batchFirst(index!, bdim, size);
  const results = branches.map((branch, k) => {
    const isChosen = eq(which, filled(k, which));
    const axes = [...bdims];
    // Where another branch is chosen, what this one does to tangents must not count, NaN least of all.
    const own = operands.map((x, at) => {
      if (!isFloating(x.dtype)) return x;
      const batch = batchFirst(x, axes[at], size);
      axes[at] = 0;
      return selectRows(isChosen, batch, stopGradient(batch));
    });
    const { program } = batchProgram(branch, size, axes, axisName, branch.outputs.map(() => true), batchFirst);
    return { isChosen, outputs: runProgram(program, own) };
  });
  const last = results.at(-1)!.outputs;
  const outputs = last.map((y, k) =>
    results.slice(0, -1).reduceRight((rest, { isChosen, outputs }) => selectRows(isChosen, outputs[k]!, rest), y)
  );
  return [outputs, outputs.map(() => 0)];
};

/** A choice between functions. */
export const condPrimitive: Primitive<CondParams> = defineCall<CondParams>({
  name: "cond",
  outputs: (_, { branches }) => outputsOf(branches),
  call: {
    evaluate: ([index, ...operands], { branches }) =>
      freeing(() =>
        withStaging(undefined, () => {
          const chosen = Math.min(Math.max(scalarOf(index!), 0), branches.length - 1);
          const avals = outputsOf(branches);
          return runProgram(branches[chosen]!, operands).map((y, k) => retyped(y, avals[k]!));
        })
      ),
    stage: (stager, inputs, params) => stageCond(stager, inputs, outputsOf(params.branches), params),
    holds: ([_index, ...operands], { branches }) =>
      branches.map((program) => ({ program, takes: operands, gives: outputsOf(branches) })),
    push: (primals, tangents, params) => (areLinear(tangents) ? pushLinear : pushBoth)(primals, tangents, params),
  },
  transpose: (cts, [index, ...operands], { branches }) => {
    const isKnown = operands.map(isArray);
    const given = changing(cts);
    const some = anyOf(branches.map((branch) => transposeProgram(branch, isKnown, given, add).gives));
    const back = branches.map((branch) => transposeProgram(branch, isKnown, given, add, some, instantiate).program);
    const inputs = [index as NDArray, ...operands.filter(isArray), ...nonzero(cts)];
    const results = count(some) === 0 ? [] : bind(condPrimitive, inputs, { branches: back });
    let [next, linear] = [0, 0];
    return [undefined, ...isKnown.map((is) => is || !some[linear++] ? undefined : results[next++])];
  },
  vmap: (size, inputs, bdims, params, axisName) => {
    if (bdims[0] !== undefined) return selectBranches(size, inputs, bdims, params, axisName);
    const { branches } = params;
    const axes = bdims.slice(1);
    const differ = anyOf(
      branches.map((branch) => batchProgram(branch, size, axes, axisName).bdims.map((bdim) => bdim !== undefined)),
    );
    const batched = branches.map((branch) => batchProgram(branch, size, axes, axisName, differ, batchFirst).program);
    return [bind(condPrimitive, inputs, { branches: batched }), differ.map((is) => is ? 0 : undefined)];
  },
});
