/**
 * Loops over rows whose turns do several rows each.
 *
 * @module
 */

import { derive, written } from "../core/derived.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Program, runProgram } from "../core/program.ts";
import { parted } from "./_loops.ts";
import { concatenate } from "./concatenate.ts";
import { expandDims } from "./expand_dims.ts";
import { reshape } from "./reshape.ts";
import type { ScanParams } from "./scan.ts";
import { sliceInDim } from "./slice.ts";

/** The rows of an array as several rows each: `[turns * count, …]` to `[turns, count, …]`. */
function grouped(x: NDArray, start: number, turns: number, count: number): NDArray {
  return reshape(sliceInDim(x, start, start + turns * count, 0), [turns, count, ...x.shape.slice(1)]);
}

/** What is done for several rows, one after the other: `[...consts, ...carries, ...rows]` to `[...carries, ...ys]`. */
function repeated({ program, consts, carries, reverse }: ScanParams, count: number): Program {
  return derive(program, `repeat ${[consts, carries, reverse, count]}`, () => {
    const run = (...args: NDArray[]): readonly NDArray[] => {
      const [held, first, xs] = parted(args, consts, carries);
      const ys: (readonly NDArray[])[] = [];
      let carry = first!;
      for (let turn = 0; turn < count; turn++) {
        const at = reverse ? count - 1 - turn : turn;
        const rows = xs!.map((x) => reshape(sliceInDim(x, at, at + 1, 0), x.shape.slice(1)));
        const [next, own] = parted(runProgram(program, [...held!, ...carry, ...rows]), carries);
        [carry, ys[at]] = [next!, own!];
      }
      return [...carry, ...ys[0]!.map((_, k) => concatenate(ys.map((own) => expandDims(own[k]!, [0])), 0))];
    };
    const avals = program.inputs.map(({ aval }, k) =>
      k < consts + carries ? aval : { ...aval, shape: [count, ...aval.shape] }
    );
    return written(program, "scan", run, avals);
  });
}

/**
 * A loop over rows as a program of the same operands and results, in which each turn does several rows, and no loop is left
 * where one turn does all.
 *
 * @param params Its parameters; there are rows.
 * @param loop Loops.
 * @returns The program.
 */
export function unrolledScan(
  params: ScanParams,
  loop: (inputs: readonly NDArray[], params: ScanParams) => readonly NDArray[],
): Program {
  const { program, consts, carries, length, reverse } = params;
  const count = Math.min(params.unroll, length);
  return derive(program, `unroll ${[consts, carries, length, reverse, count]}`, () => {
    const turns = Math.floor(length / count);
    const [whole, rest] = [turns * count, length - turns * count];
    const many = repeated(params, count);
    const run = (...args: NDArray[]): readonly NDArray[] => {
      const [held, init, xs] = parted(args, consts, carries);
      // The rows that are left over are those that come last, which in reverse are the first.
      const groups = xs!.map((x) => grouped(x, reverse ? rest : 0, turns, count));
      const one = (): readonly NDArray[] =>
        runProgram(many, [...held!, ...init!, ...groups.map((x) => reshape(x, x.shape.slice(1)))]);
      const own = { ...params, program: many, length: turns, unroll: 1 };
      const [carry, ys] = parted(turns === 1 ? one() : loop([...held!, ...init!, ...groups], own), carries);
      const flat = turns === 1 ? ys! : ys!.map((y) => reshape(y, [whole, ...y.shape.slice(2)]));
      if (rest === 0) return [...carry!, ...flat];
      const over = xs!.map((x) => reverse ? sliceInDim(x, 0, rest, 0) : sliceInDim(x, whole, length, 0));
      const results = loop([...held!, ...carry!, ...over], { ...params, length: rest, unroll: 1 });
      const [last, others] = parted(results, carries);
      return [...last!, ...flat.map((y, k) => concatenate(reverse ? [others![k]!, y] : [y, others![k]!], 0))];
    };
    const avals = program.inputs.map(({ aval }, k) =>
      k < consts + carries ? aval : { ...aval, shape: [length, ...aval.shape] }
    );
    return written(program, "scan", run, avals);
  });
}
