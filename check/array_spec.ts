/**
 * The pattern of an array: its shapes, of which parts may be unknown, and its dtype or family of dtypes.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { structuralKey, type StructurallyKeyed } from "../tree/mod.ts";
import { registerStruct, Struct } from "../tree/struct.ts";
import { type FieldTable, staticField } from "../tree/struct_fields.ts";
import { metadataKey } from "../tree/treedef.ts";
import { frozenMap } from "./_frozen_map.ts";
import { showNamed, showPositional } from "./_messages.ts";
import { askMakeNamedArray } from "./_slots.ts";
import {
  checkedAxisName,
  checkedSize,
  type Dim,
  DimVar,
  KnownDim,
  MultiDimVar,
  type NamedShape,
  type NamedShapeLike,
  type PositionalShape,
  type PositionalShapeLike,
  quoted,
  RemainingAxisPlaceholder,
  spreadUnder,
} from "./dims.ts";
import { canonicalDtype, type Dtype, isAbstractDtype, isDtype } from "../core/dtype.ts";
import { ShapeDtypeStruct } from "../core/shape_dtype_struct.ts";

/** Fields of {@linkcode ArraySpec}. */
export interface ArraySpecFields {
  /** The sizes of the positional axes. */
  readonly shape: PositionalShape;
  /** The dtype, or the family that it belongs to. */
  readonly dtype: Dtype;
  /** The sizes of the named axes, in order. */
  readonly namedShape: NamedShape;
}

/** What an {@linkcode ArraySpec} is made from; what is left out is empty, and the dtype any. */
export interface ArraySpecOptions {
  /** The sizes of the positional axes. */
  readonly shape?: PositionalShapeLike;
  /** The dtype, or the family that it belongs to. */
  readonly dtype?: Dtype;
  /** The sizes of the named axes, in order. */
  readonly namedShape?: NamedShapeLike;
}

function isDim(dim: unknown): dim is Dim {
  return typeof dim === "number" || dim instanceof DimVar || dim instanceof KnownDim;
}

function checkedDim(dim: unknown, axis: string): Dim {
  if (isDim(dim)) return typeof dim === "number" ? checkedSize(dim, axis) : dim;
  throw new TypeError(`Cannot make an ArraySpec: the size of ${axis} is ${quoted(dim)}, no number and no variable`);
}

/** A positional shape, of whatever it was given as. */
export function parseShape(given: PositionalShapeLike): PositionalShape {
  if (given instanceof DimVar) return Object.freeze([...given]);
  if (!Array.isArray(given)) {
    throw new TypeError(`Cannot make an ArraySpec: its shape is ${quoted(given)}, no array and no variable`);
  }
  const dims = given as PositionalShape;
  return Object.freeze(
    dims.map((dim, index) => dim instanceof MultiDimVar ? dim : checkedDim(dim, `dimension ${index}`)),
  );
}

/** A named shape, of whatever it was given as. */
export function parseNamedShape(given: NamedShapeLike): NamedShape {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(
      `Cannot make an ArraySpec: its namedShape is ${quoted(given)}, no object, no map and no variable`,
    );
  }
  const entries: readonly (readonly [unknown, unknown])[] = given instanceof Map
    ? [...given]
    : Reflect.ownKeys(given).filter((key) => Object.prototype.propertyIsEnumerable.call(given, key))
      .map((key) => [typeof key === "symbol" ? spreadUnder(key) ?? key : key, (given as never)[key]]);
  const seen = new Set<string>();
  return frozenMap(entries.flatMap(([key, value]) => {
    const spread = key instanceof MultiDimVar;
    const name = spread ? key : checkedAxisName(key);
    const known = structuralKey(name);
    // A map can have two variables of one name.
    if (seen.has(known)) return [];
    seen.add(known);
    if (spread !== value instanceof RemainingAxisPlaceholder) {
      throw new TypeError(
        `Cannot make an ArraySpec: in its namedShape, ${
          spread ? `${name} has a size` : `axis ${quoted(name)} has no size`
        }; spread a variable, as in { ...dimVar("x") }`,
      );
    }
    return [[name, spread ? value as RemainingAxisPlaceholder : checkedDim(value, `axis ${quoted(name)}`)] as const];
  }));
}

