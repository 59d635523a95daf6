/**
 * One function a kernel, over operands: checks shapes and dtypes, brings any rank into the form that plans take, and
 * runs a plan of one instruction.
 *
 * Outputs are given, not made: `matmul(out, a, b)` writes to `out`. An output may not overlap an input, except that an
 * elementwise output may be exactly one of the inputs.
 *
 * @module
 */

export { attention, type AttentionOptions } from "./attention.ts";
export { concatenate } from "./concatenate.ts";
export { copy } from "./copy.ts";
export { cumulative, type CumulativeOptions } from "./cumulative.ts";
export { dynamicSlice, dynamicUpdateSlice } from "./dynamic_slice.ts";
export { binary, elementwise, unary } from "./elementwise.ts";
export { type GateOptions, gelu, type GeluOptions, silu } from "./gate.ts";
export { gather, type GatherOptions } from "./gather.ts";
export { gatherNd, type GatherNdOptions } from "./gather_nd.ts";
export { iota, oneHot } from "./iota.ts";
export { matmul } from "./matmul.ts";
export { layerNorm, type LayerNormOptions, rmsNorm, type RmsNormOptions } from "./normalize.ts";
export { pad, type Padding } from "./pad.ts";
export { probe, type ProbeOptions } from "./probe.ts";
export { reduce, type ReduceKind, type ReduceOptions } from "./reduce.ts";
export { rotary } from "./rotary.ts";
export { scatter, type ScatterOptions } from "./scatter.ts";
export { logSoftmax, logsumexp, softmax } from "./softmax.ts";
export { argsort, sort, type SortOptions } from "./sort.ts";
export { threefry, type ThreefryOptions } from "./threefry.ts";
export { topK, type TopKOptions } from "./top_k.ts";
