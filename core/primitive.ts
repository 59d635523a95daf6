/**
 * Primitives: the operations that transformations know, each with all of its rules.
 *
 * A primitive is one object, made in one file of `ops/`. Everything else is composed of primitives. No rule is optional: a
 * rule that does not exist is a named one that says why.
 *
 * The letters: `x`, `y` are operands, `dx` their tangents, `ct` cotangents of results, `bdim` the axis that a batch lies
 * along.
 *
 * Source: JAX, `docs/autodidax.py`.
 *
 * @module
 */

import { PenjingError } from "../errors/mod.ts";
import type { Operand } from "../wasm/operand.ts";
import type { Aval } from "./aval.ts";
import type { NDArray } from "./ndarray.ts";
import type { Program } from "./program.ts";
import type { Shape } from "./shape.ts";
import type { Staged, Stager } from "./stager.ts";

/** A tangent or cotangent that is 0 everywhere, and is never written out. */
export class Zero {
  /** What it is the zero of. */
  readonly aval: Aval;

  /** Stands for something of this shape and type. */
  constructor(aval: Aval) {
    this.aval = aval;
  }
}

/** A tangent or a cotangent. */
export type Tangent = NDArray | Zero;

/** Stands for an operand that a transposed operation is linear in: there is no value, only its type. */
export class LinearOperand {
  /** What the operand is. */
  readonly aval: Aval;

  /** Stands for something of this shape and type. */
  constructor(aval: Aval) {
    this.aval = aval;
  }
}

/** Where elements lie, counted in elements of the storage. */
export interface Place {
  /** The first element. */
  readonly offset: number;
  /** Elements along each axis. */
  readonly shape: Shape;
  /** Elements between neighbors along each axis. */
  readonly strides: readonly number[];
}

/** The types of the results, given those of the operands. Assumes that the operands fit: who binds has checked. */
export type OutputRule<P> = (inputs: readonly Aval[], params: P) => readonly Aval[];

/** Where the only result lies in the memory of the first operand; `undefined` if it needs memory of its own. */
export type ViewRule<P> = (input: Place, params: P) => Place | undefined;

/** Computes results by kernels: emits the instructions of a plan. */
export type LowerRule<P> = (outputs: readonly Operand[], inputs: readonly Operand[], params: P) => void;

/** The tangents of the results. */
export type JvpRule<P> = (
  primals: readonly NDArray[],
  tangents: readonly Tangent[],
  outputs: readonly NDArray[],
  params: P,
) => readonly Tangent[];

/** The cotangents of the operands it is linear in; whatever stands at the places of the others is not read. */
export type TransposeRule<P> = (
  cotangents: readonly Tangent[],
  inputs: readonly (NDArray | LinearOperand)[],
  params: P,
) => readonly (Tangent | undefined)[];

/** Results of an operation on batches, and the axes that these lie along. Collectives know the batch by its name. */
export type VmapRule<P> = (
  size: number,
  inputs: readonly NDArray[],
  bdims: readonly (number | undefined)[],
  params: P,
  axisName?: string,
) => readonly [outputs: readonly NDArray[], bdims: readonly (number | undefined)[]];

/** A program that an operation holds, what it is given, and what its first results have to be, if that matters. */
export interface Held {
  /** The program. */
  readonly program: Program;
  /** The types of what it is given. */
  readonly takes: readonly Aval[];
  /** The types of its first results. */
  readonly gives?: readonly Aval[];
}

/** What an operation that holds programs does in place of being computed by kernels. */
export interface CallRules<P> {
  /** Computes the results of arrays that have their elements. */
  readonly evaluate: (inputs: readonly NDArray[], params: P) => readonly NDArray[];
  /** Its results, and their tangents. Of the tangents that it is given, one at least is not zero. */
  readonly push: (
    primals: readonly NDArray[],
    tangents: readonly Tangent[],
    params: P,
  ) => readonly [outputs: readonly NDArray[], tangents: readonly Tangent[]];
  /** Writes it into a plan; left out where that is not possible. */
  readonly stage?: (stager: Stager, inputs: readonly Staged[], params: P) => readonly Staged[];
  /** The programs that it holds, as they have to fit its operands and each other: for checks. */
  readonly holds?: (inputs: readonly Aval[], params: P) => readonly Held[];
  /**
   * The same operation for a program that is being written, where it holds functions that may hold arrays of other
   * transformations: these become operands. Left out where it holds closed programs alone.
   */
  readonly close?: (inputs: readonly NDArray[], params: P) => readonly [inputs: readonly NDArray[], params: P];
  /** Whether it holds functions still, which may hold what a mapping over examples that runs knows alone. */
  readonly isOpen?: (params: P) => boolean;
}

