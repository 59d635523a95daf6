/**
 * Reductions over any axes.
 *
 * @module
 */

import { ValueError } from "../../errors/mod.ts";
import type { Elementwise } from "../elementwise.ts";
import { coalesce, sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { MAX_RANK, type Reduction } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";

/** The axes that a reduction goes over. */
export interface ReduceOptions {
  /** The axes; negative ones count from the end. All axes if left out. */
  readonly axes?: readonly number[];
  /** A program with one output that makes the values to reduce out of the inputs' elements. */
  readonly prologue?: Elementwise;
}

/**
 * Reduces axes.
 *
 * @param kind What to compute.
 * @param output The result, of the shape of the axes that stay, in order; int32 for `argmax` and `argmin`, which give
 *   places in the flattened reduced axes.
 * @param inputs The operand, or several of one shape with a `prologue`.
 * @param options The axes, and what to do to the elements first.
 * @throws {ValueError} If an axis is out of range or the output has another shape.
 */
export function reduce(
  kind: Reduction,
  output: Operand,
  inputs: Operand | readonly Operand[],
  options: ReduceOptions = {},
): void {
  const all = "address" in inputs ? [inputs] : inputs;
  const shape = all[0]?.shape ?? [];
  const rank = shape.length;
  const axes = (options.axes ?? shape.map((_, axis) => axis)).map((axis) => axis < 0 ? axis + rank : axis);
  check(
    new Set(axes).size === axes.length && axes.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < rank),
    `Cannot compute "${kind}": the axes are not axes of the input`,
    () => ({
      actual: `axes [${options.axes}] of ${all.map(describe).join(", ")}`,
      expected: `each at most once, from ${-rank} to ${rank - 1}`,
      remedy: "name axes that the input has",
    }),
  );
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  check(
    all.every((input) => sameShape(input.shape, shape)) &&
      sameShape(output.shape, kept.map((axis) => shape[axis] ?? 1)),
    `Cannot compute "${kind}": the shapes do not fit`,
    () => ({
      actual: `output ${describe(output)}, inputs ${all.map(describe).join(", ")}`,
      expected: `an output of shape [${kept.map((axis) => shape[axis])}]`,
      remedy: "allocate the output with the sizes of the axes that stay",
    }),
  );
  const sorted = axes.toSorted((a, b) => a - b);
  const pick = (own: readonly number[], from: readonly number[]) => from.map((axis) => own[axis] ?? 0);
  const sizes = (from: readonly number[]) => from.map((axis) => shape[axis] ?? 1);
  // Kept axes merge with the output's, reduced ones among the inputs alone.
  const outer = coalesce(sizes(kept), [output.strides, ...all.map(({ strides }) => pick(strides, kept))]);
  const inner = coalesce(sizes(sorted), all.map(({ strides }) => pick(strides, sorted)));
  if (outer.shape.length + inner.shape.length > MAX_RANK) {
    throw new ValueError(`Cannot compute "${kind}" of an array of this rank`, {
      actual: `${outer.shape.length} kept and ${inner.shape.length} reduced axes after merging`,
      expected: `at most ${MAX_RANK}`,
      remedy: "copy the input to contiguous memory with the reduced axes last",
      code: "rank",
    });
  }
  const words = options.prologue?.words() ?? [];
  run([output, ...all], (plan) => {
    const placed = all.map((input, k) =>
      at(k + 1, input, {
        shape: [...outer.shape, ...inner.shape],
        strides: [...(outer.strides[k + 1] ?? []), ...(inner.strides[k] ?? [])],
      })
    );
    const result = at(0, output, { shape: outer.shape, strides: outer.strides[0] ?? [] });
    plan.reduce(kind, result, placed, inner.shape.length, words);
  });
}
