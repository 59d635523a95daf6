/**
 * Checks trees of arrays against patterns, and solves for the sizes that these leave open.
 *
 * A pattern is a tree with an `ArraySpec` in place of each array. The value has to be of the same structure down to the
 * pattern's leaves; at each `ArraySpec` its shapes become constraints, which are then solved together. Everything that
 * does not fit is gathered, and thrown as one error:
 *
 * ```text
 * Structure check failed:
 * At root['a']: Positional shape (1, 2, 2) does not match pattern (1, 2, 3):
 *   Dim 2: Actual size 2 does not match expected 3
 * ```
 *
 * @module
 */

import { equals, type KeyPath, structuralKey } from "../tree/mod.ts";
import { kindOf } from "../tree/node.ts";
import { print } from "../tree/print.ts";
import { metadataEquals } from "../tree/treedef.ts";
import { abstractOf } from "./_abstract.ts";
import type { Constraint } from "./_constraints.ts";
import { showPath } from "./_messages.ts";
import { solve } from "./_solver.ts";
import { ArraySpec } from "./array_spec.ts";
import { canonicalDtype, isAbstractDtype, isSubdtype } from "../core/dtype.ts";
import { type KnownVars, MatchResult } from "./match_result.ts";
import { Wildcard } from "./wildcard.ts";

/** A pattern: a tree that has an `ArraySpec` where arrays have to be, and a `Wildcard` where anything may. */
export type StructureAnnotation = unknown;

/** What {@linkcode checkStructure} takes beside value and pattern. */
export interface CheckStructureOptions {
  /** Variables that are known already, such as an earlier check found them. */
  readonly knownVars?: KnownVars | null;
  /** What the text of an error begins with. */
  readonly errorPrefix?: string;
}

/** What was gathered of a value and a pattern. */
interface Gathered {
  readonly failures: string[];
  readonly constraints: Constraint[];
}

function show(value: unknown): string {
  return print(value, { indent: false });
}

function gatherArray(value: unknown, spec: ArraySpec, at: string, into: Gathered): void {
  const array = abstractOf(value);
  if (array === undefined) {
    into.failures.push(`At ${at}: Cannot match an array spec with a non-array value ${show(value)}`);
    return;
  }
  const { dtype } = array;
  if (isAbstractDtype(spec.dtype)) {
    if (!isSubdtype(dtype, spec.dtype)) {
      into.failures.push(`At ${at}: Wrong dtype: expected a sub-dtype of ${spec.dtype} but got dtype ${dtype}`);
    }
  } else if (canonicalDtype(dtype) !== canonicalDtype(spec.dtype)) {
    into.failures.push(`At ${at}: Wrong dtype: expected dtype ${spec.dtype} but got dtype ${dtype}`);
  }
  into.constraints.push(
    { kind: "positional", value: array.shape, pattern: spec.shape, path: at },
    { kind: "named", value: array.namedShape, pattern: spec.namedShape, path: at },
  );
}

/** What stands at one place of a tree, for messages. */
function describe(node: unknown): string {
  const kind = kindOf(node);
  if (kind === undefined) return show(node);
  if (node === null || node === undefined) return kind.name;
  const keys = kind.keys(node);
  return `${kind.name} with ${keys.length === 0 ? "no children" : `children ${keys.map(String).join(", ")}`}`;
}

function gather(value: unknown, pattern: StructureAnnotation, path: KeyPath, into: Gathered): void {
  if (pattern instanceof Wildcard) return;
  if (pattern instanceof ArraySpec) return gatherArray(value, pattern, showPath(path), into);
  const kind = kindOf(pattern);
  if (kind === undefined) {
    if (equals(value, pattern)) return;
    into.failures.push(`At ${showPath(path)}: Value ${show(value)} does not equal the pattern ${show(pattern)}`);
    return;
  }
  const keys = kind.keys(pattern);
  const fits = kindOf(value) === kind && structuralKey([...keys]) === structuralKey([...kind.keys(value)]);
  if (!fits) {
    into.failures.push(
      `At ${showPath(path)}: Tree structure differs: expected ${describe(pattern)} but got ${describe(value)}`,
    );
    return;
  }
  if (!metadataEquals(kind.metadata(pattern), kind.metadata(value))) {
    into.failures.push(
      `At ${showPath(path)}: Tree structure differs: expected the static fields of ${show(pattern)} but got those of ` +
        show(value),
    );
    return;
  }
  const children = kind.children(value);
  kind.children(pattern).forEach((child, index) => gather(children[index], child, [...path, keys[index]!], into));
}

/**
 * Checks a value against a pattern.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk, StructureMismatchError } from "@penjing/penjing/manual";
 *
 * const like = (...shape: number[]) => new chk.ShapeDtypeStruct({ shape, dtype: "float32" });
 * const pattern = {
 *   weights: new chk.ArraySpec({ shape: [chk.dimVar("in"), chk.dimVar("out")] }),
 *   bias: new chk.ArraySpec({ shape: [chk.dimVar("out")] }),
 * };
 * assert.deepEqual(chk.checkStructure({ weights: like(2, 3), bias: like(3) }, pattern).toRecord(), { out: 3, in: 2 });
 * assert.throws(() => chk.checkStructure({ weights: like(2, 3), bias: like(4) }, pattern), StructureMismatchError);
 * ```
 *
 * @param value The value: a tree of arrays, or of what stands for them.
 * @param pattern The pattern.
 * @param options Variables that are known, and what an error's text begins with.
 * @returns What the variables are, the known ones included.
 * @throws {StructureMismatchError} If the value does not match; the text lists all that does not.
 *
 * Penzai: `penzai/core/shapecheck.py`, `check_structure`.
 */
export function checkStructure(
  value: unknown,
  pattern: StructureAnnotation,
  options: CheckStructureOptions = {},
): MatchResult {
  const { knownVars, errorPrefix = "" } = options;
  const gathered: Gathered = { failures: [], constraints: [] };
  gather(value, pattern, [], gathered);
  return solve(gathered.constraints, gathered.failures, new MatchResult(knownVars ?? {}), errorPrefix);
}