/** An operation and its rules. */
export interface Primitive<P> {
  /** Its name, as programs print it and errors call it. */
  readonly name: string;
  /** The types of its results. */
  readonly outputs: OutputRule<P>;
  /** Whether a result is a view of the first operand. */
  readonly view: ViewRule<P>;
  /** How its results are computed. */
  readonly lower: LowerRule<P>;
  /** How small changes of its operands change its results. */
  readonly jvp: JvpRule<P>;
  /** How it is transposed, as a linear map of some of its operands. */
  readonly transpose: TransposeRule<P>;
  /** What it is on batches of operands. */
  readonly vmap: VmapRule<P>;
  /** Of an operation that holds programs: what takes the places of `view`, `lower` and `jvp`. */
  readonly call?: CallRules<P>;
  /** Of a collective: the axis of examples that it goes across. */
  readonly axisName?: (params: P) => string;
  /** Whether its result may take the memory of an operand of the same type, element for element. */
  readonly inPlace?: boolean;
  /** Whether it is done for what happens, so that it stays in programs that do not use its results. */
  readonly hasEffect?: boolean;
}

/** Rules as a primitive's file states them. */
export function definePrimitive<P>(primitive: Primitive<P>): Primitive<P> {
  return Object.freeze(primitive);
}

/** Rules of an operation that holds programs, as its file states them. */
export function defineCall<P>(
  rules: Omit<Primitive<P>, "view" | "lower" | "jvp" | "call"> & { readonly call: CallRules<P> },
): Primitive<P> {
  const { name } = rules;
  return Object.freeze({ ...rules, view: neverView, lower: heldPrograms(name), jvp: heldPrograms(name) });
}

/** Of an operation that holds programs, which are what is computed and differentiated. */
function heldPrograms(name: string): () => never {
  return () => {
    throw new PenjingError(`Cannot take "${name}" for one operation: it holds programs`, {
      op: name,
      remedy: "report this: its rules for programs were passed over",
      code: "held-programs",
    });
  };
}

/** Of an operation whose results always have memory of their own. */
export function neverView(): undefined {}

/** Of an operation that is always a view, so that there is nothing to compute. */
export function alwaysView(name: string): LowerRule<unknown> {
  return () => {
    throw new PenjingError(`Cannot compute "${name}": it is a view of its operand`, {
      remedy: "report this: a view was asked for memory of its own",
      code: "view-lowered",
    });
  };
}

/** Of an operation whose results do not change with small changes of its operands, or hold no real numbers. */
export function zeroTangent<P>(_because: string): JvpRule<P> {
  return (_primals, _tangents, outputs) => outputs.map((output) => new Zero(output));
}

/** Of an operation that has no derivative here. */
export function notDifferentiable<P>(name: string, because: string): JvpRule<P> {
  return () => {
    throw new PenjingError(`Cannot differentiate "${name}"`, {
      op: name,
      actual: because,
      remedy: "cut the derivative by stopGradient, or give the function one of its own by customJvp",
      code: "not-differentiable",
    });
  };
}

/** Of an operation that is not linear in any operand. Reverse mode transposes what its tangents are made of. */
export function notLinear<P>(name: string): TransposeRule<P> {
  return () => {
    throw new PenjingError(`Cannot transpose "${name}": it is not linear`, {
      op: name,
      expected: "a linear function of the operands that are transposed",
      remedy: "differentiate by grad or vjp, which linearize first",
      code: "not-linear",
    });
  };
}
