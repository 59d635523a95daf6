/**
 * How products over any axes become one matrix product each.
 *
 * The matrix product takes any strides, so an operand is brought to `[batch…, rows, columns]` by a view: its free axes
 * merge into one where they lie evenly in memory, and so do its contracted ones; free axes that do not merge are
 * batches of their own. Only an operand for which there is no such view is copied. The result is contiguous.
 *
 * @module
 */

import { isFloating } from "../core/dtype.ts";
import type { DType } from "../wasm/dtype.ts";
import { Elementwise } from "../wasm/elementwise.ts";
import { elementwise } from "../wasm/kernels/elementwise.ts";
import { matmul } from "../wasm/kernels/matmul.ts";
import { coalesce, contiguousStrides, type Layout, sizeOf } from "../wasm/layout.ts";
import { type Operand, transpose } from "../wasm/operand.ts";
import { allocateScratch, releaseScratch } from "../wasm/recording.ts";
import { type DotGeneralParams, freeAxes } from "./dot_general.ts";

/** The axes that plans take, the matrices' own two not counted. */
const MAX_BATCH = 6;

/** `y = x` in the output's dtype, and whether an integer is other than 0. */
const { converting, holding, floating }: Record<"converting" | "holding" | "floating", Elementwise> = (() => {
  const [converting, holding, floating] = [new Elementwise(), new Elementwise(), new Elementwise()];
  converting.store(converting.load(0), 0);
  holding.store(holding.apply("i32_to_bool", holding.load(0)), 0);
  floating.store(floating.apply("i32_to_f32", floating.load(0)), 0);
  return { converting, holding, floating };
})();
const unsigned: Elementwise = (() => {
  const program = new Elementwise();
  program.store(program.apply("u32_to_f32", program.load(0)), 0);
  return program;
})();

/** An operand's axes by what they are for. */
interface Roles {
  readonly batch: readonly number[];
  readonly free: readonly number[];
  readonly summed: readonly number[];
}

/** An operand as matrices: one free axis and one summed one, and batches of these. */
interface Matrices {
  readonly operand: Operand;
  /** Strides of the batch axes. */
  readonly batch: readonly number[];
  /** The free axes, merged where they can be. */
  readonly free: Layout;
  /** Which of these is that of the matrices. The others are batches, too, which the other operand has no part in. */
  readonly row: number;
  /** Elements along the summed axis, and their stride. */
  readonly depth: number;
  readonly inner: number;
}

/** Free axes of at least so many elements are worth a matrix of their own: fewer, and a copy is cheaper. */
const LEAST_ROWS = 16;

function pick(own: readonly number[], axes: readonly number[]): number[] {
  return axes.map((axis) => own[axis]!);
}

/** Several axes as the fewest that step over their elements evenly; at least one. */
function mergedAxes(x: Operand, axes: readonly number[]): Layout {
  const shape = pick(x.shape, axes);
  // Without elements any strides will do.
  if (shape.includes(0)) return { shape: [0], strides: [1] };
  const merged = coalesce(shape, [pick(x.strides, axes)]);
  return merged.shape.length === 0
    ? { shape: [1], strides: [1] }
    : { shape: merged.shape, strides: merged.strides[0]! };
}

/** The operand as matrices, if its strides allow it. */
function asMatrices(x: Operand, { batch, free, summed }: Roles): Matrices | undefined {
  const [rows, inner] = [mergedAxes(x, free), mergedAxes(x, summed)];
  // The last axis if it is long enough, for its neighbors are neighbors in the result; else the longest.
  const last = rows.shape.length - 1;
  const row = rows.shape[last]! >= LEAST_ROWS ? last : rows.shape.indexOf(Math.max(...rows.shape));
  if (inner.shape.length > 1 || last > 0 && rows.shape[row]! < LEAST_ROWS) return undefined;
  return {
    operand: x,
    batch: pick(x.strides, batch),
    free: rows,
    row,
    depth: inner.shape[0]!,
    inner: inner.strides[0]!,
  };
}

/** All but the axis of the matrices. */
function outer({ row }: Matrices, own: readonly number[]): number[] {
  return own.filter((_, axis) => axis !== row);
}

/**
 * Multiplies matrices into a contiguous result: batches, free axes of `a`, free axes of `b`.
 *
 * @param target The result.
 * @param left What the kernel takes first: `a`, or `b` if they are swapped.
 * @param right The other one.
 * @param batch Sizes of the batch axes.
 * @param isSwapped Whether the result is written transposed.
 */
