/**
 * The checks that `pz.lax`'s functions on shapes and indices share.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import type { TypeOf } from "../core/promotion.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { asType } from "./promote.ts";

/** What a check says if it fails. */
export interface Fault {
  /** What is wrong: what follows the colon of the first line. */
  readonly state: string;
  /** The operand or parameter. */
  readonly operand?: string;
  /** What was given. */
  readonly actual: string;
  /** What would have been right. */
  readonly expected: string;
  /** What to do. */
  readonly remedy: string;
}

/** Throws unless a function's arguments fit; the message is made only then. */
export function checkFit(op: string, fits: boolean, fault: () => Fault): void {
  if (fits) return;
  const { state, ...details } = fault();
  throw new ValueError(`Cannot ${op}: ${state}`, { op, ...details, code: op });
}

/** Whether a list holds numbers of axes, each at most once; in rising order if `sorted`. */
export function areAxes(axes: readonly number[], rank: number, sorted: boolean = false): boolean {
  return axes.every((axis, k) =>
    Number.isInteger(axis) && axis >= 0 && axis < rank &&
    (sorted ? k === 0 || axes[k - 1]! < axis : axes.indexOf(axis) === k)
  );
}

/** Whether numbers are whole, and none is below another. */
export function areWhole(numbers: readonly number[], least: number = -Infinity): boolean {
  return numbers.every((number) => Number.isInteger(number) && number >= least);
}

/** A second operand of the dtype of the first; scalars of the language take it on. */
export function matching(op: string, x: NDArray, y: ArrayLike, name: string): NDArray {
  if (!(y instanceof NDArray) && !ArrayBuffer.isView(y) && x.dtype !== "prngKey") {
    return asType(op, y, { dtype: x.dtype, weakType: true } as TypeOf);
  }
  const own = asArray(op, y);
  if (own.dtype === x.dtype) return own;
  throw new TypeError(
    `Cannot ${op}: the ${name} is ${own.dtype}, and the array ${x.dtype}; cast one of them by astype()`,
  );
}

/** Indices as int32 or uint32. */
export function integerIndices(op: string, indices: ArrayLike): NDArray {
  const own = asArray(op, indices);
  if (isFloating(own.dtype) || own.dtype === "bool" || own.dtype === "prngKey") {
    throw new TypeError(`Cannot ${op}: the indices are ${own.dtype}; pass integers, by astype("int32")`);
  }
  return own.dtype === "uint32" ? own : convertElementType(own, { dtype: "int32", weakType: false });
}

/** A shape as errors have it. */
export function shown(shape: Shape): string {
  return `[${shape}]`;
}
