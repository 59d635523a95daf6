/**
 * Lines through points: values between them, and how steep they are.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Axes } from "../core/options.ts";
import { normalizeAxes } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { abs } from "../ops/abs.ts";
import { concatenate } from "../ops/concatenate.ts";
import { reshape } from "../ops/reshape.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sort } from "../ops/sort.ts";
import { max } from "../ops/max.ts";
import { min } from "../ops/min.ts";
import { filled } from "../ops/zeros.ts";
import { placesIn } from "./_order.ts";
import { takeRows } from "./_rows.ts";
import { add, divide, multiply, subtract } from "./arithmetic.ts";
import { greater, less, lessEqual } from "./comparison.ts";
import { mod } from "./division.ts";
import { promoteDtypes, promoteInexact } from "./promote.ts";
import { where } from "./where.ts";

/** Options of {@linkcode interp}. */
export interface InterpOptions {
  /** The value left of all points: that of the first one if left out; or `"extrapolate"`. */
  readonly left?: ArrayLike | "extrapolate" | null;
  /** The value right of all points: that of the last one if left out; or `"extrapolate"`. */
  readonly right?: ArrayLike | "extrapolate" | null;
  /** After how much the points come again; never if left out. */
  readonly period?: ArrayLike | null;
}

/** Points that are nearer to each other than this are one: the step from float32's epsilon to the next number. */
const NEAR = 2 ** -46;

/** Part of a line. */
function part(line: NDArray, from: number, to: number): NDArray {
  return sliceInDim(line, from, to, 0);
}

/**
 * Finds values on the lines between points.
 *
 * @param x Where.
 * @param xp Where the points are, rising, with one axis.
 * @param fp The values there.
 * @param options What is left and right of all points, and whether they come again.
 * @returns The values, floats, of the shape of `x`.
 * @throws {ValueError} If the points are not two arrays of one axis and size.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const y = pz.np.interp(pz.np.array([0, 0.5, 9]), pz.np.array([0, 1]), pz.np.array([10, 20]));
 * assert.deepEqual(y.tolist(), [10, 15, 20]);
 * ```
 *
 * JAX: `jax.numpy.interp`.
 */
export function interp(x: ArrayLike, xp: ArrayLike, fp: ArrayLike, options: InterpOptions = {}): NDArray {
  const { left = null, right = null, period = null } = options;
  let [at, places] = promoteInexact("interp", [x, xp]) as [NDArray, NDArray];
  let [values] = promoteInexact("interp", [fp]) as [NDArray];
  if (places.shape.length !== 1 || values.shape.length !== 1 || places.size !== values.size) {
    throw new ValueError("Cannot interp: the points are not two lines of one size", {
      op: "interp",
      operand: "xp",
      actual: `xp [${places.shape}], fp [${values.shape}]`,
      expected: "one axis each, of one size",
      remedy: "map over rows by vmap",
      code: "interp-points",
    });
  }
  if (period !== null) {
    const [span] = promoteDtypes("interp", [period, at]).map((own) => abs(own)) as [NDArray];
    at = mod(at, span);
    [places, values] = sort([mod(places, span), values], { dimension: 0, numKeys: 1, descending: false }) as [
      NDArray,
      NDArray,
    ];
    const n = places.size;
    places = concatenate([subtract(part(places, n - 1, n), span), places, add(part(places, 0, 1), span)], 0);
    values = concatenate([part(values, n - 1, n), values, part(values, 0, 1)], 0);
  }
  const n = places.size;
  const found = placesIn(places, at, "right");
  const upper = max(filled(1, found), min(found, filled(n - 1, found)));
  const take = (line: NDArray, indices: NDArray): NDArray => takeRows(line, indices, 0, { mode: "clip" });
  const lower = subtract(upper, 1);
  const [low, start] = [take(values, lower), take(places, lower)];
  const rise = subtract(take(values, upper), low);
  const run = subtract(take(places, upper), start);
  const isOne = lessEqual(abs(run), NEAR);
  const share = divide(subtract(at, start), where(isOne, 1, run));
  let result = where(isOne, low, add(low, multiply(share, rise)));
  if (period !== null) return result;
  const end = (line: NDArray, k: number): NDArray => reshape(part(line, k, k + 1), []);
  if (left !== "extrapolate") result = where(less(at, end(places, 0)), left ?? end(values, 0), result);
  if (right !== "extrapolate") result = where(greater(at, end(places, n - 1)), right ?? end(values, n - 1), result);
  return result;
}

