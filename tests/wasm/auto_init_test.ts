import assert from "node:assert/strict";
import test from "node:test";
import "../../wasm/auto_init.ts";
import { hasEngine } from "../../wasm/engine.ts";

test("auto_init has the engine running when its importers run", () => assert(hasEngine()));
