/**
 * Einstein sums: products of arrays whose axes have labels, summed over those that the result has not.
 *
 * What a label means: in one operand twice, its diagonal; in one operand alone and not in the result, a sum before
 * anything else; in two operands, an axis that both are multiplied along. Each pair of operands is one product of
 * matrices, on views of them.
 *
 * @module
 */

import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { type TypeOf, WeakFloat } from "../core/promotion.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { diagonal } from "../ops/diagonal.ts";
import { dotGeneral } from "../ops/dot_general.ts";
import { squeeze } from "../ops/expand_dims.ts";
import { mul } from "../ops/mul.ts";
import { reduceAny } from "../ops/reduce_any.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { transpose } from "../ops/transpose.ts";
import { type DotOptions, productType } from "./_dot.ts";
import { einsumError, type Label, labelAxes, readSubscripts } from "./_einsum_parse.ts";
import { contractionPath, type ContractionStep } from "./_einsum_path.ts";
import { asNumbers } from "./promote.ts";

export type { ContractionStep };

/** Options of Einstein sums. */
export interface EinsumOptions extends DotOptions {
  /** Not used: the order of products is always chosen by cost. */
  readonly optimize?: unknown;
}

/** Labels of one operand, or of the result, in the form without a text: numbers, and `"..."`. */
export type AxisLabels = readonly (number | "..." | symbol)[];

/** What follows the subscripts: operands, and options at the end. */
export type EinsumArguments = readonly (ArrayLike | AxisLabels | EinsumOptions)[];

/** An array whose axes have labels, no label twice. */
interface Labeled {
  readonly array: NDArray;
  readonly labels: readonly Label[];
}

/** Sums over axes; of bools, whether any holds. */
function summed(x: NDArray, axes: readonly number[]): NDArray {
  if (axes.length === 0) return x;
  return x.dtype === "bool" ? reduceAny(x, axes) : reduceSum(x, axes);
}

/** The size of each label; 1 gives way to others. */
function sizesOf(arrays: readonly NDArray[], inputs: readonly (readonly Label[])[]): Map<Label, number> {
  const sizes = new Map<Label, number>();
  arrays.forEach(({ shape }, k) => {
    inputs[k]!.forEach((label, axis) => {
      const [before, size] = [sizes.get(label) ?? 1, shape[axis]!];
      if (before !== size && before !== 1 && size !== 1) {
        throw einsumError(
          `the axes of the label "${label}" have different sizes`,
          `${before} and ${size}`,
          "equal sizes, or 1",
          "check the order of the labels",
        );
      }
      sizes.set(label, before === 1 ? size : before);
    });
  });
  return sizes;
}

/** An operand with each label once: diagonals of those that come twice; without axes of size 1 that broadcast. */
function distinct(x: NDArray, names: readonly Label[], sizes: ReadonlyMap<Label, number>): Labeled {
  const repeated = names.map((_, axis) => axis).filter((axis) => x.shape[axis] === 1 && sizes.get(names[axis]!) !== 1);
  let array = repeated.length === 0 ? x : squeeze(x, repeated);
  let labels = repeated.length === 0 ? names : names.filter((_, axis) => !repeated.includes(axis));
  for (let axis = 0; axis < labels.length; axis++) {
    const other = labels.indexOf(labels[axis]!, axis + 1);
    if (other < 0) continue;
    const label = labels[axis]!;
    const others = labels.map((_, k) => k).filter((k) => k !== axis && k !== other);
    array = diagonal(transpose(array, [...others, axis, other]), 0);
    labels = [...others.map((k) => labels[k]!), label];
    axis = -1;
  }
  return { array, labels };
}

/** An operand without the labels that nothing else has. */
function sumEarly({ array, labels }: Labeled, needed: ReadonlySet<Label>): Labeled {
  const axes = labels.map((_, axis) => axis).filter((axis) => !needed.has(labels[axis]!));
  if (axes.length === 0) return { array, labels };
  return { array: summed(array, axes), labels: labels.filter((label) => needed.has(label)) };
}

