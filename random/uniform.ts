/**
 * Evenly distributed floats.
 *
 * @module
 */

import { asType } from "../array/promote.ts";
import { arrayDtype, isFloating } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { broadcastShapes, type Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { max } from "../ops/max.ts";
import { mul } from "../ops/mul.ts";
import { FLOAT_FORMATS, type RandomFloat, randomFloat } from "../ops/random_float.ts";
import { sub } from "../ops/sub.ts";
import { sameShape } from "../wasm/layout.ts";
import { drawBits, type DtypeOptions } from "./bits.ts";
import { asKey, checkShape } from "./key.ts";

/** Between which bounds to draw. */
export interface UniformOptions extends DtypeOptions {
  /** The least value: 0 if left out. It broadcasts to the shape. */
  readonly minval?: ArrayLike;
  /** The value that all stay below: 1 if left out. It broadcasts to the shape. */
  readonly maxval?: ArrayLike;
}

/** The float dtype that is asked for, or the error that it is none. */
export function floatDtype(op: string, name: string | undefined): RandomFloat {
  const dtype = arrayDtype(op, name ?? "float32");
  if (isFloating(dtype)) return dtype;
  throw new ValueError(`Cannot ${op}: the dtype is no float`, {
    op,
    operand: "dtype",
    actual: dtype,
    expected: "float32, float16 or bfloat16",
    remedy: "leave it out, or draw floats and cast them by astype()",
    code: "random-dtype",
  });
}

/** Throws unless parameters of a distribution broadcast to the shape that is drawn. */
export function checkParameters(op: string, shape: Shape, ...parameters: readonly Shape[]): void {
  if (sameShape(broadcastShapes(op, [shape, ...parameters]), shape)) return;
  throw new ValueError(`Cannot ${op}: the parameters do not broadcast to the shape`, {
    op,
    operand: "shape",
    actual: `shape [${shape}], parameters of shape ${parameters.map((own) => `[${own}]`).join(" and ")}`,
    expected: "a shape that has all of their axes",
    remedy: "leave the shape out, or put their axes at its end",
    code: "random-shape",
  });
}

const numbers = new Float32Array(1);

/** Floats of a key, evenly between 0 and 1. */
function unit(key: NDArray, shape: Shape, dtype: RandomFloat, low = 0, high = 1): NDArray {
  const bits = drawBits(key, shape, FLOAT_FORMATS[dtype].bits);
  return randomFloat(bits, { dtype, distribution: "uniform", low, high });
}

/** As {@linkcode uniform}, of what is checked: `max(low, u (high - low) + low)`. */
export function drawUniform(
  key: NDArray,
  shape: Shape,
  dtype: RandomFloat,
  low: ArrayLike = 0,
  high: ArrayLike = 1,
): NDArray {
  // Bounds that a half would round are rounded as arrays.
  if (typeof low === "number" && typeof high === "number" && (dtype === "float32" || low === 0 && high === 1)) {
    return unit(key, shape, dtype, rounded(low), rounded(high));
  }
  const type = { dtype, weakType: false };
  const [least, most] = [low, high].map((bound) => asType("uniform", bound, type));
  const span = sub(...pair(most!, least!));
  const [bottom, width] = [broadcastTo(least!, shape), broadcastTo(span, shape)];
  return max(bottom, add(mul(unit(key, shape, dtype), width), bottom));
}

/** A number as a float32. */
function rounded(x: number): number {
  numbers[0] = x;
  return numbers[0];
}

/** Two arrays at one shape. */
function pair(a: NDArray, b: NDArray): [NDArray, NDArray] {
  if (sameShape(a.shape, b.shape)) return [a, b];
  const shape = broadcastShapes("uniform", [a.shape, b.shape]);
  return [broadcastTo(a, shape), broadcastTo(b, shape)];
}

/**
 * Draws floats, evenly from the least value to below the greatest.
 *
 * A float has as many random bits as its fraction (for bfloat16: 7), so that of values near 0 the last digits are 0.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.random.uniform(pz.random.key(0), [100], { minval: -1, maxval: 1 });
 * assert(Number(x.min()) >= -1 && Number(x.max()) < 1);
 * ```
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The bounds, and the dtype: float32 if left out.
 * @returns The floats.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, the bounds do not fit it, or the dtype is no float.
 *
 * JAX: `jax.random.uniform`.
 */
export function uniform(
  key: NDArray | Uint32Array,
  shape: number | Shape = [],
  options: UniformOptions = {},
): NDArray {
  const { keys } = asKey("uniform", key);
  const dtype = floatDtype("uniform", options.dtype);
  const sizes = checkShape("uniform", shape);
  const { minval = 0, maxval = 1 } = options;
  for (const bound of [minval, maxval]) {
    if (bound instanceof NDArray) checkParameters("uniform", sizes, bound.shape);
  }
  return drawUniform(keys, sizes, dtype, minval, maxval);
}
