import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { sha1, sha256 } from "../../random/sha.ts";

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const TWO_BLOCKS = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

test("sha1 gives the standard's examples and that of nothing", () => {
  assert.equal(hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.equal(hex(sha1(TWO_BLOCKS)), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  assert.equal(hex(sha1("a".repeat(1_000_000))), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  assert.equal(hex(sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
});

test("sha256 gives the standard's examples and that of nothing", () => {
  assert.equal(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(hex(sha256(TWO_BLOCKS)), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  assert.equal(
    hex(sha256("a".repeat(1_000_000))),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  );
  assert.equal(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("sha1 and sha256 are the platform's at every length around the edges of blocks", () => {
  const lengths = [...Array.from({ length: 131 }, (_, length) => length), 1000, 4095, 4096];
  for (const length of lengths) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 167 + length) & 255);
    assert.equal(hex(sha1(bytes)), createHash("sha1").update(bytes).digest("hex"), `sha1 of ${length} bytes`);
    assert.equal(hex(sha256(bytes)), createHash("sha256").update(bytes).digest("hex"), `sha256 of ${length} bytes`);
  }
});

test("sha1 and sha256 read the bytes of a view and leave them as they are", () => {
  const buffer = Uint8Array.from([9, 97, 98, 99, 9]);
  const view = buffer.subarray(1, 4);
  assert.equal(hex(sha1(view)), hex(sha1("abc")));
  assert.equal(hex(sha256(view)), hex(sha256("abc")));
  assert.deepEqual([...buffer], [9, 97, 98, 99, 9]);
});

test("sha1 and sha256 take texts by their UTF-8 bytes", () => {
  for (const text of ["ü", "日本", "𝒳", "a\u0000b"]) {
    assert.equal(hex(sha1(text)), createHash("sha1").update(text, "utf8").digest("hex"), text);
    assert.equal(hex(sha256(text)), createHash("sha256").update(text, "utf8").digest("hex"), text);
  }
});

test("sha1 and sha256 give new bytes of their lengths", () => {
  const [first, second] = [sha1("x"), sha1("x")];
  assert.equal(first.length, 20);
  assert.equal(sha256("x").length, 32);
  assert.notEqual(first, second);
  assert.equal(first.buffer.byteLength, 20);
});

test("sha1's first four bytes are the offsets that the names of parameters have in Penzai", () => {
  const offsets: Readonly<Record<string, number>> = {
    "": 3661210606,
    "foo": 200198069,
    "bar": 1657648898,
    "test.weights": 1564050295,
    "test.bias": 462618859,
    "mlp/Affine_0/Linear.weights": 1430573483,
    "mlp/Affine_0/AddBias.bias": 438040752,
    "mlp/Affine_1/Linear.weights": 1278021605,
    "embeddings.embeddings": 2438241363,
    "ü": 2493995517,
  };
  for (const [name, offset] of Object.entries(offsets)) {
    assert.equal(new DataView(sha1(name).buffer).getUint32(0), offset, name);
  }
});

test("sha256's first two bytes are the hues that names have in Penzai", () => {
  const hues: Readonly<Record<string, number>> = {
    "": 248.7469482421875,
    "foo": 53.67919921875,
    "some_name": 312.0501708984375,
  };
  for (const [name, hue] of Object.entries(hues)) {
    assert.equal(360 * new DataView(sha256(name).buffer).getUint16(0, true) / 65536, hue, name);
  }
});
