/**
 * The structure of a pytree without its leaves. Equal structures are one object.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { compareCodePoints, type NodeKind } from "./node.ts";
import { structuralKey } from "./structural_key.ts";

/** A key of metadata: as {@linkcode structuralKey}, but plain objects and maps count by what they hold, in any order. */
export function metadataKey(value: unknown): string {
  if (typeof value !== "object" || value === null) return structuralKey(value);
  if (Array.isArray(value)) return `[${Array.from(value, metadataKey).join("")}]`;
  const prototype = Object.getPrototypeOf(value) as unknown;
  const entries = value instanceof Map
    ? [...value]
    : prototype === Object.prototype || prototype === null
    ? Object.entries(value)
    : undefined;
  if (entries === undefined) return structuralKey(value);
  const pairs = entries.map(([key, held]) => `${metadataKey(key)}=${metadataKey(held)}`).sort(compareCodePoints);
  return `${value instanceof Map ? "M" : "O"}{${pairs.join(",")}}`;
}

/** Whether two values, as a struct's static fields hold them, are the same. */
export function metadataEquals(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || metadataKey(a) === metadataKey(b);
}

/** The structures alive, by what they are made of; those that nothing uses any more are forgotten. */
const interned = new Map<string, WeakRef<TreeDef>>();
const forgotten = new FinalizationRegistry<string>((key) => {
  if (interned.get(key)?.deref() === undefined) interned.delete(key);
});

let lastId = 0;
const kinds = new WeakMap<NodeKind, number>();

function kindId(kind: NodeKind): number {
  let id = kinds.get(kind);
  if (id === undefined) {
    id = ++lastId;
    kinds.set(kind, id);
  }
  return id;
}

/**
 * The structure of a pytree: its nodes, with everything that they hold beside leaves.
 *
 * Two trees of one structure have the same `TreeDef`, so structures are compared by `===`.
 */
export class TreeDef {
  /** The kind of the root; `null` for a leaf. */
  readonly kind: NodeKind | null;
  /** What the root holds beside its children. */
  readonly metadata: unknown;
  /** The structures of the root's children. */
  readonly children: readonly TreeDef[];
  /** How many leaves there are. */
  readonly numLeaves: number;
  readonly #id: number;

  /**
   * For {@linkcode nodeDef} and {@linkcode LEAF}; elsewhere a structure comes from a tree.
   *
   * @param kind The kind of the root; `null` for a leaf.
   * @param metadata What the root holds beside its children.
   * @param children The structures of its children.
   * @param numLeaves How many leaves there are.
   */
  constructor(
    kind: NodeKind | null,
    metadata: unknown,
    children: readonly TreeDef[],
    numLeaves: number,
  ) {
    this.kind = kind;
    this.metadata = metadata;
    this.children = children;
    this.numLeaves = numLeaves;
    this.#id = ++lastId;
    Object.freeze(this);
  }

  /** A number that no other structure has. */
  get id(): number {
    return this.#id;
  }

  /** The number of nodes and leaves. */
  get numNodes(): number {
    return this.children.reduce((sum, child) => sum + child.numNodes, 1);
  }

  /**
   * A tree of this structure.
   *
   * @param leaves Its leaves, in order.
   * @returns The tree; all of its containers are new.
   * @throws {ValueError} If there are more or fewer leaves than the structure has.
   */
  unflatten(leaves: Iterable<unknown>): unknown {
    const given = Array.isArray(leaves) ? leaves as readonly unknown[] : [...leaves];
    if (given.length !== this.numLeaves) {
      throw new ValueError("Cannot unflatten a tree: the number of leaves differs from the structure's", {
        op: "tree.unflatten",
        actual: `${given.length} leaves`,
        expected: `${this.numLeaves}, for ${this.toString()}`,
        remedy: "pass one value for each leaf of the tree that the structure is of",
        code: "tree-leaves",
      });
    }
    return this.#build(given, { at: 0 }, false);
  }

  /** Below a node that cannot change, arrays and plain objects are made so that they cannot either. */
  #build(leaves: readonly unknown[], place: { at: number }, fixed: boolean): unknown {
    const { kind, children } = this;
    if (kind === null) return leaves[place.at++];
    const fixes = kind.isStruct === true || fixed && kind.isPlain === true;
    const built = new Array<unknown>(children.length);
    for (let i = 0; i < children.length; i++) built[i] = children[i]!.#build(leaves, place, fixes);
    const node = kind.build(this.metadata, built);
    return fixed && kind.isPlain ? Object.freeze(node) : node;
  }

  /** The structure with `*` for leaves, on one line. */
  toString(): string {
    const { kind, metadata, children } = this;
    if (kind === null) return "*";
    if (kind.name === "Array") return `[${children.join(", ")}]`;
    if (kind.name === "Object") {
      return `{${children.map((child, index) => `${(metadata as readonly string[])[index]}: ${child}`).join(", ")}}`;
    }
    return children.length === 0 && metadata === undefined ? kind.name : `${kind.name}(${children.join(", ")})`;
  }
}

/** The structure of a leaf. */
export const LEAF: TreeDef = new TreeDef(null, undefined, [], 1);

/**
 * The structure of a node of these children.
 *
 * @param kind Its kind.
 * @param node A node that has the metadata.
 * @param children The structures of its children.
 * @returns The one object for this structure.
 */
export function defOf(kind: NodeKind, node: unknown, children: readonly TreeDef[]): TreeDef {
  const metadata = kind.metadataKey === undefined ? kind.metadata(node) : undefined;
  const key = kind.metadataKey?.(node) ?? (metadata === undefined ? "" : metadataKey(metadata));
  return intern(kind, key, () => metadata ?? kind.metadata(node), children);
}

/** As {@linkcode defOf}, for metadata at hand. */
export function nodeDef(kind: NodeKind, metadata: unknown, children: readonly TreeDef[]): TreeDef {
  const key = kind.keyOfMetadata?.(metadata) ?? (metadata === undefined ? "" : metadataKey(metadata));
  return intern(kind, key, () => metadata, children);
}

function intern(
  kind: NodeKind,
  metadataKey: string,
  metadata: () => unknown,
  children: readonly TreeDef[],
): TreeDef {
  let key = `${kindId(kind)}|${metadataKey}|`;
  let numLeaves = 0;
  for (let i = 0; i < children.length; i++) {
    const child = children[i]!;
    key += `${child.id},`;
    numLeaves += child.numLeaves;
  }
  const known = interned.get(key)?.deref();
  if (known !== undefined) return known;
  const made = new TreeDef(kind, metadata(), children, numLeaves);
  interned.set(key, new WeakRef(made));
  forgotten.register(made, key);
  return made;
}
