/**
 * Arguments of a function, parted: trees of arrays, and what is none.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";
import type { TreeDef } from "../tree/treedef.ts";
import { arrayLeaves } from "./_trees.ts";

/** The arguments of a call. */
export interface Arguments {
  /** The arrays of those that are trees of arrays. */
  readonly leaves: readonly NDArray[];
  /** The structure of the list of these arguments. */
  readonly structure: TreeDef;
  /** The others. */
  readonly others: readonly unknown[];
  /** All arguments in their order, given the list of those that are trees of arrays. */
  merge(trees: readonly unknown[]): unknown[];
}

/**
 * Checks the numbers of arguments.
 *
 * @param op The function, for the error.
 * @param operand The option that names them.
 * @param numbers One or several.
 * @returns A list.
 */
export function argumentNumbers(
  op: string,
  operand: string,
  numbers: number | readonly number[] = [],
): readonly number[] {
  const list = typeof numbers === "number" ? [numbers] : numbers;
  const odd = list.find((k) => !Number.isInteger(k) || k < 0);
  if (odd === undefined) return list;
  throw new ValueError(`Cannot ${op}: ${operand} are the numbers of arguments`, {
    op,
    operand,
    actual: `${odd}`,
    expected: "whole numbers from 0",
    remedy: "count arguments from the first, which is 0",
    code: "argnums",
  });
}

/**
 * Parts arguments.
 *
 * @param op The function, for errors.
 * @param args The arguments.
 * @param numbers The numbers of those that are no trees of arrays.
 * @returns Both kinds.
 */
export function partArguments(op: string, args: readonly unknown[], numbers: readonly number[]): Arguments {
  const beyond = numbers.find((k) => k >= args.length);
  if (beyond !== undefined) {
    throw new ValueError(`Cannot ${op}: there is no argument of this number`, {
      op,
      actual: `${beyond} of ${args.length} arguments`,
      expected: `whole numbers below ${args.length}`,
      remedy: "pass all arguments that the options name",
      code: "argnums",
    });
  }
  const [leaves, structure] = arrayLeaves(op, args.filter((_, k) => !numbers.includes(k)));
  return {
    leaves,
    structure,
    others: numbers.map((k) => args[k]),
    merge: (trees) => {
      let next = 0;
      return args.map((arg, k) => numbers.includes(k) ? arg : trees[next++]);
    },
  };
}
