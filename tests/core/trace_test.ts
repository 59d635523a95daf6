import { test } from "node:test";
import assert from "node:assert/strict";
import {
  checkSeal,
  deeper,
  inMapping,
  innermostMapping,
  isTracing,
  named,
  notConcrete,
  outOfMapping,
  sealing,
  stagingTrace,
  type Trace,
  withStaging,
} from "../../core/trace.ts";

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

test("sealing() keeps differentiations from outside out, and lets those from inside be", () => {
  checkSeal(trace);
  deeper(() => {
    sealing("the function", () => {
      assert.throws(() => checkSeal(trace), {
        message: "Cannot differentiate the function by an array that it holds: its rule knows its arguments alone\n" +
          "  expected: functions and rules that hold nothing of the differentiation that they are in\n" +
          "  try:      pass the array as one argument more, and have the rule say how the result changes with it",
      });
      checkSeal({ ...trace, level: 2 });
    });
  });
  checkSeal(trace);
});

test("inMapping() tells which mapping is the innermost, outOfMapping() hides it and what is inside of it", () => {
  const inner: Trace = { ...trace, level: 2 };
  assert.equal(innermostMapping(), undefined);
  inMapping(trace, () =>
    inMapping(inner, () => {
      assert.equal(innermostMapping(), inner);
      assert.equal(outOfMapping(inner, innermostMapping), trace);
      assert.equal(outOfMapping(trace, innermostMapping), undefined);
      assert.equal(innermostMapping(), inner);
    }));
  assert.equal(innermostMapping(), undefined);
});

test("named() names transformations of functions that have names", () => {
  assert.equal(named("grad", { name: "loss" } as unknown as () => void), "grad of loss");
  assert.equal(named("grad", () => {}), "grad");
});
