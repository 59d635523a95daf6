/**
 * The language of Einstein sums: which label each axis has.
 *
 * ```text
 * subscripts = operand { "," operand } [ "->" operand ]
 * operand    = { letter | "..." }
 * ```
 *
 * Axes under an ellipsis are given labels of their own, numbers from the last axis on, so that they align as shapes
 * broadcast.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";

/** A letter, or the number of an axis under an ellipsis, as a text. */
export type Label = string;

/** What an Einstein sum says. */
export interface Subscripts {
  /** The labels of each operand's axes. */
  readonly inputs: readonly (readonly Label[])[];
  /** The labels of the result's axes. */
  readonly output: readonly Label[];
}

/** Stands for the axes that have no letters. */
const ELLIPSIS = "...";

/** The error for subscripts that are not as they have to be. */
export function einsumError(what: string, actual: string, expected: string, remedy: string): ValueError {
  return new ValueError(`Cannot einsum: ${what}`, { op: "einsum", actual, expected, remedy, code: "einsum" });
}

/** A term as letters and ellipses. */
function lettersOf(term: string, whole: string): Label[] {
  const labels: Label[] = [];
  for (let at = 0; at < term.length; at++) {
    const letter = term[at]!;
    if (/[A-Za-z]/.test(letter)) {
      labels.push(letter);
    } else if (term.startsWith(ELLIPSIS, at) && !labels.includes(ELLIPSIS)) {
      labels.push(ELLIPSIS);
      at += ELLIPSIS.length - 1;
    } else {
      throw einsumError(
        `there is no such label as "${letter}"`,
        JSON.stringify(whole),
        'letters, and at most one "..." an operand',
        "name axes by letters from a to z and A to Z",
      );
    }
  }
  return labels;
}

/** The labels that come once among all, in alphabetical order, after those of ellipses. */
function impliedOutput(terms: readonly (readonly Label[])[]): Label[] {
  const counts = new Map<Label, number>();
  for (const label of terms.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const once = [...counts].filter(([label, count]) => count === 1 && label !== ELLIPSIS).map(([label]) => label);
  return [...(counts.has(ELLIPSIS) ? [ELLIPSIS] : []), ...once.sort()];
}

/**
 * Reads labels out of a text.
 *
 * @param text The subscripts.
 * @returns The terms, with `"..."` among their labels, and what is said of the result.
 */
export function readSubscripts(text: string): { terms: Label[][]; output: Label[] | undefined } {
  const whole = text.replaceAll(" ", "");
  const [left = "", right, ...rest] = whole.split("->");
  if (rest.length > 0) {
    throw einsumError('there are several "->"', JSON.stringify(text), 'at most one "->"', "name one result");
  }
  const terms = left.split(",").map((term) => lettersOf(term, text));
  return { terms, output: right === undefined ? undefined : lettersOf(right, text) };
}

/**
 * Gives each axis of the operands its label.
 *
 * @param terms The labels of each operand, with `"..."` among them.
 * @param output Those of the result, if said.
 * @param arrays The operands.
 * @returns The labels, one for each axis.
 * @throws {ValueError} If they do not fit the operands.
 */
export function labelAxes(
  terms: readonly (readonly Label[])[],
  output: readonly Label[] | undefined,
  arrays: readonly NDArray[],
): Subscripts {
  const text = `${terms.map((term) => term.join("")).join(",")}${output ? `->${output.join("")}` : ""}`;
  if (terms.length !== arrays.length) {
    throw einsumError(
      "there are not as many operands as subscripts",
      `"${text}" for ${arrays.length} operands`,
      `${terms.length} operands`,
      "separate the labels of operands by commas",
    );
  }
  let most = 0;
  const inputs = terms.map((term, k) => {
    const { shape } = arrays[k]!;
    const hasRest = term.includes(ELLIPSIS);
    const rest = shape.length - term.length + (hasRest ? 1 : 0);
    if (rest < 0 || rest > 0 && !hasRest) {
      throw einsumError(
        `operand ${k} has not as many axes as labels`,
        `"${term.join("")}" for shape [${shape}]`,
        `${hasRest ? "at least " : ""}${term.length - (hasRest ? 1 : 0)} axes`,
        'name each axis, or write "..." for those that are left',
      );
    }
    most = Math.max(most, rest);
    return term.flatMap((label) => label === ELLIPSIS ? restLabels(rest) : [label]);
  });
  const said = output ?? impliedOutput(terms);
  const labels = said.flatMap((label) => label === ELLIPSIS ? restLabels(most) : [label]);
  const known = new Set(inputs.flat());
  const odd = labels.find((label, at) => !known.has(label) || labels.indexOf(label) !== at);
  if (odd !== undefined) {
    throw einsumError(
      known.has(odd)
        ? `the result has the label "${odd}" twice`
        : `the result has a label that no operand has: "${odd}"`,
      `"${text}"`,
      "each label of the result once, and in some operand",
      "multiply by an identity matrix to spread a result along a diagonal",
    );
  }
  return { inputs, output: labels };
}

/** Labels of axes under an ellipsis: the last one is 0. */
function restLabels(count: number): Label[] {
  return Array.from({ length: count }, (_, k) => `${count - 1 - k}`);
}
