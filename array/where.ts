/**
 * Choices, element by element.
 *
 * @module
 */

import { isInteger } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import type { NonzeroOptions } from "../core/options.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { eq } from "../ops/eq.ts";
import { ne } from "../ops/ne.ts";
import { reshape } from "../ops/reshape.ts";
import { select as selectOp } from "../ops/select.ts";
import { slice } from "../ops/slice.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { sameShape } from "../wasm/layout.ts";
import { withNumber } from "./_operands.ts";
import { remainder } from "./division.ts";
import { clip } from "./extremes.ts";
import { nonzero } from "./finding.ts";
import { asNumbers, asType, promoteDtypes, promoteShapes } from "./promote.ts";
import { readNow } from "./read.ts";

/**
 * Chooses elements of two arrays.
 *
 * Derivatives go to the one that is chosen, also where the other is NaN.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([1, -2, 3]);
 * assert.deepEqual(pz.np.where(pz.np.less(x, 0), 0, x).tolist(), [1, 0, 3]);
 * ```
 *
 * @param condition Bools; numbers count as whether they are other than 0.
 * @param x What stands where it holds.
 * @param y What stands elsewhere; both broadcast with it.
 * @returns The elements, of the dtype of `x` and `y` together. Of the condition alone, the places where it holds, as
 *   {@linkcode nonzero} gives them.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.where`.
 */
export function where(condition: ArrayLike, x: ArrayLike, y: ArrayLike): NDArray;
/** The places where a condition holds, an array for each axis: {@linkcode nonzero}. */
export function where(condition: ArrayLike, options?: NonzeroOptions): NDArray[];
export function where(condition: ArrayLike, x?: ArrayLike | NonzeroOptions, y?: ArrayLike): NDArray | NDArray[] {
  if (y === undefined) return nonzero(condition, x as NonzeroOptions);
  return chosen(condition, x as ArrayLike, y);
}

function chosen(condition: ArrayLike, x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = promoteDtypesOrKeys("where", x, y);
  const chooser = truthOf("where", condition);
  if (sameShape(a.shape, b.shape) && sameShape(a.shape, chooser.shape)) return selectOp(chooser, a, b);
  const [c, onTrue, onFalse] = promoteShapes("where", [chooser, a, b]) as [NDArray, NDArray, NDArray];
  return selectOp(c, onTrue, onFalse);
}

/** Two operands of one dtype, which may be that of keys. */
function promoteDtypesOrKeys(op: string, x: ArrayLike, y: ArrayLike): readonly [NDArray, NDArray] {
  if (x instanceof NDArray && y instanceof NDArray && x.dtype === y.dtype && x.weakType === y.weakType) return [x, y];
  return withNumber(x, y) ?? promoteDtypes(op, [x, y]) as [NDArray, NDArray];
}

/** Which elements are other than 0. */
function truthOf(op: string, x: ArrayLike): NDArray {
  const y = asNumbers(op, x);
  return y.dtype === "bool" ? y : ne(y, filled(0, y));
}

/** What {@linkcode select} gives where no condition holds. */
export interface SelectOptions {
  /** An array that broadcasts with the others: 0 if left out. */
  readonly default?: ArrayLike;
}

/**
 * Chooses for each element the array whose condition is the first that holds.
 *
 * @param conditions Bools, at least one array.
 * @param choices As many arrays; all of them broadcast together.
 * @param options What stands where none holds.
 * @returns The elements, of the dtype of the choices together.
 * @throws {ValueError} If there are no conditions, or not as many as choices.
 *
 * JAX: `jax.numpy.select`.
 */
export function select(
  conditions: readonly ArrayLike[],
  choices: readonly ArrayLike[],
  options: SelectOptions = {},
): NDArray {
  if (conditions.length !== choices.length || conditions.length === 0) {
    throw new ValueError("Cannot select: there is not one condition for each choice", {
      op: "select",
      actual: `${conditions.length} conditions, ${choices.length} choices`,
      expected: "as many of both, at least one",
      remedy: "pass the last choice as { default }",
      code: "select-conditions",
    });
  }
  const typed = promoteDtypes("select", [options.default ?? 0, ...choices]);
  const truths = conditions.map((condition) => truthOf("select", condition));
  const [otherwise, ...rest] = promoteShapes("select", [...typed, ...truths]);
  return choices.reduceRight<NDArray>(
    (result, _, k) => selectOp(rest[choices.length + k]!, rest[k]!, result),
    otherwise!,
  );
}

