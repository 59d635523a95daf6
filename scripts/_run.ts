/**
 * Runs other programs for the scripts of this folder, quietly unless they fail.
 *
 * @module
 */

import { spawnSync } from "node:child_process";

/** How a program is run. */
export interface RunOptions {
  /** Working folder; the current one when absent. */
  readonly cwd?: string;
  /** The whole environment; this process's when absent. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Lets the program write to this process's output instead of keeping its text. */
  readonly show?: boolean;
}

/** How a program ended. */
export interface Outcome {
  /** Its exit status; 127 when it could not be started, 128 when a signal ended it. */
  readonly status: number;
  /** What it wrote to standard output; empty when it was shown. */
  readonly output: string;
  /** What it wrote to standard output, then to standard error; empty when it was shown. */
  readonly text: string;
}

/**
 * Runs a program to its end.
 *
 * @param command The program, looked up on the PATH of `options.environment`.
 * @param args Its arguments.
 * @param options How.
 * @returns How it ended; never throws.
 */
export function outcome(command: string, args: readonly string[], options: RunOptions = {}): Outcome {
  const child = spawnSync(command, [...args], {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", options.show ? "inherit" : "pipe", options.show ? "inherit" : "pipe"],
  });
  if (child.error !== undefined) return { status: 127, output: "", text: String(child.error) };
  const output = child.stdout ?? "";
  return { status: child.status ?? 128, output, text: output + (child.stderr ?? "") };
}

/**
 * Runs a program that has to succeed.
 *
 * @param command The program.
 * @param args Its arguments.
 * @param options How.
 * @returns What it wrote.
 * @throws {Error} If it fails, with what it wrote.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): string {
  const result = outcome(command, args, options);
  if (result.status !== 0) {
    throw new Error(`Cannot run "${command} ${args.join(" ")}": status ${result.status}\n${result.text}`);
  }
  return result.text;
}

/**
 * Asks a program for something, such as its version.
 *
 * @param command The program.
 * @param args Its arguments.
 * @param environment The whole environment; this process's when absent.
 * @returns What it wrote to standard output, trimmed, or undefined if it is absent or fails.
 */
export function tryRun(
  command: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): string | undefined {
  const result = outcome(command, args, environment === undefined ? {} : { environment });
  return result.status === 0 ? result.output.trim() : undefined;
}

/** How a step of a test script ended. */
export interface Step {
  /** Whether it succeeded. */
  readonly success: boolean;
  /** How many of its tests passed; 0 for a step that is not made of tests. */
  readonly passed: number;
  /** How many of its tests failed. */
  readonly failed: number;
  /** What else is worth a line. */
  readonly note?: string;
}

/** What a step does: it returns how it ended, or the reason why it was skipped; a throw is a failure. */
export type StepBody = () => Step | string | Promise<Step | string>;

/**
 * Adds up the summaries of cargo's test runners in what a step printed.
 *
 * @param success Whether the step succeeded.
 * @param text What it printed.
 * @returns The step with its counts.
 */
export function countTests(success: boolean, text: string): Step {
  let [passed, failed] = [0, 0];
  for (const [, ok, bad] of text.matchAll(/^test result: .*?(\d+) passed; (\d+) failed/gm)) {
    passed += Number(ok);
    failed += Number(bad);
  }
  return { success, passed, failed };
}

/**
 * Runs the steps of a test script, all of them, prints one line each and the sum, and leaves with status 1 if one failed.
 *
 * @param steps Name and body of each.
 */
export async function finish(steps: readonly (readonly [name: string, run: StepBody])[]): Promise<void> {
  let [passed, failed] = [0, 0];
  for (const [name, body] of steps) {
    const start = performance.now();
    const step = await attempt(body);
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(7);
    if (typeof step === "string") {
      console.log(`skipped ${name.padEnd(13)} ${step}`);
      continue;
    }
    const counts = step.passed + step.failed > 0 ? `  ${step.passed} passed, ${step.failed} failed` : "";
    const note = step.note === undefined ? "" : `  ${step.note}`;
    console.log(`${step.success ? "ok     " : "failed "} ${name.padEnd(13)} ${seconds} s${counts}${note}`);
    passed += step.success ? Math.max(step.passed, 1) : step.passed;
    failed += step.success ? 0 : Math.max(step.failed, 1);
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Runs the body of a step; what it throws is printed and makes it a failed one. */
async function attempt(body: StepBody): Promise<Step | string> {
  try {
    return await body();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { success: false, passed: 0, failed: 0 };
  }
}
