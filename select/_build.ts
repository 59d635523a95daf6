/**
 * How a selection is cut out of a tree and put back.
 *
 * @module
 */

import { KeyError, SelectionError } from "../errors/mod.ts";
import { type KeyPath, keystr, type TreeKey } from "../tree/keys.ts";
import { kindOf, type NodeKind } from "../tree/node.ts";
import { StructuralMap } from "../tree/structural_key.ts";
import { SelectionHole, SelectionQuote } from "./holes.ts";

/** What a selection is made of. */
export interface Parts {
  readonly selectedByPath: StructuralMap<KeyPath, unknown>;
  readonly remainder: unknown;
}

/** Selected subtrees with their paths, in the order of the tree. */
export type Found = [path: KeyPath, value: unknown][];

/** One place of a tree that is being walked. Most places are never asked for their path, so it is made when it is. */
export class Place {
  readonly node: unknown;
  readonly kind: NodeKind | undefined;
  readonly #parent: Place | undefined;
  readonly #index: number;
  #keys: readonly TreeKey[] | undefined;
  #path: KeyPath | undefined;

  constructor(node: unknown, parent?: Place, index = 0) {
    this.node = node;
    this.kind = kindOf(node);
    this.#parent = parent;
    this.#index = index;
  }

  /** The path from where the walk began. */
  get path(): KeyPath {
    return this.#path ??= this.#parent === undefined ? ROOT : this.#parent.#pathOf(this.#index);
  }

  /** The step to a child. */
  keyOf(index: number): TreeKey {
    return (this.#keys ??= this.kind?.keys(this.node) ?? [])[index]!;
  }

  #pathOf(index: number): KeyPath {
    return Object.freeze([...this.path, this.keyOf(index)]);
  }
}

const ROOT: KeyPath = Object.freeze([]);

/** A path below another; frozen, so that holes and maps share it. */
export function below(base: KeyPath, path: KeyPath): KeyPath {
  if (base.length > 0) return Object.freeze([...base, ...path]);
  return Object.isFrozen(path) ? path : Object.freeze([...path]);
}

/** A hole at a path, which is noted as found with a value. */
export function hole(path: KeyPath, value: unknown, found: Found): SelectionHole {
  found.push([path, value]);
  return new SelectionHole({ path });
}

/** A node with other children. */
function rebuilt(kind: NodeKind, node: unknown, children: readonly unknown[]): unknown {
  return kind.build(kind.metadata(node), children);
}

/** How a tree is cut. */
export interface Cut {
  /** Whether a place is to be selected. Asked in the order of the tree, of no place below a selected one. */
  readonly choose: (place: Place) => boolean;
  /** The value to note for a selected node; the node itself if left out. */
  readonly unwrap?: (node: unknown) => unknown;
  /** Whether of nested places the inner ones are to be selected; `choose` is then asked children first. */
  readonly innermost?: boolean;
}

/**
 * Cuts chosen subtrees out of a tree.
 *
 * Nothing else changes but holes and quotes, which get into quotes; nodes without either are kept as they are.
 *
 * @param root The tree.
 * @param base The path to it.
 * @param cut What to choose.
 * @param found Gets what was chosen.
 * @returns What is left.
 */
export function carve(root: unknown, base: KeyPath, cut: Cut, found: Found): unknown {
  const { choose, unwrap, innermost = false } = cut;
  const taken = (place: Place) =>
    hole(below(base, place.path), unwrap === undefined ? place.node : unwrap(place.node), found);
  const visit = (place: Place): unknown => {
    if (!innermost && choose(place)) return taken(place);
    const before = found.length;
    const left = descend(place);
    return innermost && found.length === before && choose(place) ? taken(place) : left;
  };
  const descend = (place: Place): unknown => {
    const { node, kind } = place;
    if (kind === undefined) return node;
    if (node instanceof SelectionHole || node instanceof SelectionQuote) return new SelectionQuote({ quoted: node });
    return withChildren(kind, node, (child, index) => visit(new Place(child, place, index)));
  };
  return visit(new Place(root));
}

/** A node of what a function makes of its children; the node itself if it makes them of themselves. */
export function withChildren(
  kind: NodeKind,
  node: unknown,
  change: (child: unknown, index: number) => unknown,
): unknown {
  const children = kind.children(node);
  let changed: unknown[] | undefined;
  for (let i = 0; i < children.length; i++) {
    const child = children[i];
    const made = change(child, i);
    if (changed === undefined && !Object.is(made, child)) changed = children.slice();
    if (changed !== undefined) changed[i] = made;
  }
  return changed === undefined ? node : rebuilt(kind, node, changed);
}

/** A tree with its holes and quotes in quotes, as it is kept in a remainder. */
export function quoted(node: unknown): unknown {
  if (node instanceof SelectionHole || node instanceof SelectionQuote) return new SelectionQuote({ quoted: node });
  const kind = kindOf(node);
  return kind === undefined ? node : withChildren(kind, node, quoted);
}

