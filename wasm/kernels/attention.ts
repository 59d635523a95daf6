/**
 * Attention.
 *
 * @module
 */

import { isFloat } from "../dtype.ts";
import { broadcastStrides } from "../layout.ts";
import { type Operand, slice } from "../operand.ts";
import type { PlanAttentionOptions, PlanOperand } from "../plan.ts";
import { at, check, describe, run } from "./_call.ts";

/** What {@linkcode attention} computes beside the plain softmax of all logits. */
export interface AttentionOptions {
  /** The factor of the logits, which are the products of queries and keys; 1 if left out: queries come scaled. */
  readonly scale?: number;
  /** Bounds the logits `l` softly: `tanh(l / softCap) * softCap`, after the scale; no bound if left out. */
  readonly softCap?: number;
  /** Whether a query sees only keys at its own position and at lower ones; false if left out. */
  readonly causal?: boolean;
  /** How many positions a query sees, counted back from its own, itself included; any number if left out. */
  readonly window?: number;
  /**
   * The position of each query: int32, `[b, tq]`, or what broadcasts to it. Needs `keyPositions`; without both, the
   * positions of queries and of keys are their indices.
   */
  readonly queryPositions?: Operand;
  /** The position of each key: int32, `[b, tk]`, or what broadcasts to it. No query sees a key at a negative one. */
  readonly keyPositions?: Operand;
  /** Which keys each query sees, beside what positions hide: bool, `[b, h, tq, tk]`, or what broadcasts to it. */
  readonly mask?: Operand;
  /**
   * What stands for the logit of a key that a query does not see; the float32 -2.3819763e38 if left out. If it is less
   * by 104 or more than the largest logit of the keys that are seen, the others contribute nothing, not even a NaN.
   * A query that sees nothing gets the mean of all values, or NaN if this is -Infinity.
   */
  readonly maskedValue?: number;
  /**
   * How many of the keys there are, as in a cache that is filled step by step: the others are as if `tk` were smaller,
   * and cost nothing. A number, or an int32 operand of one element that is read when the kernel runs; all if left out.
   */
  readonly length?: number | Operand;
}

/** What hides a key in Penzai's models: large, but finite, so that a query which sees nothing has a mean. */
const MASKED_VALUE = -2.3819763e38;

/** The operand with the strides of a broadcast to `shape`, or `undefined` if it does not fit. */
function broadcast(operand: Operand, shape: readonly number[]): Operand | undefined {
  const strides = broadcastStrides(operand, shape);
  return strides && { ...operand, shape, strides };
}

/**
 * Attention: `output[b, h, t] = sum over j of w[j] * v[b, g, j]` with `w = softmax over j of (q[b, h, t] · k[b, g, j])`,
 * where `g` is the head of keys and values that query head `h` shares with its neighbors: the first of `hkv` serves
 * the first `heads / hkv` query heads, and so on.
 *
 * @param output float32, `[b, h, tq, dv]`.
 * @param q float32, `[b, h, tq, d]`.
 * @param k float32, float16 or bfloat16, `[b, hkv, tk, d]`; `h` is a multiple of `hkv`. A first axis of 1 broadcasts.
 * @param v `[b, hkv, tk, dv]`, of the dtype of `k`.
 * @param options Scale, soft cap, and which keys are seen.
 * @throws {ValueError} If the operands or the options do not fit together.
 */
