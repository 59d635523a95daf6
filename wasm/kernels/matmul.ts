/**
 * Matrix products.
 *
 * @module
 */

import { broadcastStrides, coalesce } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { at, check, describe, run } from "./_call.ts";

/**
 * Matrix product over the last two axes: `output[…, i, j] = sum over k of a[…, i, k] * b[…, k, j]`.
 *
 * @param output float32, `[…, m, n]`.
 * @param a float32, `[…, m, k]`.
 * @param b float32, float16 or bfloat16, `[…, k, n]`. Leading axes of `a` and `b` broadcast.
 * @throws {ValueError} If the shapes do not fit.
 */
export function matmul(output: Operand, a: Operand, b: Operand): void {
  const rank = output.shape.length;
  const m = output.shape[rank - 2] ?? 0;
  const n = output.shape[rank - 1] ?? 0;
  const k = a.shape.at(-1) ?? 0;
  const batch = rank === 2 ? [] : output.shape.slice(0, -2);
  const aStrides = rank < 2 ? undefined : broadcastStrides(a, [...batch, m, k]);
  const bStrides = rank < 2 ? undefined : broadcastStrides(b, [...batch, k, n]);
  check(
    aStrides !== undefined && bStrides !== undefined && a.shape.length >= 2 && b.shape.length >= 2 &&
      a.shape.at(-2) === m && b.shape.at(-2) === k && b.shape.at(-1) === n,
    "Cannot multiply matrices: the shapes do not fit",
    () => ({
      actual: `output ${describe(output)}, a ${describe(a)}, b ${describe(b)}`,
      expected: "output [..., m, n], a [..., m, k], b [..., k, n]",
      remedy: "transpose an operand, or check their order",
    }),
  );
  const operands = [output, a, b];
  if (rank === 2) {
    run(operands, (plan) => plan.matmul(at(0, output), at(1, a), at(2, b)));
    return;
  }
  const leading = (strides: readonly number[]) => strides.slice(0, -2);
  const merged = coalesce(batch, [leading(output.strides), leading(aStrides), leading(bStrides)]);
  const place = (slot: number, operand: Operand, last: readonly number[], strides: readonly number[]) =>
    at(slot, operand, {
      shape: [...merged.shape, ...last],
      strides: [...(merged.strides[slot] ?? []), ...strides.slice(-2)],
    });
  run(operands, (plan) =>
    plan.matmul(
      place(0, output, [m, n], output.strides),
      place(1, a, [m, k], aStrides),
      place(2, b, [k, n], bStrides),
    ));
}
