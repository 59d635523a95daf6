/**
 * How far results of functions may be from JAX's, and where they are meant to differ, with the reasons. Functions that are
 * not named here give JAX's bits.
 *
 * @module
 */

import type { Tolerance } from "./_goldens.ts";

/** Tolerances, each with the functions that it is for. */
const ROWS: readonly (readonly [tolerance: Tolerance, functions: string])[] = [
  [
    { ulp: 3, because: "JAX's and ours are each within 2 ulp of the exact value, ours more often at the nearest" },
    "np.expm1 np.log2 np.log10 np.log1p np.sin np.cos np.tan np.arcsin np.arccos np.tanh np.arcsinh " +
    "np.arccosh np.arctanh np.asinh np.sinc np.cbrt np.logaddexp np.arctan2 np.unwrap lax.exp lax.expm1 " +
    "lax.log lax.log1p lax.logistic lax.tanh lax.sin lax.cos lax.tan lax.asin lax.acos lax.atan lax.asinh " +
    "lax.acosh lax.atanh lax.erf lax.erfInv lax.cbrt lax.cumlogsumexp",
  ],
  [
    { ulp: 4, because: "JAX evaluates the same polynomials with multiply-adds" },
    "lax.besselI0e lax.besselI1e fn.mish fn.tanh",
  ],
  [
    { ulp: 5, because: "powers of ten whose exponents are logarithms" },
    "np.geomspace",
  ],
  [
    {
      ulp: 30,
      because:
        "XLA multiplies the argument by a rounded log 2, which costs as many ulp as its exponent; ours are exact",
    },
    "np.exp2 lax.exp2 np.sinh np.cosh lax.sinh lax.cosh",
  ],
  [
    { ulp: 3, absolute: 2 ** -126, because: "XLA on CPUs flushes what is below the least normal number" },
    "np.ldexp np.logaddexp2 lax.erfc",
  ],
  [
    {
      ulp: 3,
      relative: 1e-6,
      because: "near its zeros JAX's are sums of larger terms; ours are within 2 ulp there, too",
    },
    "lax.lgamma lax.digamma fn.logSigmoid fn.logSoftmax",
  ],
  [
    { ulp: 1, because: "XLA multiplies by the reciprocal of a constant that it is to divide by" },
    "np.round np.around np.linspace np.mean np.average np.nanmean",
  ],
  [
    { ulp: 2, relative: 2e-7, because: "sums and products are taken in another order" },
    "np.prod np.std np.var np.nanstd np.nanvar np.cumprod np.nancumprod np.cov np.corrcoef np.quantile " +
    "np.nanquantile np.histogram np.histogramBinEdges linalg.norm linalg.vectorNorm",
  ],
  [
    { ulp: 2, relative: 4e-7, because: "the place is q / 100 times a size, which XLA computes by a reciprocal" },
    "np.percentile np.nanpercentile",
  ],
  [
    {
      halves: 3e-3,
      because: "JAX adds products of float16 in float16; ours are added in float32 and rounded once",
    },
    "np.matmul",
  ],
  [
    { ulp: 2, because: "made of exponentials and logarithms that are within 2 ulp each" },
    "fn.selu fn.celu fn.silu fn.swish fn.softplus fn.sigmoid fn.hardSigmoid fn.hardSilu fn.hardSwish " +
    "fn.squareplus fn.softmax fn.logsumexp fn.glu fn.softmaxCrossEntropy " +
    "fn.softmaxCrossEntropyWithIntegerLabels fn.sigmoidBinaryCrossEntropy",
  ],
  [
    { ulp: 2, relative: 2e-7, because: "weighted sums, whose terms cancel" },
    "fn.dotProductAttention",
  ],
  [
    {
      ulp: 2,
      relative: 5e-7,
      halves: 5e-3,
      because: "of halves JAX rounds each step; ours are computed in float32 and rounded once",
    },
    "fn.gelu fn.elu fn.standardize",
  ],
];

/** Tolerances by the function's name. */
export const TOLERANCES: Readonly<Record<string, Tolerance>> = Object.fromEntries(
  ROWS.flatMap(([tolerance, functions]) => functions.split(" ").map((name) => [name, tolerance])),
);

/** Calls whose results are meant to differ, by the start of their text as JSON, and why. */
export const DIFFERENCES: readonly (readonly [call: string, because: string])[] = [
  [
    '{"f":"get","a":[{"$":"int8","s":[3,4,5],"b":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"},[true]]',
    "single booleans are refused",
  ],
  [
    '{"f":"get","a":[{"$":"int8","s":[3,4,5],"b":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"},[false]]',
    "single booleans are refused",
  ],
  [
    '{"f":"get","a":[{"$":"int8","s":[3,4,5],"b":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"},[{"$":"bool","s":[]',
    "single booleans are refused",
  ],
  [
    '{"f":"lax.slice","a":[{"$":"int8","s":[4,6],"b":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"},[-1,0]',
    "a start below 0 is a mistake",
  ],
  [
    '{"f":"np.sum","a":[{"$":"float32","s":[5],"b":"AACASwAAgD8AAIA/AACAPwAAgMs="',
    "2^24 + 1 + 1 + 1 - 2^24 is 3; JAX gives 0",
  ],
  [
    '{"f":"np.geomspace","a":[{"#":"1.0"},{"#":"100.0"}],"o":{"num":3,"dtype":"int8"}',
    "10 is 10; JAX's float is below, and truncated",
  ],
  [
    '{"f":"np.geomspace","a":[{"#":"1.0"},{"#":"100.0"}],"o":{"num":3,"dtype":"uint32"}',
    "10 is 10; JAX's float is below, and truncated",
  ],
  [
    '{"f":"np.add","a":[{"$":"int32","s":[3],"b":"AwAAAAEAAAACAAAA"},2147483648]',
    "weak integers wrap, whatever their size",
  ],
  [
    '{"f":"fn.elu","a":[{"$":"bfloat16","s":[3,4],"b":"oD+gwLjA2MAAQYDA+MDQwOC/k',
    "XLA keeps the digits of a bfloat16 from one step to the next",
  ],
];

/** Functions of JAX that are not here, and why. */
export const ABSENT: Readonly<Record<string, string>> = {
  "np.bartlett": "windows of signals",
  "np.blackman": "windows of signals",
  "np.hamming": "windows of signals",
  "np.hanning": "windows of signals",
  "np.kaiser": "windows of signals",
  "np.vander": "polynomials",
};
