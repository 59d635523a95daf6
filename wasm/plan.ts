/**
 * Writes plans: the one TypeScript half of the format that `core-rs/README.md` documents and `core-rs/src/plan` reads.
 *
 * A plan is a list of 32-bit words. It names its operands by slot; a call passes a table that says where each slot
 * lies, so one plan serves any buffers. The writer checks what a mistake here could get wrong (ranks, integers); the
 * engine checks everything else each time it runs an instruction.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { DTYPES } from "./dtype.ts";
import {
  type Cumulative,
  CUMULATIVES,
  GATHER_MODES,
  type GatherMode,
  type Normalization,
  NORMALIZATIONS,
  OPCODE,
  type ProbeKind,
  PROBES,
  type Reduction,
  REDUCTIONS,
  type ScatterKind,
  SCATTERS,
  SOFTMAX_KINDS,
  type SoftmaxKind,
  THREEFRY_MODES,
  type ThreefryMode,
} from "./plan_kinds.ts";
import type { Cell, LoopOptions, PlanAttentionOptions, PlanOperand, PlanSortOptions } from "./plan_operands.ts";

export type {
  Cumulative,
  GatherMode,
  Normalization,
  ProbeKind,
  Reduction,
  ScatterKind,
  SoftmaxKind,
  ThreefryMode,
} from "./plan_kinds.ts";
export type {
  Cell,
  CellOffset,
  LoopOptions,
  PlanAttentionOptions,
  PlanOperand,
  PlanSortOptions,
} from "./plan_operands.ts";

/** "PJ" and the version of the format. */
const MAGIC = 0x504a_0001;

/** Words before the first instruction; the last of them is 0. */
const HEADER_WORDS = 4;

/** The highest rank of an operand. */
export const MAX_RANK = 8;

/** The bits of a float32. */
function floatBits(value: number): number {
  return new Uint32Array(new Float32Array([value]).buffer)[0] ?? 0;
}

/** Writes the words of a plan. Methods add one instruction each, in the order in which they will run. */
export class Plan {
  #words: Uint32Array<ArrayBuffer> = new Uint32Array(256);
  #length = HEADER_WORDS;
  #slots = 0;
  /** The slots that the next instruction's slots are called by in the plan; the same if there is none. */
  #called: readonly number[] | undefined;
  /** Where the plan names slots, of operands and of cells, if it may have to be moved. */
  #named: { readonly operands: number[]; readonly cells: number[]; readonly pairs: number[] } | undefined;

  /** Begins an empty plan; one that keeps account of the slots it names can be moved to others. */
  constructor(keepsAccount = false) {
    if (keepsAccount) this.#named = { operands: [], cells: [], pairs: [] };
  }

  /** How many words there are so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Writes instructions for other slots than they name.
   *
   * @param slots The slot of the plan that is meant by each number.
   * @param write Writes them.
   */
  withSlots(slots: readonly number[], write: (plan: Plan) => void): void {
    this.#called = slots;
    try {
      write(this);
    } finally {
      this.#called = undefined;
    }
  }

  /**
   * Moves a plan that keeps account to other slots.
   *
   * @param count How many slots there are then.
   * @param to Where the start of each slot lies then.
   */
  move(count: number, to: (slot: number) => Cell): void {
    const words = this.#words;
    const { operands, cells, pairs } = this.#named!;
    for (const at of operands) {
      const { slot, byte } = to(words[at]! & 0xffff);
      words[at] = (words[at]! & 0xffff0000 | slot) >>> 0;
      words[at + 1]! += byte;
    }
    for (const at of cells) {
      const { slot, byte } = to(words[at]!);
      words[at] = slot;
      words[at + 1]! += byte;
    }
    for (const at of pairs) words[at] = to(words[at]!).slot;
    this.#slots = count;
  }

  /** How many slots the plan names: the length of the table that a call must pass. */
  get slots(): number {
    return this.#slots;
  }

  /** The finished plan, a copy. */
  words(): Uint32Array<ArrayBuffer> {
    return this.view().slice();
  }

  /** The finished plan in place: good until the next instruction is added. */
  view(): Uint32Array<ArrayBuffer> {
    const words = this.#words;
    words[0] = MAGIC;
    words[1] = this.#length;
    words[2] = this.#slots;
    return words.subarray(0, this.#length);
  }

  /** Empties the plan, for another use of the same object. */
  clear(): this {
    this.#length = HEADER_WORDS;
    this.#slots = 0;
    return this;
  }

  #push(word: number): void {
    if (this.#length === this.#words.length) {
      const longer = new Uint32Array(2 * this.#length);
      longer.set(this.#words);
      this.#words = longer;
    }
    this.#words[this.#length++] = word;
  }

  #pushAll(words: readonly number[]): void {
    for (let k = 0; k < words.length; k++) {
      this.#push(words[k] ?? 0);
    }
  }

  #begin(opcode: number, first = 0, second = 0, third = 0): number {
    const start = this.#length;
    this.#push(opcode | first << 8 | second << 16 | third << 24);
    this.#push(0);
    return start;
  }

