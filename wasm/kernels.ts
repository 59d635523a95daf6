/**
 * One function a kernel, over operands: checks shapes and dtypes, brings any rank into the form that plans take, and
 * runs a plan of one instruction.
 *
 * Outputs are given, not made: `matmul(out, a, b)` writes to `out`. An output may not overlap an input, except that an
 * elementwise output may be exactly one of the inputs.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { DTYPES } from "./dtype.ts";
import { Elementwise, type ElementwiseOp } from "./elementwise.ts";
import { currentEngine } from "./engine.ts";
import { broadcastStrides, coalesce, isContiguous, sameShape, sizeOf } from "./layout.ts";
import type { Operand } from "./operand.ts";
import {
  type GatherMode,
  MAX_RANK,
  Plan,
  type PlanOperand,
  type ProbeKind,
  type Reduction,
  type ThreefryMode,
} from "./plan.ts";

/** The axes that a reduction goes over. */
export interface ReduceOptions {
  /** The axes; negative ones count from the end. All axes if left out. */
  readonly axes?: readonly number[];
  /** A program with one output that makes the values to reduce out of the inputs' elements. */
  readonly prologue?: Elementwise;
}

/** How indices outside the source are treated. */
export interface GatherOptions {
  /** See {@linkcode GatherMode}; "fill" if left out, as in JAX. */
  readonly mode?: GatherMode;
}

/** The layout of random bits. */
export interface ThreefryOptions {
  /** See {@linkcode ThreefryMode}; "partitionable" if left out, as in JAX. */
  readonly mode?: ThreefryMode;
  /** The first counter. */
  readonly offset?: number;
}

/** How long a probe measures. */
export interface ProbeOptions {
  /** Turns: 384 FLOP an element for `madd` and `crew`, one pass over the operand for `sweep`. */
  readonly turns: number;
}

function describe(operand: Operand): string {
  return `[${operand.shape}] ${operand.dtype}`;
}

/** Throws unless `fits`; the message is made only then. */
function check(
  fits: boolean,
  summary: string,
  details: () => { actual: string; expected: string; remedy: string },
): asserts fits {
  if (!fits) {
    throw new ValueError(summary, { ...details(), code: "operands" });
  }
}

/** The operand as a slot of its own, at another layout. */
function at(
  slot: number,
  operand: Operand,
  layout?: { shape: readonly number[]; strides: readonly number[] },
): PlanOperand {
  return {
    slot,
    offset: operand.offset,
    dtype: operand.dtype,
    shape: layout?.shape ?? operand.shape,
    strides: layout?.strides ?? operand.strides,
  };
}

const plan = new Plan();

/** Runs one instruction on operands, each in the slot of its index. */
function run(operands: readonly Operand[], write: (plan: Plan) => void): void {
  plan.clear();
  write(plan);
  currentEngine().run(plan.view(), operands);
}

/**
 * Runs `body` on operands of one shape with their axes merged; what is still above rank 8 is looped over.
 *
 * @param shape The common shape.
 * @param operands The operands.
 * @param strides The strides of each at that shape.
 */
function overRank(
  shape: readonly number[],
  operands: readonly Operand[],
  strides: readonly (readonly number[])[],
  body: (placed: PlanOperand[], operands: readonly Operand[]) => void,
): void {
  const merged = coalesce(shape, strides);
  const outer = merged.shape.length - MAX_RANK;
  if (outer <= 0) {
    body(
      operands.map((operand, k) => at(k, operand, { shape: merged.shape, strides: merged.strides[k] ?? [] })),
      operands,
    );
    return;
  }
  const inner = merged.shape.slice(outer);
  const index = new Array<number>(outer).fill(0);
  const turns = sizeOf(merged.shape.slice(0, outer));
  for (let turn = 0; turn < turns; turn++) {
    const moved = operands.map((operand, k) => {
      const steps = index.reduce((sum, value, axis) => sum + value * (merged.strides[k]?.[axis] ?? 0), 0);
      return { ...operand, offset: operand.offset + steps * DTYPES[operand.dtype].size };
    });
    body(
      moved.map((operand, k) => at(k, operand, { shape: inner, strides: (merged.strides[k] ?? []).slice(outer) })),
      operands,
    );
    for (let axis = outer - 1; axis >= 0; axis--) {
      index[axis] = ((index[axis] ?? 0) + 1) % (merged.shape[axis] ?? 1);
      if (index[axis] !== 0) {
        break;
      }
    }
  }
}

/**
 * Runs an elementwise program.
 *
 * @param program The program.
 * @param outputs One to eight outputs of one shape.
 * @param inputs Up to sixteen inputs that broadcast to that shape.
 * @throws {ValueError} If the shapes do not fit.
 */
export function elementwise(program: Elementwise, outputs: readonly Operand[], inputs: readonly Operand[]): void {
  const shape = outputs[0]?.shape ?? [];
  const strides = outputs.map((output) => {
    check(
      sameShape(output.shape, shape),
      "Cannot run an elementwise program: the outputs differ in shape",
      () => ({
        actual: outputs.map(describe).join(", "),
        expected: "outputs of one shape",
        remedy: "run one program for each shape",
      }),
    );
    return output.strides;
  });
  for (const input of inputs) {
    const own = broadcastStrides(input, shape);
    check(own !== undefined, "Cannot run an elementwise program: an input does not broadcast to the output", () => ({
      actual: `input ${describe(input)}, output [${shape}]`,
      expected: "sizes that are equal or 1, aligned at the last axis",
      remedy: "transpose or slice the input to the output's shape",
    }));
    strides.push(own);
  }
  const words = program.words();
  overRank(shape, [...outputs, ...inputs], strides, (placed, operands) => {
    run(operands, (plan) => plan.elementwise(words, placed.slice(0, outputs.length), placed.slice(outputs.length)));
  });
}

