import assert from "node:assert/strict";
import test from "node:test";
import { download } from "../../wasm/operand.ts";
import { Plan } from "../../wasm/plan.ts";
import { checkPlan, runPlan } from "../../wasm/run.ts";
import { withOperands } from "../_support.ts";

test("runPlan() and checkPlan() take a plan or its words", () =>
  withOperands((operands) => {
    const [x, y] = [operands.of([1, 2]), operands.of([0, 0])];
    const vector = { offset: 0, dtype: "float32" as const, shape: [2], strides: [1] };
    const plan = new Plan().copy({ slot: 1, ...vector }, { slot: 0, ...vector });
    checkPlan(plan, [x, y]);
    checkPlan(plan.words(), [x, y]);
    assert.deepEqual([...download(y)], [0, 0]);
    runPlan(plan, [x, y]);
    assert.deepEqual([...download(y)], [1, 2]);
    runPlan(plan.words(), [y, x]);
  }));

test("an empty plan runs", () => withOperands(() => runPlan(new Plan(), [])));
