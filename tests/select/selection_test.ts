import assert from "node:assert/strict";
import { test } from "node:test";
import { AssertionError, KeyError, SelectionError, ValueError } from "../../errors/mod.ts";
import { equals } from "../../tree/equals.ts";
import { leaves } from "../../tree/flatten.ts";
import { StructuralMap } from "../../tree/structural_key.ts";
import type { KeyPath } from "../../tree/keys.ts";
import { keystr } from "../../tree/keys.ts";
import { Selection, SelectionHole, SelectionQuote } from "../../select/mod.ts";
import { select } from "../../select/selection.ts";
import { setWarn } from "../../select/_warn.ts";
import { Bar, Foo, L, M, makeX, mark, path, texts, thrown } from "./_example.ts";

test("T-ST-11 Struct.select() selects the whole struct", () => {
  const foo = new Foo({ a: 1, b: 2 });
  const selection = foo.select();
  assert(selection instanceof Selection);
  assert.equal(selection.get(), foo);
  assert.deepEqual(selection.getKeypaths(), [[]]);
  const expected = new Selection({
    selectedByPath: new StructuralMap<KeyPath, Foo>([[[], foo]]),
    remainder: new SelectionHole([]),
  });
  assert(equals(selection, expected));
});

test("T-SE-01 pickNthSelected() shifts negative indices by the count", () => {
  const six = select([0, 1, 2, 3, 4, 5]).atInstancesOf(Number);
  assert.deepEqual(six.pickNthSelected([]).getSequence(), []);
  assert.deepEqual(six.pickNthSelected([0, 3, -2]).getSequence(), [0, 3, 4]);
});

test("T-SE-02 select() has one entry and a hole", () => {
  const x = makeX();
  const selection = select(x);
  assert.deepEqual([...selection.selectedByPath], [[[], x]]);
  assert(equals(selection.remainder, new SelectionHole([])));
  assert.equal(selection.get(), x);
  const back = select(x).atInstancesOf(Number).deselect();
  assert.deepEqual(back, x);
  assert.notEqual(back, x);
  assert.equal(back.b, x.b);
});

test("T-SE-03 at() selects what the accessor returns", () => {
  const x = makeX();
  const c = select(x).at((r) => r.c);
  assert.deepEqual(texts(c.getKeypaths()), ["['c']"]);
  assert(equals(c.remainder, { a: 1, b: x.b, c: new SelectionHole(path("c")) }));
  assert.deepEqual(c.apply(mark), { ...x, c: new M(x.c) });
  const deep = select(x).at((r) => r.c[1]!.value).apply(mark);
  assert.deepEqual(deep, { ...x, c: [x.c[0], { value: new M(new L(13)) }, x.c[2]] });
});

test("T-SE-04 at() selects several with multiple: true", () => {
  const x = makeX();
  const made = select(x).at((r) => [r.c[0]!, r.c[1]!], { multiple: true }).at((s) => s.value).apply(mark);
  assert.deepEqual(made, { ...x, c: [{ value: mark(new L(12)) }, { value: mark(new L(13)) }, { value: 3 }] });
});

test("T-SE-05 at() warns where multiple is left out, and fails where it is false", () => {
  const warnings: string[] = [];
  setWarn((text) => warnings.push(text));
  try {
    const x = makeX();
    assert.deepEqual(texts(select(x).at((r) => [r.c[0], r.c[1]]).getKeypaths()), ["['c'][0]", "['c'][1]"]);
    assert.deepEqual(texts(select(x).at((r) => new Set([r.c[1], r.a])).getKeypaths()), ["['a']", "['c'][1]"]);
    assert.deepEqual(
      warnings,
      Array(2).fill(
        "Selection.at: the accessor returned several nodes; pass multiple: true, which will be required",
      ),
    );
    const error = thrown(() => select(x).at((r) => [r.c[0], r.c[1]], { multiple: false }));
    assert(error instanceof ValueError && !(error instanceof SelectionError));
    assert.equal(
      error.message,
      [
        "Cannot select by an accessor: what it returned is not found in the tree",
        "  operand:  accessor",
        "  actual:   a value of type Array",
        "  expected: a node or leaf of the argument, or with multiple: true several, none below another",
        "  at:       the root",
        "  try:      pass multiple: true to select each element of what is returned",
      ].join("\n"),
    );
    assert.equal(warnings.length, 2);
  } finally {
    setWarn();
  }
});

