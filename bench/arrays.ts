/**
 * Question: what does array work cost that is done one operation at a time?
 *
 * Libraries take turns in one process, each with its arrays resident and one operation a call; a result is done before the
 * next call begins. Results are compared first. "mean" and "memory" are ours alone: a loop that makes 100 000 arrays with
 * all that finalization costs, and what its memory comes to.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import * as pz from "../manual.ts";
import { OURS } from "./contest.ts";
import type { ContestOptions } from "./contest.ts";
import type { Measured, Row } from "./contract.ts";
import { CHAINS } from "./data.ts";
import { jaxArrays, type Library, operands, type Task, tfArrays, WORK, type Work } from "./peers/eager.ts";

/** How often each library has its turn; odd, for the median. */
const ROUNDS = 15;

/** The cases; "x peer" goals are ratios to the best of them. */
export const CASES: readonly Measured[] = [
  { name: "dispatch add 10", unit: "us", goal: { figure: 3 } },
  { name: "dispatch add 10 mean of 100000", unit: "us", goal: { figure: 6 } },
  { name: "dispatch transpose", unit: "us", goal: { figure: 1 } },
  { name: "dispatch slice", unit: "us", goal: { figure: 1 } },
  { name: "chain of 12, 1M", unit: "ms", goal: { ratio: 2 } },
  { name: "chain of 12, 1M, freed at once", unit: "ms", goal: { ratio: 2 } },
  { name: "sum 1024x1024 all", unit: "ms", goal: { ratio: 2 } },
  { name: "sum 1024x1024 axis 0", unit: "ms", goal: { ratio: 2 } },
  { name: "sum 1024x1024 axis 1", unit: "ms", goal: { ratio: 2 } },
  { name: "mean 1024x1024 axis 1", unit: "ms", goal: { ratio: 2 } },
  { name: "max 1024x1024 axis 0", unit: "ms", goal: { ratio: 2 } },
  { name: "einsum bqhd,bkhd->bhqk", unit: "ms", goal: { ratio: 2, always: { 1: 0.9, 2: 0.9 } } },
  { name: "einsum bhqk,bkhd->bqhd", unit: "ms", goal: { ratio: 2, always: { 1: 0.9, 2: 0.9 } } },
  { name: "einsum btd,dhk->bthk", unit: "ms", goal: { ratio: 2, always: { 1: 0.9, 2: 0.9 } } },
  { name: "einsum bthk,hkd->btd", unit: "ms", goal: { ratio: 2, always: { 1: 0.9, 2: 0.9 } } },
  { name: "einsum bqgrd,bkgd->bgrqk", unit: "ms", goal: { ratio: 2, always: { 1: 0.9, 2: 0.9 } } },
  { name: "normal 1M", unit: "ms", goal: { ratio: 3 } },
  { name: "memory of 100000 x 1 MB in a loop that yields, most", unit: "MB", goal: { figure: 300 } },
  { name: "memory of 100000 x 1 MB in a loop that yields, left", unit: "MB", goal: { figure: 64 } },
  { name: "memory of 100000 x 1 MB in scopes, most", unit: "MB", goal: { figure: 300 } },
  { name: "memory of 100000 x 1 MB in scopes, left", unit: "MB", goal: { figure: 0 } },
];

/** Arrays that a loop makes, and after how many it yields. */
const [MANY, YIELD] = [100_000, 10];

/** How the figures come about. */
export const METHOD: string =
  `Medians of ${ROUNDS} turns in one process; limits are the same work by one call of a kernel.`;

type Runner = () => unknown;

