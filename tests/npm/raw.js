// A host that forbids compiling and brings its own compiled module: the raw files are entry points too.
import { readFile } from "node:fs/promises";
import * as pz from "@penjing/penjing/manual";

const address = new URL(import.meta.resolve("@penjing/penjing/wasm/simd_threads.wasm"));
const wasm = await WebAssembly.compile(await readFile(address));
await pz.init({ wasm, build: "simd_threads", threads: 2 });
await pz.backend.startWorkers();
const { build, lane, threads, workers } = pz.backend.info();
console.log(JSON.stringify({ build, lane, threads, workers }));
