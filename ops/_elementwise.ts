/**
 * What elementwise primitives share: everything but their mathematics.
 *
 * Their operands have one shape; those with several have one dtype, where the primitive does not say otherwise.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { bind } from "../core/bind.ts";
import { isFloating, isUnsigned } from "../core/dtype.ts";
import {
  definePrimitive,
  type JvpRule,
  type LowerRule,
  neverView,
  notLinear,
  type Primitive,
  type TransposeRule,
  type VmapRule,
} from "../core/primitive.ts";
import { defer } from "../wasm/kernels/deferred.ts";
import type { DType } from "../wasm/dtype.ts";
import { Elementwise, type ElementwiseOp, type ElementwiseValue } from "../wasm/elementwise.ts";
import { elementwise } from "../wasm/kernels/elementwise.ts";
import { OPS } from "../wasm/generated/elementwise_ops.ts";
import type { Operand } from "../wasm/operand.ts";
import { batchFirst } from "./_rules.ts";

/** A primitive without parameters. */
export type Plain = Record<string, never>;

/** The parameters of a primitive that has none. */
export const NONE: Plain = Object.freeze({});

/** The operation of the tile machine by the kind of the operands' dtype. */
export interface OpsByKind {
  /** For floats. */
  readonly float?: ElementwiseOp;
  /** For signed integers; for all integers and bools, where these have no entry. */
  readonly integer?: ElementwiseOp;
  /** For unsigned integers. */
  readonly unsigned?: ElementwiseOp;
  /** For bools. */
  readonly bool?: ElementwiseOp;
}

/** Writes the program of a dtype: takes the loaded values, gives the result. */
export type ProgramRule<P> = (
  program: Elementwise,
  operands: readonly ElementwiseValue[],
  dtype: DType,
  params: P,
) => ElementwiseValue;

/** The operation for a dtype. */
export function opFor(ops: OpsByKind, dtype: DType): ElementwiseOp | undefined {
  if (isFloating(dtype)) return ops.float;
  if (dtype === "bool") return ops.bool ?? ops.integer;
  return isUnsigned(dtype) ? ops.unsigned ?? ops.integer : ops.integer;
}

/** The lowering of an operation that is one of the tile machine's. */
export function lowerOp<P>(name: string, ops: OpsByKind, by = 0): LowerRule<P> {
  return lowerProgram(
    (program, operands, dtype) => {
      const op = opFor(ops, dtype);
      if (op === undefined) throw new TypeError(`Cannot compute "${name}" of ${dtype}: cast it first, by astype()`);
      return program.apply(op, ...operands.slice(0, OPS[op].arity));
    },
    () => "",
    by,
  );
}

/**
 * The lowering of an operation by a program that is written once for each dtype and value of the parameters.
 *
 * @param rule Writes it.
 * @param key Tells the values of the parameters apart.
 * @param by The operand whose dtype counts.
 */
export function lowerProgram<P>(rule: ProgramRule<P>, key: (params: P) => string, by = 0): LowerRule<P> {
  const programs = new Map<string, Elementwise>();
  return (outputs, inputs, params) => {
    const { dtype } = inputs[by]!;
    const name = dtype + key(params);
    let program = programs.get(name);
    if (program === undefined) {
      program = new Elementwise();
      const own = program;
      own.store(rule(own, inputs.map((_, k) => own.load(k)), dtype, params), 0);
      programs.set(name, program);
    }
    compute(program, outputs, inputs);
  };
}

/**
 * Computes results that were allocated just now, or puts that off until somebody looks at them.
 *
 * @param program A program of one output.
 * @param outputs The result.
 * @param inputs The operands.
 */
export function compute(program: Elementwise, outputs: readonly Operand[], inputs: readonly Operand[]): void {
  if (!defer(program, outputs[0]!, inputs)) elementwise(program, outputs, inputs);
}

/** Results like the first operand; weak only if all operands are. */
export function likeFirst(inputs: readonly Aval[]): readonly Aval[] {
  const [x, y] = inputs;
  if (y === undefined || x!.weakType === y.weakType && inputs.length === 2) return [x!];
  return [{ shape: x!.shape, dtype: x!.dtype, weakType: inputs.every(({ weakType }) => weakType) }];
}

/** Bools of the shape of the first operand. */
export function boolLikeFirst([x]: readonly Aval[]): readonly Aval[] {
  return [{ shape: x!.shape, dtype: "bool", weakType: false }];
}

/** The operation on each element of a batch is itself. */
export function vmapElementwise<P>(primitive: () => Primitive<P>): VmapRule<P> {
  return (size, inputs, bdims, params) => {
    const [first] = bdims.filter((bdim) => bdim !== undefined);
    if (inputs.length === 1) return [bind(primitive(), inputs, params), [first]];
    const batches = inputs.map((x, k) => batchFirst(x, bdims[k], size));
    return [bind(primitive(), batches, params), [0]];
  };
}

/** What an elementwise primitive's file states. */
export interface ElementwiseRules<P> {
  /** Its name. */
  readonly name: string;
  /** Its operations, or how to lower it. */
  readonly lower: OpsByKind | LowerRule<P>;
  /** The types of its results; like the first operand if left out. */
  readonly outputs?: (inputs: readonly Aval[], params: P) => readonly Aval[];
  /** Its derivative. */
  readonly jvp: JvpRule<P>;
  /** Its transpose; it is not linear if left out. */
  readonly transpose?: TransposeRule<P>;
}

/** An elementwise primitive. */
export function elementwisePrimitive<P = Plain>(rules: ElementwiseRules<P>): Primitive<P> {
  const { name, lower, outputs = likeFirst, jvp, transpose = notLinear<P>(name) } = rules;
  const primitive: Primitive<P> = definePrimitive<P>({
    name,
    outputs,
    view: neverView,
    lower: typeof lower === "function" ? lower : lowerOp(name, lower),
    jvp,
    transpose,
    vmap: vmapElementwise(() => primitive),
    inPlace: true,
  });
  return primitive;
}
