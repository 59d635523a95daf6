/**
 * One constraint, of a value's shape and a pattern's: solved variables are put in, then it is matched.
 *
 * Each function that can fail gives the lines that say how; none, if all is well. What was bound before a failure stays
 * bound, so that later messages can refer to it.
 *
 * @module
 */

import { compareCodePoints } from "../tree/node.ts";
import { metadataEquals } from "../tree/treedef.ts";
import type { StructuralMap } from "../tree/mod.ts";
import type { Size } from "./_abstract.ts";
import { frozenMap } from "./_frozen_map.ts";
import { showNamed, showPositional, showSolution } from "./_messages.ts";
import {
  type Dim,
  DimVar,
  KnownDim,
  MultiDimVar,
  type NamedShape,
  type PositionalShape,
  quoted,
  showVar,
  type VarName,
} from "./dims.ts";
import type { Binding } from "./match_result.ts";

/** What a variable was solved as, and the place that says so. */
export interface Solution {
  readonly value: Binding;
  readonly source: string;
}

/** What is known of variables so far. */
export type Solutions = StructuralMap<VarName, Solution>;

/** That a value's sizes by position are those of a pattern. */
export interface PositionalConstraint {
  readonly kind: "positional";
  readonly value: readonly Size[];
  readonly pattern: PositionalShape;
  readonly path: string;
  /** One line for each run that was put in while the constraint had to wait. */
  readonly inlined?: readonly string[];
}

/** That a value's sizes by name are those of a pattern. */
export interface NamedConstraint {
  readonly kind: "named";
  readonly value: ReadonlyMap<string, Size>;
  readonly pattern: NamedShape;
  readonly path: string;
  /** One line for each run that was put in while the constraint had to wait. */
  readonly inlined?: readonly string[];
}

/** What a check has to fulfill. */
export type Constraint = PositionalConstraint | NamedConstraint;

/** A pattern with all solved runs put in; or what kept them from being put in. */
interface Inlined<P> {
  readonly pattern: P;
  /** One line for each run that was put in. */
  readonly lines: readonly string[];
  readonly failure?: string;
}

function inlinedLine(name: string, { value, source }: Solution): string {
  return `  After inlining ${showVar(name)} = ${showSolution(value)} from ${source}`;
}

/** The failure of a variable that is of one kind here, and of another there. */
function otherKind(pattern: string, run: string, { value, source }: Solution): string {
  return `Cannot unpack ${run} in the pattern ${pattern}: it was solved as ${showSolution(value)} from ${source}, ` +
    `which is of another kind`;
}

function inlinePositional(pattern: PositionalShape, solutions: Solutions): Inlined<PositionalShape> {
  const lines: string[] = [];
  const dims: (Dim | MultiDimVar)[] = [];
  for (const dim of pattern) {
    const solution = dim instanceof MultiDimVar ? solutions.get(dim.name) : undefined;
    if (!(dim instanceof MultiDimVar) || solution === undefined) {
      dims.push(dim);
      continue;
    }
    if (!Array.isArray(solution.value)) {
      return { pattern, lines, failure: otherKind(showPositional(pattern), `${dim}`, solution) };
    }
    const run = solution.value as readonly number[];
    run.forEach((size, index) => dims.push(new KnownDim([dim.name, index], size, solution.source)));
    lines.push(inlinedLine(dim.name, solution));
  }
  return { pattern: dims, lines };
}

function inlineNamed(pattern: NamedShape, solutions: Solutions): Inlined<NamedShape> {
  const lines: string[] = [];
  const dims = new Map(pattern);
  for (const key of pattern.keys()) {
    const solution = key instanceof MultiDimVar ? solutions.get(key.name) : undefined;
    if (!(key instanceof MultiDimVar) || solution === undefined) continue;
    const { value, source } = solution;
    if (!(value instanceof Map)) {
      return { pattern, lines, failure: otherKind(showNamed(pattern), `**${showVar(key.name)}`, solution) };
    }
    dims.delete(key);
    for (const [name, size] of value as ReadonlyMap<string, number>) {
      if (dims.has(name)) {
        return {
          pattern,
          lines,
          failure: `Key conflict while substituting **${showVar(key.name)} = ${showSolution(value)} from ${source}: ` +
            `the name ${quoted(name)} is already present in the pattern ${showNamed(pattern)}`,
        };
      }
      dims.set(name, new KnownDim([key.name, name], size, source));
    }
    lines.push(inlinedLine(key.name, solution));
  }
  return { pattern: dims, lines };
}

/** The problem of a size that is itself a variable; `undefined` if it is none. */
function unknownSize(size: Size, variable: VarName): string | undefined {
  if (typeof size === "number") return undefined;
  return `Size ${size} is itself unknown, so ${showVar(variable)} cannot be solved`;
}

/** Binds a variable, or compares with what it is bound to. */
function bind(variable: VarName, value: Binding, path: string, solutions: Solutions): string | undefined {
  const known = solutions.get(variable);
  if (known === undefined) {
    solutions.set(variable, { value, source: path });
    return undefined;
  }
  if (metadataEquals(known.value, value)) return undefined;
  return `Size ${showSolution(value)} does not match previous size ${showSolution(known.value)} ` +
    `for ${showVar(variable)} from ${known.source}`;
}

