/**
 * Elementwise operations that are put off, so that several make one pass over memory.
 *
 * An operation of large eager arrays is checked and its result allocated at once, but its elements are written later: it
 * joins a queue. What looks at memory runs the queue first, as one program in which values flow in registers. A result
 * whose block was freed meanwhile is not stored, and what no stored result needs is not computed.
 *
 * What holds:
 *
 * 1. Results have the bits that separate operations give: a value that memory would have narrowed is narrowed where
 *    another operation takes it.
 * 2. The queue can always be written: {@linkcode MOST} and {@linkcode LIMITS} leave registers for every operation,
 *    whatever is stored. More than eight results make more than one program; later ones load what earlier ones stored.
 * 3. A block that the queue reads is not freed before it has run; {@linkcode EngineMemory.free} tells. So outputs, which
 *    are fresh blocks, never lie where an input lies, and the block of a result that was freed may be anything's.
 * 4. Everything that reads or writes memory otherwise runs the queue first: plans, what host functions leave behind, views
 *    of memory. Numbers that all elements share are read when an operation is put off, so their blocks are free at once.
 * 5. What is written into a recording never joins the queue, and the queue runs at once also while one is made.
 * 6. The queue is empty before it runs. If that fails, what looked throws the error, and what was put off is lost; who
 *    frees memory cannot be told, so then the next one throws.
 *
 * @module
 */

import { type DType, DTYPES } from "../dtype.ts";
import { Elementwise, type ElementwiseOp, type ElementwiseValue } from "../elementwise.ts";
import { currentEngine, type Engine } from "../engine.ts";
import { broadcastStrides, isContiguous, sameShape, sizeOf } from "../layout.ts";
import type { Deferred } from "../memory.ts";
import type { Operand } from "../operand.ts";
import { Plan } from "../plan.ts";
import { currentRecording } from "../recording.ts";
import { overRank } from "./_call.ts";

/** Elements from which on putting off pays. Measured: it adds at most 1 µs to an operation, which takes 7 µs then. */
const LEAST = 2 ** 15;

/** The most operations of the queue. */
const MOST = 20;

/** What an operation may take, so that any {@linkcode MOST} can be written with 32 registers and 4096 words, with room. */
const LIMITS = { registers: 32 - (MOST - 1), words: 4096 / (2 * MOST) };

/** Inputs and outputs of a program. */
const [MOST_INPUTS, MOST_OUTPUTS] = [16, 8];

/** Joined programs that are kept. */
const MOST_JOINED = 256;

/** What is known of the program of an operation. */
interface Known {
  readonly program: Elementwise;
  /** Tells it from others. */
  readonly id: number;
  readonly fits: boolean;
}

/** An operation of the queue. */
interface Entry extends Known {
  readonly output: Operand;
  /** Another operation's value, what memory holds at the queue's shape, or the bits of one number for all elements. */
  readonly inputs: readonly (Entry | Operand | number)[];
  /** Whether the output's block has not been freed. */
  isWanted: boolean;
}

/** An operation as a joined program has it. */
interface Step {
  readonly entry: Entry;
  /** Where its inputs come from: a kind and a number of that kind. */
  readonly codes: readonly number[];
  readonly isStored: boolean;
}

/** Kinds of inputs: a step's value, an input of the program, a constant. */
const [VALUE, INPUT, CONSTANT] = [0, 1, 2];

/** A program that is written for a structure of the queue, and where the constants of a run go. */
interface Joined {
  readonly words: number[];
  readonly places: readonly number[];
}

/** What a store and a load would make of a value. */
const NARROWED: { readonly [name in DType]?: ElementwiseOp } = {
  float16: "round_f16",
  bfloat16: "round_bf16",
  int8: "wrap_i8",
  int16: "wrap_i16",
  uint8: "wrap_u8",
  uint16: "wrap_u16",
  bool: "wrap_u8",
};

/** What is known of programs that were put off before. */
const known = new WeakMap<Elementwise, Known>();
let ids = 0;

function knownOf(program: Elementwise): Known {
  let found = known.get(program);
  if (found === undefined) {
    const { registers, words } = LIMITS;
    found = { program, id: ids++, fits: program.registers() <= registers && program.words().length <= words };
    known.set(program, found);
  }
  return found;
}

/** The bits of a float16 as those of a float32. */
function widened(bits: number): number {
  const [sign, exponent, fraction] = [(bits & 0x8000) << 16, bits >>> 10 & 31, bits & 1023];
  if (exponent !== 0) return sign | (exponent === 31 ? 255 : exponent + 112) << 23 | fraction << 13;
  // A multiple of the least number.
  return sign | new Uint32Array(Float32Array.of(fraction * 2 ** -24).buffer)[0]!;
}

