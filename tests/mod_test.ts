import assert from "node:assert/strict";
import test from "node:test";
import * as pz from "../mod.ts";

test("importing the main entry starts penjing, and no worker", () => {
  const { workers, threads, why } = pz.backend.info();
  assert.equal(workers, 0);
  assert(threads >= 1 && why.length > 0);
});
