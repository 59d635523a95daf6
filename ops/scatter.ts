/**
 * Windows combined with those of an array, by index.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { PenjingError } from "../errors/mod.ts";
import type { NDArray } from "../core/ndarray.ts";
import {
  definePrimitive,
  type JvpRule,
  LinearOperand,
  neverView,
  notLinear,
  type Primitive,
  type TransposeRule,
  Zero,
} from "../core/primitive.ts";
import type { ScatterKind } from "../wasm/plan.ts";
import { copy } from "../wasm/kernels/copy.ts";
import { scatter as scatterKernel } from "../wasm/kernels/scatter.ts";
import { sizeOf } from "../wasm/layout.ts";
import { batchFirst, isArray, moveBatch } from "./_rules.ts";
import { joinAxes, shifted, type WindowMode, type Windows, windowSizes, windowViews, withPlaces } from "./_windows.ts";
import { scatterExtremeJvp } from "./_scatter_extreme.ts";
import { add } from "./add.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";
import { eq } from "./eq.ts";
import { gather } from "./gather.ts";
import { iota } from "./iota.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { select } from "./select.ts";
import { filled, instantiate } from "./zeros.ts";

/** Where windows lie in the operand and in the updates, as XLA names it. */
export interface ScatterDimensionNumbers {
  /** The axes of the updates that are axes of windows, rising. */
  readonly updateWindowDims: readonly number[];
  /** The axes of the operand that are one element wide in windows, and not axes of the updates; they rise. */
  readonly insertedWindowDims: readonly number[];
  /** For each number of an index, the axis of the operand that it is a place along. */
  readonly scatterDimsToOperandDims: readonly number[];
  /** The axes of the operand that go with axes of the indices; they rise. */
  readonly operandBatchingDims?: readonly number[];
  /** The axes of the indices that these go with. */
  readonly scatterIndicesBatchingDims?: readonly number[];
}

/** Parameters of a scatter. */
export interface ScatterParams extends Windows {
  /** How to combine an element with its update. */
  readonly kind: ScatterKind;
  /** What windows mean that are not wholly inside; "fill" and a promise drop them. */
  readonly mode: WindowMode;
  /** A promise that windows do not overlap, which derivatives are simpler for. */
  readonly uniqueIndices: boolean;
}

/** Options of {@linkcode scatter} and its kin. */
export interface ScatterRule {
  /** What windows mean that are not wholly inside; "fill", which drops them, if left out. */
  readonly mode?: WindowMode;
  /** A promise that windows do not overlap. */
  readonly uniqueIndices?: boolean;
}

/** The windows at the indices, or a number for dropped ones: the inverse of a scatter. */
export function gathered(
  x: NDArray,
  indices: NDArray,
  updates: readonly number[],
  params: ScatterParams,
  fillValue = 0,
): NDArray {
  const { windowDims, collapsedDims, indexMap, mode } = params;
  return gather(
    x,
    indices,
    { offsetDims: windowDims, collapsedSliceDims: collapsedDims, startIndexMap: indexMap },
    windowSizes(x.shape.length, updates, params),
    { mode: mode === "clip" ? "clip" : "fill", fillValue },
  );
}

/** The same scatter of other operands. */
export function again(
  params: ScatterParams,
  kind: ScatterKind,
  x: NDArray,
  indices: NDArray,
  updates: NDArray,
): NDArray {
  return bindOne(scatterPrimitive, [x, indices, updates], { ...params, kind });
}

