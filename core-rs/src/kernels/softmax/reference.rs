//! The operations of a softmax, one after the other.

use crate::kernels::elementwise::exp;
use crate::kernels::reduce::sum_row;
use crate::lane::{Lane, Scalar};

/// The separate operations on one row, each rounded by `round`.
pub fn softmax(x: &[f32], round: fn(f32) -> f32) -> Vec<f32> {
    let nan = x.iter().any(|x| x.is_nan());
    let max = if nan { f32::NAN } else { x.iter().copied().fold(f32::NEG_INFINITY, f32::max) };
    let one = |x: f32| Scalar::to_array(exp::<Scalar>(Scalar::splat(x)))[0];
    let e: Vec<f32> = x.iter().map(|&x| round(one(round(x - max)))).collect();
    // SAFETY: a vector of so many elements.
    let sum = round(unsafe { sum_row::<Scalar>(e.as_ptr(), e.len()) });
    e.iter().map(|&e| round(e / sum)).collect()
}
