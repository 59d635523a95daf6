/**
 * Elements at places along an axis, and the places of elements.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { TakeOptions } from "../core/options.ts";
import type { TypeOf } from "../core/promotion.ts";
import { broadcastShapes, normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { cumsum } from "../ops/cumsum.ts";
import { gather, type GatherRule } from "../ops/gather.ts";
import { rem } from "../ops/rem.ts";
import { reshape } from "../ops/reshape.ts";
import { scatter } from "../ops/scatter.ts";
import { select } from "../ops/select.ts";
import { filled } from "../ops/zeros.ts";
import { broadcasted } from "./_shapes.ts";
import { fromStart } from "./_index_plan.ts";
import { columnOf, takeRows } from "./_rows.ts";
import { asType } from "./promote.ts";
import { ravel } from "./reshaping.ts";
import { resize } from "./repeating.ts";

/** Options of {@linkcode takeAlongAxis}. */
export interface TakeAlongOptions {
  /** What to do with places outside: "fill" if left out. */
  readonly mode?: "fill" | "clip" | "promise_in_bounds";
  /** What "fill" fills with. */
  readonly fillValue?: number | boolean;
}

/** Options of {@linkcode putAlongAxis}. */
export interface PutAlongOptions {
  /** What to do with places outside: nothing if left out. */
  readonly mode?: "fill" | "drop" | "clip" | "promise_in_bounds";
  /** Arrays never change: only `false` is taken. */
  readonly inplace?: false;
}

/** Options of {@linkcode put}. */
export interface PutOptions {
  /** What to do with places outside: the nearest if left out; "clip" takes negative ones for outside, too. */
  readonly mode?: "clip" | "wrap";
  /** Arrays never change: only `false` is taken. */
  readonly inplace?: false;
}

/** Indices as an array of integers. */
function asIndices(op: string, indices: ArrayLike): NDArray {
  const own = asArray(op, indices);
  if (!isFloating(own.dtype) && own.dtype !== "prngKey") return own;
  throw new TypeError(`Cannot ${op}: the indices are ${own.dtype}; pass integers, by astype("int32")`);
}

const INT32 = { dtype: "int32", weakType: false } as const;

/** The remainder of places, from 0 to `size - 1`. */
function wrapped(places: NDArray, size: number): NDArray {
  const whole = filled(size, { shape: places.shape, ...INT32 });
  return rem(add(rem(convertElementType(places, INT32), whole), whole), whole);
}

function fillOf(fillValue: number | boolean | undefined): number | null {
  return fillValue === undefined ? null : Number(fillValue);
}

/** The error for a mode that a function does not know. */
function modeError(op: string, mode: string, expected: string): ValueError {
  return new ValueError(`Cannot ${op}: there is no such mode`, {
    op,
    operand: "mode",
    actual: JSON.stringify(mode),
    expected,
    remedy: "name one of these, or leave it out",
    code: "index-mode",
  });
}

/** Indices and a rule for the modes of {@linkcode take}. */
function taking(op: string, indices: NDArray, size: number, options: TakeOptions): readonly [NDArray, GatherRule] {
  const { mode = "fill", fillValue } = options;
  switch (mode) {
    case "fill":
    case "drop":
      return [fromStart(indices, size), { mode: "fill", fillValue: fillOf(fillValue) }];
    case "clip":
    case "promise_in_bounds":
      // Negative places are not counted from the end here, but outside.
      return [convertElementType(indices, INT32), { mode: "clip" }];
    case "wrap":
      return [wrapped(indices, size), { mode: "clip" }];
    default:
      throw modeError(op, mode, '"fill", "clip" or "wrap"');
  }
}

/**
 * Takes elements or slices at places along an axis.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[1, 2], [3, 4], [5, 6]]);
 * assert.deepEqual(pz.np.take(x, pz.np.array([2, 0]), { axis: 0 }).tolist(), [[5, 6], [1, 2]]);
 * ```
 *
 * @param x The array.
 * @param indices The places. With "fill" and "wrap" negative ones count from the end.
 * @param options The axis, and what to do with places outside: fill with NaN or the dtype's extreme if left out.
 * @returns The elements; the axes of `indices` stand in the place of the axis.
 * @throws {TypeError} If the indices are no integers.
 * @throws {ValueError} If there is no such axis, or it has no places.
 *
 * JAX: `jax.numpy.take`.
 */
