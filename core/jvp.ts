/**
 * Forward mode: each array goes along with how it changes.
 *
 * A {@linkcode JvpTracer} is a pair of an array, the primal, and its tangent. An operation on such pairs computes the
 * results of the primals, and their tangents by the primitive's rule. What does not depend on the tangents is an array like
 * any other: a tangent of 0 is never written out.
 *
 * Source: JAX, `docs/autodidax.py`, part 1.
 *
 * @module
 */

import { bind } from "./bind.ts";
import type { ArrayDtype } from "./dtype.ts";
import { leaked, type Origin, originOf } from "./leaks.ts";
import { NDArray } from "./ndarray.ts";
import { type Primitive, type Tangent, Zero } from "./primitive.ts";
import type { Shape } from "./shape.ts";
import { checkSeal, deeper, heldAndDifferentiated, type Trace } from "./trace.ts";

/** An array and its tangent. */
class JvpTracer extends NDArray {
  override readonly shape: Shape;
  override readonly dtype: ArrayDtype;
  override readonly weakType: boolean;
  override readonly tracedBy: JvpTrace;
  readonly primal: NDArray;
  readonly tangent: NDArray;
  readonly origin: Origin;

  constructor(trace: JvpTrace, primal: NDArray, tangent: NDArray, op?: string) {
    super();
    this.shape = primal.shape;
    this.dtype = primal.dtype;
    this.weakType = primal.weakType;
    this.tracedBy = trace;
    this.primal = primal;
    this.tangent = tangent;
    this.origin = originOf(op);
  }
}

/** The results of an operation, and how they change. */
function push<P>(
  primitive: Primitive<P>,
  primals: readonly NDArray[],
  tangents: readonly Tangent[],
  params: P,
): readonly [outputs: readonly NDArray[], tangents: readonly Tangent[]] {
  if (primitive.call !== undefined) return primitive.call.push(primals, tangents, params);
  const outputs = bind(primitive, primals, params);
  return [outputs, primitive.jvp(primals, tangents, outputs, params)];
}

/** One differentiation, forwards. */
class JvpTrace implements Trace {
  readonly name: string;
  readonly level: number;
  /** Whether the function that it traces has returned. */
  isOver = false;

  constructor(name: string, level: number) {
    this.name = name;
    this.level = level;
  }

  /** The primal and the tangent of an array. */
  parts(x: NDArray): readonly [primal: NDArray, tangent: Tangent] {
    return x instanceof JvpTracer && x.tracedBy === this ? [x.primal, x.tangent] : [x, new Zero(x)];
  }

  process<P>(primitive: Primitive<P>, inputs: readonly NDArray[], params: P): readonly NDArray[] {
    if (this.isOver) throw leaked(primitive.name, this, inputs);
    checkSeal(this);
    const pairs = inputs.map((x) => this.parts(x));
    const primals = pairs.map(([primal]) => primal);
    const [outputs, tangents] = push(primitive, primals, pairs.map(([, tangent]) => tangent), params);
    return outputs.map((y, k) => {
      const dy = tangents[k]!;
      // A rule of somebody's own may hold what only this trace, or one inside of it, knows.
      if (y.tracedBy !== undefined && y.tracedBy.level >= this.level) {
        throw heldAndDifferentiated(`"${primitive.name}"`);
      }
      return dy instanceof Zero ? y : new JvpTracer(this, y, dy, primitive.name);
    });
  }
}

/**
 * Pushes tangents through a function of arrays.
 *
 * @param name The transformation, as users call it.
 * @param fn The function.
 * @param primals Its arguments.
 * @param tangents How they change, each of the shape and dtype of its primal.
 * @returns The results, and how they change.
 */
export function pushForward(
  name: string,
  fn: (...args: NDArray[]) => readonly NDArray[],
  primals: readonly NDArray[],
  tangents: readonly Tangent[],
): readonly [outputs: readonly NDArray[], tangents: readonly Tangent[]] {
  return deeper((level) => {
    const trace = new JvpTrace(name, level);
    const args = primals.map((x, k) => {
      const dx = tangents[k]!;
      return dx instanceof Zero ? x : new JvpTracer(trace, x, dx);
    });
    try {
      const pairs = fn(...args).map((y) => trace.parts(y));
      return [pairs.map(([y]) => y), pairs.map(([, dy]) => dy)];
    } finally {
      trace.isOver = true;
    }
  });
}
