//! One row of attention: exactly, and in the order of summation that kernels follow.

use super::{CHUNK, FAR, KEYS, Options};
use crate::kernels::elementwise::{Abreast, Tanh, exp};
use crate::kernels::matmul::reference::{element, madd};
use crate::lane::{Lane, Scalar};

/// What one query has to do with.
pub struct Row<'a> {
    /// The query.
    pub q: &'a [f32],
    /// Element d of key j.
    pub k: &'a dyn Fn(usize, usize) -> f32,
    /// Element c of value j.
    pub v: &'a dyn Fn(usize, usize) -> f32,
    /// Whether it sees key j.
    pub sees: &'a dyn Fn(usize) -> bool,
    /// How many keys there are, and how wide values are.
    pub keys: usize,
    /// Elements of a value.
    pub width: usize,
    /// The options; which keys are seen is told by `sees`.
    pub options: Options,
    /// Whether some operand or option may hide keys.
    pub hides: bool,
}

/// In double precision: softmax of all logits, and the product. And the largest error that a result may have.
pub fn exact(row: &Row) -> Vec<(f64, f64)> {
    let Options { scale, cap, masked, .. } = row.options;
    if row.keys == 0 {
        return vec![(0.0, 0.0); row.width];
    }
    let dim = row.q.len();
    let mut error = 0f64;
    let mut logits = vec![];
    for j in 0..row.keys {
        if !(row.sees)(j) {
            logits.push(f64::from(masked));
            continue;
        }
        let term = |d: usize| f64::from(row.q[d]) * f64::from((row.k)(j, d));
        let sum = (0..dim).map(term).sum::<f64>() * f64::from(scale);
        let magnitude = (0..dim).map(|d| term(d).abs()).sum::<f64>() * f64::from(scale).abs();
        error = error.max((dim.min(256) + dim / 256 + 2) as f64 * magnitude);
        let cap = f64::from(cap);
        logits.push(if cap == 0.0 { sum } else { (sum / cap).tanh() * cap });
        error = error.max(if cap == 0.0 { 0.0 } else { 8.0 * cap.abs() + error });
    }
    let nan = logits.iter().any(|l| l.is_nan());
    let max = if nan { f64::NAN } else { logits.iter().copied().fold(f64::NEG_INFINITY, f64::max) };
    // What is taken from the largest logit is rounded.
    error += logits.iter().filter(|l| l.is_finite() && max - **l < 120.0).map(|l| (max - l).abs()).fold(0.0, f64::max);
    let weights: Vec<f64> = logits.iter().map(|l| (l - max).exp()).collect();
    let sum: f64 = weights.iter().sum();
    let (block, blocks) = (KEYS.max(CHUNK) as f64, (row.keys / KEYS + 1) as f64);
    (0..row.width)
        .map(|c| {
            let counts = |j: &usize| (row.sees)(*j) || weights[*j] > 1e-46;
            let term = |j: usize| weights[j] / sum * f64::from((row.v)(j, c));
            let value = (0..row.keys).filter(counts).map(term).sum::<f64>();
            let magnitude = (0..row.keys).filter(counts).map(|j| term(j).abs()).sum::<f64>();
            (value + sum * 0.0, (2.0 * error + block + 4.0 * blocks + 16.0) * 2f64.powi(-24) * magnitude + 1e-40)
        })
        .collect()
}

fn exponential(x: f32) -> f32 {
    Scalar::to_array(exp::<Scalar>(Scalar::splat(x)))[0]
}

/// In the order of the head of [`super`].
pub fn ordered(row: &Row, few: bool) -> Vec<f32> {
    if row.keys == 0 {
        return vec![0.0; row.width];
    }
    let mut state = pass(row, few, false);
    let apart = state.0 - row.options.masked;
    if row.hides && !state.0.is_nan() && (apart.is_nan() || apart < FAR) {
        state = pass(row, few, true);
    }
    let (max, sum, a) = state;
    a.iter().map(|a| if max.is_finite() { a / sum + 0.0 } else { f32::NAN }).collect()
}

/// The largest logit, the sum of weights and those of values; `again` if hidden keys count as any others.
fn pass(row: &Row, few: bool, again: bool) -> (f32, f32, Vec<f32>) {
    let Options { scale, cap, masked, .. } = row.options;
    let block = if few { CHUNK } else { KEYS };
    let base = |max: f32| if max == f32::NEG_INFINITY { 0.0 } else { max };
    let larger = |a: f32, b: f32| if a > b || a.is_nan() { a } else { b };
    let dot = |n: usize, a: &dyn Fn(usize) -> f32, b: &dyn Fn(usize) -> f32| {
        if !few {
            return element(n, a, b);
        }
        let mut t = [0.0; 4];
        (0..n).for_each(|d| t[d % 4] = madd(a(d), b(d), t[d % 4]));
        (t[0] + t[2]) + (t[1] + t[3])
    };
    let mut blocks = vec![];
    let mut before = f32::NEG_INFINITY;
    for start in (0..row.keys).step_by(block) {
        let n = block.min(row.keys - start);
        let logits: Vec<f32> = (start..start + n)
            .map(|j| {
                let l = dot(row.q.len(), &|d| row.q[d], &|d| (row.k)(j, d)) * scale;
                let l = if cap == 0.0 { l } else { tanh(l / cap) * cap };
                match ((row.sees)(j), again) {
                    (true, _) => l,
                    (_, true) => masked,
                    _ => f32::NEG_INFINITY,
                }
            })
            .collect();
        let own = logits.iter().copied().fold(f32::NEG_INFINITY, larger);
        let max = if few { own } else { larger(before, own) };
        let w: Vec<f32> = logits.iter().map(|l| exponential(l - base(max))).collect();
        let mut u = [0.0f32; 16];
        w.iter().enumerate().for_each(|(j, w)| u[j % 16] += w);
        let t: Vec<f32> = (0..4).map(|i| (u[i] + u[i + 4]) + (u[i + 8] + u[i + 12])).collect();
        let sum = (t[0] + t[2]) + (t[1] + t[3]);
        let value = |i: usize, c: usize| if again || (row.sees)(start + i) { (row.v)(start + i, c) } else { 0.0 };
        let a: Vec<f32> = (0..row.width).map(|c| element(n, |i| w[i], |i| value(i, c))).collect();
        blocks.push((max, sum, a));
        before = max;
    }
    let last = if few { blocks.iter().map(|b| b.0).fold(f32::NEG_INFINITY, larger) } else { before };
    let (mut l, mut a, mut max) = (0.0f32, vec![0.0f32; row.width], f32::NEG_INFINITY);
    for (number, (own, sum, values)) in blocks.into_iter().enumerate() {
        let by = exponential(if few { own } else { max } - base(if few { last } else { own }));
        if few {
            l += sum * by;
            a.iter_mut().zip(values).for_each(|(a, v)| *a = if number == 0 { v * by } else { *a + v * by });
        } else {
            l = l * by + sum;
            a.iter_mut().zip(values).for_each(|(a, v)| *a = *a * by + v);
            max = own;
        }
    }
    (last, l, a)
}

fn tanh(x: f32) -> f32 {
    Scalar::to_array(Tanh::<Scalar>::one(Scalar::splat(x)))[0]
}