/**
 * Applies to each element the function whose condition is the last that holds.
 *
 * Each function is called once, with all of `x`.
 *
 * @param x An array of numbers.
 * @param conditions Bools that broadcast to `x`: a list, or an array with one along its first axis.
 * @param functions As many functions or constants, and perhaps one more for where none holds, which else gives 0.
 * @returns The results, of the shape and dtype of `x`.
 * @throws {ValueError} If there are not as many functions.
 *
 * JAX: `jax.numpy.piecewise`.
 */
export function piecewise(
  x: ArrayLike,
  conditions: NDArray | readonly ArrayLike[],
  functions: readonly (ArrayLike | ((x: NDArray) => ArrayLike))[],
): NDArray {
  const y = asNumbers("piecewise", x);
  const truths = (conditions instanceof NDArray ? rowsOf(conditions) : conditions)
    .map((condition) => truthOf("piecewise", condition));
  if (functions.length !== truths.length && functions.length !== truths.length + 1) {
    throw new ValueError("Cannot apply functions piecewise: there is not one for each condition", {
      op: "piecewise",
      operand: "functions",
      actual: `${functions.length} for ${truths.length} conditions`,
      expected: `${truths.length} or ${truths.length + 1}`,
      remedy: "pass one function for each condition, and perhaps one more for where none holds",
      code: "piecewise-functions",
    });
  }
  const type = { dtype: y.dtype as DType, weakType: false };
  const valueOf = (piece: ArrayLike | ((x: NDArray) => ArrayLike)): NDArray =>
    broadcastTo(asType("piecewise", typeof piece === "function" ? piece(y) : piece, type), y.shape);
  return truths.reduce<NDArray>(
    (result, truth, k) => selectOp(broadcastTo(truth, y.shape), valueOf(functions[k]!), result),
    valueOf(functions[truths.length] ?? 0),
  );
}

/** The slices along the first axis. */
function rowsOf(x: NDArray): NDArray[] {
  const [size = 0, ...rest] = x.shape;
  const others = rest.map(() => 0);
  return Array.from({ length: size }, (_, k) => reshape(slice(x, [k, ...others], [k + 1, ...rest]), rest));
}

/** How {@linkcode choose} takes numbers that are not those of choices. */
export interface ChooseOptions {
  /** An error, which needs the values now, if left out; or the nearest choice, or counted round and round. */
  readonly mode?: "raise" | "clip" | "wrap";
}

/**
 * Takes each element out of the array that is named by its number.
 *
 * @param x Integers: numbers of choices.
 * @param choices A list of arrays, or an array with one along its first axis; all broadcast together.
 * @param options What to do with other numbers.
 * @returns The elements, of the dtype of the choices together.
 * @throws {TypeError} If `x` is not of integers.
 * @throws {ValueError} If a number is not that of a choice.
 *
 * JAX: `jax.numpy.choose`.
 */
export function choose(
  x: ArrayLike,
  choices: NDArray | readonly ArrayLike[],
  options: ChooseOptions = {},
): NDArray {
  const y = asNumbers("choose", x);
  if (!isInteger(y.dtype)) {
    throw new TypeError(`Cannot choose: the numbers of the choices are ${y.dtype}; cast them to an integer`);
  }
  const list = choices instanceof NDArray ? rowsOf(choices) : choices;
  const numbers = numberedWithin(y, list.length, options.mode ?? "raise");
  const [at, ...values] = promoteShapes("choose", [numbers, ...promoteDtypes("choose", list)]);
  return values.reduceRight((result, value, k) => selectOp(eq(at!, filled(k, at!)), value, result));
}

/** Numbers as those of choices. */
function numberedWithin(x: NDArray, count: number, mode: "raise" | "clip" | "wrap"): NDArray {
  if (mode === "clip") return clip(x, 0, count - 1);
  if (mode === "wrap") return remainder(x, count);
  const wrong = readNow("choose", x).find((value: number) => value < 0 || value >= count);
  if (wrong === undefined) return x;
  throw new ValueError("Cannot choose: a number is not that of a choice", {
    op: "choose",
    actual: `${wrong}`,
    expected: `0 to ${count - 1}`,
    remedy: 'pass { mode: "clip" } or { mode: "wrap" }, or correct the numbers',
    code: "choose-range",
  });
}
