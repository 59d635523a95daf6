import assert from "node:assert/strict";
import test from "node:test";
import { PenjingError } from "../../errors/mod.ts";
import { fillHook, hook, optionalHook } from "../../tree/hooks.ts";

test("hook() of an empty slot names the import that fills it", () => {
  for (const name of ["select", "arrayEquals", "print"] as const) {
    assert.equal(optionalHook(name), undefined);
    assert.throws(() => hook(name), (error) => {
      assert(error instanceof PenjingError);
      assert.equal(
        error.message,
        [
          `Cannot use "${name}" of a tree: the part that knows how is not loaded`,
          '  try: import "@penjing/penjing" somewhere before',
        ].join("\n"),
      );
      assert.equal(error.op, name);
      assert.equal(error.code, "tree-hook");
      return true;
    });
  }
});

test("hook() gives what fillHook() put there last", () => {
  const [first, second] = [(tree: object) => [1, tree], (tree: object) => [2, tree]];
  fillHook("select", first);
  assert.equal(hook("select"), first);
  assert.equal(optionalHook("select"), first);
  fillHook("select", second);
  assert.equal(hook("select"), second);
  assert.equal(optionalHook("print"), undefined);
});
