/**
 * Matrix products.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import { broadcastStrides, coalesce } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { at, check, describe, run } from "./_call.ts";

function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float16" || dtype === "bfloat16";
}

/** Whether the kernel multiplies these dtypes. */
function multiplies(output: DType, a: DType, b: DType): boolean {
  return isFloat(a)
    ? a === "float32" && output === "float32" && isFloat(b)
    : !isFloat(b) && !isFloat(output) && output !== "bool";
}

/**
 * Matrix product over the last two axes: `output[…, i, j] = sum over k of a[…, i, k] * b[…, k, j]`.
 *
 * Of floats, or of integers: these are widened to 32 bits by their own sign, products and sums wrap modulo 2^32, and
 * the output keeps the low bits that it has room for.
 *
 * @param output float32, `[…, m, n]`; of integers any of their dtypes but bool.
 * @param a float32, `[…, m, k]`; or any dtype of integers, bool included.
 * @param b float32, float16 or bfloat16, `[…, k, n]`; or any dtype of integers, not only that of `a`. Leading axes of
 * `a` and `b` broadcast.
 * @throws {ValueError} If the shapes or the dtypes do not fit.
 */
export function matmul(output: Operand, a: Operand, b: Operand): void {
  check(
    multiplies(output.dtype, a.dtype, b.dtype),
    "Cannot multiply matrices: the dtypes do not fit",
    () => ({
      actual: `output ${describe(output)}, a ${describe(a)}, b ${describe(b)}`,
      expected: "output and a float32, b of floats; or all three of integers, the output not bool",
      remedy: "cast the integers to float32, or the floats to an integer dtype, first",
    }),
  );
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
