import { test } from "node:test";
import assert from "node:assert/strict";
import { axesInScope, axesOf, sizeOfAxis, traceOfAxes, withAxis } from "../../core/axes.ts";
import { writeClosed } from "../../core/program.ts";
import type { Trace } from "../../core/trace.ts";
import { jitPrimitive } from "../../ops/jit.ts";
import { psum, psumPrimitive } from "../../ops/psum.ts";

const trace: Trace = { name: "vmap", level: 1, process: () => [] };
const scalar = { shape: [], dtype: "float32", weakType: false } as const;

test("withAxis() brings an axis into scope, also when its body throws", () => {
  assert.equal(withAxis("i", 3, trace, () => withAxis("j", 2, trace, axesInScope)), '"i":3,"j":2');
  assert.equal(withAxis(undefined, 3, trace, axesInScope), "");
  assert.throws(() =>
    withAxis("i", 3, trace, () => {
      throw new Error("no");
    })
  );
  assert.equal(axesInScope(), "");
  assert.throws(() => sizeOfAxis("psum", "i"), { name: "ValueError", code: "axis-name" });
  assert.equal(withAxis("i", 3, trace, () => withAxis("i", 2, trace, () => sizeOfAxis("psum", "i"))), 2);
});

test("axesOf() finds axes in programs that operations hold, traceOfAxes() their traces", () => {
  const [program] = writeClosed("test", (x) => [psum(x!, "i")], [scalar]);
  const outer = { name: "f", program: { ...program, equations: [{ ...program.equations[0]! }] } };
  assert.deepEqual([...axesOf(jitPrimitive, outer)], ["i"]);
  assert.deepEqual([...axesOf(psumPrimitive, { axisName: "k" })], ["k"]);
  assert.equal(traceOfAxes(jitPrimitive, outer), undefined);
  assert.equal(withAxis("i", 3, trace, () => traceOfAxes(jitPrimitive, outer)), trace);
  assert.equal(withAxis("j", 3, trace, () => traceOfAxes(jitPrimitive, outer)), undefined);
});