test("T-SE-06 at() tells equal singletons apart", () => {
  const tree = [null, null, null, null, [], [], [], []];
  const selection = select(tree).at((r) => [r[1], r[2], r[5], r[7]], { multiple: true });
  assert.deepEqual(texts(selection.getKeypaths()), ["[1]", "[2]", "[5]", "[7]"]);
  assert.deepEqual(selection.getSequence(), [null, null, [], []]);
});

test("at() selects one place of a shared subtree, in structs too", () => {
  const shared = new Foo({ a: [1, 2], b: 1 });
  const tree = { one: shared, two: shared, three: new Bar({ a: shared, b: [shared] }) };
  const made = select(tree).at((r) => (r.three.b as Foo[])[0]!.a).set("new");
  assert.deepEqual(made.three.a, shared);
  assert.deepEqual(leaves(made), [1, 2, 1, 1, 2, 1, "new", 1, 1, 2, 1]);
});

test("at() passes errors of the accessor, and finds nothing computed", () => {
  const failure = new RangeError("mine");
  assert.equal(
    thrown(() =>
      select([1]).at(() => {
        throw failure;
      })
    ),
    failure,
  );
  assert.match(thrown(() => select([1]).at((r) => r.length)).message, /actual: {3}a value of type number/);
  assert.match(thrown(() => select([1]).at(() => undefined)).message, /actual: {3}a value of type undefined/);
  assert.match(thrown(() => select([1]).at(() => null)).message, /actual: {3}a value of type null/);
  const nested = thrown(() => select({ a: [[1]] }).at((r) => [r.a, r.a[0]], { multiple: true }));
  assert.match(nested.message, /actual: {3}1 of 2 values are elsewhere/);
});

test("T-SE-07 atInstancesOf() knows tokens of primitives and containers", () => {
  const x = makeX();
  assert.deepEqual(select(x).atInstancesOf(Number).apply(mark), {
    ...x,
    a: mark(1),
    c: [...x.c.slice(0, 2), { value: mark(3) }],
  });
  assert.deepEqual(select(x).atInstancesOf(Array).apply(mark), { ...x, c: mark(x.c) });
  assert.deepEqual(select(x).atInstancesOf(Object).apply(mark) as unknown, mark(x));
});

test("T-SE-08 atSubtreesWhere() selects what a predicate accepts", () => {
  const x = makeX();
  assert.deepEqual(select(x).atSubtreesWhere((n) => n instanceof L && n.tag <= 10).apply(mark), { ...x, b: mark(x.b) });
  const deep = select(x).atSubtreesWhere((p, n) => p.length === 3 && n instanceof L, { withKeypath: true });
  assert.deepEqual(deep.getSequence(), [new L(12), new L(13)]);
});

test("T-SE-09 atSubtreesWhere() gives relative or absolute paths", () => {
  for (const absoluteKeypath of [false, true]) {
    const seen: string[] = [];
    select(makeX()).at((r) => r.c).atSubtreesWhere((p, n) => {
      if (n instanceof L) seen.push(keystr(p));
      return false;
    }, { withKeypath: true, absoluteKeypath });
    const prefix = absoluteKeypath ? "['c']" : "";
    assert.deepEqual(seen, [`${prefix}[0]['value']`, `${prefix}[1]['value']`]);
  }
});

test("T-SE-10 atSubtreesWhere() selects innermost matches", () => {
  const x = makeX();
  const isRecord = (n: unknown) => typeof n === "object" && n !== null && Object.getPrototypeOf(n) === Object.prototype;
  assert.deepEqual(select(x).atSubtreesWhere(isRecord, { innermost: true }).apply(mark), { ...x, c: x.c.map(mark) });
});

test("T-SE-11 atEqualTo() selects what equals a template", () => {
  const x = makeX();
  assert.deepEqual(select(x).atEqualTo(1).apply(mark), { ...x, a: mark(1) });
  const tree = { foo: "foo", bar: [1, 2, 3] };
  assert.deepEqual(select(tree).atEqualTo([1, 2, 3]).apply(mark), { foo: "foo", bar: mark([1, 2, 3]) });
  assert.deepEqual(select([new Foo({ a: 1, b: 2 }), new Bar({ a: 1, b: 2 })]).atEqualTo(Foo.of(1, 2)).count(), 1);
  assert.equal(select([true, "1", 1n, 1]).atEqualTo(1).count(), 1);
});