/** The tangent of a scatter that puts windows in the place of others. */
const setJvp: JvpRule<ScatterParams> = ([x, indices, updates], [dx, , du], _outputs, params) => {
  const [tangent, tangents] = [instantiate(dx!), instantiate(du!)];
  if (params.uniqueIndices) return [again(params, "set", tangent, indices!, tangents)];
  // Windows are numbered from 1 and the numbers scattered: where a window finds its own number it has won.
  const { shape } = updates!;
  const { windowDims } = params;
  const numbered = shape.map((_, axis) => axis).filter((axis) => !windowDims.includes(axis));
  const batch = numbered.map((axis) => shape[axis]!);
  const counted = filled(1, { shape: [sizeOf(batch)], dtype: "uint32", weakType: false });
  const numbers = add(iota("uint32", counted.shape, 0), counted);
  const ids = broadcastInDim(reshape(numbers, batch), shape, numbered);
  const none = filled(0, { shape: x!.shape, dtype: "uint32", weakType: false });
  const winners = again(params, "set", none, indices!, ids);
  const kept = select(eq(winners, none), tangent, filled(0, tangent));
  const won = select(eq(ids, gathered(winners, indices!, shape, params)), tangents, filled(0, tangents));
  return [again(params, "add", kept, indices!, won)];
};

/** The tangent of a scatter that multiplies. */
const mulJvp: JvpRule<ScatterParams> = ([x, indices, updates], [dx, , du], [output], params) => {
  let sum: NDArray | undefined;
  if (isArray(dx)) sum = again(params, "mul", dx, indices!, updates!);
  if (isArray(du)) {
    checkUnique(params);
    const own = mul(x!, again(params, "add", filled(0, x!), indices!, du));
    sum = sum === undefined ? own : add(sum, own);
  }
  return [sum ?? new Zero(output!)];
};

function checkUnique({ kind, uniqueIndices }: ScatterParams): void {
  if (uniqueIndices) return;
  throw new PenjingError(`Cannot differentiate "scatter" that combines by "${kind}"`, {
    op: "scatter",
    actual: "updates that may meet at one place",
    expected: "a promise that no index comes twice",
    remedy: "pass { uniqueIndices: true }, if that is so",
    code: "scatter-unique",
  });
}

const jvp: JvpRule<ScatterParams> = (primals, tangents, outputs, params) => {
  const [x, indices, updates] = primals;
  const [dx, , du] = tangents;
  const { kind } = params;
  if (!isArray(dx) && !isArray(du)) return [new Zero(outputs[0]!)];
  if (kind === "set") return setJvp(primals, tangents, outputs, params);
  if (kind === "mul") return mulJvp(primals, tangents, outputs, params);
  if (kind === "add") return [again(params, kind, instantiate(dx!), indices!, instantiate(du!))];
  return [scatterExtremeJvp(x!, indices!, updates!, outputs[0]!, instantiate(dx!), instantiate(du!), params)];
};

const transpose: TransposeRule<ScatterParams> = (cotangents, inputs, params) => {
  const [ct] = cotangents;
  const [x, indices, updates] = inputs;
  const { kind } = params;
  if (kind === "min" || kind === "max") return notLinear<ScatterParams>("scatter")(cotangents, inputs, params);
  const places = indices as NDArray;
  const of = (operand: NDArray | LinearOperand | undefined, rule: (ct: NDArray) => NDArray) => {
    if (!(operand instanceof LinearOperand)) return undefined;
    return isArray(ct) ? rule(ct) : new Zero(operand.aval);
  };
  const { shape } = updates instanceof LinearOperand ? updates.aval : updates!;
  if (kind === "add") return [of(x, (ct) => ct), undefined, of(updates, (ct) => gathered(ct, places, shape, params))];
  if (kind === "set") {
    checkUnique(params);
    return [
      of(x, (ct) => again(params, "set", ct, places, filled(0, { ...ct, shape }))),
      undefined,
      of(updates, (ct) => gathered(ct, places, shape, params)),
    ];
  }
  if (updates instanceof LinearOperand) checkUnique(params);
  return [
    of(x, (ct) => again(params, "mul", ct, places, updates as NDArray)),
    undefined,
    of(updates, (ct) => gathered(mul(ct, x as NDArray), places, shape, params)),
  ];
};

