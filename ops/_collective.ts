/**
 * What operations across the examples of a batch share.
 *
 * @module
 */

import { unboundAxis } from "../core/axes.ts";
import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import {
  definePrimitive,
  type JvpRule,
  type LowerRule,
  neverView,
  type Primitive,
  type TransposeRule,
} from "../core/primitive.ts";

/** Across which axis. */
export interface CollectiveParams {
  /** Its name. */
  readonly axisName: string;
}

/** Of an operation across an axis: that of a batch it becomes another one, and without a batch there is no axis. */
export function withoutAxis<P extends CollectiveParams>(op: string): LowerRule<P> {
  return (_outputs, _inputs, { axisName }) => {
    throw unboundAxis(op, axisName);
  };
}

/** What a collective reduction's file states. */
export interface CollectiveRules {
  /** Its name. */
  readonly name: string;
  /** Reduces a batch along an axis. */
  readonly reduce: (x: NDArray, axis: number) => NDArray;
  /** What it makes of so many examples that are all the same. */
  readonly ofSame: (x: NDArray, size: number) => NDArray;
  /** Its derivative. */
  readonly jvp: JvpRule<CollectiveParams>;
  /** Its transpose. */
  readonly transpose: TransposeRule<CollectiveParams>;
}

/** A reduction over the examples of a batch, of which each gets the result. */
export function collectivePrimitive(rules: CollectiveRules): Primitive<CollectiveParams> {
  const { name, reduce, ofSame, jvp, transpose } = rules;
  const primitive: Primitive<CollectiveParams> = definePrimitive<CollectiveParams>({
    name,
    outputs: ([x]) => [x!],
    view: neverView,
    lower: withoutAxis(name),
    jvp,
    transpose,
    vmap: (size, [x], [bdim], params, axisName) => {
      if (params.axisName !== axisName) return [[bindOne(primitive, [x!], params)], [bdim]];
      return [[bdim === undefined ? ofSame(x!, size) : reduce(x!, bdim)], [undefined]];
    },
    axisName: ({ axisName }) => axisName,
  });
  return primitive;
}
