import { test } from "node:test";
import assert from "node:assert/strict";
import { deeper, isTracing, notConcrete, stagingTrace, type Trace, withStaging } from "../../core/trace.ts";

const trace: Trace = { name: "jit", level: 1, process: () => [] };

test("withStaging() holds for its body alone, also when that throws", () => {
  assert.equal(stagingTrace(), undefined);
  assert.equal(withStaging(trace, () => stagingTrace()), trace);
  assert.throws(() =>
    withStaging(trace, () => {
      throw new Error("no");
    })
  );
  assert.equal(stagingTrace(), undefined);
});

test("notConcrete() names the transformation and the ways out", () => {
  assert.equal(
    notConcrete("read an array", trace).message,
    "Cannot read an array: the array has no value yet, it is being traced\n" +
      "  actual:   an array inside of jit\n" +
      "  expected: an array outside of transformations\n" +
      "  try:      return the array and read it outside, use pz.np.where or pz.lax.cond in place of a condition on its " +
      "value, or print it by pz.debug.print",
  );
});

test("deeper() counts transformations inside of each other", () => {
  assert(!isTracing());
  assert.throws(() =>
    deeper((outer) => {
      assert(isTracing());
      deeper((inner) => assert.equal(inner, outer + 1));
      deeper((inner) => assert.equal(inner, outer + 1));
      throw new Error("no");
    })
  );
  assert(!isTracing());
});
