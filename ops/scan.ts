/**
 * A loop over rows: `carry, y[i] = program(consts, carry, x[i])` for each row `i`, one after the other.
 *
 * Forward mode makes it one loop over pairs. Reverse mode makes it two: the first goes as before and stacks what the second
 * needs of each row, which is linear; that one's transpose goes the other way.
 *
 * Source: JAX, `jax/_src/lax/control_flow/loops.py` (`scan`).
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { allocateArray, bind } from "../core/bind.ts";
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
import type { EagerArray } from "../core/eager.ts";
import type { NDArray } from "../core/ndarray.ts";
import {
  type CallRules,
  defineCall,
  type LinearOperand,
  type Primitive,
  type TransposeRule,
} from "../core/primitive.ts";
import {
  areLinear,
  type Atom,
  dropUnused,
  hasEffect,
  madeOf,
  outputAvals,
  type Program,
  runProgram,
  Variable,
} from "../core/program.ts";
import { freeing } from "../core/storage.ts";
import { withStaging } from "../core/trace.ts";
import { runAlone } from "../staging/executable.ts";
import { arranged, count, dependents, fixpoint, handingOn, numbers, parted, retyped, rowOf } from "./_loops.ts";
import { stageScan } from "./_staged_loops.ts";
import { unrolledScan } from "./_unrolled.ts";
import { batchFirst, isArray, moveBatch } from "./_rules.ts";
import { add } from "./add.ts";
import { filled, instantiate } from "./zeros.ts";

/** The parameters of a loop over rows. Its operands are those that all rows share, the first carries, and the rows. */
export interface ScanParams {
  /** What is done for a row: `[...consts, ...carries, ...x]` to `[...carries, ...y]`. */
  readonly program: Program;
  /** How many operands all rows share. */
  readonly consts: number;
  /** How many arrays a row hands on to the next. */
  readonly carries: number;
  /** How many rows there are. */
  readonly length: number;
  /** Whether it begins at the last row. */
  readonly reverse: boolean;
  /** How many rows a compiled loop does in a turn. */
  readonly unroll: number;
}

/** What is stacked, of a row. */
function stacked(length: number, { shape, dtype, weakType }: Aval): Aval {
  return { shape: [length, ...shape], dtype, weakType };
}

/** A row of it. */
function row({ shape, dtype, weakType }: Aval): Aval {
  return { shape: shape.slice(1), dtype, weakType };
}

/** What a loop gives. */
function outputsOf({ program, carries, length }: ScanParams): readonly Aval[] {
  return outputAvals(program).map((aval, k) => k < carries ? aval : stacked(length, aval));
}

const evaluate: CallRules<ScanParams>["evaluate"] = (inputs, { program, consts, carries, length, reverse }) =>
  freeing(() =>
    withStaging(undefined, () => {
      const [held, first, xs] = parted(inputs as readonly EagerArray[], consts, carries);
      const [ofCarries, ofRows] = parted(outputAvals(program), carries);
      const ys = ofRows!.map((aval) => allocateArray(stacked(length, aval)));
      const handOn = handingOn(ofCarries!);
      let carry: readonly NDArray[] = first!;
      for (let turn = 0; turn < length; turn++) {
        const at = reverse ? length - 1 - turn : turn;
        carry = freeing(() => {
          const results = runProgram(program, [...held!, ...carry, ...xs!.map((x) => rowOf(x, at))]);
          const [next, own] = parted(results, carries);
          return handOn(next!, own!.map((y, k) => [rowOf(ys[k]!, at), y] as const));
        });
      }
      return [...carry.map((x, k) => retyped(x, ofCarries![k]!)), ...ys];
    })
  );