function checkedDtype(dtype: unknown): Dtype {
  if (typeof dtype !== "string") {
    throw new TypeError(`Cannot make an ArraySpec: its dtype is ${quoted(dtype)}, no string`);
  }
  if (isDtype(dtype)) return dtype;
  throw new ValueError("Cannot make an ArraySpec: there is no such dtype", {
    op: "ArraySpec",
    operand: "dtype",
    actual: quoted(dtype),
    remedy: 'pass the name of a dtype, such as "float32", or of a family, such as "floating"',
    code: "check-dtype",
  });
}

/**
 * In a pattern, matches arrays of these shapes and this dtype. As a value, stands for such an array.
 *
 * Sizes may be variables, for which {@linkcode checkStructure} solves. It is a node of pytrees that has no children.
 *
 * **Shapes** — `shape` by position, `namedShape` by name; either may be one variable alone, for any shape.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk } from "@penjing/penjing/manual";
 *
 * const spec = new chk.ArraySpec({ shape: [2, ...chk.dimVar("rest")], dtype: "floating" });
 * const value = new chk.ShapeDtypeStruct({ shape: [2, 3, 4], dtype: "float32" });
 * assert.deepEqual(chk.checkStructure(value, spec).get("rest"), [3, 4]);
 * ```
 *
 * Penzai: `penzai/core/shapecheck.py`, `ArraySpec`.
 */
export class ArraySpec extends Struct<ArraySpecFields> implements ArraySpecFields, StructurallyKeyed {
  /** The fields, in order. */
  static override readonly fields: FieldTable<ArraySpecFields> = {
    shape: staticField(),
    dtype: staticField(),
    namedShape: staticField(),
  };
  /** The sizes of the positional axes. */
  declare readonly shape: PositionalShape;
  /** The dtype, or the family that it belongs to. */
  declare readonly dtype: Dtype;
  /** The sizes of the named axes, in order. */
  declare readonly namedShape: NamedShape;
  static {
    registerStruct(this, { name: "ArraySpec", module: "chk" });
  }

  /**
   * Makes a pattern.
   *
   * @param options Shapes and dtype; what is left out is empty, and the dtype any.
   * @throws {TypeError} If a shape is none, or has something that is no size and no variable.
   * @throws {ValueError} If a number is no size, or there is no such dtype.
   */
  constructor(options: ArraySpecOptions = {}) {
    const { shape = [], dtype = "generic", namedShape = {}, ...others } = options;
    // What is no option is passed on, for the error that names it.
    super({
      shape: parseShape(shape),
      dtype: checkedDtype(dtype),
      namedShape: parseNamedShape(namedShape),
      ...others,
    });
  }

  /**
   * The pattern of a floating-point array without positional axes.
   *
   * @param namedShape The sizes of the named axes.
   * @returns The pattern.
   */
  static floatingNamed(namedShape: NamedShapeLike): ArraySpec {
    return new ArraySpec({ dtype: "floating", namedShape });
  }

  /** The sizes of the positional axes; the same as `shape`. */
  get positionalShape(): PositionalShape {
    return this.shape;
  }

  /**
   * A placeholder of this shape and dtype, as it stands in trees of arrays.
   *
   * @returns A `ShapeDtypeStruct`; of a spec that has names, a named array around one, its positional axes first.
   * @throws {ValueError} If a size is a variable, or the dtype a family.
   */
  intoPytree(): unknown {
    const sizes: number[] = [];
    for (const dim of [...this.shape, ...this.namedShape.values()]) {
      const size = dim instanceof KnownDim ? dim.size : dim;
      if (typeof size !== "number") {
        throw new ValueError("Cannot make a placeholder of an ArraySpec: a size is not known", {
          op: "ArraySpec.intoPytree",
          actual: `${showPositional(this.shape)} and ${showNamed(this.namedShape)}`,
          expected: "sizes without variables",
          remedy: "replace the variables, by fullSubstituteDimensionVariables",
          code: "check-variables",
        });
      }
      sizes.push(size);
    }
    if (isAbstractDtype(this.dtype)) {
      throw new ValueError("Cannot make a placeholder of an ArraySpec: its dtype is a family", {
        op: "ArraySpec.intoPytree",
        actual: this.dtype,
        remedy: 'make the spec with one dtype, such as "float32"',
        code: "check-dtype",
      });
    }
    const data = new ShapeDtypeStruct({ shape: sizes, dtype: canonicalDtype(this.dtype) });
    return this.namedShape.size === 0 ? data : askMakeNamedArray(data, [...this.namedShape.keys()] as string[]);
  }

  /** Known by shapes and dtype. */
  toStructuralKey(): string {
    return `ArraySpec ${metadataKey([this.shape, this.dtype, this.namedShape])}`;
  }
}
