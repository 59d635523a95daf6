/**
 * `pz.fn`: functions of neural networks, as JAX's `nn` has them, and losses.
 *
 * @module
 */

export {
  celu,
  elu,
  type EluOptions,
  gelu,
  type GeluOptions,
  glu,
  type GluOptions,
  hardSigmoid,
  hardSilu,
  hardSwish,
  hardTanh,
  leakyRelu,
  type LeakyReluOptions,
  logSigmoid,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softplus,
  softSign,
  sparsePlus,
  sparseSigmoid,
  squareplus,
  type SquareplusOptions,
  swish,
} from "./activations.ts";
export { type AttentionOptions, dotProductAttention } from "./attention.ts";
export {
  type ClassOptions,
  type CrossEntropyOptions,
  huberLoss,
  type HuberOptions,
  klDivergence,
  l2Loss,
  sigmoidBinaryCrossEntropy,
  softmaxCrossEntropy,
  softmaxCrossEntropyWithIntegerLabels,
} from "./losses.ts";
export {
  logSoftmax,
  logsumexp,
  type LogsumexpOptions,
  oneHot,
  type OneHotOptions,
  softmax,
  type SoftmaxOptions,
  standardize,
  type StandardizeOptions,
} from "./softmax.ts";
export { tanh } from "./trigonometric.ts";
