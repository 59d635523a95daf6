import assert from "node:assert/strict";
import test from "node:test";
import { PenjingError } from "../../errors/mod.ts";

test("PenjingError renders one line a field, aligned, in the order of the house", () => {
  const error = new PenjingError("Cannot add bias", {
    remedy: "build the layer with 8 neurons",
    path: "root.layers[0]",
    expected: "[2, 8]",
    actual: "[2, 16]",
    operand: "bias",
    op: "add",
    code: "shape",
  });
  assert.equal(
    error.message,
    [
      "Cannot add bias",
      "  operand:  bias",
      "  actual:   [2, 16]",
      "  expected: [2, 8]",
      "  at:       root.layers[0]",
      "  try:      build the layer with 8 neurons",
    ].join("\n"),
  );
  assert.equal(error.op, "add");
  assert.equal(error.code, "shape");
});

test("PenjingError without details is its summary", () => {
  const error = new PenjingError("Cannot start");
  assert.equal(error.message, "Cannot start");
  assert.equal(error.actual, undefined);
  assert.equal("cause" in error, false);
});

test("PenjingError keeps its cause", () => {
  const cause = new RangeError("inner");
  assert.equal(new PenjingError("Cannot start", { cause }).cause, cause);
});
