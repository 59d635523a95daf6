/**
 * Calls of functions of the program around: for a look at values while they are computed.
 *
 * @module
 */

import { bind } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { defineCall, type Primitive } from "../core/primitive.ts";
import { freeing } from "../core/storage.ts";
import { withStaging } from "../core/trace.ts";
import { moveBatch } from "./_rules.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

/** What is called. */
export interface DebugCallbackParams {
  /** Takes arrays that have their elements. */
  readonly callback: (...values: readonly NDArray[]) => void;
}

/** Does nothing but call a function. It may do whatever functions may; what it makes is freed, unless it keeps it. */
function call(callback: DebugCallbackParams["callback"], values: readonly NDArray[]): void {
  freeing(() => withStaging(undefined, () => callback(...values)));
}

/** Calls a function with values: once for each example of a batch, and with primals where these are differentiated. */
export const debugCallbackPrimitive: Primitive<DebugCallbackParams> = defineCall<DebugCallbackParams>({
  name: "debugCallback",
  outputs: () => [],
  call: {
    evaluate: (inputs, { callback }) => {
      call(callback, inputs);
      return [];
    },
    push: (primals, _tangents, params) => {
      debugCallback(params.callback, primals);
      return [[], []];
    },
    stage: (stager, inputs, { callback }) => {
      stager.host((...values) => call(callback, values), inputs);
      return [];
    },
  },
  transpose: (_cts, inputs) => inputs.map(() => undefined),
  vmap: (size, inputs, bdims, { callback }) => {
    const batches = inputs.map((x, k) => bdims[k] === undefined ? undefined : moveBatch(x, bdims[k], 0));
    for (let at = 0; at < size; at++) {
      debugCallback(callback, inputs.map((x, k) => batches[k] === undefined ? x : exampleOf(batches[k], at)));
    }
    return [[], []];
  },
  hasEffect: true,
});

function exampleOf(x: NDArray, at: number): NDArray {
  const [, ...shape] = x.shape;
  return reshape(slice(x, [at, ...shape.map(() => 0)], [at + 1, ...shape]), shape);
}

/**
 * Calls a function with the elements of arrays, when there are any.
 *
 * @param callback The function.
 * @param values The arrays.
 */
export function debugCallback(callback: DebugCallbackParams["callback"], values: readonly NDArray[]): void {
  bind(debugCallbackPrimitive, values, { callback });
}
