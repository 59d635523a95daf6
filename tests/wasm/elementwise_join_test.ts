import assert from "node:assert/strict";
import test from "node:test";
import { Elementwise, type ElementwiseOp, type ElementwiseValue } from "../../wasm/elementwise.ts";
import { joinNodes } from "../../wasm/elementwise_join.ts";
import { OPS } from "../../wasm/generated/elementwise_ops.ts";
import { elementwise } from "../../wasm/kernels/mod.ts";
import { download } from "../../wasm/operand.ts";
import { withOperands } from "../_support.ts";

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(OPS).map(([name, { code }]) => [code, name]));

/** The instructions that the expression `build` makes of three inputs becomes; of a chain, its steps. */
function joined(build: (apply: Apply, x: number, y: number, z: number, two: number) => ElementwiseValue): string[] {
  const program = new Elementwise();
  const inputs = [program.load(0), program.load(1), program.load(2)] as const;
  program.store(build(program.apply.bind(program), ...inputs, program.float(2)), 0);
  const found: string[] = [];
  const words = program.words();
  for (let at = 0; at < words.length; at++) {
    const [code, count] = [words[at]! & 0xff, words[at]! >>> 24];
    if (code === 5) {
      const steps = words.slice(at + 1, at + 1 + count);
      found.push(
        `chain of ${steps.map((step) => NAMES.get(step & 0xff)! + (step >>> 16 ? " swapped" : "")).join(", ")}`,
      );
      at += count;
    } else if (code >= 4) {
      found.push(NAMES.get(code)!);
    }
    if (code === 3 || [...NAMES.get(code) ?? ""].length > 0 && arity(code) > 2) at++;
  }
  return found;
}

type Apply = (op: ElementwiseOp, ...operands: number[]) => ElementwiseValue;

function arity(code: number): number {
  return OPS[NAMES.get(code) as ElementwiseOp].arity;
}

test("joinNodes() makes a chain of arithmetic that nothing else wants", () => {
  assert.deepEqual(joined((apply, x, y, z) => apply("sub_f32", apply("mul_f32", x, y), z)), [
    "chain of mul_f32, sub_f32",
  ]);
  assert.deepEqual(joined((apply, x, y, z) => apply("sub_f32", z, apply("mul_f32", x, y))), [
    "chain of mul_f32, sub_f32 swapped",
  ]);
  assert.deepEqual(joined((apply, x, y, _, two) => apply("div_f32", x, apply("add_f32", two, y))), [
    "chain of add_f32 swapped, div_f32 swapped",
  ]);
  assert.deepEqual(
    joined((apply, x, y) => apply("sqrt_f32", apply("abs_f32", apply("neg_f32", apply("max_f32", x, y))))),
    ["chain of max_f32, neg_f32, abs_f32, sqrt_f32"],
  );
});

test("joinNodes() goes on from the operand with more steps, and makes the other first", () => {
  assert.deepEqual(
    joined((apply, x, y, z) => {
      const short = apply("neg_f32", x);
      const long = apply("abs_f32", apply("sub_f32", y, z));
      return apply("mul_f32", short, long);
    }),
    ["neg_f32", "chain of sub_f32, abs_f32, mul_f32 swapped"],
  );
});

test("joinNodes() leaves alone what is wanted twice, and what is no step", () => {
  assert.deepEqual(
    joined((apply, x, y) => {
      const sum = apply("add_f32", x, y);
      return apply("max_f32", apply("floor_f32", sum), sum);
    }),
    ["add_f32", "floor_f32", "max_f32"],
  );
  const stored = [{ op: OPS.neg_f32.code, operands: [0], immediate: 0 }, {
    op: OPS.abs_f32.code,
    operands: [1],
    immediate: 0,
  }];
  const nodes = [{ op: 1, operands: [], immediate: 0 }, ...stored];
  assert.deepEqual(joinNodes(nodes, [1, 2]), nodes);
  assert.deepEqual(joinNodes(nodes, [2]).map((node) => node?.op), [1, undefined, 5]);
});

test("joinNodes() has an instruction for a product and a sum", () => {
  assert.deepEqual(joined((apply, x, y, z) => apply("add_f32", apply("mul_f32", x, y), z)), ["mul_add_f32"]);
  assert.deepEqual(joined((apply, x, y, z) => apply("add_f32", z, apply("mul_f32", x, y))), ["mul_add_f32"]);
  assert.deepEqual(joined((apply, x, _, z) => apply("add_f32", apply("mul_f32", x, x), z)), ["mul_add_f32"]);
  assert.deepEqual(joined((apply, x) => apply("mul_f32", x, x)), ["square_f32"]);
});

