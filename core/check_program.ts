/**
 * Programs under inspection: whether one is well formed, and whether two are the same.
 *
 * @module
 */

import { PenjingError } from "../errors/mod.ts";
import { structuralKey } from "../tree/structural_key.ts";
import { type Aval, describe } from "./aval.ts";
import { EagerArray } from "./eager.ts";
import { heldPrograms, isProgram } from "./held_programs.ts";
import { NDArray } from "./ndarray.ts";
import { type Atom, type Equation, outputAvals, type Program, Variable } from "./program.ts";
import { printProgram } from "./program_text.ts";

/** Programs that were found right: they do not change. */
const right = new WeakSet<Program>();

function typeText(aval: Aval): string {
  return `${describe(aval)}${aval.weakType ? " weak" : ""}`;
}

function list(avals: readonly Aval[]): string {
  return avals.length === 0 ? "nothing" : avals.map(typeText).join(", ");
}

function isSame(a: Aval, b: Aval): boolean {
  return a.dtype === b.dtype && a.shape.length === b.shape.length &&
    a.shape.every((size, axis) => size === b.shape[axis]);
}

/** Whether types are the same, of held programs' the weakness aside: that is lost where a value is handed on. */
function areSame(a: readonly Aval[], b: readonly Aval[], withWeakness: boolean): boolean {
  return a.length === b.length &&
    a.every((aval, k) => isSame(aval, b[k]!) && (!withWeakness || aval.weakType === b[k]!.weakType));
}

/** The line of an equation as the program prints it; of one that cannot be printed, its operation. */
function lineOf(program: Program, at: number): string {
  try {
    const { inputs, equations } = program;
    return printProgram({ inputs, equations: equations.slice(0, at + 1), outputs: [] }).split("\n    ").at(-1)!.split(
      "\n",
    )[0]!;
  } catch {
    return `equation ${at}, "${program.equations[at]!.primitive.name}"`;
  }
}

function malformed(state: string, details: { actual?: string; expected?: string; path?: string }): PenjingError {
  return new PenjingError(`Cannot check a program: ${state}`, {
    op: "checkProgram",
    ...details,
    remedy: "report this, with the function that the program was made of",
    code: "program",
  });
}

/** Checks one operation and the programs that it holds. */
function checkEquation({ primitive, inputs, params, outputs }: Equation, line: () => string): void {
  const avals = inputs.map((atom) => atom instanceof Variable ? atom.aval : atom);
  const own = outputs.map(({ aval }) => aval);
  const expected = primitive.outputs(avals, params);
  if (!areSame(own, expected, true)) {
    throw malformed(`results of "${primitive.name}" are of other types than its rule says`, {
      actual: list(own),
      expected: list(expected),
      path: line(),
    });
  }
  for (const { program, takes, gives } of primitive.call?.holds?.(avals, params) ?? []) {
    const given = program.inputs.map(({ aval }) => aval);
    if (!areSame(given, takes, false)) {
      throw malformed(`a program that "${primitive.name}" holds is not for its operands`, {
        actual: `one for ${list(given)}`,
        expected: `one for ${list(takes)}`,
        path: line(),
      });
    }
    const results = outputAvals(program).slice(0, gives?.length ?? 0);
    if (gives !== undefined && !areSame(results, gives, false)) {
      throw malformed(`a program that "${primitive.name}" holds gives other types than it should`, {
        actual: list(results),
        expected: list(gives),
        path: line(),
      });
    }
  }
}

/**
 * Checks that a program is well formed: each operand is an input, a constant, or given by an earlier operation; each
 * operation gives what its rule says; and so for programs that operations hold, which have to fit what they are given.
 *
 * @param program The program.
 * @returns The program itself.
 * @throws {PenjingError} If it is not: the text names the operation, as the program prints it.
 */
export function checkProgram<T extends Program>(program: T): T {
  if (right.has(program)) return program;
  const { inputs, equations, outputs } = program;
  const defined = new Set<Atom>();
  const define = (variable: Variable, path: () => string): void => {
    if (defined.has(variable)) {
      throw malformed("a value is given twice", { actual: typeText(variable.aval), path: path() });
    }
    defined.add(variable);
  };
  const use = (atom: Atom, path: () => string): void => {
    if (atom instanceof NDArray || defined.has(atom)) return;
    throw malformed("a value is used that nothing before gives", { actual: typeText(atom.aval), path: path() });
  };
  inputs.forEach((input, k) => define(input, () => `input ${k}`));
  equations.forEach((equation, at) => {
    const line = (): string => lineOf(program, at);
    equation.inputs.forEach((atom, k) =>
      use(atom, () => `operand ${k} of equation ${at}, "${equation.primitive.name}"`)
    );
    for (const held of heldPrograms(equation.params)) checkProgram(held);
    checkEquation(equation, line);
    equation.outputs.forEach((output) => define(output, line));
  });
  outputs.forEach((atom, k) => use(atom, () => `output ${k}`));
  right.add(program);
  return program;
}

/** The most elements of a constant that counts by its elements. */
const SMALL = 16;

/** A constant: small ones are the same if their elements are, others if they are one array. */
function keyOfConstant(x: NDArray): string {
  const type = typeText(x);
  const isRead = x instanceof EagerArray && !x.storage.isFreed && x.size <= SMALL && x.dtype !== "prngKey";
  return isRead
    ? `${type}(${Array.from(x.dataSync(), (value) => Object.is(value, -0) ? "-0" : `${value}`)})`
    : `${type}${structuralKey(x)}`;
}

/** A parameter: by what it holds, but for functions and objects of classes. */
function keyOfParam(value: unknown): string {
  if (value instanceof NDArray) return keyOfConstant(value);
  if (isProgram(value)) return keyOfProgram(value);
  if (Array.isArray(value)) return `[${value.map(keyOfParam).join(",")}]`;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return Object.is(value, -0) ? "-0" : structuralKey(value);
  }
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${keyOfParam(held)}`).sort().join(",")}}`;
}

/** All that a program is: values are numbered in the order in which they come. */
function keyOfProgram({ inputs, equations, outputs }: Program): string {
  const numbers = new Map<Variable, number>();
  const number = (variable: Variable): string => {
    numbers.set(variable, numbers.size);
    return typeText(variable.aval);
  };
  const keyOf = (atom: Atom): string => atom instanceof Variable ? `${numbers.get(atom)}` : keyOfConstant(atom);
  const head = inputs.map(number).join(",");
  const lines = equations.map(({ primitive, inputs, params, outputs }) => {
    const operands = inputs.map(keyOf).join(",");
    return `${primitive.name}${keyOfParam(params)}(${operands})->${outputs.map(number).join(",")}`;
  });
  return `(${head}){${lines.join(";")}}(${outputs.map(keyOf).join(",")})`;
}

/** 53 bits of a text. Source: cyrb53, by bryc (public domain). */
function hash53(text: string, seed: number): number {
  let [a, b] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ a >>> 16, 2246822507) ^ Math.imul(b ^ b >>> 13, 3266489909);
  b = Math.imul(b ^ b >>> 16, 2246822507) ^ Math.imul(a ^ a >>> 13, 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

/**
 * A short text that two programs share if they are the same: operations, parameters, types, and how values flow. Constants
 * of at most 16 elements count by these, larger ones, keys and functions by identity, as long as this process runs.
 *
 * @param program The program.
 * @returns 28 hexadecimal digits.
 */
export function hashProgram(program: Program): string {
  const text = keyOfProgram(program);
  return [0, 0x9e3779b9].map((seed) => hash53(text, seed).toString(16).padStart(14, "0")).join("");
}
