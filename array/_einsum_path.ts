/**
 * In which order the operands of an Einstein sum are multiplied.
 *
 * Costs are multiplications: the product of the sizes of all labels that two operands have. For few operands every
 * order is tried, by way of the subsets of operands: the cheapest way to a subset is the cheapest way to cut it in
 * two. For many, the two operands are taken again and again whose product is the smallest, less what it takes the
 * place of.
 *
 * Source: opt_einsum, `paths.py` (`dynamic_programming`, `greedy`).
 *
 * @module
 */

import type { Label } from "./_einsum_parse.ts";

/** The most operands for which every order is tried. */
const MAX_EXACT = 6;

/** A pair of operands to multiply: their product stands at the end of the list, and they are taken out. */
export type ContractionStep = readonly [number, number];

/** The size of an array with these labels. */
function sizeOf(labels: Iterable<Label>, sizes: ReadonlyMap<Label, number>): number {
  let size = 1;
  for (const label of labels) size *= sizes.get(label)!;
  return size;
}

/** The labels of the product of some operands that others or the result have, too. */
function keptLabels(
  inputs: readonly ReadonlySet<Label>[],
  own: readonly number[],
  output: ReadonlySet<Label>,
): Set<Label> {
  const kept = new Set<Label>();
  for (const k of own) {
    for (const label of inputs[k]!) {
      if (output.has(label) || inputs.some((other, at) => !own.includes(at) && other.has(label))) kept.add(label);
    }
  }
  return kept;
}

/** The cheapest way to the product of a subset of the operands. */
interface Way {
  readonly cost: number;
  readonly labels: ReadonlySet<Label>;
  /** The halves that it is made of; nothing for one operand. */
  readonly halves?: readonly [number, number];
}

function exactPath(
  inputs: readonly ReadonlySet<Label>[],
  output: ReadonlySet<Label>,
  sizes: ReadonlyMap<Label, number>,
): ContractionStep[] {
  const count = inputs.length;
  const ways = new Array<Way>(1 << count);
  for (let subset = 1; subset < ways.length; subset++) {
    const own = inputs.map((_, k) => k).filter((k) => (subset >> k & 1) === 1);
    if (own.length === 1) {
      ways[subset] = { cost: 0, labels: inputs[own[0]!]! };
      continue;
    }
    const labels = keptLabels(inputs, own, output);
    let best: Way | undefined;
    // Each cut once: the half with the lowest operand is the first one.
    const lowest = subset & -subset;
    for (let half = (subset - 1) & subset; half > 0; half = (half - 1) & subset) {
      if ((half & lowest) === 0) continue;
      const [a, b] = [ways[half]!, ways[subset ^ half]!];
      const cost = a.cost + b.cost + sizeOf(new Set([...a.labels, ...b.labels]), sizes);
      if (best === undefined || cost < best.cost) best = { cost, labels, halves: [half, subset ^ half] };
    }
    ways[subset] = best!;
  }
  const steps: ContractionStep[] = [];
  const list = inputs.map((_, k) => 1 << k);
  const write = (subset: number): void => {
    const { halves } = ways[subset]!;
    if (halves === undefined) return;
    halves.forEach(write);
    const [a, b] = halves.map((half) => list.indexOf(half)) as [number, number];
    const [first, second] = [Math.min(a, b), Math.max(a, b)];
    steps.push([first, second]);
    list.splice(second, 1);
    list.splice(first, 1);
    list.push(subset);
  };
  write(ways.length - 1);
  return steps;
}

function greedyPath(
  inputs: readonly ReadonlySet<Label>[],
  output: ReadonlySet<Label>,
  sizes: ReadonlyMap<Label, number>,
): ContractionStep[] {
  const steps: ContractionStep[] = [];
  let list = inputs;
  while (list.length > 1) {
    let best: { gain: number; step: ContractionStep; labels: ReadonlySet<Label> } | undefined;
    for (let a = 0; a < list.length; a++) {
      for (let b = a + 1; b < list.length; b++) {
        const labels = keptLabels(list, [a, b], output);
        const gain = sizeOf(list[a]!, sizes) + sizeOf(list[b]!, sizes) - sizeOf(labels, sizes);
        if (best === undefined || gain > best.gain) best = { gain, step: [a, b], labels };
      }
    }
    const { step, labels } = best!;
    steps.push(step);
    list = [...list.filter((_, k) => !step.includes(k)), labels];
  }
  return steps;
}

/**
 * Finds an order of products.
 *
 * @param inputs The labels of each operand.
 * @param output The labels of the result.
 * @param sizes The size of each label.
 * @returns One pair less than there are operands.
 */
export function contractionPath(
  inputs: readonly (readonly Label[])[],
  output: readonly Label[],
  sizes: ReadonlyMap<Label, number>,
): ContractionStep[] {
  if (inputs.length < 2) return [];
  if (inputs.length === 2) return [[0, 1]];
  const sets = inputs.map((labels) => new Set(labels));
  return (inputs.length <= MAX_EXACT ? exactPath : greedyPath)(sets, new Set(output), sizes);
}
