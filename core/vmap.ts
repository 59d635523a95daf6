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

import { axesOf, withAxis } from "./axes.ts";
import { bind } from "./bind.ts";
import type { ArrayDtype } from "./dtype.ts";
import { leaked, type Origin, originOf } from "./leaks.ts";
import { NDArray } from "./ndarray.ts";
import type { Primitive } from "./primitive.ts";
import type { Shape } from "./shape.ts";
import { deeper, inMapping, outOfMapping, stagingTrace, type Trace, withStaging } from "./trace.ts";

/** An array of examples, seen as one of them. */
class BatchTracer extends NDArray {
  override readonly shape: Shape;
  override readonly dtype: ArrayDtype;
  override readonly weakType: boolean;
  override readonly tracedBy: BatchTrace;
  readonly batch: NDArray;
  readonly bdim: number;
  readonly origin: Origin;

  constructor(trace: BatchTrace, batch: NDArray, bdim: number, op?: string) {
    super();
    this.shape = batch.shape.filter((_, axis) => axis !== bdim);
    this.dtype = batch.dtype;
    this.weakType = batch.weakType;
    this.tracedBy = trace;
    this.batch = batch;
    this.bdim = bdim;
    this.origin = originOf(op);
  }
}

/** One mapping over examples. */
class BatchTrace implements Trace {
  readonly name: string;
  readonly level: number;
  /** How many examples there are. */
  readonly size: number;
  /** What collectives call them by. */
  readonly axisName: string | undefined;
  /** Whether the function that it traces has returned. */
  isOver = false;

  /** What it has in common with other mappings over the same examples. */
  readonly examples: object;
  /** The trace that took all operations before it began. */
  readonly under: Trace | undefined = stagingTrace();
  /** Whether it takes all operations itself: its function may hold arrays of a mapping outside, over the same examples. */
  readonly takesAll: boolean;

  constructor(name: string, level: number, size: number, axisName: string | undefined, same?: BatchTrace) {
    this.name = name;
    this.level = level;
    this.size = size;
    this.axisName = axisName;
    this.examples = same?.examples ?? this;
    this.takesAll = same !== undefined && this.under !== undefined;
  }

  /** The whole batch, and the axis that the examples lie along; none if all have the same. */
  parts(x: NDArray): readonly [batch: NDArray, bdim: number | undefined] {
    if (!(x instanceof BatchTracer)) return [x, undefined];
    const { tracedBy } = x;
    return tracedBy === this || tracedBy.examples === this.examples && !tracedBy.isOver
      ? [x.batch, x.bdim]
      : [x, undefined];
  }

  /** Does something with what it was staged under. */
  #staged<T>(body: () => T): T {
    return this.takesAll ? withStaging(this.under, body) : body();
  }

  /** Whether an operation goes across the examples, though all operands may be the same for all. */
  #isAcross<P>(primitive: Primitive<P>, params: P): boolean {
    return this.axisName !== undefined && axesOf(primitive, params).has(this.axisName);
  }

  process<P>(primitive: Primitive<P>, inputs: readonly NDArray[], params: P): readonly NDArray[] {
    if (this.isOver) throw leaked(primitive.name, this, inputs);
    const pairs = inputs.map((x) => this.parts(x));
    const batches = pairs.map(([batch]) => batch);
    const bdims = pairs.map(([, bdim]) => bdim);
    const isOpen = primitive.call?.isOpen?.(params) === true;
    if (bdims.every((bdim) => bdim === undefined) && !isOpen && !this.#isAcross(primitive, params)) {
      return this.#staged(() => bind(primitive, batches, params));
    }
    const [outputs, outDims] = this.#staged(() => {
      const rule = (): ReturnType<typeof primitive.vmap> =>
        primitive.vmap(this.size, batches, bdims, params, this.axisName);
      return isOpen ? outOfMapping(this, () => doing(this, rule)) : rule();
    });
    return outputs.map((y, k) => outDims[k] === undefined ? y : new BatchTracer(this, y, outDims[k], primitive.name));
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
 * @param name The transformation, as users call it.
 * @returns The results, and the axis of each that the examples lie along.
 */
export function mapBatch(
  size: number,
  fn: (...args: NDArray[]) => readonly NDArray[],
  inputs: readonly NDArray[],
  bdims: readonly (number | undefined)[],
  axisName?: string,
  name = "vmap",
): readonly [outputs: readonly NDArray[], bdims: readonly (number | undefined)[]] {
  return runBatch(size, fn, inputs, bdims, axisName, name);
}

function runBatch(
  size: number,
  fn: (...args: NDArray[]) => readonly NDArray[],
  inputs: readonly NDArray[],
  bdims: readonly (number | undefined)[],
  axisName: string | undefined,
  name: string,
  same?: BatchTrace,
): readonly [outputs: readonly NDArray[], bdims: readonly (number | undefined)[]] {
  return deeper((level) => {
    const trace = new BatchTrace(name, level, size, axisName, same);
    const args = inputs.map((x, k) => bdims[k] === undefined ? x : new BatchTracer(trace, x, bdims[k]));
    try {
      const run = (): readonly NDArray[] => withAxis(axisName, size, trace, () => inMapping(trace, () => fn(...args)));
      const pairs = (trace.takesAll ? withStaging(trace, run) : run()).map((y) => trace.parts(y));
      return [pairs.map(([y]) => y), pairs.map(([, bdim]) => bdim)];
    } finally {
      trace.isOver = true;
    }
  });
}

/** The mapping that is doing an operation of functions. */
let atWork: BatchTrace | undefined;

function doing<T>(trace: BatchTrace, body: () => T): T {
  const before = atWork;
  atWork = trace;
  try {
    return body();
  } finally {
    atWork = before;
  }
}

/** {@linkcode mapBatch} of functions to come. */
export type Mapper = (
  fn: (...args: NDArray[]) => readonly NDArray[],
  inputs: readonly NDArray[],
  bdims: readonly (number | undefined)[],
) => readonly [outputs: readonly NDArray[], bdims: readonly (number | undefined)[]];

/**
 * Runs functions on all examples later, as rules do whose operation holds functions: these may hold batches of the mapping
 * that the rule is called by, and have the example's own as long as that runs.
 *
 * @param size How many examples there are.
 * @param axisName What collectives call their axis.
 * @returns What runs functions.
 */
export function laterBatch(size: number, axisName: string | undefined): Mapper {
  const same = atWork;
  return (fn, inputs, bdims) =>
    runBatch(size, fn, inputs, bdims, axisName, same?.name ?? "vmap", same?.isOver === false ? same : undefined);
}
