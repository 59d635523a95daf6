/**
 * What gathers and scatters of windows share: which shapes fit together.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";

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
