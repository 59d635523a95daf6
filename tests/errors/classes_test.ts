import assert from "node:assert/strict";
import test from "node:test";
import { EngineError, NotInitializedError, OutOfMemoryError, PenjingError, ValueError } from "../../errors/mod.ts";

test("each class has its name and extends PenjingError", () => {
  for (const Class of [ValueError, EngineError, OutOfMemoryError, NotInitializedError]) {
    const error = new Class("Cannot go on", { actual: "a wall" });
    assert.equal(error.name, Class.name);
    assert(error instanceof PenjingError && error instanceof Error);
    assert.equal(String(error), `${Class.name}: Cannot go on\n  actual: a wall`);
  }
});
