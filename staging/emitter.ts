/**
 * Writes programs as plans of the engine.
 *
 * Each operation's kernels write their instructions, as they would run them at once. What a value lies in is a *block*: memory
 * that comes with the call, or is found for it when the whole plan is known, since only then it is known how long each is used.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import type { ArrayDtype } from "../core/dtype.ts";
import { itemSize } from "../core/dtype.ts";
import { allocateArray, operandOf } from "../core/bind.ts";
import type { EagerArray } from "../core/eager.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Place, Primitive } from "../core/primitive.ts";
import { type Atom, type Program, Variable } from "../core/program.ts";
import type { Shape } from "../core/shape.ts";
import type { StagedLoop, Stager } from "../core/stager.ts";
import { freeing } from "../core/storage.ts";
import { DTYPES } from "../wasm/dtype.ts";
import type { HostFunction } from "../wasm/engine.ts";
import { Elementwise } from "../wasm/elementwise.ts";
import { copy } from "../wasm/kernels/copy.ts";
import { copyPart } from "../wasm/kernels/dynamic_slice.ts";
import { elementwise } from "../wasm/kernels/elementwise.ts";
import { contiguousStrides, isContiguous, sameShape, sizeOf } from "../wasm/layout.ts";
import type { Operand } from "../wasm/operand.ts";
import { type Cell, Plan } from "../wasm/plan.ts";
import { type Recording, slotOf, slotOperand, withRecording } from "../wasm/recording.ts";

/** Memory that values of a program lie in. */
export interface Block {
  /** Its number, which is its slot as long as the plan is written. */
  readonly slot: number;
  readonly byteLength: number;
  /** An array that it belongs to, if it is there before the call: an argument's number, or a constant. */
  readonly origin: number | EagerArray | undefined;
  /** The place in the plan from which it is used, and after which it is not. */
  readonly from: number;
  to: number;
  /** How many values lie in it that are still to be used. */
  users: number;
  /** Whether it changes places with another one in a loop, so that it needs a slot of its own. */
  isCarry: boolean;
}

/** A value of a program whose plan is being written. */
export class StagedArray implements Aval, Place {
  readonly shape: Shape;
  readonly dtype: ArrayDtype;
  readonly weakType: boolean;
  /** The memory that it lies in. */
  readonly block: Block;
  readonly offset: number;
  readonly strides: readonly number[];

  /** A value that lies somewhere. */
  constructor({ shape, dtype, weakType }: Aval, block: Block, { offset, strides }: Omit<Place, "shape">) {
    this.shape = shape;
    this.dtype = dtype;
    this.weakType = weakType;
    this.block = block;
    this.offset = offset;
    this.strides = strides;
  }
}

/** A value as kernels take it. A key is its two words, along an axis of their own at the end. */
export function stagedOperand({ block, shape, strides, offset, dtype }: StagedArray): Operand {
  const { slot, byteLength } = block;
  if (dtype !== "prngKey") {
    return slotOperand(slot, byteLength, { offset: offset * DTYPES[dtype].size, dtype, shape, strides });
  }
  return slotOperand(slot, byteLength, {
    offset: offset * 8,
    dtype: "uint32",
    shape: [...shape, 2],
    strides: [...strides.map((stride) => stride * 2), 1],
  });
}

/** Thrown by an operation that cannot be part of a plan; the program is then run in another way. */
export class NotStagedError extends Error {
  override readonly name = "NotStagedError";
}

/** What an operand of a plan can tell apart. */
const MOST_BLOCKS = 2 ** 16;

/** Bools as integers. */
const toInteger = (() => {
  const program = new Elementwise();
  program.store(program.load(0), 0);
  return program;
})();

/** Writes one plan. */
export class Emitter implements Recording, Stager {
  readonly plan: Plan = new Plan(true);
  /** All blocks, by their number. */
  readonly blocks: Block[] = [];
  /** What the plan calls. */
  readonly hosts: HostFunction[] = [];
  readonly #constants = new Map<EagerArray, StagedArray>();