  #end(start: number): this {
    this.#words[start + 1] = this.#length - start;
    return this;
  }

  #operand({ slot, offset, dtype, shape, strides, cells = [] }: PlanOperand): void {
    const rank = shape.length;
    if (rank > MAX_RANK || strides.length !== rank || slot > 0xffff || cells.length > 0xff) {
      throw new ValueError("Cannot write an operand into a plan", {
        op: "plan",
        operand: `slot ${slot}`,
        actual: `shape [${shape}], strides [${strides}], ${cells.length} cells`,
        expected: `as many strides as axes, at most ${MAX_RANK} of them, at most 65536 slots and 255 cells`,
        remedy: "coalesce axes, or copy to contiguous memory first",
        code: "plan-operand",
      });
    }
    this.#named?.operands.push(this.#length);
    this.#push(this.#uses(slot) | DTYPES[dtype].code << 16 | rank << 20 | cells.length << 24);
    this.#push(offset);
    this.#pushAll(shape);
    this.#pushAll(strides);
    for (const cell of cells) {
      this.#cell(cell);
      this.#push(cell.step);
      this.#push(cell.limit);
    }
  }

  #uses(slot: number): number {
    const own = this.#called === undefined ? slot : this.#called[slot]!;
    if (own >= this.#slots) {
      this.#slots = own + 1;
    }
    return own;
  }

  #cell({ slot, byte }: Cell): void {
    this.#named?.cells.push(this.#length);
    this.#push(this.#uses(slot));
    this.#push(byte);
  }

  #block(write: (plan: Plan) => void): void {
    const at = this.#length;
    this.#push(0);
    write(this);
    this.#words[at] = this.#length - at - 1;
  }

  /**
   * Adds an elementwise program; see {@linkcode Elementwise}.
   *
   * @param program Its words.
   * @param outputs One to eight outputs, all of one shape.
   * @param inputs Up to sixteen inputs of that shape; broadcast by strides of 0.
   */
  elementwise(program: readonly number[], outputs: readonly PlanOperand[], inputs: readonly PlanOperand[]): this {
    const start = this.#begin(OPCODE.elementwise, outputs.length, inputs.length);
    outputs.forEach((operand) => this.#operand(operand));
    inputs.forEach((operand) => this.#operand(operand));
    this.#pushAll(program);
    return this.#end(start);
  }

  /**
   * Adds a reduction of the trailing axes.
   *
   * @param kind What to compute.
   * @param output The result, of the kept axes' shape; int32 for places.
   * @param inputs The operands, kept axes first, then the reduced ones.
   * @param reduced How many axes are reduced.
   * @param program An elementwise program with one output that makes the values to reduce; empty for the one input.
   */
  reduce(
    kind: Reduction,
    output: PlanOperand,
    inputs: readonly PlanOperand[],
    reduced: number,
    program: readonly number[] = [],
  ): this {
    const start = this.#begin(OPCODE.reduce, REDUCTIONS.indexOf(kind), inputs.length, reduced);
    this.#operand(output);
    inputs.forEach((operand) => this.#operand(operand));
    this.#pushAll(program);
    return this.#end(start);
  }

  /** Adds a softmax along the last axis, or one of its kin; the output of "logsumexp" lacks that axis. */
  softmax(output: PlanOperand, input: PlanOperand, kind: SoftmaxKind = "softmax"): this {
    return this.#simple(OPCODE.softmax, [output, input], SOFTMAX_KINDS.indexOf(kind));
  }

  /**
   * Adds a normalization along the last axis.
   *
   * @param kind By what.
   * @param output The result, of the input's shape and dtype.
   * @param input The operand.
   * @param epsilon What is added to the mean square or the variance.
   * @param vectors By what to multiply each row and what then to add, of that dtype.
   */
  normalize(
    kind: Normalization,
    output: PlanOperand,
    input: PlanOperand,
    epsilon: number,
    vectors: { readonly scale?: PlanOperand | undefined; readonly bias?: PlanOperand | undefined } = {},
  ): this {
    const { scale, bias } = vectors;
    const start = this.#begin(OPCODE.normalize, NORMALIZATIONS.indexOf(kind), (scale ? 1 : 0) | (bias ? 2 : 0));
    for (const operand of [output, input, scale, bias]) {
      if (operand !== undefined) {
        this.#operand(operand);
      }
    }
    this.#push(new Uint32Array(new Float32Array([epsilon]).buffer)[0] ?? 0);
    return this.#end(start);
  }

  /** Adds a matrix product over the last two axes: `[…, m, k]` by `[…, k, n]`, of floats or of integers. */
  matmul(output: PlanOperand, a: PlanOperand, b: PlanOperand): this {
    return this.#simple(OPCODE.matmul, [output, a, b]);
  }

  /** Adds a copy between operands of one shape and dtype. */
  copy(output: PlanOperand, input: PlanOperand): this {
    return this.#simple(OPCODE.copy, [output, input]);
  }

  /** Adds a gather of rows: `output[i…, r…] = source[indices[i…], r…]`. */
  gather(output: PlanOperand, source: PlanOperand, indices: PlanOperand, mode: GatherMode): this {
    return this.#simple(OPCODE.gather, [output, source, indices], GATHER_MODES.indexOf(mode));
  }

  /**
   * Adds a gather of windows: `output[i…, w…] = source[indices[i…] + w…]`.
   *
   * @param output `[…i, …window]`.
   * @param source What to read.
   * @param indices `[…i, d]`: places along the first `d` axes of `source`.
   * @param mode What to do with windows that are not wholly inside.
   * @param fill The bits of an element of those that are filled.
   */
  gatherNd(output: PlanOperand, source: PlanOperand, indices: PlanOperand, mode: GatherMode, fill: number): this {
    const start = this.#begin(OPCODE.gatherNd, GATHER_MODES.indexOf(mode));
    [output, source, indices].forEach((operand) => this.#operand(operand));
    this.#push(fill);
    return this.#end(start);
  }

  /**
   * Adds a scatter of windows, in place: `output[indices[i…] + w…] = kind(output[indices[i…] + w…], updates[i…, w…])`.
   *
   * @param kind How to combine an element with its update.
   * @param output What is updated.
   * @param indices `[…i, d]`: places along the first `d` axes of `output`.
   * @param updates `[…i, …window]`.
   * @param mode What to do with windows that are not wholly inside; "fill" drops them.
   */
  scatter(
    kind: ScatterKind,
    output: PlanOperand,
    indices: PlanOperand,
    updates: PlanOperand,
    mode: GatherMode,
  ): this {
    const start = this.#begin(OPCODE.scatter, SCATTERS.indexOf(kind), GATHER_MODES.indexOf(mode));
    [output, indices, updates].forEach((operand) => this.#operand(operand));
    return this.#end(start);
  }

  /**
   * Adds random bits.
   *
   * @param output Contiguous uint32, or uint16 or uint8 unless the mode is "pairs".
   * @param key uint32, `[2]`.
   * @param mode Their layout.
   * @param offset The first counter, below 2^53; 0 in the legacy layout.
   */
  threefry(output: PlanOperand, key: PlanOperand, mode: ThreefryMode, offset = 0): this {
    const start = this.#begin(OPCODE.threefry, THREEFRY_MODES.indexOf(mode));
    this.#operand(output);
    this.#operand(key);
    this.#push(offset % 0x1_0000_0000);
    this.#push(Math.floor(offset / 0x1_0000_0000));
    return this.#end(start);
  }

  /** Adds a cumulative sum, product, maximum or minimum along the last axis; from its end if `reverse`. */
  scan(kind: Cumulative, output: PlanOperand, input: PlanOperand, reverse = false): this {
    return this.#simple(OPCODE.scan, [output, input], CUMULATIVES.indexOf(kind), reverse ? 1 : 0);
  }

  /**
   * Adds a stable sort along the last axis.
   *
   * @param outputs The sorted inputs, all of them; none if only places are wanted.
   * @param inputs One to eight operands of one shape, keys first.
   * @param options How they are ordered.
   */
  sort(outputs: readonly PlanOperand[], inputs: readonly PlanOperand[], options: PlanSortOptions = {}): this {
    const { keys = 1, descending = false, places } = options;
    const all = places === undefined ? outputs : [places, ...outputs];
    const flags = (descending ? 1 : 0) | (places === undefined ? 0 : 2);
    return this.#simple(OPCODE.sort, [...all, ...inputs], flags, all.length, inputs.length | keys << 4);
  }

  /**
   * Adds the largest elements along the last axis, falling, and where they were.
   *
   * @param values The elements; as many along the last axis as are wanted.
   * @param places int32, of the same shape.
   * @param input The operand.
   */
  topK(values: PlanOperand, places: PlanOperand, input: PlanOperand): this {
    return this.#simple(OPCODE.topK, [values, places, input]);
  }

  /**
   * Adds attention.
   *
   * @param output float32, `[b, h, tq, dv]`.
   * @param q float32, `[b, h, tq, d]`.
   * @param k float32, float16 or bfloat16, `[b, hkv, tk, d]`.
   * @param v As `k`, `[b, hkv, tk, dv]`.
   * @param options The rest.
   */
  attention(
    output: PlanOperand,
    q: PlanOperand,
    k: PlanOperand,
    v: PlanOperand,
    options: PlanAttentionOptions,
  ): this {
    const { positions, mask, length, causal } = options;
    const flags = (positions ? 1 : 0) | (mask ? 2 : 0) | (length ? 4 : 0) | (causal ? 8 : 0);
    const start = this.#begin(OPCODE.attention, flags);
    [output, q, k, v, ...(positions ?? [])].forEach((operand) => this.#operand(operand));
    if (mask) {
      this.#operand(mask);
    }
    if (length) {
      this.#operand(length);
    }
    [options.scale, options.softCap, options.maskedValue].forEach((value) => this.#push(floatBits(value)));
    this.#push(options.window);
    return this.#end(start);
  }

  /** Adds the places along an axis: `output[i…] = i[axis]`. */
  iota(output: PlanOperand, axis: number): this {
    return this.#simple(OPCODE.iota, [output], axis);
  }

  /** Adds vectors that mark a place: `output[i…, k]` is 1 where `indices[i…] == k`, and 0 elsewhere. */
  oneHot(output: PlanOperand, indices: PlanOperand): this {
    const start = this.#begin(OPCODE.iota, 0, 1);
    this.#operand(output);
    this.#operand(indices);
    return this.#end(start);
  }

  /**
   * Adds a measurement of the machine.
   *
   * @param kind What to measure.
   * @param operand Contiguous float32: for `madd` and `crew` one element a task, for `sweep` what is read, for `add` all
   *   arrays.
   * @param amount Turns: 384 FLOP each for `madd` and `crew`, one pass over the operand each for `sweep`. For `add` the
   *   number of arrays, 2 to 4.
   */
  probe(kind: ProbeKind, operand: PlanOperand, amount: number): this {
    const start = this.#begin(OPCODE.probe, PROBES.indexOf(kind));
    this.#operand(operand);
    this.#push(amount);
    return this.#end(start);
  }

  /**
   * Adds a loop.
   *
   * @param options How it turns.
   * @param body Writes the instructions of one turn.
   */
  loop(options: LoopOptions, body: (plan: Plan) => void): this {
    const { count, countCell, counter, carries = [], while: condition } = options;
    const flags = (countCell ? 1 : 0) | (counter ? 2 : 0) | (condition ? 4 : 0);
    const start = this.#begin(OPCODE.loop, flags);
    this.#push(count);
    if (countCell) {
      this.#cell(countCell);
    }
    if (counter) {
      this.#cell(counter);
    }
    this.#push(carries.length);
    for (const pair of carries) {
      for (const slot of pair) {
        this.#named?.pairs.push(this.#length);
        this.#push(this.#uses(slot));
      }
    }
    if (condition) {
      this.#cell(condition.cell);
      this.#block(condition.body);
    }
    this.#block(body);
    return this.#end(start);
  }

  /**
   * Adds a branch: runs the block whose number the i32 `index` holds, the nearest one if there is none.
   *
   * @param index The cell.
   * @param blocks Write the instructions of each block; 1 to 255 of them.
   */
  branch(index: Cell, blocks: readonly ((plan: Plan) => void)[]): this {
    const start = this.#begin(OPCODE.branch, blocks.length);
    this.#cell(index);
    const lengths = this.#length;
    blocks.forEach(() => this.#push(0));
    blocks.forEach((write, number) => {
      const at = this.#length;
      write(this);
      this.#words[lengths + number] = this.#length - at;
    });
    return this.#end(start);
  }

  /**
   * Adds a call of a host function.
   *
   * @param id Its index in the list that the run is given.
   * @param operands Up to sixteen operands, which the function is shown with their places resolved.
   */
  hostCall(id: number, operands: readonly PlanOperand[]): this {
    const start = this.#begin(OPCODE.hostCall, operands.length);
    this.#push(id);
    operands.forEach((operand) => this.#operand(operand));
    return this.#end(start);
  }

  /** Adds an instruction that traps, on the caller or on a worker: for tests of recovery. */
  trap(who: "caller" | "worker"): this {
    return this.#end(this.#begin(OPCODE.trap, who === "caller" ? 0 : 1));
  }

  #simple(opcode: number, operands: readonly PlanOperand[], first = 0, second = 0, third = 0): this {
    const start = this.#begin(opcode, first, second, third);
    operands.forEach((operand) => this.#operand(operand));
    return this.#end(start);
  }
}