/** The matrix product that an einsum contains: of contiguous matrices of its sizes, transposed where its operands are. */
function containedProduct(task: Task): (() => unknown) | undefined {
  if (task.op !== "einsum") return undefined;
  const { kernels } = pz;
  const [a = [], b = []] = task.shapes;
  const [left = "", right = "", out = ""] = task.subscripts.split(/,|->/);
  const sizeOf = (label: string): number => left.includes(label) ? a[left.indexOf(label)]! : b[right.indexOf(label)]!;
  const of = (keep: (label: string) => boolean): number =>
    [...new Set(left + right)].filter(keep).reduce((product, label) => product * sizeOf(label), 1);
  const isSummed = (label: string): boolean => !out.includes(label);
  const batch = of((label) => left.includes(label) && right.includes(label) && !isSummed(label));
  const m = of((label) => !right.includes(label));
  const n = of((label) => !left.includes(label));
  const k = of(isSummed);
  const matrices = (rows: number, columns: number) =>
    kernels.upload(new Float32Array(batch * rows * columns).fill(0.5), { shape: [batch, rows, columns] });
  const x = matrices(m, k);
  const y = isSummed(right.at(-1)!) ? kernels.transpose(matrices(n, k), [0, 2, 1]) : matrices(k, n);
  return () => {
    // An einsum's result is an array of its own, too.
    const z = kernels.allocate([batch, m, n], "float32");
    kernels.matmul(z, x, y);
    kernels.release(z);
  };
}

const CHAIN_NAMES = { mul: "multiply", add: "add", sub: "subtract", max: "maximum", min: "minimum" } as const;

/** Our arrays. */
function ownArrays(): Library {
  const { np } = pz;
  return (task) => {
    const [x, y] = operands(task).map(([data, shape]) => np.array(data, { shape }));
    const key = pz.random.key(0);
    const call = (): pz.NDArray => {
      switch (task.op) {
        case "add":
          return x!.add(y!);
        case "transpose":
          return x!.transpose();
        case "slice":
          return x!.get("1:3");
        case "chain": {
          let z = x!;
          for (const [op, operand] of CHAINS.chain) {
            const before = z;
            z = np[CHAIN_NAMES[op]](z, operand === "x" ? x! : operand);
            if (task.frees && before !== x) before.dispose();
          }
          return z;
        }
        case "einsum":
          return np.einsum(task.subscripts, x!, y!);
        case "normal":
          return pz.random.normal(key, [task.size]);
        default:
          return np[task.op](x!, task.axis === undefined ? {} : { axis: task.axis });
      }
    };
    return {
      // Large results are freed at once, as the peers' are; small ones are left to finalization.
      run: task.op === "add" || task.op === "transpose" || task.op === "slice"
        ? call
        : () => pz.scope(() => void call()),
      result: () => call().dataSync() as Float32Array,
      limit: containedProduct(task),
      dispose: () => pz.dispose([x, y, key].filter((array) => array !== undefined)),
    };
  };
}

/** Seconds of one run, of so many in a row. */
async function time(run: Runner, count: number): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < count; k++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return (performance.now() - start) / count / 1000;
}

/** Calls in a turn of dispatch: few, since what they make is freed between turns alone. */
const CALLS = 1000;

/** How many runs take about 20 ms. */
async function calibrate(run: Runner): Promise<number> {
  await time(run, 3);
  return Math.max(1, Math.min(10_000, Math.round(0.02 / await time(run, 3))));
}

/** Lets finalizers run. */
function task(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Medians of alternating turns, in seconds. */
async function measure(
  runners: Readonly<Record<string, Runner>>,
  rounds: number,
  calls?: number,
): Promise<Record<string, number>> {
  const names = Object.keys(runners);
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = calls ?? await calibrate(runners[name]!);
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      await task();
      times[name]!.push(await time(runners[name]!, counts[name]!));
    }
  }
  return Object.fromEntries(names.map((name) => [name, times[name]!.sort((a, b) => a - b)[rounds >> 1]!]));
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

/** Compares results by their sums, so that a wrong one is not timed. */
async function check(name: string, works: Readonly<Record<string, Work>>): Promise<void> {
  const sums: Record<string, number> = {};
  for (const [library, work] of Object.entries(works)) {
    sums[library] = (await work.result()).reduce((sum, value, k) => sum + value * Math.cos(k % 1000), 0);
  }
  const ours = sums[OURS]!;
  for (const [library, sum] of Object.entries(sums)) {
    const isRandom = name.startsWith("normal");
    if (!isRandom && !(Math.abs(sum - ours) <= 2e-3 * Math.max(1, Math.abs(ours)))) {
      throw new Error(`Cannot compare "${name}": ${library} gives ${sum}, ${OURS} ${ours}`);
    }
  }
}

