/**
 * The variables of patterns, and patterns with something else in place of them.
 *
 * @module
 */

import { KeyError, ValueError } from "../errors/mod.ts";
import { type KeyPath, leavesWithPath, mapUntil, StructuralMap } from "../tree/mod.ts";
import { showPath } from "./_messages.ts";
import { ArraySpec, parseNamedShape, parseShape } from "./array_spec.ts";
import type { StructureAnnotation } from "./check_structure.ts";
import {
  type Dim,
  DimVar,
  KnownDim,
  MultiDimVar,
  type NamedShape,
  type NamedShapeLike,
  type PositionalShape,
  type PositionalShapeLike,
  quoted,
  type RemainingAxisPlaceholder,
  showVar,
  type VarName,
} from "./dims.ts";

/** Entries by name: a plain object, a map, or pairs. */
export type ByName<K, V> = Iterable<readonly [K, V]> | { readonly [name: string]: V };

/** What a {@linkcode DimensionVariableSubstitution} is made from; what is left out is empty. */
export interface Substitutes {
  /** What stands for one size, by the variable's name; pairs, where it is the name of a part. */
  readonly sizeVariables?: ByName<VarName, Dim>;
  /** What stands for a run of sizes. */
  readonly sequenceVariables?: ByName<string, PositionalShapeLike>;
  /** What stands for a set of named axes. */
  readonly mappingVariables?: ByName<string, NamedShapeLike>;
}

function pairs<K, V>(given: ByName<K, V> | undefined): (readonly [K, V])[] {
  if (given === undefined) return [];
  return Symbol.iterator in given
    ? [...given as Iterable<readonly [K, V]>]
    : Object.entries(given) as unknown as (readonly [K, V])[];
}

/**
 * What to put in place of variables.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk, tree } from "@penjing/penjing/manual";
 *
 * const pattern = new chk.ArraySpec({ shape: [chk.dimVar("a"), ...chk.dimVar("b")] });
 * const substitution = new chk.DimensionVariableSubstitution({
 *   sizeVariables: { a: 2 },
 *   sequenceVariables: { b: [3, 4] },
 * });
 * const made = chk.fullSubstituteDimensionVariables(pattern, substitution);
 * assert(tree.equals(made, new chk.ArraySpec({ shape: [2, 3, 4] })));
 * ```
 */
export class DimensionVariableSubstitution {
  /** What stands for one size, by the variable's name. */
  readonly sizeVariables: StructuralMap<VarName, Dim>;
  /** What stands for a run of sizes, by the variable's name. */
  readonly sequenceVariables: StructuralMap<string, PositionalShape>;
  /** What stands for a set of named axes, by the variable's name. */
  readonly mappingVariables: StructuralMap<string, NamedShape>;

  /**
   * Makes a substitution.
   *
   * @param substitutes What stands for each variable; it may have variables itself.
   * @throws {TypeError} If something is no shape.
   */
  constructor(substitutes: Substitutes = {}) {
    this.sizeVariables = new StructuralMap(pairs(substitutes.sizeVariables));
    this.sequenceVariables = new StructuralMap(
      pairs(substitutes.sequenceVariables).map(([name, shape]) => [name, parseShape(shape)]),
    );
    this.mappingVariables = new StructuralMap(
      pairs(substitutes.mappingVariables).map(([name, shape]) => [name, parseNamedShape(shape)]),
    );
  }

  /** Whether there is nothing to put in place of any variable. */
  isEmpty(): boolean {
    return this.sizeVariables.size + this.sequenceVariables.size + this.mappingVariables.size === 0;
  }
}

const isSpec = (value: unknown): value is ArraySpec => value instanceof ArraySpec;

/**
 * All variables of a pattern, each to be replaced by itself.
 *
 * @param structure The pattern.
 * @returns The variables; sizes that are known are none.
 */
