/**
 * Shape, names and dtype of whatever counts as an array.
 *
 * @module
 */

import { frozenMap } from "./_frozen_map.ts";
import { askNamedShapeOf } from "./_slots.ts";
import { ArraySpec } from "./array_spec.ts";
import { type Dim, type DimVar, KnownDim, MultiDimVar } from "./dims.ts";

export { setMakeNamedArray, setNamedShapeOf } from "./_slots.ts";

/** A size of a value; unknown only where the value is itself a pattern. */
export type Size = number | DimVar;

/** What is known of an array. */
export interface AbstractArray {
  /** The sizes of the positional axes. */
  readonly shape: readonly Size[];
  /** The sizes of the named axes, in order. */
  readonly namedShape: ReadonlyMap<string, Size>;
  /** The dtype's name. */
  readonly dtype: string;
}

const NO_NAMES: ReadonlyMap<string, never> = frozenMap<string, never>([]);

/** The size of a pattern's dimension, without its name. */
function stripped(dim: Dim): Size {
  return dim instanceof KnownDim ? dim.size : dim;
}

/** Whether nobody can say how many axes an array of this pattern has. */
function isOfUnknownRank(spec: ArraySpec): boolean {
  return [...spec.shape, ...spec.namedShape.keys()].some((of) => of instanceof MultiDimVar);
}

function ofScalar(value: unknown): AbstractArray | undefined {
  switch (typeof value) {
    case "number":
      return { shape: [], namedShape: NO_NAMES, dtype: Number.isInteger(value) ? "int32" : "float32" };
    case "bigint":
      return { shape: [], namedShape: NO_NAMES, dtype: "int32" };
    case "boolean":
      return { shape: [], namedShape: NO_NAMES, dtype: "bool" };
    default:
      return undefined;
  }
}

/** What is known of a value that is an array or stands for one; `undefined` for everything else, scalars included. */
export function abstractOfArray(value: unknown): AbstractArray | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const named = askNamedShapeOf(value);
  if (named !== undefined) {
    const { shape, namedShape, dtype } = named;
    return { shape, namedShape: namedShape instanceof Map ? namedShape : new Map(Object.entries(namedShape)), dtype };
  }
  if (value instanceof ArraySpec) {
    if (isOfUnknownRank(value)) return undefined;
    return {
      shape: value.shape.map((dim) => stripped(dim as Dim)),
      namedShape: new Map([...value.namedShape].map(([name, dim]) => [name as string, stripped(dim as Dim)])),
      dtype: value.dtype,
    };
  }
  const { shape, dtype } = value as { readonly shape?: unknown; readonly dtype?: unknown };
  if (typeof dtype !== "string" || !Array.isArray(shape)) return undefined;
  if (!shape.every((size) => typeof size === "number")) return undefined;
  return { shape, namedShape: NO_NAMES, dtype };
}

/** What is known of a value that can be used as an array; `undefined` for everything else. */
export function abstractOf(value: unknown): AbstractArray | undefined {
  return ofScalar(value) ?? abstractOfArray(value);
}
