/**
 * Diagonals of matrices.
 *
 * A primitive, so that a diagonal is a view: strides say it, and no composition of other views does.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { movementPrimitive } from "./_movement.ts";
import { moveBatch } from "./_rules.ts";
import { add } from "./add.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";
import { eq } from "./eq.ts";
import { iota } from "./iota.ts";
import { pad, type PadConfig } from "./pad.ts";
import { select } from "./select.ts";
import { filled } from "./zeros.ts";

/** Which diagonal. */
export interface DiagonalParams {
  /** How far right of the main diagonal; below it if negative. */
  readonly offset: number;
}

function lengthOf(rows: number, columns: number, offset: number): number {
  return Math.max(Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)), 0);
}

/** `y[…, i] = x[…, i - min(offset, 0), i + max(offset, 0)]`. */
export const diagonalPrimitive: Primitive<DiagonalParams> = movementPrimitive({
  name: "diagonal",
  shape: ({ shape }, { offset }) => [
    ...shape.slice(0, -2),
    lengthOf(shape.at(-2)!, shape.at(-1)!, offset),
  ],
  view: ({ offset: first, strides }, { offset }, shape) => {
    const [row, column] = [strides.at(-2)!, strides.at(-1)!];
    return {
      offset: shape.includes(0) ? first : first - Math.min(offset, 0) * row + Math.max(offset, 0) * column,
      shape,
      strides: [...strides.slice(0, -2), row + column],
    };
  },
  transpose: (ct, x, { offset }) => embed(ct, x.shape.at(-2)!, x.shape.at(-1)!, offset),
  vmap: (_size, [x], [bdim], { offset }) => [[diagonal(moveBatch(x!, bdim!, 0), offset)], [0]],
});

/**
 * The diagonal of the last two axes: a view.
 *
 * @param x An array of at least two axes.
 * @param offset How far right of the main diagonal; below it if negative.
 * @returns The view; the diagonal is its last axis.
 */
export function diagonal(x: NDArray, offset: number): NDArray {
  return bindOne(diagonalPrimitive, [x], { offset });
}

/**
 * Matrices that are 0 but for a diagonal.
 *
 * @param x What stands on the diagonal, along the last axis.
 * @param rows How many rows they have.
 * @param columns How many columns.
 * @param offset Which diagonal.
 * @returns The matrices, in the last two axes.
 */
export function embed(x: NDArray, rows: number, columns: number, offset: number): NDArray {
  const rank = x.shape.length;
  const batch = x.shape.slice(0, -1);
  const low = Math.min(Math.max(-offset, 0), rows);
  const zero = filled(0, { ...x, shape: [] });
  const config = x.shape.map((size, axis): PadConfig => axis === rank - 1 ? [low, rows - low - size, 0] : [0, 0, 0]);
  const shape = [...batch, rows, columns];
  const wide = broadcastInDim(pad(x, zero, config), shape, x.shape.map((_, axis) => axis));
  const line = { shape, dtype: "int32", weakType: false } as const;
  const [row, column] = [iota("int32", shape, rank - 1), iota("int32", shape, rank)];
  const isOn = offset === 0 ? eq(row, column) : eq(add(row, filled(offset, line)), column);
  return select(isOn, wide, filled(0, wide));
}
