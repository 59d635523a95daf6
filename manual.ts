/**
 * penjing without top-level await: the same namespace as the main entry, to be started by `await init(options)`.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing/manual";
 *
 * await pz.init();
 * const { kernels } = pz;
 * const x = kernels.upload([1, 2, 3, 4], { shape: [2, 2] });
 * const y = kernels.allocate([2, 2], "float32");
 * kernels.matmul(y, x, x);
 * assert.deepEqual([...kernels.download(y)], [7, 10, 15, 22]);
 * ```
 *
 * @module
 */

// These fill slots that methods of arrays and structs ask, also where a bundler finds that nothing else of them is used.
import "./array/methods.ts";
import "./select/selection.ts";
import "./treescope/color.ts";

export * from "./errors/mod.ts";
export { init, type InitOptions } from "./wasm/init.ts";
export { memory, type MemoryReport, traceMemory } from "./core/memory.ts";
export { collect, dispose, keep, type Origin, scope } from "./core/storage.ts";
export type { MemoryStats } from "./wasm/memory.ts";
export type { Aval } from "./core/aval.ts";
export type { ArrayDtype } from "./core/dtype.ts";
export type { DType, ElementArray, ElementArrayConstructor } from "./wasm/dtype.ts";
export type { Slot } from "./wasm/engine.ts";
export type { Operand } from "./wasm/operand.ts";
export {
  type ArrayLike,
  type IndexedArray,
  type IndexItem,
  NDArray,
  type NestedList,
  type TypedArray,
} from "./core/ndarray.ts";
export type * from "./core/options.ts";
export type * from "./core/primitive.ts";
export { type TypeOf, WeakFloat, weakFloat } from "./core/promotion.ts";
export type { Shape } from "./core/shape.ts";
export type { Staged, StagedLoop, Stager } from "./core/stager.ts";
export type { AnyFunction, Trace } from "./core/trace.ts";
export { type ShapeDtype, ShapeDtypeStruct } from "./core/shape_dtype_struct.ts";
export {
  checkpoint,
  checkpoint as remat,
  checkpointName,
  type CheckpointOptions,
  type CheckpointPolicies,
  checkpointPolicies,
  type CheckpointPolicy,
} from "./array/checkpoint.ts";
export { type ArgumentRule, type CustomJvp, customJvp, type CustomOptions } from "./array/custom_jvp.ts";
export { type CustomVjp, customVjp, type CustomVjpOptions } from "./array/custom_vjp.ts";
export { evalShape, type Shapes } from "./array/eval_shape.ts";
export { linearTranspose } from "./array/linear_transpose.ts";
export { type SavedResidual, savedResiduals } from "./array/saved_residuals.ts";
export { Float0, float0 } from "./core/float0.ts";
export {
  type AuxOptions,
  grad,
  type Gradient,
  type GradOptions,
  jvp,
  linearize,
  type Tangents,
  valueAndGrad,
  vjp,
} from "./array/derivatives.ts";
export { hessian, jacfwd, type JacobianOptions, jacrev } from "./array/jacobians.ts";
export { jit, type JitOptions, type Jitted } from "./array/jit.ts";
export { blockUntilReady } from "./array/read.ts";
export { makeProgram, type PrintedProgram } from "./array/programs.ts";
export { type AxisTree, vmap, type VmapOptions } from "./array/vmap.ts";
export type { Atom, Equation, Program, Variable } from "./core/program.ts";
export { checkProgram, hashProgram } from "./core/check_program.ts";
export { checkTracerLeaks } from "./core/leaks.ts";
export * as debug from "./array/debug.ts";
export * as fn from "./array/fn.ts";
export * as lax from "./array/lax.ts";
export * as linalg from "./array/linalg.ts";
export * as np from "./array/np.ts";
export * as random from "./random/mod.ts";
export type { WasmSource } from "./wasm/instance.ts";
export type { Build, BuildName, CoreExports, EmbeddedModule, Glue, HostObject } from "./wasm/builds.ts";
export * as backend from "./wasm/backend.ts";
export * as kernels from "./wasm/face.ts";
export * as tree from "./tree/mod.ts";
export type { KeyPath, TreeKey } from "./tree/keys.ts";
export type { Class, NodeKind } from "./tree/node.ts";
export type { TreeDef } from "./tree/treedef.ts";
export { prettyKeystr, treeFlattenExactlyOneLevel } from "./tree/one_level.ts";
export {
  type Attributes,
  dataclassFromAttributes,
  initTakesFields,
  pytreeDataclass,
  registerStruct,
  Struct,
} from "./tree/struct.ts";
export {
  field,
  type FieldOptions,
  type FieldSpec,
  type FieldTable,
  isPytreeNodeField,
  staticField,
  StructStaticMetadata,
} from "./tree/struct_fields.ts";
export { structuralKey, type StructurallyKeyed, StructuralMap, StructuralSet } from "./tree/structural_key.ts";
export { isPytreeDataclassType, type StructOptions } from "./tree/struct_info.ts";
export { AutoOrderedAcrossTypes, compareMixed } from "./tree/auto_order.ts";
export {
  ELLIPSIS,
  indexExpr,
  NEW_AXIS,
  type ScalarArray,
  Slice,
  slice,
  type SliceBound,
  type SliceFunction,
} from "./tree/slice.ts";
export * as chk from "./check/mod.ts";
export * from "./select/mod.ts";
export { colorFromString, type ColorOptions, oklchColor } from "./treescope/color.ts";
export { ContextualValue, type ContextualValueOptions, type Scoped } from "./treescope/contextual_value.ts";
