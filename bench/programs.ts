/**
 * Question: what do compiled functions cost, to compile and to call?
 *
 * Each library has a process of its own; a result is done before the next call begins. Tracing and planning are ours alone.
 *
 * @module
 */
import * as pz from "../manual.ts";
import { contest } from "./contest.ts";
import type { ContestOptions } from "./contest.ts";
import type { Case, Measured, Row } from "./contract.ts";
import type { Task } from "./tasks.ts";

function work(name: string, unit: Case["unit"], task: Task, goal?: Case["goal"]): Case {
  return { name, unit, spec: { op: "task", task }, amount: 1, bytes: 0, ...(goal && { goal }) };
}

const RACED: readonly Case[] = [
  work("call with 2 arrays", "us", { op: "call", leaves: 2 }),
  work("call with 100 arrays", "us", { op: "call", leaves: 100 }, { figure: 40 }),
  work("step 784-256-256-10, batch 64", "ms", { op: "step", widths: [784, 256, 256, 10], batch: 64 }, { ratio: 4 }),
];

const ALONE: readonly Measured[] = [
  { name: "trace an operation, of 1000", unit: "us", goal: { figure: 10 } },
  { name: "plan 1000 operations", unit: "ms", goal: { figure: 10 } },
  { name: "first call of step 784-256-256-10", unit: "ms", goal: { figure: 30 } },
];

/** The cases; "x peer" goals are ratios to the best of them. */
export const CASES: readonly Measured[] = [...ALONE, ...RACED];

/** How the figures come about. */
export const METHOD: string =
  "Each figure is the best of interleaved batches, those of tracing and planning medians; ratio: ours against the best peer.";

/** How often things are compiled; odd, for the median. */
const RUNS = 51;

function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

/** A function of 1000 operations. */
function thousand(x: pz.NDArray): pz.NDArray {
  let y = x;
  for (let k = 0; k < 250; k++) y = pz.np.sin(y.mul(x).add(1)).neg();
  return y;
}

/** What is compiled anew for each run: the times of writing it down, and of the first call. */
function compiling(fn: (...args: pz.NDArray[]) => unknown, ...args: pz.NDArray[]): { trace: number; call: number } {
  const times = Array.from({ length: RUNS }, () => {
    const compiled = pz.jit(fn);
    const trace = milliseconds(() => compiled.lower(...args));
    return { trace, call: milliseconds(() => pz.scope(() => void compiled(...args))) };
  });
  return { trace: median(times.map(({ trace }) => trace)), call: median(times.map(({ call }) => call)) };
}

/** A step of gradient descent of a perceptron, compiled and called for the first time. */
function firstStep(): number {
  const { np } = pz;
  const sizes = [784, 256, 256, 10];
  const parameters = sizes.slice(1).map((to, k) => [np.full([sizes[k]!, to], 0.01), np.zeros(to)]);
  const [x, y] = [np.ones([64, 784]), np.ones([64, 10])];
  const loss = (layers: pz.NDArray[][]): pz.NDArray => {
    let z = x;
    layers.forEach(([w, b], k) => z = (k === 0 ? z : pz.fn.relu(z)).matmul(w!).add(b!));
    return pz.fn.logSoftmax(z).mul(y).sum();
  };
  return median(Array.from({ length: RUNS }, () => {
    const step = pz.jit((layers: pz.NDArray[][]) => {
      return pz.tree.map((p: pz.NDArray, g: pz.NDArray) => p.sub(g.mul(0.1)), layers, pz.grad(loss)(layers));
    });
    return milliseconds(() => pz.scope(() => void step(parameters)));
  }));
}

/** Runs the suite. */
export async function* run(options: ContestOptions): AsyncGenerator<Row> {
  await pz.init({ threads: 1 });
  const base = { suite: "programs", threads: 1, peers: {}, limits: {}, ratio: null, ofLimit: null };
  const named = ALONE.filter(({ name }) => options.only.test(name));
  if (named.length > 0) {
    const x = pz.np.ones(8).add(0);
    const { trace, call } = compiling((x) => thousand(x!), x);
    const again = pz.jit(thousand);
    pz.scope(() => void again(x));
    const running = median(Array.from({ length: RUNS }, () => milliseconds(() => pz.scope(() => void again(x)))));
    const figures = [trace, call - running, firstStep()];
    for (const { name, unit } of named) {
      yield { ...base, case: name, unit, ours: figures[ALONE.findIndex((one) => one.name === name)]! };
    }
  }
  yield* contest("programs", RACED, options, { name: " arrays", peers: ["tfjs-wasm", "jax-js"] });
}