export function getDimensionVariables(structure: StructureAnnotation): DimensionVariableSubstitution {
  const found = new DimensionVariableSubstitution();
  for (const [, leaf] of leavesWithPath(structure, { isLeaf: isSpec })) {
    if (!isSpec(leaf)) continue;
    for (const dim of [...leaf.shape, ...leaf.namedShape.values()]) {
      if (dim instanceof DimVar) found.sizeVariables.set(dim.name, dim);
      if (dim instanceof MultiDimVar) found.sequenceVariables.set(dim.name, Object.freeze([dim]));
    }
    for (const [key, dim] of leaf.namedShape) {
      if (key instanceof MultiDimVar) found.mappingVariables.set(key.name, parseNamedShape(new Map([[key, dim]])));
    }
  }
  return found;
}

function lookUp<K extends VarName, V>(map: StructuralMap<K, V>, name: K, what: string, at: string): V {
  const value = map.get(name);
  if (value !== undefined) return value;
  throw new KeyError(`Cannot substitute ${showVar(name)}: there is nothing to put in its place`, {
    op: "fullSubstituteDimensionVariables",
    operand: showVar(name),
    expected: what,
    path: at,
    remedy: "begin with getDimensionVariables(structure), which has all variables",
    code: "check-no-variable",
  });
}

function substituteIn(spec: ArraySpec, by: DimensionVariableSubstitution, at: string): ArraySpec {
  const size = (dim: Dim): Dim => {
    const put = dim instanceof DimVar ? lookUp(by.sizeVariables, dim.name, "a size in sizeVariables", at) : dim;
    return put instanceof KnownDim ? put.size : put;
  };
  const bare = (dim: Dim | MultiDimVar): Dim | MultiDimVar => dim instanceof KnownDim ? dim.size : dim;
  const shape = spec.shape.flatMap((dim): readonly (Dim | MultiDimVar)[] =>
    dim instanceof MultiDimVar
      ? lookUp(by.sequenceVariables, dim.name, "a shape in sequenceVariables", at).map(bare)
      : [size(dim)]
  );
  // Variables of one name are one key, though they may be two objects.
  const namedShape = new StructuralMap<string | MultiDimVar, Dim | RemainingAxisPlaceholder>();
  const add = (key: string | MultiDimVar, dim: Dim | RemainingAxisPlaceholder, from: MultiDimVar) => {
    if (namedShape.has(key) || (typeof key === "string" && spec.namedShape.has(key))) {
      const name = typeof key === "string" ? quoted(key) : String(key);
      throw new ValueError(`Cannot substitute ${showVar(from.name)}: the name ${name} is already present`, {
        op: "fullSubstituteDimensionVariables",
        operand: showVar(from.name),
        path: at,
        remedy: `put named axes in place of ${showVar(from.name)} that no other part of the shape has`,
        code: "check-name-conflict",
      });
    }
    namedShape.set(key, dim instanceof KnownDim ? dim.size : dim);
  };
  for (const [key, dim] of spec.namedShape) {
    if (typeof key === "string") namedShape.set(key, size(dim as Dim));
    else {
      const axes = lookUp(by.mappingVariables, key.name, "a named shape in mappingVariables", at);
      for (const [name, put] of axes) add(name, put, key);
    }
  }
  return new ArraySpec({ shape, dtype: spec.dtype, namedShape: new Map(namedShape) });
}

/**
 * The pattern with something else in place of every variable. Names of known sizes are dropped.
 *
 * @param structure The pattern.
 * @param substitution What to put in place of each variable; it may have variables itself, which stay.
 * @returns The pattern made.
 * @throws {KeyError} If there is nothing to put in place of a variable.
 * @throws {ValueError} If what is put in place of a set of named axes has a name that is already there.
 */
export function fullSubstituteDimensionVariables(
  structure: StructureAnnotation,
  substitution: DimensionVariableSubstitution,
): StructureAnnotation {
  const paths: KeyPath[] = leavesWithPath(structure, { isLeaf: isSpec }).map(([path]) => path);
  let next = 0;
  return mapUntil(isSpec, (leaf: unknown) => {
    const path = paths[next++]!;
    return isSpec(leaf) ? substituteIn(leaf, substitution, showPath(path)) : leaf;
  }, structure);
}
