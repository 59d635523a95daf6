/**
 * Arrays with elements put around and between theirs, or cut off at the ends.
 *
 * @module
 */

import { type Operand, slice } from "../operand.ts";
import { check, checkDisjoint, describe } from "./_call.ts";
import { copy, copyAll, type Copying } from "./copy.ts";

/** What {@linkcode pad} does along one axis. */
export interface Padding {
  /** Elements before the first; negative numbers cut off. */
  readonly low: number;
  /** Elements after the last; negative numbers cut off. */
  readonly high: number;
  /** Elements between neighbors; 0 if left out. */
  readonly interior?: number;
}

/** The part of an axis of `size` that stays in sight, and where the output has it. */
function visible(
  size: number,
  { low, interior = 0 }: Padding,
  out: number,
): { from: number; to: number; count: number } {
  const step = interior + 1;
  // Element i goes to low + i * step; those from 0 to out are seen.
  const from = Math.max(0, Math.ceil(-low / step));
  const end = Math.min(size, Math.ceil((out - low) / step));
  const count = Math.max(0, end - from);
  return { from: count === 0 ? 0 : from, to: count === 0 ? 0 : low + from * step, count };
}

/**
 * Pads an array, as `jax.lax.pad` does: first between neighbors, then at both ends, where a negative number takes away.
 *
 * @param output The result: along each axis `low + high + n + max(n - 1, 0) * interior` elements. It may not
 *   overlap `x` or `value`.
 * @param x The operand.
 * @param value What to put there: one element of the same dtype.
 * @param padding What to do along each axis.
 * @throws {ValueError} If the shapes or dtypes do not fit, or the memory overlaps.
 */
export function pad(output: Operand, x: Operand, value: Operand, padding: readonly Padding[]): void {
  const sizes = x.shape.map((n, axis) => {
    const { low, high, interior = 0 } = padding[axis] ?? { low: NaN, high: NaN };
    return low + high + n + Math.max(n - 1, 0) * interior;
  });
  const fits = padding.length === x.shape.length && output.shape.length === x.shape.length &&
    sizes.every((size, axis) => size === output.shape[axis]) && value.shape.every((size) => size === 1) &&
    output.dtype === x.dtype && value.dtype === x.dtype &&
    padding.every(({ low, high, interior = 0 }) => [low, high, interior].every(Number.isInteger) && interior >= 0);
  check(fits, "Cannot pad: the operands do not fit", () => ({
    actual: `output ${describe(output)}, x ${describe(x)}, value ${describe(value)}, padding ${
      padding.map(({ low, high, interior = 0 }) => `(${low}, ${high}, ${interior})`).join(" ") || "none"
    }`,
    expected: `output [${sizes}] ${x.dtype}, a value of one element, whole (low, high, interior from 0) for each axis`,
    remedy: "give each axis its padding, and allocate the output with the sizes that follow",
  }));
  checkDisjoint("Cannot pad", output, [x, value]);
  const one: Operand = { ...value, shape: [], strides: [] };
  const parts = x.shape.map((size, axis) =>
    visible(size, padding[axis] ?? { low: 0, high: 0 }, output.shape[axis] ?? 0)
  );
  if (parts.some(({ count }) => count === 0)) {
    copy(output, one);
    return;
  }
  // Slabs before and after what is seen along one axis, then within it those along the next.
  let [inside, source, gaps] = [output, x, false];
  const copies: Copying[] = [];
  parts.forEach(({ from, to, count }, axis) => {
    const step = (padding[axis]?.interior ?? 0) + 1;
    const end = to + (count - 1) * step + 1;
    copies.push([slice(inside, axis, 0, to), one]);
    copies.push([slice(inside, axis, end, (output.shape[axis] ?? 0) - end), one]);
    inside = slice(inside, axis, to, end - to);
    source = slice(source, axis, from, count);
    gaps ||= step > 1 && count > 1;
  });
  if (gaps) {
    copies.push([inside, one]);
    parts.forEach(({ count }, axis) => {
      inside = slice(inside, axis, 0, count, (padding[axis]?.interior ?? 0) + 1);
    });
  }
  copies.push([inside, source]);
  copyAll(copies);
}
