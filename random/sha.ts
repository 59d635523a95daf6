/**
 * SHA-1 and SHA-256, computed at once: those that browsers have answer only later.
 *
 * Names of parameters become random keys by SHA-1, other names colors by SHA-256. Both are here to tell names
 * apart, not to keep secrets.
 *
 * Source: FIPS 180-4, sections 4 to 6; the letters are the standard's.
 *
 * @module
 */

/** Rounds' constants of SHA-256: the fractions of the cube roots of the first 64 primes. */
const K: readonly number[] = `
  428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5
  d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
  e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da
  983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
  27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
  a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
  19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3
  748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2
`.trim().split(/\s+/).map((word) => parseInt(word, 16));

/** The message in blocks of 64 bytes: a 1 bit, zeros, and the length in bits come after it. */
function padded(data: string | Uint8Array): DataView {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const out = new Uint8Array(64 * blocks);
  out.set(bytes);
  out[bytes.length] = 0x80;
  const view = new DataView(out.buffer);
  view.setUint32(out.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(out.length - 4, bytes.length << 3);
  return view;
}

function rotl(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}

/** The words as bytes, high ones first. */
function toBytes(words: Int32Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(4 * words.length);
  const view = new DataView(out.buffer);
  words.forEach((word, index) => view.setInt32(4 * index, word));
  return out;
}

/**
 * The SHA-1 digest of a text or of bytes.
 *
 * @param data The text, which counts by its UTF-8 bytes, or the bytes.
 * @returns The 20 bytes of the digest.
 */
export function sha1(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const message = padded(data);
  const H = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const W = new Int32Array(80);
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let t = 0; t < 16; t++) W[t] = message.getInt32(block + 4 * t);
    for (let t = 16; t < 80; t++) W[t] = rotl(W[t - 3]! ^ W[t - 8]! ^ W[t - 14]! ^ W[t - 16]!, 1);
    let [a, b, c, d, e] = H as unknown as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      const f = t < 20
        ? ((b & c) ^ (~b & d)) + 0x5a827999
        : t < 40
        ? (b ^ c ^ d) + 0x6ed9eba1
        : t < 60
        ? ((b & c) ^ (b & d) ^ (c & d)) + 0x8f1bbcdc
        : (b ^ c ^ d) + 0xca62c1d6;
      const T = (rotl(a, 5) + f + e + W[t]!) | 0;
      e = d;
      d = c;
      c = rotl(b, 30);
      b = a;
      a = T;
    }
    [a, b, c, d, e].forEach((word, index) => H[index]! += word);
  }
  return toBytes(H);
}

/**
 * The SHA-256 digest of a text or of bytes.
 *
 * @param data The text, which counts by its UTF-8 bytes, or the bytes.
 * @returns The 32 bytes of the digest.
 */
export function sha256(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const message = padded(data);
  // The fractions of the square roots of the first eight primes.
  const H = Int32Array.from([2, 3, 5, 7, 11, 13, 17, 19], (prime) => (Math.sqrt(prime) % 1) * 2 ** 32);
  const W = new Int32Array(64);
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let t = 0; t < 16; t++) W[t] = message.getInt32(block + 4 * t);
    for (let t = 16; t < 64; t++) {
      const [x, y] = [W[t - 15]!, W[t - 2]!];
      const s0 = rotl(x, 25) ^ rotl(x, 14) ^ (x >>> 3);
      const s1 = rotl(y, 15) ^ rotl(y, 13) ^ (y >>> 10);
      W[t] = s1 + W[t - 7]! + s0 + W[t - 16]!;
    }
    let [a, b, c, d, e, f, g, h] = H as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let t = 0; t < 64; t++) {
      const S1 = rotl(e, 26) ^ rotl(e, 21) ^ rotl(e, 7);
      const T1 = (h + S1 + ((e & f) ^ (~e & g)) + K[t]! + W[t]!) | 0;
      const S0 = rotl(a, 30) ^ rotl(a, 19) ^ rotl(a, 10);
      const T2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + T1) | 0;
      d = c;
      c = b;
      b = a;
      a = (T1 + T2) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, index) => H[index]! += word);
  }
  return toBytes(H);
}
