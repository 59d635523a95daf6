/**
 * Replays calls that JAX has answered (`scripts/goldens/array.py`) and compares the results.
 *
 * @module
 */

import assert from "node:assert/strict";
import { NDArray } from "../../core/ndarray.ts";
import { weakFloat } from "../../core/promotion.ts";
import { operandOf } from "../../core/bind.ts";
import type { EagerArray } from "../../core/eager.ts";
import * as np from "../../array/np.ts";
import * as lax from "../../array/lax.ts";
import * as fn from "../../array/fn.ts";
import * as linalg from "../../array/linalg.ts";
import { at, get } from "../../array/indexing.ts";
import { convertElementType } from "../../ops/convert_element_type.ts";
import * as random from "../../random/mod.ts";
import { ELLIPSIS, Slice } from "../../tree/slice.ts";
import type { DType } from "../../wasm/dtype.ts";
import { download } from "../../wasm/operand.ts";
import { ulps } from "../_support.ts";

/** An array in a file. */
interface StoredArray {
  readonly $: DType | "prngKey";
  readonly s: number[];
  readonly b: string;
  readonly w?: boolean;
}

/** A call and its result. */
export interface GoldenCase {
  readonly f: string;
  readonly a: readonly unknown[];
  readonly o?: Readonly<Record<string, unknown>>;
  readonly r?: unknown;
  readonly e?: string;
}

/** A file of them. */
export interface Goldens {
  readonly cases: readonly GoldenCase[];
}

/** How far results may be from JAX's, and why. */
export interface Tolerance {
  /** Units of the last place, of the result's dtype. */
  readonly ulp?: number;
  /** Relative to the largest element of the result. */
  readonly relative?: number;
  /** The same, of results that are halves. */
  readonly halves?: number;
  /** Absolutely. */
  readonly absolute?: number;
  /** Why. */
  readonly because: string;
}

/** The bytes of a text. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function isStored(value: unknown): value is StoredArray {
  return typeof value === "object" && value !== null && "$" in value;
}

function arrayOf({ $, s, b, w }: StoredArray): NDArray {
  const bytes = bytesOf(b).buffer;
  if ($ === "prngKey") {
    return random.wrapKeyData(np.reshape(np.array(bytes, { dtype: "uint32" }), [...s, 2]));
  }
  const strong = np.reshape(np.array(bytes, { dtype: $ }), s);
  return w ? convertElementType(strong, { dtype: $, weakType: true }) : strong;
}

/** A value of a file as an argument; `{"@": k}` is the operand k. */
function decode(value: unknown, operands: readonly NDArray[] = []): unknown {
  if (isStored(value)) return arrayOf(value);
  if (Array.isArray(value)) return value.map((part) => decode(part, operands));
  if (typeof value !== "object" || value === null || value instanceof NDArray) return value;
  if ("@" in value) return operands[value["@"] as number];
  if ("#" in value) {
    const text = String(value["#"]);
    const number = text === "nan" ? NaN : text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text);
    return Number.isInteger(number) ? weakFloat(number) : number;
  }
  if (":" in value) {
    const parts = value[":"] as "..." | [number | null, number | null, number | null];
    return parts === "..." ? ELLIPSIS : new Slice(...parts);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner, operands)]));
}

/** A case with arrays in place of those that are stored. */
export function constantsOf(one: GoldenCase): GoldenCase {
  const arrays = (value: unknown): unknown => {
    if (isStored(value)) return arrayOf(value);
    if (Array.isArray(value)) return value.map(arrays);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, arrays(inner)]));
  };
  const { a, o } = one;
  return { ...one, a: a.map(arrays), ...(o === undefined ? {} : { o: arrays(o) as Record<string, unknown> }) };
}

const SPACES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { np, lax, fn, random, linalg };

/** The function of a name, or `undefined`. */
export function functionOf(name: string): ((...args: unknown[]) => unknown) | undefined {
  if (name === "get") return (x, items) => get(x as NDArray, ...items as number[]);
  const [space = "", own = ""] = name.split(/\.(?=[^.]*$)/);
  if (space === "at") {
    return (x, items, value, options) => {
      const reference = at(x as NDArray, ...items as number[]) as unknown as Record<
        string,
        (...args: unknown[]) => unknown
      >;
      return own === "get" ? reference["get"]!(value) : reference[own]!(value, options);
    };
  }
  const found = SPACES[space.split(".").at(-1)!]?.[own];
  return typeof found === "function" ? found as (...args: unknown[]) => unknown : undefined;
}

