/**
 * Loops and branches as parts of a plan: the engine turns and chooses by itself.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { outputAvals, type Program } from "../core/program.ts";
import type { Staged, StagedLoop, Stager } from "../core/stager.ts";
import type { CondParams } from "./cond.ts";
import { parted } from "./_loops.ts";
import type { ScanParams } from "./scan.ts";
import type { WhileParams } from "./while_loop.ts";

/** The most turns that a loop of the engine can have. */
const MOST_TURNS = 2 ** 32 - 1;

/** Writes a program, does something with what it gives, and gives that back. */
function using(
  stager: Stager,
  program: Program,
  args: readonly Staged[],
  use: (results: readonly Staged[]) => void,
): void {
  const results = stager.run(program, args);
  use(results);
  results.forEach((value) => stager.release(value));
}

/** Memory for what turns hand on, which holds what the first is given. */
interface Carries {
  readonly before: readonly Staged[];
  readonly after: readonly Staged[];
  /** For the loop. */
  readonly pairs: StagedLoop["carries"];
  /** What the last turn handed on, in memory of its own; the rest is given back. */
  end(): Staged[];
}

function carriesOf(stager: Stager, avals: readonly Aval[], first: readonly Staged[]): Carries {
  const before = avals.map((aval) => stager.allocate(aval));
  const after = avals.map((aval) => stager.allocate(aval));
  before.forEach((to, k) => stager.copy(to, first[k]!));
  const pairs = before.map((one, k) => [one, after[k]!] as const).filter(([one]) => !one.shape.includes(0));
  return {
    before,
    after,
    pairs,
    end: () => {
      // Which of both has it depends on the number of turns, so neither can be given to others before it is copied.
      const last = avals.map((aval) => stager.allocate(aval));
      last.forEach((to, k) => stager.copy(to, before[k]!));
      [...before, ...after].forEach((value) => stager.release(value));
      return last;
    },
  };
}

/** Writes a loop over rows. */
export function stageScan(
  stager: Stager,
  inputs: readonly Staged[],
  avals: readonly Aval[],
  { program, consts, carries, length, reverse }: ScanParams,
): readonly Staged[] {
  const [held, first, xs] = parted(inputs, consts, carries);
  const own = carriesOf(stager, avals.slice(0, carries), first!);
  const rows = program.inputs.slice(consts + carries).map(({ aval }) => stager.allocate(aval));
  const ys = avals.slice(carries).map((aval) => stager.allocate(aval));
  if (length > 0) {
    stager.loop({ count: length, carries: own.pairs }, (turn) => {
      rows.forEach((row, k) => stager.take(row, xs![k]!, turn, reverse));
      using(stager, program, [...held!, ...own.before, ...rows], (results) => {
        results.forEach((value, k) => {
          if (k < carries) stager.copy(own.after[k]!, value);
          else stager.put(ys[k - carries]!, value, turn, reverse);
        });
      });
    });
  }
  rows.forEach((row) => stager.release(row));
  return [...own.end(), ...ys];
}

/** Writes a loop with a condition. */
export function stageWhile(
  stager: Stager,
  inputs: readonly Staged[],
  { cond, body, condConsts, bodyConsts }: WhileParams,
): readonly Staged[] {
  const [ofCond, ofBody, first] = parted(inputs, condConsts, bodyConsts);
  const own = carriesOf(stager, outputAvals(body), first!);
  const goesOn = (): Staged => stager.run(cond, [...ofCond!, ...own.before])[0]!;
  stager.loop({ count: MOST_TURNS, carries: own.pairs, while: goesOn }, () => {
    using(stager, body, [...ofBody!, ...own.before], (results) => {
      results.forEach((value, k) => stager.copy(own.after[k]!, value));
    });
  });
  return own.end();
}

/** Writes a choice between branches. */
export function stageCond(
  stager: Stager,
  [index, ...operands]: readonly Staged[],
  avals: readonly Aval[],
  { branches }: CondParams,
): readonly Staged[] {
  const outputs = avals.map((aval) => stager.allocate(aval));
  stager.branch(
    index!,
    branches.map((branch) => () =>
      using(stager, branch, operands, (results) => results.forEach((value, k) => stager.copy(outputs[k]!, value)))
    ),
  );
  return outputs;
}
