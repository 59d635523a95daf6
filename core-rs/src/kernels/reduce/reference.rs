//! Reductions one element at a time, in `f64` or in the order that the family's head states, written a second way.

use super::Kind;

/// What a flat list of f32 registers reduces to, as bits; a place for the kinds that give one.
pub(super) fn float(kind: Kind, x: &[f32]) -> u32 {
    let nan = x.iter().position(|x| x.is_nan());
    match kind {
        Kind::Sum if x.is_empty() => 0f32.to_bits(),
        Kind::Sum => ordered(x, &|a, b| a + b).to_bits(),
        Kind::Prod if x.is_empty() => 1f32.to_bits(),
        Kind::Prod => ordered(x, &|a, b| a * b).to_bits(),
        Kind::Max | Kind::Min if nan.is_some() => f32::NAN.to_bits(),
        Kind::Max => x.iter().copied().max_by(f32::total_cmp).unwrap_or(f32::NEG_INFINITY).to_bits(),
        Kind::Min => x.iter().copied().min_by(f32::total_cmp).unwrap_or(f32::INFINITY).to_bits(),
        Kind::ArgMax => nan.unwrap_or_else(|| first(x, |a, b| a > b)) as u32,
        Kind::ArgMin => nan.unwrap_or_else(|| first(x, |a, b| a < b)) as u32,
    }
}

/// As [`float`], for registers that are signed or unsigned integers; `low` and `high` are the bounds of their dtype.
pub(super) fn integer(kind: Kind, x: &[i64], low: i64, high: i64) -> u32 {
    match kind {
        Kind::Sum => x.iter().fold(0u32, |a, &b| a.wrapping_add(b as u32)),
        Kind::Prod => x.iter().fold(1u32, |a, &b| a.wrapping_mul(b as u32)),
        Kind::Max => x.iter().copied().max().unwrap_or(low) as u32,
        Kind::Min => x.iter().copied().min().unwrap_or(high) as u32,
        Kind::ArgMax => first(x, |a, b| a > b) as u32,
        Kind::ArgMin => first(x, |a, b| a < b) as u32,
    }
}

fn first<T: Copy>(x: &[T], better: impl Fn(T, T) -> bool) -> usize {
    (0..x.len()).fold(0, |best, i| if better(x[i], x[best]) { i } else { best })
}

/// The fixed order, for at least one element.
pub(super) fn ordered(x: &[f32], op: &dyn Fn(f32, f32) -> f32) -> f32 {
    let both = |a: Option<f32>, b: Option<f32>| match (a, b) {
        (Some(a), Some(b)) => Some(op(a, b)),
        (a, b) => a.or(b),
    };
    let chunk = |x: &[f32]| {
        let mut lanes = [None; 4];
        for group in x.chunks(32) {
            for (l, lane) in lanes.iter_mut().enumerate() {
                let v = |i: usize| group.get(4 * i + l).copied();
                let low = both(both(v(0), v(1)), both(v(2), v(3)));
                *lane = both(*lane, both(low, both(both(v(4), v(5)), both(v(6), v(7)))));
            }
        }
        both(both(lanes[0], lanes[2]), both(lanes[1], lanes[3]))
    };
    let mut level: Vec<f32> = x.chunks(4096).filter_map(chunk).collect();
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| if let [a, b] = *pair { op(a, b) } else { pair[0] }).collect();
    }
    level[0]
}
