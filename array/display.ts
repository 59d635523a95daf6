/**
 * Arrays as texts: as NumPy prints them, with dtype and shape, and never long.
 *
 * @module
 */

import { EagerArray } from "../core/eager.ts";
import type { NDArray } from "../core/ndarray.ts";
import { withStaging } from "../core/trace.ts";
import { reshape } from "../ops/reshape.ts";
import { slice } from "../ops/slice.ts";
import { readNow } from "./read.ts";

/** Elements that are shown at either end of an axis of a large array, by the number of axes that are shown. */
const EDGE = 3;

/** Elements above which an array is shortened, and the most that are shown. */
const MANY = 60;

/** Columns of a line. */
const COLUMNS = 88;

/** Digits after the point, as NumPy's default for arrays of 32 bits. */
const DIGITS = 6;

/** The edges of an array along each axis, and where something was left out. */
function edges(x: NDArray): { readonly parts: readonly NDArray[]; readonly shortened: readonly boolean[] } {
  const shortened = x.shape.map((size) => x.size > MANY && size > 2 * EDGE);
  let parts: NDArray[] = [x];
  shortened.forEach((isShort, axis) => {
    if (!isShort) return;
    parts = parts.flatMap((part) =>
      [[0, EDGE], [x.shape[axis]! - EDGE, x.shape[axis]!]].map(([from, to]) => {
        const starts = part.shape.map((_, at) => at === axis ? from! : 0);
        const limits = part.shape.map((size, at) => at === axis ? to! : size);
        return slice(part, starts, limits);
      })
    );
  });
  return { parts, shortened };
}

/** The texts of numbers of one width; floats with as many digits as the longest needs. */
function texts(values: readonly number[], dtype: string): string[] {
  if (dtype === "bool") return pad(values.map((value) => value === 0 ? "false" : "true"));
  if (!dtype.includes("float")) return pad(values.map(String));
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const isScientific = finite.length > 0 && (most >= 1e8 || least < 1e-4 || most / least > 1e4 && most >= 1e3);
  const digits = dtype === "float32" ? DIGITS : 4;
  const write = (value: number): string => {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    // Exponents have two digits at least, as NumPy's.
    const text = isScientific ? value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2") : value.toFixed(digits);
    return Object.is(value, -0) ? `-${text}` : text;
  };
  const all = values.map(write);
  // Zeros that all of them end in say nothing.
  const mantissas = all.map((text) => /^(-?\d+\.\d*?)0*(e.*)?$/.exec(text));
  const needed = Math.max(0, ...mantissas.map((match) => match === null ? 0 : match[1]!.split(".")[1]!.length));
  return pad(all.map((text, k) => {
    const match = mantissas[k];
    if (!match) return text;
    const [whole, fraction] = match[1]!.split(".") as [string, string];
    return `${whole}.${fraction.padEnd(needed, "0")}${match[2] ?? ""}`;
  }));
}

function pad(all: readonly string[]): string[] {
  const width = Math.max(0, ...all.map(({ length }) => length));
  return all.map((text) => text.padStart(width));
}

/** What is shown, in nested lists, with a mark where something was left out. */
type Shown = string | null | readonly Shown[];

function nested(flat: readonly string[], shape: readonly number[], shortened: readonly boolean[]): Shown {
  let at = 0;
  const level = (axis: number): Shown => {
    if (axis === shape.length) return flat[at++]!;
    const items: Shown[] = Array.from({ length: shape[axis]! }, () => level(axis + 1));
    if (shortened[axis]) items.splice(EDGE, 0, null);
    return items;
  };
  return level(0);
}

/** Elements one after the other, on as many lines as they need. */
function wrapped(all: readonly string[], indent: number): string {
  let [text, column] = ["", indent];
  all.forEach((element, k) => {
    const isLast = k === all.length - 1;
    if (k > 0 && column + 1 + element.length + 1 > COLUMNS) {
      text += `\n${" ".repeat(indent)}`;
      column = indent;
    } else if (k > 0) {
      text += " ";
      column++;
    }
    text += isLast ? element : `${element},`;
    column += element.length + 1;
  });
  return text;
}

