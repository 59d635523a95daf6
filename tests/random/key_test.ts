import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { EagerArray } from "../../core/eager.ts";
import { randomFoldInPrimitive } from "../../ops/random_fold_in.ts";
import { randomSplitPrimitive } from "../../ops/random_split.ts";
import { threefryBlock } from "../../ops/_threefry.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice } from "../../ops/slice.ts";
import { transpose } from "../../ops/transpose.ts";
import {
  clone,
  foldIn,
  key,
  keyData,
  PRNGKey,
  setThreefryPartitionable,
  split,
  threefryPartitionable,
  wrapKeyData,
} from "../../random/key.ts";
import { Elementwise } from "../../wasm/elementwise.ts";
import { elementwise } from "../../wasm/kernels/elementwise.ts";
import { download } from "../../wasm/operand.ts";
import { start, withOperands } from "../_support.ts";
import { elements, keysOf, namedKey, offsetOf, withLegacyLayout } from "./_draws.ts";

await start();

test("T-RN-01 the block function gives the known answers", async () => {
  const program = new Elementwise();
  const [k1, k2, x0, x1] = [program.load(0), program.load(1), program.load(2), program.load(3)];
  const [y0, y1] = threefryBlock(program, [k1, k2], [x0, x1]);
  program.store(y0, 0);
  program.store(y1, 1);
  await withOperands((operands) => {
    const inputs = [[0, 0xffffffff, 0x13198a2e], [0, 0xffffffff, 0x03707344], [0, 0xffffffff, 0x243f6a88], [
      0,
      0xffffffff,
      0x85a308d3,
    ]].map((words) => operands.of(Uint32Array.from(words)));
    const outputs = [operands.out([3], "uint32"), operands.out([3], "uint32")];
    elementwise(program, outputs, inputs);
    assert.deepEqual([...download(outputs[0]!)], [0x6b200159, 0x1cb996fc, 0xc4923a9c]);
    assert.deepEqual([...download(outputs[1]!)], [0x99ba4efe, 0xbb002be7, 0x483df7a0]);
  });
  assert.deepEqual(elements(foldIn(key(0), 0)), [0x6b200159, 0x99ba4efe]);
});

test("T-RN-02 foldIn() gives the keys of JAX", () => {
  assert.deepEqual(elements(foldIn(key(0), 0)), [1797259609, 2579123966]);
  assert.deepEqual(elements(foldIn(key(0), 1)), [928981903, 3453687069]);
  assert.deepEqual(elements(foldIn(key(0), 4)), [2285895361, 433833334]);
});

test("T-RN-03 split() gives the keys of foldIn()", () => {
  assert.deepEqual(elements(split(key(0), 2)), [1797259609, 2579123966, 928981903, 3453687069]);
  const all = elements(split(key(42), [2, 3]));
  for (let k = 0; k < 6; k++) assert.deepEqual(all.slice(2 * k, 2 * k + 2), elements(foldIn(key(42), k)));
});

test("T-RN-04 split() in the old layout gives the keys of JAX before 0.5", () => {
  withLegacyLayout(() => {
    assert.equal(threefryPartitionable(), false);
    assert.deepEqual(elements(split(key(0), 2)), [4146024105, 967050713, 2718843009, 1272950319]);
    assert.deepEqual(
      elements(split(key(0), 4)),
      [2285895361, 1501764800, 1518642379, 4090693311, 433833334, 4221794875, 839183663, 3740430601],
    );
    assert.deepEqual(
      elements(split(key(1), 3)),
      [3568232559, 713140391, 3620866055, 2761185182, 2442350529, 2639019713],
    );
  });
  assert.equal(threefryPartitionable(), true);
  assert.deepEqual(
    elements(split(key(1), 3)),
    [507451445, 1853169794, 1948878966, 4237131848, 2441914641, 3819641963],
  );
});

