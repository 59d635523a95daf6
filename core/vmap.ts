/**
 * Batches: a function of one example runs once on all of them.
 *
 * A {@linkcode BatchTracer} is an array with one axis hidden, along which the examples lie. An operation on such arrays is
 * what the primitive's rule makes of it: an operation on the whole batch.
 *
 * Source: JAX, `docs/autodidax.py`, part 1.
 *
 * @module
 */

import { bind } from "./bind.ts";
import type { ArrayDtype } from "./dtype.ts";
import { NDArray } from "./ndarray.ts";
import type { Primitive } from "./primitive.ts";
import type { Shape } from "./shape.ts";
import { deeper, leaked, type Trace } from "./trace.ts";

/** An array of examples, seen as one of them. */
class BatchTracer extends NDArray {
  override readonly shape: Shape;
  override readonly dtype: ArrayDtype;
  override readonly weakType: boolean;
  override readonly tracedBy: BatchTrace;
  readonly batch: NDArray;
  readonly bdim: number;

  constructor(trace: BatchTrace, batch: NDArray, bdim: number) {
    super();
    this.shape = batch.shape.filter((_, axis) => axis !== bdim);
    this.dtype = batch.dtype;
    this.weakType = batch.weakType;
    this.tracedBy = trace;
    this.batch = batch;
    this.bdim = bdim;
  }
}

/** One mapping over examples. */
class BatchTrace implements Trace {
  readonly name = "vmap";
  readonly level: number;
  /** How many examples there are. */
  readonly size: number;
  /** What collectives call them by. */
  readonly axisName: string | undefined;
  /** Whether the function that it traces has returned. */
  isOver = false;

  constructor(level: number, size: number, axisName: string | undefined) {
    this.level = level;
    this.size = size;
    this.axisName = axisName;
  }

  /** The whole batch, and the axis that the examples lie along; none if all have the same. */
  parts(x: NDArray): readonly [batch: NDArray, bdim: number | undefined] {
    return x instanceof BatchTracer && x.tracedBy === this ? [x.batch, x.bdim] : [x, undefined];
  }

  process<P>(primitive: Primitive<P>, inputs: readonly NDArray[], params: P): readonly NDArray[] {
    if (this.isOver) throw leaked(primitive.name, this, inputs);
    const pairs = inputs.map((x) => this.parts(x));
    const batches = pairs.map(([batch]) => batch);
    const bdims = pairs.map(([, bdim]) => bdim);
    if (bdims.every((bdim) => bdim === undefined)) return bind(primitive, batches, params);
    const [outputs, outDims] = primitive.vmap(this.size, batches, bdims, params, this.axisName);
    return outputs.map((y, k) => outDims[k] === undefined ? y : new BatchTracer(this, y, outDims[k]));
  }
}

/**
 * Runs a function of one example on all of them.
 *
 * @param size How many examples there are.
 * @param fn The function.
 * @param inputs Its arguments.
 * @param bdims The axis of each that the examples lie along; `undefined` where all have the same.
 * @param axisName What collectives in the function call the axis of examples.
 * @returns The results, and the axis of each that the examples lie along.
 */
export function mapBatch(
  size: number,
  fn: (...args: NDArray[]) => readonly NDArray[],
  inputs: readonly NDArray[],
  bdims: readonly (number | undefined)[],
  axisName?: string,
): readonly [outputs: readonly NDArray[], bdims: readonly (number | undefined)[]] {
  return deeper((level) => {
    const trace = new BatchTrace(level, size, axisName);
    const args = inputs.map((x, k) => bdims[k] === undefined ? x : new BatchTracer(trace, x, bdims[k]));
    try {
      const pairs = fn(...args).map((y) => trace.parts(y));
      return [pairs.map(([y]) => y), pairs.map(([, bdim]) => bdim)];
    } finally {
      trace.isOver = true;
    }
  });
}
