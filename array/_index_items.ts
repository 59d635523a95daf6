/**
 * The items of an index, as they are given and as they are meant: for each axis a part of it or places along it.
 *
 * @module
 */

import { asArray, fromElements, kindOf } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import { type IndexItem, NDArray } from "../core/ndarray.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { ELLIPSIS, Slice, slice } from "../tree/slice.ts";
import { sameShape } from "../wasm/layout.ts";
import { readNow } from "./read.ts";

/** A part of an axis: `count` elements from `start`, each `step` after the one before, backwards if negative. */
export interface Part {
  /** The first element. */
  readonly start: number;
  /** From one element to the next. */
  readonly step: number;
  /** How many. */
  readonly count: number;
}

/** What an item means for the axis it stands for; `null` for a new axis. */
export type Meaning = Part | number | NDArray | null;

/** Texts that were read before. */
const texts = new Map<string, Slice>();

/** The slice that a text says. */
export function sliceOf(text: string): Slice {
  let found = texts.get(text);
  if (found === undefined) {
    found = slice.parse(text);
    // Programs write few texts; whoever makes them up pays for reading them.
    if (texts.size < 1000) texts.set(text, found);
  }
  return found;
}

/** What a slice is of an axis, by Python's rules. */
export function partOf({ start, stop, step: given }: Slice, size: number): Part {
  const step = given ?? 1;
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const place = (bound: number): number => bound < 0 ? Math.max(bound + size, least) : bound > most ? most : bound;
  const first = start === null ? (step > 0 ? least : most) : place(start);
  const end = stop === null ? (step > 0 ? most : least) : place(stop);
  return { start: first, step, count: Math.max(Math.ceil((end - first) / step), 0) };
}

/** The places of a slice along an axis. */
export function sliceRange(slice: Slice, size: number): number[] {
  const { start, step, count } = partOf(slice, size);
  return Array.from({ length: count }, (_, k) => start + k * step);
}

/** The error for an index that names more axes than there are. */
export function tooManyItems(op: string, named: number, shape: Shape): RangeError {
  return new RangeError(
    `Cannot ${op}: the index names ${named} axes of an array of shape [${shape}], which has ${shape.length}; ` +
      "leave items out",
  );
}

/** The error for a place along an axis without elements. */
export function emptyAxis(op: string, axis: number, shape: Shape): RangeError {
  return new RangeError(
    `Cannot ${op}: axis ${axis} of an array of shape [${shape}] has no places; take a slice of it, or another axis`,
  );
}

/** The error for an item that is nothing an index is made of. */
export function badItem(op: string, item: unknown): TypeError {
  if (typeof item === "boolean" || item instanceof NDArray && item.dtype === "bool") {
    return new TypeError(
      `Cannot ${op}: an item of the index is a single boolean; pass an array of booleans for a mask, or null ` +
        "for a new axis",
    );
  }
  if (typeof item === "number") {
    return new TypeError(`Cannot ${op}: an item of the index is ${item}; pass a whole number, as Math.round gives it`);
  }
  if (item instanceof NDArray) {
    return new TypeError(
      `Cannot ${op}: an item of the index is an array of ${item.dtype}; pass integers, by astype("int32"), or booleans`,
    );
  }
  if (Array.isArray(item)) {
    return new TypeError(`Cannot ${op}: an item of the index is a list; make an array of it, by pz.np.array(list)`);
  }
  return new TypeError(
    `Cannot ${op}: an item of the index is ${kindOf(item)}; pass integers, slices or texts such as "1:3", ` +
      "ELLIPSIS, null, or arrays of integers or booleans",
  );
}

/** The places of the elements of a mask that are true, along each of its axes. They are read now. */
export function placesOfMask(op: string, mask: NDArray): NDArray[] {
  const { shape } = mask;
  const elements = readNow(op, mask);
  const places: number[][] = shape.map(() => []);
  const place = new Array<number>(shape.length).fill(0);
  for (let k = 0; k < elements.length; k++) {
    if (elements[k] !== 0) place.forEach((at, axis) => places[axis]!.push(at));
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]!; axis--) place[axis] = 0;
  }
  return places.map((list) => fromElements(list, [list.length], "int32"));
}

function isMask(item: unknown): item is NDArray {
  return item instanceof NDArray && item.dtype === "bool";
}

/** Items as arrays, numbers and slices. */
function itemOf(op: string, item: IndexItem): Slice | number | NDArray | null | typeof ELLIPSIS {
  if (item === null || item === ELLIPSIS || item instanceof Slice) return item;
  if (typeof item === "string") return item === "..." ? ELLIPSIS : sliceOf(item);
  if (typeof item === "number" || typeof item === "bigint") {
    if (!Number.isInteger(Number(item))) throw badItem(op, item);
    return Number(item);
  }
  const isTyped = ArrayBuffer.isView(item) && !(item instanceof DataView);
  if (!(item instanceof NDArray) && !isTyped) throw badItem(op, item);
  const array = asArray(op, item);
  const isMaskOrPlaces = array.dtype === "bool" ? array.shape.length > 0 : array.dtype !== "prngKey";
  if (!isMaskOrPlaces || isFloating(array.dtype)) throw badItem(op, array);
  return array;
}

/**
 * What the items of an index mean, for each axis.
 *
 * @param op The function, for errors.
 * @param shape The shape of the array.
 * @param items The items.
 * @returns The meanings, in the order of the items; axes that no item names are whole. Masks have become places.
 * @throws {RangeError} If more axes are named than there are.
 * @throws {TypeError} If an item is nothing an index is made of.
 */
export function meanings(op: string, shape: Shape, items: readonly IndexItem[]): Meaning[] {
  const own = items.map((item) => itemOf(op, item));
  const named = own.reduce<number>(
    (sum, item) => sum + (item === null || item === ELLIPSIS ? 0 : isMask(item) ? item.shape.length : 1),
    0,
  );
  const dots = own.filter((item) => item === ELLIPSIS).length;
  if (dots > 1) {
    throw new RangeError(`Cannot ${op}: the index has ${dots} ellipses; keep one of them`);
  }
  if (named > shape.length) throw tooManyItems(op, named, shape);
  if (dots === 0) own.push(ELLIPSIS);
  const found: Meaning[] = [];
  let axis = 0;
  for (const item of own) {
    if (item === null) {
      found.push(null);
    } else if (item === ELLIPSIS) {
      for (let k = named; k < shape.length; k++) found.push({ start: 0, step: 1, count: shape[axis++]! });
    } else if (item instanceof Slice) {
      found.push(partOf(item, shape[axis++]!));
    } else if (isMask(item)) {
      const covered = shape.slice(axis, axis + item.shape.length);
      if (!sameShape(covered, item.shape)) throw maskError(op, item.shape, axis, shape);
      found.push(...placesOfMask(op, item));
      axis += item.shape.length;
    } else {
      found.push(item);
      axis++;
    }
  }
  return found;
}

/** The error for a mask of another shape than the axes it stands for. */
export function maskError(op: string, mask: Shape, axis: number, shape: Shape): ValueError {
  return new ValueError(`Cannot ${op}: a mask does not have the shape of the axes that it stands for`, {
    op,
    actual: `a mask of shape [${mask}] at axis ${axis} of an array of shape [${shape}]`,
    expected: `[${shape.slice(axis, axis + mask.length)}]`,
    remedy: "make the mask of the array itself, as pz.np.greater(x, 0) does",
    code: "mask-shape",
  });
}
