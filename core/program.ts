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

import type { Aval } from "./aval.ts";
import { bind } from "./bind.ts";
import type { ArrayDtype } from "./dtype.ts";
import { heldPrograms, isProgram } from "./held_programs.ts";
import { leaked, type Origin, originOf } from "./leaks.ts";
import { NDArray } from "./ndarray.ts";
import type { Primitive, Tangent } from "./primitive.ts";
import type { Shape } from "./shape.ts";
import { keep } from "./storage.ts";
import { deeper, type Trace, withStaging } from "./trace.ts";

export { isProgram };

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
  readonly origin: Origin;

  constructor(trace: ProgramTrace, variable: Variable, op?: string) {
    super();
    const { shape, dtype, weakType } = variable.aval;
    this.shape = shape;
    this.dtype = dtype;
    this.weakType = weakType;
    this.tracedBy = trace;
    this.variable = variable;
    this.origin = originOf(op);
  }
}

/** Looks at each program that is written: a check, in tests. */
let inspect: ((program: Program) => void) | undefined;

/** Has a function look at each program that is written from now on; none, if left out. */
export function inspectPrograms(by?: (program: Program) => void): void {
  inspect = by;
}

/** One program that is being written. */
export class ProgramTrace implements Trace {
  readonly name: string;
  readonly level: number;
  /** What has been written so far. */
  readonly equations: Equation[] = [];
  /** Whether its inputs are tangents, of which everything it writes down is linear. */
  readonly isLinear: boolean;
  /** Whether the function that it traces has returned. */
  isOver = false;

  /** Begins a program. */
  constructor(name: string, level: number, isLinear = false) {
    this.name = name;
    this.level = level;
    this.isLinear = isLinear;
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
    const [operands, own] = primitive.call?.close?.(inputs, params) ?? [inputs, params];
    const outputs = primitive.outputs(operands, own).map((aval) => new Variable(aval));
    this.equations.push({ primitive, inputs: operands.map((x) => this.atomOf(x)), params: own, outputs });
    return outputs.map((variable) => new ProgramTracer(this, variable, primitive.name));
  }

  /** The program that gives back these arrays. */
  finish(inputs: readonly NDArray[], outputs: readonly NDArray[]): Program {
    const program = {
      inputs: inputs.map((x) => this.atomOf(x) as Variable),
      equations: this.equations,
      outputs: outputs.map((y) => this.atomOf(y)),
    };
    inspect?.(program);
    return program;
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

/** Whether tangents have no values yet, so that what is done to them has to be linear, and what is not, known before. */
export function areLinear(tangents: readonly Tangent[]): boolean {
  return tangents.some((dx) => {
    const trace = dx instanceof NDArray ? dx.tracedBy : undefined;
    return trace instanceof ProgramTrace && trace.isLinear;
  });
}

/** The shapes and types of what a program gives. */
export function outputAvals({ outputs }: Program): readonly Aval[] {
  return outputs.map((atom) => atom instanceof Variable ? atom.aval : atom);
}

/**
 * A program without some of the arrays that it holds: they become its first inputs.
 *
 * @param program The program.
 * @param isHeld Which arrays.
 * @returns The program, and these arrays.
 */
export function takeOut(
  { inputs, equations, outputs }: Program,
  isHeld: (x: NDArray) => boolean,
): readonly [program: Program, held: readonly NDArray[]] {
  const variables = new Map<NDArray, Variable>();
  const moved = (atom: Atom): Atom => {
    if (atom instanceof Variable || !isHeld(atom)) return atom;
    const variable = variables.get(atom) ?? new Variable(atom);
    variables.set(atom, variable);
    return variable;
  };
  const own = equations.map((equation) => ({ ...equation, inputs: equation.inputs.map(moved) }));
  const results = outputs.map(moved);
  const program = { inputs: [...variables.values(), ...inputs], equations: own, outputs: results };
  inspect?.(program);
  return [program, [...variables.keys()]];
}

/** Whether an operation is done for what happens, or holds one that is. */
export function hasEffect({ primitive, params }: Equation): boolean {
  return primitive.hasEffect === true ||
    primitive.call !== undefined && heldPrograms(params).some(({ equations }) => equations.some(hasEffect));
}

/** A program without the operations that its results do not need, but for those that are done for what happens. */
export function dropUnused({ inputs, equations, outputs }: Program): Program {
  const used = new Set<Atom>(outputs);
  const kept = equations.toReversed().filter((equation) => {
    const isUsed = hasEffect(equation) || equation.outputs.some((output) => used.has(output));
    if (isUsed) equation.inputs.forEach((atom) => used.add(atom));
    return isUsed;
  });
  const program = { inputs, equations: kept.toReversed(), outputs };
  inspect?.(program);
  return program;
}

/** Programs that are run once, now: what they hold belongs to the scopes around. */
const passing = new WeakSet<Program>();

/** Whether what a program holds need not outlive the scopes around. */
export function isPassing(program: Program): boolean {
  return passing.has(program);
}

/** Takes what a program holds out of all scopes, so that it lives as long as the program; and so of programs that it holds. */
function keepConstants(program: Program): void {
  passing.delete(program);
  const { equations, outputs } = program;
  keep([...equations.flatMap(({ inputs }) => inputs), ...outputs].filter((atom) => atom instanceof NDArray));
  for (const { primitive, params } of equations) {
    if (primitive.call !== undefined) heldPrograms(params).filter(isPassing).forEach(keepConstants);
  }
}

/** A program that was made of another one: what it holds lives as long as with that. */
export function madeOf(source: Program, program: Program): Program {
  if (passing.has(source)) passing.add(program);
  else keepConstants(program);
  return program;
}

/**
 * Writes a function down that may be run later and again: what it holds of other transformations becomes its first inputs,
 * and what it holds else stays alive with it.
 *
 * @param name The transformation, as users call it.
 * @param fn The function.
 * @param avals The shapes and types of its arguments.
 * @param isKept Whether what it holds else is taken out of all scopes; not of a program that is run once, now.
 * @returns The program, and the arrays of other transformations.
 */
export function writeClosed(
  name: string,
  fn: (...args: NDArray[]) => readonly NDArray[],
  avals: readonly Aval[],
  isKept: boolean = true,
): readonly [program: Program, held: readonly NDArray[]] {
  const written = dropUnused(writeProgram(name, fn, avals));
  const [program, held] = takeOut(written, (x) => x.tracedBy !== undefined);
  if (isKept) keepConstants(program);
  else passing.add(program);
  return [program, held];
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