/** The steepness along one axis. */
function steepness(x: NDArray, spacing: ArrayLike, axis: number): NDArray {
  const size = x.shape[axis]!;
  const cut = (from: number, to: number): NDArray => sliceInDim(x, from, to, axis);
  const [h] = promoteDtypes("gradient", [spacing, x]) as [NDArray];
  const first = subtract(cut(1, 2), cut(0, 1));
  const last = subtract(cut(size - 1, size), cut(size - 2, size - 1));
  if (h.shape.length === 0) {
    const inner = divide(multiply(subtract(cut(2, size), cut(0, size - 2)), 0.5), h);
    return concatenate([divide(first, h), inner, divide(last, h)], axis);
  }
  if (h.shape.length !== 1 || h.size !== size) {
    throw new ValueError("Cannot compute the gradient: the places do not fit the axis", {
      op: "gradient",
      operand: "spacing",
      actual: `shape [${h.shape}] for ${size} elements`,
      expected: "a number, or one place for each element along the axis",
      remedy: "pass the distance between neighbors, or all places",
      code: "gradient-spacing",
    });
  }
  // A parabola through three points; at the ends a line through two.
  const steps = subtract(part(h, 1, size), part(h, 0, size - 1));
  const along = (line: NDArray): NDArray => reshape(line, x.shape.map((_, k) => k === axis ? line.size : 1));
  const count = steps.size;
  const [before, after] = [along(part(steps, 0, count - 1)), along(part(steps, 1, count))];
  const both = add(before, after);
  const a = divide(multiply(after, -1), multiply(before, both));
  const b = divide(subtract(after, before), multiply(before, after));
  const c = divide(before, multiply(after, both));
  const inner = add(
    add(multiply(a, cut(0, size - 2)), multiply(b, cut(1, size - 1))),
    multiply(c, cut(2, size)),
  );
  return concatenate([
    divide(first, along(part(steps, 0, 1))),
    inner,
    divide(last, along(part(steps, count - 1, count))),
  ], axis);
}

/** Options of {@linkcode gradient}. */
export interface GradientOptions {
  /** The axes: all if left out. */
  readonly axis?: Axes | null;
}

/**
 * Finds how steep values are along axes: half of the difference of both neighbors, at the ends that to the only one.
 *
 * @param f The values.
 * @param spacing How far apart neighbors are, or where the elements are; once for all axes, or for each. 1 if left out.
 * Options come last.
 * @returns An array for each axis; of one axis the array itself.
 * @throws {ValueError} If there are fewer than two elements along an axis.
 *
 * JAX: `jax.numpy.gradient`.
 */
export function gradient(
  f: ArrayLike,
  ...spacing: readonly (ArrayLike | GradientOptions)[]
): NDArray | NDArray[] {
  const last = spacing.at(-1);
  const isOptions = typeof last === "object" && Object.getPrototypeOf(last) === Object.prototype;
  const { axis = null } = isOptions ? last as GradientOptions : {};
  const steps = (isOptions ? spacing.slice(0, -1) : spacing) as readonly ArrayLike[];
  const [x] = promoteInexact("gradient", [f, ...steps]) as [NDArray];
  const axes = normalizeAxes("gradient", axis ?? undefined, x.shape.length);
  const fits = steps.length <= 1 || steps.length === axes.length;
  if (!fits || axes.some((at) => x.shape[at]! < 2)) {
    throw new ValueError("Cannot compute the gradient: there are too few elements, or distances", {
      op: "gradient",
      operand: fits ? "f" : "spacing",
      actual: `shape [${x.shape}], axes [${axes}], ${steps.length} distances`,
      expected: "two elements along each axis, and no distance, one, or one for each axis",
      remedy: "name the axes, and as many distances",
      code: "gradient",
    });
  }
  const results = axes.map((at, k) => steepness(x, steps.length > 1 ? steps[k]! : steps[0] ?? 1, at));
  return results.length === 1 ? results[0]! : results;
}
