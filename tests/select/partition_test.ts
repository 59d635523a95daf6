import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../errors/mod.ts";
import { equals } from "../../tree/equals.ts";
import { combine, NotInThisPartition, select } from "../../select/mod.ts";
import { Foo, L, randomInts, randomTree } from "./_example.ts";

const N = new NotInThisPartition();

const makeTree = () => ({ a: { a1: 1, a2: 2 }, b: { b1: 3, b2: 4 }, c: { c1: 5, c2: 6 } });

test("T-PA-01 partition() marks what is in the other part, as a whole or by leaves", () => {
  const selection = select(makeTree()).at((r) => [r.a, r.b.b1], { multiple: true });
  const [left, right] = selection.partition();
  assert.deepEqual(left as unknown, { a: { a1: 1, a2: 2 }, b: { b1: 3, b2: N }, c: N });
  assert.deepEqual(right as unknown, { a: N, b: { b1: N, b2: 4 }, c: { c1: 5, c2: 6 } });
  const [leftLeaves, rightLeaves] = selection.partition({ atLeaves: true });
  assert.deepEqual(leftLeaves as unknown, { a: { a1: 1, a2: 2 }, b: { b1: 3, b2: N }, c: { c1: N, c2: N } });
  assert.deepEqual(rightLeaves as unknown, { a: { a1: N, a2: N }, b: { b1: N, b2: 4 }, c: { c1: 5, c2: 6 } });
});

test("partition() by leaves keeps childless nodes in both parts", () => {
  const [left, right] = select({ a: [[], 1], b: null }).at((r) => r.a).partition({ atLeaves: true });
  assert.deepEqual(left as unknown, { a: [[], 1], b: null });
  assert.deepEqual(right as unknown, { a: [[], N], b: null });
  assert.deepEqual(combine(left, right), { a: [[], 1], b: null });
});

test("T-PA-02 combine() puts parts together", () => {
  const whole = makeTree();
  assert.deepEqual(
    combine<unknown>({ a: { a1: 1, a2: N }, b: N, c: { c1: N, c2: N } }, {
      a: { a1: N, a2: 2 },
      b: whole.b,
      c: whole.c,
    }),
    whole,
  );
  assert.deepEqual(
    combine<unknown>({ a: N, b: { b1: 3, b2: N }, c: whole.c }, { a: whole.a, b: { b1: N, b2: 4 }, c: N }),
    whole,
  );
  assert.deepEqual(combine<unknown>({ a: N, b: [1, N] }, { a: N, b: [N, N] }), { a: N, b: [1, N] });
  assert.deepEqual(
    combine<unknown>({ a: whole.a, b: N, c: N }, { a: N, b: whole.b, c: N }, { a: N, b: N, c: whole.c }),
    whole,
  );
  assert.deepEqual(combine<unknown>(Foo.of(1, N), Foo.of(N, 2)), Foo.of(1, 2));
});

test("T-PA-03 combine() of nothing is the marker, of one it is that, of two leaves an error", () => {
  assert(combine() instanceof NotInThisPartition);
  const one = makeTree();
  assert.equal(combine(one), one);
  const error = (() => {
    try {
      return combine<unknown>({ a: [1, N] }, { a: [1, 2] });
    } catch (thrown) {
      return thrown;
    }
  })();
  assert(error instanceof ValueError);
  assert.equal(
    error.message,
    [
      "Cannot combine partitions: two of them have something at one place",
      "  actual:   1 and 1",
      "  expected: NotInThisPartition in all but one, or nodes of one structure",
      "  at:       ['a'][0]",
      "  try:      pass partitions of one tree, each once",
    ].join("\n"),
  );
  assert.throws(() => combine<unknown>([1], { a: 1 }), /at: {7}the root/);
  assert.throws(() => combine<unknown>([N], [N, N]), ValueError);
  assert.throws(() => combine<unknown>({ a: N }, { b: N }), ValueError);
});

test("NotInThisPartition is childless and orange", () => {
  assert.equal(N.treescopeColor(), "orange");
  assert.equal(String(N), "NotInThisPartition()");
  assert(equals(N, new NotInThisPartition()));
});

test("property: combine() undoes partition()", () => {
  const below = randomInts(3);
  for (let i = 0; i < 200; i++) {
    const tree = randomTree(below, 4);
    const chance = 1 + below(4);
    const selection = select(tree).atSubtreesWhere((n) => n instanceof L || below(chance) === 0);
    for (const atLeaves of [false, true]) {
      const [left, right] = selection.partition({ atLeaves });
      assert(equals(combine(left, right), tree));
      assert(equals(combine(right, left), tree));
    }
  }
});
