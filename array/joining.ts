/**
 * Arrays put together, and taken apart into views.
 *
 * @module
 */

import { asArray, kindOf } from "../core/constant.ts";
import { arrayDtype } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { concatenate as concatenateOp } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { expandDims } from "../ops/expand_dims.ts";
import { reshape } from "../ops/reshape.ts";
import { sliceInDim } from "../ops/slice.ts";
import { squeeze } from "../ops/expand_dims.ts";
import { sameShape } from "../wasm/layout.ts";
import { promoteDtypes } from "./promote.ts";
import { readNow } from "./read.ts";
import { atleast1d, atleast2d, atleast3d, ravel } from "./reshaping.ts";

/** Arrays, as a list or along the first axis of one array. */
export type Arrays = readonly ArrayLike[] | NDArray;

/** Along which axis to put arrays together. */
export interface JoinOptions {
  /** The axis: 0 if left out; the flattened arrays if `null`. */
  readonly axis?: number | null;
  /** The dtype of the result; the least upper bound of theirs if left out. */
  readonly dtype?: string;
}

/** A new axis to put arrays together along. */
export interface StackOptions {
  /** Its place in the result: 0 if left out. */
  readonly axis?: number;
  /** The dtype of the result; the least upper bound of theirs if left out. */
  readonly dtype?: string;
}

/** Along which axis to take an array apart. */
export interface SplitOptions {
  /** The axis: 0 if left out. */
  readonly axis?: number;
}

/** Into how many equal parts to cut, or before which places; an array of these is read now. */
export type Sections = number | readonly number[] | NDArray;

/** Lists of arrays, of lists of arrays, and so on. */
export type Blocks = ArrayLike | readonly Blocks[];

/** The arrays of a list, of one dtype. */
function joinable(op: string, arrays: Arrays, dtype?: string): NDArray[] {
  const list: readonly ArrayLike[] = arrays instanceof NDArray ? parts(op, arrays, 0) : arrays;
  if (!Array.isArray(list)) {
    throw new TypeError(`Cannot ${op}: the arrays are ${kindOf(arrays)}; pass a list of arrays`);
  }
  if (list.length === 0) {
    throw new ValueError(`Cannot ${op}: there are no arrays`, {
      op,
      operand: "arrays",
      actual: "an empty list",
      expected: "at least one array",
      remedy: "make an empty array by np.zeros([0])",
      code: "no-arrays",
    });
  }
  const own = list.map((x) => asArray(op, x));
  if (own.every((x) => x.dtype === "prngKey")) return own;
  if (dtype === undefined) return promoteDtypes(op, own);
  const type = { dtype: arrayDtype(op, dtype), weakType: false };
  return own.map((x) => convertElementType(x, type));
}

/** Puts arrays together that differ along one axis alone. */
function join(op: string, arrays: readonly NDArray[], axis: number): NDArray {
  const [first] = arrays;
  const along = normalizeAxis(op, axis, first!.shape.length);
  for (const { shape } of arrays) {
    if (shape.length === first!.shape.length && shape.every((size, at) => at === along || size === first!.shape[at])) {
      continue;
    }
    throw new ValueError(`Cannot ${op}: the shapes do not fit each other`, {
      op,
      operand: "arrays",
      actual: arrays.map((x) => `[${x.shape}]`).join(", "),
      expected: `as many axes, and equal sizes but along axis ${along}`,
      remedy: "expand dimensions, or broadcast the arrays first",
      code: "concatenate",
    });
  }
  return concatenateOp(arrays, along);
}

/**
 * Puts arrays next to each other along an axis.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[1, 2]]);
 * assert.deepEqual(pz.np.concatenate([x, x], { axis: 1 }).tolist(), [[1, 2, 1, 2]]);
 * ```
 *
 * @param arrays At least one, all with as many axes.
 * @param options The axis.
 * @returns The array of all of them.
 * @throws {ValueError} If there are none, or their shapes do not fit.
 *
 * JAX: `jax.numpy.concatenate`.
 */
export function concatenate(arrays: Arrays, options: JoinOptions = {}): NDArray {
  const { axis = 0, dtype } = options;
  const own = joinable("concatenate", arrays, dtype);
  return axis === null ? concatenateOp(own.map((x) => ravel(x)), 0) : join("concatenate", own, axis);
}

/**
 * The same as {@linkcode concatenate}.
 *
 * @param arrays At least one, all with as many axes.
 * @param options The axis.
 * @returns The array of all of them.
 *
 * JAX: `jax.numpy.concat`.
 */
export function concat(arrays: Arrays, options: JoinOptions = {}): NDArray {
  return concatenate(arrays, options);
}

/**
 * Puts arrays of one shape next to each other along a new axis.
 *
 * @param arrays At least one.
 * @param options The place of the axis.
 * @returns The array of all of them.
 * @throws {ValueError} If there are none, or their shapes differ.
 *
 * JAX: `jax.numpy.stack`.
 */