test("T-RN-06 names become keys", () => {
  const rows: readonly (readonly [string, number, ...number[]])[] = [
    ["", 3661210606, 1582770048, 702645809, 4070742640, 1797430938, 1463958638, 1050403375],
    ["foo", 200198069, 2400529761, 3974919251, 4010809626, 1380112832, 1926056111, 2498890930],
    ["bar", 1657648898, 1759205278, 892077583, 4195879626, 606336886, 2433223299, 973562287],
    ["test.weights", 1564050295, 2775216741, 3304834671, 1849035196, 2968104694, 958866704, 2981152610],
    ["test.bias", 462618859, 1022845112, 264293385, 4225411671, 3794345546, 2482845516, 2310194287],
    [
      "mlp/Affine_0/Linear.weights",
      1430573483,
      1079664207,
      162070534,
      1442759222,
      168776164,
      1378985706,
      3375315443,
    ],
    [
      "mlp/Affine_0/AddBias.bias",
      438040752,
      1522393682,
      2861813288,
      2860217273,
      2421040159,
      1570171978,
      431531620,
    ],
    [
      "mlp/Affine_1/Linear.weights",
      1278021605,
      13069195,
      4223335057,
      1664337780,
      905875686,
      2225003506,
      3443398487,
    ],
    ["embeddings.embeddings", 2438241363, 3278280167, 2876320329, 1595757168, 775032834, 3807517045, 3079227151],
    ["ü", 2493995517, 1083366467, 4186817651, 2207241230, 491995619, 3382376844, 3421797298],
  ];
  for (const [name, offset, ...words] of rows) {
    assert.equal(offsetOf(name), offset, name);
    assert.deepEqual([0, 1, 42].flatMap((seed) => elements(namedKey(seed, name))), words, name);
  }
});

test("key() takes seeds modulo 2^32", () => {
  for (
    const [seed, word] of [
      [0, 0],
      [-1, 4294967295],
      [2 ** 32 + 5, 5],
      [-(2 ** 33) - 2, 4294967294],
      [2n ** 70n + 3n, 3],
      [-1n, 4294967295],
    ] as const
  ) {
    assert.deepEqual(elements(key(seed)), [0, word], `${seed}`);
    assert.deepEqual(elements(PRNGKey(seed)), [0, word], `${seed}`);
  }
  assert.deepEqual([key(7).shape, key(7).dtype, key(7).nbytes], [[], "prngKey", 8]);
  assert.deepEqual([PRNGKey(7).shape, PRNGKey(7).dtype], [[2], "uint32"]);
  assert.deepEqual(elements(key(fromElements([-3], [], "int8"))), [0, 4294967293]);
});

test("key() refuses what is not a single integer", () => {
  const refusals: readonly (readonly [never, string])[] = [
    [1.5 as never, "Cannot key: the seed is 1.5; pass an integer"],
    [NaN as never, "Cannot key: the seed is NaN; pass an integer"],
    [true as never, "Cannot key: the seed is true; pass an integer"],
    ["a" as never, "Cannot key: the seed is a string; pass an integer"],
    [fromElements([1], [], "float32") as never, "Cannot key: the seed is an array float32[]; pass an integer"],
    [
      fromElements([1, 2], [2], "int32") as never,
      "Cannot key: the seed has shape [2]; pass a single integer, and call it once for each",
    ],
  ];
  for (const [seed, message] of refusals) assert.throws(() => key(seed), { name: "TypeError", message });
});

test("functions of keys give the form that they are given", () => {
  const [opaque, raw] = [key(5), PRNGKey(5)];
  assert.deepEqual([split(opaque).dtype, split(opaque).shape], ["prngKey", [2]]);
  assert.deepEqual([split(raw).dtype, split(raw).shape], ["uint32", [2, 2]]);
  assert.deepEqual(elements(split(raw)), elements(split(opaque)));
  assert.deepEqual([foldIn(raw, 3).dtype, foldIn(raw, 3).shape], ["uint32", [2]]);
  assert.deepEqual(elements(foldIn(raw, 3)), elements(foldIn(opaque, 3)));
  assert.deepEqual(elements(foldIn(Uint32Array.of(0, 5), 3)), elements(foldIn(opaque, 3)));
  assert.equal(clone(opaque), opaque);
});

