/**
 * Programs as plans that are ready to run: one call of the engine for each call of a compiled function.
 *
 * ```text
 * compile: write the plan; find the blocks that results lie in, which are allocated for each call; place the others in an
 *          arena; move the plan from blocks to slots: arguments, constants, results, carries, the arena
 * run:     allocate results and the arena, fill the table of slots, run the plan, free the arena
 * ```
 *
 * A plan depends on the shapes and strides of its arguments, not on where they lie.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { allocateArray, operandOf } from "../core/bind.ts";
import { derive } from "../core/derived.ts";
import { itemSize } from "../core/dtype.ts";
import { EagerArray } from "../core/eager.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { type Program, runProgram, Variable } from "../core/program.ts";
import { allocateStorage, freeing, type Storage } from "../core/storage.ts";
import { withStaging } from "../core/trace.ts";
import { EngineError } from "../errors/mod.ts";
import { currentEngine, type Slot } from "../wasm/engine.ts";
import { copy } from "../wasm/kernels/copy.ts";
import { contiguousStrides, sizeOf } from "../wasm/layout.ts";
import { placeBlocks } from "./arena.ts";
import { type Block, Emitter, NotStagedError, type StagedArray } from "./emitter.ts";

/** What a slot of the plan is for a call. */
type Source =
  | { readonly kind: "argument"; readonly number: number }
  | { readonly kind: "constant"; readonly array: EagerArray }
  | { readonly kind: "result"; readonly byteLength: number }
  /** A part of the arena. */
  | { readonly kind: "arena"; readonly start: number; readonly byteLength: number };

/** Bytes of an array that has its memory for itself. */
function byteLengthOf({ shape, dtype }: Aval): number {
  return sizeOf(shape) * itemSize(dtype);
}

/** Where a result lies: in the slot of its block. */
interface Result {
  readonly source: number;
  readonly value: StagedArray;
}

/** A plan that is ready to run. */
export class Executable {
  readonly #name: string;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #sources: readonly Source[];
  readonly #results: readonly Result[];
  readonly #hosts: Emitter["hosts"];
  readonly #arenaBytes: number;

  /**
   * Compiles a program.
   *
   * @param name What errors call it.
   * @param program A closed program.
   * @param layouts The strides of the arguments.
   * @param donated Which arguments' memory results may take: those of which nothing else is in that memory.
   * @throws {NotStagedError} If an operation of it cannot be part of a plan.
   */
  constructor(
    name: string,
    program: Program,
    layouts: readonly (readonly number[])[],
    donated: readonly boolean[] = [],
  ) {
    const emitter = new Emitter();
    const args = program.inputs.map(({ aval }, k) => emitter.input(k, aval, layouts[k]!, byteLengthOf(aval)));
    const outputs = emitter.run(program, args, donated).map((value) => {
      // Results are never the program's own arrays: who frees them must not free these.
      if (!(value.block.origin instanceof EagerArray)) return value;
      const copy = emitter.allocate(value);
      emitter.copy(copy, value);
      return copy;
    });
    const escaping = new Set(outputs.map(({ block }) => block));
    const { blocks, plan } = emitter;
    const inner = blocks.filter((block) => block.origin === undefined && !escaping.has(block));
    const [starts, arenaBytes] = placeBlocks(inner);
    const startOf = new Map(inner.map((block, k) => [block, starts[k]!]));
    const sources: Source[] = [];
    const slots = new Map<Block, number>();
    const slotOf = (block: Block): number => {
      let slot = slots.get(block);
      if (slot === undefined) {
        slot = sources.push(sourceOf(block, startOf.get(block))) - 1;
        slots.set(block, slot);
      }
      return slot;
    };
    let arena = -1;
    const places = blocks.map((block) => {
      const start = startOf.get(block);
      if (start === undefined || block.isCarry) return { slot: slotOf(block), byte: 0 };
      if (arena < 0) arena = sources.push({ kind: "arena", start: 0, byteLength: arenaBytes }) - 1;
      return { slot: arena, byte: start };
    });
    plan.move(sources.length, (slot) => places[slot]!);
    this.#name = name;
    this.#words = plan.words();
    this.#sources = sources;
    this.#results = outputs.map((value) => ({ source: slotOf(value.block), value }));
    this.#hosts = emitter.hosts;
    this.#arenaBytes = arenaBytes;
  }

