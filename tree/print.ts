/**
 * The text of trees, as `String(model)` and `console.log(model)` show it. A renderer that is loaded later replaces it.
 *
 * @module
 */

import { optionalHook } from "./hooks.ts";
import { infoOf } from "./struct_info.ts";
import { StructuralMap } from "./structural_key.ts";

/** How a tree is printed. */
export interface PrintOptions {
  /** Over several lines where one is too short; else on one line. */
  readonly indent: boolean;
}

/** Columns that a line fills where there are several. */
const WIDTH = 100;
/** Nodes inside one another that are shown. */
const DEPTH = 12;
/** Children of one node, and characters of one text, that are shown. */
const CHILDREN = 40;
const CHARACTERS = 80;
/** Nodes and leaves that are shown in all. */
const PARTS = 1000;
const INDENT = "  ";

/** A value as its opening, its parts, each with what stands before it, and its end; or a text alone. */
type Shape = string | {
  readonly open: string;
  readonly parts: readonly (readonly [label: string, part: unknown])[];
  readonly close: string;
};

function cut(text: string): string {
  return text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}…` : text;
}

function leaf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cut(value));
  if (typeof value === "bigint") return cut(`${value}n`);
  if (typeof value === "function") return value.name === "" ? "(function)" : cut(value.name);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : cut(String(value));
  const name = cut((value.constructor as { readonly name?: string } | undefined)?.name ?? "Object");
  if (ArrayBuffer.isView(value)) {
    return `${name}(${(value as { readonly length?: number }).length ?? value.byteLength})`;
  }
  const text = String(value);
  // What says nothing of itself is shown by its class.
  return text.startsWith("[object ") ? `<${name}>` : cut(text);
}

/** A key of a map: paths as such, all else as a leaf. */
function label(key: unknown): string {
  return Array.isArray(key) ? cut(key.map(String).join("")) || "()" : leaf(key);
}

function shape(value: unknown): Shape {
  if (typeof value !== "object" || value === null) return leaf(value);
  const info = infoOf(value.constructor);
  if (info !== undefined) {
    const read = value as Readonly<Record<string, unknown>>;
    return { open: `${cut(info.name)}(`, parts: info.names.map((name) => [`${cut(name)}=`, read[name]]), close: ")" };
  }
  if (Array.isArray(value)) return { open: "[", parts: Array.from(value, (item) => ["", item]), close: "]" };
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype === Object.prototype || prototype === null) {
    return { open: "{", parts: Object.entries(value).map(([key, held]) => [`${cut(key)}: `, held]), close: "}" };
  }
  if (value instanceof Map || value instanceof StructuralMap) {
    const parts = Array.from<readonly [unknown, unknown], [string, unknown]>(
      value,
      ([key, held]) => [`${label(key)}: `, held],
    );
    // Not the class's own name, which a minifier changes.
    return { open: `${value instanceof Map ? "Map" : "StructuralMap"}{`, parts, close: "}" };
  }
  return leaf(value);
}

/** The shape of a value; a text where it cannot be told, whatever was thrown. */
function safeShape(value: unknown): Shape {
  try {
    return shape(value);
  } catch (error) {
    try {
      return `<cannot be shown: ${cut(error instanceof Error ? error.message : String(error))}>`;
    } catch {
      return "<cannot be shown>";
    }
  }
}

/** What may still be shown. */
interface Budget {
  parts: number;
}

/** The text on one line; `undefined` where it would be longer than `room`. */
function inline(value: unknown, depth: number, room: number, budget: Budget): string | undefined {
  if (budget.parts-- <= 0) return "…";
  const shaped = safeShape(value);
  if (typeof shaped === "string") return shaped.length <= room ? shaped : undefined;
  const { open, parts, close } = shaped;
  if (parts.length > 0 && depth === 0) return `${open}…${close}`;
  let text = open;
  for (const [index, [label, part]] of parts.entries()) {
    if (index > 0) text += ", ";
    if (index === CHILDREN || budget.parts <= 0) {
      text += `… ${parts.length - index} more`;
      break;
    }
    text += label;
    const shown = inline(part, depth - 1, room - text.length, budget);
    if (shown === undefined) return undefined;
    text += shown;
    if (text.length > room) return undefined;
  }
  return text.length + close.length <= room ? text + close : undefined;
}

/** The text over several lines, where one of `room` is too short. */
function block(value: unknown, depth: number, room: number, indent: string, budget: Budget): string {
  const before = budget.parts;
  const line = inline(value, depth, room, budget);
  if (line !== undefined) return line;
  budget.parts = before - 1;
  const shaped = safeShape(value);
  if (typeof shaped === "string") return shaped;
  const { open, parts, close } = shaped;
  if (depth === 0) return `${open}…${close}`;
  const inner = indent + INDENT;
  let text = `${open}\n`;
  for (const [index, [label, part]] of parts.entries()) {
    if (index === CHILDREN || budget.parts <= 0) {
      text += `${inner}… ${parts.length - index} more\n`;
      break;
    }
    const shown = block(part, depth - 1, WIDTH - inner.length - label.length - 1, inner, budget);
    text += `${inner}${label}${shown},\n`;
  }
  return `${text}${indent}${close}`;
}

/**
 * The text of a tree, bounded in depth and length. Never throws.
 *
 * @param tree The tree.
 * @param options One line or several.
 * @returns The text.
 */
export function print(tree: unknown, options: PrintOptions): string {
  const better = optionalHook("print");
  if (better !== undefined) return better(tree, options);
  const budget = { parts: PARTS };
  return options.indent ? block(tree, DEPTH, WIDTH, "", budget) : inline(tree, DEPTH, Infinity, budget) ?? "…";
}
