//! The operations of a normalization, one after the other.

use super::Kind;
use crate::kernels::reduce::sum_row;
use crate::lane::Scalar;

/// The separate operations on one row, each rounded by `round`.
pub fn normalize(
    kind: Kind,
    x: &[f32],
    [scale, bias]: [Option<&[f32]>; 2],
    epsilon: f32,
    round: fn(f32) -> f32,
) -> Vec<f32> {
    // SAFETY: a vector of so many elements.
    let mean = |x: &[f32]| round(unsafe { sum_row::<Scalar>(x.as_ptr(), x.len()) } / x.len() as f32);
    let squares: Vec<f32> = x.iter().map(|x| round(x * x)).collect();
    let mut spread = mean(&squares);
    let mut y = x.to_vec();
    if kind == Kind::Layer {
        let m = mean(x);
        let variance = round(spread - round(m * m));
        // A NaN stays.
        spread = if variance < 0.0 { 0.0 } else { variance };
        y.iter_mut().for_each(|y| *y = round(*y - m));
    }
    let factor = round(1.0 / round(spread + round(epsilon)).sqrt());
    y.iter_mut().for_each(|y| *y = round(*y * factor));
    if let Some(scale) = scale {
        y.iter_mut().zip(scale).for_each(|(y, scale)| *y = round(*y * scale));
    }
    if let Some(bias) = bias {
        y.iter_mut().zip(bias).for_each(|(y, bias)| *y = round(*y + bias));
    }
    y
}
