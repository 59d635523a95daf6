/**
 * The classes of penjing's errors: what kind of fault it is. A wrong kind of argument is the built-in `TypeError`.
 *
 * @module
 */

import { PenjingError } from "./error.ts";

/** A value of the right kind that cannot be used: a shape, a size, an axis, an option out of range. */
export class ValueError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "ValueError";
}

/** The engine refused a plan, or a kernel or worker failed; `path` names the instruction. */
export class EngineError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "EngineError";
}

/** The engine's memory is exhausted; the text has the bytes asked for, the bytes live, and the limit. */
export class OutOfMemoryError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "OutOfMemoryError";
}

/** penjing was used before `init` had finished. */
export class NotInitializedError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "NotInitializedError";
}
