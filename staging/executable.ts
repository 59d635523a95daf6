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

import { allocateArray, operandOf } from "../core/bind.ts";
import { derive } from "../core/derived.ts";
import { itemSize } from "../core/dtype.ts";
import { EagerArray } from "../core/eager.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Program, runProgram } from "../core/program.ts";
import { allocateStorage, freeing, type Storage } from "../core/storage.ts";
import { withStaging } from "../core/trace.ts";
import { currentEngine, type Slot } from "../wasm/engine.ts";
import { copy } from "../wasm/kernels/copy.ts";
import { contiguousStrides, isContiguous } from "../wasm/layout.ts";
import { placeBlocks } from "./arena.ts";
import { type Block, Emitter, NotStagedError, type StagedArray } from "./emitter.ts";

/** What a slot of the plan is for a call. */
type Source =
  | { readonly kind: "argument"; readonly number: number }
  | { readonly kind: "constant"; readonly array: EagerArray }
  | { readonly kind: "result"; readonly byteLength: number; readonly what: string }
  /** A part of the arena. */
  | { readonly kind: "arena"; readonly start: number; readonly byteLength: number };

/** More bytes than any argument has: a plan does not depend on how long the memory is that one lies in. */
const MANY_BYTES = 2 ** 32;

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
   * @throws {NotStagedError} If an operation of it cannot be part of a plan.
   */
  constructor(name: string, program: Program, layouts: readonly (readonly number[])[]) {
    const emitter = new Emitter();
    const args = program.inputs.map(({ aval }, k) => emitter.input(k, aval, layouts[k]!, MANY_BYTES));
    const outputs = emitter.run(program, args).map((value) => {
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

  /** How many words the plan has. */
  get planLength(): number {
    return this.#words.length;
  }

  /** Bytes of intermediate results. */
  get arenaBytes(): number {
    return this.#arenaBytes;
  }

  /**
   * Runs the plan.
   *
   * @param args Arrays of the shapes and strides that it was compiled for.
   * @returns The results.
   */
  run(args: readonly EagerArray[]): readonly NDArray[] {
    const { memory } = currentEngine();
    const owners: (Storage | undefined)[] = [];
    let arena = 0;
    const results = this.#sources.map((source, k): Slot => {
      if (source.kind !== "result") return { address: 0, byteLength: 0 };
      return owners[k] = allocateStorage(source.byteLength, () => `a result of ${this.#name}, ${source.what}`);
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
  return { kind: "result", byteLength, what: `${byteLength} bytes` };
}

/** Where an argument's first element lies. */
function slotOfArgument({ storage, offset, dtype }: EagerArray): Slot {
  const start = offset * itemSize(dtype);
  return { address: storage.address + start, byteLength: storage.byteLength - start };
}

/** Plans of one program that are kept, for arguments of different strides; of others, arguments are copied. */
const MOST_LAYOUTS = 8;

/** Whether an argument can be read where it lies. */
function isReadable({ offset, strides, dtype }: EagerArray): boolean {
  return offset * itemSize(dtype) % 4 === 0 && strides.every((stride) => stride >= 0);
}

/** An array with its elements in order. */
function inOrder(x: EagerArray): EagerArray {
  const array = allocateArray(x);
  if (!x.shape.includes(0)) copy(operandOf(array), operandOf(x));
  return array;
}

/** The plan of a program for arguments of these strides, which the key tells apart; `undefined` if it cannot be one. */
function executableOf(
  name: string,
  program: Program,
  args: readonly EagerArray[],
  key: string,
): Executable | undefined {
  const executables = derive(program, "plans", () => new Map<string, Executable | undefined>());
  if (executables.has(key)) return executables.get(key);
  let executable: Executable | undefined;
  try {
    executable = new Executable(
      name,
      program,
      args.map((x) => isContiguous(x) ? contiguousStrides(x.shape) : x.strides),
    );
  } catch (error) {
    if (!(error instanceof NotStagedError)) throw error;
  }
  executables.set(key, executable);
  return executable;
}

/**
 * Runs a program on arrays that have their elements, as one call of the engine where that is possible.
 *
 * @param name What errors call it.
 * @param program A closed program.
 * @param inputs Its arguments.
 * @returns What it gives.
 */
export function runStaged(name: string, program: Program, inputs: readonly NDArray[]): readonly NDArray[] {
  return withStaging(undefined, () =>
    freeing(() => {
      let args = inputs as readonly EagerArray[];
      if (!args.every(isReadable)) args = args.map((x) => isReadable(x) ? x : inOrder(x));
      const key = (): string => args.map((x) => isContiguous(x) ? "" : `${x.strides}`).join(";");
      let layout = args.every(isContiguous) ? "" : key();
      const known = derive(program, "plans", () => new Map<string, Executable | undefined>());
      if (layout !== "" && !known.has(layout) && known.size >= MOST_LAYOUTS) {
        args = args.map((x) => isContiguous(x) ? x : inOrder(x));
        layout = "";
      }
      const executable = executableOf(name, program, args, layout);
      return executable === undefined ? runProgram(program, inputs) : executable.run(args);
    }));
}
