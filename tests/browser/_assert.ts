/**
 * `node:assert/strict` for browsers, as far as the shared tests use it.
 *
 * @module
 */

/** What a failed assertion throws. */
export class AssertionError extends Error {
  /** Named as in Node. */
  override readonly name = "AssertionError";
}

/** What `throws` and `rejects` compare an error with: a class, a text, a predicate, or some of its fields. */
export type Expected = RegExp | ErrorConstructor | ((error: unknown) => boolean) | Readonly<Record<string, unknown>>;

/** Shows a value in a message. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return `[${Array.from(value as ArrayLike<unknown>).slice(0, 40).map(String).join(", ")}]`;
  }
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function fails(message: string | Error | undefined, otherwise: string): never {
  if (message instanceof Error) throw message;
  throw new AssertionError(message ?? otherwise);
}

/** A typed array, whatever its elements. */
type ArrayView = ArrayBufferView & ArrayLike<unknown>;

/** Whether two typed arrays of one class have the same elements. */
function sameElements(a: ArrayView, b: ArrayView): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) {
    if (!Object.is(a[k], b[k])) return false;
  }
  return true;
}

/** Whether two values are the same in Node's strict sense, element by element and field by field. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map && b instanceof Map) return same([...a], [...b]);
  if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((value) => b.has(value));
  if (a instanceof Error && b instanceof Error && a.message !== b.message) return false;
  if (ArrayBuffer.isView(a) && !(a instanceof DataView)) return sameElements(a as ArrayView, b as ArrayView);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [left, right] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  return keys.every((key) => Object.hasOwn(b, key) && same(left?.[key], right?.[key]));
}

/** Checks what was thrown. */
function checkThrown(error: unknown, expected: Expected | undefined): void {
  if (expected === undefined) return;
  if (expected instanceof RegExp) {
    if (!expected.test(String(error))) fails(undefined, `${show(error)} does not match ${expected}`);
  } else if (typeof expected === "function") {
    if (expected.prototype !== undefined && error instanceof expected) return;
    if (expected === Error || Object.prototype.isPrototypeOf.call(Error, expected)) {
      throw error;
    }
    if ((expected as (error: unknown) => boolean)(error) !== true) {
      fails(undefined, `${show(error)} is not as expected`);
    }
  } else {
    const fields = error as Readonly<Record<string, unknown>>;
    for (const [key, value] of Object.entries(expected)) {
      const actual = fields[key];
      const matches = value instanceof RegExp ? value.test(String(actual)) : same(actual, value);
      if (!matches) fails(undefined, `${key} of ${show(error)} is ${show(actual)}, expected ${show(value)}`);
    }
  }
}

/** Asserts that a value is truthy. */
function ok(value: unknown, message?: string | Error): asserts value {
  if (!value) fails(message, `${show(value)} is not truthy`);
}

/** Asserts `Object.is(actual, expected)`. */
function equal(actual: unknown, expected: unknown, message?: string | Error): void {
  if (!Object.is(actual, expected)) fails(message, `${show(actual)} is not ${show(expected)}`);
}

/** Asserts that two values are not the same. */
function notEqual(actual: unknown, expected: unknown, message?: string | Error): void {
  if (Object.is(actual, expected)) fails(message, `${show(actual)} is the same`);
}

/** Asserts deep equality. */
function deepEqual(actual: unknown, expected: unknown, message?: string | Error): void {
  if (!same(actual, expected)) fails(message, `${show(actual)} is not deeply equal to ${show(expected)}`);
}

/** Asserts that two values differ somewhere. */
function notDeepEqual(actual: unknown, expected: unknown, message?: string | Error): void {
  if (same(actual, expected)) fails(message, `${show(actual)} is deeply equal`);
}

/** Asserts that a text matches. */
function match(actual: string, pattern: RegExp, message?: string | Error): void {
  if (!pattern.test(actual)) fails(message, `${show(actual)} does not match ${pattern}`);
}

/** Asserts that a text does not match. */
function doesNotMatch(actual: string, pattern: RegExp, message?: string | Error): void {
  if (pattern.test(actual)) fails(message, `${show(actual)} matches ${pattern}`);
}

/** Asserts that a function throws, and what. */
function throws(body: () => unknown, expected?: Expected, message?: string): void {
  let thrown: unknown;
  try {
    body();
  } catch (error) {
    thrown = error;
    checkThrown(thrown, expected);
    return;
  }
  fails(message, "nothing was thrown");
}

/** Asserts that a promise is rejected, and with what. */
async function rejects(
  promise: Promise<unknown> | (() => Promise<unknown>),
  expected?: Expected,
  message?: string,
): Promise<void> {
  try {
    await (typeof promise === "function" ? promise() : promise);
  } catch (error) {
    checkThrown(error, expected);
    return;
  }
  fails(message, "the promise was not rejected");
}

/** Fails. */
function fail(message?: string): never {
  fails(message, "failed");
}

/** The assertions, callable as `ok`; fewer than Node's. */
const assert: unknown = Object.assign(
  (value: unknown, message?: string | Error): asserts value => ok(value, message),
  {
    AssertionError,
    deepEqual,
    deepStrictEqual: deepEqual,
    doesNotMatch,
    doesNotThrow: (body: () => unknown): unknown => body(),
    equal,
    fail,
    match,
    notDeepEqual,
    notEqual,
    notStrictEqual: notEqual,
    ok,
    rejects,
    strictEqual: equal,
    throws,
  },
);

export default assert;
