//! The naive products, in the orders of summation that kernels follow.

use super::KC;
use crate::kernels::matvec::{BLOCK, CHAINS};
use crate::lane::{Lane, Live};

/// `a * b + c` of single numbers.
pub fn madd(a: f32, b: f32, c: f32) -> f32 {
    Live::to_array(Live::madd(Live::splat(a), Live::splat(b), Live::splat(c)))[0]
}

/// One element of a product of two rows and columns or more: the sum over p below k of `a(p) * b(p)`.
pub fn element(k: usize, a: impl Fn(usize) -> f32, b: impl Fn(usize) -> f32) -> f32 {
    let mut total = 0.0;
    for start in (0..k).step_by(KC) {
        let mut sum = 0.0;
        for p in start..k.min(start + KC) {
            sum = madd(a(p), b(p), sum);
        }
        total = if start == 0 { sum } else { total + sum };
    }
    total
}

/// One element of a matrix times a vector: the sum over p below k of `a(p) * b(p)`.
pub fn vector_element(k: usize, a: impl Fn(usize) -> f32, b: impl Fn(usize) -> f32) -> f32 {
    let mut total = 0.0;
    for start in (0..k).step_by(BLOCK) {
        let mut s = [0.0; CHAINS];
        for p in start..k.min(start + BLOCK) {
            s[p % CHAINS] = madd(a(p), b(p), s[p % CHAINS]);
        }
        let [t0, t1, t2, t3] = [s[0] + s[4], s[1] + s[5], s[2] + s[6], s[3] + s[7]];
        let sum = (t0 + t2) + (t1 + t3);
        total = if start == 0 { sum } else { total + sum };
    }
    total
}
