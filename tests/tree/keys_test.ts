import assert from "node:assert/strict";
import test from "node:test";
import { CustomGetAttrKey, DictKey, FlattenedIndexKey, GetAttrKey, keystr, SequenceKey } from "../../tree/keys.ts";
import { structuralKey, StructuralSet } from "../../tree/structural_key.ts";

test("keys are written as steps of a path", () => {
  assert.equal(String(new SequenceKey(0)), "[0]");
  assert.equal(String(new DictKey("b")), "['b']");
  assert.equal(String(new DictKey(3)), "[3]");
  assert.equal(String(new DictKey(null)), "[null]");
  assert.equal(String(new DictKey(true)), "[true]");
  assert.equal(String(new GetAttrKey("name")), ".name");
  assert.equal(String(new FlattenedIndexKey(0)), "[<flat index 0>]");
  assert.equal(String(new CustomGetAttrKey("name")), ".name");
});

test("DictKey.toString() quotes strings as Python does", () => {
  assert.equal(String(new DictKey("")), "['']");
  assert.equal(String(new DictKey("it's")), `["it's"]`);
  assert.equal(String(new DictKey('a "b"')), `['a "b"']`);
  assert.equal(String(new DictKey(`'"`)), `['\\'"']`);
  assert.equal(String(new DictKey("a\\b")), "['a\\\\b']");
  assert.equal(String(new DictKey("a\nb")), "['a\\nb']");
  assert.equal(String(new DictKey("ü日")), "['ü日']");
});

test("DictKey.toString() escapes within double quotes, too", () => {
  assert.equal(String(new DictKey("it's\n")), `["it's\\n"]`);
  assert.equal(String(new DictKey("it's\\")), `["it's\\\\"]`);
});

test("keystr joins the steps; that of the root is empty", () => {
  assert.equal(keystr([]), "");
  assert.equal(
    keystr([new DictKey("layers"), new SequenceKey(0), new GetAttrKey("weights"), new FlattenedIndexKey(2)]),
    "['layers'][0].weights[<flat index 2>]",
  );
  assert.equal(keystr(["key_for_foo", 3]), "key_for_foo3");
});

test("keys are the same by what they hold", () => {
  const keys = [
    () => new SequenceKey(0),
    () => new SequenceKey(1),
    () => new DictKey(0),
    () => new DictKey("0"),
    () => new DictKey(["a", 0]),
    () => new GetAttrKey("0"),
    () => new GetAttrKey("name"),
    () => new FlattenedIndexKey(0),
    () => new CustomGetAttrKey("name"),
  ];
  for (const make of keys) assert.equal(structuralKey(make()), structuralKey(make()));
  assert.equal(new StructuralSet([...keys, ...keys].map((make) => make())).size, keys.length);
});

test("CustomGetAttrKey is the same by its class and all of its fields", () => {
  class Sliced extends CustomGetAttrKey {
    readonly index: number;
    constructor(name: string, index: number) {
      super(name);
      this.index = index;
    }
    override toString(): string {
      return `.${this.name}<${this.index}>`;
    }
  }
  class Other extends CustomGetAttrKey {
    readonly index: number = 1;
  }
  assert.equal(structuralKey(new Sliced("a", 1)), structuralKey(new Sliced("a", 1)));
  const different = [
    new Sliced("a", 1),
    new Sliced("a", 2),
    new Sliced("b", 1),
    new CustomGetAttrKey("a"),
    new Other("a"),
  ];
  assert.equal(new StructuralSet<unknown>([...different, new GetAttrKey("a")]).size, 6);
  assert.equal(keystr([new Sliced("a", 1)]), ".a<1>");
});