/** Forward mode: one loop, in which tangents of carries are carries, too. */
const pushBoth: CallRules<ScanParams>["push"] = (primals, tangents, params) => {
  const { program, consts, carries } = params;
  const [dconsts, dinit, dxs] = parted(tangents, consts, carries);
  const [moving, { program: both, gives }] = fixpoint(changing(dinit!), (own) => {
    const pushed = jvpProgram(program, [...changing(dconsts!), ...own, ...changing(dxs!)], own, instantiate);
    return [pushed.gives.slice(0, carries), pushed];
  });
  const [dc, di, dx] = [nonzero(dconsts!), dinit!.filter((_, k) => moving[k]).map(instantiate), nonzero(dxs!)];
  const [rows, ys] = [primals.length - consts - carries, program.outputs.length - carries];
  const [ofC, ofI, ofX, ofDc, ofDi, ofDx] = parted(
    numbers(both.inputs.length),
    consts,
    carries,
    rows,
    dc.length,
    di.length,
  );
  const [toI, toY, toDi, toDy] = parted(numbers(both.outputs.length), carries, ys, di.length);
  const order = [ofC, ofDc, ofI, ofDi, ofX, ofDx].flatMap((part) => part!);
  const own = arranged(both, order, [toI, toDi, toY, toDy].flatMap((part) => part!));
  const [c, i, x] = parted(primals, consts, carries);
  const results = bind(scanPrimitive, [...c!, ...dc, ...i!, ...di, ...x!, ...dx], {
    ...params,
    program: own,
    consts: consts + dc.length,
    carries: carries + di.length,
  });
  const [finals, dfinals, y, dy] = parted(results, carries, di.length, ys);
  const outputs = [...finals!, ...y!];
  return [outputs, withZeros([...dfinals!, ...dy!], gives, outputs)];
};

/** Where the value of a residual for each row is found: rows of operands, rows of results, or rows that are stacked for it. */
type Rows = readonly [from: "xs" | "ys" | "stacked", index: number];

/** A program of a row in two, for reverse mode. */
interface Split {
  /** Residuals that are the same for all rows: `consts` to these. */
  readonly fixed: Program;
  /** The first loop's program, with more that is stacked. */
  readonly known: Program;
  /** The second loop's program: `[...fixed, ...dconsts, ...dcarries, ...dx, ...residuals of the row]`. */
  readonly linear: Program;
  /** Where the residuals of a row are found. */
  readonly rows: readonly Rows[];
}

/** Sorts what a linear program needs by where it is to be had, so that nothing is stacked that need not be. */
function split(known: Program, linear: Program, consts: number, carries: number, results: number): Split {
  const [held, , xs] = parted<Atom>(known.inputs, consts, carries);
  const [outputs, residuals] = parted(known.outputs, results);
  const ys = outputs!.slice(carries);
  const still = new Set<Atom>(held!);
  const before = known.equations.filter((equation) => {
    const is = !hasEffect(equation) && equation.inputs.every((x) => !(x instanceof Variable) || still.has(x));
    if (is) equation.outputs.forEach((output) => still.add(output));
    return is;
  });
  const isFixed = residuals!.map((atom) => still.has(atom));
  const extra: Atom[] = [];
  const rows = residuals!.filter((_, k) => !isFixed[k]).map((atom): Rows => {
    if (xs!.includes(atom)) return ["xs", xs!.indexOf(atom)];
    if (ys.includes(atom)) return ["ys", ys.indexOf(atom)];
    return ["stacked", extra.push(atom) - 1];
  });
  const places = numbers(linear.inputs.length);
  const [ofResiduals, ofTangents] = parted(places, residuals!.length);
  const fixed = residuals!.filter((_, k) => isFixed[k]);
  return {
    fixed: dropUnused({ inputs: known.inputs.slice(0, consts), equations: before, outputs: fixed }),
    known: madeOf(known, dropUnused({ ...known, outputs: [...outputs!, ...extra] })),
    linear: arranged(linear, [
      ...ofResiduals!.filter((k) => isFixed[k]),
      ...ofTangents!,
      ...ofResiduals!.filter((k) => !isFixed[k]),
    ]),
    rows,
  };
}

