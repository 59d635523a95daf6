import { test } from "node:test";
import assert from "node:assert/strict";
import { type Lifetime, placeBlocks } from "../../staging/arena.ts";
import { lcg } from "../_support.ts";

/** Seeded blocks of a plan of so many instructions. */
function randomBlocks(seed: number, count: number): Lifetime[] {
  const words = lcg(seed);
  const next = (below: number): number => Math.floor((words.next().value as number) / 2 ** 32 * below);
  const froms = Array.from({ length: count }, () => next(count)).sort((a, b) => a - b);
  return froms.map((from) => ({ byteLength: next(1000), from, to: next(10) === 0 ? Infinity : from + 1 + next(20) }));
}

test("blocks that live at the same time do not overlap, and start at whole lines", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const blocks = randomBlocks(seed, 80);
    const [starts, byteLength] = placeBlocks(blocks);
    blocks.forEach((a, i) => {
      assert.equal(starts[i]! % 64, 0);
      assert(starts[i]! + a.byteLength <= byteLength);
      blocks.slice(0, i).forEach((b, j) => {
        const together = a.from < b.to && b.from < a.to;
        const apart = starts[i]! + a.byteLength <= starts[j]! || starts[j]! + b.byteLength <= starts[i]!;
        assert(!together || apart, `seed ${seed}: blocks ${j} and ${i}`);
      });
    });
  }
});

test("a block takes the smallest gap that it fits, and what ends is joined with what is free beside it", () => {
  const blocks = [
    { byteLength: 256, from: 0, to: 1 },
    { byteLength: 64, from: 0, to: 9 },
    { byteLength: 128, from: 0, to: 1 },
    { byteLength: 64, from: 0, to: 2 },
    { byteLength: 128, from: 1, to: 9 },
    { byteLength: 192, from: 2, to: 9 },
  ];
  // At 2 the gap of 128 that was taken has 64 behind it, which is too little; the 256 in front are not.
  assert.deepEqual(placeBlocks(blocks), [[0, 256, 320, 448, 320, 0], 512]);
});

test("a chain needs the memory of two links", () => {
  const blocks = Array.from({ length: 100 }, (_, k) => ({ byteLength: 1000, from: k, to: k + 2 }));
  assert.equal(placeBlocks(blocks)[1], 2 * 1024);
});

test("without blocks there is no arena, and an empty block has a place", () => {
  assert.deepEqual(placeBlocks([]), [[], 0]);
  assert.deepEqual(placeBlocks([{ byteLength: 0, from: 0, to: 1 }]), [[0], 64]);
});