function lines(shown: Shown, rank: number, indent: number): string {
  if (shown === null) return "...";
  if (typeof shown === "string") return shown;
  const inner = shown.map((part) => lines(part, rank - 1, indent + 1));
  if (rank === 1) return `[${wrapped(inner, indent + 1)}]`;
  return `[${inner.join(`,${"\n".repeat(Math.max(rank - 1, 1))}${" ".repeat(indent + 1)}`)}]`;
}

/** The elements at the edges, as if the array had only these. */
function edgeElements(x: NDArray): { values: number[]; shape: number[]; shortened: readonly boolean[] } {
  const { parts, shortened } = edges(x);
  const shape = x.shape.map((size, axis) => shortened[axis] ? 2 * EDGE : size);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const values = new Array<number>(shape.reduce((product, size) => product * size, 1));
  const cut = shape.map((_, axis) => axis).filter((axis) => shortened[axis]);
  parts.forEach((part, number) => {
    // The number's digits say for each shortened axis, the first one highest, which of its ends the part is.
    const first = shape.map(() => 0);
    cut.forEach((axis, k) => first[axis] = number >> (cut.length - 1 - k) & 1 ? EDGE : 0);
    readNow("print an array", part).forEach((value, flat) => {
      let [at, rest] = [0, flat];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const size = part.shape[axis]!;
        at += (first[axis]! + rest % size) * strides[axis]!;
        rest = Math.floor(rest / size);
      }
      values[at] = value;
    });
  });
  return { values, shape, shortened };
}

/**
 * An array as a text of at most about 1 kB: its elements, or those at the edges, then dtype and shape.
 *
 * @param x The array.
 * @returns The text; of an array that is traced or was freed, what is known of it.
 */
export function arrayToString(x: NDArray): string {
  const type = `${x.dtype}[${x.shape}]${x.weakType ? ", weak" : ""}`;
  if (!(x instanceof EagerArray)) return `NDArray(${type}, traced by ${x.tracedBy?.name})`;
  if (x.storage.isFreed) return `NDArray(${type}, freed)`;
  if (x.dtype === "prngKey") return `NDArray(${type})`;
  if (x.size === 0) return `NDArray([], ${type})`;
  // The slices that are shown are taken now, also while a program is written down.
  return withStaging(undefined, () => `NDArray(${elementsToString(x, "NDArray(".length)}, ${type})`);
}

/**
 * The elements of an array as a text, as {@linkcode arrayToString} has them.
 *
 * @param x The array.
 * @returns The text alone, without dtype and shape; of an array without elements all that is known of it.
 */
export function elementsText(x: NDArray): string {
  if (!(x instanceof EagerArray) || x.storage.isFreed || x.dtype === "prngKey") return arrayToString(x);
  return x.size === 0 ? "[]" : withStaging(undefined, () => elementsToString(x, 0));
}

/** The elements, or those at the edges, so many columns from the left. */
function elementsToString(x: EagerArray, indent: number): string {
  // Of many axes only the first slices of the outer ones, so that what is shown stays short.
  let [shown, outer]: [NDArray, number] = [x, 0];
  const count = (shape: readonly number[]): number =>
    shape.reduce((product, size) => product * Math.min(size, 2 * EDGE), 1);
  while (x.size > MANY && count(shown.shape) > MANY) {
    shown = first(shown);
    outer++;
  }
  const { values, shape, shortened } = edgeElements(shown);
  const text = lines(nested(texts(values, x.dtype), shape, shortened), shape.length, indent + outer);
  return `${"[".repeat(outer)}${text}${outer > 0 ? `, ...${"]".repeat(outer)}` : ""}`;
}

/** The first slice along the first axis. */
function first(x: NDArray): NDArray {
  const part = slice(x, x.shape.map(() => 0), x.shape.map((size, axis) => axis === 0 ? 1 : size));
  return reshape(part, x.shape.slice(1));
}
