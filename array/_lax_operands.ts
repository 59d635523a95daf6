/**
 * Checks of the strict elementwise functions: operands of one dtype, of a kind that the function is for, of one shape.
 *
 * Scalars of the language take the dtype of the arrays that they stand next to.
 *
 * @module
 */

import { isScalar, kindOf, type Scalar } from "../core/constant.ts";
import { describe } from "../core/aval.ts";
import { isFloating, isInteger, isUnsigned } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { typeOfScalar } from "../core/promotion.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import type { DType } from "../wasm/dtype.ts";
import { sameShape } from "../wasm/layout.ts";
import { asNumbers, asType, promoteDtypes } from "./promote.ts";

/** Kinds of numbers that a function can be for. */
export type Kind = "floats" | "numbers" | "signed numbers" | "integers" | "integers or bools" | "numbers or bools";

const BELONGS: Readonly<Record<Kind, (dtype: DType) => boolean>> = {
  "floats": isFloating,
  "numbers": (dtype) => dtype !== "bool",
  "signed numbers": (dtype) => dtype !== "bool" && !isUnsigned(dtype),
  "integers": isInteger,
  "integers or bools": (dtype) => !isFloating(dtype),
  "numbers or bools": () => true,
};

/** Refuses an operand of another kind. */
export function checkKind(op: string, x: NDArray, kind: Kind): NDArray {
  if (BELONGS[kind](x.dtype as DType)) return x;
  throw new TypeError(`Cannot ${op}: the elements are ${x.dtype}, not ${kind}; cast them by pz.lax.convertElementType`);
}

/** An operand of a kind. */
export function operand(op: string, x: ArrayLike, kind: Kind): NDArray {
  return checkKind(op, asNumbers(op, x), kind);
}

/** Whether a scalar can be of a dtype: a float of floats only, a truth value of bools only. */
function canBe(x: Scalar, dtype: DType): boolean {
  const own = typeOfScalar(x).dtype;
  return own === "bool" ? dtype === "bool" : isFloating(own) ? isFloating(dtype) : dtype !== "bool";
}

/** Operands of one dtype, which is that of the arrays among them. */
export function sameDtype(op: string, operands: readonly ArrayLike[]): NDArray[] {
  const first = operands.find((x): x is Exclude<ArrayLike, Scalar> => !isScalar(x));
  if (first === undefined) return promoteDtypes(op, operands);
  const { dtype, weakType } = asNumbers(op, first);
  return operands.map((x) => {
    if (isScalar(x) && canBe(x, dtype as DType)) return asType(op, x, { dtype: dtype as DType, weakType });
    const array = asNumbers(op, x);
    if (array.dtype === dtype) return array;
    throw new TypeError(
      `Cannot ${op}: the operands are of ${dtype} and ${array.dtype}${isScalar(x) ? `, which is ${kindOf(x)}` : ""}; ` +
        "cast one by pz.lax.convertElementType, or use the function of pz.np, which promotes",
    );
  });
}

/** Operands of one shape. Those without axes are repeated, and axes of size 1, where the numbers of axes are equal. */
export function sameShapes(op: string, arrays: readonly NDArray[]): NDArray[] {
  const shapes = arrays.map(({ shape }) => shape).filter(({ length }) => length > 0);
  const [first = []] = shapes;
  if (arrays.every(({ shape }) => sameShape(shape, first))) return arrays as NDArray[];
  const shape = first.map((size, axis) => shapes.find((other) => other[axis] !== 1)?.[axis] ?? size);
  const fits = shapes.every((other) =>
    other.length === shape.length && other.every((size, axis) => size === 1 || size === shape[axis])
  );
  if (fits) return arrays.map((x) => broadcastTo(x, shape));
  throw new ValueError(`Cannot ${op}: the operands differ in shape`, {
    op,
    actual: arrays.map(describe).join(" and "),
    expected: "equal shapes, or no axes",
    remedy: "expand dimensions, or use the function of pz.np, which broadcasts",
    code: "shapes",
  });
}

/** Two operands of one dtype of a kind, and of one shape. */
export function operands(op: string, x: ArrayLike, y: ArrayLike, kind: Kind): readonly [NDArray, NDArray] {
  const isSimple = x instanceof NDArray && y instanceof NDArray && x.dtype === y.dtype && x.dtype !== "prngKey" &&
    sameShape(x.shape, y.shape);
  const [a, b] = isSimple ? [x, y] : sameShapes(op, sameDtype(op, [x, y])) as [NDArray, NDArray];
  checkKind(op, a, kind);
  return [a, b];
}
