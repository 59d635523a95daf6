/**
 * Functions that are computed again in the backward pass, to save memory.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import { bind } from "../core/bind.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { writeClosed } from "../core/program.ts";
import { type AnyFunction, stagingTrace } from "../core/trace.ts";
import { checkpointName as nameOp, checkpointNamePrimitive } from "../ops/checkpoint_name.ts";
import { type CheckpointPolicy, checkpointPrimitive } from "../ops/checkpoint.ts";
import { dotGeneralPrimitive } from "../ops/dot_general.ts";
import { argumentNumbers, partArguments } from "./_arguments.ts";
import { onLeaves } from "./_trees.ts";

export type { CheckpointPolicy };

/** What of a function is computed again. */
export interface CheckpointOptions {
  /** Says which results of operations are saved for the backward pass: none, if left out. */
  readonly policy?: CheckpointPolicy;
  /**
   * Whether compilers are kept from finding that something is computed twice: true, if left out. In the body of a loop,
   * where they could not find it, `false` spares the barriers.
   */
  readonly preventCse?: boolean;
  /** The numbers of arguments that are no arrays but settings. */
  readonly staticArgnums?: number | readonly number[];
}

/**
 * A function that does the same, but keeps for its derivative only its arguments: what the backward pass needs beside them
 * is computed again there. That costs time and saves memory.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const layer = (x: pz.NDArray) => pz.np.sin(pz.np.sin(x));
 * const x = pz.np.linspace(0, 1, { num: 4 });
 * const loss = (x: pz.NDArray) => pz.checkpoint(layer)(x).sum();
 * assert.deepEqual(pz.grad(loss)(x).tolist(), pz.grad((x: pz.NDArray) => layer(x).sum())(x).tolist());
 * assert.equal(pz.savedResiduals(pz.checkpoint(layer), x).length, 1);
 * assert.equal(pz.savedResiduals(layer, x).length, 2);
 * ```
 *
 * @param fn A function; its arguments and what it gives are trees of arrays. Which operations it does must not depend on
 *   elements.
 * @param options What is saved nevertheless.
 * @returns A function of the same arguments.
 *
 * JAX: `jax.checkpoint`, `jax.remat`.
 */
export function checkpoint<Fn extends AnyFunction>(fn: Fn, options: CheckpointOptions = {}): Fn {
  const { policy, preventCse = true } = options;
  const name = fn.name || "function";
  const numbers = argumentNumbers("checkpoint", "staticArgnums", options.staticArgnums);
  const checkpointed = (...args: unknown[]): unknown => {
    const { leaves, structure, merge } = partArguments("checkpoint", args, numbers);
    const flat = onLeaves("checkpoint", (...own) => fn(...merge(structure.unflatten(own) as unknown[])));
    const [program, held] = writeClosed(`checkpoint of ${name}`, flat.call, leaves, stagingTrace() !== undefined);
    const params = { name, program, policy, preventCse, isAgain: false };
    return flat.treedef().unflatten(bind(checkpointPrimitive, [...held, ...leaves], params));
  };
  Object.defineProperty(checkpointed, "name", { value: name });
  return checkpointed as Fn;
}

/**
 * Names an array, so that policies can save it. Otherwise it does nothing.
 *
 * @param x An array.
 * @param name The name.
 * @returns The same elements.
 *
 * JAX: `jax.ad_checkpoint.checkpoint_name`.
 */
export function checkpointName(x: ArrayLike, name: string): NDArray {
  return nameOp(asArray("checkpointName", x), name);
}

/** A policy about names: what is asked of a name, and what holds for values without one. */
function byName(isSaved: (name: string) => boolean, ofOthers: boolean): CheckpointPolicy {
  return (primitive, _inputs, params) =>
    primitive === checkpointNamePrimitive ? isSaved((params as { readonly name: string }).name) : ofOthers;
}

/** The policies that there are. */
export interface CheckpointPolicies {
  /** Saves all: as without a checkpoint. */
  readonly everythingSaveable: CheckpointPolicy;
  /** Saves nothing: as without a policy. */
  readonly nothingSaveable: CheckpointPolicy;
  /** Saves products of matrices, which are dear. */
  readonly dotsSaveable: CheckpointPolicy;
  /** Saves products of matrices that have no batch axes: of weights, not of attention. */
  readonly dotsWithNoBatchDimsSaveable: CheckpointPolicy;
  /** Saves values of these names alone. */
  readonly saveOnlyTheseNames: (...names: readonly string[]) => CheckpointPolicy;
  /** Saves values that have a name, but for these. */
  readonly saveAnyNamesButThese: (...names: readonly string[]) => CheckpointPolicy;
  /** Saves all values, but for those of these names. */
  readonly saveAnythingExceptTheseNames: (...names: readonly string[]) => CheckpointPolicy;
  /** Saves what one of two policies saves. */
  readonly saveFromBothPolicies: (one: CheckpointPolicy, other: CheckpointPolicy) => CheckpointPolicy;
}

/**
 * What {@linkcode checkpoint} may save.
 *
 * JAX: `jax.checkpoint_policies`.
 */
export const checkpointPolicies: CheckpointPolicies = {
  everythingSaveable: () => true,
  nothingSaveable: () => false,
  dotsSaveable: (primitive) => primitive === dotGeneralPrimitive,
  dotsWithNoBatchDimsSaveable: (primitive, _inputs, params) =>
    primitive === dotGeneralPrimitive && (params as { readonly batch: readonly number[][] }).batch[0]!.length === 0,
  saveOnlyTheseNames: (...names) => byName((name) => names.includes(name), false),
  saveAnyNamesButThese: (...names) => byName((name) => !names.includes(name), false),
  saveAnythingExceptTheseNames: (...names) => byName((name) => !names.includes(name), true),
  saveFromBothPolicies: (one, other) => (...operation) => one(...operation) || other(...operation),
};
