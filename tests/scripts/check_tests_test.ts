import assert from "node:assert/strict";
import test from "node:test";
import { checkTests } from "../../scripts/check_tests.ts";
import { withTree } from "./_tree.ts";

test("checkTests() finds the source file without a mirror", async () => {
  const findings = await withTree({
    "mod.ts": `export * from "./nn/mod.ts";\nawait 0;`,
    "nn/mod.ts": `export * from "./linear.ts";`,
    "nn/linear.ts": "export const linear = 1;",
    "nn/affine.ts": "export const affine = 1;",
    "nn/_shared.ts": "export const shared = 1;",
    "nn/types.ts": "// const in a comment\nexport interface Shape { readonly rank: number }",
    "tests/mod_test.ts": "",
    "tests/nn/linear_test.ts": "",
  }, checkTests);
  assert.deepEqual(findings, [{
    place: "nn/affine.ts",
    message: `Cannot find the test of "nn/affine.ts"\ntry: write tests/nn/affine_test.ts`,
  }]);
});

test("checkTests() finds the Rust file without tests", async () => {
  const findings = await withTree({
    "core-rs/src/lib.rs": "pub mod view;",
    "core-rs/src/view.rs": "fn view() {}\nmod tests {}",
    "core-rs/src/pool.rs": "fn pool() {}",
    "core-rs/src/lane.rs": "fn lane() {}",
    "core-rs/src/plan/mod.rs": "fn plan() {}",
    "core-rs/src/plan/decode.rs": "fn decode() {}",
    "core-rs/src/kernels/exp.rs": "fn exp() {}",
    "core-rs/src/kernels/exp/tests.rs": "",
    "core-rs/tests/lane.rs": "",
    "core-rs/tests/plan.rs": "",
  }, checkTests);
  assert.deepEqual(findings.map(({ place }) => place), ["core-rs/src/pool.rs"]);
});
