/**
 * Structure and shape checks: patterns of trees of arrays, and what their variables stand for.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk } from "@penjing/penjing/manual";
 *
 * const pattern = {
 *   inputs: new chk.ArraySpec({ shape: [chk.var("batch"), ...chk.var("features")], dtype: "floating" }),
 *   labels: new chk.ArraySpec({ shape: [chk.var("batch")], dtype: "integer" }),
 *   note: chk.ANY,
 * };
 * const value = {
 *   inputs: new chk.ShapeDtypeStruct({ shape: [8, 28, 28], dtype: "float32" }),
 *   labels: new chk.ShapeDtypeStruct({ shape: [8], dtype: "int32" }),
 *   note: "digits",
 * };
 * const { batch, features } = chk.checkStructure(value, pattern).toRecord();
 * assert.equal(batch, 8);
 * assert.deepEqual(features, [28, 28]);
 * ```
 *
 * @module
 */

export { ArraySpec, type ArraySpecFields, type ArraySpecOptions } from "./array_spec.ts";
export { asArrayStructure } from "./as_array_structure.ts";
export { checkStructure, type CheckStructureOptions, type StructureAnnotation } from "./check_structure.ts";
export {
  type Dim,
  DimVar,
  dimVar,
  dimVar as var,
  KnownDim,
  MultiDimVar,
  type NamedShape,
  type NamedShapeLike,
  type PositionalShape,
  type PositionalShapeLike,
  RemainingAxisPlaceholder,
  type VarName,
  varsForAxes,
} from "./dims.ts";
export { type AbstractDtype, type ConcreteDtype, type Dtype, isSubdtype } from "../core/dtype.ts";
export { type Binding, type BindingRecord, type KnownVars, MatchResult } from "./match_result.ts";
export { type ShapeDtype, ShapeDtypeStruct } from "../core/shape_dtype_struct.ts";
export {
  type ByName,
  DimensionVariableSubstitution,
  fullSubstituteDimensionVariables,
  getDimensionVariables,
  type Substitutes,
} from "./substitute.ts";
export { StructureMismatchError } from "../errors/mod.ts";
export { ANY, Wildcard, type WildcardFields } from "./wildcard.ts";