test("joinNodes() ends a chain after 32 steps", () => {
  const long = joined((apply, x, y) => {
    for (let step = 0; step < 40; step++) x = apply("add_f32", x, y);
    return x;
  });
  assert.deepEqual(long.map((name) => name.split(", ").length), [32, 8]);
});

test("joinNodes() selects by each comparison in one pass", () => {
  for (const kind of ["eq", "ne", "lt", "le", "gt", "ge"] as const) {
    const both = (apply: Apply, x: number, y: number, z: number, two: number) =>
      apply("select", apply(`${kind}_f32`, x, y), z, two);
    const name = { eq: "eq", ne: "eq", lt: "lt", le: "le", gt: "lt", ge: "le" }[kind];
    assert.deepEqual(joined(both), [`select_${name}_f32`]);
  }
  const twice = (apply: Apply, x: number, y: number, z: number) => {
    const mask = apply("lt_f32", x, y);
    return apply("select", mask, apply("select", mask, x, z), y);
  };
  assert.deepEqual(joined(twice), ["lt_f32", "select", "select"]);
});

test("a program that is joined beyond the registers is written as it was", () => {
  const program = new Elementwise();
  let sum = program.load(0);
  for (let term = 1; term < 100; term++) sum = program.apply("add_f32", sum, program.float(term));
  program.store(sum, 0);
  assert.equal(program.words().filter((word) => (word & 0xff) === OPS.add_f32.code).length, 99);
});

const f = Math.fround;
const EVALUATE: Partial<Record<ElementwiseOp, (a: number, b: number, c: number) => number>> = {
  add_f32: (a, b) => f(a + b),
  sub_f32: (a, b) => f(a - b),
  mul_f32: (a, b) => f(a * b),
  div_f32: (a, b) => f(a / b),
  min_f32: (a, b) => Math.min(a, b),
  max_f32: (a, b) => Math.max(a, b),
  neg_f32: (a) => -a,
  abs_f32: (a) => Math.abs(a),
  sqrt_f32: (a) => f(Math.sqrt(a)),
  floor_f32: (a) => Math.floor(a),
  lt_f32: (a, b) => Number(a < b),
  ge_f32: (a, b) => Number(a >= b),
  ne_f32: (a, b) => Number(a !== b),
  select: (a, b, c) => a !== 0 ? b : c,
};

test("random programs give the bits of their operations one by one", async () => {
  let seed = 1;
  const below = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  const EDGES = [0, -0, 1, -1.5, 0.1, 3e38, -1e-40, Infinity, -Infinity, NaN];
  const masks: readonly ElementwiseOp[] = ["lt_f32", "ge_f32", "ne_f32"];
  const plain = (Object.keys(EVALUATE) as ElementwiseOp[]).filter((op) => !masks.includes(op) && op !== "select");
  for (let turn = 0; turn < 150; turn++) {
    const n = 1 + below(200);
    const inputs = [0, 1].map(() =>
      new Float32Array(n).map(() => below(3) ? (below(4000) - 2000) / 64 : EDGES[below(10)]!)
    );
    const program = new Elementwise();
    const values: { readonly id: ElementwiseValue; readonly of: Float32Array }[] = [
      ...inputs.map((of, index) => ({ id: program.load(index), of })),
      ...[EDGES[below(10)]!, 1.25].map((value) => ({ id: program.float(value), of: new Float32Array(n).fill(value) })),
    ];
    // Mostly from the newest, so that runs come about.
    const any = () => values[below(3) === 0 ? below(values.length) : values.length - 1]!;
    const apply = (op: ElementwiseOp, operands: typeof values) => ({
      id: program.apply(op, ...operands.map(({ id }) => id)),
      of: new Float32Array(n).map((_, i) => {
        const [a = 0, b = 0, c = 0] = operands.map(({ of }) => of[i]!);
        return EVALUATE[op]!(a, b, c);
      }),
    });
    for (let step = 0; step < 12; step++) {
      if (below(6) === 0) {
        values.push(apply("select", [apply(masks[below(3)]!, [any(), any()]), any(), any()]));
      } else {
        const op = plain[below(plain.length)]!;
        values.push(apply(op, [any(), any()].slice(0, OPS[op].arity)));
      }
    }
    const { id, of } = values.at(-1)!;
    program.store(id, 0);
    await withOperands((operands) => {
      const out = operands.out([n]);
      elementwise(program, [out], inputs.map((input) => operands.of(input)));
      // NaNs may differ in their payload, which arrays of numbers do not show.
      assert.deepEqual([...download(out)], [...of], `turn ${turn}`);
    });
  }
});
