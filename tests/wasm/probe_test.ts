import assert from "node:assert/strict";
import test from "node:test";
import { chooseBuild, type HostFeatures, probeHost } from "../../wasm/probe.ts";

const BARE: HostFeatures = {
  simd: true,
  relaxed: false,
  threads: false,
  whyNoThreads: "the host has no Worker",
  cores: 4,
};

test("chooseBuild() takes the most that the host has", () => {
  assert.equal(chooseBuild({ ...BARE, relaxed: true, threads: true }), "relaxed_threads");
  assert.equal(chooseBuild({ ...BARE, relaxed: true }), "relaxed");
  assert.equal(chooseBuild({ ...BARE, threads: true }), "simd_threads");
  assert.equal(chooseBuild(BARE), "simd");
  assert.equal(chooseBuild({ ...BARE, simd: false }), undefined);
});

test("probeHost() finds SIMD here, and gives a reason where there are no threads", () => {
  const host = probeHost();
  assert.equal(host.simd, true);
  assert.equal(host.threads, host.whyNoThreads === undefined);
});
