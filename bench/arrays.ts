/**
 * Question: what does array work cost that is done one operation at a time?
 *
 * Each library has a process of its own and its arrays resident, and does one operation a call; a result is done before
 * the next call begins. "mean" and "memory" are ours alone: a loop that makes 100 000 arrays with all that finalization
 * costs, and what its memory comes to.
 *
 * @module
 */
import * as pz from "../manual.ts";
import { contest } from "./contest.ts";
import type { ContestOptions } from "./contest.ts";
import type { Case, Goal, Measured, Row } from "./contract.ts";
import type { Task } from "./tasks.ts";

const MEBI = 2 ** 20;

function dispatch(name: string, task: Task, microseconds: number): Case {
  return { name, unit: "us", spec: { op: "task", task }, amount: 1, bytes: 0, goal: { figure: microseconds } };
}

function work(name: string, task: Task, goal: Goal, rest: Partial<Case> = {}): Case {
  return { name, unit: "ms", spec: { op: "task", task }, amount: 1, bytes: 0, goal, ...rest };
}

function einsum(subscripts: string, a: readonly number[], b: readonly number[]): Case {
  const task: Task = { op: "einsum", subscripts, shapes: [a, b] };
  const goal = { ratio: 2, always: { 1: 0.9, 2: 0.9 } };
  return work(`einsum ${subscripts}`, task, goal, { limit: { op: "contained product", task } });
}

const RACED: readonly Case[] = [
  dispatch("dispatch add 10", { op: "add", size: 10 }, 3),
  dispatch("dispatch transpose", { op: "transpose" }, 1),
  dispatch("dispatch slice", { op: "slice" }, 1),
  work("chain of 12, 1M", { op: "chain", size: MEBI, frees: true }, { ratio: 2 }),
  work("chain of 12, 1M, in a scope", { op: "chain", size: MEBI }, { ratio: 2, ofLimit: 0.8 }, {
    limit: { op: "one program", size: MEBI },
  }),
  work("sum 1024x1024 all", { op: "sum" }, { ratio: 2 }),
  work("sum 1024x1024 axis 0", { op: "sum", axis: 0 }, { ratio: 2 }),
  work("sum 1024x1024 axis 1", { op: "sum", axis: 1 }, { ratio: 2 }),
  work("mean 1024x1024 axis 1", { op: "mean", axis: 1 }, { ratio: 2 }),
  work("max 1024x1024 axis 0", { op: "max", axis: 0 }, { ratio: 2 }),
  einsum("bqhd,bkhd->bhqk", [2, 256, 8, 64], [2, 256, 8, 64]),
  einsum("bhqk,bkhd->bqhd", [2, 8, 256, 256], [2, 256, 8, 64]),
  einsum("btd,dhk->bthk", [2, 256, 512], [512, 8, 64]),
  einsum("bthk,hkd->btd", [2, 256, 8, 64], [8, 64, 512]),
  einsum("bqgrd,bkgd->bgrqk", [2, 256, 2, 4, 64], [2, 256, 2, 64]),
  work("normal 1M", { op: "normal", size: MEBI }, { ratio: 3 }),
];

const MEAN = "dispatch add 10 mean of 100000";
const MEMORY = "memory of 100000 x 1 MB";

const ALONE: readonly Measured[] = [
  { name: `${MEMORY} in a loop that yields, most`, unit: "MB", goal: { figure: 300 } },
  { name: `${MEMORY} in a loop that yields, left`, unit: "MB", goal: { figure: 64 } },
  { name: `${MEMORY} in scopes, most`, unit: "MB", goal: { figure: 300 } },
  { name: `${MEMORY} in scopes, left`, unit: "MB", goal: { figure: 0 } },
  { name: MEAN, unit: "us", goal: { figure: 6 } },
];

/** The cases; "x peer" goals are ratios to the best of them. */
export const CASES: readonly Measured[] = [...ALONE, ...RACED];

/** Arrays that a loop makes, and after how many it yields. */
const [MANY, YIELD] = [100_000, 10];

/** How the figures come about. */
export const METHOD: string =
  "Each figure is the best of interleaved batches; ratio: ours against the best peer; limits are the same work by kernels.";

/** Lets finalizers run. */
function task(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The mean of 100 000 calls in a loop that yields, all that follows from them included. */
async function meanOfMany(): Promise<number> {
  const [x, y] = [pz.np.ones(10).add(1), pz.np.ones(10).add(2)];
  const count = 100_000;
  const start = performance.now();
  for (let k = 0; k < count; k++) {
    x.add(y);
    if (k % 1000 === 999) await task();
  }
  await pz.collect();
  return (performance.now() - start) / count / 1000;
}

/** What loops that make arrays of 1 MB come to: the most that lived at once, and what is left after a collection. */
async function memoryOf(inScopes: boolean, count: number): Promise<readonly [most: number, left: number]> {
  const x = pz.np.array(new Float32Array(2 ** 18));
  await pz.collect();
  const start = pz.memory().liveBytes;
  let most = 0;
  const step = (): void => {
    x.add(1);
    most = Math.max(most, pz.memory().liveBytes - start);
  };
  for (let k = 0; k < count; k++) {
    if (inScopes) pz.scope(step);
    else step();
    if (!inScopes && k % YIELD === YIELD - 1) await task();
  }
  await pz.collect();
  const left = pz.memory().liveBytes - start;
  pz.dispose(x);
  return [most / 2 ** 20, left / 2 ** 20];
}

/** What is measured without a peer, in this process. */
async function* alone({ only, quick }: ContestOptions, threads: number): AsyncGenerator<Row> {
  const cases = ALONE.filter(({ name }) => only.test(name));
  const base = { suite: "arrays", threads, peers: {}, limits: {}, ratio: null, ofLimit: null };
  for (const inScopes of [false, true]) {
    const rows = cases.filter(({ name }) => name.startsWith(MEMORY) && name.includes("scopes") === inScopes);
    if (rows.length === 0) continue;
    const [most, left] = await memoryOf(inScopes, quick ? MANY / 10 : MANY);
    for (const { name, unit } of rows) yield { ...base, case: name, unit, ours: name.endsWith("most") ? most : left };
  }
  if (cases.some(({ name }) => name === MEAN)) {
    yield { ...base, case: MEAN, unit: "us", ours: 1e6 * await meanOfMany() };
  }
}

/** Runs the suite. What has no peer does not depend on threads, and runs on one. */
export async function* run(options: ContestOptions): AsyncGenerator<Row> {
  await pz.init({ threads: 1 });
  yield* alone(options, 1);
  yield* contest("arrays", RACED, options, { name: " arrays", peers: ["tfjs-wasm", "jax-js"] });
}
