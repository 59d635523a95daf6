/**
 * Runs cases on all engines, interleaved, and makes rows of what it saw.
 *
 *     for each number of threads: start every engine in its own process
 *       for each case: every engine prepares; results are compared with the reference and with each other
 *         for each round: every engine in turn (its order rotating) times one batch of runs; so do the limits
 *         figure of an engine = its best batch but those of the first round
 *
 * One process works at a time, so all have the whole machine; neighbors' noise strikes all alike, and the best of
 * the batches is the one it struck least. Limits are measured in the rounds of the same case.
 *
 * @module
 */
import { Contestant } from "./contestant.ts";
import { inputsOf } from "./data.ts";
import { disagreement, faultOf } from "./reference.ts";
import type { Prepared } from "./contestant.ts";
import type { Case, Row, Spec } from "./contract.ts";

/** The library under test, by the name of its engine. */
export const OURS = "penjing";
/** The libraries it is compared with. */
const PEERS: readonly string[] = ["onnxruntime-web", "tfjs-wasm", "jax-js"];

/** Ways of using libraries: their engines are called as they are, and then so. */
export interface Family {
  readonly name: string;
  readonly peers: readonly string[];
}

/** What the command line may say. */
export interface ContestOptions {
  /** Numbers of threads to run every case with. */
  readonly threads: readonly number[];
  /** Only cases whose name it matches. */
  readonly only: RegExp;
  /** The build of penjing; the fastest that the host can run if left out. */
  readonly build: string | undefined;
  /** Shorter batches and fewer rounds: for a look, not for a figure. */
  readonly quick: boolean;
  /** Takes notes on what happens, for standard error. */
  readonly note: (text: string) => void;
}

/** Thrown at the end when some case could not be measured. */
export class FailedCasesError extends Error {
  override readonly name = "FailedCasesError";
}

/** Sweep that no cache holds. */
const DRAM_BYTES = 256 * 2 ** 20;
/** Long enough to time, short enough to interleave: about 5 ms. */
const MADD_FLOP = 2 ** 28;

/** One line of a round: a job and the place of its figure. */
interface Entry {
  readonly name: string;
  readonly prepared: Prepared;
  readonly seconds: number[];
}

/** Work done in `seconds`, in the case's unit. */
function figure(unit: Case["unit"], amount: number, seconds: number): number {
  if (unit === "us") return seconds / amount * 1e6;
  if (unit === "ms") return seconds / amount * 1e3;
  return amount / seconds / (unit === "Mword/s" ? 1e6 : 1e9);
}

/** The better of `figures` by the unit's sense. */
function best(unit: Case["unit"], figures: readonly number[]): number {
  return unit === "us" || unit === "ms" ? Math.min(...figures) : Math.max(...figures);
}

/** `ours` against `other`, above 1 when ours is better. */
export function advantage(unit: Case["unit"], ours: number, other: number): number {
  return unit === "us" || unit === "ms" ? other / ours : ours / other;
}

/** The limits that hold for a case: names, what measures each, and how much of the case's work that amounts to. */
function limitsOf(test: Case): { name: string; spec: Spec; amount: number }[] {
  if (test.limit === "fma") return [{ name: "fma peak", spec: { op: "madd", flop: MADD_FLOP }, amount: MADD_FLOP }];
  if (test.limit === undefined) return [];
  if (test.limit === "copy") {
    const names = { kernel: "copy same bytes", host: "host copies same bytes" };
    return (["kernel", "host"] as const).map((by) => (
      { name: names[by], spec: { op: "copy", bytes: test.bytes, by }, amount: test.amount }
    ));
  }
  if (typeof test.limit === "object" && "op" in test.limit) {
    return [{ name: test.limit.op, spec: test.limit, amount: test.amount }];
  }
  if (typeof test.limit === "object") {
    const spec = { op: "bare loop", bytes: test.bytes, inputs: test.limit.inputs } as const;
    return [{ name: "bare loop", spec, amount: test.amount }];
  }
  const work = test.amount / test.bytes; // per byte: 1 for GB/s, less than 1 FLOP for a skinny product
  return [
    { name: "read same bytes", spec: { op: "sweep", bytes: test.bytes }, amount: work * test.bytes },
    { name: "read dram", spec: { op: "sweep", bytes: DRAM_BYTES }, amount: work * DRAM_BYTES },
  ];
}

/** The engines of one number of threads; one that dies is started anew for the next case, unless it cannot start. */
class Field {
  readonly #contestants = new Map<string, Contestant>();
  readonly #absent = new Set<string>();
  readonly #threads: number;
  readonly #options: ContestOptions;
  readonly #family: Family;

  constructor(threads: number, options: ContestOptions, family: Family) {
    this.#threads = threads;
    this.#options = options;
    this.#family = family;
  }

