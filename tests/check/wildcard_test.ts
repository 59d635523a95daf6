import assert from "node:assert/strict";
import { test } from "node:test";
import { ANY, Wildcard } from "../../check/mod.ts";
import { equals, leaves, structuralKey } from "../../tree/mod.ts";

test("Wildcard is a node without children, known by its description", () => {
  assert.equal(ANY.description, null);
  assert.equal(new Wildcard("x").description, "x");
  assert.deepEqual(leaves([ANY, new Wildcard({ description: "x" })]), []);
  assert(equals(new Wildcard(), ANY) && !equals(new Wildcard("x"), ANY));
  assert.equal(structuralKey(new Wildcard("x")), structuralKey(new Wildcard("x")));
  assert.equal(String(new Wildcard("x")), 'Wildcard(description="x")');
});
