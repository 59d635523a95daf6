import { test } from "node:test";
import { array } from "../../array/creation.ts";
import * as fn from "../../array/fn.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { get } from "../../array/indexing.ts";
import { readNow } from "../../array/read.ts";
import type { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { currentEngine } from "../../wasm/engine.ts";
import { backendInfo, startWorkers } from "../../wasm/init.ts";
import { assertBits, floats, start } from "../_support.ts";

await start();

/** Functions on arrays that threads share, strided ones too; their results. */
function runAll(): Record<string, NDArray> {
  const x = array(floats(1, 600 * 700, 8), { shape: [600, 700] });
  const y = np.transpose(array(floats(2, 600 * 700, 8), { shape: [700, 600] }));
  const batch = array(floats(3, 8 * 96 * 4 * 32, 2), { shape: [8, 96, 4, 32] });
  const places = np.floorDivide(np.arange(90_000), 7);
  return {
    add: np.add(x, y),
    exp: np.exp(y),
    where: np.where(np.less(x, y), x, 0),
    half: np.multiply(np.astype(x, "bfloat16"), 1.7),
    sum: np.sum(y, { axis: 0 }),
    mean: np.mean(x),
    var: np.var(y, { axis: 1 }),
    argmax: np.argmax(y, { axis: 1 }),
    cumsum: np.cumsum(y, { axis: 1 }),
    sort: np.sort(y, { axis: -1 }),
    matmul: np.matmul(x, np.transpose(x)),
    einsum: np.einsum("bqhd,bkhd->bhqk", batch, batch),
    softmax: fn.softmax(y),
    gelu: fn.gelu(y),
    take: np.take(np.ravel(x), places),
    gather: get(x, places.reshape(300, 300).mod(600), 5),
    scatter: lax.scatterAdd(np.zeros([600]), np.reshape(np.mod(places, 600), [-1, 1]), np.ones([90_000]), {
      updateWindowDims: [],
      insertedWindowDims: [0],
      scatterDimsToOperandDims: [0],
    }),
    pad: np.pad(y, 3, { mode: "reflect" }),
    normal: random.normal(random.key(1), [200_001]),
    permutation: random.permutation(random.key(2), 50_000),
  };
}

test("functions of arrays have the same bits with 1, 2, 3 and 5 threads", async () => {
  const { pool } = currentEngine();
  const bytes = (x: NDArray): Uint8Array => {
    const { buffer, byteOffset, byteLength } = readNow("test", x);
    return new Uint8Array(buffer, byteOffset, byteLength);
  };
  const expected = Object.entries(runAll()).map(([name, x]) => [name, bytes(x)] as const);
  const before = pool.threads;
  for (const threads of backendInfo().build.endsWith("threads") ? [1, 2, 3, 5] : [1]) {
    pool.rebuild(threads);
    await startWorkers();
    const actual = runAll();
    for (const [name, wanted] of expected) assertBits(bytes(actual[name]!), wanted, `${name} with ${threads} threads`);
  }
  pool.rebuild(before);
  await pool.settled();
});