  #block(byteLength: number, origin?: number | EagerArray): Block {
    if (this.blocks.length >= MOST_BLOCKS) throw new NotStagedError("a program of so many values");
    const block = {
      slot: this.blocks.length,
      byteLength,
      origin,
      from: this.plan.length,
      to: Infinity,
      users: 1,
      isCarry: false,
    };
    this.blocks.push(block);
    return block;
  }

  allocateSlot(byteLength: number): number {
    return this.#block(byteLength).slot;
  }

  releaseSlot(slot: number): void {
    this.#leave(this.blocks[slot]!);
  }

  #leave(block: Block): void {
    if (--block.users === 0) block.to = this.plan.length;
  }

  /** An argument of the call. */
  input(number: number, aval: Aval, strides: readonly number[], byteLength: number): StagedArray {
    return new StagedArray(aval, this.#block(byteLength, number), { offset: 0, strides });
  }

  /** An array that the program holds. */
  constant(array: EagerArray): StagedArray {
    const known = this.#constants.get(array);
    if (known !== undefined) return known;
    const staged = new StagedArray(array, this.#block(array.storage.byteLength, array), array);
    this.#constants.set(array, staged);
    return staged;
  }

  /** Memory for a value. Who asks for it gives it back by {@linkcode release}. */
  allocate(aval: Aval): StagedArray {
    const { shape, dtype } = aval;
    const block = this.#block(sizeOf(shape) * itemSize(dtype));
    return new StagedArray(aval, block, { offset: 0, strides: contiguousStrides(shape) });
  }

  /** Another use of a value. */
  retain(value: StagedArray): StagedArray {
    value.block.users++;
    return value;
  }

  /** The end of a use of a value. */
  release(value: StagedArray): void {
    this.#leave(value.block);
  }

  /** Writes kernels' instructions. */
  record(write: () => void): void {
    withRecording(this, write);
  }

  /** Copies a value. */
  copy(to: StagedArray, from: StagedArray): void {
    if (!to.shape.includes(0)) this.record(() => copy(stagedOperand(to), stagedOperand(from)));
  }

  /**
   * Writes an operation.
   *
   * @param primitive The operation.
   * @param inputs Its operands.
   * @param params Its parameters.
   * @param isLast Whether an operand's memory is used by nothing after this.
   * @returns Its results, each to be released once.
   */
  emit<P>(
    primitive: Primitive<P>,
    inputs: readonly StagedArray[],
    params: P,
    isLast: (k: number) => boolean,
  ): readonly StagedArray[] {
    if (primitive.call !== undefined) {
      if (primitive.call.stage === undefined) throw new NotStagedError(primitive.name);
      return primitive.call.stage(this, inputs, params) as readonly StagedArray[];
    }
    const avals = primitive.outputs(inputs, params);
    const [first] = inputs;
    const place = first && primitive.view(first, params);
    if (place !== undefined) return [this.retain(new StagedArray(avals[0]!, first!.block, place))];
    const taken = primitive.inPlace === true ? placeOf(avals[0]!, inputs, isLast) : undefined;
    const outputs = taken === undefined
      ? avals.map((aval) => this.allocate(aval))
      : [this.retain(new StagedArray(avals[0]!, taken.block, taken))];
    if (avals.some(({ shape }) => !shape.includes(0))) {
      this.record(() => primitive.lower(outputs.map(stagedOperand), inputs.map(stagedOperand), params));
    }
    return outputs;
  }

  /**
   * Writes a program.
   *
   * @param program The program.
   * @param args What it is given; they stay the caller's, but for those that are given away.
   * @param given Which are given away, so that results may take their memory.
   * @returns What it gives, each to be released once.
   */
  run(
    { inputs, equations, outputs }: Program,
    args: readonly StagedArray[],
    given: readonly boolean[] = [],
  ): readonly StagedArray[] {
    const uses = new Map<Atom, number>();
    const count = (atom: Atom): unknown => uses.set(atom, (uses.get(atom) ?? 0) + 1);
    for (const equation of equations) equation.inputs.forEach(count);
    outputs.forEach(count);
    const values = new Map<Variable, StagedArray>();
    const define = (variable: Variable, value: StagedArray): void => {
      if (uses.has(variable)) values.set(variable, value);
      else this.release(value);
    };
    const valueOf = (atom: Atom): StagedArray =>
      atom instanceof Variable ? values.get(atom)! : this.constant(atom as EagerArray);
    const used = (atom: Atom): void => {
      const left = uses.get(atom)! - 1;
      uses.set(atom, left);
      if (left === 0 && atom instanceof Variable) this.release(values.get(atom)!);
    };
    inputs.forEach((input, k) => define(input, given[k] ? args[k]! : this.retain(args[k]!)));
    for (const { primitive, inputs, params, outputs } of equations) {
      const isLast = (k: number): boolean => {
        const atom = inputs[k]!;
        const isOnly = atom instanceof Variable && values.get(atom)!.block.users === 1;
        return isOnly && uses.get(atom) === inputs.filter((other) => other === atom).length;
      };
      const results = this.emit(primitive, inputs.map(valueOf), params, isLast);
      outputs.forEach((output, k) => define(output, results[k]!));
      inputs.forEach(used);
    }
    const results = outputs.map((atom) => this.retain(valueOf(atom)));
    outputs.forEach(used);
    return results;
  }

  /** An int32 that instructions read as a cell. */
  #cell(): StagedArray {
    return this.allocate({ shape: [], dtype: "int32", weakType: false });
  }

  loop(options: StagedLoop, body: (turn: StagedArray) => void): void {
    const carries = options.carries as readonly (readonly [StagedArray, StagedArray])[];
    for (const pair of carries) for (const { block } of pair) block.isCarry = true;
    const turn = this.#cell();
    const goesOn = options.while && this.#cell();
    const condition = (): void => {
      const says = options.while!() as StagedArray;
      this.record(() => elementwise(toInteger, [stagedOperand(goesOn!)], [stagedOperand(says)]));
      this.release(says);
    };
    this.plan.loop({
      count: options.count,
      counter: cellOf(turn),
      carries: carries.map(([before, after]) => [before.block.slot, after.block.slot]),
      ...(goesOn && { while: { cell: cellOf(goesOn), body: condition } }),
    }, () => body(turn));
    this.release(turn);
    if (goesOn) this.release(goesOn);
  }

  take(to: StagedArray, x: StagedArray, turn: StagedArray, fromEnd: boolean): void {
    if (to.shape.includes(0)) return;
    const { part, step, count } = firstOf(x, fromEnd);
    this.record(() => copyPart(stagedOperand(to), part, { of: "x", index: stagedOperand(turn), step, count }));
  }

  put(ys: StagedArray, y: StagedArray, turn: StagedArray, fromEnd: boolean): void {
    if (y.shape.includes(0)) return;
    const { part, step, count } = firstOf(ys, fromEnd);
    this.record(() => copyPart(part, stagedOperand(y), { of: "output", index: stagedOperand(turn), step, count }));
  }

  branch(index: StagedArray, blocks: readonly (() => void)[]): void {
    this.plan.branch(cellOf(index), blocks);
  }

  host(fn: (...values: NDArray[]) => void, values: readonly StagedArray[]): void {
    if (values.length > MOST_OPERANDS) throw new NotStagedError("a call of a function with so many values");
    const id =
      this.hosts.push((operands) => freeing(() => fn(...operands.map((operand, k) => arrayOf(operand, values[k]!))))) -
      1;
    // A call is shown the whole word where elements begin: those of views may lie before. In order, they need no axes.
    const shown = values.map((value) => {
      const isWhole = value.offset * itemSize(value.dtype) % 4 === 0;
      if (isWhole && isContiguous(value)) return this.retain(value);
      const own = this.allocate(value);
      this.copy(own, value);
      return own;
    });
    const operands = shown.map((value) => {
      const operand = stagedOperand(value);
      return { ...operand, shape: [sizeOf(operand.shape)], strides: [1] };
    });
    this.plan.withSlots(
      operands.map(slotOf),
      (plan) => plan.hostCall(id, operands.map((operand, slot) => ({ ...operand, slot }))),
    );
    shown.forEach((value) => this.release(value));
  }
}

