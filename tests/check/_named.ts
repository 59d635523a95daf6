/** A small stand-in for named arrays, and what tests of checks share. */

import { setMakeNamedArray, setNamedShapeOf } from "../../check/_abstract.ts";
import { ArraySpec, dimVar, type NamedShapeLike, type PositionalShapeLike, ShapeDtypeStruct } from "../../check/mod.ts";

/** A data array whose last axes have names. */
export class Named {
  readonly data: ShapeDtypeStruct;
  readonly names: readonly string[];

  constructor(data: ShapeDtypeStruct, names: readonly string[]) {
    this.data = data;
    this.names = names;
  }
}

setNamedShapeOf((value) => {
  if (!(value instanceof Named)) return undefined;
  const { data: { shape, dtype }, names } = value;
  const split = shape.length - names.length;
  return {
    shape: shape.slice(0, split),
    namedShape: new Map(names.map((name, index) => [name, shape[split + index]!])),
    dtype,
  };
});
setMakeNamedArray((data, names) => new Named(data, names));

/** A float32 array of this shape. */
export function f32(...shape: number[]): ShapeDtypeStruct {
  return new ShapeDtypeStruct({ shape, dtype: "float32" });
}

/** An int32 array of this shape. */
export function i32(...shape: number[]): ShapeDtypeStruct {
  return new ShapeDtypeStruct({ shape, dtype: "int32" });
}

/** A float32 named array. */
export function named(sizes: Readonly<Record<string, number>>, ...shape: number[]): Named {
  return new Named(f32(...shape, ...Object.values(sizes)), Object.keys(sizes));
}

/** A spec of positional sizes. */
export function by(...shape: Extract<PositionalShapeLike, readonly unknown[]>[number][]): ArraySpec {
  return new ArraySpec({ shape });
}

/** A spec of named sizes. */
export function names(namedShape: NamedShapeLike): ArraySpec {
  return new ArraySpec({ namedShape });
}

export const v: typeof dimVar = dimVar;

/** The whole text of what a function throws. */
export function textOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}
