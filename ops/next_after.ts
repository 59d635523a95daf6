/**
 * Neighboring floats.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type LowerRule, notDifferentiable, type Primitive } from "../core/primitive.ts";
import { Elementwise } from "../wasm/elementwise.ts";
import { binary, elementwise } from "../wasm/kernels/elementwise.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/**
 * The program on the bits of halves: they are ordered as magnitudes are, away from 0 one up, towards it one down.
 *
 * @param infinity The bits of infinity, above which there is NaN.
 */
function halfProgram(infinity: number): Elementwise {
  const program = new Elementwise();
  const [x, y] = [program.load(0), program.load(1)];
  const [zero, one] = [program.integer(0), program.integer(1)];
  const magnitude = program.integer(0x7fff);
  const [sizeOfX, sizeOfY] = [program.apply("and_i32", x, magnitude), program.apply("and_i32", y, magnitude)];
  const signOfY = program.apply("sub_i32", y, sizeOfY);
  const opposite = program.apply("ne_i32", program.apply("sub_i32", x, sizeOfX), signOfY);
  const down = program.apply("or_i32", opposite, program.apply("gt_i32", sizeOfX, sizeOfY));
  const step = program.apply("select", down, program.integer(-1), one);
  const isNaN = program.apply(
    "gt_i32",
    program.apply("max_i32", sizeOfX, sizeOfY),
    program.integer(infinity),
  );
  const bothZero = program.apply("eq_i32", program.apply("or_i32", sizeOfX, sizeOfY), zero);
  const isEqual = program.apply("or_i32", bothZero, program.apply("eq_i32", x, y));
  const fromZero = program.apply("eq_i32", sizeOfX, zero);
  const moved = program.apply(
    "select",
    fromZero,
    program.apply("or_i32", signOfY, one),
    program.apply("add_i32", x, step),
  );
  const result = program.apply("select", isEqual, y, moved);
  program.store(program.apply("select", isNaN, program.integer(0x7fff), result), 0);
  return program;
}

const halves = new Map<string, Elementwise>();

const lower: LowerRule<Plain> = ([output], [x, y]) => {
  const { dtype } = output!;
  if (dtype === "float32") return binary("next_after_f32", output!, x!, y!);
  let program = halves.get(dtype);
  if (program === undefined) halves.set(dtype, program = halfProgram(dtype === "float16" ? 0x7c00 : 0x7f80));
  elementwise(program, [{ ...output!, dtype: "uint16" }], [{ ...x!, dtype: "uint16" }, { ...y!, dtype: "uint16" }]);
};

/** The float next to `x` on the way to `y`; `y` if they are equal. */
export const nextAfterPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "nextAfter",
  lower,
  jvp: notDifferentiable("nextAfter", "its results are steps of the float format"),
});

/**
 * Moves elements to the next float.
 *
 * @param x An array of floats.
 * @param y Where to: an array of its shape and dtype.
 * @returns The neighbors of `x` of its dtype; `y` where they are equal, NaN where either is.
 */
export function nextAfter(x: NDArray, y: NDArray): NDArray {
  return bindOne(nextAfterPrimitive, [x, y], NONE);
}
