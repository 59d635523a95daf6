/**
 * Programs as texts.
 *
 * @module
 */

import { describe } from "./aval.ts";
import { type Atom, isProgram, type Program, Variable } from "./program.ts";

/** Names of values in the order in which they come: a, b, …, z, ba, bb, … */
function nameOf(index: number): string {
  const letter = String.fromCharCode(97 + index % 26);
  return index < 26 ? letter : nameOf(Math.floor(index / 26)) + letter;
}

/** A parameter as programs print it. */
function printParam(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "function") return value.name || "function";
  if (isProgram(value)) return printProgram(value).replaceAll("\n", "\n    ");
  if (Array.isArray(value)) return `[${value.map(printParam).join(",")}]`;
  return JSON.stringify(value) ?? `${value}`;
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
