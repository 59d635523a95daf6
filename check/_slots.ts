/**
 * What this room has to be told of named arrays: slots that are filled where these are.
 *
 * @module
 */

import { PenjingError } from "../errors/mod.ts";
import type { ShapeDtypeStruct } from "../core/shape_dtype_struct.ts";

/** What is known of a named array. */
export interface NamedShapeAndDtype {
  /** The sizes of the positional axes. */
  readonly shape: readonly number[];
  /** The sizes of the named axes, in order. */
  readonly namedShape: ReadonlyMap<string, number> | Readonly<Record<string, number>>;
  /** The dtype's name. */
  readonly dtype: string;
}

/** Says what is known of a named array, after it was found valid; `undefined` for everything else. */
export type NamedShapeOf = (value: unknown) => NamedShapeAndDtype | undefined;

/** Makes a named array of a data array whose last axes have these names. */
export type MakeNamedArray = (data: ShapeDtypeStruct, names: readonly string[]) => unknown;

let namedShapeOf: NamedShapeOf = () => undefined;
let makeNamedArray: MakeNamedArray | undefined;

/** Fills the slot that recognizes named arrays; the last one to do so stays. */
export function setNamedShapeOf(fn: NamedShapeOf): void {
  namedShapeOf = fn;
}

/** Fills the slot that makes named arrays; the last one to do so stays. */
export function setMakeNamedArray(fn: MakeNamedArray): void {
  makeNamedArray = fn;
}

/** What is known of a named array; `undefined` for everything else. */
export function askNamedShapeOf(value: unknown): NamedShapeAndDtype | undefined {
  return namedShapeOf(value);
}

/** The named array of a data array whose last axes have these names. */
export function askMakeNamedArray(data: ShapeDtypeStruct, names: readonly string[]): unknown {
  if (makeNamedArray === undefined) {
    throw new PenjingError("Cannot make a named array: the part that knows how is not loaded", {
      op: "ArraySpec.intoPytree",
      remedy: 'import "@penjing/penjing" somewhere before',
      code: "check-slot",
    });
  }
  return makeNamedArray(data, names);
}
