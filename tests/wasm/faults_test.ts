import assert from "node:assert/strict";
import test from "node:test";
import { EngineError } from "../../errors/mod.ts";
import { faultError, trapError } from "../../wasm/faults.ts";

test("faultError() says what the engine refused, where, and what to do", () => {
  const error = faultError(5, 17);
  assert(error instanceof EngineError);
  assert.equal(error.code, "bounds");
  assert.equal(
    error.message,
    [
      "Cannot run the plan",
      "  actual: an operand reaches outside its slot",
      "  at:     word 17 of the plan",
      "  try:    pass slots as large as the plan was made for",
    ].join("\n"),
  );
});

test("faultError() has words of its own for every fault", () => {
  const codes = Array.from({ length: 19 }, (_, index) => faultError(index + 1, 0).code);
  assert.equal(new Set(codes).size, 19);
  assert(!codes.includes("unknown"));
  assert.equal(faultError(20, 0).code, "unknown");
});

test("faultError() keeps what a host call threw", () => {
  const cause = new Error("inner");
  assert.equal(faultError(16, 4, cause).cause, cause);
});

test("trapError() names the instruction and keeps the trap", () => {
  const cause = new Error("unreachable");
  const error = trapError(9, cause);
  assert.equal(error.path, "word 9 of the plan");
  assert.equal(error.cause, cause);
});
