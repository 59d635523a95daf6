/**
 * What the package shows of the engine as `pz.kernels`: operands, one function a kernel, and plans.
 *
 * @module
 */

export { type DType, type ElementArray, type ElementArrayConstructor } from "./dtype.ts";
export { Elementwise, type ElementwiseOp, type ElementwiseValue } from "./elementwise.ts";
export { type HostFunction, type Slot } from "./engine.ts";
export * from "./kernels/mod.ts";
export {
  allocate,
  download,
  type Operand,
  release,
  reverse,
  slice,
  transpose,
  upload,
  type UploadOptions,
} from "./operand.ts";
export {
  type Cell,
  type CellOffset,
  type Cumulative,
  type GatherMode,
  type LoopOptions,
  type Normalization,
  Plan,
  type PlanAttentionOptions,
  type PlanOperand,
  type PlanSortOptions,
  type ProbeKind,
  type Reduction,
  type ScatterKind,
  type SoftmaxKind,
  type ThreefryMode,
} from "./plan.ts";
export { checkPlan, type RunOptions, runPlan } from "./run.ts";