  /** An engine; `undefined` when it is a peer that failed to start before. */
  async peer(name: string): Promise<Contestant | undefined> {
    if (this.#absent.has(name)) return undefined;
    try {
      return await this.get(name);
    } catch (error) {
      this.#absent.add(name);
      throw error;
    }
  }

  async get(name: string): Promise<Contestant> {
    const known = this.#contestants.get(name);
    if (known?.alive) return known;
    const build = name === OURS ? this.#options.build : undefined;
    const contestant = await Contestant.start(name + this.#family.name, this.#threads, build);
    this.#options.note(`  ${name}: ${contestant.about}`);
    this.#contestants.set(name, contestant);
    return contestant;
  }

  /** All of them, ours first. */
  get names(): readonly string[] {
    return [OURS, ...this.#family.peers];
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#contestants.values()].map((contestant) => contestant.stop()));
  }
}

/** Makes every engine ready for a case and compares what they compute. Throws when any of it is wrong. */
async function enter(entries: Entry[], field: Field, test: Case, note: ContestOptions["note"]): Promise<void> {
  const inputs = inputsOf(test.spec);
  for (const name of field.names) {
    let prepared: Prepared | undefined;
    try {
      prepared = await (await field.peer(name))?.prepare(test.spec);
    } catch (error) {
      if (name === OURS) throw error;
      note(`  ${test.name}: without ${name}: ${(error as Error).message}`);
    }
    if (!prepared) continue;
    entries.push({ name, prepared, seconds: [] });
    const { sample } = prepared;
    if (!sample) continue;
    const fault = faultOf(test.spec, inputs, sample) ?? disagreement(test.spec, entries[0]!.prepared.sample!, sample);
    if (fault !== undefined) throw new Error(`${name} is wrong: ${fault}`);
  }
  if (entries[0]?.name !== OURS) throw new Error(`${OURS} does not have it`);
}

/** Times batches in turn; a peer whose process dies is out, with no figure. */
async function race(entries: readonly Entry[], options: ContestOptions): Promise<void> {
  const rounds = options.quick ? 4 : 9;
  const milliseconds = options.quick ? 8 : 20;
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const { name, prepared, seconds } = entries[(turn + round) % entries.length]!;
      if (!prepared.contestant.alive) continue;
      try {
        seconds.push(await prepared.contestant.batch(prepared, milliseconds));
      } catch (error) {
        if (prepared.contestant === entries[0]!.prepared.contestant) throw error;
        seconds.push(NaN);
        options.note(`  ${name} is out: ${(error as Error).message}`);
      }
    }
  }
}

/** Runs one case. */
async function compare(
  suite: string,
  test: Case,
  threads: number,
  field: Field,
  options: ContestOptions,
): Promise<Row> {
  const entries: Entry[] = [];
  const limits = limitsOf(test);
  const limitEntries: Entry[] = [];
  try {
    await enter(entries, field, test, options.note);
    for (const { name, spec } of limits) {
      const prepared = await (await field.get(OURS)).prepare(spec);
      if (prepared) limitEntries.push({ name, prepared, seconds: [] });
    }
    await race([...entries, ...limitEntries], options);
  } finally {
    for (const { prepared } of [...entries, ...limitEntries]) {
      if (prepared.contestant.alive) await prepared.contestant.drop(prepared);
    }
  }
  const figureOf = ({ seconds }: Entry, amount: number) => figure(test.unit, amount, Math.min(...seconds.slice(1)));
  const finished = entries.slice(1).filter(({ seconds }) => !seconds.includes(NaN));
  const peers = Object.fromEntries(finished.map((entry) => [entry.name, figureOf(entry, test.amount)]));
  const limited = Object.fromEntries(limitEntries.map((entry, i) => [entry.name, figureOf(entry, limits[i]!.amount)]));
  const own = figureOf(entries[0]!, test.amount);
  const against = (others: Record<string, number>) =>
    Object.keys(others).length === 0 ? null : advantage(test.unit, own, best(test.unit, Object.values(others)));
  return {
    suite,
    case: test.name,
    threads,
    unit: test.unit,
    ours: own,
    peers,
    limits: limited,
    ratio: against(peers),
    ofLimit: against(limited),
  };
}

/** Runs cases, one row each; throws {@linkcode FailedCasesError} at the end if some could not be measured. */
export async function* contest(
  suite: string,
  cases: readonly Case[],
  options: ContestOptions,
  family: Family = { name: "", peers: PEERS },
): AsyncGenerator<Row> {
  const failures: string[] = [];
  for (const threads of options.threads) {
    options.note(`${threads} thread${threads === 1 ? "" : "s"}`);
    const field = new Field(threads, options, family);
    try {
      await field.get(OURS); // without it there is nothing to compare
      const entered = cases.filter(({ name, minThreads = 1 }) => options.only.test(name) && threads >= minThreads);
      for (const test of entered) {
        try {
          yield await compare(suite, test, threads, field, options);
        } catch (error) {
          const place = `${test.name}, ${threads} threads`;
          const [summary] = (error as Error).message.split("\n");
          failures.push(`${place}: ${summary}`);
          options.note(`FAILED ${place}: ${(error as Error).message}`);
        }
      }
    } finally {
      await field.stop();
    }
  }
  if (failures.length > 0) {
    throw new FailedCasesError(`Cannot measure ${failures.length} cases\n  ${failures.join("\n  ")}`);
  }
}
