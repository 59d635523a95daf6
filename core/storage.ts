/**
 * The memory of arrays: who holds it, and when it is given back.
 *
 * Nobody counts references. A {@linkcode Storage} is one block of the engine's memory, which any number of arrays view. It
 * is given back in one of three ways:
 *
 * 1. The garbage collector finds that no array holds it. The collector does not see the engine's memory, so it is made
 *    known by *ballast*: for every 32 MiB of storages left to it, a large buffer is made and dropped at once,
 *    untouched. Finalizers run only between tasks: {@linkcode collect} waits for them.
 * 2. The {@linkcode scope} that it was made in ends.
 * 3. It is freed by hand.
 *
 * The last two leave a mark, so that what uses the storage afterwards says where it was freed.
 *
 * @module
 */

import { FreedArrayError, ValueError } from "../errors/mod.ts";
import { currentEngine, type Slot } from "../wasm/engine.ts";
import { leaves } from "../tree/mod.ts";
import { isTracing } from "./trace.ts";

/** Bytes of storages for which one buffer of ballast is made. */
const BALLASTED = 32 * 2 ** 20;

/**
 * Bytes of a buffer of ballast. Measured, of a loop that drops storages of 1 MiB and lets a task run after every ten: at
 * most 69 MiB live in Node 20, 26 and Deno 2.9; with 64 MiB, Node 20 let 2 GiB lie.
 */
const BALLAST = 128 * 2 ** 20;

/** A block of the engine's memory that arrays view. */
export class Storage implements Slot {
  /** Address of its first byte. */
  readonly address: number;
  /** Its length in bytes. */
  readonly byteLength: number;
  /** What freed it, and where; `undefined` as long as it lives. */
  #freed: Error | undefined;
  /** Whether it is the collector's to free: no scope has it. */
  #isLeft = false;

  constructor(address: number, byteLength: number) {
    this.address = address;
    this.byteLength = byteLength;
  }

  /** Whether it was freed. */
  get isFreed(): boolean {
    return this.#freed !== undefined;
  }

