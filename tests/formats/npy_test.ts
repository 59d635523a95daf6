import assert from "node:assert/strict";
import { test } from "node:test";
import { readNow } from "../../array/read.ts";
import { fromElements } from "../../core/constant.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { decodeNpy, encodeNpy } from "../../formats/npy.ts";
import { transpose } from "../../ops/transpose.ts";
import { key } from "../../random/key.ts";
import type { DType } from "../../wasm/dtype.ts";
import goldens from "../goldens/npy.json" with { type: "json" };
import { start } from "../_support.ts";

await start();

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The elements as the goldens write them. */
function values(x: NDArray): (number | string | null)[] {
  return Array.from(readNow("test", x), (value) => {
    if (Number.isNaN(value)) return null;
    return Number.isFinite(value) ? value + 0 : value > 0 ? "inf" : "-inf";
  });
}

/** What reading some bytes throws. */
function refusal(bytes: Uint8Array): string {
  try {
    decodeNpy(bytes);
  } catch (error) {
    assert.equal((error as Error).name, "ValueError");
    return (error as Error).message;
  }
  return assert.fail("the file was read");
}

test("decodeNpy() reads what numpy writes", () => {
  for (const { name, file, dtype, shape, values: expected } of goldens.npy) {
    const x = decodeNpy(bytesOf(file));
    assert.deepEqual([x.dtype, x.shape, values(x)], [dtype, shape, expected], name);
    assert.equal(x.weakType, false);
  }
});

test("encodeNpy() writes the bytes that numpy writes", () => {
  // Those that read another dtype than they were written with are read alone.
  const written = goldens.npy.filter(({ name, dtype }) => name === dtype || name === "vector" || name === "version 1");
  assert.equal(written.length, 12);
  for (const { name, file } of written) assert.deepEqual(encodeNpy(decodeNpy(bytesOf(file))), bytesOf(file), name);
});

test("encodeNpy() writes views in row-major order, which decodeNpy() reads again", () => {
  const dtypes: DType[] = ["float32", "float16", "bfloat16", "int8", "uint16", "bool"];
  for (const dtype of dtypes) {
    const x = transpose(fromElements([0, 1, 1, 0, 1, 0], [2, 3], dtype), [1, 0]);
    const back = decodeNpy(encodeNpy(x));
    assert.deepEqual([back.dtype, back.shape, values(back)], [dtype, [3, 2], values(x)]);
  }
  for (const shape of [[], [0], [2, 0, 3], [1, 1]]) {
    const x = fromElements(shape.includes(0) ? [] : [7], shape, "int32");
    assert.deepEqual(decodeNpy(encodeNpy(x)).shape, shape);
  }
});

test("encodeNpy() refuses keys", () => {
  assert.throws(() => encodeNpy(key(0)), {
    name: "TypeError",
    message: "Cannot encodeNpy: the array holds random keys; write their words, pz.random.keyData(x)",
  });
});

test("decodeNpy() refuses what is no array of numbers, and says what to do", () => {
  const remedies = Object.fromEntries(
    Object.entries(goldens.refused).map(([name, file]) => [name, refusal(bytesOf(file)).split("\n")]),
  );
  const firsts = Object.fromEntries(Object.entries(remedies).map(([name, lines]) => [name, lines[0]]));
  const noDtype = "Cannot decodeNpy: no array has elements of this dtype";
  assert.deepEqual(firsts, {
    objects: "Cannot decodeNpy: its elements are objects of Python",
    records: "Cannot decodeNpy: its elements are records",
    complex: noDtype,
    texts: noDtype,
    dates: noDtype,
    "beyond int32": "Cannot decodeNpy: an integer of 64 bits does not fit 32",
    "beyond uint32": "Cannot decodeNpy: an integer of 64 bits does not fit 32",
  });
  for (const [name, lines] of Object.entries(remedies)) assert.match(lines.at(-1)!, /^ {2}try: {6}\w/, name);
  assert.deepEqual(remedies["beyond int32"], [
    "Cannot decodeNpy: an integer of 64 bits does not fit 32",
    "  actual:   2147483648",
    "  expected: -2147483648 to 2147483647",
    "  try:      save the array as float64, or as two arrays of uint32",
  ]);
  assert.throws(() => decodeNpy("x" as never), {
    name: "TypeError",
    message: "Cannot decodeNpy: these are no bytes; pass a Uint8Array, as files are read into",
  });
});

test("decodeNpy() refuses a file that was cut, at whatever byte, or goes on", () => {
  const file = encodeNpy(fromElements([1, 2, 3], [3], "float32"));
  for (let length = 0; length < file.length; length++) refusal(file.subarray(0, length));
  const longer = new Uint8Array(file.length + 1);
  longer.set(file);
  assert.equal(
    refusal(longer),
    [
      "Cannot decodeNpy: the file goes on after its elements",
      "  actual:   141 bytes",
      "  expected: 140 bytes for <f4 of shape [3]",
      "  try:      read the file again, or ask for it anew: it was cut or changed",
    ].join("\n"),
  );
});

test("decodeNpy() reads a header with flipped bits as an array of as many bytes, or refuses it", () => {
  const file = encodeNpy(fromElements([1, 2, 3, 4], [2, 2], "int16"));
  for (let at = 0; at < 128; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = file.slice();
      changed[at]! ^= 1 << bit;
      let x: NDArray;
      try {
        x = decodeNpy(changed);
      } catch (error) {
        assert.equal((error as Error).name, "ValueError", `byte ${at}, bit ${bit}: ${error}`);
        continue;
      }
      assert.equal(x.nbytes, 8, `byte ${at}, bit ${bit}`);
    }
  }
});
