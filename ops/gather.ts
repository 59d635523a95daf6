/**
 * Windows by index.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { bitsOf } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, LinearOperand, neverView, type Primitive, Zero } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import { gatherNd } from "../wasm/kernels/gather_nd.ts";
import { isArray, moveBatch } from "./_rules.ts";
import { joinAxes, shifted, type WindowMode, type Windows, windowsShape, windowViews, withPlaces } from "./_windows.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";
import { reshape } from "./reshape.ts";
import { scatterAdd } from "./scatter.ts";
import { slice } from "./slice.ts";
import { filled } from "./zeros.ts";

/** Where windows lie in the operand and in the result, as XLA names it. */
export interface GatherDimensionNumbers {
  /** The axes of the result that are axes of windows, rising. */
  readonly offsetDims: readonly number[];
  /** The axes of the operand that are one element wide in windows, and not axes of the result; they rise. */
  readonly collapsedSliceDims: readonly number[];
  /** For each number of an index, the axis of the operand that it is a place along. */
  readonly startIndexMap: readonly number[];
  /** The axes of the operand that go with axes of the indices; they rise. */
  readonly operandBatchingDims?: readonly number[];
  /** The axes of the indices that these go with. */
  readonly startIndicesBatchingDims?: readonly number[];
}

/** Parameters of a gather. */
export interface GatherParams extends Windows {
  /** The window, along each axis of the operand. */
  readonly sliceSizes: Shape;
  /** What windows mean that are not wholly inside. */
  readonly mode: WindowMode;
  /** What "fill" fills with; `null` for NaN, the lowest signed or the highest unsigned number, or true. */
  readonly fillValue: number | null;
}

/** Options of {@linkcode gather}. */
export interface GatherRule {
  /** What windows mean that are not wholly inside; "fill" if left out. */
  readonly mode?: WindowMode;
  /** What "fill" fills with. */
  readonly fillValue?: number | null;
}

/** The sizes of windows along the axes that they have in the result. */
function windowOf({ sliceSizes, collapsedDims }: GatherParams): Shape {
  return sliceSizes.filter((_, axis) => !collapsedDims.includes(axis));
}

function numbersOf({ windowDims, collapsedDims, indexMap }: Windows): GatherDimensionNumbers {
  return { offsetDims: windowDims, collapsedSliceDims: collapsedDims, startIndexMap: indexMap };
}

/** `y[i…, w…] = x[indices[i…] + w…]`. */
export const gatherPrimitive: Primitive<GatherParams> = definePrimitive({
  name: "gather",
  outputs: ([x, indices], params) => [{
    shape: windowsShape(indices!.shape.slice(0, -1), windowOf(params), params.windowDims),
    dtype: x!.dtype,
    weakType: x!.weakType,
  }],
  view: neverView,
  lower: ([output], [x, indices], params) => {
    const { sliceSizes, mode, fillValue } = params;
    const [array, places, windows] = windowViews(x!, indices!, output!, sliceSizes, params);
    const { dtype } = x!;
    const fill = fillValue === null ? {} : {
      fillValue: isFloating(dtype) && dtype !== "float32" || dtype === "bool" ? bitsOf(fillValue, dtype) : fillValue,
    };
    gatherNd(windows, array, places, { mode: mode === "fill" ? "fill" : "clip", ...fill });
  },
  jvp: ([_x, indices], [dx], [output], params) =>
    isArray(dx) ? [bindOne(gatherPrimitive, [dx, indices!], { ...params, fillValue: 0 })] : [new Zero(output!)],
  transpose: ([ct], [x, indices], params) => {
    if (!(x instanceof LinearOperand)) return [undefined, undefined];
    if (!isArray(ct)) return [new Zero(x.aval), undefined];
    const zeros = filled(0, { ...x.aval, weakType: ct.weakType });
    const { windowDims, collapsedDims, indexMap, mode } = params;
    return [
      scatterAdd(zeros, indices as NDArray, ct, {
        updateWindowDims: windowDims,
        insertedWindowDims: collapsedDims,
        scatterDimsToOperandDims: indexMap,
      }, { mode }),
      undefined,
    ];
  },
  vmap: (_size, [x, indices], [bdim, indicesBdim], params) => {
    const { collapsedSliceDims, startIndexMap, offsetDims } = numbersOf(params);
    const { sliceSizes } = params;
    if (indicesBdim === undefined) {
      const batch = moveBatch(x!, bdim!, 0);
      return [[
        gather(
          batch,
          indices!,
          {
            offsetDims: [0, ...shifted(offsetDims)],
            collapsedSliceDims: shifted(collapsedSliceDims),
            startIndexMap: shifted(startIndexMap),
          },
          [batch.shape[0]!, ...sliceSizes],
          params,
        ),
      ], [0]];
    }
    const places = moveBatch(indices!, indicesBdim, 0);
    if (bdim === undefined) {
      const numbers = { offsetDims: shifted(offsetDims), collapsedSliceDims, startIndexMap };
      return [[gather(x!, places, numbers, sliceSizes, params)], [0]];
    }
    const batch = moveBatch(x!, bdim, 0);
    return [[
      gather(
        batch,
        places,
        {
          offsetDims: shifted(offsetDims),
          collapsedSliceDims: shifted(collapsedSliceDims),
          startIndexMap: shifted(startIndexMap),
          operandBatchingDims: [0],
          startIndicesBatchingDims: [0],
        },
        [Math.min(batch.shape[0]!, 1), ...sliceSizes],
        params,
      ),
    ], [0]];
  },
});

/**
 * Takes windows of an array by index.
 *
 * Axes that go with axes of the indices become places in the indices; the primitive knows of none.
 *
 * @param x An array.
 * @param indices int32 or uint32, `[…i, d]`. Negative ones are outside.
 * @param numbers Where windows lie.
 * @param sliceSizes The window, along each axis of `x`.
 * @param rule What windows mean that are not wholly inside.
 * @returns The windows.
 */
export function gather(
  x: NDArray,
  indices: NDArray,
  numbers: GatherDimensionNumbers,
  sliceSizes: Shape,
  rule: GatherRule = {},
): NDArray {
  const { offsetDims, collapsedSliceDims, startIndexMap, operandBatchingDims = [], startIndicesBatchingDims = [] } =
    numbers;
  if (operandBatchingDims.length > 0) {
    return gather(
      x,
      withPlaces(indices, startIndicesBatchingDims),
      {
        offsetDims,
        collapsedSliceDims: joinAxes(collapsedSliceDims, operandBatchingDims),
        startIndexMap: [...operandBatchingDims, ...startIndexMap],
      },
      sliceSizes,
      rule,
    );
  }
  const { mode = "fill", fillValue = null } = rule;
  if (startIndexMap.length === 0) {
    const window = sliceSizes.filter((_, axis) => !collapsedSliceDims.includes(axis));
    const part = reshape(slice(x, sliceSizes.map(() => 0), sliceSizes), window);
    return broadcastInDim(part, windowsShape(indices.shape.slice(0, -1), window, offsetDims), offsetDims);
  }
  return bindOne(gatherPrimitive, [x, indices], {
    windowDims: offsetDims,
    collapsedDims: collapsedSliceDims,
    indexMap: startIndexMap,
    sliceSizes,
    mode,
    fillValue,
  });
}
