import assert from "node:assert/strict";
import { test } from "node:test";
import { readNow } from "../../array/read.ts";
import { fromElements } from "../../core/constant.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { crc32 } from "../../formats/_bytes.ts";
import { decodeNpz, encodeNpz } from "../../formats/npz.ts";
import goldens from "../goldens/npy.json" with { type: "json" };
import { start } from "../_support.ts";

await start();

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function described(arrays: Record<string, NDArray>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, x]) => [
      name,
      { dtype: x.dtype, shape: x.shape, values: [...readNow("test", x)] },
    ]),
  );
}

test("decodeNpz() reads what numpy writes, stored and deflated", async () => {
  for (const { name, file, entries } of goldens.npz) {
    const arrays = await decodeNpz(bytesOf(file));
    assert.deepEqual(described(arrays), entries, name);
    assert.deepEqual(Object.keys(arrays), Object.keys(entries), name);
  }
});

test("encodeNpz() writes what decodeNpz() reads, the same bytes each time", async () => {
  const arrays = { a: fromElements([1, 2], [2], "float32"), "b/ü": fromElements([7], [], "uint8") };
  const file = encodeNpz(arrays);
  assert.deepEqual(described(await decodeNpz(file)), described(arrays));
  assert.deepEqual(encodeNpz(arrays), file);
  assert.deepEqual(await decodeNpz(encodeNpz({})), {});
  // With bytes before and after the file in its buffer.
  const shifted = new Uint8Array(file.length + 7);
  shifted.set(file, 3);
  assert.deepEqual(described(await decodeNpz(shifted.subarray(3, 3 + file.length))), described(arrays));
});

test("crc32() is that of ISO 3309", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array(0)), 0);
});

test("decodeNpz() refuses a file that was cut, at whatever byte", async () => {
  const file = encodeNpz({ a: fromElements([1, 2], [2], "int8") });
  for (let length = 0; length < file.length; length++) {
    await assert.rejects(decodeNpz(file.subarray(0, length)), { name: "ValueError" }, `${length} bytes`);
  }
  await assert.rejects(decodeNpz(file.subarray(0, 10)), {
    message: [
      "Cannot decodeNpz: the bytes are no .npz file",
      "  actual:   10 bytes without a directory",
      "  expected: a zip file",
      "  try:      read the file again, or ask for it anew: it was cut or changed",
    ].join("\n"),
  });
});

test("decodeNpz() refuses a file with a flipped bit, or reads the same arrays", async () => {
  const files = [
    encodeNpz({ a: fromElements([1, 2], [2], "int8") }),
    bytesOf(goldens.npz.find(({ name }) => name === "savez_compressed")!.file),
  ];
  for (const file of files) {
    const expected = described(await decodeNpz(file));
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at]! ^= 1 << at % 8;
      let actual: Record<string, NDArray>;
      try {
        actual = await decodeNpz(changed);
      } catch (error) {
        assert.equal((error as Error).name, "ValueError", `byte ${at}: ${error}`);
        continue;
      }
      assert.deepEqual(described(actual), expected, `byte ${at}`);
    }
  }
});

test("decodeNpz() refuses entries that are no arrays", async () => {
  const file = encodeNpz({ a: fromElements([1], [1], "int8") });
  const text = new TextDecoder("latin1").decode(file).replaceAll("a.npy", "a.txt");
  const renamed = Uint8Array.from(text, (character) => character.charCodeAt(0));
  // The text above reads two bytes of Windows' alphabet otherwise: put them back.
  file.forEach((byte, at) => {
    if (byte >= 0x80) renamed[at] = byte;
  });
  await assert.rejects(decodeNpz(renamed), {
    name: "ValueError",
    message: [
      'Cannot decodeNpz: the entry "a.txt" is no array',
      '  actual:   a file "a.txt"',
      "  expected: names that end in .npy",
      "  try:      save it anew by numpy.savez",
    ].join("\n"),
  });
});
