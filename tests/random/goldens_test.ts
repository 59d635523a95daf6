import { test } from "node:test";
import { setThreefryPartitionable } from "../../random/key.ts";
import { check, type GoldenCase, type Goldens, type Tolerance } from "../array/_goldens.ts";
import legacy from "../goldens/array/random_legacy.json" with { type: "json" };
import partitionable from "../goldens/array/random.json" with { type: "json" };
import { start } from "../_support.ts";

await start();

const LAST: Tolerance = { ulp: 2, because: "XLA fuses products and sums, and has transcendentals of its own" };
const TAIL: Tolerance = {
  relative: 1e-5,
  because: "in the tail the error function is next to 1, so that its last bit counts",
};

/** Of floats; all others are equal to the bit. */
const TOLERANCES: Readonly<Record<string, Tolerance>> = {
  "random.uniform": LAST,
  "random.normal": LAST,
  "random.gumbel": LAST,
  "random.exponential": LAST,
  "random.laplace": LAST,
  "random.cauchy": LAST,
  "random.logistic": LAST,
  "random.truncatedNormal": { ...TAIL, ulp: 3 },
};

for (const [layout, file] of [["partitionable", partitionable], ["legacy", legacy]] as const) {
  const byFunction = new Map<string, GoldenCase[]>();
  for (const one of (file as unknown as Goldens).cases) byFunction.set(one.f, [...byFunction.get(one.f) ?? [], one]);
  for (const [name, cases] of byFunction) {
    test(`${layout}: ${name} gives what JAX gives`, () => {
      setThreefryPartitionable(layout === "partitionable");
      try {
        check(cases, TOLERANCES[name]);
      } finally {
        setThreefryPartitionable(true);
      }
    });
  }
}