/** An element as a register holds it. */
function elementBits(engine: Engine, { address, offset, dtype }: Operand): number {
  const at = address + offset;
  const word = engine.memory.words(at + 4)[at >>> 2]! >>> 8 * (at & 3);
  switch (dtype) {
    case "float16":
      return widened(word) >>> 0;
    case "bfloat16":
      return word << 16 >>> 0;
    case "int8":
      return word << 24 >> 24 >>> 0;
    case "int16":
      return word << 16 >> 16 >>> 0;
    default:
      return DTYPES[dtype].size === 4 ? word : word & (DTYPES[dtype].size === 2 ? 0xffff : 0xff);
  }
}

const isEntry = (input: Entry | Operand | number): input is Entry => typeof input === "object" && "inputs" in input;

/** The operations that some of them need, themselves included, but for what is in memory. */
function needed(wanted: readonly Entry[], stored: ReadonlySet<Entry>): Set<Entry> {
  const found = new Set<Entry>();
  const add = (entry: Entry): void => {
    if (found.has(entry) || stored.has(entry)) return;
    found.add(entry);
    entry.inputs.filter(isEntry).forEach(add);
  };
  wanted.forEach(add);
  return found;
}

/** The program of some steps, in which constants are still 0. */
function written(steps: readonly Step[]): Joined {
  const program = new Elementwise();
  const used = new Set(steps.flatMap(({ codes }) => codes.filter((code) => (code & 3) === VALUE)));
  const values: ElementwiseValue[] = [];
  const constants: ElementwiseValue[] = [];
  let outputs = 0;
  for (const { entry, codes, isStored } of steps) {
    const inputs = codes.map((code) => {
      const number = code >> 2;
      if ((code & 3) === VALUE) return values[number]!;
      return (code & 3) === INPUT ? program.load(number) : constants[number] = program.integer(0);
    });
    let value = program.inline(entry.program, inputs)[0]!;
    const narrow = NARROWED[entry.output.dtype];
    if (
      narrow !== undefined && used.has(values.length << 2 | VALUE) && !(narrow === "wrap_u8" && program.isBit(value))
    ) {
      value = program.apply(narrow, value);
    }
    values.push(value);
    if (isStored) program.store(value, outputs++);
  }
  return { words: [...program.words()], places: constants.map((constant) => program.placeOf(constant)) };
}