  /**
   * Gives the memory back now.
   *
   * @param by What frees it; its stack says where.
   */
  free(by: Error): void {
    if (this.#freed !== undefined) return;
    this.#freed = by;
    finalizers.unregister(this);
    scopes.at(-1)?.delete(this);
    if (this.#isLeft) unballasted = Math.max(unballasted - this.byteLength, 0);
    giveBack(this.address);
  }

  /** Leaves it to the innermost scope, or to the collector if there is none. */
  leave(): void {
    const made = scopes.at(-1);
    if (made !== undefined) made.add(this);
    else this.leaveToCollector();
  }

  /** Leaves it to the collector, which is made to feel it. */
  leaveToCollector(): void {
    this.#isLeft = true;
    unballasted += this.byteLength;
    if (unballasted < BALLASTED) return;
    unballasted %= BALLASTED;
    makeBallast();
  }

  /**
   * Gives the memory to a new owner: what views this storage cannot be used any more.
   *
   * @param by What takes it; its stack says where.
   * @returns The new owner, of the same bytes.
   */
  handOver(by: Error): Storage {
    const owner = new Storage(this.address, this.byteLength);
    owner.#isLeft = this.#isLeft;
    this.#freed = by;
    finalizers.unregister(this);
    finalizers.register(owner, owner.address, owner);
    const made = scopes.at(-1);
    if (made?.delete(this)) made.add(owner);
    return owner;
  }

  /**
   * Throws if it was freed.
   *
   * @param op What is about to use it.
   * @throws {FreedArrayError} With what freed it as its cause.
   */
  check(op: string): void {
    const freed = this.#freed;
    if (freed === undefined) return;
    throw new FreedArrayError(`Cannot ${op}: the array was freed`, {
      op,
      actual: freed.message,
      remedy: "keep it alive by pz.keep(x) or by returning it from the scope, or do not use it afterwards",
      code: "freed",
      cause: freed,
    });
  }
}

/** Frees the blocks of storages that are gone; holds the addresses alone. */
const finalizers = new FinalizationRegistry<number>(giveBack);

/** How many storages live. */
let live = 0;

/** Where each live storage was made, while that is kept. */
let origins: Map<number, Origin> | undefined;

/** A live block of memory, and where it was made. */
export interface Origin {
  /** Its size in bytes. */
  readonly bytes: number;
  /** The stack of calls that made it. */
  readonly stack: string;
}

function giveBack(address: number): void {
  live--;
  origins?.delete(address);
  currentEngine().memory.free(address);
}

/** How many storages live. */
export function liveStorages(): number {
  return live;
}

/** Where the live storages were made, those made since {@linkcode keepOrigins}; `undefined` if that is not kept. */
export function liveOrigins(): readonly Origin[] | undefined {
  return origins && [...origins.values()];
}

/** Begins to keep, or forgets, where storages are made. */
export function keepOrigins(keeps: boolean): void {
  origins = keeps ? origins ?? new Map() : undefined;
}

/** What the running scopes have made and not lost since, innermost last. */
const scopes: Set<Storage>[] = [];

/** Bytes left to the collector since ballast was made last, without those freed by hand. */
let unballasted = 0;

/**
 * Allocates a storage, which belongs to the innermost scope.
 *
 * @param byteLength Its size.
 * @param what What it is for, as errors name it; a function is asked only then.
 * @returns The storage; its bytes are whatever was there.
 * @throws {ValueError} If the size is 2 GiB or more.
 * @throws {OutOfMemoryError} If the engine's memory is exhausted.
 */
export function allocateStorage(byteLength: number, what: string | (() => string)): Storage {
  const storage = new Storage(currentEngine().memory.allocate(byteLength, what), byteLength);
  finalizers.register(storage, storage.address, storage);
  live++;
  origins?.set(storage.address, { bytes: byteLength, stack: new Error("made here").stack ?? "" });
  storage.leave();
  return storage;
}

/** Makes the collector feel the engine's memory. Held for a while, the buffer makes it look at what is old, too. */
function makeBallast(): ArrayBuffer | undefined {
  try {
    return new ArrayBuffer(BALLAST);
  } catch {
    // A host without so much room has felt it, too.
    return undefined;
  }
}

/** What holds a storage: an array that has its elements. */
export interface HoldsStorage {
  /** The storages that it needs. */
  storages(): readonly Storage[];
}

function holdsStorage(value: unknown): value is HoldsStorage {
  return typeof value === "object" && value !== null && typeof (value as HoldsStorage).storages === "function";
}

/** Frees storages, last first: a result that is put off is not computed because what it is made of goes before it. */
function freeAll(storages: readonly Storage[], by: Error): void {
  for (let k = storages.length - 1; k >= 0; k--) storages[k]!.free(by);
}

/** The storages that the leaves of a tree hold. */
function storagesOf(tree: unknown): Storage[] {
  return leaves(tree).flatMap((leaf) => holdsStorage(leaf) ? leaf.storages() : []);
}

/**
 * Runs a function, and frees all that was made in it except what it returns and what was kept.
 *
 * What it returns belongs to the scope outside, if there is one. In a function that is being transformed, all does. Work that waits belongs between scopes, not into one.
 *
 * @param body A function that does not wait. It may have scopes of its own.
 * @returns What `body` returns: a tree, whose arrays stay alive.
 * @throws {ValueError} If `body` returns a promise: what it is still to make would be in no scope, or in the wrong one.
 */
export function scope<T>(body: () => T): T {
  // What a transformation still needs, nobody here knows: it belongs to the scope around the transformation.
  return isTracing() ? body() : freeing(body);
}

/** As {@linkcode scope}, of a function that transforms nothing, wherever it is called. */
export function freeing<T>(body: () => T): T {
  const made = new Set<Storage>();
  scopes.push(made);
  let left: Storage[] = [];
  try {
    const result = body();
    if (result instanceof Promise) {
      throw new ValueError("Cannot scope a function that waits", {
        op: "scope",
        actual: "a promise",
        expected: "a function that returns when its work is done",
        remedy: "put each synchronous part into a scope of its own, and await pz.collect() between them",
        code: "scope-async",
      });
    }
    left = storagesOf(result).filter((storage) => made.delete(storage));
    return result;
  } finally {
    scopes.pop();
    left.forEach((storage) => storage.leave());
    if (made.size > 0) {
      const by = new Error("freed when the scope it was made in ended");
      freeAll([...made], by);
    }
  }
}

/**
 * Takes the arrays of a tree out of all scopes: they live until nothing holds them.
 *
 * @param tree A tree; leaves that are no arrays are left alone.
 * @returns The tree itself.
 */
export function keep<T>(tree: T): T {
  for (const storage of storagesOf(tree)) {
    const isScoped = scopes.map((made) => made.delete(storage)).includes(true);
    if (isScoped) storage.leaveToCollector();
  }
  return tree;
}

/**
 * Frees the arrays of a tree now. Whatever views the same memory is freed with them.
 *
 * @param tree A tree; leaves that are no arrays are left alone.
 */
export function dispose(tree: unknown): void {
  const storages = storagesOf(tree);
  if (storages.length === 0) return;
  const by = new Error("freed by dispose()");
  freeAll(storages, by);
}

/** Buffers of ballast in a turn of a collection: more than engines let lie before they collect. */
const COLLECTED = 8;

/** Turns of a collection at most, and those in a row that free nothing after which it ends. */
const [TURNS, IDLE_TURNS] = [16, 3];

/**
 * Waits until the garbage collector has had occasion to free what nothing holds any more.
 *
 * A loop that makes arrays and waits only for promises that are settled already never lets finalizers run: this does.
 */
export async function collect(): Promise<void> {
  const { memory } = currentEngine();
  let idle = 0;
  for (let turn = 0; turn < TURNS && idle < IDLE_TURNS; turn++) {
    const before = memory.stats().liveBlocks;
    const ballast = Array.from({ length: COLLECTED }, makeBallast);
    // Finalizers are a task of their own.
    await new Promise((resolve) => setTimeout(resolve, 0));
    ballast.length = 0;
    idle = memory.stats().liveBlocks < before ? 0 : idle + 1;
  }
}