/** Runs the suite: in a process of its own for each number of threads, since these are fixed once libraries have begun. */
export async function* run(options: ContestOptions): AsyncGenerator<Row> {
  if (options.threads.length > 1) {
    for (const threads of options.threads) yield* runApart(threads, options);
    return;
  }
  for (const threads of options.threads) {
    await pz.init({ threads });
    const libraries: Record<string, Library> = { [OURS]: ownArrays() };
    // Peers run on as many threads as they can be given in one process.
    libraries["jax-js"] = await jaxArrays(threads);
    libraries["tfjs-wasm"] = await tfArrays();
    const cases = CASES.filter(({ name }) => options.only.test(name));
    for (const inScopes of [false, true]) {
      const rows = cases.filter(({ name }) => name.startsWith("memory") && name.includes("scopes") === inScopes);
      if (rows.length === 0) continue;
      const [most, left] = await memoryOf(inScopes, options.quick ? MANY / 10 : MANY);
      for (const { name, unit } of rows) {
        const base = { suite: "arrays", case: name, threads, unit, peers: {}, limits: {}, ratio: null, ofLimit: null };
        yield { ...base, ours: name.endsWith("most") ? most : left };
      }
    }
    for (const { name, unit } of cases.filter(({ name }) => !name.startsWith("memory"))) {
      yield await rowOf(name, unit, threads, libraries, options.quick ? 5 : ROUNDS);
    }
  }
}

/** The rows of a process that runs on so many threads. */
async function* runApart(threads: number, { only, quick }: ContestOptions): AsyncGenerator<Row> {
  const args = ["arrays", "--json", "--threads", `${threads}`, "--only", only.source, ...quick ? ["--quick"] : []];
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-A", main, ...args], stderr: "inherit" });
  const { stdout, success } = await command.output();
  if (!success) throw new Error(`Cannot measure with ${threads} threads`);
  for (const line of new TextDecoder().decode(stdout).split("\n").filter((text) => text.startsWith("{"))) {
    yield JSON.parse(line) as Row;
  }
}

async function rowOf(
  name: string,
  unit: string,
  threads: number,
  libraries: Readonly<Record<string, Library>>,
  rounds: number,
): Promise<Row> {
  const scale = unit === "us" ? 1e6 : 1e3;
  const base = { suite: "arrays", case: name, threads, unit };
  if (name.startsWith("dispatch add 10 mean")) {
    return { ...base, ours: scale * await meanOfMany(), peers: {}, limits: {}, ratio: null, ofLimit: null };
  }
  const works: Record<string, Work> = {};
  for (const [library, prepare] of Object.entries(libraries)) {
    const work = prepare(WORK[name]!);
    if (work !== undefined) works[library] = work;
  }
  await check(name, works);
  const limit = works[OURS]!.limit;
  const runners = Object.fromEntries(Object.entries(works).map(([library, { run }]) => [library, run]));
  const isDispatch = name.startsWith("dispatch");
  const all = { ...runners, ...(limit && { kernel: limit }) };
  const times = isDispatch ? await measure(all, 10 * rounds | 1, CALLS) : await measure(all, rounds);
  const figures = Object.fromEntries(Object.entries(times).map(([library, seconds]) => [library, seconds * scale]));
  const { [OURS]: ours = NaN, kernel, ...peers } = figures;
  Object.values(works).forEach((work) => work.dispose());
  return {
    ...base,
    ours,
    peers,
    limits: kernel === undefined ? {} : { kernel },
    ratio: Object.keys(peers).length === 0 ? null : Math.min(...Object.values(peers)) / ours,
    ofLimit: kernel === undefined ? null : kernel / ours,
  };
}
