import assert from "node:assert/strict";
import { test } from "node:test";
import { equals } from "../../tree/equals.ts";
import { leaves } from "../../tree/flatten.ts";
import { SelectionHole, SelectionQuote } from "../../select/holes.ts";
import { path } from "./_example.ts";

test("SelectionHole is known by its path", () => {
  const hole = new SelectionHole({ path: path("a", 0) });
  assert(equals(hole, new SelectionHole(path("a", 0))));
  assert(!equals(hole, new SelectionHole(path("a", 1))));
  assert.deepEqual(leaves(hole), []);
  assert.equal(String(hole), "SelectionHole(path=[['a'], [0]])");
  assert.equal(String(new SelectionHole([])), "SelectionHole(path=[])");
});

test("SelectionQuote is known by what it quotes", () => {
  const quote = new SelectionQuote({ quoted: new SelectionHole(path("a")) });
  assert(equals(quote, new SelectionQuote({ quoted: new SelectionHole(path("a")) })));
  assert(!equals(quote, new SelectionQuote({ quoted: quote })));
  assert(!equals(quote, quote.quoted));
  assert.equal(String(quote), "SelectionQuote(quoted=SelectionHole(path=[['a']]))");
});