/** Reverse mode: a loop over primals, and one that is linear in the tangents. */
const pushLinear: CallRules<ScanParams>["push"] = (primals, tangents, params) => {
  const { program, consts, carries } = params;
  const [dconsts, dinit, dxs] = parted(tangents, consts, carries);
  const [moving, { known: all, linear: rest, gives }] = fixpoint(changing(dinit!), (own) => {
    const both = linearizeProgram(program, [...changing(dconsts!), ...own, ...changing(dxs!)], own, instantiate);
    return [both.gives.slice(0, carries), both];
  });
  const results = program.outputs.length;
  const { fixed, known, linear, rows } = derive(
    all,
    `scan ${consts} ${carries}`,
    () => split(all, rest, consts, carries, results),
  );
  const [held, , xs] = parted(primals, consts, carries);
  const [finals, ys, stacked] = parted(
    bind(scanPrimitive, primals, { ...params, program: known }),
    carries,
    results - carries,
  );
  const found = { xs: xs!, ys: ys!, stacked: stacked! };
  const shared = [...runProgram(fixed, held!), ...nonzero(dconsts!)];
  const carry = dinit!.filter((_, k) => moving[k]).map(instantiate);
  const each = [...nonzero(dxs!), ...rows.map(([from, index]) => found[from][index]!)];
  const changes = bind(scanPrimitive, [...shared, ...carry, ...each], {
    ...params,
    program: linear,
    consts: shared.length,
    carries: carry.length,
  });
  const outputs = [...finals!, ...ys!];
  return [outputs, withZeros(changes, gives, outputs)];
};

/** What each row finds of the carries that are known, stacked: they do not depend on what the loop is linear in. */
function knownCarries(
  inputs: readonly (NDArray | LinearOperand)[],
  isKnown: readonly boolean[],
  params: ScanParams,
): readonly NDArray[] {
  const { program, consts, carries } = params;
  const still = isKnown.slice(consts, consts + carries);
  const own = count(still);
  if (own === 0) return [];
  const pick = <T>(list: readonly T[]): T[] => list.filter((_, k) => isKnown[k]);
  const ofCarries = program.inputs.slice(consts, consts + carries).filter((_, k) => still[k]);
  const next = program.outputs.slice(0, carries).filter((_, k) => still[k]);
  const needed = dropUnused({ inputs: pick(program.inputs), equations: program.equations, outputs: next });
  const results = bind(scanPrimitive, pick(inputs) as NDArray[], {
    ...params,
    program: madeOf(program, { ...needed, outputs: [...next, ...ofCarries] }),
    consts: count(isKnown.slice(0, consts)),
    carries: own,
  });
  return results.slice(own);
}

