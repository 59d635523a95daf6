/**
 * Products over axes.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, Zero } from "../core/primitive.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";
import { jvpByOperand } from "./_rules.ts";
import { add } from "./add.ts";
import { concatenate } from "./concatenate.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";
import { transpose } from "./transpose.ts";

/**
 * The change of a product, right where factors are 0, too: the factors of each half of the row are multiplied in pairs,
 * each pair's change being `dx1 x2 + x1 dx2`, until one is left. JAX: `_reduce_prod_jvp_rule`.
 */
function productTangent(dx: NDArray, x: NDArray, y: NDArray, axes: readonly number[]): NDArray | Zero {
  if (!isFloating(y.dtype) || x.size === 0) return new Zero(y);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const flat = (z: NDArray): NDArray => reshape(transpose(z, [...kept, ...axes]), [y.size, x.size / y.size]);
  let [p, t] = [flat(x), flat(dx)];
  for (let n = p.shape[1]!; n > 1; n = p.shape[1]!) {
    const half = n >> 1;
    const part = (z: NDArray, from: number, to: number): NDArray => slice(z, [0, from], [y.size, to]);
    const halves = (z: NDArray): [NDArray, NDArray] => [part(z, 0, half), part(z, half, 2 * half)];
    const [[p1, p2], [t1, t2]] = [halves(p), halves(t)];
    const rest = (product: NDArray, z: NDArray): NDArray =>
      n % 2 === 0 ? product : concatenate([product, part(z, n - 1, n)], 1);
    [p, t] = [rest(mul(p1, p2), p), rest(add(mul(t1, p2), mul(p1, t2)), t)];
  }
  return reshape(t, y.shape);
}

/** `y[j…] = Π x[i…]` over the reduced axes; floats are multiplied in float32 and rounded once. */
export const reduceProdPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "reduceProd",
  kind: "prod",
  jvp: jvpByOperand((dx, [x], y, { axes }) => productTangent(dx, x!, y, axes)),
});

/**
 * Multiplies elements over axes.
 *
 * @param x An array of numbers.
 * @param axes The axes, each once, counted from the first.
 * @returns The products, of the dtype of `x`; integers wrap.
 */
export function reduceProd(x: NDArray, axes: readonly number[]): NDArray {
  if (axes.length === 0) return x;
  return bindOne(reduceProdPrimitive, [x], { axes });
}
