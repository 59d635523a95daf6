/**
 * Pieces of rules that many primitives share.
 *
 * @module
 */

import { LinearOperand, type Tangent, type TransposeRule, type VmapRule, Zero } from "../core/primitive.ts";
import { NDArray } from "../core/ndarray.ts";
import type { JvpRule } from "../core/primitive.ts";
import { add } from "./add.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";
import { transpose } from "./transpose.ts";

/** Whether a tangent is written out. */
export function isArray(x: Tangent | LinearOperand | undefined): x is NDArray {
  return x instanceof NDArray;
}

/** The sum of two tangents. */
export function addTangents(a: Tangent, b: Tangent): Tangent {
  return a instanceof Zero ? b : b instanceof Zero ? a : add(a, b);
}

/** How the change of one operand changes the only result. */
export type PartialRule<P> = (
  dx: NDArray,
  primals: readonly NDArray[],
  output: NDArray,
  params: P,
) => NDArray | Zero;

/** The rule of an operation with one result: the sum of the changes by each operand, of which `undefined` has none. */
export function jvpByOperand<P>(...partials: readonly (PartialRule<P> | undefined)[]): JvpRule<P> {
  return (primals, tangents, [output], params) => {
    let sum: Tangent = new Zero(output!);
    tangents.forEach((dx, k) => {
      const partial = partials[Math.min(k, partials.length - 1)];
      if (isArray(dx) && partial !== undefined) sum = addTangents(sum, partial(dx, primals, output!, params));
    });
    return [sum];
  };
}

/** The transpose of an operation with one result and one operand, which it is linear in. */
export function transposeUnary<P>(
  rule: (ct: NDArray, x: LinearOperand["aval"], params: P) => NDArray,
): TransposeRule<P> {
  return ([ct], [x], params) => {
    if (!(x instanceof LinearOperand)) return [undefined];
    return [isArray(ct) ? rule(ct, x.aval, params) : new Zero(x.aval)];
  };
}

/** A batch with its axis moved. */
export function moveBatch(x: NDArray, from: number, to: number): NDArray {
  if (from === to) return x;
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== from);
  axes.splice(to, 0, from);
  return transpose(x, axes);
}

/** A batch of one array many times, along a new first axis. */
export function repeatBatch(x: NDArray, size: number): NDArray {
  return broadcastInDim(x, [size, ...x.shape], x.shape.map((_, axis) => axis + 1));
}

/** The operand as a batch along the first axis, whether it was one or not. */
export function batchFirst(x: NDArray, bdim: number | undefined, size: number): NDArray {
  return bdim === undefined ? repeatBatch(x, size) : moveBatch(x, bdim, 0);
}

/** The rule of an operation with one operand that needs it as a batch along the first axis. */
export function vmapUnary<P>(rule: (x: NDArray, params: P) => NDArray): VmapRule<P> {
  return (_size, [x], [bdim], params) => [[rule(moveBatch(x!, bdim!, 0), params)], [0]];
}