export function take(x: ArrayLike, indices: ArrayLike, options: TakeOptions = {}): NDArray {
  const { axis } = options;
  const isFlat = axis === undefined || axis === null;
  const own = isFlat ? ravel(asArray("take", x)) : asArray("take", x);
  const along = isFlat ? 0 : normalizeAxis("take", axis, own.shape.length);
  const places = asIndices("take", indices);
  const size = own.shape[along]!;
  if (size === 0 && places.size > 0) {
    throw new ValueError("Cannot take: the axis has no elements", {
      op: "take",
      actual: `axis ${along} of an array of shape [${own.shape}]`,
      expected: "at least one element, or no indices",
      remedy: "name another axis",
      code: "take-empty",
    });
  }
  if (size === 0) {
    const shape = [...own.shape.slice(0, along), ...places.shape, ...own.shape.slice(along + 1)];
    return reshape(own, shape);
  }
  const [rows, rule] = taking("take", places, size, options);
  return takeRows(own, rows, along, rule);
}

/** Places along an axis and an array with as many axes; both flattened if there is no axis. */
function alongAxis(
  op: string,
  x: ArrayLike,
  indices: ArrayLike,
  axis: number | null | undefined,
): readonly [x: NDArray, places: NDArray, axis: number] {
  const isFlat = axis === null || axis === undefined;
  const own = isFlat ? ravel(asArray(op, x)) : asArray(op, x);
  const places = asIndices(op, indices);
  if (places.shape.length !== own.shape.length) {
    throw new ValueError(`Cannot ${op}: the indices do not have as many axes as the array`, {
      op,
      operand: "indices",
      actual: `indices of shape [${places.shape}] for ${isFlat ? "a flattened" : "an"} array of shape [${own.shape}]`,
      expected: `${own.shape.length} axes`,
      remedy: "expand dimensions of the indices, or use np.take",
      code: "along-axis",
    });
  }
  return [own, places, isFlat ? 0 : normalizeAxis(op, axis, own.shape.length)];
}

/**
 * Takes for each line along an axis the elements at its own places.
 *
 * @param x The array.
 * @param indices The places; as many axes as `x`, and sizes that broadcast but for the axis. Negative ones count from
 *   the end.
 * @param axis The axis; the flattened array if `null`.
 * @param options What to do with places outside: fill with NaN or the dtype's extreme if left out.
 * @returns The elements, of the shape of the indices.
 * @throws {TypeError} If the indices are no integers.
 * @throws {ValueError} If the shapes do not fit.
 *
 * JAX: `jax.numpy.take_along_axis`.
 */
export function takeAlongAxis(
  x: ArrayLike,
  indices: ArrayLike,
  axis: number | null,
  options: TakeAlongOptions = {},
): NDArray {
  const [own, places, along] = alongAxis("takeAlongAxis", x, indices, axis);
  const size = own.shape[along]!;
  const of = own.shape.map((length, at) => at === along ? 1 : length);
  const shape = broadcastShapes("takeAlongAxis", [places.shape, of]);
  if (size === 0) return filled(0, { ...own, shape });
  // Where indices repeat, windows are as wide as the array; where both have places, they go together.
  const [offsetDims, collapsed, batching, kept]: number[][] = [[], [], [], []];
  own.shape.forEach((length, at) => {
    const isRepeated = at !== along && places.shape[at] === 1;
    if (isRepeated) offsetDims!.push(at);
    else kept!.push(at);
    if (at === along || !isRepeated && length === 1) collapsed!.push(at);
    else if (!isRepeated) batching!.push(at);
  });
  const rows = reshape(fromStart(places, size), kept!.map((at) => at === along ? places.shape[at]! : shape[at]!));
  const mode = options.mode === undefined || options.mode === "fill" ? "fill" : "clip";
  return gather(
    own,
    columnOf(rows),
    {
      offsetDims: offsetDims!,
      collapsedSliceDims: collapsed!,
      startIndexMap: [along],
      operandBatchingDims: batching!,
      startIndicesBatchingDims: batching!.map((at) => kept!.indexOf(at)),
    },
    own.shape.map((length, at) => offsetDims!.includes(at) ? length : 1),
    { mode, fillValue: fillOf(options.fillValue) },
  );
}

/**
 * Puts for each line along an axis values at its own places. The array does not change: the result is a new one.
 *
 * @param x The array.
 * @param indices The places; as many axes as `x`, and sizes that broadcast but for the axis. Negative ones count from
 *   the end.
 * @param values What to put there, cast to the dtype of `x`: broadcast to the indices.
 * @param axis The axis; the flattened array if `null`.
 * @param options What to do with places outside: nothing if left out.
 * @returns The new array.
 * @throws {TypeError} If the indices are no integers.
 * @throws {ValueError} If the shapes do not fit.
 *
 * JAX: `jax.numpy.put_along_axis`.
 */
