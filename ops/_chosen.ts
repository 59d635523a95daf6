/**
 * The derivative of reductions that choose an element.
 *
 * @module
 */

import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Tangent, Zero } from "../core/primitive.ts";
import type { DType } from "../wasm/dtype.ts";
import type { ReductionParams } from "./_reduction.ts";
import { isArray } from "./_rules.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";
import { convertElementType } from "./convert_element_type.ts";
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce_sum.ts";

/** What a reduction left, repeated along the axes that are gone. */
function spread(y: NDArray, shape: readonly number[], axes: readonly number[]): NDArray {
  return broadcastInDim(y, shape, shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)));
}

/** `dy = Σ dx [x = y] / Σ [x = y]`: elements that tie share equally. JAX: `_reduce_chooser_jvp_rule`. */
export function chosenTangent(
  [x]: readonly NDArray[],
  [dx]: readonly Tangent[],
  [y]: readonly NDArray[],
  { axes }: ReductionParams,
): readonly Tangent[] {
  if (!isArray(dx) || !isFloating(y!.dtype)) return [new Zero(y!)];
  const isChosen = eq(x!, spread(y!, x!.shape, axes));
  const chosen = convertElementType(isChosen, { dtype: dx.dtype as DType, weakType: dx.weakType });
  return [div(reduceSum(mul(dx, chosen), axes), reduceSum(chosen, axes))];
}
