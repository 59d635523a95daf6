/**
 * Normalization along the last axis.
 *
 * @module
 */

import { sameShape } from "../layout.ts";
import type { Operand } from "../operand.ts";
import type { Normalization } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";

/** Penzai's `epsilon`. */
const EPSILON = 1e-6;

/** How {@linkcode rmsNorm} normalizes. */
export interface RmsNormOptions {
  /** By what to multiply each row: a vector along the last axis, dtype as `x`. Nothing if left out. */
  readonly scale?: Operand;
  /** What is added to the mean square; rounded to the dtype of `x`. 1e-6 if left out. */
  readonly epsilon?: number;
}

/** How {@linkcode layerNorm} normalizes; `epsilon` is added to the variance. */
export interface LayerNormOptions extends RmsNormOptions {
  /** What to add to each row in the end: a vector along the last axis, dtype as `x`. Nothing if left out. */
  readonly bias?: Operand;
}

function normalize(kind: Normalization, output: Operand, x: Operand, options: LayerNormOptions): void {
  const { scale, bias, epsilon = EPSILON } = options;
  const vectors = [scale, bias].filter((vector) => vector !== undefined);
  const row = [x.shape.at(-1) ?? 0];
  check(
    x.shape.length > 0 && sameShape(output.shape, x.shape) && output.dtype === x.dtype &&
      vectors.every((vector) => sameShape(vector.shape, row) && vector.dtype === x.dtype),
    `Cannot compute ${kind}Norm: the operands do not fit`,
    () => ({
      actual: [
        `output ${describe(output)}`,
        `x ${describe(x)}`,
        ...vectors.map((vector) => `vector ${describe(vector)}`),
      ]
        .join(", "),
      expected: `one shape with at least one axis, vectors [${row}], and one dtype`,
      remedy: "allocate the output like x, and cast scale and bias to its dtype",
    }),
  );
  run([output, x, ...vectors], (plan) =>
    plan.normalize(kind, at(0, output), at(1, x), epsilon, {
      scale: scale && at(2, scale),
      bias: bias && at(scale ? 3 : 2, bias),
    }));
}

/**
 * Divides rows by the root of their mean square: `x * (1 / sqrt(mean(x * x) + epsilon)) * scale`, along the last axis.
 *
 * @param output The result; may be `x` itself.
 * @param x The operand, of the same shape and dtype: float32, float16 or bfloat16; at most eight axes.
 * @param options Scale and epsilon.
 */
export function rmsNorm(output: Operand, x: Operand, options: RmsNormOptions = {}): void {
  const { scale, epsilon } = options;
  normalize("rms", output, x, { ...(scale && { scale }), ...(epsilon !== undefined && { epsilon }) });
}

/**
 * Standardizes rows: `(x - mean) * (1 / sqrt(variance + epsilon)) * scale + bias` along the last axis, the variance being
 * `max(mean(x * x) - mean * mean, 0)`.
 *
 * @param output The result; may be `x` itself.
 * @param x The operand, of the same shape and dtype: float32, float16 or bfloat16; at most eight axes.
 * @param options Scale, bias and epsilon.
 */
export function layerNorm(output: Operand, x: Operand, options: LayerNormOptions = {}): void {
  normalize("layer", output, x, options);
}
