/**
 * Writes elementwise programs for the engine's tile machine (`core-rs/src/kernels/elementwise/program.rs`).
 *
 * A program is built as values and turned into register code at the end: each value gets a register that is free
 * again after its last use. Stores come last, so a program may write in place over what it reads.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { CONSTANT, joinNodes, type Node } from "./elementwise_join.ts";
import { type ElementwiseOp, OPS } from "./generated/elementwise_ops.ts";

export type { ElementwiseOp } from "./generated/elementwise_ops.ts";

const LOAD = 1;
const STORE = 2;

/** Registers of the tile machine. */
const REGISTERS = 32;

/** A program's words, and what else is known once they are written. */
interface Written {
  readonly words: readonly number[];
  /** Registers that it takes. */
  readonly registers: number;
  /** Where in the words the bits of each constant stand, by its value. */
  readonly places: ReadonlyMap<ElementwiseValue, number>;
}

/** A value inside a program under construction. */
export type ElementwiseValue = number & { readonly brand?: "ElementwiseValue" };

/**
 * A program over the elements of up to sixteen inputs.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { kernels } from "@penjing/penjing";
 *
 * // y = exp(x) + 1
 * const program = new kernels.Elementwise();
 * program.store(program.apply("add_f32", program.apply("exp_f32", program.load(0)), program.float(1)), 0);
 *
 * const x = kernels.upload(new Float32Array([0, 1]));
 * const y = kernels.allocate([2], "float32");
 * kernels.elementwise(program, [y], [x]);
 * assert.deepEqual(kernels.download(y), new Float32Array([2, Math.fround(Math.fround(Math.E) + 1)]));
 * kernels.release(x);
 * kernels.release(y);
 * ```
 */
export class Elementwise {
  readonly #nodes: Node[] = [];
  readonly #stores: { readonly value: number; readonly output: number }[] = [];
  /** The finished program, until something is added. */
  #written: Written | undefined;

  /** The element of input number `input`; narrow types are widened to 32 bits. */
  load(input: number): ElementwiseValue {
    return this.#push(LOAD, [], input);
  }

  /** A float constant. */
  float(value: number): ElementwiseValue {
    return this.#push(CONSTANT, [], new Uint32Array(new Float32Array([value]).buffer)[0] ?? 0);
  }

  /** An integer constant, signed or unsigned. */
  integer(value: number): ElementwiseValue {
    return this.#push(CONSTANT, [], value >>> 0);
  }

  /**
   * Applies an operation.
   *
   * @param op Its name in the table of `core-rs/src/kernels/elementwise/ops.rs`.
   * @param operands As many values as it takes.
   * @returns The result.
   * @throws {ValueError} If the number of operands is wrong.
   */
  apply(op: ElementwiseOp, ...operands: readonly ElementwiseValue[]): ElementwiseValue {
    const { code, arity } = OPS[op];
    if (operands.length !== arity) {
      throw new ValueError(`Cannot apply "${op}" in an elementwise program`, {
        op: "elementwise",
        actual: `${operands.length} operands`,
        expected: `${arity}`,
        remedy: "pass one value for each operand",
        code: "elementwise-arity",
      });
    }
    return this.#push(code, operands, 0);
  }

  /** Makes `value` the element of output number `output`. */
  store(value: ElementwiseValue, output: number): void {
    this.#written = undefined;
    this.#stores.push({ value, output });
  }

