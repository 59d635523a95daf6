/**
 * How far derivatives may be from JAX's, and what is not compared, with the reasons. Functions that are not named here are
 * within 2e-6 of the largest derivative.
 *
 * @module
 */

/** Tolerances relative to the largest derivative, by the function's name, or by it and the letter of a form. */
export const TOLERANCES: Readonly<Record<string, readonly [relative: number, because: string]>> = {
  "np.sinc h": [5e-6, "differences that cancel near 0: JAX's are off by as much from those in float64"],
  "fn.softmax": [4e-6, "y (dy - Σ y dy): differences of products as large as dy, summed in another order"],
  "fn.standardize": [2e-5, "mean(x²) - mean(x)² cancels: JAX's are off by up to 9e-6 from those in float64"],
};

/** Functions that are not compared, by the reason. */
const ROWS: readonly (readonly [because: string, functions: string])[] = [
  [
    "gives integers or bools",
    "np.all np.allclose np.any np.argmax np.argmin np.argpartition np.argsort np.argwhere np.arrayEqual np.arrayEquiv " +
    "np.bitwiseAnd np.bitwiseCount np.bitwiseInvert np.bitwiseLeftShift np.bitwiseNot np.bitwiseOr np.bitwiseRightShift " +
    "np.bitwiseXor np.countNonzero np.digitize np.equal np.flatnonzero np.greater np.greaterEqual np.invert np.isclose " +
    "np.iscomplex np.isfinite np.isin np.isinf np.isnan np.isneginf np.isposinf np.isreal np.leftShift np.less " +
    "np.lessEqual np.lexsort np.logicalAnd np.logicalNot np.logicalOr np.logicalXor np.nanargmax np.nanargmin " +
    "np.nonzero np.notEqual np.packbits np.ravelMultiIndex np.rightShift np.searchsorted np.signbit np.unpackbits " +
    "np.unravelIndex lax.argmax lax.argmin lax.bitwiseAnd lax.bitwiseNot lax.bitwiseOr lax.bitwiseXor lax.clz lax.eq " +
    "lax.ge lax.gt lax.isFinite lax.le lax.lt lax.ne lax.populationCount lax.reduceAnd lax.reduceOr lax.reduceXor " +
    "lax.shiftLeft lax.shiftRightArithmetic lax.shiftRightLogical",
  ],
  [
    "takes or gives indices",
    "np.diagIndices np.diagIndicesFrom np.indices np.ix_ np.trilIndices np.trilIndicesFrom np.triuIndices " +
    "np.triuIndicesFrom",
  ],
  [
    "speaks of dtypes, shapes or paths, not of elements",
    "np.broadcastShapes np.einsumPath np.finfo np.iinfo np.iscomplexobj np.isrealobj np.isscalar np.issubdtype np.ndim " +
    "np.promoteTypes np.resultType np.shape np.size",
  ],
  [
    "depends on no element",
    "np.allocate np.arange np.empty np.emptyLike np.eye np.identity np.ones np.tri np.zeros lax.broadcastedIota " +
    "lax.full lax.fullLike lax.iota fn.oneHot",
  ],
  ["reads bits, between which there is nothing: JAX gives zeros", "lax.bitcastConvertType"],
  [
    "chooses by values; JAX takes them out of the array, and with them the tangents",
    "np.intersect1d np.setdiff1d np.setxor1d np.trimZeros np.uniqueAll np.uniqueCounts np.uniqueInverse np.uniqueValues",
  ],
  ["JAX has no derivative of the next float, and we have none: both throw", "np.nextafter np.spacing lax.nextafter"],
  ["a number of the axis of a vmap", "lax.axisIndex lax.axisSize"],
  ["JAX has no derivative of it: collectives_test.ts shows the error", "lax.pmax lax.pmin"],
  ["the imaginary part of what is real is 0", "np.imag"],
  [
    "holds functions: loops_test.ts, branches_test.ts and associative_scan_test.ts compare its derivatives with JAX's",
    "lax.associativeScan lax.cond lax.foriLoop lax.map lax.scan lax.switch lax.whileLoop",
  ],
  ["holds functions: derivative_goldens_test.ts compares it with where()", "np.piecewise"],
  [
    "works along the axis of a vmap: collectives_test.ts compares its derivatives with JAX's",
    "lax.allGather lax.pmean lax.psum",
  ],
];

/** Functions that are not compared, and why. */
export const NO_DERIVATIVES: Readonly<Record<string, string>> = Object.fromEntries(
  ROWS.flatMap(([because, functions]) => functions.split(" ").map((name) => [name, because])),
);

/** Primitives with derivatives that no function's goldens reach, and why. */
export const UNREACHED: Readonly<Record<string, string>> = {
  argmax: "its derivative is that of integers: none",
  argmin: "its derivative is that of integers: none",
  checkpointName: "gives what it is given; checkpoint_test.ts has its derivatives",
};
