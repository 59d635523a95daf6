/**
 * The errors of reading and merging selections.
 *
 * @module
 */

import { AssertionError, ValueError } from "../errors/mod.ts";
import { type KeyPath, keystr } from "../tree/keys.ts";

/** Not exactly one subtree is selected. */
export function notOne(size: number): ValueError {
  return new ValueError("Cannot get the selected subtree: there is not exactly one", {
    op: "Selection.get",
    actual: `${size} selected`,
    expected: "1",
    remedy: "refine the selection, or use getSequence",
    code: "select-get",
  });
}

/** Another number of subtrees is selected than was said. */
export function otherCount(size: number, expected: number): AssertionError {
  return new AssertionError("Cannot go on with a selection: another number of subtrees is selected", {
    op: "Selection.assertCountIs",
    actual: `${size} selected`,
    expected: `${expected}`,
    remedy: "refine the selection, or assert another count",
    code: "select-count",
  });
}

/** Something other than a selection is selected where selections are to be merged. */
export function notSelections(path: KeyPath): ValueError {
  return new ValueError("Cannot merge selections: a selected value is none", {
    op: "Selection.flattenSelectedSelections",
    path: keystr(path) || "the root",
    remedy: "make a selection of each selected value, as refine does",
    code: "select-flatten",
  });
}
