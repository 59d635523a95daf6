/**
 * The tokens by which `atInstancesOf` is told what to select, and the types that they stand for.
 *
 * @module
 */

import type { Class } from "../tree/node.ts";

/** A test of one's own that serves as a token; made by {@linkcode typeGuard}. */
export interface TypeGuard<T> {
  /** Whether a value is of the type. */
  (value: unknown): value is T;
  /** What tells it from a class. */
  readonly isTypeGuard: true;
}

/**
 * A class, whose instances are meant; `Array`, `Map`, or `Object`, which means plain objects alone; `Number`, `String`,
 * `Boolean`, `BigInt` or `Function`, which mean values of that type; or a marked test of one's own.
 */
export type ClassToken =
  | Class
  | NumberConstructor
  | StringConstructor
  | BooleanConstructor
  | BigIntConstructor
  | TypeGuard<unknown>;

/** What a token stands for. */
export type InstanceOf<K> = K extends NumberConstructor ? number
  : K extends StringConstructor ? string
  : K extends BooleanConstructor ? boolean
  : K extends BigIntConstructor ? bigint
  : K extends ArrayConstructor ? readonly unknown[]
  : K extends ObjectConstructor ? Readonly<Record<string, unknown>>
  : K extends MapConstructor ? ReadonlyMap<unknown, unknown>
  : K extends FunctionConstructor ? (...args: never[]) => unknown
  : K extends TypeGuard<infer T> ? T
  : K extends Class<infer T> ? T
  : never;

/**
 * Marks a test of one's own, so that it is not taken for a class.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { select, typeGuard } from "@penjing/penjing/manual";
 *
 * const even = typeGuard((value): value is number => typeof value === "number" && value % 2 === 0);
 * assert.deepEqual(select([1, 2, "3", 4]).atInstancesOf(even).getSequence(), [2, 4]);
 * ```
 *
 * @param test Whether a value is of the type.
 * @returns A token for {@linkcode Selection.atInstancesOf}.
 */
export function typeGuard<T>(test: (value: unknown) => value is T): TypeGuard<T> {
  return Object.assign((value: unknown): value is T => test(value), { isTypeGuard: true as const });
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

/** Tests of the tokens that do not mean `instanceof`. */
const TESTS: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map<unknown, (value: unknown) => boolean>([
  [Number, (value) => typeof value === "number"],
  [String, (value) => typeof value === "string"],
  [Boolean, (value) => typeof value === "boolean"],
  [BigInt, (value) => typeof value === "bigint"],
  [Function, (value) => typeof value === "function"],
  [Array, Array.isArray],
  [Object, isPlainObject],
]);

function testOf(token: unknown): (value: unknown) => boolean {
  const special = TESTS.get(token);
  if (special !== undefined) return special;
  if (typeof token === "function") {
    if ((token as Partial<TypeGuard<unknown>>).isTypeGuard === true) {
      const guard = token as TypeGuard<unknown>;
      return (value) => guard(value);
    }
    // A function without prototype constructs nothing, so nothing could be its instance.
    const of = token as unknown as Class;
    if (typeof of.prototype === "object" && of.prototype !== null) return (value) => value instanceof of;
  }
  const shown = typeof token === "function" ? `the function ${token.name || "without name"}` : String(token);
  throw new TypeError(`Cannot select instances: ${shown} is no class; mark a test of your own by typeGuard(test)`);
}

/**
 * The test of a token or of several.
 *
 * @param tokens The token, or several of which one has to fit.
 * @returns Whether a value is what they stand for.
 * @throws {TypeError} If one is neither a class nor a marked test.
 */
export function instanceTest(tokens: unknown): (value: unknown) => boolean {
  const tests = (Array.isArray(tokens) ? tokens : [tokens]).map(testOf);
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : (value) => tests.some((test) => test(value));
}
