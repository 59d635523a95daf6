/**
 * Parts of an axis, as `start:stop:step` names them in Python, and what else can stand in an index.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import type { StructurallyKeyed } from "./structural_key.ts";

/** An array of one integer: whatever says its number by `item()`, or else by `Symbol.toPrimitive`. */
export type ScalarArray =
  | { item(): number | bigint }
  | { [Symbol.toPrimitive](hint: "number"): number | bigint };

/** One end, or the step, of a slice; `null` or `undefined` if left out. */
export type SliceBound = number | ScalarArray | null | undefined;

function valueOf(bound: Exclude<SliceBound, number | null | undefined>): unknown {
  if (typeof bound !== "object" && typeof bound !== "function") return undefined;
  const { item, [Symbol.toPrimitive]: toPrimitive } = bound as {
    readonly item?: unknown;
    readonly [Symbol.toPrimitive]?: unknown;
  };
  if (typeof item === "function") return item.call(bound);
  return typeof toPrimitive === "function" ? toPrimitive.call(bound, "number") : undefined;
}

/** The bound as a number. Arrays are read here and now: a slice that kept one would differ from run to run. */
function integer(name: string, bound: SliceBound): number | null {
  if (bound === null || bound === undefined) return null;
  const value = typeof bound === "number" ? bound : valueOf(bound);
  const number = typeof value === "bigint" ? Number(value) : value;
  // Adding 0 makes -0 the same as 0.
  if (typeof number === "number" && Number.isInteger(number)) return number + 0;
  const given = typeof bound === "number"
    ? `the number ${bound}`
    : typeof bound === "object"
    ? `an object of class ${(bound as object).constructor?.name ?? "Object"} that holds no single integer`
    : `the ${typeof bound} ${String(bound)}`;
  throw new TypeError(`Cannot make a slice: ${name} is ${given}; pass an integer, an array of one integer, or null`);
}

/**
 * A part of an axis: every `step`th element from `start` to before `stop`.
 *
 * Made by {@linkcode slice}; never changes.
 */
export class Slice implements StructurallyKeyed {
  /** The first element; `null` for the end of the axis at which the step begins. */
  readonly start: number | null;
  /** The element before which to stop; `null` for the other end of the axis. */
  readonly stop: number | null;
  /** From one element to the next; `null` for 1. */
  readonly step: number | null;

  /**
   * Makes a slice. Negative places count from the end of the axis.
   *
   * @param start The first element.
   * @param stop The element before which to stop.
   * @param step From one element to the next.
   * @throws {TypeError} If one of them is no integer.
   * @throws {ValueError} If the step is 0.
   */
  constructor(start: SliceBound, stop: SliceBound, step: SliceBound) {
    this.start = integer("start", start);
    this.stop = integer("stop", stop);
    this.step = integer("step", step);
    if (this.step === 0) {
      throw new ValueError("Cannot make a slice: the step is 0", {
        op: "slice",
        operand: "step",
        remedy: "pass a step of 1 or more, one of -1 or less to go backwards, or null",
        code: "slice-step",
      });
    }
    Object.freeze(this);
  }

  /** `slice(1, 3)`, with the step where there is one. */
  toString(): string {
    const { start, stop, step } = this;
    return `slice(${start}, ${stop}${step === null ? "" : `, ${step}`})`;
  }

  /** Known by its ends and its step. */
  toStructuralKey(): string {
    return `Slice ${this.start}:${this.stop}:${this.step}`;
  }
}

/** The type of {@linkcode slice}. */
export interface SliceFunction {
  /** The elements before `stop`. */
  (stop: SliceBound): Slice;
  /** Every `step`th element from `start` to before `stop`. */
  (start: SliceBound, stop: SliceBound, step?: SliceBound): Slice;
  /**
   * The slice that a text says, as Python writes it: `"1:3"`, `":5"`, `"::-1"`.
   *
   * @param text The text: two or three integers between colons, any of them left out.
   * @returns The slice.
   * @throws {ValueError} If the text is no such.
   */
  parse(text: string): Slice;
}

function makeSlice(...bounds: readonly SliceBound[]): Slice {
  if (bounds.length === 0 || bounds.length > 3) {
    throw new TypeError(
      `Cannot make a slice: it takes one to three arguments, not ${bounds.length}; ` +
        "pass stop, or start and stop, or start, stop and step",
    );
  }
  return bounds.length === 1 ? new Slice(null, bounds[0], null) : new Slice(bounds[0], bounds[1], bounds[2]);
}

const TEXT = /^\s*([+-]?\d+)?\s*:\s*([+-]?\d+)?\s*(?::\s*([+-]?\d+)?\s*)?$/;

function parse(text: string): Slice {
  if (typeof text !== "string") {
    throw new TypeError(`Cannot parse a slice: pass a string as "1:3", not a value of type ${typeof text}`);
  }
  const match = TEXT.exec(text);
  if (match === null) {
    throw new ValueError("Cannot parse a slice: the text does not have its form", {
      op: "slice.parse",
      actual: JSON.stringify(text),
      expected: '"start:stop" or "start:stop:step", of integers, any of them left out',
      remedy: "call slice(start, stop, step)",
      code: "slice-text",
    });
  }
  const [start, stop, step] = match.slice(1).map((digits) => digits === undefined ? null : Number(digits));
  return new Slice(start, stop, step);
}

/**
 * A part of an axis: `slice(stop)`, `slice(start, stop)`, or `slice(start, stop, step)`.
 *
 * With one argument it is the elements before `stop`, as in Python; `null` leaves an end open. Negative places count
 * from the end, negative steps go backwards.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { slice } from "@penjing/penjing/manual";
 *
 * assert.deepEqual(slice(3), slice(null, 3));
 * assert.deepEqual(slice.parse("2::10"), slice(2, null, 10));
 * assert.equal(String(slice(1, -1)), "slice(1, -1)");
 * ```
 *
 * @returns The slice.
 * @throws {TypeError} If there are no arguments or too many, or one is no integer.
 * @throws {ValueError} If the step is 0.
 */
export const slice: SliceFunction = Object.assign(makeSlice, { parse });

/** Stands in an index for as many whole axes as are left. */
export const ELLIPSIS: unique symbol = Symbol("ELLIPSIS");

/** Stands in an index for a new axis of size 1. */
export const NEW_AXIS = null;

/**
 * The items of an index as one value, to be kept and used later.
 *
 * @param items The items.
 * @returns The items.
 */
export function indexExpr<const Items extends readonly unknown[]>(...items: Items): Items {
  return items;
}