/** The operations that are put off, of one shape. */
class Queue implements Deferred {
  /** The engine that is to run them. */
  readonly engine: Engine;
  #entries: Entry[] = [];
  /** The operations whose results are wanted, by the addresses of these. */
  readonly #writes = new Map<number, Entry>();
  /** What is read from memory. */
  #reads: Operand[] = [];
  /** What went wrong while memory was freed, for who looks next. */
  #failure: { readonly error: unknown } | undefined;
  readonly #joined = new Map<string, Joined>();
  readonly #plan = new Plan();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Puts an operation off; `false` if it has to run now. */
  put(own: Known, output: Operand, inputs: readonly Operand[]): boolean {
    const [last] = this.#entries;
    const joins = this.#entries.length < MOST && (last === undefined || sameShape(last.output.shape, output.shape));
    if (!joins || this.#failure !== undefined) this.run();
    if (!this.#take(own, output, inputs)) {
      this.run();
      if (!this.#take(own, output, inputs)) return false;
    }
    this.engine.memory.deferred = this;
    return true;
  }

  #take(own: Known, output: Operand, inputs: readonly Operand[]): boolean {
    const reads = [...this.#reads];
    const taken: (Entry | Operand | number)[] = [];
    for (const input of inputs) {
      const { address, offset, dtype } = input;
      const { shape } = output;
      const strides = broadcastStrides(input, shape);
      const entry = this.#writes.get(address);
      if (strides === undefined) return false;
      if (entry !== undefined) {
        const isSame = offset === 0 && dtype === entry.output.dtype && sameShape(input.shape, shape);
        if (!isSame || !isContiguous(input)) return false;
        taken.push(entry);
      } else if (strides.every((stride, axis) => stride === 0 || shape[axis] === 1)) {
        taken.push(elementBits(this.engine, input));
      } else {
        let operand = reads.find((read) =>
          read.address === address && read.offset === offset && read.dtype === dtype && sameShape(read.strides, strides)
        );
        if (operand === undefined) reads.push(operand = { ...input, shape, strides });
        taken.push(operand);
      }
    }
    if (reads.length > MOST_INPUTS) return false;
    const entry = { ...own, output, inputs: taken, isWanted: true };
    this.#entries.push(entry);
    this.#writes.set(output.address, entry);
    this.#reads = reads;
    return true;
  }

  freeing(address: number): void {
    const entry = this.#writes.get(address);
    if (entry !== undefined) {
      entry.isWanted = false;
      this.#writes.delete(address);
      return;
    }
    if (!this.#reads.some((read) => read.address === address)) return;
    const reads = (input: Entry | Operand | number): boolean =>
      typeof input === "object" && !isEntry(input) && input.address === address;
    if (![...needed([...this.#writes.values()], new Set())].some(({ inputs }) => inputs.some(reads))) return;
    try {
      this.run();
    } catch (error) {
      this.#failure = { error };
      this.engine.memory.deferred = this;
    }
  }

  run(): void {
    const [entries, failure] = [this.#entries, this.#failure];
    this.#entries = [];
    this.#reads = [];
    this.#writes.clear();
    this.#failure = undefined;
    this.engine.memory.deferred = undefined;
    if (failure !== undefined) throw failure.error;
    const wanted = entries.filter(({ isWanted }) => isWanted);
    const stored = new Set<Entry>();
    for (let from = 0; from < wanted.length; from += MOST_OUTPUTS) {
      const group = wanted.slice(from, from + MOST_OUTPUTS);
      // Loading what is stored already may be one input too many; to compute it again never is.
      if (!this.#store(entries, group, stored)) this.#store(entries, group, new Set());
      group.forEach((entry) => stored.add(entry));
    }
  }

  /** Computes some results; `false` if that would take too many inputs. */
  #store(entries: readonly Entry[], group: readonly Entry[], stored: ReadonlySet<Entry>): boolean {
    const wanted = needed(group, stored);
    const steps: Step[] = [];
    const inputs: Operand[] = [];
    const constants: number[] = [];
    let structure = "";
    for (const entry of entries) {
      if (!wanted.has(entry)) continue;
      const codes = entry.inputs.map((input) => {
        if (typeof input === "number") return constants.push(input) - 1 << 2 | CONSTANT;
        if (isEntry(input) && !stored.has(input)) return steps.findIndex((step) => step.entry === input) << 2 | VALUE;
        const operand = isEntry(input) ? input.output : input;
        const at = inputs.indexOf(operand);
        return (at < 0 ? inputs.push(operand) - 1 : at) << 2 | INPUT;
      });
      const isStored = group.includes(entry);
      steps.push({ entry, codes, isStored });
      structure += `${entry.id} ${DTYPES[entry.output.dtype].code} ${isStored} ${codes};`;
    }
    if (inputs.length > MOST_INPUTS) return false;
    let joined = this.#joined.get(structure);
    if (joined === undefined) {
      joined = written(steps);
      if (this.#joined.size >= MOST_JOINED) this.#joined.clear();
      this.#joined.set(structure, joined);
    }
    const { words, places } = joined;
    places.forEach((place, k) => words[place] = constants[k]!);
    const outputs = group.map(({ output }) => output);
    const operands = [...outputs, ...inputs];
    overRank(outputs[0]!.shape, operands, operands.map(({ strides }) => strides), (placed, moved) => {
      this.#plan.clear().elementwise(words, placed.slice(0, outputs.length), placed.slice(outputs.length));
      this.engine.run(this.#plan.view(), moved);
    });
    return true;
  }
}

let queue: Queue | undefined;
let least = LEAST;

/**
 * Puts an elementwise operation off, if that pays.
 *
 * @param program A program of one output.
 * @param output The result: a contiguous block that was allocated just now.
 * @param inputs Up to sixteen inputs that broadcast to its shape.
 * @returns Whether it is put off; else the caller is to run it.
 */
export function defer(program: Elementwise, output: Operand, inputs: readonly Operand[]): boolean {
  if (sizeOf(output.shape) < least || currentRecording() !== undefined) return false;
  const own = knownOf(program);
  if (!own.fits) return false;
  const engine = currentEngine();
  if (queue?.engine !== engine) queue = new Queue(engine);
  return queue.put(own, output, inputs);
}

/** Sets from how many elements on operations are put off, for tests and benchmarks; the usual number if left out. */
export function deferFrom(elements: number = LEAST): void {
  least = elements;
}
