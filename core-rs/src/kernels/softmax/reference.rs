//! The operations of a softmax and its kin, one after the other.

use super::Kind;
use crate::kernels::elementwise::{exp, log};
use crate::kernels::reduce::sum_row;
use crate::lane::{Lane, Scalar};

/// The separate operations on one row, each rounded by `round`.
pub fn softmax(kind: Kind, x: &[f32], round: fn(f32) -> f32) -> Vec<f32> {
    let nan = x.iter().any(|x| x.is_nan());
    let max = if nan { f32::NAN } else { x.iter().copied().fold(f32::NEG_INFINITY, f32::max) };
    let max = if kind == Kind::LogSumExp && !max.is_finite() { 0.0 } else { max };
    let exp = |x: f32| round(Scalar::to_array(exp::<Scalar>(Scalar::splat(x)))[0]);
    let shifted: Vec<f32> = x.iter().map(|&x| round(x - max)).collect();
    let e: Vec<f32> = shifted.iter().map(|&x| exp(x)).collect();
    // SAFETY: a vector of so many elements.
    let sum = round(unsafe { sum_row::<Scalar>(e.as_ptr(), e.len()) });
    let log = round(Scalar::to_array(log::<Scalar>(Scalar::splat(sum)))[0]);
    match kind {
        Kind::Softmax => e.iter().map(|&e| round(e / sum)).collect(),
        Kind::LogSoftmax => shifted.iter().map(|&x| round(x - log)).collect(),
        Kind::LogSumExp => vec![round(log + max)],
    }
}
