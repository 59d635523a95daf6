/**
 * Products of arrays, summed over axes: every matrix product there is.
 *
 * Axes of the two operands come in pairs: *batch* axes stand in both and in the result, *contracted* ones are summed
 * over, and the *free* ones of each are axes of the result.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, LinearOperand, neverView, notLinear, type Primitive, Zero } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import type { DType } from "../wasm/dtype.ts";
import { lowerDotGeneral } from "./_dot_lowering.ts";
import { isArray, jvpByOperand, moveBatch } from "./_rules.ts";
import { convertElementType } from "./convert_element_type.ts";
import { transpose } from "./transpose.ts";

/** Axes of the first operand, and the axes of the second that they go with. */
export type AxisPairs = readonly [a: readonly number[], b: readonly number[]];

/** Which axes are summed over, which are batches, and the dtype of the result. */
export interface DotGeneralParams {
  /** Axes that are summed over. */
  readonly contracting: AxisPairs;
  /** Axes that stand in both operands and in the result. */
  readonly batch: AxisPairs;
  /** The dtype of the result. */
  readonly dtype: DType;
}

/** The axes of an operand that are neither contracted nor batches. */
export function freeAxes(rank: number, contracting: readonly number[], batch: readonly number[]): number[] {
  const free: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    if (!contracting.includes(axis) && !batch.includes(axis)) free.push(axis);
  }
  return free;
}

function shapeOf(a: Aval, b: Aval, { contracting, batch }: DotGeneralParams): Shape {
  return [
    ...batch[0].map((axis) => a.shape[axis]!),
    ...freeAxes(a.shape.length, contracting[0], batch[0]).map((axis) => a.shape[axis]!),
    ...freeAxes(b.shape.length, contracting[1], batch[1]).map((axis) => b.shape[axis]!),
  ];
}

/**
 * The cotangent of `x`: that of the result times `y`, summed over the free axes of `y`.
 *
 * @param ct The cotangent of the result.
 * @param x The operand that is asked for, of which only the type is known.
 * @param y The other one.
 * @param params As if `x` came first.
 * @param isSecond Whether `x` is the second operand, so that its free axes are the last ones of the result.
 */
function cotangent(ct: NDArray, x: Aval, y: NDArray, params: DotGeneralParams, isSecond: boolean): NDArray {
  const { contracting: [xSummed, ySummed], batch: [xBatch, yBatch] } = params;
  const xFree = freeAxes(x.shape.length, xSummed, xBatch);
  const yFree = freeAxes(y.shape.length, ySummed, yBatch);
  const first = xBatch.length + (isSecond ? 0 : xFree.length);
  const product = dotGeneral(ct, y, {
    contracting: [yFree.map((_, k) => first + k), yFree],
    batch: [xBatch.map((_, k) => k), yBatch],
    preferredElementType: params.dtype,
  });
  // Its axes: batches, free axes of x, then contracted ones in the order in which y has them.
  const summed = ySummed.map((_, k) => k).sort((k, l) => ySummed[k]! - ySummed[l]!).map((k) => xSummed[k]!);
  const order = [...xBatch, ...xFree, ...summed];
  const inOrder = transpose(product, order.map((_, axis) => order.indexOf(axis)));
  return convertElementType(inOrder, { dtype: x.dtype as DType, weakType: x.weakType });
}

/** The same pairs, the second operand's axes first. */
function swapped({ contracting, batch, dtype }: DotGeneralParams): DotGeneralParams {
  return { contracting: [contracting[1], contracting[0]], batch: [batch[1], batch[0]], dtype };
}

/** The numbers of axes after a new one was put in at `bdim`. */
function shifted(axes: readonly number[], bdim: number): number[] {
  return axes.map((axis) => axis < bdim ? axis : axis + 1);
}

/** `y[b…, i…, j…] = Σ a[b…, i…, k…] b[b…, j…, k…]` over `k…`. */
export const dotGeneralPrimitive: Primitive<DotGeneralParams> = definePrimitive({
  name: "dotGeneral",
  outputs: ([a, b], params) => [{
    shape: shapeOf(a!, b!, params),
    dtype: params.dtype,
    weakType: a!.weakType && b!.weakType,
  }],
  view: neverView,
  lower: ([output], [a, b], params) => lowerDotGeneral(output!, a!, b!, params),
  jvp: jvpByOperand(
    (da, [, b], _y, params) => bindOne(dotGeneralPrimitive, [da, b!], params),
    (db, [a], _y, params) => bindOne(dotGeneralPrimitive, [a!, db], params),
  ),
  transpose: ([ct], [a, b], params) => {
    const isFirst = a instanceof LinearOperand;
    if (isFirst && b instanceof LinearOperand) return notLinear("dotGeneral")([ct!], [a, b], params);
    const x = (isFirst ? a : b as LinearOperand).aval;
    const y = (isFirst ? b : a) as NDArray;
    const own = !isArray(ct) ? new Zero(x) : cotangent(ct, x, y, isFirst ? params : swapped(params), !isFirst);
    return isFirst ? [own, undefined] : [undefined, own];
  },
  vmap: (_size, [a, b], [aDim, bDim], { contracting, batch, dtype }) => {
    if (aDim !== undefined && bDim !== undefined) {
      const later = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);
      const params: DotGeneralParams = {
        contracting: [later(contracting[0]), later(contracting[1])],
        batch: [[0, ...later(batch[0])], [0, ...later(batch[1])]],
        dtype,
      };
      return [[bindOne(dotGeneralPrimitive, [moveBatch(a!, aDim, 0), moveBatch(b!, bDim, 0)], params)], [0]];
    }
    // One batch alone is one more free axis of its operand.
    const bdim = (aDim ?? bDim)!;
    const k = aDim === undefined ? 1 : 0;
    const pairs = ([ofA, ofB]: AxisPairs): AxisPairs => k === 0 ? [shifted(ofA, bdim), ofB] : [ofA, shifted(ofB, bdim)];
    const params: DotGeneralParams = { contracting: pairs(contracting), batch: pairs(batch), dtype };
    const free = freeAxes([a, b][k]!.shape.length, params.contracting[k], params.batch[k]);
    const before = batch[0].length +
      (k === 0 ? 0 : a!.shape.length - contracting[0].length - batch[0].length);
    return [[bindOne(dotGeneralPrimitive, [a!, b!], params)], [before + free.indexOf(bdim)]];
  },
});

/** Which axes {@linkcode dotGeneral} sums over, and which it keeps in pairs. */
export interface DotGeneralAxes {
  /** Axes that are summed over. */
  readonly contracting: AxisPairs;
  /** Axes that stand in both operands and in the result. */
  readonly batch: AxisPairs;
  /** The dtype of the result; that of `a` if left out. */
  readonly preferredElementType?: DType;
}

/**
 * Multiplies two arrays and sums over axes.
 *
 * @param a An array.
 * @param b An array of the same dtype, or of another float.
 * @param axes The axes in pairs of one size each, and the dtype of the result.
 * @returns An array: batch axes, then the free axes of `a`, then those of `b`. Floats are summed in float32 and rounded
 * once, integers wrap, of bools it is whether any pair holds.
 */
export function dotGeneral(a: NDArray, b: NDArray, axes: DotGeneralAxes): NDArray {
  const { contracting, batch, preferredElementType = a.dtype as DType } = axes;
  return bindOne(dotGeneralPrimitive, [a, b], { contracting, batch, dtype: preferredElementType });
}