test("atEqualTo() refuses arrays of numbers", () => {
  const error = thrown(() => select([1]).atEqualTo(new Float32Array(2)));
  assert(error instanceof ValueError);
  assert.equal(
    error.message,
    [
      "Cannot select what equals an array: elements may be equal by chance",
      "  operand: template",
      "  actual:  Float32Array",
      "  try:     use atSubtreesWhere with a comparison of your own",
    ].join("\n"),
  );
});

test("T-SE-12 atKeypaths() selects what is at paths", () => {
  const x = makeX();
  const selection = select(x).atKeypaths([path("c", 2, "value"), path("c", 0)]);
  assert.deepEqual(selection.apply(mark), { ...x, c: [mark(x.c[0]), x.c[1], { value: mark(3) }] });
  const inC = select(x).at((r) => r.c);
  const paths = new Set([path(0, "value"), path(0), path(9), path(1, "value", 0), path("c")]);
  assert.deepEqual(texts(inC.atKeypaths(paths).getKeypaths()), ["['c'][0]"]);
});

test("T-SE-13 atChildren() selects the immediate children", () => {
  const x = makeX();
  assert.deepEqual(select(x).atChildren().apply(mark), { a: mark(1), b: mark(x.b), c: mark(x.c) });
  const none = select(x).at((r) => r.a).atChildren();
  assert(none.isEmpty());
  assert.deepEqual(none.deselect(), x);
});

test("T-SE-14 atPytreeLeaves() and atChildless() select leaves, without and with childless nodes", () => {
  const x = makeX();
  assert.deepEqual(select(x).atPytreeLeaves().getSequence(), [1, x.b, x.c[0]!.value, x.c[1]!.value, 3]);
  const tree = [1, 2, [], 3, null, 4, { a: 5, b: {} }];
  assert.deepEqual(select(tree).atPytreeLeaves().getSequence(), [1, 2, 3, 4, 5]);
  assert.deepEqual(select(tree).atChildless().getSequence(), [1, 2, [], 3, null, 4, 5, {}]);
});

