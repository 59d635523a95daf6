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

/** An array was used after it had been freed; the `cause` is what freed it, and where. */
export class FreedArrayError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "FreedArrayError";
}

/** An array that a transformation had traced was used after it: the text says which, and of what. */
export class TracerLeakError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "TracerLeakError";
}

/** penjing was used before `init` had finished. */
export class NotInitializedError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "NotInitializedError";
}

/** Something that was asked for by name or key is not there. */
export class KeyError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "KeyError";
}

/** A class or object lacks a member that it must have. */
export class AttributeError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "AttributeError";
}

/** Something that the caller said, or that must hold, does not. */
export class AssertionError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "AssertionError";
}

/** A class cannot be made a struct, since it is not clear which fields it has. */
export class PyTreeDataclassSafetyError extends PenjingError {
  /** The class's name. */
  override readonly name: string = "PyTreeDataclassSafetyError";
}

/** A selection cannot be rebuilt; the `cause` is what a node or a predicate threw. */
export class SelectionError extends ValueError {
  /** The class's name. */
  override readonly name: string = "SelectionError";
}

/** A value does not have the structure that it should; the text lists every difference. */
export class StructureMismatchError extends ValueError {
  /** The class's name. */
  override readonly name: string = "StructureMismatchError";
}
