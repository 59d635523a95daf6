import assert from "node:assert/strict";
import test from "node:test";
import { field, isPytreeNodeField, staticField, StructStaticMetadata } from "../../tree/struct_fields.ts";
import { structuralKey } from "../../tree/structural_key.ts";

test("field() holds a child, staticField() does not", () => {
  assert.equal(isPytreeNodeField(field()), true);
  assert.equal(isPytreeNodeField(staticField()), false);
});

test("field() keeps its default, metadata and whether it is compared", () => {
  const made = field({ default: undefined, metadata: { note: 1 }, compare: false });
  assert.deepEqual([made.makeDefault?.(), made.metadata, made.compare], [undefined, { note: 1 }, false]);
  assert.deepEqual([field().makeDefault, field().metadata, field().compare], [undefined, {}, true]);
  assert.deepEqual(staticField({ defaultFactory: () => [1] }).makeDefault?.(), [1]);
});

test("field() refuses two defaults", () => {
  assert.throws(() => field({ default: 1, defaultFactory: () => 2 }), {
    name: "ValueError",
    message: [
      "Cannot declare a field: it has both a default and a factory of defaults",
      "  try: pass one of `default` and `defaultFactory`",
    ].join("\n"),
  });
});

test("StructStaticMetadata is known by its names and values, in any order of a mapping", () => {
  const key = (fields: Record<string, unknown>) => structuralKey(new StructStaticMetadata(["x"], fields));
  assert.equal(key({ a: 1, b: { c: [2] } }), key({ b: { c: [2] }, a: 1 }));
  assert.notEqual(key({ a: 1 }), key({ a: 2 }));
  assert.notEqual(key({}), structuralKey(new StructStaticMetadata(["y"], {})));
});
