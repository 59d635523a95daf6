import { test } from "node:test";
import assert from "node:assert/strict";
import { CUMULATIVES, GATHER_MODES, OPCODE, REDUCTIONS, SCATTERS, THREEFRY_MODES } from "../../wasm/plan_kinds.ts";

test("instructions have numbers of their own, those of the engine itself below 16", () => {
  const numbers = Object.values(OPCODE);
  assert.equal(new Set(numbers).size, numbers.length);
  const { loop, branch, hostCall, trap, probe, ...kernels } = OPCODE;
  assert([loop, branch, hostCall, trap, probe].every((number) => number > 0 && number < 16));
  assert(Object.values(kernels).every((number) => number >= 16 && number < 256));
});

test("what a parameter chooses stands in the order of core-rs/README.md", () => {
  assert.deepEqual([REDUCTIONS.indexOf("sum"), REDUCTIONS.indexOf("argmin")], [0, 5]);
  assert.deepEqual([...CUMULATIVES], ["sum", "prod", "max", "min"]);
  assert.deepEqual([...GATHER_MODES], ["clip", "fill", "wrap"]);
  assert.deepEqual([...SCATTERS], ["set", "add", "mul", "min", "max"]);
  assert.deepEqual([...THREEFRY_MODES], ["partitionable", "legacy", "pairs"]);
});