/** The elementwise product of operands, at the shape of all their labels. */
function multiplied(a: Labeled, b: Labeled, labels: readonly Label[], type: TypeOf): Labeled {
  const shape = labels.map((label) => {
    const [at, operand] = a.labels.includes(label) ? [a.labels.indexOf(label), a] : [b.labels.indexOf(label), b];
    return operand.array.shape[at]!;
  });
  const [x, y] = [a, b].map((operand) => {
    const own = labels.filter((label) => operand.labels.includes(label));
    const ordered = transpose(operand.array, own.map((label) => operand.labels.indexOf(label)));
    return broadcastInDim(convertElementType(ordered, type), shape, own.map((label) => labels.indexOf(label)));
  });
  return { array: mul(x!, y!), labels };
}

/** An operand with some of its labels in an order. */
function reordered({ array, labels }: Labeled, some: readonly Label[]): Labeled {
  let next = 0;
  const wanted = labels.map((label) => some.includes(label) ? some[next++]! : label);
  return { array: transpose(array, wanted.map((label) => labels.indexOf(label))), labels: wanted };
}

/** The product of two operands, summed over the labels that are not needed any more. */
function product(a: Labeled, b: Labeled, needed: ReadonlySet<Label>, output: readonly Label[], type: TypeOf): Labeled {
  const inOutput = (labels: readonly Label[]): Label[] =>
    [...labels].sort((k, l) => output.indexOf(k) - output.indexOf(l));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const contracted = shared.filter((label) => !needed.has(label));
  const batch = inOutput(shared.filter((label) => needed.has(label)));
  const free = ({ labels }: Labeled): Label[] => labels.filter((label) => !shared.includes(label));
  // The operand whose own axes come first in the result comes first in the product, so that nothing has to move.
  const place = (operand: Labeled): number => Math.min(...free(operand).map((label) => output.indexOf(label)));
  const [first, second] = (place(b) < place(a) ? [b, a] : [a, b]).map((operand) =>
    reordered(operand, inOutput(free(operand)))
  ) as [Labeled, Labeled];
  const labels = [...batch, ...free(first), ...free(second)];
  if (contracted.length === 0) return multiplied(first, second, labels, type);
  const axes = (operand: Labeled, own: readonly Label[]): number[] => own.map((label) => operand.labels.indexOf(label));
  const array = dotGeneral(first.array, second.array, {
    contracting: [axes(first, contracted), axes(second, contracted)],
    batch: [axes(first, batch), axes(second, batch)],
    preferredElementType: type.dtype,
  });
  return { array, labels };
}

/** Runs the products. */
function evaluate(
  operands: readonly Labeled[],
  output: readonly Label[],
  path: readonly ContractionStep[],
  type: TypeOf,
): NDArray {
  let list = operands;
  const neededBy = (others: readonly Labeled[]): Set<Label> =>
    new Set([...output, ...others.flatMap(({ labels }) => labels)]);
  list = list.map((operand, k) => sumEarly(operand, neededBy(list.filter((_, at) => at !== k))));
  for (const [a, b] of path) {
    const rest = list.filter((_, k) => k !== a && k !== b);
    list = [...rest, product(list[a]!, list[b]!, neededBy(rest), output, type)];
  }
  const { array, labels } = list[0]!;
  return convertElementType(transpose(array, output.map((label) => labels.indexOf(label))), type);
}

