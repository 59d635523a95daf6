/**
 * Dimensions of array patterns: unknown sizes, unknown runs of them, and sizes that are known and have a name.
 *
 * A variable stands for one size. Spread into a shape it stands for a run of sizes; spread into a named shape, for a
 * set of named axes:
 *
 * ```text
 * [1, dimVar("x")]            one size x
 * [1, ...dimVar("x"), 4]      any number of sizes x
 * { a: 1, ...dimVar("x") }    any other axes x
 * dimVar("x").at("features")  one size, the part "features" of x
 * ```
 *
 * @module
 */

import { KeyError, ValueError } from "../errors/mod.ts";
import { DictKey, structuralKey, type StructurallyKeyed } from "../tree/mod.ts";

/** The name of a variable: its own, or a variable's name and the key of a part of it. */
export type VarName = string | readonly [base: string, key: string | number];

/** One size of a shape: a number, an unknown, or a number that has a name. */
export type Dim = number | DimVar | KnownDim;

/** Sizes by position; a run of unknown length stands as one element. */
export type PositionalShape = readonly (Dim | MultiDimVar)[];

/** Sizes by name, in order; a set of unknown axes stands as one entry, of a {@linkcode RemainingAxisPlaceholder}. */
export type NamedShape = ReadonlyMap<string | MultiDimVar, Dim | RemainingAxisPlaceholder>;

/** What a positional shape can be given as. A variable alone is the whole shape. */
export type PositionalShapeLike = PositionalShape | DimVar;

/** What a named shape can be given as. A variable alone is the whole shape. */
export type NamedShapeLike =
  | DimVar
  | NamedShape
  | { readonly [name: string]: Dim | RemainingAxisPlaceholder };

/** Begins the registered symbols by which a variable that was spread into an object is known. */
const SPREAD = "penjing.multiDimVar:";

/** A key in single quotes, or a number. */
export function quoted(key: unknown): string {
  return String(new DictKey(key)).slice(1, -1);
}

/** A variable as messages show it: `var('x')` or `var('x')['key']`. */
export function showVar(name: VarName): string {
  return typeof name === "string" ? `var(${quoted(name)})` : `var(${quoted(name[0])})${new DictKey(name[1])}`;
}

/** The variable that was spread into an object under this symbol; `undefined` if none was. */
export function spreadUnder(symbol: symbol): MultiDimVar | undefined {
  const key = Symbol.keyFor(symbol);
  return key?.startsWith(SPREAD) ? new MultiDimVar(key.slice(SPREAD.length)) : undefined;
}

function checkedName(name: unknown, of: string): VarName {
  if (typeof name === "string") return name;
  if (Array.isArray(name) && name.length === 2) {
    const [base, key] = name as readonly unknown[];
    if (typeof base === "string" && isPartKey(key)) return Object.freeze([base, key] as const);
  }
  throw new TypeError(`Cannot make a ${of}: its name must be a string, or a string and a key, not ${quoted(name)}`);
}

function isPartKey(key: unknown): key is string | number {
  return typeof key === "string" || Number.isSafeInteger(key);
}

/** What stands beside a {@linkcode MultiDimVar} in a named shape. All of them are the same. */
export class RemainingAxisPlaceholder implements StructurallyKeyed {
  /** Known by its class. */
  toStructuralKey(): string {
    return "RemainingAxisPlaceholder";
  }

  /** `RemainingAxisPlaceholder()` */
  toString(): string {
    return "RemainingAxisPlaceholder()";
  }
}

const REMAINING = Object.freeze(new RemainingAxisPlaceholder());

/** An unknown run of positional sizes, or an unknown set of named axes. Known by its name. */
export class MultiDimVar implements StructurallyKeyed {
  /** The variable's name. */
  readonly name: string;

  /**
   * Makes the variable.
   *
   * @param name The variable's name.
   * @throws {TypeError} If it is no string.
   */
  constructor(name: string) {
    if (typeof name !== "string") throw new TypeError(`Cannot make a MultiDimVar: its name must be a string`);
    this.name = name;
    Object.freeze(this);
  }

  /** Known by its name. */
  toStructuralKey(): string {
    return `MultiDimVar ${structuralKey(this.name)}`;
  }

  /** `*var('x')` */
  toString(): string {
    return `*${showVar(this.name)}`;
  }
}

/**
 * One unknown size. Two variables of one name are the same variable.
 *
 * Its one own enumerable property is what spreading it into an object leaves there.
 */
export class DimVar implements Iterable<MultiDimVar>, StructurallyKeyed {
  readonly #name: VarName;

