/**
 * `deno task bench NAME [--json] [--only REGEX] [--threads 1,2] [--quick] [--build NAME]`: measures one suite against its peers.
 *
 * Suites: `kernels` (each kernel against the same work in other libraries), `startup` (how long until the first
 * result), `trees` (taking models apart and putting them together), `arrays` (one operation at a time),
 * `programs` (compiled functions). With `--json` standard output has one object a line and nothing else (see `Row` in `contract.ts`);
 * without it, a table. Notes go to standard error. The peers are fetched from the npm registry the first time.
 *
 * Exit status: 0 when everything could be measured and all results were right, fast or not; 1 otherwise.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { table, verdict } from "./report.ts";
import type { ContestOptions } from "./contest.ts";
import type { Measured, Row } from "./contract.ts";

interface Suite {
  readonly CASES: readonly Measured[];
  /** How its figures come about, in a sentence. */
  readonly METHOD: string;
  run(options: ContestOptions): AsyncGenerator<Row>;
}

const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  kernels: () => import("./kernels.ts"),
  startup: () => import("./startup.ts"),
  trees: () => import("./trees.ts"),
  arrays: () => import("./arrays.ts"),
  programs: () => import("./programs.ts"),
};

/** Threads to measure with: one, and all that the machine has, but no more than two unless asked. */
function usualThreads(): string {
  return navigator.hardwareConcurrency > 1 ? "1,2" : "1";
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      threads: { type: "string", default: usualThreads() },
      quick: { type: "boolean", default: false },
      build: { type: "string" },
    },
  });
  const load = SUITES[positionals[0] ?? ""];
  if (!load) {
    console.error(`Cannot run suite "${positionals[0] ?? ""}": expected one of ${Object.keys(SUITES).join(", ")}`);
    return 1;
  }
  const suite = await load();
  const rows: Row[] = [];
  const started = performance.now();
  let status = 0;
  try {
    const threads = values.threads.split(",").map(Number);
    const { quick, build } = values;
    const options = { threads, only: new RegExp(values.only), quick, build, note: console.error };
    for await (const row of suite.run(options)) {
      rows.push(row);
      if (values.json) console.log(JSON.stringify(row));
      else console.error(`  ${row.case}`);
    }
  } catch (error) {
    console.error((error as Error).message);
    status = 1;
  }
  if (!values.json && rows.length > 0) {
    console.log(`\n${table(rows)}\n\n${verdict(rows, suite.CASES)}`);
    console.log(`${suite.METHOD} Took ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  }
  return status;
}

Deno.exit(await main());
