/**
 * Elements put around and between those of an array, or cut off at its ends.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, LinearOperand, neverView, type Primitive, Zero } from "../core/primitive.ts";
import { pad as padKernel } from "../wasm/kernels/pad.ts";
import { isArray, repeatBatch } from "./_rules.ts";
import { byWord } from "./_words.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";
import { reduceSum } from "./reduce_sum.ts";
import { select } from "./select.ts";
import { slice } from "./slice.ts";
import { sub } from "./sub.ts";
import { filled, instantiate } from "./zeros.ts";

/** Elements before the first, after the last, and between neighbors; negative numbers cut off at the ends. */
export type PadConfig = readonly [low: number, high: number, interior: number];

/** What to put along each axis. */
export interface PadParams {
  /** For each axis. */
  readonly config: readonly PadConfig[];
}

/** The first operand, with the second one put around and between its elements. */
export const padPrimitive: Primitive<PadParams> = definePrimitive({
  name: "pad",
  outputs: ([x, value], { config }) => [{
    shape: x!.shape.map((size, axis) => {
      const [low, high, interior] = config[axis]!;
      return Math.max(low + high + size + Math.max(size - 1, 0) * interior, 0);
    }),
    dtype: x!.dtype,
    weakType: x!.weakType && value!.weakType,
  }],
  view: neverView,
  lower: ([output], [x, value], { config }) => {
    const padding = config.map(([low, high, interior]) => ({ low, high, interior }));
    byWord(config.length, [output!, x!, value!]).forEach(([to, from, fill]) => padKernel(to!, from!, fill!, padding));
  },
  jvp: (_primals, tangents, [output], { config }) =>
    tangents.some(isArray) ? [pad(instantiate(tangents[0]!), instantiate(tangents[1]!), config)] : [new Zero(output!)],
  transpose: ([ct], [x, value], { config }) => {
    const zero = (operand: NDArray | LinearOperand | undefined): Zero | undefined =>
      operand instanceof LinearOperand ? new Zero(operand.aval) : undefined;
    if (!isArray(ct)) return [zero(x), zero(value)];
    const nothing = filled(0, { shape: [], dtype: ct.dtype, weakType: ct.weakType });
    const cut = pad(ct, nothing, config.map(([low, high]) => [-low, -high, 0]));
    const own = slice(cut, cut.shape.map(() => 0), cut.shape, config.map(([, , interior]) => interior + 1));
    const total = (of: NDArray): NDArray => reduceSum(of, of.shape.map((_, axis) => axis));
    return [
      x instanceof LinearOperand ? own : undefined,
      value instanceof LinearOperand ? sub(total(ct), total(own)) : undefined,
    ];
  },
  vmap: (size, [x, value], [bdim, valueBdim], { config }) => {
    const at = bdim ?? 0;
    const batch = bdim === undefined ? repeatBatch(x!, size) : x!;
    const wide: PadConfig[] = [...config.slice(0, at), [0, 0, 0], ...config.slice(at)];
    if (valueBdim === undefined) return [[pad(batch, value!, wide)], [at]];
    // Values of their own for each: where no element of the operand is, the batch's value.
    const scalar = { shape: [], dtype: "bool", weakType: false } as const;
    const isOwn = pad(filled(1, { ...scalar, shape: batch.shape }), filled(0, scalar), wide);
    const own = pad(batch, filled(0, { ...value!, shape: [] }), wide);
    return [[select(isOwn, own, broadcastInDim(value!, own.shape, [at]))], [at]];
  },
});

/**
 * Pads an array.
 *
 * @param x An array.
 * @param value What to put there: a scalar of its dtype.
 * @param config What to put along each axis.
 * @returns The array, along each axis of `low + high + n + max(n - 1, 0) * interior` elements.
 */
export function pad(x: NDArray, value: NDArray, config: readonly PadConfig[]): NDArray {
  if (config.every(([low, high, interior]) => low === 0 && high === 0 && interior === 0)) return x;
  return bindOne(padPrimitive, [x, value], { config });
}
