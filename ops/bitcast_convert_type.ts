/**
 * The same bits as another dtype.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { itemSize } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import {
  definePrimitive,
  type LowerRule,
  notLinear,
  type Place,
  type Primitive,
  zeroTangent,
} from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import type { DType } from "../wasm/dtype.ts";
import { copy } from "../wasm/kernels/copy.ts";
import { contiguousStrides } from "../wasm/layout.ts";
import { moveBatch } from "./_rules.ts";

/** From which dtype to which. */
export interface BitcastParams {
  /** The dtype of the operand. */
  readonly from: DType;
  /** The dtype of the result. */
  readonly to: DType;
}

/** The shape of the result: a wider element is as many narrow ones along the last axis. */
function shapeOf(shape: Shape, { from, to }: BitcastParams): Shape {
  const [own, other] = [itemSize(from), itemSize(to)];
  if (own === other) return shape;
  return own > other ? [...shape, own / other] : shape.slice(0, -1);
}

/** Where the result lies in the operand. */
function viewOf(x: Place, params: BitcastParams): Place | undefined {
  const shape = shapeOf(x.shape, params);
  const [own, other] = [itemSize(params.from), itemSize(params.to)];
  if (own === other) return x;
  if (own > other) {
    const parts = own / other;
    return { offset: x.offset * parts, shape, strides: [...x.strides.map((stride) => stride * parts), 1] };
  }
  // Narrow elements are a wider one only where they lie together, as one does.
  const parts = other / own;
  const strides = x.strides.slice(0, -1);
  const fits = x.strides.at(-1) === 1 && x.offset % parts === 0 && strides.every((stride) => stride % parts === 0);
  return fits ? { offset: x.offset / parts, shape, strides: strides.map((stride) => stride / parts) } : undefined;
}

const lower: LowerRule<BitcastParams> = ([output], [x]) => {
  copy({ ...output!, dtype: x!.dtype, shape: x!.shape, strides: contiguousStrides(x!.shape) }, x!);
};

/** The bits of `y` are those of `x`, the lowest first. */
export const bitcastConvertTypePrimitive: Primitive<BitcastParams> = definePrimitive<BitcastParams>({
  name: "bitcastConvertType",
  outputs: ([x], params) => [{ shape: shapeOf(x!.shape, params), dtype: params.to, weakType: false }],
  view: viewOf,
  lower,
  jvp: zeroTangent("bits are no real numbers"),
  transpose: notLinear("bitcastConvertType"),
  vmap: (_size, [x], [bdim], params) => [
    [bindOne(bitcastConvertTypePrimitive, [moveBatch(x!, bdim!, 0)], params)],
    [0],
  ],
});

/**
 * Takes the bits of elements for another dtype: a view where memory allows one.
 *
 * @param x An array of numbers. If its elements are narrower, the last axis has as many as make one of the result.
 * @param dtype The dtype. If it is narrower, the result has one more axis at the end, the lowest bits first.
 * @returns The array of that dtype.
 */
export function bitcastConvertType(x: NDArray, dtype: DType): NDArray {
  if (x.dtype === dtype && !x.weakType) return x;
  return bindOne(bitcastConvertTypePrimitive, [x], { from: x.dtype as DType, to: dtype });
}