/** `y = x`, then `y[indices[i…] + w…] = kind(y[indices[i…] + w…], updates[i…, w…])` in the row-major order of `i…`. */
export const scatterPrimitive: Primitive<ScatterParams> = definePrimitive({
  name: "scatter",
  outputs: ([x]) => [{ shape: x!.shape, dtype: x!.dtype, weakType: x!.weakType }],
  view: neverView,
  lower: ([output], [x, indices, updates], params) => {
    copy(output!, x!);
    if (updates!.shape.includes(0)) return;
    // Without the axis of a key's words.
    const rank = params.windowDims.length + params.collapsedDims.length;
    const sizes = windowSizes(rank, updates!.shape, params);
    const [array, places, windows] = windowViews(output!, indices!, updates!, sizes, params);
    scatterKernel(params.kind, array, places, windows, { mode: params.mode === "clip" ? "clip" : "fill" });
  },
  jvp,
  transpose,
  vmap: (size, [x, indices, updates], [bdim, indicesBdim, updatesBdim], params) => {
    const { kind, windowDims, collapsedDims, indexMap } = params;
    const batch = batchFirst(x!, bdim, size);
    const windows = batchFirst(updates!, updatesBdim, size);
    const moved = { insertedWindowDims: shifted(collapsedDims), scatterDimsToOperandDims: shifted(indexMap) };
    if (indicesBdim === undefined) {
      const numbers = { updateWindowDims: [0, ...shifted(windowDims)], ...moved };
      return [[scatter(kind, batch, indices!, windows, numbers, params)], [0]];
    }
    const places = moveBatch(indices!, indicesBdim, 0);
    const numbers = {
      updateWindowDims: shifted(windowDims),
      ...moved,
      operandBatchingDims: [0],
      scatterIndicesBatchingDims: [0],
    };
    return [[scatter(kind, batch, places, windows, numbers, params)], [0]];
  },
});

/**
 * Combines windows with those of an array, by index.
 *
 * Axes that go with axes of the indices become places in the indices; the primitive knows of none.
 *
 * @param kind How to combine an element with its update; of bools "add" is or, "mul" is and.
 * @param x An array.
 * @param indices int32 or uint32, `[…i, d]`. Negative ones are outside.
 * @param updates The windows, of the dtype of `x`.
 * @param numbers Where windows lie.
 * @param rule What windows mean that are not wholly inside, and promises.
 * @returns The new array; of updates that meet the last one wins, or all are combined.
 */
export function scatter(
  kind: ScatterKind,
  x: NDArray,
  indices: NDArray,
  updates: NDArray,
  numbers: ScatterDimensionNumbers,
  rule: ScatterRule = {},
): NDArray {
  const {
    updateWindowDims,
    insertedWindowDims,
    scatterDimsToOperandDims,
    operandBatchingDims = [],
    scatterIndicesBatchingDims = [],
  } = numbers;
  if (operandBatchingDims.length > 0) {
    const all = {
      updateWindowDims,
      insertedWindowDims: joinAxes(insertedWindowDims, operandBatchingDims),
      scatterDimsToOperandDims: [...operandBatchingDims, ...scatterDimsToOperandDims],
    };
    return scatter(kind, x, withPlaces(indices, scatterIndicesBatchingDims), updates, all, rule);
  }
  if (scatterDimsToOperandDims.length === 0) {
    // Indices of no numbers: the first place along some axis.
    const [own, inserted] = x.shape.length === 0 ? [reshape(x, [1]), [0]] : [x, insertedWindowDims];
    const places = filled(0, { shape: [...indices.shape.slice(0, -1), 1], dtype: "int32", weakType: false });
    const all = { updateWindowDims, insertedWindowDims: inserted, scatterDimsToOperandDims: [0] };
    return reshape(scatter(kind, own, places, updates, all, rule), x.shape);
  }
  return bindOne(scatterPrimitive, [x, indices, updates], {
    kind,
    windowDims: updateWindowDims,
    collapsedDims: insertedWindowDims,
    indexMap: scatterDimsToOperandDims,
    mode: rule.mode ?? "fill",
    uniqueIndices: rule.uniqueIndices ?? false,
  });
}

/** Adds windows to those of an array: {@linkcode scatter} of the kind "add". */
export function scatterAdd(
  x: NDArray,
  indices: NDArray,
  updates: NDArray,
  numbers: ScatterDimensionNumbers,
  rule: ScatterRule = {},
): NDArray {
  return scatter("add", x, indices, updates, numbers, rule);
}
