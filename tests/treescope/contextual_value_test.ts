import assert from "node:assert/strict";
import test from "node:test";
import { ContextualValue } from "../../treescope/contextual_value.ts";

test("T-RD-05 ContextualValue.get() is what holds where it is asked", () => {
  const value = new ContextualValue(10, { module: "tests", qualname: "value" });
  assert.deepEqual([value.get(), value.module, value.qualname], [10, "tests", "value"]);
  assert.equal(value.runScoped(3, () => value.get()), 3);
  assert.equal(value.get(), 10);
  assert.throws(
    () =>
      value.runScoped(3, () => {
        throw new RangeError("inside");
      }),
    RangeError,
  );
  assert.equal(value.get(), 10);
  value.runScoped(3, () => {
    value.setGlobally(5);
    assert.equal(value.get(), 3);
  });
  assert.equal(value.get(), 5);
  value.setInteractive(6);
  assert.equal(value.get(), 6);
});

test("ContextualValue.setScoped() holds until it is disposed of, in any order", () => {
  const value = new ContextualValue("global");
  const outer = value.setScoped("outer");
  const inner = value.setScoped("inner");
  assert.equal(value.get(), "inner");
  outer[Symbol.dispose]();
  assert.equal(value.get(), "inner");
  inner[Symbol.dispose]();
  inner[Symbol.dispose]();
  assert.equal(value.get(), "global");
  assert.equal(new ContextualValue<string | undefined>("set").runScoped(undefined, () => "ran"), "ran");
});