test("T-SE-15 where() and pickNthSelected() keep some entries", () => {
  const all = select([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).atInstancesOf(Number);
  const even = all.where((n) => n % 2 === 0);
  assert.deepEqual(even.apply((n) => -n), [-0, 1, -2, 3, -4, 5, -6, 7, -8, 9]);
  assert.deepEqual(even.pickNthSelected(2).apply(mark), [0, 1, 2, 3, mark(4), 5, 6, 7, 8, 9]);
  assert.deepEqual(all.pickNthSelected(-2).getSequence(), [8]);
  const three = select([1, 2, 3]).atInstancesOf(Number).pickNthSelected(5);
  assert.deepEqual(three.apply(mark), [1, 2, 3]);
  assert.deepEqual(all.where((p, n) => keystr(p) === `[${n}]` && n > 7, { withKeypath: true }).getSequence(), [8, 9]);
});

test("T-SE-16 invert() selects the largest subtrees without selected ones", () => {
  const x = makeX();
  assert.deepEqual(select(x).at((r) => r.b).invert().apply(mark), { a: mark(1), b: x.b, c: mark(x.c) });
  const tree = [1, "a", 2, "b", 3, "c", 4, "d"];
  const third = select(tree).atInstancesOf(Number).pickNthSelected(2);
  assert.deepEqual(third.invert().apply(mark), tree.map((value) => value === 3 ? 3 : mark(value)));
});

test("T-SE-17 refine() selects inside each selected subtree", () => {
  const tree = [Foo.of(1, 2), Bar.of(3, 4), Foo.of(5, 6), Bar.of(7, 8), null];
  const refined = select(tree).atInstancesOf([Foo, Bar])
    .refine((v) => v instanceof Foo ? select(v).at((f) => f.a) : select(v).at((f) => f.b));
  assert.deepEqual(refined.getSequence(), [1, 4, 5, 8]);
  assert.deepEqual(texts(refined.getKeypaths()), ["[0].a", "[1].b", "[2].a", "[3].b"]);
  assert.deepEqual(leaves(refined.apply((v) => -Number(v))), [-1, 2, 3, -4, -5, 6, 7, -8]);
  const changed = select([1, 2]).atInstancesOf(Number).refine((v) => select({ was: v }).at((r) => r.was));
  assert.deepEqual(changed.set(0) as unknown, [{ was: 0 }, { was: 0 }]);
});

test("T-SE-18 count(), size and isEmpty() tell how much is selected", () => {
  const numbers = select([1, 2]).atInstancesOf(Number);
  assert.deepEqual([numbers.count(), numbers.size, numbers.isEmpty()], [2, 2, false]);
  const strings = select([1, 2]).atInstancesOf(String);
  assert.deepEqual([strings.count(), strings.size, strings.isEmpty()], [0, 0, true]);
});

test("T-SE-19 get(), getSequence() and getByPath() read", () => {
  const x = makeX();
  assert.deepEqual(select(x).at((r) => r.c[0]).get(), { value: new L(12) });
  const selection = select(x).atInstancesOf(L);
  assert.deepEqual(selection.getSequence(), [new L(10), new L(12), new L(13)]);
  assert.deepEqual(texts([...selection.getByPath().keys()]), ["['b']", "['c'][0]['value']", "['c'][1]['value']"]);
  assert.equal(selection.getByPath().get(path("c", 0, "value")), x.c[0]!.value);
});

test("T-SE-20 set() and its like place values", () => {
  const x = makeX();
  const selection = select(x).atInstancesOf(L);
  const made = (b: unknown, c0: unknown, c1: unknown) => ({ a: 1, b, c: [{ value: c0 }, { value: c1 }, { value: 3 }] });
  assert.deepEqual(selection.set("R") as unknown, made("R", "R", "R"));
  assert.deepEqual(selection.setSequence(["R1", "R2", "R3"]) as unknown, made("R1", "R2", "R3"));
  const byPath = new Map([
    [path("c", 1, "value"), "R3"],
    [path("b"), "R1"],
    [path("c", 0, "value"), "R2"],
    [path("no"), "R4"],
  ]);
  assert.deepEqual(selection.setByPath(byPath) as unknown, made("R1", "R2", "R3"));
  assert.deepEqual(selection.setByPath(new StructuralMap(byPath)) as unknown, made("R1", "R2", "R3"));
  assert.deepEqual(
    selection.setByPath((p) => keystr(p)) as unknown,
    made("['b']", "['c'][0]['value']", "['c'][1]['value']"),
  );
  assert.deepEqual(select(x).selectAndSetByPath(byPath) as unknown, made("R1", "R2", "R3"));
  const inC = new Map([[path(0), "R"], [path(0, "value"), "ignored"]]);
  assert.deepEqual(select(x).at((r) => r.c).selectAndSetByPath(inC).c as unknown, ["R", x.c[1], x.c[2]]);
});

test("T-SE-21 apply() takes values or paths, and gives trees or selections", () => {
  const x = makeX();
  const numbers = select(x).atInstancesOf(Number);
  const made = (a: unknown, c2: unknown) => ({ ...x, a, c: [x.c[0], x.c[1], { value: c2 }] });
  assert.deepEqual(numbers.apply((n) => n + 1000), made(1001, 1003));
  assert.deepEqual(numbers.apply((n) => n + 1000, { keepSelected: true }).apply(mark), made(mark(1001), mark(1003)));
  const text = (p: KeyPath, n: number) => `path=${keystr(p)}, value=${n}`;
  const [first, second] = ["path=['a'], value=1", "path=['c'][2]['value'], value=3"];
  assert.deepEqual(numbers.apply(text, { withKeypath: true }) as unknown, made(first, second));
  const kept = numbers.apply(text, { withKeypath: true, keepSelected: true });
  assert.deepEqual(kept.apply(mark) as unknown, made(mark(first), mark(second)));
});

test("T-SE-22 applyWithSelectedIndex() counts from zero", () => {
  const numbers = select(makeX()).atInstancesOf(Number);
  const text = (i: number, n: number) => `index=${i}, value=${n}`;
  assert.deepEqual(select(numbers.applyWithSelectedIndex(text)).atInstancesOf(String).getSequence(), [
    "index=0, value=1",
    "index=1, value=3",
  ]);
  assert.deepEqual(numbers.applyWithSelectedIndex(text, { keepSelected: true }).getSequence(), [
    "index=0, value=1",
    "index=1, value=3",
  ]);
});

test("T-SE-23 elements of arrays are inserted, removed and inlined", () => {
  const tree = { a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], b: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19] };
  const fours = select(tree).atInstancesOf(Number).where((n) => n % 4 === 0);
  assert.deepEqual(fours.insertBefore("new") as unknown, {
    a: ["new", 0, 1, 2, 3, "new", 4, 5, 6, 7, "new", 8, 9],
    b: [10, 11, "new", 12, 13, 14, 15, "new", 16, 17, 18, 19],
  });
  assert.deepEqual(fours.insertAfter("new") as unknown, {
    a: [0, "new", 1, 2, 3, 4, "new", 5, 6, 7, 8, "new", 9],
    b: [10, 11, 12, "new", 13, 14, 15, 16, "new", 17, 18, 19],
  });
  assert.deepEqual(fours.removeFromParent(), { a: [1, 2, 3, 5, 6, 7, 9], b: [10, 11, 13, 14, 15, 17, 18, 19] });
  assert.deepEqual(fours.applyAndInline((x) => ["before", -x, "after"]).b as unknown, [
    ...[10, 11, "before", -12, "after", 13, 14, 15, "before", -16, "after", 17, 18, 19],
  ]);
  const byPath = fours.applyAndInline((p) => new Set([keystr(p)]), { withKeypath: true });
  assert.deepEqual(byPath.a.slice(0, 5) as unknown, ["['a'][0]", 1, 2, 3, "['a'][4]"]);
});