/** The tree of a remainder without holes, its quotes taken away. */
export function unquoted(node: unknown): unknown {
  return restored(node, { hole: missing, quote: (quote) => quote.quoted }, true);
}

function missing(of: SelectionHole): never {
  throw new KeyError("Cannot fill a hole of a selection: nothing is selected at its path", {
    op: "Selection.deselect",
    path: keystr(of.path) || "the root",
    remedy: "change selections only by their methods, or keep paths and holes as they are",
    code: "select-hole",
  });
}

/** What is put for the holes and quotes of a remainder. */
interface Fillings {
  readonly hole: (hole: SelectionHole) => unknown;
  readonly quote: (quote: SelectionQuote) => unknown;
}

const ARRAY = kindOf([]);
const OBJECT = kindOf({});
const MAPS: readonly unknown[] = [kindOf(new Map()), kindOf(new StructuralMap())];

/** Whether a node is an array, and of exactly that class. */
export function isArrayKind(kind: NodeKind | undefined): boolean {
  return kind === ARRAY;
}

/** Whether no one could tell a node from a copy of it; `isOwned`: whether a struct that nobody can change holds it. */
function isShareable(kind: NodeKind, node: unknown, isOwned: boolean): boolean {
  if (MAPS.includes(kind)) return false;
  return kind === ARRAY || kind === OBJECT ? isOwned && Object.isFrozen(node) : Object.isFrozen(node);
}

/** The tree that a user gets: new containers all over, but for structs that do not change. */
function restored(node: unknown, fillings: Fillings, isTop: boolean): unknown {
  if (node instanceof SelectionHole) return fillings.hole(node);
  if (node instanceof SelectionQuote) return fillings.quote(node);
  const kind = kindOf(node);
  if (kind === undefined) return node;
  const canShare = isShareable(kind, node, !isTop);
  // Containers of a user's own are made anew and are not frozen; inside a struct they are frozen anyway.
  const isContainer = kind === ARRAY || kind === OBJECT;
  const isTopBelow = isContainer ? isTop : !canShare;
  if (canShare) return withChildren(kind, node, (child) => restored(child, fillings, isTopBelow));
  return rebuilt(kind, node, kind.children(node).map((child) => restored(child, fillings, isTopBelow)));
}

/** Gives the index of the entry of each hole: entries and holes have one order, unless someone else made them. */
export function indexer(parts: Parts): (hole: SelectionHole) => number {
  const paths = [...parts.selectedByPath.keys()];
  let next = 0;
  let byPath: StructuralMap<KeyPath, number> | undefined;
  return (of) => {
    if (paths[next] === of.path) return next++;
    byPath ??= new StructuralMap(paths.map((path, index) => [path, index]));
    return byPath.get(of.path) ?? missing(of);
  };
}

/** A remainder with other things for its holes, in the entries' order; its quotes stay: it is still a remainder. */
export function refilled(parts: Parts, pieces: readonly unknown[]): unknown {
  const indexOf = indexer(parts);
  const visit = (node: unknown): unknown => {
    if (node instanceof SelectionHole) return pieces[indexOf(node)];
    const kind = kindOf(node);
    return kind === undefined || node instanceof SelectionQuote ? node : withChildren(kind, node, visit);
  };
  return visit(parts.remainder);
}

/** The tree of a selection, with these values, of the entries' order, where its subtrees were. */
export function filled(parts: Parts, values: readonly unknown[]): unknown {
  const indexOf = indexer(parts);
  return restored(parts.remainder, { hole: (of) => values[indexOf(of)], quote: (of) => of.quoted }, true);
}

/** What is left of a value and where it was noted what of it is selected: one step of a refinement. */
export type Refine = (value: unknown, path: KeyPath, index: number, found: Found) => unknown;

/**
 * A selection inside another.
 *
 * @param parts The other.
 * @param refine Of each selected subtree: notes what is selected now, and gives what is left.
 * @returns The selection.
 */
export function refined(parts: Parts, refine: Refine): Parts {
  const found: Found = [];
  const pieces: unknown[] = [];
  for (const [path, value] of parts.selectedByPath) pieces.push(refine(value, path, pieces.length, found));
  return { selectedByPath: StructuralMap.ofDistinct(found), remainder: refilled(parts, pieces) };
}

/**
 * Runs what rebuilds a tree or asks a predicate.
 *
 * @param op The method.
 * @param work What it does.
 * @returns What this gives.
 * @throws {SelectionError} If it throws; that is the cause.
 */
export function guarded<R>(op: string, work: () => R): R {
  try {
    return work();
  } catch (cause) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message.split("\n")[0]}` : String(cause);
    throw new SelectionError("Cannot rebuild the tree of a selection: a node or a predicate threw", {
      op: `Selection.${op}`,
      operand: op,
      actual: text,
      expected: "nodes that accept placeholders as children, and values that are valid pytrees",
      remedy: "see the cause; leave checks of children to methods of the node, and make predicates total",
      code: "select-rebuild",
      cause,
    });
  }
}
