/**
 * What products of arrays share: the type of the result, axes that do not fit.
 *
 * @module
 */

import { typeOf } from "../core/constant.ts";
import { arrayDtype, isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { promoteTypes, type TypeOf } from "../core/promotion.ts";
import { ValueError } from "../errors/mod.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { type AxisPairs, dotGeneral } from "../ops/dot_general.ts";

/** Options of products. */
export interface DotOptions {
  /** The dtype of the result, in which sums are kept; the operands' common one if left out. */
  readonly preferredElementType?: string;
  /** Not used: products of float32 are exact to float32. */
  readonly precision?: unknown;
}

/**
 * The type of a product.
 *
 * @param op The function, for errors.
 * @param arrays The operands.
 * @param options The dtype that is asked for.
 * @returns That dtype, or the least upper bound of the operands' types.
 * @throws {TypeError} If floats are to give integers or bools.
 */
export function productType(op: string, arrays: readonly NDArray[], options: DotOptions): TypeOf {
  const { preferredElementType } = options;
  if (preferredElementType === undefined) return arrays.map(typeOf).reduce(promoteTypes);
  const dtype = arrayDtype(op, preferredElementType);
  const float = isFloating(dtype) ? undefined : arrays.find((x) => isFloating(x.dtype));
  if (float !== undefined) {
    throw new TypeError(`Cannot ${op}: ${float.dtype} has no products of ${dtype}; cast the result by astype()`);
  }
  return { dtype, weakType: false };
}

/** The error for axes that are to be multiplied and have different sizes. */
export function contractionError(op: string, a: NDArray, b: NDArray, axes: readonly [number, number]): ValueError {
  const [m, n] = [a.shape[axes[0]], b.shape[axes[1]]];
  return new ValueError(`Cannot ${op}: axis ${axes[0]} of a has ${m} elements, axis ${axes[1]} of b ${n}`, {
    op,
    actual: `a ${a.dtype}[${a.shape}], b ${b.dtype}[${b.shape}]`,
    expected: "equal sizes along the axes that are multiplied",
    remedy: "transpose an operand, or check their order",
    code: "contraction",
  });
}

/**
 * Multiplies and sums over axes, whose sizes are checked here.
 *
 * Operands are not converted first: the kernel reads halves as they are.
 *
 * @param op The function, for errors.
 * @param a One operand.
 * @param b The other.
 * @param contracting The axes that are summed over, in pairs.
 * @param batch The axes that stay, in pairs.
 * @param type The type of the result.
 * @returns The product: batch axes, free axes of `a`, free axes of `b`.
 */
export function contract(
  op: string,
  a: NDArray,
  b: NDArray,
  contracting: AxisPairs,
  batch: AxisPairs,
  type: TypeOf,
): NDArray {
  for (const [ofA, ofB] of [contracting, batch]) {
    for (let k = 0; k < ofA.length; k++) {
      if (a.shape[ofA[k]!] !== b.shape[ofB[k]!]) throw contractionError(op, a, b, [ofA[k]!, ofB[k]!]);
    }
  }
  return convertElementType(dotGeneral(a, b, { contracting, batch, preferredElementType: type.dtype }), type);
}
