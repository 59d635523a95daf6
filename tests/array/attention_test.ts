import assert from "node:assert/strict";
import { test } from "node:test";
import { dotProductAttention } from "../../array/attention.ts";
import { readNow } from "../../array/read.ts";
import { fromElements } from "../../core/constant.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { floats, start } from "../_support.ts";

await start();

const [B, T, S, N, K, H] = [2, 3, 5, 4, 2, 6];
const [Q, KEYS, V] = [floats(1, B * T * N * H, 4), floats(2, B * S * K * H, 4), floats(3, B * S * K * H, 4)] as const;
const query = (): NDArray => fromElements(Q, [B, T, N, H], "float32");
const key = (): NDArray => fromElements(KEYS, [B, S, K, H], "float32");
const value = (): NDArray => fromElements(V, [B, S, K, H], "float32");

/** The definition, element by element. */
function reference(sees: (b: number, t: number, s: number, n: number) => boolean, bias = 0): number[] {
  const out: number[] = [];
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      for (let n = 0; n < N; n++) {
        const k = Math.floor(n / (N / K));
        const place = (s: number): number => ((b * S + s) * K + k) * H;
        const weights = Array.from({ length: S }, (_, s) => {
          let logit = bias * s;
          for (let h = 0; h < H; h++) logit += Q[((b * T + t) * N + n) * H + h]! * KEYS[place(s) + h]! / Math.sqrt(H);
          return sees(b, t, s, n) ? Math.exp(logit) : 0;
        });
        const sum = weights.reduce((total, w) => total + w, 0);
        for (let h = 0; h < H; h++) {
          out.push(weights.reduce((total, w, s) => total + w * V[place(s) + h]!, 0) / sum);
        }
      }
    }
  }
  return out;
}

function assertNear(x: NDArray, expected: readonly number[]): void {
  const actual = [...readNow("test", x)];
  assert.equal(actual.length, expected.length);
  actual.forEach((own, k) => assert(Math.abs(own - expected[k]!) <= 1e-5, `${k}: ${own}, not ${expected[k]}`));
}

test("dotProductAttention() is its definition, with shared heads of keys", () => {
  const y = dotProductAttention(query(), key(), value());
  assert.deepEqual(y.shape, [B, T, N, H]);
  assertNear(y, reference(() => true));
});

test("dotProductAttention() hides what is later, far away, masked, or not there", () => {
  const attend = (options: Parameters<typeof dotProductAttention>[3]): NDArray =>
    dotProductAttention(query(), key(), value(), options);
  assertNear(attend({ isCausal: true }), reference((_b, t, s) => s <= t));
  assertNear(attend({ localWindowSize: 1 }), reference((_b, t, s) => Math.abs(s - t) <= 1));
  assertNear(attend({ localWindowSize: [2, 0] }), reference((_b, t, s) => s <= t && s >= t - 2));
  const mask = fromElements([1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 0, 0], [N, 1, S], "bool");
  const bits = [...readNow("test", mask)];
  assertNear(attend({ mask }), reference((_b, _t, s, n) => bits[n * S + s] === 1));
  const keyValueSeqLengths = fromElements([2, 5], [B], "int32");
  assertNear(attend({ keyValueSeqLengths }), reference((b, _t, s) => s < [2, 5][b]!));
  const querySeqLengths = fromElements([1, 3], [B], "int32");
  const expected = reference((b, _t, s) => s < [2, 5][b]!);
  expected.fill(0, N * H, T * N * H);
  assertNear(attend({ keyValueSeqLengths, querySeqLengths }), expected);
});

test("dotProductAttention() adds a bias that broadcasts", () => {
  const bias = fromElements([0, 0.5, 1, 1.5, 2], [S], "float32");
  assertNear(dotProductAttention(query(), key(), value(), { bias }), reference(() => true, 0.5));
});

test("dotProductAttention() refuses operands that do not fit", () => {
  assert.throws(() => dotProductAttention(query(), query(), value()), {
    name: "ValueError",
    message: [
      "Cannot dotProductAttention: the operands do not fit",
      "  operand:  query, key and value",
      "  actual:   float32[2,3,4,6], float32[2,3,4,6], float32[2,5,2,6]",
      "  expected: floats of one dtype: query [b, t, n, h], key and value [b, s, k, h], n a multiple of k",
      "  try:      transpose or reshape them, or check their order",
    ].join("\n"),
  });
  assert.throws(() => dotProductAttention(query(), key(), value(), { mask: fromElements([1], [1], "int32") }), {
    name: "TypeError",
    message: "Cannot dotProductAttention: the mask is of int32; pass bools",
  });
  const mask = fromElements([1, 1, 1], [3], "bool");
  assert.throws(() => dotProductAttention(query(), key(), value(), { mask }), {
    name: "ValueError",
    message: [
      "Cannot dotProductAttention: the operands do not fit",
      "  operand:  mask",
      "  actual:   bool[1,1,1,3]",
      "  expected: [2,4,3,5], or sizes of 1",
      "  try:      give it the axes of the logits",
    ].join("\n"),
  });
});
