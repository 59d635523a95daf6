/**
 * Elements in another dtype.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { isFloating, isUnsigned } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, type Primitive, Zero } from "../core/primitive.ts";
import type { TypeOf } from "../core/promotion.ts";
import type { DType } from "../wasm/dtype.ts";
import { Elementwise, type ElementwiseOp } from "../wasm/elementwise.ts";
import { compute, vmapElementwise } from "./_elementwise.ts";
import { isArray, transposeUnary } from "./_rules.ts";

/** Floats to integers: towards 0, to the nearest of those that are there, NaN to 0. */
const FROM_FLOAT: { readonly [name in DType]?: ElementwiseOp } = {
  int8: "f32_to_i8",
  int16: "f32_to_i16",
  int32: "f32_to_i32",
  uint8: "f32_to_u8",
  uint16: "f32_to_u16",
  uint32: "f32_to_u32",
  bool: "f32_to_bool",
};

/** The operation between loading and storing, if there has to be one. */
function conversion(from: DType, to: DType): ElementwiseOp | undefined {
  if (isFloating(from)) return FROM_FLOAT[to];
  if (isFloating(to)) return isUnsigned(from) ? "u32_to_f32" : "i32_to_f32";
  return to === "bool" && from !== "bool" ? "i32_to_bool" : undefined;
}

const programs = new Map<string, Elementwise>();

function programOf(from: DType, to: DType): Elementwise {
  const name = `${from} ${to}`;
  let program = programs.get(name);
  if (program === undefined) {
    program = new Elementwise();
    const op = conversion(from, to);
    const value = program.load(0);
    program.store(op === undefined ? value : program.apply(op, value), 0);
    programs.set(name, program);
  }
  return program;
}

/** `y = x`, rounded to another dtype. Where only the weakness changes, a view. */
export const convertElementTypePrimitive: Primitive<TypeOf & { readonly from: DType }> = definePrimitive({
  name: "convertElementType",
  outputs: ([x], { dtype, weakType }) => [{ shape: x!.shape, dtype, weakType }],
  view: (x, { from, dtype }) => from === dtype ? x : undefined,
  lower: ([output], [x]) => compute(programOf(x!.dtype, output!.dtype), [output!], [x!]),
  jvp: ([_x], [dx], [y], params) =>
    isArray(dx) && isFloating(y!.dtype) && isFloating(params.from)
      ? [bindOne(convertElementTypePrimitive, [dx], params)]
      : [new Zero(y!)],
  transpose: transposeUnary((ct, x) => convertElementType(ct, { dtype: x.dtype as DType, weakType: x.weakType })),
  vmap: vmapElementwise(() => convertElementTypePrimitive),
});

/**
 * Converts elements to another dtype.
 *
 * Integers wrap, floats become integers towards 0 and within their range, halves are rounded to nearest.
 *
 * @param x An array of numbers or bools.
 * @param type The dtype, and whether it is weak.
 * @returns The converted elements; `x` itself if it has the type.
 */
export function convertElementType(x: NDArray, { dtype, weakType }: TypeOf): NDArray {
  const from = x.dtype as DType;
  if (from === dtype && x.weakType === weakType) return x;
  return bindOne(convertElementTypePrimitive, [x], { from, dtype, weakType });
}
