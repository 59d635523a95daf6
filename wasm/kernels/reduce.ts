/**
 * Reductions over any axes.
 *
 * @module
 */

import { ValueError } from "../../errors/mod.ts";
import { type DType, DTYPES } from "../dtype.ts";
import { Elementwise } from "../elementwise.ts";
import { coalesce, sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { MAX_RANK, type Reduction } from "../plan.ts";
import { allocateScratch, releaseScratch } from "../recording.ts";
import { at, check, describe, run } from "./_call.ts";

/** What {@linkcode reduce} computes: a {@linkcode Reduction}, or whether any or all elements are other than 0. */
export type ReduceKind = Reduction | "any" | "all";

/** The axes that a reduction goes over, and what is done before and after. */
export interface ReduceOptions {
  /** The axes; negative ones count from the end. All axes if left out. */
  readonly axes?: readonly number[];
  /**
   * A program with one output that makes the values to reduce out of the inputs' elements; for `any` and `all` bools.
   * It runs inside the reduction: nothing is written in between.
   */
  readonly prologue?: Elementwise;
  /**
   * A program with one input and one output, run on the results at 32 bits: a mean is a sum and a multiplication. It
   * is an instruction of its own after the reduction, over the output's elements only; where these are narrower than
   * 32 bits, the results wait in memory of their own, so that they are rounded once, at the end.
   */
  readonly epilogue?: Elementwise;
}

/** Programs that tell whether an element is other than 0, by the type of the registers. */
const truths = new Map<"f32" | "i32", Elementwise>();

/** The prologue of `any` and `all`; bools are what it would make already. */
function truthOf(dtype: DType): Elementwise | undefined {
  if (dtype === "bool") {
    return undefined;
  }
  const register = isFloat(dtype) ? "f32" : "i32";
  let program = truths.get(register);
  if (program === undefined) {
    program = new Elementwise();
    program.store(program.apply(`${register}_to_bool`, program.load(0)), 0);
    truths.set(register, program);
  }
  return program;
}

/** The results of four bools at a time, as bools: the words are 0 or 1 in each byte, so their order tells. */
const fourTruths: { readonly any: Elementwise; readonly all: Elementwise } = (() => {
  const [any, all] = [new Elementwise(), new Elementwise()];
  any.store(any.apply("i32_to_bool", any.load(0)), 0);
  all.store(all.apply("eq_i32", all.load(0), all.integer(0x0101_0101)), 0);
  return { any, all };
})();

/** Bools as numbers, which they are already: says that they are to be added as int32. */
const numbers: Elementwise = (() => {
  const program = new Elementwise();
  program.store(program.load(0), 0);
  return program;
})();

/** Bools that lie next to each other along the last axis, as words of four; nothing if they do not, or none are there. */
function fourBools(inputs: readonly Operand[], kept: readonly number[], axes: readonly number[]): Operand | undefined {
  const [input] = inputs;
  const last = kept.length + axes.length - 1;
  if (input?.dtype !== "bool" || !axes.includes(last) || inputs.length !== 1) {
    return undefined;
  }
  const { shape, strides, offset } = input;
  const isWhole = strides[last] === 1 && (shape[last] ?? 0) % 4 === 0 && offset % 4 === 0 && !shape.includes(0) &&
    strides.every((stride, axis) => axis === last || stride % 4 === 0);
  return isWhole
    ? {
      ...input,
      dtype: "uint32",
      shape: shape.map((size, axis) => axis === last ? size / 4 : size),
      strides: strides.map((stride, axis) => axis === last ? 1 : stride / 4),
    }
    : undefined;
}

function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float16" || dtype === "bfloat16";
}

/** The dtype of 32 bits in which a reduction to `dtype` is computed. */
function wideOf(dtype: DType): DType {
  return isFloat(dtype) ? "float32" : dtype === "bool" || dtype.startsWith("u") ? "uint32" : "int32";
}