/** The call of a case, with these operands in the places that are left for them. */
export function call({ f, a, o }: GoldenCase, operands: readonly NDArray[] = []): unknown {
  const fn = functionOf(f);
  assert(fn !== undefined, `there is no function "${f}"`);
  const args = a.map((value) => decode(value, operands));
  while (f !== "get" && args.length > 0 && args.at(-1) === null && o === undefined) args.pop();
  return fn(...args, ...(o === undefined ? [] : [decode(o, operands)]));
}

/** The elements as floats, or as integers. */
function valuesOf(x: StoredArray): readonly number[] {
  const bytes = bytesOf(x.b).buffer;
  switch (x.$) {
    case "float32":
      return [...new Float32Array(bytes)];
    case "float16":
      return Array.from(new Uint16Array(bytes), (bits) => halfOf(bits));
    case "bfloat16":
      return Array.from(new Uint16Array(bytes), (bits) => new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!);
    case "int8":
      return [...new Int8Array(bytes)];
    case "int16":
      return [...new Int16Array(bytes)];
    case "int32":
      return [...new Int32Array(bytes)];
    case "uint16":
      return [...new Uint16Array(bytes)];
    case "uint32":
    case "prngKey":
      return [...new Uint32Array(bytes)];
    default:
      return [...new Uint8Array(bytes)];
  }
}

function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, bits >> 10 & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** The place of a float among those of its dtype, so that differences count units of the last place. */
function distance(a: number, b: number, dtype: string): number {
  if (dtype === "float32") return ulps(a, b);
  if (a === b || Number.isNaN(a) && Number.isNaN(b)) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
  const [bits, least] = dtype === "float16" ? [10, -14] : [7, -126];
  const exponent = Math.max(Math.floor(Math.log2(Math.max(Math.abs(a), Math.abs(b)))), least);
  return Math.abs(a - b) / 2 ** (exponent - bits);
}

/** An array as files have it. */
function stored(x: NDArray): StoredArray {
  const raw = download(operandOf(x as EagerArray));
  const bytes = new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { $: x.dtype, s: [...x.shape], b: btoa(binary), w: x.weakType };
}

function compare(actual: unknown, expected: unknown, tolerance: Tolerance | undefined): void {
  if (isStored(expected)) {
    // Functions that are to read a value give one.
    if (typeof actual === "boolean" || typeof actual === "number") {
      assert.equal(Number(actual), valuesOf(expected)[0]);
      return;
    }
    assert(actual instanceof NDArray, `the result is no array: ${actual}`);
    const own = stored(actual);
    assert.equal(
      `${own.$}[${own.s}]${own.w ? " weak" : ""}`,
      `${expected.$}[${expected.s}]${expected.w ? " weak" : ""}`,
    );
    if (own.b === expected.b) return;
    const [values, wanted] = [valuesOf(own), valuesOf(expected)];
    const relative = (own.$.endsWith("float16") ? tolerance?.halves : undefined) ?? tolerance?.relative ?? 0;
    const largest = Math.max(...wanted.map(Math.abs).filter(Number.isFinite), 0);
    values.forEach((value, k) => {
      const other = wanted[k]!;
      if (Object.is(value, other)) return;
      const isFloat = own.$.includes("float");
      const off = isFloat ? distance(value, other, own.$) : Infinity;
      const isNear = off <= (tolerance?.ulp ?? 0) ||
        Math.abs(value - other) <= Math.max(relative * largest, tolerance?.absolute ?? 0);
      assert(isNear, `element ${k} is ${value}, not ${other}${isFloat ? `: ${off} ulp` : ""}`);
    });
  } else if (Array.isArray(expected)) {
    const list = Array.isArray(actual) ? actual : Object.values(actual as object);
    assert.equal(list.length, expected.length, "the number of results");
    expected.forEach((part, k) => compare(list[k], part, tolerance));
  } else {
    assert.deepEqual(actual, decode(expected));
  }
}

/** Runs the cases of one function, and reports all that fail. */
export function check(cases: readonly GoldenCase[], tolerance?: Tolerance): void {
  const faults: string[] = [];
  for (const one of cases) {
    const { f, a, o, r, e } = one;
    try {
      if (e !== undefined) {
        assert.throws(
          () => call(one),
          (error: Error) => error instanceof Error && !(error instanceof assert.AssertionError),
        );
      } else {
        compare(call(one), r, tolerance);
      }
    } catch (error) {
      const short = JSON.stringify({ f, a, o, e }).slice(0, 400);
      faults.push(`${short}\n    ${String((error as Error).message).split("\n").slice(0, 4).join("\n    ")}`);
    }
  }
  assert.equal(faults.length, 0, `${faults.length} of ${cases.length} differ\n${faults.slice(0, 6).join("\n")}`);
}
