/**
 * Rows of the case table: reductions, cumulative operations, sorting, products.
 *
 * @module
 */

import type { Primitive } from "../../core/primitive.ts";
import type { ReductionParams } from "../../ops/_reduction.ts";
import type { ScanParams } from "../../ops/_scan.ts";
import { argmaxPrimitive } from "../../ops/argmax.ts";
import { argminPrimitive } from "../../ops/argmin.ts";
import { argsortPrimitive } from "../../ops/argsort.ts";
import { countPrimitive } from "../../ops/count.ts";
import { cummaxPrimitive } from "../../ops/cummax.ts";
import { cumminPrimitive } from "../../ops/cummin.ts";
import { cumprodPrimitive } from "../../ops/cumprod.ts";
import { cumsumPrimitive } from "../../ops/cumsum.ts";
import { type DotGeneralParams, dotGeneralPrimitive } from "../../ops/dot_general.ts";
import { reduceAllPrimitive } from "../../ops/reduce_all.ts";
import { reduceAnyPrimitive } from "../../ops/reduce_any.ts";
import { reduceMaxPrimitive } from "../../ops/reduce_max.ts";
import { reduceMinPrimitive } from "../../ops/reduce_min.ts";
import { reduceProdPrimitive } from "../../ops/reduce_prod.ts";
import { reduceSumPrimitive } from "../../ops/reduce_sum.ts";
import { sortPrimitive } from "../../ops/sort.ts";
import { topKPrimitive } from "../../ops/top_k.ts";
import type { Case, CaseInput } from "./_case.ts";

/** Operands without elements along an axis, of which the sum of every operation has to be right. */
const EMPTY: CaseInput = { shape: [2, 0, 3] };

/** Distinct numbers, so far apart that small changes leave their order. */
const APART: CaseInput = { shape: [2, 4], values: [0.5, -1, 1.5, 1, -0.25, 2, 0.125, -2] };

/** Rows with zeros: one, two, none. */
const ZEROS: CaseInput = { shape: [3, 4], values: [1, 0, 2, -1, 0, 3, 0, 1, 2, 1, -1, 0.5] };

function reductions(primitive: Primitive<ReductionParams>, linear: readonly number[], input: CaseInput): Case[] {
  const { name } = primitive;
  const row = (what: string, own: CaseInput, axes: readonly number[]): Case => ({
    name: `${name} ${what}`,
    primitive,
    params: { axes },
    inputs: [own],
    linear,
  });
  return [
    row("over the last axis", input, [1]),
    row("over the first axis", input, [0]),
    row("over all axes", input, [0, 1]),
    row("over outer axes", { ...input, shape: [2, 2, 2] }, [0, 2]),
    row("of no elements", EMPTY, [0]),
  ];
}

/** Rows of reductions whose results are no floats. */
function decisions(primitive: Primitive<ReductionParams>, hasEmpty: boolean): Case[] {
  const row = (what: string, own: CaseInput, axes: readonly number[]): Case => ({
    name: `${primitive.name} ${what}`,
    primitive,
    params: { axes },
    inputs: [own],
  });
  return [
    row("of floats", { shape: [3, 5] }, [1]),
    row("of integers", { shape: [3, 5], dtype: "int8" }, [0, 1]),
    row("of bools", { shape: [4, 8], dtype: "bool", low: 0 }, [1]),
    ...(hasEmpty ? [row("of no elements", EMPTY, [1])] : [row("with no results", EMPTY, [0])]),
  ];
}

function scans(primitive: Primitive<ScanParams>, linear: readonly number[], input: CaseInput): Case[] {
  const row = (what: string, own: CaseInput, axis: number, reverse: boolean): Case => ({
    name: `${primitive.name} ${what}`,
    primitive,
    params: { axis, reverse },
    inputs: [own],
    linear,
  });
  return [
    row("along the last axis", input, 1, false),
    row("backward along the first axis", input, 0, true),
    row("along an axis of odd length", { ...input, shape: [7] }, 0, false),
    row("of integers", { shape: [2, 3, 2], dtype: "int16" }, 1, true),
    row("of halves", { shape: [2, 3], dtype: "bfloat16" }, 1, false),
    row("of one element", { shape: [1] }, 0, false),
    row("of no elements", EMPTY, 1, false),
  ].map((own) => own.inputs[0]?.dtype === undefined ? own : { ...own, linear: [] });
}

function product(
  name: string,
  [a, b]: readonly [CaseInput, CaseInput],
  contracting: DotGeneralParams["contracting"],
  batch: DotGeneralParams["batch"] = [[], []],
  dtype: DotGeneralParams["dtype"] = "float32",
): Case {
  const isFloat32 = dtype === "float32" && a.dtype === undefined && b.dtype === undefined;
  return {
    name: `dotGeneral ${name}`,
    primitive: dotGeneralPrimitive,
    params: { contracting, batch, dtype },
    inputs: [a, b],
    linear: isFloat32 ? [0, 1] : [],
  };
}

function of(...shape: number[]): CaseInput {
  return { shape };
}