/** `ct` of carries goes from each row to the one before; that of what all rows share is summed up on the way. */
const transpose: TransposeRule<ScanParams> = (cts, inputs, params) => {
  const { program, consts, carries, reverse } = params;
  const [isLinearConst, isLinearInit, isLinearX] = parted(inputs.map((x) => !isArray(x)), consts, carries);
  const [moving] = fixpoint(isLinearInit!, (own) => {
    return [dependents(program, [...isLinearConst!, ...own, ...isLinearX!]).slice(0, carries), undefined];
  });
  const isKnown = [...isLinearConst!, ...moving, ...isLinearX!].map((is) => !is);
  const [ctFinals, ctYs] = parted(cts, carries);
  const linearConsts = count(isLinearConst!);
  const [given, { program: back, gives }] = fixpoint(changing(ctFinals!).map((is, k) => is && moving[k]!), (own) => {
    const always = [...Array<boolean>(linearConsts).fill(false), ...own.filter((_, k) => moving[k])];
    const marks = [...own, ...changing(ctYs!)];
    const pulled = transposeProgram(program, isKnown, marks, add, always, instantiate);
    let next = linearConsts;
    return [moving.map((is) => is && pulled.gives[next++]!), pulled];
  });
  const [givesConst, , givesX] = parted(gives, linearConsts, count(moving));
  const [sums, carry, own] = [count(givesConst!), count(given), count(givesX!)];
  if (sums + carry + own === 0) return inputs.map(() => undefined);

  const rows = knownCarries(inputs, isKnown, params);
  const [held, , xs] = parted(inputs, consts, carries).map((part) => part.filter(isArray));
  const summed = program.inputs.slice(0, consts).filter((_, k) => isLinearConst![k])
    .filter((_, k) => givesConst![k]).map(({ aval }) => aval);
  const turn = derive(back, `scan ${[held!.length, sums, carry, rows.length, xs!.length]}`, () => {
    const run = (...args: NDArray[]): readonly NDArray[] => {
      const [c, sum, ct, i, x, ctY] = parted(args, held!.length, sums, carry, rows.length, xs!.length);
      const results = runProgram(back, [...c!, ...i!, ...x!, ...ct!, ...ctY!]);
      return results.map((y, k) => k < sums ? add(sum![k]!, y) : y);
    };
    const [c, i, x, ct, ctY] = parted(
      back.inputs.map(({ aval }) => aval),
      held!.length,
      rows.length,
      xs!.length,
      carry,
    );
    return written(back, "transpose", run, [c, summed, ct, i, x, ctY].flatMap((part) => part!));
  });
  const init = [...summed.map((aval) => filled(0, aval)), ...ctFinals!.filter((_, k) => given[k]).map(instantiate)];
  const results = bind(scanPrimitive, [...held!, ...init, ...rows, ...xs!, ...nonzero(ctYs!)], {
    ...params,
    program: turn,
    consts: held!.length,
    carries: sums + carry,
    reverse: !reverse,
  });
  let [next, constant, x] = [0, 0, 0];
  return inputs.map((input, k) => {
    const isCarry = k >= consts && k < consts + carries;
    if (isCarry) {
      const ct = given[k - consts] ? results[next++] : undefined;
      return isArray(input) ? undefined : ct;
    }
    if (isArray(input)) return undefined;
    return (k < consts ? givesConst![constant++] : givesX![x++]) ? results[next++] : undefined;
  });
};

/** A loop over rows. */
export const scanPrimitive: Primitive<ScanParams> = defineCall<ScanParams>({
  name: "scan",
  outputs: (_, params) => outputsOf(params),
  call: {
    evaluate: (inputs, params) => {
      const { program, ...rest } = params;
      return runAlone(scanPrimitive, inputs, params, program, JSON.stringify(rest), () => evaluate(inputs, params));
    },
    stage: (stager, inputs, params) =>
      params.unroll > 1 && params.length > 1
        ? stager.run(unrolledScan(params, (own, rest) => bind(scanPrimitive, own, rest)), inputs)
        : stageScan(stager, inputs, outputsOf(params), params),
    holds: (inputs, { program, consts, carries }) => [{
      program,
      takes: inputs.map((x, k) => k < consts + carries ? x : row(x)),
      gives: inputs.slice(consts, consts + carries),
    }],
    push: (primals, tangents, params) => (areLinear(tangents) ? pushLinear : pushBoth)(primals, tangents, params),
  },
  transpose,
  vmap: (size, inputs, bdims, params, axisName) => {
    const { program, consts, carries } = params;
    const [ofConsts, ofInit, ofXs] = parted(bdims, consts, carries);
    const [differ, { program: batched, bdims: own }] = fixpoint(ofInit!.map((bdim) => bdim !== undefined), (marks) => {
      const isBatch = [...marks, ...ofXs!.map((bdim) => bdim !== undefined)];
      const axes = [...ofConsts!, ...isBatch.map((is) => is ? 0 : undefined)];
      const batch = batchProgram(program, size, axes, axisName, marks, batchFirst);
      return [batch.bdims.slice(0, carries).map((bdim) => bdim !== undefined), batch];
    });
    const [held, init, xs] = parted(inputs, consts, carries);
    const operands = [
      ...held!,
      ...init!.map((x, k) => differ[k] ? batchFirst(x, ofInit![k], size) : x),
      ...xs!.map((x, k) => ofXs![k] === undefined ? x : moveBatch(x, ofXs![k], 1)),
    ];
    const axes = own.map((bdim, k) => bdim === undefined || k < carries ? bdim : bdim + 1);
    return [bind(scanPrimitive, operands, { ...params, program: batched }), axes];
  },
});
