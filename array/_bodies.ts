/**
 * Functions that loops and branches are made of: written down, and checked.
 *
 * @module
 */

import { type Aval, describe } from "../core/aval.ts";
import { kindOf } from "../core/constant.ts";
import type { NDArray } from "../core/ndarray.ts";
import { promoteTypes, type TypeOf } from "../core/promotion.ts";
import { outputAvals, type Program, writeClosed } from "../core/program.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { leavesWithPath } from "../tree/flatten.ts";
import { keystr } from "../tree/keys.ts";
import type { TreeDef } from "../tree/treedef.ts";
import { sameShape } from "../wasm/layout.ts";
import { onLeaves } from "./_trees.ts";

/** A value as a function that is traced sees it: of scalars arrays, in lists and plain objects, too. */
export type Traced<T> = T extends number | boolean | bigint | NDArray ? NDArray
  : T extends readonly unknown[] | { readonly [name: string]: unknown } ? { [K in keyof T]: Traced<T[K]> }
  : T;

/** Any tree; a list that is written out is known to have its length. */
export type Tree = [] | object | string | number | bigint | boolean | null | undefined;

/** Values as a function that is traced sees them. */
export type TracedList<T extends unknown[]> = { [K in keyof T]: Traced<T[K]> };

/** A function, written down. */
export interface Body {
  /** What it does: `[...held, ...leaves]` to the leaves of what it gives. */
  readonly program: Program;
  /** The arrays of other transformations that it holds. */
  readonly held: readonly NDArray[];
  /** The structure of what it gives. */
  readonly structure: TreeDef;
  /** The types of what it gives. */
  readonly avals: readonly Aval[];
}

/**
 * Writes a function of leaves down.
 *
 * @param op The public function, for errors.
 * @param fn The function.
 * @param avals The types of the leaves.
 * @returns What was written.
 */
export function writeBody(op: string, fn: (...leaves: NDArray[]) => unknown, avals: readonly Aval[]): Body {
  const flat = onLeaves(op, fn);
  // It is run now, or becomes a part of a program that keeps what it holds if that is to be run again.
  const [program, held] = writeClosed(op, flat.call, avals, false);
  return { program, held, structure: flat.treedef(), avals: outputAvals(program) };
}

/** Throws unless a value is a function. */
export function checkFunction(op: string, name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(`Cannot ${op}: ${name} is ${kindOf(value)}; pass a function`);
}

/** Whether two types are the same, the weakness aside. */
function fits(a: Aval, b: Aval): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

/**
 * What a loop begins with, promoted where it is weak and the body makes something else of it.
 *
 * @param init What it begins with.
 * @param after The types that the body gives.
 * @returns Other arrays, or `undefined` if these can stay.
 */
export function promoteWeak(init: readonly NDArray[], after: readonly Aval[]): readonly NDArray[] | undefined {
  if (init.length !== after.length || init.every((x, k) => !x.weakType || fits(x, after[k]!))) return undefined;
  return init.map((x, k) => {
    if (!x.weakType || fits(x, after[k]!) || after[k]!.dtype === "prngKey") return x;
    const { dtype } = promoteTypes(x as TypeOf, after[k]! as TypeOf);
    return convertElementType(x, { dtype, weakType: false });
  });
}

/**
 * Throws unless two trees have the same structure and types.
 *
 * @param first The first line of the error, without its end.
 * @param remedy What to do.
 * @param before The one tree, and what it is called.
 * @param after The other one.
 */
export function checkSame(
  first: string,
  remedy: string,
  before: readonly [name: string, structure: TreeDef, avals: readonly Aval[]],
  after: readonly [name: string, structure: TreeDef, avals: readonly Aval[]],
): void {
  const [[a, structure, avals], [b, own, others]] = [before, after];
  if (structure !== own) {
    throw new TypeError(`${first} differ in structure: ${structure} ${a}, ${own} ${b}; ${remedy}`);
  }
  const differ = leavesWithPath(structure.unflatten(avals.map((_, k) => k))).filter(([, k]) =>
    !fits(avals[k as number]!, others[k as number]!)
  );
  if (differ.length === 0) return;
  const list = differ.map(([path, k]) => {
    const place = keystr(path);
    const at = place === "" ? "" : `${place}: `;
    return `${at}${describe(avals[k as number]!)} ${a}, ${describe(others[k as number]!)} ${b}`;
  });
  throw new TypeError(`${first} differ in type: ${list.join("; ")}; ${remedy}`);
}

/**
 * Throws unless a body gives a carry of the structure and types that it takes.
 *
 * @param op The public function.
 * @param before What it takes.
 * @param after What it gives.
 * @param hidden How many arrays are carried before the user's own carry, which is the next child.
 */
export function checkCarry(
  op: string,
  before: readonly [structure: TreeDef, avals: readonly Aval[]],
  after: readonly [structure: TreeDef, avals: readonly Aval[]],
  hidden: number,
): void {
  const own = ([structure, avals]: readonly [TreeDef, readonly Aval[]]): readonly [TreeDef, readonly Aval[]] =>
    hidden === 0 ? [structure, avals] : [structure.children[hidden]!, avals.slice(hidden)];
  checkSame(
    `Cannot ${op}: the carries that the body takes and gives`,
    'return a carry as it was taken, cast by x.astype("float32") where that is what changed',
    ["taken", ...own(before)],
    ["given", ...own(after)],
  );
}
