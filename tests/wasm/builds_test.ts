import assert from "node:assert/strict";
import test from "node:test";
import { type BuildName, BUILDS } from "../../wasm/builds.ts";

for (const name of Object.keys(BUILDS) as BuildName[]) {
  test(`BUILDS.${name} has a module and glue, each of its own`, async () => {
    const { glue, embedded, threads } = BUILDS[name];
    assert.equal(BUILDS[name].name, name);
    assert.equal(threads, name.endsWith("threads"));
    const { MODULE } = await embedded();
    // "\0asm" is deflated, so only the size and the alphabet are known.
    assert(MODULE.length > 10_000 && MODULE.length < 4_000_000 && /^[A-Za-z0-9+/=]*$/.test(MODULE));
    assert.equal(typeof (await glue()).initSync, "function");
  });
}
