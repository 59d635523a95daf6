import assert from "node:assert/strict";
import { test } from "node:test";
import { allocateStorage, collect, dispose, type HoldsStorage, keep, scope, type Storage } from "../../core/storage.ts";
import { memoryStats } from "../../wasm/init.ts";
import { start } from "../_support.ts";

/** The least that an array is here: something that holds a storage. */
class Holder implements HoldsStorage {
  readonly storage: Storage;

  constructor(byteLength: number) {
    this.storage = allocateStorage(byteLength, "a test");
  }

  storages(): readonly Storage[] {
    return [this.storage];
  }
}

/** Blocks that are live beyond those at the start of `body`, when it has run. */
async function leftBy(body: () => unknown): Promise<number> {
  await start();
  const before = memoryStats().liveBlocks;
  await body();
  return memoryStats().liveBlocks - before;
}

test("scope() frees all but what it returns, in any tree", async () => {
  let kept: Holder[] = [];
  assert.equal(
    await leftBy(() => {
      const result = scope(() => {
        const [a, b] = [new Holder(100), new Holder(0)];
        new Holder(64);
        return { a, list: [b, 1, null], name: "text" };
      });
      kept = [result.a, result.list[0] as Holder];
    }),
    2,
  );
  assert(kept.every(({ storage }) => !storage.isFreed));
  dispose(kept);
});

test("scope() hands what it returns to the scope outside", async () => {
  let inner: Holder | undefined;
  let outer: Holder | undefined;
  assert.equal(
    await leftBy(() => {
      outer = scope(() => {
        inner = scope(() => (new Holder(8), new Holder(8)));
        assert(!inner.storage.isFreed);
        return new Holder(8);
      });
    }),
    1,
  );
  assert(inner?.storage.isFreed && !outer?.storage.isFreed);
  dispose(outer);
});

test("scope() leaves alone what was made before it, and returned from it", async () => {
  await start();
  const before = new Holder(8);
  assert.equal(scope(() => before), before);
  assert(!before.storage.isFreed);
  dispose(before);
});

test("scope() frees what was made when its function throws, and passes the error on", async () => {
  const left = await leftBy(() => {
    assert.throws(() => scope(() => (new Holder(8), assert.fail("on purpose"))), { message: "on purpose" });
  });
  assert.equal(left, 0);
});

test("scope() refuses a function that waits", async () => {
  await start();
  assert.throws(() => scope(async () => await Promise.resolve(1)), {
    name: "ValueError",
    message: [
      "Cannot scope a function that waits",
      "  actual:   a promise",
      "  expected: a function that returns when its work is done",
      "  try:      put each synchronous part into a scope of its own, and await pz.collect() between them",
    ].join("\n"),
  });
});

test("keep() takes arrays out of every scope around them", async () => {
  const kept: Holder[] = [];
  assert.equal(await leftBy(() => scope(() => scope(() => void kept.push(keep(new Holder(8)), new Holder(8))))), 1);
  assert.deepEqual(kept.map(({ storage }) => storage.isFreed), [false, true]);
  dispose(kept);
});

test("dispose() frees now, once, also inside a scope", async () => {
  const left = await leftBy(() =>
    scope(() => {
      const one = new Holder(8);
      dispose({ one, again: [one] });
      dispose(one);
      assert(one.storage.isFreed);
    })
  );
  assert.equal(left, 0);
});

test("Storage.check() says what freed it, and where", async () => {
  await start();
  const freed = scope(() => [new Holder(8).storage])[0]!;
  assert.throws(() => freed.check("add"), (error: Error) => {
    assert.equal(error.name, "FreedArrayError");
    assert.equal(
      error.message,
      [
        "Cannot add: the array was freed",
        "  actual: freed when the scope it was made in ended",
        "  try:    keep it alive by pz.keep(x) or by returning it from the scope, or do not use it afterwards",
      ].join("\n"),
    );
    assert.match(String((error.cause as Error).stack), /storage_test/);
    return true;
  });
  const live = new Holder(8);
  live.storage.check("add");
  dispose(live);
});

test("storages that nothing holds are freed while a loop makes others, and by collect()", async () => {
  await start();
  const before = memoryStats().liveBytes;
  let most = 0;
  for (let turn = 0; turn < 2000; turn++) {
    new Holder(2 ** 20);
    if (turn % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 0));
    most = Math.max(most, memoryStats().liveBytes - before);
  }
  assert(most < 300 * 2 ** 20, `${most} bytes at once`);
  await collect();
  const after = memoryStats().liveBytes - before;
  assert(after <= 64 * 2 ** 20, `${after} bytes after a collection`);
});

test("ballast is made for what is left to the collector, not for what scopes and hands free", async () => {
  await start();
  const { ArrayBuffer: host } = globalThis;
  let ballast = 0;
  const made = (body: () => unknown): number => {
    ballast = 0;
    body();
    return ballast;
  };
  const MEBI = 2 ** 20;
  try {
    globalThis.ArrayBuffer = class extends host {
      constructor(byteLength: number) {
        super(0);
        if (byteLength === 128 * MEBI) ballast++;
      }
    } as ArrayBufferConstructor;
    const many = (use: (made: Holder) => void): void => {
      for (let k = 0; k < 40; k++) use(new Holder(4 * MEBI));
    };
    assert.equal(made(() => scope(() => many(() => {}))), 0);
    assert.equal(made(() => many(dispose)), 0);
    const by = new Error("freed by a test");
    assert.equal(made(() => many(({ storage }) => storage.handOver(by).free(by))), 0);
    const held: Holder[] = [];
    assert.equal(made(() => many((x) => held.push(x))), 5);
    assert.equal(made(() => held.push(...scope(() => Array.from({ length: 8 }, () => new Holder(4 * MEBI))))), 1);
    assert.equal(
      made(() => scope(() => many((x) => held.push(scope(() => keep(x)))))),
      5,
      "what is kept is the collector's",
    );
    dispose(held);
  } finally {
    globalThis.ArrayBuffer = host;
  }
});
