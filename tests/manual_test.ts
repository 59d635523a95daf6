import assert from "node:assert/strict";
import test from "node:test";
import * as pz from "../manual.ts";
import { start } from "./_support.ts";

test("the namespace reads as documented", async () => {
  await start();
  const names = [
    // errors
    "AssertionError",
    "AttributeError",
    "EngineError",
    "FreedArrayError",
    "KeyError",
    "NotInitializedError",
    "OutOfMemoryError",
    "PenjingError",
    "PyTreeDataclassSafetyError",
    "SelectionError",
    "StructureMismatchError",
    "TracerLeakError",
    "ValueError",
    // engine
    "backend",
    "init",
    "kernels",
    // arrays
    "NDArray",
    "WeakFloat",
    "collect",
    "dispose",
    "fn",
    "grad",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "keep",
    "lax",
    "linalg",
    "linearize",
    "makeProgram",
    "memory",
    "np",
    "random",
    "scope",
    "traceMemory",
    "valueAndGrad",
    "vjp",
    "vmap",
    "weakFloat",
    // trees
    "AutoOrderedAcrossTypes",
    "ContextualValue",
    "ELLIPSIS",
    "NEW_AXIS",
    "Slice",
    "Struct",
    "StructStaticMetadata",
    "StructuralMap",
    "StructuralSet",
    "chk",
    "colorFromString",
    "compareMixed",
    "dataclassFromAttributes",
    "field",
    "indexExpr",
    "initTakesFields",
    "isPytreeDataclassType",
    "isPytreeNodeField",
    "oklchColor",
    "prettyKeystr",
    "pytreeDataclass",
    "registerStruct",
    "slice",
    "staticField",
    "structuralKey",
    "tree",
    "treeFlattenExactlyOneLevel",
    // selectors
    "NotInThisPartition",
    "Selection",
    "SelectionHole",
    "SelectionQuote",
    "combine",
    "select",
    "typeGuard",
  ];
  assert.deepEqual(Object.keys(pz).sort(), names.sort());
  assert.equal(typeof pz.backend.info().why, "string");
  assert.equal(pz.memory().liveBlocks >= 1, true);
});
