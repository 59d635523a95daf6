import assert from "node:assert/strict";
import test from "node:test";
import { AssertionError, KeyError } from "../../errors/mod.ts";
import { leavesWithPath, structure } from "../../tree/flatten.ts";
import {
  CustomGetAttrKey,
  DictKey,
  FlattenedIndexKey,
  GetAttrKey,
  SequenceKey,
  type TreeKey,
} from "../../tree/keys.ts";
import { registerNode } from "../../tree/node.ts";
import { prettyKeystr, treeFlattenExactlyOneLevel } from "../../tree/one_level.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { field, type FieldTable } from "../../tree/struct_fields.ts";
import { LEAF } from "../../tree/treedef.ts";

interface FooFields {
  readonly sublayers: unknown;
}
class Foo extends Struct<FooFields> implements FooFields {
  static override readonly fields: FieldTable<FooFields> = { sublayers: field() };
  declare readonly sublayers: unknown;
  static {
    registerStruct(this, { name: "Foo" });
  }
}

interface BarFields {
  readonly body: unknown;
}
class Bar extends Struct<BarFields> implements BarFields {
  static override readonly fields: FieldTable<BarFields> = { body: field() };
  declare readonly body: unknown;
  static {
    registerStruct(this, { name: "Bar" });
  }
}

interface BazFields {
  readonly param: unknown;
}
class Baz extends Struct<BazFields> implements BazFields {
  static override readonly fields: FieldTable<BazFields> = { param: field() };
  declare readonly param: unknown;
  static {
    registerStruct(this, { name: "Baz" });
  }
}

interface ParameterValueFields {
  readonly value: unknown;
}
class ParameterValue extends Struct<ParameterValueFields> implements ParameterValueFields {
  static override readonly fields: FieldTable<ParameterValueFields> = { value: field() };
  declare readonly value: unknown;
  static {
    registerStruct(this, { name: "ParameterValue" });
  }
}

interface XFields {
  readonly x: unknown;
}
class WithX extends Struct<XFields> implements XFields {
  static override readonly fields: FieldTable<XFields> = { x: field() };
  declare readonly x: unknown;
  static {
    registerStruct(this, { name: "Foo" });
  }
}

/** A subclass of a key, whose text is its own. */
class SliceKey extends CustomGetAttrKey {
  override toString(): string {
    return `.<${this.name}>`;
  }
}

class Keyed {
  readonly children: readonly (readonly [TreeKey, unknown])[];
  constructor(children: readonly (readonly [TreeKey, unknown])[]) {
    this.children = children;
  }
}
registerNode(Keyed, {
  flattenWithKeys: ({ children }) => [children, children.map(([key]) => key)],
  unflatten: (keys, children) => new Keyed(children.map((child, index) => [(keys as TreeKey[])[index]!, child])),
});

test("T-TU-01 treeFlattenExactlyOneLevel() gives the immediate children, their steps, and a structure of them", () => {
  const tree = { a: [1, 2], b: [3, 4] };
  const level = treeFlattenExactlyOneLevel(tree);
  assert(level !== null);
  const [children, treedef] = level;
  assert.deepEqual(children, [[new DictKey("a"), [1, 2]], [new DictKey("b"), [3, 4]]]);
  assert.equal(children[0]![1], tree.a);
  assert.deepEqual(treedef.unflatten(["x", "y"]), { a: "x", b: "y" });
  assert.equal(treedef, structure({ a: 0, b: 0 }));
});

test("T-TU-02 treeFlattenExactlyOneLevel() of a leaf is null", () => {
  assert.equal(treeFlattenExactlyOneLevel(42), null);
  assert.equal(treeFlattenExactlyOneLevel("text"), null);
  assert.equal(treeFlattenExactlyOneLevel(new Date(0)), null);
});

test("T-TU-03 prettyKeystr() names the classes on the way", () => {
  const tree = new Foo({
    sublayers: [new Bar({ body: new Baz({ param: new ParameterValue({ value: 1 }) }) })],
  });
  const path = leavesWithPath(tree)[0]![0];
  assert.equal(prettyKeystr(path, tree), "Foo.sublayers[0]/Bar.body/Baz.param/ParameterValue.value");
  assert.equal(prettyKeystr(path.slice(0, 2), tree), "Foo.sublayers[0]");
});