  /** Bytes of intermediate results. */
  get arenaBytes(): number {
    return this.#arenaBytes;
  }

  /** Whether the program holds an array in this memory. */
  holds(storage: Storage): boolean {
    return this.#sources.some((source) => source.kind === "constant" && source.array.storage === storage);
  }

  /**
   * Runs the plan.
   *
   * @param args Arrays of the shapes and strides that it was compiled for.
   * @returns The results.
   */
  run(args: readonly EagerArray[]): readonly EagerArray[] {
    const { memory } = currentEngine();
    const owners: (Storage | undefined)[] = [];
    let arena = 0;
    const results = this.#sources.map((source, k): Slot => {
      if (source.kind !== "result") return { address: 0, byteLength: 0 };
      return owners[k] = allocateStorage(source.byteLength, () => `a result of ${this.#name}`);
    });
    if (this.#arenaBytes > 0) {
      arena = memory.allocate(this.#arenaBytes, () => `the intermediate results of ${this.#name}`);
    }
    try {
      const table = this.#sources.map((source, k): Slot => {
        switch (source.kind) {
          case "argument":
            return slotOfArgument(args[source.number]!);
          case "constant":
            source.array.storage.check(this.#name);
            return source.array.storage;
          case "arena":
            return { address: arena + source.start, byteLength: source.byteLength };
          case "result":
            return results[k]!;
        }
      });
      if (this.#words.length > 4) currentEngine().run(this.#words, table, this.#hosts);
    } catch (error) {
      // What a function threw that the plan calls is the caller's.
      throw error instanceof EngineError && error.code === "host" ? error.cause : error;
    } finally {
      if (arena !== 0) memory.free(arena);
    }
    return this.#results.map(({ source, value }) => {
      const { shape, strides, dtype, weakType } = value;
      const from = this.#sources[source]!;
      if (from.kind === "argument") {
        const argument = args[from.number]!;
        const place = { shape, strides, offset: argument.offset + value.offset };
        return new EagerArray(argument.storage, place, dtype, weakType);
      }
      return new EagerArray(owners[source]!, { shape, strides, offset: value.offset }, dtype, weakType);
    });
  }
}

function sourceOf({ origin, byteLength }: Block, start: number | undefined): Source {
  if (typeof origin === "number") return { kind: "argument", number: origin };
  if (origin instanceof EagerArray) return { kind: "constant", array: origin };
  if (start !== undefined) return { kind: "arena", start, byteLength };
  return { kind: "result", byteLength };
}

/** Where an argument's first element lies. */
function slotOfArgument({ storage, offset, dtype }: EagerArray): Slot {
  const start = offset * itemSize(dtype);
  return { address: storage.address + start, byteLength: storage.byteLength - start };
}

/** Plans of one program that are kept, for arguments of different strides; for more, arguments are put in order. */
const MOST_PLANS = 8;

/** The plans of a program by the layouts of its arguments; `undefined` where it cannot be one. */
function plansOf(program: Program): Map<string, Executable | undefined> {
  return derive(program, "plans", () => new Map<string, Executable | undefined>());
}

/** An array with its elements in order. */
function inOrder(x: EagerArray): EagerArray {
  const array = allocateArray(x);
  if (!x.shape.includes(0)) copy(operandOf(array), operandOf(x));
  return array;
}

/** Whether an argument that is not in order can be read where it lies. */
function isReadable({ offset, strides, dtype }: EagerArray): boolean {
  return offset * itemSize(dtype) % 4 === 0 && strides.every((stride) => stride >= 0);
}

/** The layouts of arguments, as a key: empty if all are in order. */
function layoutOf(args: readonly EagerArray[]): string {
  for (let k = 0; k < args.length; k++) {
    if (!args[k]!.isInOrder) return args.map((x) => x.isInOrder ? "" : `${x.strides}`).join(";");
  }
  return "";
}

