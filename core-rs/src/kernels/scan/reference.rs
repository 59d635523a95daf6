//! The order that the head of the family states, one element at a time.

use super::Kind;

/// The scan of registers of f32.
pub fn floats(kind: Kind, x: &[f32]) -> Vec<f32> {
    let largest = |a: f32, b: f32| {
        if a.is_nan() || b.is_nan() {
            f32::NAN
        } else if a == b {
            f32::from_bits(a.to_bits() & b.to_bits())
        } else {
            a.max(b)
        }
    };
    match kind {
        Kind::Max => fold(x, largest),
        Kind::Min => fold(x, |a, b| -largest(-a, -b)),
        Kind::Sum => chunks(x, 0.0, |a, b| a + b, |base, carry| base + carry),
        Kind::Prod => chunks(x, 1.0, |a, b| a * b, |base, carry| base * carry),
    }
}

/// The scan of 32-bit registers, of which `low` and up count where they are compared.
pub fn integers(kind: Kind, x: &[i64]) -> Vec<i64> {
    match kind {
        Kind::Sum => fold(x, |a, b| i64::from((a as i32).wrapping_add(b as i32))),
        Kind::Prod => fold(x, |a, b| i64::from((a as i32).wrapping_mul(b as i32))),
        Kind::Max => fold(x, i64::max),
        Kind::Min => fold(x, i64::min),
    }
}

fn fold<T: Copy>(x: &[T], f: impl Fn(T, T) -> T) -> Vec<T> {
    let mut out: Vec<T> = Vec::new();
    for &x in x {
        out.push(out.last().map_or(x, |&before| f(before, x)));
    }
    out
}

fn chunks(x: &[f32], first: f64, f: impl Fn(f32, f32) -> f32, onto: impl Fn(f64, f64) -> f64) -> Vec<f32> {
    let mut base = first;
    let mut out = Vec::new();
    for chunk in x.chunks(256) {
        let mut carry: Option<f32> = None;
        for x in chunk.chunks(4) {
            let mut s = vec![x[0]];
            if x.len() > 1 {
                s.push(f(x[0], x[1]));
            }
            if x.len() > 2 {
                s.push(f(f(x[1], x[2]), x[0]));
            }
            if x.len() > 3 {
                s.push(f(f(x[2], x[3]), s[1]));
            }
            for s in s {
                out.push(f(base as f32, carry.map_or(s, |carry| f(carry, s))));
            }
            if x.len() == 4 {
                let s = f(f(x[2], x[3]), f(x[0], x[1]));
                carry = Some(carry.map_or(s, |carry| f(carry, s)));
            }
        }
        if let Some(carry) = carry {
            base = onto(base, f64::from(carry));
        }
    }
    out
}
