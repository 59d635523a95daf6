import assert from "node:assert/strict";
import test from "node:test";
import { elementwiseOps, writeOps } from "../../scripts/write_ops.ts";

test("the generated table of elementwise operations is current", () => {
  assert(writeOps(true), "run deno run -A scripts/write_ops.ts");
});

test("elementwiseOps() reads rows and leaves comments", () => {
  const text = elementwiseOps(
    "// no = 1, 2, (f32) -> f32,\n  add_f32 = 16, 2, (f32, f32) -> f32, |a, b| L::add(a, b);\n",
  );
  assert.match(text, /add_f32: \{ code: 16, arity: 2 \}/);
  assert(!text.includes("no:"));
});
