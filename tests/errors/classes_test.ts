import assert from "node:assert/strict";
import test from "node:test";
import {
  AssertionError,
  AttributeError,
  EngineError,
  KeyError,
  NotInitializedError,
  OutOfMemoryError,
  PenjingError,
  PyTreeDataclassSafetyError,
  SelectionError,
  StructureMismatchError,
  ValueError,
} from "../../errors/mod.ts";

const CLASSES = [
  AssertionError,
  AttributeError,
  EngineError,
  KeyError,
  NotInitializedError,
  OutOfMemoryError,
  PyTreeDataclassSafetyError,
  SelectionError,
  StructureMismatchError,
  ValueError,
];

test("each class has its name and extends PenjingError", () => {
  for (const Class of CLASSES) {
    const error = new Class("Cannot go on", { actual: "a wall" });
    assert.equal(error.name, Class.name);
    assert(error instanceof PenjingError && error instanceof Error);
    assert.equal(String(error), `${Class.name}: Cannot go on\n  actual: a wall`);
  }
});

test("what cannot be selected, or is built otherwise, is a ValueError", () => {
  assert(new SelectionError("Cannot select") instanceof ValueError);
  assert(new StructureMismatchError("Structure check failed:") instanceof ValueError);
});
