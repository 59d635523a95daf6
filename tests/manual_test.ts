import assert from "node:assert/strict";
import test from "node:test";
import * as pz from "../manual.ts";
import { start } from "./_support.ts";

test("the namespace reads as documented", async () => {
  await start();
  const names = [
    "AssertionError",
    "AttributeError",
    "EngineError",
    "KeyError",
    "NotInitializedError",
    "OutOfMemoryError",
    "PenjingError",
    "PyTreeDataclassSafetyError",
    "SelectionError",
    "StructureMismatchError",
    "ValueError",
  ];
  assert.deepEqual(Object.keys(pz).sort(), [...names, "backend", "init", "kernels", "memory"].sort());
  assert.equal(typeof pz.backend.info().why, "string");
  assert.equal(pz.memory().liveBlocks >= 1, true);
});
