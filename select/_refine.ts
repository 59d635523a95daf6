/**
 * How selections are refined: which subtrees of the selected ones are selected next.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { equals } from "../tree/equals.ts";
import { optionalHook } from "../tree/hooks.ts";
import type { KeyPath } from "../tree/keys.ts";
import { kindOf } from "../tree/node.ts";
import { structuralKey, StructuralMap } from "../tree/structural_key.ts";
import { metadataEquals } from "../tree/treedef.ts";
import {
  below,
  carve,
  type Found,
  hole,
  indexer,
  type Parts,
  Place,
  quoted,
  refilled,
  type Refine,
  unquoted,
  withChildren,
} from "./_build.ts";
import { SelectionHole, SelectionQuote } from "./holes.ts";

/** What a predicate gets, and which of nested matches count. */
export interface SubtreeOptions {
  readonly withKeypath?: boolean;
  readonly absoluteKeypath?: boolean;
  readonly innermost?: boolean;
}

/** Selects below each selected node, the node included, what a predicate accepts. */
export function subtreesWhere(predicate: (...args: never[]) => unknown, options: SubtreeOptions = {}): Refine {
  const { withKeypath = false, absoluteKeypath = false, innermost = false } = options;
  const ask = predicate as (...args: unknown[]) => unknown;
  return (value, base, _, found) => {
    const choose = (place: Place): boolean => {
      const answer = withKeypath
        ? ask(absoluteKeypath ? below(base, place.path) : place.path, place.node)
        : ask(place.node);
      if (typeof answer === "boolean") return answer;
      throw new TypeError(`Cannot select subtrees: the predicate has to return true or false, not ${String(answer)}`);
    };
    return carve(value, base, { choose, innermost }, found);
  };
}

/** The immediate children; a leaf has none and is selected no more. */
export function children(value: unknown, base: KeyPath, _: number, found: Found): unknown {
  const place = new Place(value);
  if (place.kind === undefined || value instanceof SelectionHole || value instanceof SelectionQuote) {
    return quoted(value);
  }
  return withChildren(place.kind, value, (child, index) => hole(below(base, [place.keyOf(index)]), child, found));
}

/** Whether a value is a leaf. */
export function isLeaf(value: unknown): boolean {
  return kindOf(value) === undefined;
}

/** Whether a value is a leaf or a node without children. */
export function isChildless(value: unknown): boolean {
  const kind = kindOf(value);
  return kind === undefined || kind.children(value).length === 0;
}

/** Whether two trees are the same; looks no further than the first difference, since most candidates differ at once. */
function same(a: unknown, b: unknown): boolean {
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  if (kind === undefined) return equals(a, b);
  const [x, y] = [kind.children(a), kind.children(b)];
  return x.length === y.length && metadataEquals(kind.metadata(a), kind.metadata(b)) &&
    x.every((child, index) => same(child, y[index]));
}

function isArray(value: unknown): boolean {
  return ArrayBuffer.isView(value) || optionalHook("arrayEquals")?.(value, value) !== undefined;
}

/**
 * The test whether a value equals a template.
 *
 * @throws {ValueError} If the template is an array of numbers, of which it is not clear what equal means.
 */
export function equalityTest(template: unknown): (value: unknown) => boolean {
  if (isArray(template)) {
    throw new ValueError("Cannot select what equals an array: elements may be equal by chance", {
      op: "Selection.atEqualTo",
      operand: "template",
      actual: (template as object).constructor.name,
      remedy: "use atSubtreesWhere with a comparison of your own",
      code: "select-equal-array",
    });
  }
  return (value) => !isArray(value) && same(value, template);
}

/** Paths by their steps, so that a walk goes nowhere else. */
interface Steps {
  isEnd: boolean;
  readonly next: Map<string, Steps>;
}

/** Selects what is at paths from each selected node; of paths below one another the shorter. */
export function keypaths(paths: Iterable<KeyPath>): Refine {
  const first: Steps = { isEnd: false, next: new Map() };
  for (const path of paths) {
    let steps = first;
    for (const key of path.map(structuralKey)) {
      const known = steps.next.get(key);
      const next = known ?? { isEnd: false, next: new Map<string, Steps>() };
      if (known === undefined) steps.next.set(key, next);
      steps = next;
    }
    steps.isEnd = true;
  }
  return (value, base, _, found) => {
    const visit = (place: Place, steps: Steps): unknown => {
      if (steps.isEnd) return hole(below(base, place.path), place.node, found);
      if (place.kind === undefined || steps.next.size === 0) return quoted(place.node);
      if (place.node instanceof SelectionHole || place.node instanceof SelectionQuote) return quoted(place.node);
      return withChildren(place.kind, place.node, (child, index) => {
        const next = steps.next.get(structuralKey(place.keyOf(index)));
        return next === undefined ? quoted(child) : visit(new Place(child, place, index), next);
      });
    };
    return visit(new Place(value), first);
  };
}

/** Keeps the selected subtrees that a test of value, path and index accepts. */
export function keeping(test: (value: unknown, path: KeyPath, index: number) => unknown): Refine {
  return (value, path, index, found) => test(value, path, index) ? hole(path, value, found) : quoted(value);
}

/** Keeps the entries at indices, of which negative ones count from the end. */
export function nth(indices: Iterable<number>, count: number): Refine {
  const wanted = new Set(Array.from(indices, (index) => index < 0 ? index + count : index));
  return keeping((_value, _path, index) => wanted.has(index));
}

/** Takes the place of each selected selection: what it selects, and what it leaves. */
export function nested(value: unknown, base: KeyPath, _: number, found: Found): unknown {
  // Its holes move to their absolute paths; its quotes are a remainder's already.
  const selection = value as Parts;
  const pieces = [...selection.selectedByPath].map(([path, selected]) => hole(below(base, path), selected, found));
  return refilled(selection, pieces);
}

/** Selects the largest subtrees in which nothing is selected. */
export function inverted(parts: Parts): Parts {
  const holding = new Set<unknown>();
  const mark = (node: unknown): boolean => {
    if (node instanceof SelectionHole) return true;
    const kind = kindOf(node);
    if (kind === undefined || node instanceof SelectionQuote) return false;
    let holds = false;
    for (const child of kind.children(node)) if (mark(child)) holds = true;
    if (holds) holding.add(node);
    return holds;
  };
  mark(parts.remainder);
  const found: Found = [];
  const [indexOf, values] = [indexer(parts), [...parts.selectedByPath.values()]];
  const visit = (place: Place): unknown => {
    const { node, kind } = place;
    if (node instanceof SelectionHole) return quoted(values[indexOf(node)]);
    if (kind === undefined || !holding.has(node)) return hole(place.path, unquoted(node), found);
    return withChildren(kind, node, (child, index) => visit(new Place(child, place, index)));
  };
  const remainder = visit(new Place(parts.remainder));
  return { selectedByPath: StructuralMap.ofDistinct(found), remainder };
}
