/**
 * Named axes: how operations find the batch that they go across.
 *
 * A mapping over examples may name their axis. While it runs, the axis is in scope, and operations that name it, the
 * collectives, are done by the trace of that mapping, whether their operands depend on the example or not.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { heldPrograms } from "./held_programs.ts";
import type { Primitive } from "./primitive.ts";
import type { Program } from "./program.ts";
import type { Trace } from "./trace.ts";

/** An axis of examples that has a name. */
interface NamedAxis {
  readonly name: string;
  readonly size: number;
  readonly trace: Trace;
}

/** The axes in scope, innermost last. */
const axes: NamedAxis[] = [];

/** Runs a function while an axis is in scope; one without a name is not. */
export function withAxis<T>(name: string | undefined, size: number, trace: Trace, body: () => T): T {
  if (name === undefined) return body();
  axes.push({ name, size, trace });
  try {
    return body();
  } finally {
    axes.pop();
  }
}

/** The axes in scope as a key: what is written down depends on them. */
export function axesInScope(): string {
  return axes.length === 0 ? "" : axes.map(({ name, size }) => `${JSON.stringify(name)}:${size}`).join(",");
}

/** The error for the name of an axis that is not in scope. */
export function unboundAxis(op: string, name: string): ValueError {
  const names = [...new Set(axes.map(({ name }) => `"${name}"`))];
  return new ValueError(`Cannot ${op}: there is no axis "${name}" in scope`, {
    op,
    operand: "axisName",
    actual: `"${name}"`,
    expected: names.length === 0 ? "an axis in scope, of which there is none" : `one of ${names.join(", ")}`,
    remedy: `call it in a function that is mapped by pz.vmap(fn, { axisName: "${name}" })`,
    code: "axis-name",
  });
}

/**
 * How many examples there are along an axis.
 *
 * @param op Who asks, for the error.
 * @param name The axis.
 * @returns Their number.
 * @throws {ValueError} If no such axis is in scope.
 */
export function sizeOfAxis(op: string, name: string): number {
  const axis = axes.findLast((axis) => axis.name === name);
  if (axis === undefined) throw unboundAxis(op, name);
  return axis.size;
}

const NONE: ReadonlySet<string> = new Set();

/** The axes that programs go across and do not bring along. Programs do not change. */
const free = new WeakMap<Program, ReadonlySet<string>>();

function axesOfProgram(program: Program): ReadonlySet<string> {
  let names = free.get(program);
  if (names === undefined) {
    const found = program.equations.flatMap(({ primitive, params }) => [...axesOf(primitive, params)]);
    free.set(program, names = found.length === 0 ? NONE : new Set(found));
  }
  return names;
}

/** The axes that an operation goes across, those of programs that it holds included. */
export function axesOf<P>(primitive: Primitive<P>, params: P): ReadonlySet<string> {
  if (primitive.axisName !== undefined) return new Set([primitive.axisName(params)]);
  if (primitive.call === undefined) return NONE;
  const found = heldPrograms(params).flatMap((program) => [...axesOfProgram(program)]);
  return found.length === 0 ? NONE : new Set(found);
}

/**
 * The trace of the axis that an operation goes across, the innermost one if there are several.
 *
 * @param primitive The operation.
 * @param params Its parameters.
 * @returns The trace; `undefined` if the operation goes across no axis in scope.
 */
export function traceOfAxes<P>(primitive: Primitive<P>, params: P): Trace | undefined {
  // Few functions name axes: all others are not kept waiting.
  if (axes.length === 0) return undefined;
  let top: Trace | undefined;
  for (const name of axesOf(primitive, params)) {
    const trace = axes.findLast((axis) => axis.name === name)?.trace;
    if (trace !== undefined && (top === undefined || trace.level > top.level)) top = trace;
  }
  return top;
}
