/**
 * Arithmetic on shapes and axes, as NumPy has it.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { sameShape } from "../wasm/layout.ts";

/** Elements along each axis. */
export type Shape = readonly number[];

/**
 * The shape of an operation on operands of these shapes: axes align at the end, and size 1 repeats.
 *
 * @param op The operation, for the error.
 * @param shapes The operands' shapes.
 * @returns The shape that all of them are read at; of no operands, that of a scalar.
 * @throws {ValueError} If two operands have different sizes, neither of them 1, along one axis.
 */
export function broadcastShapes(op: string, shapes: readonly Shape[]): Shape {
  const [first = []] = shapes;
  if (shapes.every((shape) => sameShape(shape, first))) return first;
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const missing = rank - shape.length;
    for (const [axis, size] of shape.entries()) {
      const before = result[missing + axis];
      if (before === 1) {
        result[missing + axis] = size;
      } else if (size !== 1 && size !== before) {
        throw new ValueError(`Cannot ${op}: the shapes do not fit each other along axis ${axis - shape.length}`, {
          op,
          actual: shapes.map((shape) => `[${shape}]`).join(" and "),
          expected: "equal sizes, or 1, counted from the last axis",
          remedy: "expand dimensions where axes are to repeat, or reshape one of them",
          code: "broadcast",
        });
      }
    }
  }
  return result;
}

/**
 * The number of an axis, counted from the first.
 *
 * @param op The operation, for the error.
 * @param axis The axis; a negative number counts from the last one.
 * @param rank How many axes there are.
 * @returns A number from 0 to `rank - 1`.
 * @throws {ValueError} If there is no such axis.
 */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  throw new ValueError(`Cannot ${op}: there is no axis ${axis}`, {
    op,
    actual: `axis ${axis} of ${rank}`,
    expected: rank === 0 ? "no axis: it is a scalar" : `a whole number from ${-rank} to ${rank - 1}`,
    remedy: rank === 0 ? "leave the axis out" : "name an axis that the array has",
    code: "axis",
  });
}

/**
 * The numbers of some axes, counted from the first, in the order in which they are named.
 *
 * @param op The operation, for the error.
 * @param axes One axis, several, or all of them if left out; negative numbers count from the last one.
 * @param rank How many axes there are.
 * @returns Numbers from 0 to `rank - 1`, each at most once.
 * @throws {ValueError} If there is no such axis, or one is named twice.
 */
export function normalizeAxes(op: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const numbers = (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(op, axis, rank));
  if (new Set(numbers).size === numbers.length) return numbers;
  throw new ValueError(`Cannot ${op}: an axis is named twice`, {
    op,
    actual: `axes [${axes}] of ${rank}`,
    expected: "each axis at most once",
    remedy: "leave out the repetition; -1 is the last axis",
    code: "axis-twice",
  });
}