const PRODUCTS: readonly Case[] = [
  product("of matrices", [of(2, 3), of(3, 4)], [[1], [0]]),
  product("of a transposed matrix", [of(3, 2), of(4, 3)], [[0], [1]]),
  product("of a matrix and a vector", [of(4, 3), of(3)], [[1], [0]]),
  product("of a vector and a matrix", [of(3), of(4, 3)], [[0], [1]]),
  product("of vectors", [of(5), of(5)], [[0], [0]]),
  product("of attention", [of(2, 3, 2, 4), of(2, 5, 2, 4)], [[3], [3]], [[0, 2], [0, 2]]),
  product("over two axes, in another order", [of(2, 3, 4), of(4, 5, 2)], [[0, 2], [2, 0]]),
  product("with batches in the middle", [of(3, 2, 4), of(4, 5, 2)], [[2], [0]], [[1], [2]]),
  product("of free axes that do not merge", [of(17, 2, 18), of(2, 3)], [[1], [0]]),
  product("of second free axes that do not merge", [of(2, 3), of(17, 3, 16)], [[1], [1]]),
  product("without summed axes", [of(2, 3), of(4)], [[], []]),
  product("of batches alone", [of(2, 3), of(3, 2)], [[], []], [[0, 1], [1, 0]]),
  product("over no elements", [of(2, 0), of(0, 3)], [[1], [0]]),
  product("without results", [of(0, 3), of(3, 2)], [[1], [0]]),
  product("of halves", [{ shape: [3, 5], dtype: "bfloat16" }, { shape: [5, 2], dtype: "bfloat16" }], [[1], [0]], [
    [],
    [],
  ], "bfloat16"),
  product("of many halves and few floats", [{ shape: [3, 4, 5], dtype: "float16" }, of(5, 2)], [[2], [0]]),
  product("of a batch of halves and floats", [{ shape: [2, 17, 5], dtype: "float16" }, of(5, 2)], [[2], [0]], [[0], [
    1,
  ]]),
  product("of a float and halves", [of(3, 5), { shape: [5, 2], dtype: "float16" }], [[1], [0]]),
  product(
    "of integers",
    [{ shape: [3, 5], dtype: "int8", low: -128, high: 128 }, {
      shape: [5, 2],
      dtype: "int8",
      low: -128,
      high: 128,
    }],
    [[1], [0]],
    [[], []],
    "int8",
  ),
  product("of integers, wider", [{ shape: [3, 5], dtype: "int8" }, { shape: [5], dtype: "int8" }], [[1], [0]], [
    [],
    [],
  ], "int32"),
  product("of integers and floats", [{ shape: [3, 5], dtype: "uint8", low: 0, high: 9 }, of(5)], [[1], [0]]),
  product("of bools", [{ shape: [3, 5], dtype: "bool", low: 0 }, { shape: [5], dtype: "bool", low: 0 }], [[1], [0]], [
    [],
    [],
  ], "bool"),
];

const SORTS: readonly Case[] = [
  {
    name: "sort along the last axis",
    primitive: sortPrimitive,
    params: { dimension: 1, numKeys: 1, descending: false },
    inputs: [APART],
  },
  {
    name: "sort falling, along the first axis",
    primitive: sortPrimitive,
    params: { dimension: 0, numKeys: 1, descending: true },
    inputs: [APART],
  },
  {
    name: "sort with two keys and a value",
    primitive: sortPrimitive,
    params: { dimension: 1, numKeys: 2, descending: false },
    inputs: [{ shape: [2, 4], dtype: "int8", low: 0 }, { shape: [2, 4], dtype: "int32" }, APART],
  },
  {
    name: "sort without elements",
    primitive: sortPrimitive,
    params: { dimension: 1, numKeys: 1, descending: false },
    inputs: [EMPTY],
  },
  {
    name: "argsort",
    primitive: argsortPrimitive,
    params: { dimension: 1, numKeys: 1, descending: true },
    inputs: [{ shape: [2, 6], dtype: "float16" }],
  },
  {
    name: "argsort with two keys",
    primitive: argsortPrimitive,
    params: { dimension: 0, numKeys: 2, descending: false },
    inputs: [{ shape: [5], dtype: "bool", low: 0 }, { shape: [5] }],
  },
  { name: "topK", primitive: topKPrimitive, params: { k: 2 }, inputs: [APART] },
  {
    name: "topK of integers",
    primitive: topKPrimitive,
    params: { k: 3 },
    inputs: [{ shape: [5], dtype: "uint8", low: 0 }],
  },
  { name: "topK of none", primitive: topKPrimitive, params: { k: 0 }, inputs: [APART] },
];

/** The rows. */
export const CASES: readonly Case[] = [
  ...reductions(reduceSumPrimitive, [0], { shape: [3, 5] }),
  ...reductions(reduceProdPrimitive, [], ZEROS),
  ...reductions(reduceMaxPrimitive, [], APART),
  ...reductions(reduceMinPrimitive, [], APART),
  ...decisions(reduceAnyPrimitive, true),
  ...decisions(reduceAllPrimitive, true),
  ...[[0], [1], [0, 1], []].map((axes): Case => ({
    name: `count over axes [${axes}]`,
    primitive: countPrimitive,
    params: { axes },
    inputs: [{ shape: [5, 300], dtype: "bool", low: 0 }],
  })),
  ...decisions(argmaxPrimitive, false),
  ...decisions(argminPrimitive, false),
  ...scans(cumsumPrimitive, [0], { shape: [2, 5] }),
  ...scans(cumprodPrimitive, [], ZEROS),
  ...scans(cummaxPrimitive, [], APART),
  ...scans(cumminPrimitive, [], APART),
  ...SORTS,
  ...PRODUCTS,
];