test("wrapKeyData() and keyData() are views where the words lie as those of keys", () => {
  const words = keysOf(1, 2, 3) as EagerArray;
  const keys = wrapKeyData(words) as EagerArray;
  assert.equal(keys.storage, words.storage);
  assert.deepEqual([keys.shape, keys.strides], [[3], [1]]);
  const back = keyData(slice(keys, [1], [3], [1])) as EagerArray;
  assert.equal(back.storage, words.storage);
  assert.deepEqual([back.offset, elements(back)], [2, [0, 2, 0, 3]]);
  // Words that lie otherwise are copied.
  const turned = transpose(fromElements([1, 2, 3, 4, 5, 6], [2, 3], "uint32"), [1, 0]);
  assert.deepEqual(elements(wrapKeyData(turned)), [1, 4, 2, 5, 3, 6]);
  const odd = slice(fromElements([9, 1, 2, 9], [4], "uint32"), [1], [3], [1]);
  assert.deepEqual(elements(wrapKeyData(odd)), [1, 2]);
  assert.deepEqual(wrapKeyData(fromElements([], [0, 2], "uint32")).shape, [0]);
  assert(keys instanceof EagerArray);
});

test("keys can be moved, and draw what they draw elsewhere", () => {
  const keys = split(key(0), [2, 3]);
  const turned = transpose(keys, [1, 0]);
  const one = reshape(slice(turned, [2, 1], [3, 2], [1, 1]), []);
  assert.deepEqual(elements(one), elements(foldIn(key(0), 5)));
  assert.deepEqual(elements(split(one)), elements(split(foldIn(key(0), 5))));
});

test("rules for batches do to each key what is done to one", () => {
  const keys = split(key(3), 4);
  const [folded] = randomFoldInPrimitive.vmap(4, [keys, fromElements([7], [], "uint32")], [0, undefined], {});
  const [parts] = randomSplitPrimitive.vmap(4, [keys], [0], { shape: [3], layout: "partitionable" });
  for (let k = 0; k < 4; k++) {
    const own = reshape(slice(keys, [k], [k + 1], [1]), []);
    assert.deepEqual(elements(folded[0]!).slice(2 * k, 2 * k + 2), elements(foldIn(own, 7)));
    assert.deepEqual(elements(parts[0]!).slice(6 * k, 6 * k + 6), elements(split(own, 3)));
  }
});

test("split() and foldIn() refuse what does not fit", () => {
  assert.throws(() => split(key(0), [2, -1]), {
    name: "ValueError",
    message: [
      "Cannot split: the shape is not one",
      "  operand:  shape",
      "  actual:   [2,-1]",
      "  expected: whole numbers from 0",
      "  try:      round the sizes",
    ].join("\n"),
  });
  assert.throws(() => split(split(key(0))), {
    name: "ValueError",
    message: [
      "Cannot split: it takes a single key",
      "  operand:  key",
      "  actual:   keys of shape [2]",
      "  expected: shape []",
      "  try:      call it once for each key",
    ].join("\n"),
  });
  const noKey = "pass a key, as pz.random.key(0), or its two words of uint32";
  assert.throws(() => split(fromElements([1, 2], [2], "int32")), {
    name: "TypeError",
    message: `Cannot split: the key is an array int32[2]; ${noKey}`,
  });
  assert.throws(() => split(3 as never), { name: "TypeError", message: `Cannot split: the key is a number; ${noKey}` });
  assert.throws(() => split(key(0), "2" as never), {
    name: "TypeError",
    message: "Cannot split: the shape is a string; pass a list of sizes, as [2, 3]",
  });
  assert.throws(() => foldIn(key(0), fromElements([1, 2], [2], "int32")), {
    name: "TypeError",
    message: "Cannot foldIn: the data has shape [2]; pass a single integer, and call it once for each",
  });
  assert.throws(() => foldIn(key(0), 0.5), {
    name: "TypeError",
    message: "Cannot foldIn: the data is 0.5; pass an integer",
  });
  assert.throws(() => wrapKeyData(key(0)), {
    name: "TypeError",
    message: "Cannot wrapKeyData: these are keys already; pass the words, uint32 with a last axis of 2",
  });
});

test("setThreefryPartitionable() does not change foldIn()", () => {
  const expected = elements(foldIn(key(1), 9));
  setThreefryPartitionable(false);
  const actual = elements(foldIn(key(1), 9));
  setThreefryPartitionable(true);
  assert.deepEqual(actual, expected);
});