export function stack(arrays: Arrays, options: StackOptions = {}): NDArray {
  const { axis = 0, dtype } = options;
  const own = joinable("stack", arrays, dtype);
  const { shape } = own[0]!;
  const along = normalizeAxis("stack", axis, shape.length + 1);
  if (!own.every((x) => sameShape(x.shape, shape))) {
    throw new ValueError("Cannot stack: the shapes differ", {
      op: "stack",
      operand: "arrays",
      actual: own.map((x) => `[${x.shape}]`).join(", "),
      expected: "arrays of one shape",
      remedy: "broadcast the arrays first, or use np.concatenate along an axis that is there",
      code: "stack",
    });
  }
  return concatenateOp(own.map((x) => expandDims(x, [along])), along);
}

/**
 * Puts arrays below each other: along the first axis, lists as rows.
 *
 * @param arrays At least one.
 * @param options The dtype of the result.
 * @returns The array of all of them.
 *
 * JAX: `jax.numpy.vstack`.
 */
export function vstack(arrays: Arrays, options: { readonly dtype?: string } = {}): NDArray {
  return join("vstack", joinable("vstack", arrays, options.dtype).map((x) => atleast2d(x)), 0);
}

/**
 * Puts arrays beside each other: along the second axis, lists along their only one.
 *
 * @param arrays At least one.
 * @param options The dtype of the result.
 * @returns The array of all of them.
 *
 * JAX: `jax.numpy.hstack`.
 */
export function hstack(arrays: Arrays, options: { readonly dtype?: string } = {}): NDArray {
  const own = joinable("hstack", arrays, options.dtype).map((x) => atleast1d(x));
  return join("hstack", own, own[0]!.shape.length === 1 ? 0 : 1);
}

/**
 * Puts arrays behind each other: along the third axis.
 *
 * @param arrays At least one.
 * @param options The dtype of the result.
 * @returns The array of all of them.
 *
 * JAX: `jax.numpy.dstack`.
 */
export function dstack(arrays: Arrays, options: { readonly dtype?: string } = {}): NDArray {
  return join("dstack", joinable("dstack", arrays, options.dtype).map((x) => atleast3d(x)), 2);
}

/**
 * Puts arrays beside each other, lists as columns.
 *
 * @param arrays At least one.
 * @returns The array of all of them.
 *
 * JAX: `jax.numpy.column_stack`.
 */
export function columnStack(arrays: Arrays): NDArray {
  const columns = joinable("columnStack", arrays).map((x) => x.shape.length < 2 ? reshape(x, [x.shape[0] ?? 1, 1]) : x);
  return join("columnStack", columns, 1);
}

/**
 * Puts values at the end of an array.
 *
 * @param x The array.
 * @param values The values.
 * @param options The axis; both flattened if left out.
 * @returns The array of both.
 * @throws {ValueError} If the shapes do not fit.
 *
 * JAX: `jax.numpy.append`.
 */
export function append(x: ArrayLike, values: ArrayLike, options: { readonly axis?: number | null } = {}): NDArray {
  const { axis = null } = options;
  // Types meet before they are arrays, so that scalars stay weak.
  const both = promoteDtypes("append", [x, values]);
  return axis === null ? concatenateOp(both.map((own) => ravel(own)), 0) : join("append", both, axis);
}

/**
 * Puts blocks together: those of the innermost lists along the last axis, these along the one before it, and so on.
 *
 * @param blocks Lists of lists of arrays.
 * @returns The array of all of them.
 * @throws {ValueError} If lists differ in depth, or are empty, or shapes do not fit.
 *
 * JAX: `jax.numpy.block`.
 */
export function block(blocks: Blocks): NDArray {
  return blockOf(blocks)[0];
}

function blockOf(blocks: Blocks): readonly [NDArray, depth: number] {
  if (!Array.isArray(blocks)) return [asArray("block", blocks), 1];
  const inner = (blocks as readonly Blocks[]).map(blockOf);
  const depth = inner[0]?.[1] ?? 0;
  if (inner.length === 0 || inner.some(([, own]) => own !== depth)) {
    throw new ValueError("Cannot block: the lists are not of one depth", {
      op: "block",
      operand: "blocks",
      actual: inner.length === 0 ? "an empty list" : "arrays and lists side by side",
      expected: "lists of one depth, none of them empty",
      remedy: "give every array as many brackets",
      code: "block-depth",
    });
  }
  const rank = Math.max(depth, ...inner.map(([x]) => x.shape.length));
  const arrays = joinable("block", inner.map(([x]) => x)).map((x) =>
    reshape(x, [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape])
  );
  return [join("block", arrays, -depth), depth + 1];
}

