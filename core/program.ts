/**
 * Programs: functions of arrays written down as a list of operations.
 *
 * A {@linkcode ProgramTracer} stands for a value that a program will compute; an operation on one is written down and not
 * done. A program may hold arrays as constants, tracers of outer transformations included.
 *
 * Source: JAX, `docs/autodidax.py`, part 2.
 *
 * @module
 */

import { type Aval, describe } from "./aval.ts";
import { bind } from "./bind.ts";
import type { ArrayDtype } from "./dtype.ts";
import { NDArray } from "./ndarray.ts";
import type { Primitive } from "./primitive.ts";
import type { Shape } from "./shape.ts";
import { deeper, leaked, type Trace, withStaging } from "./trace.ts";

/** A value that a program computes, or is given. */
export class Variable {
  /** Its shape and type. */
  readonly aval: Aval;

  /** Stands for a value of this shape and type. */
  constructor({ shape, dtype, weakType }: Aval) {
    this.aval = { shape, dtype, weakType };
  }
}

/** An operand: a value of the program, or an array that it holds. */
export type Atom = Variable | NDArray;

/** One operation. */
export interface Equation {
  /** What is done. */
  // deno-lint-ignore no-explicit-any -- a program has operations of any parameters
  readonly primitive: Primitive<any>;
  /** To what. */
  readonly inputs: readonly Atom[];
  /** With which parameters. */
  readonly params: unknown;
  /** What it gives. */
  readonly outputs: readonly Variable[];
}

/** A function of arrays, written down: each operand is an input, a constant, or given by an earlier operation. */
export interface Program {
  /** What it is given. */
  readonly inputs: readonly Variable[];
  /** What it does, in order. */
  readonly equations: readonly Equation[];
  /** What it gives back. */
  readonly outputs: readonly Atom[];
}

/** A value to come. */
class ProgramTracer extends NDArray {
  override readonly shape: Shape;
  override readonly dtype: ArrayDtype;
  override readonly weakType: boolean;
  override readonly tracedBy: ProgramTrace;
  readonly variable: Variable;

  constructor(trace: ProgramTrace, variable: Variable) {
    super();
    const { shape, dtype, weakType } = variable.aval;
    this.shape = shape;
    this.dtype = dtype;
    this.weakType = weakType;
    this.tracedBy = trace;
    this.variable = variable;
  }
}

/** One program that is being written. */
export class ProgramTrace implements Trace {
  readonly name: string;
  readonly level: number;
  /** What has been written so far. */
  readonly equations: Equation[] = [];
  /** Whether the function that it traces has returned. */
  isOver = false;

  /** Begins a program. */
  constructor(name: string, level: number) {
    this.name = name;
    this.level = level;
  }

  /** A value that the program is given. */
  input(aval: Aval): NDArray {
    return new ProgramTracer(this, new Variable(aval));
  }

  /** An array as an operand: those of other traces are constants. */
  atomOf(x: NDArray): Atom {
    return x instanceof ProgramTracer && x.tracedBy === this ? x.variable : x;
  }

  process<P>(primitive: Primitive<P>, inputs: readonly NDArray[], params: P): readonly NDArray[] {
    if (this.isOver) throw leaked(primitive.name, this, inputs);
    const outputs = primitive.outputs(inputs, params).map((aval) => new Variable(aval));
    this.equations.push({ primitive, inputs: inputs.map((x) => this.atomOf(x)), params, outputs });
    return outputs.map((variable) => new ProgramTracer(this, variable));
  }

  /** The program that gives back these arrays. */
  finish(inputs: readonly NDArray[], outputs: readonly NDArray[]): Program {
    return {
      inputs: inputs.map((x) => this.atomOf(x) as Variable),
      equations: this.equations,
      outputs: outputs.map((y) => this.atomOf(y)),
    };
  }
}

/**
 * Writes a function down, operations on constants included.
 *
 * @param name The transformation, as users call it.
 * @param fn The function.
 * @param avals The shapes and types of its arguments.
 * @returns The program.
 */
export function writeProgram(
  name: string,
  fn: (...args: NDArray[]) => readonly NDArray[],
  avals: readonly Aval[],
): Program {
  return deeper((level) => {
    const trace = new ProgramTrace(name, level);
    const inputs = avals.map((aval) => trace.input(aval));
    try {
      return trace.finish(inputs, withStaging(trace, () => fn(...inputs)));
    } finally {
      trace.isOver = true;
    }
  });
}

/**
 * Does what a program says, one operation after the other.
 *
 * @param program The program.
 * @param args What it is given.
 * @returns What it gives back.
 */
export function runProgram({ inputs, equations, outputs }: Program, args: readonly NDArray[]): readonly NDArray[] {
  const values = new Map<Variable, NDArray>(inputs.map((input, k) => [input, args[k]!]));
  const valueOf = (atom: Atom): NDArray => atom instanceof Variable ? values.get(atom)! : atom;
  for (const { primitive, inputs, params, outputs } of equations) {
    const results = bind(primitive, inputs.map(valueOf), params);
    outputs.forEach((output, k) => values.set(output, results[k]!));
  }
  return outputs.map(valueOf);
}

/** Names of values in the order in which they come: a, b, …, z, ba, bb, … */
function nameOf(index: number): string {
  const letter = String.fromCharCode(97 + index % 26);
  return index < 26 ? letter : nameOf(Math.floor(index / 26)) + letter;
}

/** A parameter as programs print it. */
function printParam(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
}

/**
 * A program as a text: a line for each operation.
 *
 * ```text
 * { lambda a:float32[3]. let
 *     b:float32[3] = sin a
 *     c:float32[] = reduceSum[axes=[0]] b
 *   in (c) }
 * ```
 *
 * @param program The program.
 * @returns The text.
 */
export function printProgram({ inputs, equations, outputs }: Program): string {
  const names = new Map<Variable, string>();
  const declared = (variable: Variable): string => {
    names.set(variable, nameOf(names.size));
    return `${names.get(variable)}:${describe(variable.aval)}`;
  };
  const named = (atom: Atom): string =>
    atom instanceof Variable
      ? names.get(atom)!
      : atom.ndim === 0 && atom.tracedBy === undefined && atom.dtype !== "prngKey"
      ? `${atom.item()}`
      : `const ${describe(atom)}`;
  const head = `{ lambda ${inputs.map(declared).join(" ")}. let`;
  const lines = equations.map(({ primitive, inputs, params, outputs }) => {
    const operands = inputs.map(named);
    const entries = Object.entries(params as object).map(([key, value]) => `${key}=${printParam(value)}`);
    const call = entries.length === 0 ? primitive.name : `${primitive.name}[${entries.join(" ")}]`;
    return `    ${outputs.map(declared).join(" ")} = ${[call, ...operands].join(" ")}`;
  });
  return [head, ...lines, `  in (${outputs.map(named).join(", ")}) }`].join("\n");
}
