/**
 * What reductions share.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import type { ArrayDtype } from "../core/dtype.ts";
import {
  definePrimitive,
  type JvpRule,
  neverView,
  notLinear,
  type Primitive,
  type TransposeRule,
} from "../core/primitive.ts";
import { bindOne } from "../core/bind.ts";
import type { Shape } from "../core/shape.ts";
import { reduce, type ReduceKind } from "../wasm/kernels/reduce.ts";
import { moveBatch } from "./_rules.ts";

/** Which axes are reduced. */
export interface ReductionParams {
  /** The axes, each once, counted from the first. They are gone from the result. */
  readonly axes: readonly number[];
}

/** The shape without some axes. */
export function without(shape: Shape, axes: readonly number[]): Shape {
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** What a reduction's file states. */
export interface ReductionRules {
  /** Its name. */
  readonly name: string;
  /** The kernel's name. */
  readonly kind: ReduceKind;
  /** The dtype of the result; that of the operand if left out. */
  readonly dtype?: ArrayDtype;
  /** Its derivative. */
  readonly jvp: JvpRule<ReductionParams>;
  /** Its transpose; it is not linear if left out. */
  readonly transpose?: TransposeRule<ReductionParams>;
}

/** A reduction over axes. */
export function reductionPrimitive(rules: ReductionRules): Primitive<ReductionParams> {
  const { name, kind, dtype, jvp, transpose = notLinear<ReductionParams>(name) } = rules;
  const outputs = ([x]: readonly Aval[], { axes }: ReductionParams): readonly Aval[] => [{
    shape: without(x!.shape, axes),
    dtype: dtype ?? x!.dtype,
    weakType: dtype === undefined && x!.weakType,
  }];
  const primitive: Primitive<ReductionParams> = definePrimitive({
    name,
    outputs,
    view: neverView,
    lower: ([output], [x], { axes }) => reduce(kind, output!, x!, { axes }),
    jvp,
    transpose,
    vmap: (_size, [x], [bdim], { axes }) => [
      [bindOne(primitive, [moveBatch(x!, bdim!, 0)], { axes: axes.map((axis) => axis + 1) })],
      [0],
    ],
  });
  return primitive;
}
