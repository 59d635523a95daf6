/**
 * Sums over the examples of a batch.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { type CollectiveParams, collectivePrimitive } from "./_collective.ts";
import { jvpByOperand, transposeUnary } from "./_rules.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce_sum.ts";
import { filled } from "./zeros.ts";

/** `y = Σ x` over the examples. Each example has the sum, so that cotangents are those of all: they are summed, too. */
export const psumPrimitive: Primitive<CollectiveParams> = collectivePrimitive({
  name: "psum",
  reduce: (x, axis) => reduceSum(x, [axis]),
  ofSame: (x, size) => mul(x, filled(size, x)),
  jvp: jvpByOperand((dx, _primals, _output, { axisName }) => psum(dx, axisName)),
  transpose: transposeUnary((ct, _x, { axisName }) => psum(ct, axisName)),
});

/**
 * Sums over the examples of a batch.
 *
 * @param x An array of numbers, of one example.
 * @param axisName The axis of examples, which is in scope.
 * @returns The sum, the same for each example.
 */
export function psum(x: NDArray, axisName: string): NDArray {
  return bindOne(psumPrimitive, [x], { axisName });
}