  /**
   * Makes the variable.
   *
   * @param name The variable's name, or a variable's name and the key of a part of it.
   * @throws {TypeError} If it is neither.
   */
  constructor(name: VarName) {
    const checked = checkedName(name, "DimVar");
    this.#name = checked;
    Object.defineProperty(
      this,
      Symbol.for(typeof checked === "string" ? SPREAD + checked : "penjing.dimVarPart"),
      // A getter, so that a part of a variable can refuse to be spread, where a plain property would vanish unnoticed.
      typeof checked === "string"
        ? { value: REMAINING, enumerable: true }
        : { get: () => this.#refuse("spread"), enumerable: true },
    );
    Object.freeze(this);
  }

  /** The variable's name. */
  get name(): VarName {
    return this.#name;
  }

  /** Yields what stands for the variable where it is spread into a positional shape. */
  *[Symbol.iterator](): IterableIterator<MultiDimVar> {
    yield new MultiDimVar(typeof this.#name === "string" ? this.#name : this.#refuse("spread"));
  }

  /**
   * A part of the variable: one size of a run, or of a set of named axes.
   *
   * @param key The place in the run, or the axis's name.
   * @returns The variable for the part.
   * @throws {TypeError} If the variable is itself a part.
   * @throws {KeyError} If the key is neither a string nor an integer.
   */
  at(key: string | number): DimVar {
    const base = typeof this.#name === "string" ? this.#name : this.#refuse("index");
    if (!isPartKey(key)) {
      throw new KeyError("Cannot index a dimension variable: the key is neither a string nor an integer", {
        op: "DimVar.at",
        operand: showVar(base),
        actual: quoted(key),
        remedy: "pass an axis's name or a place in a run",
        code: "check-variable-key",
      });
    }
    return new DimVar([base, key]);
  }

  /** Known by its name. */
  toStructuralKey(): string {
    return `DimVar ${structuralKey(this.#name)}`;
  }

  /** `var('x')` or `var('x')['key']` */
  toString(): string {
    return showVar(this.#name);
  }

  #refuse(action: string): never {
    throw new TypeError(
      `Cannot ${action} ${this}: it stands for one size, a part of a variable; use the whole variable`,
    );
  }
}

/** A size that is known, and the name under which it is one. */
export class KnownDim implements StructurallyKeyed {
  /** The variable's name, or its name and the key of the part that this size is. */
  readonly name: VarName;
  /** The size. */
  readonly size: number;
  /** Where the size is known from: a place of the tree, as messages show it; `null` if the pattern says it. */
  readonly fromKeypath: string | null;

  /**
   * Names a size.
   *
   * @param name The name.
   * @param size The size.
   * @param fromKeypath Where the size is known from.
   * @throws {TypeError} If the name cannot be one.
   * @throws {ValueError} If the size cannot be one.
   */
  constructor(name: VarName, size: number, fromKeypath: string | null = null) {
    this.name = checkedName(name, "KnownDim");
    this.size = checkedSize(size, showVar(name));
    this.fromKeypath = fromKeypath;
    Object.freeze(this);
  }

  /** Known by name and size, wherever these come from. */
  toStructuralKey(): string {
    return `KnownDim ${structuralKey([this.name, this.size])}`;
  }

  /** `var('x')['key']:=2` */
  toString(): string {
    return `${showVar(this.name)}:=${this.size}`;
  }
}

/** A size that is one; else an error that names its axis. */
export function checkedSize(size: number, axis: string): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new ValueError("Cannot use a number as a size: it is not a natural one", {
    op: "ArraySpec",
    operand: axis,
    actual: String(size),
    expected: "an integer of at least 0",
    remedy: 'pass a size, or dimVar("name") for one that is not known',
    code: "check-size",
  });
}

/**
 * A variable that stands for one size, and, where it is spread, for many. Also called `var`.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk } from "@penjing/penjing/manual";
 *
 * const pattern = new chk.ArraySpec({ shape: [...chk.dimVar("batch"), chk.dimVar("width")] });
 * const value = new chk.ShapeDtypeStruct({ shape: [2, 3, 4], dtype: "float32" });
 * assert.deepEqual(chk.checkStructure(value, pattern).toRecord(), { batch: [2, 3], width: 4 });
 * ```
 *
 * @param name The variable's name.
 * @returns The variable.
 * @throws {TypeError} If the name is no string.
 */
export function dimVar(name: string): DimVar {
  if (typeof name !== "string") {
    throw new TypeError(`Cannot make a dimension variable: its name must be a string, not ${quoted(name)}`);
  }
  return new DimVar(name);
}

/**
 * A named shape of parts of one variable: one entry for each axis.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk } from "@penjing/penjing/manual";
 *
 * const shape = chk.varsForAxes("x", { rows: 2, columns: null });
 * assert.equal(String(shape.rows), "var('x')['rows']:=2");
 * assert.equal(String(shape.columns), "var('x')['columns']");
 * ```
 *
 * @param varName The variable's name.
 * @param namesOrSizes The axes' names; or their sizes by name, `null` where one is not known.
 * @returns The shape, in the order of the names, to be used as a named shape or spread into one.
 * @throws {TypeError} If the variable's name or an axis's name is no string.
 * @throws {ValueError} If a size cannot be one, or a name is a number, which JavaScript sorts before all names.
 */
export function varsForAxes<N extends string>(
  varName: string,
  namesOrSizes: Iterable<N> | ReadonlyMap<N, number | null> | { readonly [K in N]: number | null },
): { readonly [K in N]: DimVar | KnownDim } {
  const variable = dimVar(varName);
  const given = namesOrSizes as ReadonlyMap<N, number | null> | Iterable<N> | Readonly<Record<string, number | null>>;
  const entries: Iterable<readonly [string, number | null | undefined]> = given instanceof Map
    ? given
    : typeof given === "string"
    ? [[given, null]]
    : Symbol.iterator in given
    ? [...given as Iterable<N>].map((name) => [name, null] as const)
    : Object.entries(given as Readonly<Record<string, number | null>>);
  const shape: Record<string, DimVar | KnownDim> = {};
  for (const [name, size] of entries) {
    const key = checkedAxisName(name);
    shape[key] = size === null || size === undefined ? variable.at(key) : new KnownDim([varName, key], size);
  }
  return Object.freeze(shape) as { readonly [K in N]: DimVar | KnownDim };
}

/** An axis's name that can be one; else an error. */
export function checkedAxisName(name: unknown): string {
  if (typeof name !== "string") {
    throw new TypeError(`Cannot use ${quoted(name)} as the name of an axis: it must be a string`);
  }
  if (!/^\d+$/.test(name)) return name;
  throw new ValueError("Cannot use a number as the name of an axis: JavaScript sorts it before all names", {
    op: "ArraySpec",
    operand: quoted(name),
    remedy: "begin the name with a letter",
    code: "check-axis-name",
  });
}
