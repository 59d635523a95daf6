/**
 * What rules of users give: checks against the function that they belong to.
 *
 * @module
 */

import { type Aval, describe } from "../core/aval.ts";
import { asArray, constant, isScalar, kindOf } from "../core/constant.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { TreeDef } from "../tree/treedef.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { sameShape } from "../wasm/layout.ts";
import type { DType } from "../wasm/dtype.ts";
import { arrayLeaves } from "./_trees.ts";

/** What a function gives, known once it has run. */
export interface Results {
  /** Its structure. */
  readonly structure: TreeDef;
  /** The types of its arrays. */
  readonly avals: readonly Aval[];
}

/** A rule, as errors name it. */
export interface RuleNames {
  /** The function that gives the derivative: "customJvp". */
  readonly op: string;
  /** The kind of rule: "jvp". */
  readonly rule: string;
  /** The function whose rule it is. */
  readonly of: string;
}

/** The beginning of an error. */
export function inRule({ op, rule, of }: RuleNames): string {
  return `Cannot apply the ${rule} rule of the ${op} function "${of}"`;
}

/** Types of arrays as errors list them. */
export function listOf(avals: readonly Aval[]): string {
  return avals.length === 0 ? "no arrays" : avals.map(describe).join(", ");
}

/** The two parts that a rule gives. */
export function pairOf(names: RuleNames, result: unknown, parts: string): readonly [first: unknown, second: unknown] {
  if (Array.isArray(result) && result.length === 2) return [result[0], result[1]];
  const actual = Array.isArray(result) ? `a list of ${result.length}` : kindOf(result);
  throw new TypeError(`${inRule(names)}: it gives ${actual}; return a pair, ${parts}`);
}

/**
 * The arrays of a value that a rule gives in place of the function.
 *
 * @param names The rule.
 * @param value The value.
 * @param known What the function gives, if it has run.
 * @returns The arrays, and their structure.
 * @throws {TypeError} If the function gives something else.
 */
export function valueOfRule(
  names: RuleNames,
  value: unknown,
  known: Results | undefined,
): readonly [outputs: readonly NDArray[], structure: TreeDef] {
  const [outputs, structure] = arrayLeaves(names.op, value);
  if (known === undefined) return [outputs, structure];
  if (known.structure !== structure) {
    throw new TypeError(
      `${inRule(names)}: its value is ${structure}, and the function gives ${known.structure}; ` +
        "return as first part what the function returns",
    );
  }
  const fits = known.avals.every(({ shape, dtype }, k) =>
    sameShape(shape, outputs[k]!.shape) && dtype === outputs[k]!.dtype
  );
  if (!fits) {
    throw new TypeError(
      `${inRule(names)}: its value holds ${listOf(outputs)}, and the function gives ${listOf(known.avals)}; ` +
        "return as first part what the function returns",
    );
  }
  return [outputs.map((y, k) => weakAs(y, known.avals[k]!)), structure];
}

function weakAs(y: NDArray, { dtype, weakType }: Aval): NDArray {
  return y.weakType === weakType ? y : convertElementType(y, { dtype: dtype as DType, weakType });
}

/** A tangent or cotangent that a rule gives, as an array. A scalar of the language is one of the type that is wanted. */
export function changeOf(op: string, value: unknown, { dtype, weakType }: Aval): NDArray {
  return isScalar(value) ? constant(value, { dtype: dtype as DType, weakType }) : asArray(op, value);
}

/** A function of leaves, and what it gives. */
export interface KnownResults {
  /** What it gives, as soon as it or a rule in its place has run. */
  known: Results | undefined;
}

/** Keeps what a function of leaves gives. */
export function noting(
  call: (...leaves: NDArray[]) => unknown,
  results: KnownResults,
  op: string,
): (...leaves: NDArray[]) => readonly NDArray[] {
  return (...leaves) => {
    const [outputs, structure] = arrayLeaves(op, call(...leaves));
    results.known = { structure, avals: outputs.map(({ shape, dtype, weakType }) => ({ shape, dtype, weakType })) };
    return outputs;
  };
}
