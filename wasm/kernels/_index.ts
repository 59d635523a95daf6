/**
 * What gathers and scatters of windows share: which shapes fit together, and which windows can wrap.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import type { GatherMode } from "../plan.ts";
import { check } from "./_call.ts";

/**
 * Whether `windows`, of shape `[…i, …window]`, are windows of `array` at `indices`, of shape `[…i, d]`: either of the axes
 * that follow the first `d`, or of all axes, the first `d` at most as long as the array's.
 *
 * @param array What the indices lead into.
 * @param indices int32 or uint32.
 * @param windows One for each index.
 */
export function windowsFit(array: Operand, indices: Operand, windows: Operand): boolean {
  const split = indices.shape.length - 1;
  const axes = indices.shape[split] ?? 0;
  const rank = array.shape.length;
  const window = windows.shape.slice(split);
  const own = window.length - (rank - axes);
  return split >= 0 && axes <= rank && windows.dtype === array.dtype &&
    (indices.dtype === "int32" || indices.dtype === "uint32") &&
    sameShape(windows.shape.slice(0, split), indices.shape.slice(0, split)) && (own === 0 || own === axes) &&
    sameShape(window.slice(own), array.shape.slice(axes)) &&
    window.slice(0, own).every((size, axis) => size <= (array.shape[axis] ?? 0));
}

/** Throws if windows that {@linkcode windowsFit} are to wrap and are longer than one element along an indexed axis. */
export function checkWrap(summary: string, array: Operand, indices: Operand, windows: Operand, mode: GatherMode): void {
  const split = indices.shape.length - 1;
  const window = windows.shape.slice(split);
  const own = window.slice(0, window.length - (array.shape.length - (indices.shape[split] ?? 0)));
  check(
    mode !== "wrap" || own.every((size) => size <= 1),
    `${summary}: windows of this size cannot wrap`,
    () => ({
      actual: `windows [${window}] with the mode "wrap"`,
      expected: `one element along the first ${own.length} axes`,
      remedy: 'take the remainder of the indices first, and use "clip" or "fill"',
    }),
  );
}