function multiply(
  target: Operand,
  left: Matrices,
  right: Matrices,
  batch: readonly number[],
  isSwapped: boolean,
): void {
  const [rows, columns] = [left, right].map(({ free }) => sizeOf(free.shape)) as [number, number];
  const times = (strides: readonly number[], by: number): number[] => strides.map((stride) => stride * by);
  // Strides of the result along the free axes of each.
  const down = times(contiguousStrides(left.free.shape), isSwapped ? 1 : columns);
  const along = times(contiguousStrides(right.free.shape), isSwapped ? rows : 1);
  const none = (matrices: Matrices): number[] => outer(matrices, matrices.free.shape).map(() => 0);
  const lead = [...batch, ...outer(left, left.free.shape), ...outer(right, right.free.shape)];
  const [m, n] = [left.free.shape[left.row]!, right.free.shape[right.row]!];
  matmul(
    {
      ...target,
      shape: [...lead, m, n],
      strides: [
        ...times(contiguousStrides(batch), rows * columns),
        ...outer(left, down),
        ...outer(right, along),
        down[left.row]!,
        along[right.row]!,
      ],
    },
    {
      ...left.operand,
      shape: [...lead, m, left.depth],
      strides: [
        ...left.batch,
        ...outer(left, left.free.strides),
        ...none(right),
        left.free.strides[left.row]!,
        left.inner,
      ],
    },
    {
      ...right.operand,
      shape: [...lead, right.depth, n],
      strides: [
        ...right.batch,
        ...none(left),
        ...outer(right, right.free.strides),
        right.inner,
        right.free.strides[right.row]!,
      ],
    },
  );
}

/** The dtype that an operand is multiplied in: what the kernel takes at that side. */
function operandDtype(dtype: DType, isFloat: boolean, isFirst: boolean): DType {
  return isFloat && (isFirst || !isFloating(dtype)) ? "float32" : dtype;
}

/** The program that makes one dtype out of another. */
function conversion(from: DType, to: DType): Elementwise {
  if (!isFloating(to) || isFloating(from)) return converting;
  return from.startsWith("u") ? unsigned : floating;
}

/**
 * The pairs of summed axes in the order in which the larger operand has them, so that it is the one that need not be
 * copied. Shapes alone decide: sums must not depend on strides.
 */
function summedOrder(a: Operand, b: Operand, aSummed: readonly number[], bSummed: readonly number[]): number[] {
  const axes = sizeOf(b.shape) > sizeOf(a.shape) ? bSummed : aSummed;
  return axes.map((_, k) => k).sort((k, l) => axes[k]! - axes[l]!);
}

/**
 * Computes a product over any axes.
 *
 * @param output The result, contiguous: batch axes, free axes of `a`, free axes of `b`.
 * @param a One operand.
 * @param b The other.
 * @param params The axes.
 */
export function lowerDotGeneral(output: Operand, a: Operand, b: Operand, params: DotGeneralParams): void {
  const { contracting: [aSummed, bSummed], batch: [aBatch, bBatch] } = params;
  const isFloat = isFloating(output.dtype);
  const temporaries: Operand[] = [];
  const temporary = (shape: readonly number[], dtype: DType): Operand => {
    const operand = allocateScratch(shape, dtype);
    temporaries.push(operand);
    return operand;
  };
  const roles = (x: Operand, batch: readonly number[], summed: readonly number[], order: readonly number[]): Roles => ({
    batch,
    free: freeAxes(x.shape.length, summed, batch),
    summed: order.map((k) => summed[k]!),
  });
  /** The operand as matrices, copied if it has to be. */
  const matrices = (x: Operand, own: Roles, isFirst: boolean, mustCopy: boolean): Matrices => {
    const dtype = operandDtype(x.dtype, isFloat, isFirst);
    const view = mustCopy || dtype !== x.dtype ? undefined : asMatrices(x, own);
    if (view !== undefined) return view;
    const ordered = transpose(x, [...own.batch, ...own.free, ...own.summed]);
    const copy = temporary(ordered.shape, dtype);
    elementwise(conversion(x.dtype, dtype), [copy], [ordered]);
    const from = own.batch.length;
    const to = from + own.free.length;
    const axes = copy.shape.map((_, axis) => axis);
    return asMatrices(copy, { batch: axes.slice(0, from), free: axes.slice(from, to), summed: axes.slice(to) })!;
  };
  try {
    const order = summedOrder(a, b, aSummed, bSummed);
    const way = { a: roles(a, aBatch, aSummed, order), b: roles(b, bBatch, bSummed, order) };
    // The kernel reads halves as its second operand: the larger one of two should be that.
    const isHalf = isFloating(a.dtype) && a.dtype !== "float32";
    const isSwapped = isFloat && isHalf && sizeOf(a.shape) > sizeOf(b.shape);
    const both = (mustCopy: boolean): [Matrices, Matrices] => [
      matrices(a, way.a, !isSwapped, mustCopy),
      matrices(b, way.b, isSwapped, mustCopy),
    ];
    let [ofA, ofB] = both(false);
    if (aBatch.length + ofA.free.shape.length + ofB.free.shape.length - 2 > MAX_BATCH) [ofA, ofB] = both(true);
    const isDirect = isFloat ? output.dtype === "float32" : output.dtype !== "bool";
    const target = isDirect ? output : temporary(output.shape, isFloat ? "float32" : "int32");
    const [left, right] = isSwapped ? [ofB, ofA] : [ofA, ofB];
    multiply(target, left, right, pick(a.shape, aBatch), isSwapped);
    if (!isDirect) elementwise(isFloat ? converting : holding, [output], [target]);
  } finally {
    temporaries.forEach(releaseScratch);
  }
}