/** Whether an argument is options. */
function isOptions(value: ArrayLike | AxisLabels | EinsumOptions | undefined): value is EinsumOptions {
  return typeof value === "object" && !(value instanceof NDArray) && !(value instanceof WeakFloat) &&
    !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Numbers as labels: those of the first 26 are letters, for errors; all of them sort as they are. */
function numbered(labels: unknown): Label[] {
  if (!Array.isArray(labels)) {
    throw new TypeError("Cannot einsum: an operand is not followed by its labels; pass a list of numbers after each");
  }
  return labels.map((label: number | string | symbol) => {
    if (typeof label !== "number") return "...";
    if (Number.isInteger(label) && label >= 0) return String.fromCodePoint(0x61 + label);
    throw einsumError("a label is not a whole number from 0", `${label}`, "0, 1, 2 …", "number the axes from 0");
  });
}

/** Operands that are each followed by their labels, and the labels of the result at the end. */
function interleaved(
  args: readonly unknown[],
): { terms: Label[][]; output: Label[] | undefined; operands: ArrayLike[] } {
  const operands: ArrayLike[] = [];
  const terms: Label[][] = [];
  for (let at = 0; at + 1 < args.length; at += 2) {
    operands.push(args[at] as ArrayLike);
    terms.push(numbered(args[at + 1]));
  }
  return { terms, operands, output: args.length % 2 === 1 ? numbered(args.at(-1)) : undefined };
}

/** Subscripts that were read before. */
const known = new Map<string, ReturnType<typeof readSubscripts>>();

function readOnce(text: string): ReturnType<typeof readSubscripts> {
  let read = known.get(text);
  if (read === undefined) {
    read = readSubscripts(text);
    // Programs have few; who makes them up as they go does not fill the memory.
    if (known.size >= 1024) known.clear();
    known.set(text, read);
  }
  return read;
}

/**
 * Multiplies arrays whose axes have labels, and sums over the labels that the result has not.
 *
 * Without `->` the result has the labels that come once, in alphabetical order. `...` stands for axes without labels,
 * which broadcast.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const a = pz.np.array([[1, 2], [3, 4]]);
 * assert.deepEqual(pz.np.einsum("ij,jk->ik", a, a).tolist(), [[7, 10], [15, 22]]);
 * assert.equal(pz.np.einsum("ii", a).item(), 5);
 * assert.deepEqual(pz.np.einsum(a, [0, 1], [1, 0]).tolist(), [[1, 3], [2, 4]]);
 * ```
 *
 * @param subscripts The labels: those of the operands, separated by commas, and after `->` those of the result. Or the
 * first operand, with its labels as a list of numbers after it.
 * @param rest The operands, in the other form each followed by its labels, and those of the result; then options.
 * @returns The result.
 * @throws {ValueError} If labels and operands do not fit each other.
 *
 * JAX: `jax.numpy.einsum`.
 */
export function einsum(subscripts: string | ArrayLike, ...rest: EinsumArguments): NDArray {
  const last = rest.at(-1);
  const options = isOptions(last) ? last : {};
  const args = isOptions(last) ? rest.slice(0, -1) : rest;
  const { terms, output, operands } = typeof subscripts === "string"
    ? { ...readOnce(subscripts), operands: args as readonly ArrayLike[] }
    : interleaved([subscripts, ...args]);
  const arrays = operands.map((operand) => asNumbers("einsum", operand));
  const labeled = labelAxes(terms, output, arrays);
  const sizes = sizesOf(arrays, labeled.inputs);
  const list = arrays.map((x, k) => distinct(x, labeled.inputs[k]!, sizes));
  const path = contractionPath(list.map(({ labels }) => labels), labeled.output, sizes);
  const type = productType("einsum", arrays, options);
  return evaluate(list, labeled.output, path, type);
}

/**
 * Tells in which order {@linkcode einsum} multiplies its operands.
 *
 * @param subscripts As of {@linkcode einsum}, as a text.
 * @param operands The operands.
 * @returns Pairs of places in the list of operands: those are taken out, and their product put at its end.
 * @throws {ValueError} If labels and operands do not fit each other.
 *
 * JAX: `jax.numpy.einsum_path`, of which this is the first result.
 */
export function einsumPath(subscripts: string, ...operands: readonly ArrayLike[]): ContractionStep[] {
  const { terms, output } = readOnce(subscripts);
  const arrays = operands.map((operand) => asNumbers("einsumPath", operand));
  const labeled = labelAxes(terms, output, arrays);
  return contractionPath(labeled.inputs, labeled.output, sizesOf(arrays, labeled.inputs));
}
