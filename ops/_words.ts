/**
 * Key arrays in kernels that count axes: their words one after the other.
 *
 * @module
 */

import type { Operand } from "../wasm/operand.ts";

/**
 * Operands of which each is its elements, or one word of its elements.
 *
 * @param rank The axes that the first operand has if its elements are whole.
 * @param operands Operands of one dtype; the axis of words comes last in them.
 * @returns The operands themselves, or for each word of keys its views.
 */
export function byWord(rank: number, operands: readonly Operand[]): readonly (readonly Operand[])[] {
  if (operands[0]!.shape.length === rank) return [operands];
  return [0, 1].map((word) =>
    operands.map((x) => {
      const { shape, strides, offset } = x;
      const last = shape.length - 1;
      return {
        ...x,
        offset: offset + word * strides[last]! * 4,
        shape: shape.slice(0, last),
        strides: strides.slice(0, last),
      };
    })
  );
}
