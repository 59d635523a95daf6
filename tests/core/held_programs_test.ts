import { test } from "node:test";
import assert from "node:assert/strict";
import { heldPrograms, isProgram } from "../../core/held_programs.ts";
import type { Program } from "../../core/program.ts";

test("heldPrograms() finds programs among parameters, alone and in lists", () => {
  const [a, b] = [{ inputs: [], equations: [], outputs: [] }, { inputs: [], equations: [], outputs: [] }] as Program[];
  assert(isProgram(a) && !isProgram(null) && !isProgram({ inputs: [] }));
  assert.deepEqual(heldPrograms({ name: "f", body: a, branches: [a, b], axes: [1], none: null }), [a, a, b]);
  assert.deepEqual(heldPrograms(undefined), []);
});
