/**
 * Arrays that have their elements: views of the engine's memory.
 *
 * @module
 */

import type { Aval } from "./aval.ts";
import { isContiguous } from "../wasm/layout.ts";
import { type ArrayDtype, itemSize } from "./dtype.ts";
import { NDArray } from "./ndarray.ts";
import type { Place } from "./primitive.ts";
import type { Shape } from "./shape.ts";
import type { HoldsStorage, Storage } from "./storage.ts";

/** An array over a block of memory. */
export class EagerArray extends NDArray implements Place, HoldsStorage {
  override readonly shape: Shape;
  override readonly dtype: ArrayDtype;
  override readonly weakType: boolean;
  override readonly tracedBy: undefined = undefined;
  /** The memory that it views. */
  readonly storage: Storage;
  /** Its first element, counted in elements from the start of the memory. */
  readonly offset: number;
  /** Elements between neighbors along each axis. */
  readonly strides: readonly number[];
  #isInOrder: boolean | undefined;

  /** Wraps memory that holds the elements. */
  constructor(storage: Storage, { offset, shape, strides }: Place, dtype: ArrayDtype, weakType: boolean) {
    super();
    this.shape = shape;
    this.dtype = dtype;
    this.weakType = weakType;
    this.storage = storage;
    this.offset = offset;
    this.strides = strides;
  }

  /** Whether its elements lie next to each other in row-major order, and begin at a whole word. */
  get isInOrder(): boolean {
    return this.#isInOrder ??= isContiguous(this) && this.offset * itemSize(this.dtype) % 4 === 0;
  }

  /** The memory that it needs. */
  storages(): readonly Storage[] {
    return [this.storage];
  }

  /** Another array over the same memory, if a rule says where. */
  viewed(aval: Aval, rule: (place: Place) => Place | undefined): EagerArray | undefined {
    const place = rule(this);
    return place && new EagerArray(this.storage, place, aval.dtype, aval.weakType);
  }
}