  /**
   * Applies another program, operation by operation, to values of this one.
   *
   * @param program The program.
   * @param inputs A value for each of its inputs.
   * @returns What it stores, by the number of the output, before a store narrows it.
   */
  inline(program: Elementwise, inputs: readonly ElementwiseValue[]): readonly ElementwiseValue[] {
    const own: ElementwiseValue[] = [];
    for (const { op, operands, immediate } of program.#nodes) {
      own.push(op === LOAD ? inputs[immediate]! : this.#push(op, operands.map((operand) => own[operand]!), immediate));
    }
    const stored: ElementwiseValue[] = [];
    for (const { value, output } of program.#stores) stored[output] = own[value]!;
    return stored;
  }

  /** Whether a value is 0 or 1 whatever it is computed of, as that of a comparison. */
  isBit(value: ElementwiseValue): boolean {
    const { op } = this.#nodes[value]!;
    return op >= OPS.eq_f32.code && op < 64 || op >= OPS.eq_i32.code && op < 112;
  }

  #push(op: number, operands: readonly number[], immediate: number): ElementwiseValue {
    this.#written = undefined;
    return this.#nodes.push({ op, operands, immediate }) - 1;
  }

  /**
   * The program's words.
   *
   * @returns Words for {@linkcode Plan.elementwise} and {@linkcode Plan.reduce}.
   * @throws {ValueError} If more than 32 values are live at once.
   */
  words(): readonly number[] {
    return this.#write().words;
  }

  /**
   * The most registers that its values take at once, its operations done one by one in their order.
   *
   * @throws {ValueError} As {@linkcode Elementwise.words}.
   */
  registers(): number {
    return this.#allocated(this.#nodes)?.registers ?? this.#write().registers;
  }

  /**
   * Where a constant stands, so that another can be put in its place.
   *
   * @param constant What {@linkcode Elementwise.float} or {@linkcode Elementwise.integer} gave.
   * @returns The index of its bits among the words.
   */
  placeOf(constant: ElementwiseValue): number {
    return this.#write().places.get(constant)!;
  }

  #write(): Written {
    if (this.#written !== undefined) return this.#written;
    // What is joined keeps all that it reads alive to its end: that may be too much.
    const joined = joinNodes(this.#nodes, this.#stores.map(({ value }) => value));
    const written = this.#allocated(joined) ?? this.#allocated(this.#nodes);
    if (written === undefined) {
      throw new ValueError("Cannot write an elementwise program: too many values are live at once", {
        op: "elementwise",
        expected: `at most ${REGISTERS}`,
        remedy: "split the program in two",
        code: "elementwise-registers",
      });
    }
    return this.#written = written;
  }

  /** The words of the nodes, or `undefined` if there are too few registers. */
  #allocated(nodes: readonly (Node | undefined)[]): Written | undefined {
    // The index after which a value is dead; values that are stored live to the end.
    const lastUse = nodes.map((_, index) => index);
    nodes.forEach((node, index) => node?.operands.forEach((operand) => lastUse[operand] = index));
    this.#stores.forEach(({ value }) => lastUse[value] = nodes.length);

    const free = Array.from({ length: REGISTERS }, (_, index) => REGISTERS - 1 - index);
    const register: number[] = [];
    const words: number[] = [];
    const places = new Map<ElementwiseValue, number>();
    let registers = 0;
    for (const [index, node] of nodes.entries()) {
      if (node === undefined) continue;
      const { op, operands, immediate, chain } = node;
      const from = operands.map((operand) => register[operand] ?? 0);
      for (const operand of new Set(operands)) {
        if (lastUse[operand] === index) {
          free.push(register[operand] ?? 0);
        }
      }
      const to = free.pop();
      if (to === undefined) return undefined;
      register[index] = to;
      registers = Math.max(registers, to + 1);
      const [a = op === LOAD ? immediate : 0, b = 0, c, d = 0] = from;
      if (chain !== undefined) {
        words.push((op | to << 8 | a << 16 | chain.steps.length << 24) >>> 0);
        const sides = chain.sides.map((side) => side === undefined ? 0 : register[side] ?? 0);
        words.push(...chain.steps.map((step, position) => (step | sides[position]! << 8) >>> 0));
      } else {
        words.push((op | to << 8 | a << 16 | b << 24) >>> 0);
        if (c !== undefined) words.push(c | d << 8);
        if (op === CONSTANT) {
          places.set(index, words.length);
          words.push(immediate);
        }
      }
      if (lastUse[index] === index) {
        free.push(to);
      }
    }
    for (const { value, output } of this.#stores) {
      words.push((STORE | (register[value] ?? 0) << 16 | output << 24) >>> 0);
    }
    return { words, registers, places };
  }
}