/** The operand whose memory a result of this type may take: other operands in the same memory lie in the same places. */
function placeOf(
  { shape, dtype }: Aval,
  inputs: readonly StagedArray[],
  isLast: (k: number) => boolean,
): StagedArray | undefined {
  return inputs.find((x, k) =>
    x.dtype === dtype && sameShape(x.shape, shape) && x.offset === 0 && isContiguous(x) && isLast(k) &&
    x.block.byteLength === sizeOf(shape) * itemSize(dtype) &&
    inputs.every((y) => y.block !== x.block || y.dtype === dtype && y.offset === 0 && isContiguous(y))
  );
}

/** The most operands of a call of a function. */
const MOST_OPERANDS = 16;

/** The cell that an int32 is. */
function cellOf(value: StagedArray): Cell {
  const operand = stagedOperand(value);
  return { slot: slotOf(operand), byte: operand.offset };
}

/** The part that comes first along the first axis, or, from the end, last; the elements to the next; how many there are. */
function firstOf(whole: StagedArray, fromEnd: boolean): { part: Operand; step: number; count: number } {
  const operand = stagedOperand(whole);
  const { offset, dtype, shape: [count = 0, ...shape], strides: [step = 0, ...strides] } = operand;
  const start = offset + (fromEnd ? (count - 1) * step * DTYPES[dtype].size : 0);
  return { part: { ...operand, offset: start, shape, strides }, step: fromEnd ? -step : step, count };
}

/** An array of its own with the elements that an operand of a running plan has, all along one axis. */
function arrayOf(operand: Operand, { dtype, weakType, shape }: StagedArray): EagerArray {
  const array = allocateArray({ dtype, weakType, shape });
  const { shape: inOrder, strides } = operand;
  if (!shape.includes(0)) {
    withRecording(undefined, () => copy({ ...operandOf(array), shape: inOrder, strides }, operand));
  }
  return array;
}
