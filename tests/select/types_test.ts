import assert from "node:assert/strict";
import { test } from "node:test";
import { combine, type NotInThisPartition, select, type Selection, typeGuard } from "../../select/mod.ts";
import { Bar, Foo, L, makeX, type X } from "./_example.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Checks at compile time that a value has exactly a type. */
function typed<Expected>(): <Actual>(value: Actual, same: Same<Actual, Expected>) => void {
  return () => {};
}

test("selections are typed by what they hold", () => {
  const x = makeX();
  const s = select(x);
  typed<Selection<X, X>>()(s, true);
  typed<Selection<L, X>>()(s.atInstancesOf(L), true);
  typed<Selection<number, X>>()(s.atInstancesOf(Number), true);
  typed<Selection<number | string, X>>()(s.atInstancesOf(Number, String), true);
  typed<Selection<boolean | bigint | L, X>>()(s.atInstancesOf([Boolean, BigInt, L]), true);
  typed<Selection<Foo | Bar, X>>()(s.atInstancesOf([Foo, Bar], { innermost: true }), true);
  typed<Selection<readonly unknown[], X>>()(s.atInstancesOf(Array), true);
  typed<Selection<Readonly<Record<string, unknown>>, X>>()(s.atInstancesOf(Object), true);
  typed<Selection<ReadonlyMap<unknown, unknown>, X>>()(s.atInstancesOf(Map), true);
  typed<Selection<(...args: never[]) => unknown, X>>()(s.atInstancesOf(Function), true);
  typed<Selection<1, X>>()(s.atInstancesOf(typeGuard((v): v is 1 => v === 1)), true);
  typed<Selection<X["c"], X>>()(s.at((r) => r.c), true);
  typed<Selection<{ value: L | number }, X>>()(s.at((r) => r.c, { multiple: true }), true);
  typed<Selection<L, X>>()(s.atSubtreesWhere((n) => n instanceof L), true);
  typed<Selection<unknown, X>>()(s.atSubtreesWhere(() => true), true);
  typed<Selection<L, X>>()(s.at((r) => r.c[0]!.value).where((v) => v instanceof L), true);
  typed<X>()(s.atInstancesOf(L).apply((l) => l.tag), true);
  typed<X>()(s.atInstancesOf(L).set(0), true);
  typed<X>()(s.deselect(), true);
  typed<Selection<number, X>>()(s.atInstancesOf(L).apply((l) => l.tag, { keepSelected: true }), true);
  typed<Selection<number, X>>()(s.refine((v) => select(v).at((r) => r.a)), true);
  typed<Selection<"new", X>>()(s.at((r) => r.c[0]).insertAfter("new" as const, { andSelect: true }), true);
  typed<[selected: X, remainder: X]>()(s.partition(), true);
  typed<X>()(combine(...s.partition()), true);
  typed<NotInThisPartition>()(combine(), true);
  assert(true);
});

// Never called: what must not compile.
export function refused(): void {
  const s = select(makeX());
  // @ts-expect-error: the accessor sees the type of the tree
  s.at((r) => r.d);
  // @ts-expect-error: the function gets what is selected
  s.atInstancesOf(L).apply((l: string) => l);
  // @ts-expect-error: a predicate of subtrees gives a boolean
  s.atSubtreesWhere(() => 1);
  // @ts-expect-error: an unmarked test is no token
  s.atInstancesOf((v: unknown) => v === 1);
  // @ts-expect-error: a path comes only with withKeypath
  s.apply((path, value) => [path, value]);
  // @ts-expect-error: items are iterable
  s.applyAndInline(() => 1);
  // @ts-expect-error: a refinement gives a selection
  s.refine((v) => v);
  // @ts-expect-error: a selection does not change
  s.remainder = null;
}
