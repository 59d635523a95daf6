/**
 * `node:test` for browsers, as far as the shared tests use it: tests and suites are queued as they are declared and run in
 * order by {@linkcode runTests}.
 *
 * @module
 */

/** What a test is given. */
export interface TestContext {
  /** Runs a test inside this one, at once. */
  test(name: string, body: TestBody): Promise<void>;
  /** Notes why a test did not run. */
  skip(message?: string): void;
  /** Notes something. */
  diagnostic(message: string): void;
}

/** The body of a test. */
export type TestBody = (context: TestContext) => unknown;

/** The options of a test that matter here. */
export interface TestOptions {
  /** Whether, or why, it is left out. */
  readonly skip?: boolean | string;
}

/** What came of all tests. */
export interface TestReport {
  /** How many passed. */
  readonly passed: number;
  /** How many were left out. */
  readonly skipped: number;
  /** The names of those that failed, with what they threw. */
  readonly failed: readonly { readonly name: string; readonly error: string }[];
}

/** A queued test. */
interface Queued {
  readonly name: string;
  readonly body: TestBody;
  readonly options: TestOptions;
}

const queue: Queued[] = [];
const prefix: string[] = [];

/** Queues a test. */
export function test(name: string, ...rest: [TestBody] | [TestOptions, TestBody]): void {
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  queue.push({ name: [...prefix, name].join(" > "), body, options });
}

/** Queues the tests that `body` declares under a common name. */
export function describe(name: string, body: () => void): void {
  prefix.push(name);
  body();
  prefix.pop();
}

/** As {@linkcode test}, inside `describe`. */
export const it: typeof test = test;

export default test;

/** Runs all queued tests, one after another. */
export async function runTests(): Promise<TestReport> {
  let passed = 0;
  let skipped = 0;
  const failed: { name: string; error: string }[] = [];
  const runOne = async ({ name, body, options }: Queued): Promise<void> => {
    if (options.skip !== undefined && options.skip !== false) {
      skipped++;
      return;
    }
    let left = false;
    const before = failed.length;
    try {
      await body({
        test: (inner, innerBody) => runOne({ name: `${name} > ${inner}`, body: innerBody, options: {} }),
        skip: () => left = true,
        diagnostic: () => {},
      });
      if (left) skipped++;
      else if (failed.length === before) passed++;
    } catch (error) {
      failed.push({ name, error: error instanceof Error ? `${error.stack ?? error.message}` : String(error) });
    }
  };
  for (const queued of queue.splice(0)) await runOne(queued);
  return { passed, skipped, failed };
}