test("T-TU-04 prettyKeystr() names no containers", () => {
  const tree = { a: [new WithX({ x: 1 })] };
  const path = [new DictKey("a"), new SequenceKey(0), new GetAttrKey("x")];
  assert.equal(prettyKeystr(path, tree), "['a'][0]/Foo.x");
});

test("T-TU-05 treeFlattenExactlyOneLevel() of a node without children gives its structure", () => {
  for (const tree of [[], null, undefined, {}, new Map()]) {
    const level = treeFlattenExactlyOneLevel(tree);
    assert(level !== null);
    assert.deepEqual(level[0], []);
    assert.equal(level[1], structure(tree));
    assert.notEqual(level[1], LEAF);
  }
});

test("treeFlattenExactlyOneLevel() of structs and registered classes takes one level, too", () => {
  const foo = new Foo({ sublayers: [1, [2]] });
  const [children, treedef] = treeFlattenExactlyOneLevel(foo)!;
  assert.deepEqual(children, [[new GetAttrKey("sublayers"), [1, [2]]]]);
  assert.equal(children[0]![1], foo.sublayers);
  assert.equal(String(treedef.unflatten([7])), "Foo(sublayers=7)");
  const keyed = new Keyed([[new SliceKey("k"), null]]);
  const [childrenOfKeyed, def] = treeFlattenExactlyOneLevel(keyed)!;
  assert.deepEqual(childrenOfKeyed, [[new SliceKey("k"), null]]);
  assert.equal(def.numLeaves, 1);
});

test("prettyKeystr() of the root is empty", () => {
  assert.equal(prettyKeystr([], { a: 1 }), "");
  assert.equal(prettyKeystr([], 5), "");
});

test("prettyKeystr() names classes before indices and custom keys as well", () => {
  const tree = new Keyed([[new FlattenedIndexKey(0), [new Keyed([[new SliceKey("s"), 1]])]], ["plain", 2]]);
  const path = [new FlattenedIndexKey(0), new SequenceKey(0), new SliceKey("s")];
  assert.equal(prettyKeystr(path, tree), "Keyed[<flat index 0>][0]/Keyed.<s>");
  assert.equal(prettyKeystr(["plain"], tree), "plain");
});

test("prettyKeystr() refuses a path that goes on below a leaf", () => {
  const tree = { a: [1] };
  const path = [new DictKey("a"), new SequenceKey(0), new GetAttrKey("x")];
  assert.throws(() => prettyKeystr(path, tree), (error) => {
    assert(error instanceof AssertionError);
    assert.equal(
      error.message,
      [
        "Cannot follow a path: it goes on below a leaf",
        "  actual:   a leaf at ['a'][0]",
        "  expected: a node with the child .x",
        "  at:       ['a'][0].x",
        "  try:      pass the tree that the path is of",
      ].join("\n"),
    );
    assert.equal(error.op, "prettyKeystr");
    assert.equal(error.code, "tree-path-leaf");
    return true;
  });
  assert.throws(() => prettyKeystr([new SequenceKey(0)], 5), /actual: {3}a leaf at the root\n/);
});

test("prettyKeystr() refuses a step that a node does not have", () => {
  const tree = { a: new Foo({ sublayers: [1] }), b: 2 };
  const refused = (path: readonly TreeKey[], lines: readonly string[]) =>
    assert.throws(() => prettyKeystr(path, tree), (error) => {
      assert(error instanceof KeyError);
      assert.equal(error.message, lines.join("\n"));
      assert.equal(error.op, "prettyKeystr");
      assert.equal(error.code, "tree-path-key");
      return true;
    });
  refused([new DictKey("a"), new GetAttrKey("body")], [
    "Cannot follow a path: a node has no child .body",
    "  actual: children .sublayers at ['a']",
    "  at:     ['a'].body",
    "  try:    pass the tree that the path is of",
  ]);
  refused([new DictKey("c")], [
    "Cannot follow a path: a node has no child ['c']",
    "  actual: children ['a'], ['b'] at the root",
    "  at:     ['c']",
    "  try:    pass the tree that the path is of",
  ]);
  assert.throws(() => prettyKeystr([new SequenceKey(0)], []), /actual: children none at the root\n/);
});