function compile(
  name: string,
  program: Program,
  args: readonly EagerArray[],
  donated: readonly boolean[],
): Executable | undefined {
  try {
    const layouts = args.map((x) => x.isInOrder ? contiguousStrides(x.shape) : x.strides);
    return new Executable(name, program, layouts, donated);
  } catch (error) {
    if (error instanceof NotStagedError) return undefined;
    throw error;
  }
}

/** How a program is run. */
export interface RunStagedOptions {
  /** Which arguments are given away. */
  readonly donated?: readonly boolean[];
  /** What to do where it cannot be a plan. */
  readonly otherwise?: () => readonly NDArray[];
}

/** Whether an array fills its storage. */
function hasMemoryForItself(x: EagerArray): boolean {
  return x.isInOrder && x.offset === 0 && x.storage.byteLength === byteLengthOf(x);
}

/**
 * Runs a program on arrays that have their elements, as one call of the engine where that is possible.
 *
 * @param name What errors call it.
 * @param program A closed program.
 * @param inputs Its arguments.
 * @param options Which arguments are given away, and what to do where it is not possible: one operation after the other if
 *   left out.
 * @returns What it gives.
 */
export function runStaged(
  name: string,
  program: Program,
  inputs: readonly NDArray[],
  { donated = [], otherwise = () => runProgram(program, inputs) }: RunStagedOptions = {},
): readonly NDArray[] {
  const plans = plansOf(program);
  let args = inputs as readonly EagerArray[];
  let layout = layoutOf(args);
  const isNew = layout !== "" && !plans.has(layout);
  const copies: EagerArray[] = [];
  if (layout !== "" && (isNew && plans.size >= MOST_PLANS || !args.every((x) => x.isInOrder || isReadable(x)))) {
    args = args.map((x) => {
      if (x.isInOrder || isReadable(x) && plans.size < MOST_PLANS) return x;
      const copy = inOrder(x);
      copies.push(copy);
      return copy;
    });
    layout = layoutOf(args);
  }
  const given = donated.map((is, k) => is && hasMemoryForItself(args[k]!));
  if (given.includes(true)) layout += `;donated ${given.map(Number).join("")}`;
  if (!plans.has(layout)) plans.set(layout, withStaging(undefined, () => compile(name, program, args, given)));
  const executable = plans.get(layout);
  // What is written over an argument must not be written over what the program holds.
  if (executable !== undefined && given.some((is, k) => is && executable.holds(args[k]!.storage))) {
    return runStaged(name, program, inputs, { otherwise });
  }
  if (executable === undefined) return freeing(() => withStaging(undefined, otherwise));
  const results = executable.run(args);
  freeUnused(copies, results);
  return results;
}

/**
 * Runs an operation that holds programs, as one call of the engine where that is possible.
 *
 * @param primitive The operation.
 * @param inputs Its operands.
 * @param params Its parameters.
 * @param held A program among these, as long as which the plan is kept; the others and the types of operands follow from it
 *   and from `key`.
 * @param key What else the plan depends on.
 * @param otherwise What to do where it is not possible.
 * @returns Its results.
 */
export function runAlone<P>(
  primitive: Primitive<P>,
  inputs: readonly NDArray[],
  params: P,
  held: Program,
  key: string,
  otherwise: () => readonly NDArray[],
): readonly NDArray[] {
  const program = derive(held, `${primitive.name} ${key}`, (): Program => {
    const variables = inputs.map((x) => new Variable(x));
    const outputs = primitive.outputs(inputs, params).map((aval) => new Variable(aval));
    return { inputs: variables, equations: [{ primitive, inputs: variables, params, outputs }], outputs };
  });
  return runStaged(primitive.name, program, inputs, { otherwise });
}

/** Frees copies of arguments that no result views. */
function freeUnused(copies: readonly EagerArray[], results: readonly EagerArray[]): void {
  for (const { storage } of copies) {
    if (!results.some((y) => y.storage === storage)) {
      storage.free(new Error("freed after the call that it was copied for"));
    }
  }
}
