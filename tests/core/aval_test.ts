import { test } from "node:test";
import assert from "node:assert/strict";
import { describe } from "../../core/aval.ts";

test("describe() names dtype and shape", () => {
  assert.equal(describe({ shape: [2, 3], dtype: "bfloat16", weakType: false }), "bfloat16[2,3]");
});