test("applyAndInline() reaches arrays in arrays and in structs", () => {
  const tree = [[1, [2, "x"]], Foo.of([3, "y"], 0)];
  const made = select(tree).atInstancesOf(Number).where((n) => n > 0).applyAndInline((n) => [n, [n]]);
  assert.deepEqual(made as unknown, [[1, [1], [2, [2], "x"]], Foo.of([3, [3], "y"], 0)]);
});

test("T-SE-24 selections of selections of selections come apart one by one", () => {
  const x = makeX();
  const one = select(x).atInstancesOf(L);
  const two = select(one).at((s) => (s.remainder as { c: unknown }).c);
  const three = select(two).atInstancesOf(Number);
  const hole = (...steps: KeyPath) => new SelectionHole(steps);
  const [remainderKey] = one.treeFlattenWithKeys()[0].slice(1).map(([key]) => key);
  assert(remainderKey !== undefined);
  const back = three.deselect();
  assert(equals(back, two));
  assert(equals(back.deselect(), one));
  assert.deepEqual(back.deselect().deselect(), x);

  const innermost = (three.remainder as Selection<unknown>).remainder as Selection<unknown>;
  assert(equals(innermost.remainder, {
    a: hole(remainderKey, remainderKey, ...path("a")),
    b: new SelectionQuote(new SelectionQuote(hole(...path("b")))),
    c: new SelectionQuote(hole(remainderKey, ...path("c"))),
  }));
  assert(
    !equals(innermost.remainder, {
      a: hole(remainderKey, ...path("a")),
      b: new SelectionQuote(new SelectionQuote(hole(...path("b")))),
      c: new SelectionQuote(hole(remainderKey, ...path("c"))),
    }),
  );

  const level = (n: number) => (value: unknown) => ({ [`level ${n}`]: value });
  const made = three.apply(level(1)).apply(level(2)).apply(level(3));
  assert.deepEqual(made as unknown, {
    a: { "level 1": 1 },
    b: { "level 3": new L(10) },
    c: {
      "level 2": [{ value: { "level 3": new L(12) } }, { value: { "level 3": new L(13) } }, {
        value: { "level 1": 3 },
      }],
    },
  });
});

test("T-SE-25 get() wants exactly one, assertCountIs() as many as said", () => {
  for (const numbers of [[], [1, 2]]) {
    const error = thrown(() => select(numbers).atInstancesOf(Number).get());
    assert(error instanceof ValueError);
    assert.equal(
      error.message,
      [
        "Cannot get the selected subtree: there is not exactly one",
        `  actual:   ${numbers.length} selected`,
        "  expected: 1",
        "  try:      refine the selection, or use getSequence",
      ].join("\n"),
    );
  }
  const two = select([1, 2]).atInstancesOf(Number);
  assert.equal(two.assertCountIs(2), two);
  const error = thrown(() => two.assertCountIs(3));
  assert(error instanceof AssertionError);
  assert.equal(
    error.message,
    [
      "Cannot go on with a selection: another number of subtrees is selected",
      "  actual:   2 selected",
      "  expected: 3",
      "  try:      refine the selection, or assert another count",
    ].join("\n"),
  );
});