function matchKnown(actual: Size, dim: KnownDim, path: string, solutions: Solutions): string | undefined {
  const known = solutions.get(dim.name);
  if (known !== undefined && known.value !== dim.size) {
    return `Size ${dim.size} does not match previous size ${showSolution(known.value)} for ${dim} from ${known.source}`;
  }
  // What is bound is the size found, so that conflicts show at every place that has another.
  if (known === undefined && typeof actual === "number") solutions.set(dim.name, { value: actual, source: path });
  if (actual === dim.size) return undefined;
  return dim.fromKeypath === null
    ? `Actual size ${actual} does not match expected ${dim}`
    : `Size ${actual} does not match previous size ${dim.size} for ${dim} from ${dim.fromKeypath}`;
}

function matchDim(actual: Size, dim: Dim, path: string, solutions: Solutions): string | undefined {
  if (dim instanceof DimVar) {
    return unknownSize(actual, dim.name) ?? bind(dim.name, actual as number, path, solutions);
  }
  if (dim instanceof KnownDim) return matchKnown(actual, dim, path, solutions);
  return actual === dim ? undefined : `Actual size ${actual} does not match expected ${dim}`;
}

/** The lines of a block, after its first, of what failed and where. */
function failing(label: string, problem: string | undefined): string[] {
  return problem === undefined ? [] : [`  ${label}: ${problem}`];
}

function matchPositional(constraint: PositionalConstraint, pattern: PositionalShape, solutions: Solutions): string[] {
  const { value, path } = constraint;
  const [shownValue, shownPattern] = [showPositional(value), showPositional(pattern)];
  const at = pattern.findIndex((dim) => dim instanceof MultiDimVar);
  const numFixed = pattern.length - (at < 0 ? 0 : 1);
  if (at < 0 && value.length !== numFixed) {
    return [`Positional shape ${shownValue} has a different length than pattern ${shownPattern}`];
  }
  if (value.length < numFixed) {
    return [`Positional shape ${shownValue} is shorter than wildcard pattern ${shownPattern}`];
  }
  const lines: string[] = [];
  const runLength = value.length - numFixed;
  if (at >= 0) {
    const { name } = pattern[at] as MultiDimVar;
    const run = Object.freeze(value.slice(at, at + runLength));
    run.forEach((size, index) => lines.push(...failing(`Dim ${at + index}`, unknownSize(size, name))));
    // The run is not solved yet, else it would have been put in; so this cannot fail.
    if (lines.length === 0) bind(name, run as readonly number[], path, solutions);
  }
  pattern.forEach((dim, index) => {
    if (dim instanceof MultiDimVar) return;
    const place = at >= 0 && index > at ? index - 1 + runLength : index;
    lines.push(...failing(`Dim ${place}`, matchDim(value[place]!, dim, path, solutions)));
  });
  if (lines.length > 0) lines.unshift(`Positional shape ${shownValue} does not match pattern ${shownPattern}:`);
  return lines;
}

function matchNamed(constraint: NamedConstraint, pattern: NamedShape, solutions: Solutions): string[] {
  const { value, path } = constraint;
  const lines: string[] = [];
  const left = new Map(value);
  let rest: MultiDimVar | undefined;
  for (const [key, dim] of pattern) {
    if (key instanceof MultiDimVar) {
      rest = key;
      continue;
    }
    const actual = value.get(key);
    left.delete(key);
    const problem = actual === undefined
      ? "Required by the pattern but absent"
      : matchDim(actual, dim as Dim, path, solutions);
    lines.push(...failing(`Axis ${quoted(key)}`, problem));
  }
  if (rest !== undefined) {
    const { name } = rest;
    const unknown = [...left].flatMap(([key, size]) => failing(`Axis ${quoted(key)}`, unknownSize(size, name)));
    lines.push(...unknown);
    if (unknown.length === 0) bind(name, frozenMap(left as Map<string, number>), path, solutions);
  } else if (left.size > 0) {
    const names = [...left.keys()].sort(compareCodePoints).map(quoted).join(", ");
    lines.push(`  Unexpected names in the value's named shape: [${names}]`);
  }
  if (lines.length > 0) {
    lines.unshift(`Named shape ${showNamed(value)} does not match pattern ${showNamed(pattern)}:`);
  }
  return lines;
}

/** The runs of a pattern that are not solved. */
function runsOf(pattern: PositionalShape | NamedShape): MultiDimVar[] {
  return [...pattern.keys(), ...pattern.values()].filter((of) => of instanceof MultiDimVar);
}

/**
 * Matches a constraint, if at most one run of it is still unknown.
 *
 * @param constraint The constraint.
 * @param solutions What is known of variables; what is found is added.
 * @returns The text of the failure, empty if there is none; or the constraint, with what is known put in, if it has to
 *   wait.
 */
export function tryConstraint(constraint: Constraint, solutions: Solutions): string | Constraint {
  const { kind, path, inlined: before = [] } = constraint;
  const now = kind === "positional"
    ? inlinePositional(constraint.pattern, solutions)
    : inlineNamed(constraint.pattern, solutions);
  const inlined = [...before, ...now.lines];
  let lines: string[];
  if (now.failure !== undefined) lines = [now.failure];
  else if (runsOf(now.pattern).length > 1) return { ...constraint, pattern: now.pattern, inlined } as Constraint;
  else {
    lines = kind === "positional"
      ? matchPositional(constraint, now.pattern as PositionalShape, solutions)
      : matchNamed(constraint, now.pattern as NamedShape, solutions);
  }
  return lines.length === 0 ? "" : `At ${path}: ${[...lines, ...inlined].join("\n")}`;
}
