/**
 * `pz.debug`: a look at values while they are computed, also inside of functions that are transformed.
 *
 * @module
 */

import { kindOf } from "../core/constant.ts";
import { NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";
import { debugCallback } from "../ops/debug_callback.ts";
import { flatten } from "../tree/flatten.ts";
import { elementsText } from "./display.ts";

/**
 * Calls a function with the elements of arrays, when there are any: in a compiled function each time that it runs, under
 * `vmap` once for each example, and with the primals of what is differentiated.
 *
 * The function may run operations, compiled functions and reads. What it throws, the caller of the compiled function gets.
 * What it makes is freed after it, and so are its arrays where it is called by a compiled function: `pz.keep` keeps them.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const seen: unknown[] = [];
 * const f = pz.jit((x: pz.NDArray) => {
 *   pz.debug.callback((y: pz.NDArray) => seen.push(y.tolist()), x.mul(2));
 *   return x.sum();
 * });
 * f(pz.np.array([1, 2]));
 * f(pz.np.array([3, 4]));
 * assert.deepEqual(seen, [[2, 4], [6, 8]]);
 * ```
 *
 * @param fn The function. What it returns is not used.
 * @param args Its arguments: trees, of which arrays get their elements, and all else is passed on as it is.
 *
 * JAX: `jax.debug.callback`.
 */
export function callback<Args extends unknown[]>(fn: (...args: Args) => void, ...args: Args): void {
  const [leaves, structure] = flatten(args);
  const isValue = leaves.map((leaf) => leaf instanceof NDArray);
  const call = (...values: readonly NDArray[]): void => {
    let next = 0;
    fn(...structure.unflatten(leaves.map((leaf, k) => isValue[k] ? values[next++] : leaf)) as Args);
  };
  debugCallback(call, leaves.filter((leaf) => leaf instanceof NDArray));
}

/** A part of a format: text, or the name or number of a value and how it is written. */
type Piece = string | { readonly of: string | number; readonly digits?: number; readonly isScientific: boolean };

function formatError(format: string, state: string, remedy: string): ValueError {
  return new ValueError(`Cannot debug.print: ${state}`, {
    op: "debug.print",
    operand: "format",
    actual: JSON.stringify(format),
    remedy,
    code: "print-format",
  });
}

/** Takes a format apart. */
function piecesOf(format: string): Piece[] {
  const pieces: Piece[] = [];
  let count = 0;
  for (const [token, field] of format.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    if (field === undefined) {
      if (token === "{" || token === "}") {
        throw formatError(format, `a "${token}" stands alone`, `write "${token}${token}" for the character itself`);
      }
      pieces.push(token === "{{" || token === "}}" ? token[0]! : token);
      continue;
    }
    const match = /^(\d+|[\p{L}_$][\p{L}\p{N}_$]*)?(?::\.(\d+)([fe]))?$/u.exec(field);
    if (match === null) {
      throw formatError(
        format,
        `"{${field}}" is no field`,
        "write {} or {0}, {name}, {:.3f} or {name:.3e}; a template literal would have been filled in too early",
      );
    }
    const [, name, digits, kind] = match;
    const of = name === undefined ? count++ : /^\d/.test(name) ? Number(name) : name;
    pieces.push({ of, isScientific: kind === "e", ...(digits !== undefined && { digits: Number(digits) }) });
  }
  return pieces;
}

/** A value as it is printed. */
function textOf(value: unknown): string {
  if (value instanceof NDArray) return elementsText(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return `{${Object.entries(value).map(([key, held]) => `${key}: ${textOf(held)}`).join(", ")}}`;
  }
  return String(value);
}

/** Throws unless a format and its values fit each other. */
function check(format: string, pieces: readonly Piece[], values: readonly unknown[], named: object): void {
  const used = new Set(pieces.flatMap((piece) => typeof piece === "string" ? [] : [piece.of]));
  for (const piece of pieces) {
    if (typeof piece === "string") continue;
    const { of, digits } = piece;
    const isThere = typeof of === "number" ? of < values.length : Object.hasOwn(named, of);
    if (!isThere) throw formatError(format, `there is no value for {${of}}`, "pass a value for each field");
    const value = typeof of === "number" ? values[of] : (named as Record<string, unknown>)[of];
    if (digits !== undefined && !(typeof value === "number" || value instanceof NDArray && value.size === 1)) {
      throw formatError(format, `{${of}} has digits and is ${kindOf(value)} of many`, "leave digits to single numbers");
    }
  }
  const odd = [...values.keys(), ...Object.keys(named)].find((key) => !used.has(key));
  if (odd !== undefined) {
    throw formatError(
      format,
      `value ${odd} has no field`,
      "write {} for each value; the format is no template literal",
    );
  }
}

/**
 * Prints values when there are any, a line by `console.log`: as {@linkcode callback} calls functions.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const f = pz.jit((x: pz.NDArray) => {
 *   pz.debug.print("x is {}, its sum {total}", x, { total: x.sum() });
 *   return x.mul(2);
 * });
 * const y = f(pz.np.array([1, 2])); // x is [1, 2], its sum 3
 * assert.deepEqual(y.tolist(), [2, 4]);
 * ```
 *
 * @param format A text with fields: `{}` for the next value, `{1}` for the one of that number, `{name}` for a member of the
 *   last value, an object then. `{:.3f}` and `{:.3e}` write a single number with so many digits. `{{` is a brace.
 * @param values A value for each field: arrays, written as arrays are printed, trees of them, and anything else.
 * @throws {ValueError} If fields and values do not fit each other.
 *
 * JAX: `jax.debug.print`.
 */
export function print(format: string, ...values: unknown[]): void {
  const pieces = piecesOf(format);
  const hasNames = pieces.some((piece) => typeof piece !== "string" && typeof piece.of === "string");
  const last = values.at(-1);
  const isNamed = hasNames && typeof last === "object" && last !== null && !(last instanceof NDArray);
  const [listed, named] = isNamed ? [values.slice(0, -1), last] : [values, {}];
  check(format, pieces, listed, named);
  callback(
    (own: readonly unknown[], ofNames: object) => {
      const text = pieces.map((piece) => {
        if (typeof piece === "string") return piece;
        const { of, digits, isScientific } = piece;
        const value = typeof of === "number" ? own[of] : (ofNames as Record<string, unknown>)[of];
        if (digits === undefined) return textOf(value);
        const number = Number(value instanceof NDArray ? value.dataSync()[0] : value);
        return isScientific ? number.toExponential(digits) : number.toFixed(digits);
      });
      // deno-lint-ignore no-console -- this is what it is for
      console.log(text.join(""));
    },
    listed,
    named,
  );
}
