/**
 * What cumulative operations share: their types, their lowering, the derivative of those that are not linear.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { isFloating } from "../core/dtype.ts";
import {
  definePrimitive,
  type JvpRule,
  neverView,
  notLinear,
  type Primitive,
  type TransposeRule,
  Zero,
} from "../core/primitive.ts";
import { cumulative } from "../wasm/kernels/cumulative.ts";
import type { Cumulative } from "../wasm/plan.ts";
import { jvpByOperand, moveBatch } from "./_rules.ts";
import { associativeScan, type Combine, type ScanParams } from "./associative_scan.ts";

export type { ScanParams };

/** What a cumulative operation's file states. */
export interface ScanRules {
  /** Its name. */
  readonly name: string;
  /** The kernel's name. */
  readonly kind: Cumulative;
  /** Its derivative. */
  readonly jvp: JvpRule<ScanParams>;
  /** Its transpose; it is not linear if left out. */
  readonly transpose?: TransposeRule<ScanParams>;
}

/** A cumulative operation. */
export function scanPrimitive(rules: ScanRules): Primitive<ScanParams> {
  const { name, kind, jvp, transpose = notLinear<ScanParams>(name) } = rules;
  const primitive: Primitive<ScanParams> = definePrimitive({
    name,
    outputs: ([x]) => [x!],
    view: neverView,
    lower: ([output], [x], params) => cumulative(kind, output!, x!, params),
    jvp,
    transpose,
    vmap: (_size, [x], [bdim], { axis, reverse }) => [
      [bindOne(primitive, [moveBatch(x!, bdim!, 0)], { axis: axis + 1, reverse })],
      [0],
    ],
  });
  return primitive;
}

/** The derivative of a scan by that of its fold: of `(x, dx)` at two places, that at their fold. */
export function jvpByScan(combine: Combine): JvpRule<ScanParams> {
  return jvpByOperand((dx, [x], y, params) =>
    isFloating(y.dtype) ? associativeScan(combine, [x!, dx], params)[1]! : new Zero(y)
  );
}
