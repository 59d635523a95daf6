/**
 * Shapes that users give, checked, under the name of whatever function they called.
 *
 * @module
 */

import { kindOf } from "../core/constant.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Axes } from "../core/options.ts";
import { normalizeAxes, type Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { squeeze } from "../ops/expand_dims.ts";
import { reshape } from "../ops/reshape.ts";

/**
 * A shape as functions take it: one number for one axis.
 *
 * @param op The function, for the error.
 * @param shape The shape.
 * @returns The sizes.
 * @throws {ValueError} If a size is not a whole number from 0.
 */
export function shapeOf(op: string, shape: Shape | number): Shape {
  const sizes = typeof shape === "number" ? [shape] : shape;
  if (Array.isArray(sizes) && sizes.every((size) => Number.isInteger(size) && size >= 0)) return [...sizes];
  throw new ValueError(`Cannot make an array by ${op}: a size of its shape is not a whole number from 0`, {
    op,
    operand: "shape",
    actual: Array.isArray(sizes) ? `[${sizes}]` : kindOf(sizes),
    expected: "whole numbers from 0, as [2, 3]",
    remedy: "round the sizes; one size may be left to reshape, as -1",
    code: "shape",
  });
}

/**
 * A shape for so many elements.
 *
 * @param op The function, for the error.
 * @param size How many elements there are.
 * @param shape The shape; one size may be -1, for as many as are left.
 * @returns The shape.
 * @throws {ValueError} If it does not fit.
 */
export function fittedShape(op: string, size: number, shape: Shape): Shape {
  let [known, open] = [1, -1];
  let isWhole = true;
  for (let axis = 0; axis < shape.length; axis++) {
    const own = shape[axis]!;
    if (own === -1 && open < 0) open = axis;
    else {
      isWhole &&= Number.isInteger(own) && own >= 0;
      known *= own;
    }
  }
  if (isWhole && open < 0 && known === size) return shape;
  if (isWhole && open >= 0 && (known === 0 ? size === 0 : size % known === 0)) {
    return shape.map((own, axis) => axis === open ? (known === 0 ? 0 : size / known) : own);
  }
  throw new ValueError(`Cannot ${op}: the shape does not hold as many elements`, {
    op,
    operand: "shape",
    actual: `[${shape}] for ${size} elements`,
    expected: "whole numbers whose product is that, one of which may be left open as -1",
    remedy: "give sizes that make up the array",
    code: "reshape",
  });
}

/** Without axes of size 1: those that are named, or all of them. */
export function squeezed(op: string, x: NDArray, axis: Axes | undefined): NDArray {
  const { shape } = x;
  if (axis === undefined) return reshape(x, shape.filter((size) => size !== 1));
  const axes = normalizeAxes(op, axis, shape.length);
  const long = axes.find((at) => shape[at] !== 1);
  if (long === undefined) return squeeze(x, axes);
  throw new ValueError(`Cannot ${op}: axis ${long} is longer than 1`, {
    op,
    operand: "axis",
    actual: `an array of shape [${shape}]`,
    expected: "axes of size 1",
    remedy: "index the axis, as x.get(0), or leave it out",
    code: "squeeze",
  });
}

/** An array repeated to a shape, which it is checked to broadcast to. */
export function broadcasted(op: string, x: NDArray, shape: Shape): NDArray {
  const missing = shape.length - x.shape.length;
  if (missing >= 0 && x.shape.every((size, axis) => size === 1 || size === shape[missing + axis])) {
    return broadcastTo(x, shape);
  }
  throw new ValueError(`Cannot ${op}: the array does not broadcast to the shape`, {
    op,
    actual: `an array of shape [${x.shape}] for shape [${shape}]`,
    expected: "sizes that are equal, or 1 in the array, counted from the last axis",
    remedy: "expand or reshape the array first",
    code: "broadcast-to",
  });
}
