import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeDtypeStruct } from "../../core/shape_dtype_struct.ts";
import { leaves } from "../../tree/mod.ts";

test("ShapeDtypeStruct holds a shape and a dtype, and is a leaf", () => {
  const shape = [2];
  const like = new ShapeDtypeStruct({ shape, dtype: "int8" });
  shape.push(3);
  assert.deepEqual([like.shape, like.dtype], [[2], "int8"]);
  assert.deepEqual(leaves({ like }), [like]);
  assert.equal(String(like), "ShapeDtypeStruct(shape=(2,), dtype=int8)");
  const weak = new ShapeDtypeStruct({ shape: [], dtype: "float32", weakType: true });
  assert.deepEqual([like.weakType, weak.weakType], [false, true]);
  assert.equal(String(weak), "ShapeDtypeStruct(shape=(), dtype=float32, weak_type=True)");
});

test("ShapeDtypeStruct.intoPytree() is the struct", () => {
  const like = new ShapeDtypeStruct({ shape: [], dtype: "bool" });
  assert.equal(like.intoPytree(), like);
});
