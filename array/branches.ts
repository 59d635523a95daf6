/**
 * Choices between functions.
 *
 * All branches are traced once and written down; which of them is done is known when the result is computed.
 *
 * @module
 */

import { describe } from "../core/aval.ts";
import { bind } from "../core/bind.ts";
import { asArray } from "../core/constant.ts";
import { isFloating, isInteger } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { madeOf, type Program, Variable } from "../core/program.ts";
import { ValueError } from "../errors/mod.ts";
import { clamp } from "../ops/clamp.ts";
import { condPrimitive } from "../ops/cond.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { ne } from "../ops/ne.ts";
import { filled } from "../ops/zeros.ts";
import { type Body, checkFunction, checkSame, type Traced, type TracedList, writeBody } from "./_bodies.ts";
import { arrayLeaves } from "./_trees.ts";

export type { TracedList };

const INDEX = { dtype: "int32", weakType: false } as const;

/** Programs of bodies, which all take what any of them holds. */
function joined(bodies: readonly Body[]): readonly [programs: Program[], held: NDArray[]] {
  const held = [...new Set(bodies.flatMap((body) => body.held))];
  const programs = bodies.map(({ program, held: own }) => {
    const inputs = held.map((x) => program.inputs[own.indexOf(x)] ?? new Variable(x));
    return madeOf(program, { ...program, inputs: [...inputs, ...program.inputs.slice(own.length)] });
  });
  return [programs, held];
}

/** Does the branch of a number. */
function branch(
  op: string,
  index: NDArray,
  names: readonly string[],
  branches: readonly ((...operands: never[]) => unknown)[],
  operands: readonly unknown[],
): unknown {
  const [leaves, structure] = arrayLeaves(op, operands);
  const bodies = branches.map((fn) => writeBody(op, (...own) => fn(...structure.unflatten(own) as never[]), leaves));
  const first = bodies[0]!;
  bodies.forEach((body, k) =>
    checkSame(
      `Cannot ${op}: the results of ${names[0]} and ${names[k]}`,
      "return trees of the same structure, with arrays of the same shapes and dtypes",
      [`from ${names[0]}`, first.structure, first.avals],
      [`from ${names[k]}`, body.structure, body.avals],
    )
  );
  const [programs, held] = joined(bodies);
  return first.structure.unflatten(bind(condPrimitive, [index, ...held, ...leaves], { branches: programs }));
}

/**
 * Does one of two functions, whichever a condition says: `condition ? whenTrue(...operands) : whenFalse(...operands)`.
 *
 * Both are traced, also if the condition is known. Under `vmap`, examples with conditions of their own do both, and elements
 * are selected; derivatives of what was not selected do not count, even where they are NaN.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const root = (x: pz.NDArray) => pz.lax.cond(x.gt(0), pz.np.sqrt, pz.np.zerosLike, x);
 * assert.equal(root(pz.np.array(6.25)).item(), 2.5);
 * assert.deepEqual(pz.vmap(pz.grad(root))(pz.np.array([-1, 0.25])).tolist(), [0, 1]);
 * ```
 *
 * @param condition A bool, or a number, which stands for whether it is not 0: an array without axes.
 * @param whenTrue What is done if the condition holds.
 * @param whenFalse What is done if not; it gives the same structure, shapes and dtypes.
 * @param operands What either is given: trees of arrays. Functions may also use arrays around them.
 * @returns What the function gives.
 * @throws {TypeError} If the condition is no scalar, or what the functions give differs in structure or types.
 *
 * JAX: `jax.lax.cond`.
 */
export function cond<Operands extends unknown[], Result, Other>(
  condition: ArrayLike,
  whenTrue: (...operands: TracedList<Operands>) => Result,
  whenFalse: (...operands: TracedList<Operands>) => Other,
  ...operands: Operands
): Traced<Result | Other> {
  const op = "cond";
  checkFunction(op, "whenTrue", whenTrue);
  checkFunction(op, "whenFalse", whenFalse);
  const is = asArray(op, condition);
  if (is.ndim !== 0 || is.dtype === "prngKey") {
    throw new TypeError(`Cannot cond: the condition is ${describe(is)}; pass a bool without axes, as x.lt(1).all()`);
  }
  const holds = is.dtype === "bool" ? is : ne(is, filled(0, is));
  const index = convertElementType(holds, INDEX);
  return branch(op, index, ["whenFalse", "whenTrue"], [whenFalse, whenTrue], operands) as Traced<Result | Other>;
}

/**
 * Does one of several functions: `branches[index](...operands)`. In `pz.lax` it is called `switch`.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const apply = (index: pz.NDArray, x: pz.NDArray) => pz.lax.switch(index, [pz.np.sin, pz.np.square, pz.np.negative], x);
 * assert.equal(apply(pz.np.array(1), pz.np.array(1.5)).item(), 2.25);
 * ```
 *
 * @param index The number of the function, an integer without axes; below 0 the first is meant, beyond the last the last.
 * @param branches The functions, which give the same structure, shapes and dtypes.
 * @param operands What they are given: trees of arrays.
 * @returns What the function gives.
 * @throws {TypeError} If the index is no integer, or what the functions give differs in structure or types.
 * @throws {ValueError} If there are no functions.
 *
 * JAX: `jax.lax.switch`.
 */
export function switchCase<Operands extends unknown[], Result>(
  index: ArrayLike,
  branches: readonly ((...operands: TracedList<Operands>) => Result)[],
  ...operands: Operands
): Traced<Result> {
  const op = "switch";
  branches.forEach((fn, k) => checkFunction(op, `branch ${k}`, fn));
  const which = asArray(op, index);
  if (which.ndim !== 0 || !isInteger(which.dtype)) {
    const remedy = isFloating(which.dtype) ? 'cast it, as index.astype("int32")' : "pass an integer without axes";
    throw new TypeError(`Cannot switch: the index is ${describe(which)}; ${remedy}`);
  }
  if (branches.length === 0) {
    throw new ValueError("Cannot switch: there are no branches", {
      op,
      operand: "branches",
      actual: "an empty list",
      expected: "at least one function",
      remedy: "pass the functions that the index counts",
      code: "switch-branches",
    });
  }
  if (branches.length === 1) {
    // There is no choice to be made.
    const [leaves, structure] = arrayLeaves(op, operands);
    const result = branches[0]!(...structure.unflatten(leaves) as TracedList<Operands>);
    const [arrays, own] = arrayLeaves(op, result);
    return own.unflatten(arrays) as Traced<Result>;
  }
  const whole = convertElementType(which, INDEX);
  const own = clamp(filled(0, whole), whole, filled(branches.length - 1, whole));
  const names = branches.map((_, k) => `branch ${k}`);
  return branch(op, own, names, branches, operands) as Traced<Result>;
}
