/**
 * What the primitives share that move elements and do not change them: of any dtype, keys included, linear, and where it
 * can be views.
 *
 * @module
 */

import type { Aval } from "../core/aval.ts";
import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import {
  alwaysView,
  definePrimitive,
  type LowerRule,
  type Place,
  type Primitive,
  type VmapRule,
} from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import { jvpByOperand, transposeUnary } from "./_rules.ts";

/** What the file of a primitive with one operand states. */
export interface MovementRules<P> {
  /** Its name. */
  readonly name: string;
  /** The shape of the result. */
  readonly shape: (x: Aval, params: P) => Shape;
  /** Where the result lies in the operand. */
  readonly view: (x: Place, params: P, shape: Shape) => Place | undefined;
  /** How elements are moved where there is no view; there always is one if left out. */
  readonly lower?: LowerRule<P>;
  /** The cotangent of the operand. */
  readonly transpose: (ct: NDArray, x: Aval, params: P) => NDArray;
  /** What it is on batches. */
  readonly vmap: VmapRule<P>;
}

/** A primitive that moves the elements of one operand. */
export function movementPrimitive<P>(rules: MovementRules<P>): Primitive<P> {
  const { name, shape, view, lower = alwaysView(name), transpose, vmap } = rules;
  const primitive: Primitive<P> = definePrimitive<P>({
    name,
    outputs: ([x], params) => [{ shape: shape(x!, params), dtype: x!.dtype, weakType: x!.weakType }],
    view: (place, params) => view(place, params, shape(place as Place & Aval, params)),
    lower,
    jvp: jvpByOperand((dx, _primals, _output, params) => bindOne(primitive, [dx], params)),
    transpose: transposeUnary(transpose),
    vmap,
  });
  return primitive;
}
