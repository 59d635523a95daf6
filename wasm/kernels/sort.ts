/**
 * Sorting.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { axisOf, check, describe, placedLast, run } from "./_call.ts";

/** How to sort. */
export interface SortOptions {
  /** The axis; negative ones count from the end. The last if left out. */
  readonly axis?: number;
  /** The largest first; equal elements stay in the order they came all the same. */
  readonly descending?: boolean;
  /** How many inputs are compared, the first of them first; 1 if left out. */
  readonly keys?: number;
}

/** The most operands that are sorted together. */
const MAX_OPERANDS = 8;

function sortInto(
  outputs: readonly Operand[],
  inputs: readonly Operand[],
  places: Operand | undefined,
  options: SortOptions,
): void {
  const { axis = -1, descending = false, keys = 1 } = options;
  const summary = "Cannot sort";
  const [first] = inputs;
  const all = places === undefined ? outputs : [places, ...outputs];
  check(
    first !== undefined && inputs.length <= MAX_OPERANDS &&
      [...all, ...inputs].every(({ shape }) => sameShape(shape, first.shape)) &&
      (places === undefined ? outputs.length === inputs.length : outputs.length === 0) &&
      outputs.every(({ dtype }, k) => dtype === inputs[k]?.dtype) &&
      (places === undefined || places.dtype === "int32" || places.dtype === "uint32") &&
      Number.isInteger(keys) && keys >= 1 && keys <= inputs.length,
    `${summary}: the operands do not fit`,
    () => ({
      actual: `outputs ${all.map(describe).join(", ")}, inputs ${inputs.map(describe).join(", ")}, ${keys} keys`,
      expected: places === undefined
        ? "one to eight inputs of one shape, an output like each, and as many keys as inputs at most"
        : "places in int32 or uint32, of the shape of the input",
      remedy: "allocate the outputs like the inputs",
    }),
  );
  const placed = placedLast(summary, axisOf(summary, first, axis), [...all, ...inputs]);
  run([...all, ...inputs], (plan) => {
    const [head] = placed;
    plan.sort(
      places === undefined ? placed.slice(0, outputs.length) : [],
      placed.slice(all.length),
      { keys, descending, ...(places !== undefined && head !== undefined && { places: head }) },
    );
  });
}

/**
 * Sorts operands together along an axis, as `jax.lax.sort`: stable, by the first `keys` of them, the others going along.
 *
 * Floats are in the order of numbers, with -0 and +0 equal, and NaN, all equal, above infinity: last, or first when
 * `descending`. To have equal elements turned around too, as `jnp.sort` does when it descends, sort upward into an
 * output of negative stride.
 *
 * @param outputs The sorted inputs, of their shape and dtypes.
 * @param inputs One to eight operands of one shape.
 * @param options The axis, the direction, the keys.
 * @throws {ValueError} If the operands do not fit or the axis is out of range.
 */
export function sort(
  outputs: Operand | readonly Operand[],
  inputs: Operand | readonly Operand[],
  options: SortOptions = {},
): void {
  const list = (operands: Operand | readonly Operand[]) => "address" in operands ? [operands] : operands;
  sortInto(list(outputs), list(inputs), undefined, options);
}

/**
 * The places that elements would have to come from to be sorted along an axis, as `jnp.argsort`.
 *
 * @param places The result, int32 or uint32, of the operand's shape.
 * @param inputs The operand, or several of one shape of which the first `keys` are compared.
 * @param options The axis, the direction, the keys; see {@linkcode sort}.
 * @throws {ValueError} If the operands do not fit or the axis is out of range.
 */
export function argsort(places: Operand, inputs: Operand | readonly Operand[], options: SortOptions = {}): void {
  sortInto([], "address" in inputs ? [inputs] : inputs, places, options);
}