/**
 * Reduces axes.
 *
 * A sum of bools is how many hold, as int32 or uint32. A NaN is other than 0, so `any` and `all` take it for true. Over no elements `any` is false and `all` is true.
 *
 * @param kind What to compute.
 * @param output The result, of the shape of the axes that stay, in order, or with sizes of 1 for the reduced ones in
 *   between; int32 for `argmax` and `argmin`, which give places in the flattened reduced axes; bool for `any` and `all`.
 * @param inputs The operand, or several of one shape with a `prologue`.
 * @param options The axes, and what to do to the elements before and to the results after.
 * @throws {ValueError} If an axis is out of range, the output has another shape, or its dtype is not bool where bools
 *   are what is computed.
 */
export function reduce(
  kind: ReduceKind,
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
  const ones = shape.map((size, axis) => axes.includes(axis) ? 1 : size);
  const keepsAxes = output.shape.length === rank && sameShape(output.shape, ones);
  check(
    all.every((input) => sameShape(input.shape, shape)) &&
      (keepsAxes || sameShape(output.shape, kept.map((axis) => shape[axis] ?? 1))),
    `Cannot compute "${kind}": the shapes do not fit`,
    () => ({
      actual: `output ${describe(output)}, inputs ${all.map(describe).join(", ")}`,
      expected: `an output of shape [${kept.map((axis) => shape[axis])}] or [${ones}], inputs of one shape`,
      remedy: "allocate the output with the sizes of the axes that stay",
    }),
  );
  const isTruth = kind === "any" || kind === "all";
  check(!isTruth || output.dtype === "bool", `Cannot compute "${kind}": the output does not hold bools`, () => ({
    actual: `output ${describe(output)}`,
    expected: "dtype bool",
    remedy: "allocate the output with dtype bool, and cast afterwards",
  }));
  const sorted = axes.toSorted((a, b) => a - b);
  const pick = (own: readonly number[], from: readonly number[]) => from.map((axis) => own[axis] ?? 0);
  const sizes = (from: readonly number[]) => from.map((axis) => shape[axis] ?? 1);
  // Kept axes merge with the output's, reduced ones among the inputs alone.
  const outStrides = keepsAxes ? pick(output.strides, kept) : output.strides;
  const outer = coalesce(sizes(kept), [outStrides, ...all.map(({ strides }) => pick(strides, kept))]);
  const inner = coalesce(sizes(sorted), all.map(({ strides }) => pick(strides, sorted)));
  if (outer.shape.length + inner.shape.length > MAX_RANK) {
    throw new ValueError(`Cannot compute "${kind}" of an array of this rank`, {
      actual: `${outer.shape.length} kept and ${inner.shape.length} reduced axes after merging`,
      expected: `at most ${MAX_RANK}`,
      remedy: "copy the input to contiguous memory with the reduced axes last",
      code: "rank",
    });
  }
  if (isTruth && options.prologue === undefined && options.epilogue === undefined) {
    const words = fourBools(all, kept, axes);
    if (words) {
      reduce(kind === "any" ? "max" : "min", output, words, { axes: sorted, epilogue: fourTruths[kind] });
      return;
    }
  }
  const { epilogue } = options;
  const [first] = all;
  const isCount = kind === "sum" && first?.dtype === "bool" && output.dtype === "int32";
  const prologue = options.prologue ??
    (isTruth ? truthOf(first?.dtype ?? "bool") : isCount ? numbers : undefined);
  const operation = kind === "any" ? "max" : kind === "all" ? "min" : kind;
  const result = at(0, output, { shape: outer.shape, strides: outer.strides[0] ?? [] });
  const placed = all.map((input, k) =>
    at(k + 1, input, {
      shape: [...outer.shape, ...inner.shape],
      strides: [...(outer.strides[k + 1] ?? []), ...(inner.strides[k] ?? [])],
    })
  );
  const wait = epilogue && DTYPES[output.dtype].size < 4
    ? allocateScratch(outer.shape, wideOf(output.dtype))
    : undefined;
  try {
    const target = wait ? at(all.length + 1, wait) : result;
    run(wait ? [output, ...all, wait] : [output, ...all], (plan) => {
      plan.reduce(operation, target, placed, inner.shape.length, prologue?.words() ?? []);
      if (epilogue) {
        plan.elementwise(epilogue.words(), [result], [target]);
      }
    });
  } finally {
    if (wait) {
      releaseScratch(wait);
    }
  }
}
