/**
 * Selecting by an accessor: it is shown a copy of the tree in which no two nodes are one object, so what it returns
 * says where it is.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { type KeyPath, keystr } from "../tree/keys.ts";
import { kindOf } from "../tree/node.ts";
import { carve, type Found, guarded, type Parts, withChildren } from "./_build.ts";
import { isChildless } from "./_refine.ts";
import { warn } from "./_warn.ts";

/** Stands for a leaf or childless node, of which a tree may hold one at several places. */
class Stand {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** The tree with new containers, and new objects for all leaves and childless nodes. */
function copied(node: unknown): unknown {
  if (isChildless(node)) return new Stand(node);
  return withChildren(kindOf(node)!, node, copied);
}

/** The places, counted in the order of the tree and not below one another, at which a copy has what is wanted. */
function locate(copy: unknown, wanted: ReadonlySet<unknown>): { places: Set<number>; missing: number } {
  const places = new Set<number>();
  const seen = new Set<unknown>();
  let count = 0;
  const visit = (node: unknown): void => {
    const place = count++;
    if (wanted.has(node)) {
      places.add(place);
      seen.add(node);
      return;
    }
    for (const child of kindOf(node)?.children(node) ?? []) visit(child);
  };
  visit(copy);
  return { places, missing: wanted.size - seen.size };
}

function isCollection(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value) || value instanceof Set;
}

function notFound(returned: unknown, missing: number, of: number, path: KeyPath): ValueError {
  const isOne = of === 1;
  return new ValueError("Cannot select by an accessor: what it returned is not found in the tree", {
    op: "Selection.at",
    operand: "accessor",
    actual: isOne ? `a value of type ${typeNameOf(returned)}` : `${missing} of ${of} values are elsewhere`,
    expected: "a node or leaf of the argument, or with multiple: true several, none below another",
    path: keystr(path) || "the root",
    remedy: isOne && isCollection(returned)
      ? "pass multiple: true to select each element of what is returned"
      : "return children of the argument as they are: what is computed, or static, is no part of the tree",
    code: "select-at",
  });
}

function typeNameOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return (value.constructor as { readonly name?: string } | undefined)?.name ?? "Object";
}

/** The places in one selected subtree that the accessor names. */
function placesOf(
  value: unknown,
  path: KeyPath,
  accessor: (value: never) => unknown,
  multiple: boolean | undefined,
): Set<number> {
  const copy = guarded("at", () => copied(value));
  const returned = (accessor as (value: unknown) => unknown)(copy);
  if (multiple === true) {
    const wanted = new Set(returned as Iterable<unknown>);
    const { places, missing } = locate(copy, wanted);
    // A single value missing of several is reported as such: the collection is not what was looked for.
    if (missing > 0) throw notFound(undefined, missing, Math.max(wanted.size, 2), path);
    return places;
  }
  const single = locate(copy, new Set([returned]));
  if (single.missing === 0) return single.places;
  if (multiple === undefined && isCollection(returned)) {
    const several = locate(copy, new Set(returned));
    if (several.missing === 0) {
      warn("Selection.at: the accessor returned several nodes; pass multiple: true, which will be required");
      return several.places;
    }
  }
  throw notFound(returned, 1, 1, path);
}

/**
 * Selects what an accessor returns of each selected subtree.
 *
 * @param parts The selection.
 * @param accessor Gets a copy of each subtree and returns a node of it, or several.
 * @param multiple Whether it returns several; if left out, that is tried after the other.
 * @returns For each entry, how it is refined.
 * @throws {ValueError} If something returned is no part of the copy.
 */
export function accessed(
  parts: Parts,
  accessor: (value: never) => unknown,
  multiple: boolean | undefined,
): (value: unknown, path: KeyPath, index: number, found: Found) => unknown {
  // The accessor's own errors are to pass as they are, so it is done with before anything is rebuilt.
  const places = [...parts.selectedByPath].map(([path, value]) => placesOf(value, path, accessor, multiple));
  return (value, base, index, found) => {
    let count = 0;
    return carve(value, base, { choose: () => places[index]!.has(count++) }, found);
  };
}