export function putAlongAxis(
  x: ArrayLike,
  indices: ArrayLike,
  values: ArrayLike,
  axis: number | null,
  options: PutAlongOptions = {},
): NDArray {
  const whole = asArray("putAlongAxis", x);
  const [own, places, along] = alongAxis("putAlongAxis", whole, indices, axis);
  const { dtype, weakType, shape: full } = own;
  const news = asType("putAlongAxis", values, { dtype, weakType } as TypeOf);
  const updates = broadcasted("putAlongAxis", news, places.shape);
  const shape = full.map((size, at) => at === along ? places.shape[at]! : size);
  const rows = broadcasted("putAlongAxis", fromStart(places, full[along]!), shape);
  const others = full.map((_, at) => at).filter((at) => at !== along);
  if (shape.includes(0)) return whole;
  const put = scatter(
    "set",
    own,
    columnOf(rows),
    broadcastTo(updates, shape),
    {
      updateWindowDims: [],
      insertedWindowDims: [along],
      scatterDimsToOperandDims: [along],
      operandBatchingDims: others,
      scatterIndicesBatchingDims: others,
    },
    { mode: options.mode === "clip" ? "clip" : "fill" },
  );
  return reshape(put, whole.shape);
}

/**
 * Puts values at places of the flattened array. The array does not change: the result is a new one.
 *
 * @param x The array.
 * @param indices The places; negative ones count from the end.
 * @param values What to put there, cast to the dtype of `x`: repeated if there are too few.
 * @param options What to do with places outside: the nearest if left out.
 * @returns The new array, of the shape of `x`.
 * @throws {TypeError} If the indices are no integers.
 *
 * JAX: `jax.numpy.put`.
 */
export function put(x: ArrayLike, indices: ArrayLike, values: ArrayLike, options: PutOptions = {}): NDArray {
  const own = asArray("put", x);
  const places = ravel(asIndices("put", indices));
  const { dtype, weakType } = own;
  const news = asType("put", values, { dtype, weakType } as TypeOf);
  if (own.size === 0 || places.size === 0 || news.size === 0) return own;
  const { mode } = options;
  if (mode !== undefined && mode !== "clip" && mode !== "wrap") throw modeError("put", mode, '"clip" or "wrap"');
  const rows = mode === "wrap"
    ? wrapped(places, own.size)
    : mode === "clip"
    ? convertElementType(places, INT32)
    : fromStart(places, own.size);
  const numbers = { updateWindowDims: [], insertedWindowDims: [0], scatterDimsToOperandDims: [0] };
  const updates = resize(news, places.size);
  return reshape(
    scatter("set", ravel(own), columnOf(rows), updates, numbers, { mode: "clip" }),
    own.shape,
  );
}

/**
 * Puts values where a mask is true, one after the other. The array does not change: the result is a new one.
 *
 * @param x The array.
 * @param mask Which elements; of the size of `x`.
 * @param values What to put there, cast to the dtype of `x`: repeated if there are too few.
 * @returns The new array.
 * @throws {ValueError} If the mask has another size, or there are no values.
 *
 * JAX: `jax.numpy.place`.
 */
export function place(
  x: ArrayLike,
  mask: ArrayLike,
  values: ArrayLike,
  _options: { readonly inplace?: false } = {},
): NDArray {
  const own = asArray("place", x);
  const chosen = ravel(convertElementType(asArray("place", mask), { dtype: "bool", weakType: false }));
  const { dtype, weakType } = own;
  const news = ravel(asType("place", values, { dtype, weakType } as TypeOf));
  if (chosen.size !== own.size || news.size === 0 && own.size > 0) {
    throw new ValueError("Cannot place: the mask or the values do not fit", {
      op: "place",
      actual: `a mask of ${chosen.size} and ${news.size} values for ${own.size} elements`,
      expected: "a mask of as many elements as the array, and at least one value",
      remedy: "make the mask of the array itself",
      code: "place",
    });
  }
  if (own.size === 0) return own;
  // How many are true before each: the number of its value.
  const turn = rem(
    add(cumsum(convertElementType(chosen, INT32), 0), filled(news.size - 1, { shape: chosen.shape, ...INT32 })),
    filled(news.size, { shape: chosen.shape, ...INT32 }),
  );
  return reshape(select(chosen, takeRows(news, turn, 0, { mode: "clip" }), ravel(own)), own.shape);
}