/** Programs of single operations, by name. */
const singles = new Map<string, Elementwise>();

function single(op: ElementwiseOp, arity: number): Elementwise {
  let program = singles.get(op);
  if (program === undefined) {
    program = new Elementwise();
    const inputs = Array.from({ length: arity }, (_, input) => program?.load(input) ?? 0);
    program.store(program.apply(op, ...inputs), 0);
    singles.set(op, program);
  }
  return program;
}

/**
 * Applies one operation to each element.
 *
 * @param op Its name, such as `"exp_f32"`.
 * @param output The result.
 * @param x The operand, which broadcasts to the output.
 */
export function unary(op: ElementwiseOp, output: Operand, x: Operand): void {
  elementwise(single(op, 1), [output], [x]);
}

/**
 * Applies one operation to each pair of elements.
 *
 * @param op Its name, such as `"add_f32"`.
 * @param output The result.
 * @param a The first operand, which broadcasts to the output.
 * @param b The second.
 */
export function binary(op: ElementwiseOp, output: Operand, a: Operand, b: Operand): void {
  elementwise(single(op, 2), [output], [a, b]);
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

/**
 * Softmax along the last axis: `exp(x - max) / sum(exp(x - max))`.
 *
 * @param output The result.
 * @param x The operand, of the same shape and dtype: float32, float16 or bfloat16; at most eight axes.
 */
export function softmax(output: Operand, x: Operand): void {
  check(
    sameShape(output.shape, x.shape) && output.dtype === x.dtype && x.shape.length > 0,
    "Cannot compute softmax: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, x ${describe(x)}`,
      expected: "one shape with at least one axis, and one dtype",
      remedy: "allocate the output like x",
    }),
  );
  run([output, x], (plan) => plan.softmax(at(0, output), at(1, x)));
}

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

/**
 * Copies elements between layouts: transposes, broadcasts, fills in strided memory.
 *
 * @param output The result.
 * @param x The operand, of the same dtype, which broadcasts to the output.
 */
export function copy(output: Operand, x: Operand): void {
  const strides = broadcastStrides(x, output.shape);
  check(strides !== undefined && output.dtype === x.dtype, "Cannot copy: the operands do not fit", () => ({
    actual: `output ${describe(output)}, x ${describe(x)}`,
    expected: "one dtype, and sizes that are equal or 1",
    remedy: "cast by an elementwise program first, or allocate the output like x",
  }));
  overRank(output.shape, [output, x], [output.strides, strides], ([to, from], operands) => {
    if (to !== undefined && from !== undefined) {
      run(operands, (plan) => plan.copy(to, from));
    }
  });
}

/**
 * Takes rows along the first axis: `output[i…, r…] = source[indices[i…], r…]`.
 *
 * @param output `[…indices, …row]`, dtype as `source`.
 * @param source `[n, …row]`.
 * @param indices int32 or uint32. Negative ones are outside: add `n` to them first to count from the end.
 * @param options What to do with indices outside.
 */
export function gather(output: Operand, source: Operand, indices: Operand, options: GatherOptions = {}): void {
  const expected = [...indices.shape, ...source.shape.slice(1)];
  check(
    source.shape.length > 0 && sameShape(output.shape, expected) && output.dtype === source.dtype &&
      (indices.dtype === "int32" || indices.dtype === "uint32"),
    "Cannot gather: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, source ${describe(source)}, indices ${describe(indices)}`,
      expected: `output [${expected}] ${source.dtype}, indices int32 or uint32`,
      remedy: "allocate the output with the indices' axes before the row's",
    }),
  );
  run(
    [output, source, indices],
    (plan) => plan.gather(at(0, output), at(1, source), at(2, indices), options.mode ?? "fill"),
  );
}

/**
 * Random bits of a key, equal to those of JAX's `threefry2x32`.
 *
 * @param output Contiguous uint32; with `mode: "pairs"` its last axis is 2.
 * @param key uint32, `[2]`.
 * @param options Their layout.
 */
export function threefry(output: Operand, key: Operand, options: ThreefryOptions = {}): void {
  const { mode = "partitionable", offset = 0 } = options;
  check(
    output.dtype === "uint32" && isContiguous(output) && key.dtype === "uint32" && sameShape(key.shape, [2]) &&
      Number.isSafeInteger(offset) && offset >= 0 && (mode !== "pairs" || output.shape.at(-1) === 2),
    "Cannot make random bits: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, key ${describe(key)}, offset ${offset}`,
      expected: "output contiguous uint32, key [2] uint32, offset a whole number from 0",
      remedy: "allocate a uint32 output; with pairs its last axis has size 2",
    }),
  );
  run([output, key], (plan) => plan.threefry(at(0, output), at(1, key), mode, offset));
}

/**
 * Measures the machine with the instructions that kernels use.
 *
 * @param kind `madd`: chains of multiply-adds in registers, one task for each element of `operand`;
 *   `crew`: the same, where each element becomes the number of the thread that ran its task;
 *   `sweep`: loads of every 16 bytes of `operand`.
 * @param operand Contiguous float32.
 * @param options How long.
 */
export function probe(kind: ProbeKind, operand: Operand, options: ProbeOptions): void {
  run([operand], (plan) => plan.probe(kind, at(0, operand), options.turns));
}
