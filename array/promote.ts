/**
 * What functions do to their operands first: arrays of them all, of one dtype, of one shape.
 *
 * @module
 */

import { asArray, constant, isScalar, type Scalar, typeOf } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { promoteTypes, type TypeOf, typeOfScalar } from "../core/promotion.ts";
import { broadcastShapes } from "../core/shape.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { sameShape } from "../wasm/layout.ts";

/** Refuses keys, which are no numbers. */
function checkNumbers(op: string, x: NDArray): void {
  if (x.dtype === "prngKey") {
    throw new TypeError(
      `Cannot ${op}: an operand holds random keys, which are no numbers; pz.random.keyData(x) gives theirs`,
    );
  }
}

/** The operands as arrays or scalars. */
function numbers(op: string, operands: readonly ArrayLike[]): (NDArray | Scalar)[] {
  return operands.map((operand) => {
    if (isScalar(operand)) return operand;
    const x = asArray(op, operand);
    checkNumbers(op, x);
    return x;
  });
}

/** The type that some operands are computed in. */
function commonType(operands: readonly (NDArray | Scalar)[]): TypeOf {
  return operands.map(typeOf).reduce(promoteTypes);
}

/** An array or a scalar as an array of a type. */
function converted(operand: NDArray | Scalar, type: TypeOf): NDArray {
  if (operand instanceof NDArray) return convertElementType(operand, type);
  // A float for an integer type goes the way of all floats.
  const own = typeOfScalar(operand);
  return isFloating(own.dtype) && !isFloating(type.dtype)
    ? convertElementType(constant(operand, own), type)
    : constant(operand, type);
}

/**
 * An operand as an array of numbers.
 *
 * @param op The function, for the error.
 * @param operand The operand.
 * @returns The array; of a scalar one of a weak type.
 */
export function asNumbers(op: string, operand: ArrayLike): NDArray {
  const x = asArray(op, operand);
  checkNumbers(op, x);
  return x;
}

/** An operand as an array of a type. */
export function asType(op: string, operand: ArrayLike, type: TypeOf): NDArray {
  return converted(numbers(op, [operand])[0]!, type);
}

/**
 * Operands as arrays of one dtype: their least upper bound.
 *
 * @param op The function, for the error.
 * @param operands The operands.
 * @returns The arrays; their shapes are their own.
 */
export function promoteDtypes(op: string, operands: readonly ArrayLike[]): NDArray[] {
  const all = numbers(op, operands);
  const type = commonType(all);
  return all.map((operand) => converted(operand, type));
}

/** As {@linkcode promoteDtypes}, of floats: integers and bools become float32, unless there is a float among them. */
export function promoteInexact(op: string, operands: readonly ArrayLike[]): NDArray[] {
  const all = numbers(op, operands);
  const type = commonType(all);
  const float: TypeOf = isFloating(type.dtype) ? type : { dtype: "float32", weakType: type.weakType };
  return all.map((operand) => converted(operand, float));
}

/** Arrays at one shape: views that repeat them where NumPy's rules say so. */
export function promoteShapes(op: string, arrays: readonly NDArray[]): NDArray[] {
  const [first] = arrays;
  if (arrays.every(({ shape }) => sameShape(shape, first!.shape))) return arrays as NDArray[];
  const shape = broadcastShapes(op, arrays.map(({ shape }) => shape));
  return arrays.map((x) => broadcastTo(x, shape));
}

/**
 * Operands as arrays of one dtype and one shape.
 *
 * @param op The function, for the error.
 * @param operands The operands.
 * @returns The arrays.
 */
export function promote(op: string, operands: readonly ArrayLike[]): NDArray[] {
  return promoteShapes(op, promoteDtypes(op, operands));
}