test("T-SE-26 atSubtreesWhere() wants booleans, where() what is truthy", () => {
  const error = thrown(() => select([1, 2]).atSubtreesWhere(((n: unknown) => n) as () => boolean));
  assert(error instanceof SelectionError && error.cause instanceof TypeError);
  assert.equal(
    error.cause.message,
    "Cannot select subtrees: the predicate has to return true or false, not 1,2",
  );
  assert.equal(
    error.message,
    [
      "Cannot rebuild the tree of a selection: a node or a predicate threw",
      "  operand:  atSubtreesWhere",
      "  actual:   TypeError: Cannot select subtrees: the predicate has to return true or false, not 1,2",
      "  expected: nodes that accept placeholders as children, and values that are valid pytrees",
      "  try:      see the cause; leave checks of children to methods of the node, and make predicates total",
    ].join("\n"),
  );
  assert.deepEqual(select([0, 1, 2]).atInstancesOf(Number).where((n) => n).getSequence(), [1, 2]);
  const cause = new Error("mine");
  const wrapped = thrown(() =>
    select([0]).where(() => {
      throw cause;
    })
  );
  assert(wrapped instanceof SelectionError && wrapped.cause === cause);
});

test("T-SE-27 insertAfter() and insertBefore() select what they insert", () => {
  const numbers = select({ n: [1, "x", 2] }).at((r) => r.n).atInstancesOf(Number);
  const after = numbers.insertAfter("new", { andSelect: true });
  assert.deepEqual(texts(after.getKeypaths()), ["['n'][1]", "['n'][4]"]);
  assert.deepEqual(after.getSequence(), ["new", "new"]);
  assert.deepEqual(after.deselect(), { n: [1, "new", "x", 2, "new"] });
  const before = numbers.insertBefore([0], { andSelect: true });
  assert.deepEqual(texts(before.getKeypaths()), ["['n'][0]", "['n'][3]"]);
  assert.deepEqual(before.apply(mark) as unknown, { n: [mark([0]), 1, "x", mark([0]), 2] });
});

test("T-SE-28 applyAndInline() wants elements of arrays", () => {
  const error = thrown(() => select({ a: [{ b: 1 }] }).atInstancesOf(Number).applyAndInline(() => []));
  assert(error instanceof ValueError);
  assert.equal(
    error.message,
    [
      "Cannot inline into an array: a selected node is no element of one",
      "  operand:  applyAndInline",
      "  actual:   a parent of type Object",
      "  expected: a parent of type Array",
      "  at:       ['a'][0]['b']",
      "  try:      select elements of arrays, or use apply to replace one value by one",
    ].join("\n"),
  );
  const layer = thrown(() => select(Foo.of(Math.sin, 0)).at((r) => r.a).insertAfter(Math.cos));
  assert.match(layer.message, /a parent of type Foo/);
  assert.match(
    layer.message,
    /try: {6}use apply, and wrap several layers in a Sequential to put them in the place of one/,
  );
  const root = thrown(() => select([1]).removeFromParent());
  assert(root instanceof ValueError);
  assert.equal(
    root.message,
    [
      "Cannot inline into an array: the root of the tree was selected",
      "  operand:  removeFromParent",
      "  actual:   a selected root, which has no parent",
      "  expected: selected elements of arrays",
      "  try:      select elements, or use apply to replace the whole",
    ].join("\n"),
  );
});

test("T-SE-29 setSequence() wants enough values and ignores others", () => {
  const numbers = select([1, 2]).atInstancesOf(Number);
  const error = thrown(() => numbers.setSequence([5]));
  assert(error instanceof KeyError);
  assert.equal(
    error.message,
    [
      "Cannot set a sequence: there are fewer values than selected subtrees",
      "  operand:  values",
      "  actual:   1 values",
      "  expected: 2",
      "  at:       [1]",
      "  try:      pass one value for each selected subtree",
    ].join("\n"),
  );
  assert.deepEqual(numbers.setSequence([5, 6, 7]), [5, 6]);
  const endless = function* (): Generator<number> {
    for (let i = 0;; i++) yield i;
  };
  assert.deepEqual(numbers.setSequence(endless()), [0, 1]);
});

test("T-SE-30 atInstancesOf() selects innermost leaves too", () => {
  assert.deepEqual(select([1, 2]).atInstancesOf(Number, { innermost: true }).getSequence(), [1, 2]);
});

test("T-SE-31 invert() of nothing is the root, and the other way around", () => {
  const x = makeX();
  const nothing = select(x).atInstancesOf(String);
  assert.deepEqual(nothing.invert().getKeypaths(), [[]]);
  assert.deepEqual(nothing.invert().get(), x);
  assert(select(x).invert().isEmpty());
  assert.deepEqual(select(x).invert().deselect(), x);
});
