import { test } from "node:test";
import assert from "node:assert/strict";
import creation from "../goldens/array/creation.json" with { type: "json" };
import elementwise from "../goldens/array/elementwise.json" with { type: "json" };
import functions from "../goldens/array/fn.json" with { type: "json" };
import index from "../goldens/array/index.json" with { type: "json" };
import lax from "../goldens/array/lax.json" with { type: "json" };
import linear from "../goldens/array/linear.json" with { type: "json" };
import promotion from "../goldens/array/promotion_ops.json" with { type: "json" };
import reduce from "../goldens/array/reduce.json" with { type: "json" };
import search from "../goldens/array/search.json" with { type: "json" };
import shape from "../goldens/array/shape.json" with { type: "json" };
import { start } from "../_support.ts";
import { check, functionOf, type GoldenCase, type Goldens, type Tolerance } from "./_goldens.ts";
import { ABSENT, DIFFERENCES, TOLERANCES } from "./_tolerances.ts";

await start();

const GROUPS: Readonly<Record<string, unknown>> = {
  creation,
  shape,
  index,
  search,
  promotion,
  elementwise,
  reduce,
  linear,
  lax,
  fn: functions,
};

for (const [group, file] of Object.entries(GROUPS)) {
  const byFunction = new Map<string, GoldenCase[]>();
  for (const one of (file as Goldens).cases) {
    const text = JSON.stringify(one);
    if (one.f in ABSENT || DIFFERENCES.some(([start]) => text.startsWith(start))) continue;
    byFunction.set(one.f, [...byFunction.get(one.f) ?? [], one]);
  }
  for (const [name, cases] of byFunction) {
    const tolerance: Tolerance | undefined = TOLERANCES[name];
    test(`${group}: ${name} gives what JAX gives`, () => check(cases, tolerance));
  }
}

test("functions that are listed as absent are", () => {
  for (const name of Object.keys(ABSENT)) assert.equal(functionOf(name), undefined, name);
});