function parts(op: string, x: NDArray, axis: number): NDArray[] {
  const along = normalizeAxis(op, axis, x.shape.length);
  return Array.from(
    { length: x.shape[along]! },
    (_, at) => squeeze(sliceInDim(x, at, at + 1, along), [along]),
  );
}

/**
 * The slices along an axis: views.
 *
 * @param x The array.
 * @param options The axis.
 * @returns One for each place along the axis, which they lack.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.numpy.unstack`.
 */
export function unstack(x: ArrayLike, options: SplitOptions = {}): NDArray[] {
  return parts("unstack", asArray("unstack", x), options.axis ?? 0);
}

/** Views between cuts. */
function cut(x: NDArray, places: globalThis.ArrayLike<number>, axis: number): NDArray[] {
  const cuts = Array.from(places);
  const size = x.shape[axis]!;
  const place = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  return [...cuts, size].map((end, k) => {
    const [from, to] = [k === 0 ? 0 : place(cuts[k - 1]!), k === cuts.length ? size : place(end)];
    return sliceInDim(x, from, Math.max(from, to), axis);
  });
}

function splitAs(
  op: string,
  x: NDArray,
  sections: Sections,
  axis: number,
  mayDiffer: boolean,
): NDArray[] {
  const along = normalizeAxis(op, axis, x.shape.length);
  if (typeof sections !== "number") {
    return cut(x, sections instanceof NDArray ? readNow(op, sections) : sections, along);
  }
  const size = x.shape[along]!;
  if (!Number.isInteger(sections) || sections < 1 || !mayDiffer && size % sections !== 0) {
    throw new ValueError(`Cannot ${op}: the axis has no such number of equal parts`, {
      op,
      operand: "indicesOrSections",
      actual: `${sections} parts of axis ${along}, which has ${size} elements`,
      expected: mayDiffer ? "a whole number from 1" : "a number that divides it",
      remedy: mayDiffer ? "round it" : "use np.arraySplit for parts that differ, or give the places of cuts as a list",
      code: "split",
    });
  }
  const [least, longer] = [Math.floor(size / sections), size % sections];
  const cuts = Array.from({ length: sections - 1 }, (_, k) => (k + 1) * least + Math.min(k + 1, longer));
  return cut(x, cuts, along);
}

/**
 * Takes an array apart along an axis: views.
 *
 * @param x The array.
 * @param indicesOrSections The number of equal parts, or the places of cuts.
 * @param options The axis.
 * @returns The parts.
 * @throws {ValueError} If the axis cannot be cut into so many equal parts.
 *
 * JAX: `jax.numpy.split`.
 */
export function split(
  x: ArrayLike,
  indicesOrSections: Sections,
  options: SplitOptions = {},
): NDArray[] {
  return splitAs("split", asArray("split", x), indicesOrSections, options.axis ?? 0, false);
}

/**
 * As {@linkcode split}, but parts may differ by one: the first ones are longer.
 *
 * @param x The array.
 * @param indicesOrSections The number of parts, or the places of cuts.
 * @param options The axis.
 * @returns The parts.
 *
 * JAX: `jax.numpy.array_split`.
 */
export function arraySplit(
  x: ArrayLike,
  indicesOrSections: Sections,
  options: SplitOptions = {},
): NDArray[] {
  return splitAs("arraySplit", asArray("arraySplit", x), indicesOrSections, options.axis ?? 0, true);
}

/**
 * As {@linkcode split} along the second axis, of lists along their only one.
 *
 * @param x The array.
 * @param indicesOrSections The number of equal parts, or the places of cuts.
 * @returns The parts.
 *
 * JAX: `jax.numpy.hsplit`.
 */
export function hsplit(x: ArrayLike, indicesOrSections: Sections): NDArray[] {
  const own = atleast1d(asArray("hsplit", x));
  return splitAs("hsplit", own, indicesOrSections, own.shape.length === 1 ? 0 : 1, false);
}

/**
 * As {@linkcode split} along the first axis.
 *
 * @param x The array.
 * @param indicesOrSections The number of equal parts, or the places of cuts.
 * @returns The parts.
 *
 * JAX: `jax.numpy.vsplit`.
 */
export function vsplit(x: ArrayLike, indicesOrSections: Sections): NDArray[] {
  return splitAs("vsplit", asArray("vsplit", x), indicesOrSections, 0, false);
}

/**
 * As {@linkcode split} along the third axis.
 *
 * @param x The array.
 * @param indicesOrSections The number of equal parts, or the places of cuts.
 * @returns The parts.
 *
 * JAX: `jax.numpy.dsplit`.
 */
export function dsplit(x: ArrayLike, indicesOrSections: Sections): NDArray[] {
  return splitAs("dsplit", asArray("dsplit", x), indicesOrSections, 2, false);
}
