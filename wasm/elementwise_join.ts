/**
 * Joins operations of an elementwise program, so that the tile machine makes fewer passes over a tile, to the same bits.
 *
 * A value that only one operation wants need not be a register of the machine: a comparison goes into the selection by
 * it, and a run of arithmetic becomes a chain (`core-rs/src/kernels/elementwise/chain.rs`).
 *
 * @module
 */

import { type ElementwiseOp, OPS } from "./generated/elementwise_ops.ts";

/** The code of a constant. */
export const CONSTANT = 3;

/** The code of a chain. */
const CHAIN = 5;

/** What makes one value of a program. */
export interface Node {
  /** The operation's number. */
  readonly op: number;
  /** The values it takes. */
  readonly operands: readonly number[];
  /** The input's number, or the constant's bits. */
  readonly immediate: number;
  /** What a chain does; its operands are the first value and what its steps take besides. */
  readonly chain?: Chain;
}

/** A value, and the steps that it is taken through one after the other. */
export interface Chain {
  readonly first: number;
  /** Their words, but for the register of the other operand. */
  readonly steps: readonly number[];
  /** The other operand of each, if it has one. */
  readonly sides: readonly (number | undefined)[];
}

/** Operations that can be a step of a chain. */
const STEPS: ReadonlySet<number> = new Set(
  ([
    "add_f32",
    "sub_f32",
    "mul_f32",
    "div_f32",
    "min_f32",
    "max_f32",
    "neg_f32",
    "abs_f32",
    "sqrt_f32",
    "square_f32",
  ] as const).map((name) => OPS[name].code),
);

/** The most steps of a chain. */
const MOST_STEPS = 32;

/** What selects by a comparison: whether its operands change places, and whether the values to choose from do. */
const COMPARED: ReadonlyMap<number, readonly [op: ElementwiseOp, operands: boolean, values: boolean]> = new Map([
  [OPS.eq_f32.code, ["select_eq_f32", false, false]],
  [OPS.ne_f32.code, ["select_eq_f32", false, true]],
  [OPS.lt_f32.code, ["select_lt_f32", false, false]],
  [OPS.le_f32.code, ["select_le_f32", false, false]],
  [OPS.gt_f32.code, ["select_lt_f32", true, false]],
  [OPS.ge_f32.code, ["select_le_f32", true, false]],
]);

/** Joins selections with the comparisons that only they want. */
function joinComparisons(nodes: (Node | undefined)[], uses: readonly number[]): void {
  nodes.forEach((node, index) => {
    const [mask = 0, x = 0, y = 0] = node!.operands;
    const [op, swapsOperands, swapsValues] = COMPARED.get(nodes[mask]?.op ?? 0) ?? [];
    if (node!.op !== OPS.select.code || op === undefined || uses[mask] !== 1) return;
    const [a = 0, b = 0] = nodes[mask]!.operands;
    const operands = [...(swapsOperands ? [b, a] : [a, b]), ...(swapsValues ? [y, x] : [x, y])];
    nodes[index] = { op: OPS[op].code, operands, immediate: 0 };
    nodes[mask] = undefined;
  });
}

/** Joins steps each of which only the next one wants into a chain, at the place of the last. */
function joinSteps(nodes: (Node | undefined)[], uses: readonly number[]): void {
  const chains: (Chain | undefined)[] = [];
  const stepsTo = (value: number) => uses[value] === 1 ? chains[value]?.steps.length ?? 0 : 0;
  nodes.forEach((node, index) => {
    if (node === undefined || !STEPS.has(node.op)) return;
    const [a = 0, b] = node.operands;
    // The operand that more steps lead to is the value that goes on; a constant is better read besides.
    const later = b === undefined ? 0 : stepsTo(b) - stepsTo(a) || Number(nodes[a]?.op === CONSTANT);
    const [from, side] = later > 0 ? [b!, a] : [a, b];
    const goesOn = stepsTo(from) > 0 && stepsTo(from) < MOST_STEPS;
    const { first, steps, sides } = goesOn ? chains[from]! : { first: from, steps: [], sides: [] };
    chains[index] = { first, steps: [...steps, node.op | Number(later > 0) << 16], sides: [...sides, side] };
    if (goesOn) chains[from] = nodes[from] = undefined;
  });
  chains.forEach((chain, index) => {
    if (chain === undefined || chain.steps.length < 2) return;
    const sides = chain.sides.filter((side) => side !== undefined);
    const [before = 0, last = 0] = chain.steps.map((step) => step & 0xff);
    const isProduct = before === OPS.mul_f32.code || before === OPS.square_f32.code;
    if (chain.steps.length === 2 && isProduct && last === OPS.add_f32.code) {
      const operands = before === OPS.mul_f32.code ? [chain.first, ...sides] : [chain.first, chain.first, ...sides];
      nodes[index] = { op: OPS.mul_add_f32.code, operands, immediate: 0 };
    } else {
      nodes[index] = { op: CHAIN, operands: [chain.first, ...sides], immediate: 0, chain };
    }
  });
}

/**
 * Joins what can be joined.
 *
 * @param program The nodes; a node's value has its index.
 * @param stored The values that outputs want.
 * @returns As many nodes; `undefined` stands for those that another took in.
 */
export function joinNodes(program: readonly Node[], stored: readonly number[]): (Node | undefined)[] {
  const nodes: (Node | undefined)[] = program.map((node) => {
    const [a, b] = node.operands;
    return node.op === OPS.mul_f32.code && a === b ? { ...node, op: OPS.square_f32.code, operands: [a!] } : node;
  });
  const uses = nodes.map(() => 0);
  for (const value of [...nodes.flatMap((node) => node!.operands), ...stored]) uses[value]!++;
  joinComparisons(nodes, uses);
  joinSteps(nodes, uses);
  return nodes;
}