export function attention(
  output: Operand,
  q: Operand,
  k: Operand,
  v: Operand,
  options: AttentionOptions = {},
): void {
  const { scale = 1, softCap, causal = false, window, maskedValue = MASKED_VALUE, length } = options;
  const [b = 0, h = 0, tq = 0, dv = 0] = output.shape;
  const [, hkv = 0, tk = 0, d = 0] = k.shape;
  let keys = broadcast(k, [b, hkv, tk, d]);
  let values = broadcast(v, [b, hkv, tk, dv]);
  check(
    [output, q, k, v].every(({ shape }) => shape.length === 4) && output.dtype === "float32" &&
      q.dtype === "float32" && isFloat(k.dtype) && v.dtype === k.dtype && q.shape[0] === b && q.shape[1] === h &&
      q.shape[2] === tq && q.shape[3] === d && keys !== undefined && values !== undefined &&
      (hkv === 0 ? h === 0 : h % hkv === 0),
    "Cannot compute attention: the operands do not fit",
    () => ({
      actual: `output ${describe(output)}, q ${describe(q)}, k ${describe(k)}, v ${describe(v)}`,
      expected: "output [b, h, tq, dv] and q [b, h, tq, d], float32; k [b, hkv, tk, d] and v [b, hkv, tk, dv], " +
        "both float32, float16 or bfloat16; h a multiple of hkv",
      remedy: "transpose or reshape the operands, or check their order",
    }),
  );
  const { queryPositions, keyPositions } = options;
  let positions = queryPositions && keyPositions && {
    q: broadcast(queryPositions, [b, tq]),
    k: broadcast(keyPositions, [b, tk]),
  };
  let mask = options.mask && broadcast(options.mask, [b, h, tq, tk]);
  check(
    (queryPositions === undefined) === (keyPositions === undefined) &&
      (queryPositions === undefined || queryPositions.dtype === "int32" && keyPositions?.dtype === "int32") &&
      (positions === undefined || positions.q !== undefined && positions.k !== undefined) &&
      (options.mask === undefined || options.mask.dtype === "bool" && mask !== undefined),
    "Cannot compute attention: positions or mask do not fit",
    () => ({
      actual: [
        queryPositions && `queryPositions ${describe(queryPositions)}`,
        keyPositions && `keyPositions ${describe(keyPositions)}`,
        options.mask && `mask ${describe(options.mask)}`,
      ].filter(Boolean).join(", "),
      expected: `queryPositions [${[b, tq]}] and keyPositions [${[b, tk]}], int32, both or neither; ` +
        `mask [${[b, h, tq, tk]}] bool`,
      remedy: "give positions to queries and to keys, and a mask to each head, or axes of size 1",
    }),
  );
  const cell = typeof length === "object" ? length : undefined;
  const present = typeof length === "number" ? length : tk;
  check(
    (window === undefined || Number.isInteger(window) && window > 0 && window < 2 ** 31) &&
      (softCap === undefined || softCap > 0) && Number.isInteger(present) && present >= 0 && present <= tk &&
      (cell === undefined || cell.dtype === "int32" && cell.shape.every((size) => size === 1)),
    "Cannot compute attention: an option is out of range",
    () => ({
      actual: `window ${window}, softCap ${softCap}, length ${cell ? describe(cell) : length}`,
      expected: `window an integer from 1, softCap above 0, length from 0 to ${tk} or one int32`,
      remedy: "leave an option out to do without it",
    }),
  );
  if (present < tk) {
    keys &&= slice(keys, 2, 0, present);
    values &&= slice(values, 2, 0, present);
    mask &&= slice(mask, 3, 0, present);
    if (positions?.k) {
      positions = { q: positions.q, k: slice(positions.k, 1, 0, present) };
    }
  }
  const operands: Operand[] = [];
  const place = (operand: Operand) => at(operands.push(operand) - 1, operand);
  const placed = [output, q, keys ?? k, values ?? v].map(place) as [PlanOperand, PlanOperand, PlanOperand, PlanOperand];
  const rest: PlanAttentionOptions = {
    scale,
    softCap: softCap ?? 0,
    maskedValue,
    causal,
    window: window ?? 0,
    ...(positions?.q && positions.k && { positions: [place(positions.q), place(positions.k)] as const }),
    ...(mask && { mask: place(mask) }),
    ...(cell && { length: place(cell) }),
  };
  run(operands, (plan) => plan.attention(...placed, rest));
}
