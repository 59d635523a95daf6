//! One row of logits of a block of keys: which keys are hidden, their weights, and what becomes of their sums.

use super::{Job, Options};
use crate::kernels::elementwise::{Abreast, ExpNotPositive, Tanh, exp_not_positive};
use crate::kernels::matmul::operand::Target;
use crate::lane::{LANES, Lane};

/// Logits of a turn of the loops here. Rows are filled up to a multiple of it.
pub const GROUP: usize = 4 * LANES;

/// Positions of keys that a query sees: from `low` to `high`, and none if `high` is the smaller.
#[derive(Clone, Copy)]
pub struct Sight {
    pub low: i32,
    pub high: i32,
}

impl Sight {
    /// What a query at a position sees.
    pub fn new(position: i32, options: &Options) -> Sight {
        let high = if options.causal { position } else { i32::MAX };
        let low = match options.window {
            0 => 0,
            window => position.saturating_sub(window as i32).saturating_add(1).max(0),
        };
        Sight { low, high }
    }

    pub fn sees(&self, position: i32) -> bool {
        self.low <= position && position <= self.high
    }
}

/// What the sights of some rows have in common.
#[derive(Clone, Copy)]
pub struct Sights {
    /// Some row sees a position only from `widest.low` to `widest.high`.
    widest: Sight,
    /// Every row sees the positions from `narrowest.low` to `narrowest.high`.
    narrowest: Sight,
}

impl Sights {
    pub fn of(rows: &[Sight]) -> Sights {
        let none = Sight { low: i32::MAX, high: i32::MIN };
        let all = Sight { low: i32::MIN, high: i32::MAX };
        rows.iter().fold(Sights { widest: none, narrowest: all }, |s, row| Sights {
            widest: Sight { low: s.widest.low.min(row.low), high: s.widest.high.max(row.high) },
            narrowest: Sight { low: s.narrowest.low.max(row.low), high: s.narrowest.high.min(row.high) },
        })
    }

    /// Whether all rows see no key of these.
    pub fn miss(&self, keys: &Span) -> bool {
        let Sight { low, high } = self.widest;
        high < low || keys.high < low || keys.least > high as u32
    }

    /// Whether all rows see all keys of these.
    pub fn cover(&self, keys: &Span) -> bool {
        self.narrowest.low <= keys.low && keys.high <= self.narrowest.high
    }
}

/// The positions of some keys.
#[derive(Clone, Copy)]
pub struct Span {
    low: i32,
    high: i32,
    /// The lowest that is not negative; 2^31 or more if there is none.
    least: u32,
}

impl Span {
    pub fn of(positions: &[i32]) -> Span {
        positions.iter().fold(Span { low: i32::MAX, high: i32::MIN, least: u32::MAX }, |s, &p| Span {
            low: s.low.min(p),
            high: s.high.max(p),
            least: s.least.min(p as u32),
        })
    }
}

/// Gives what lies between the keys and the end of their last group the logit -infinity, whose weight is 0.
///
/// # Safety
/// - `n` logits are writable.
#[inline(always)]
pub unsafe fn fill(s: *mut f32, keys: usize, n: usize) {
    for j in keys..n {
        // SAFETY: below n.
        unsafe { s.add(j).write(f32::NEG_INFINITY) };
    }
}

/// Scales the logits of whole groups, and bounds them.
///
/// # Safety
/// - `n` logits, a multiple of [`GROUP`], are readable and writable.
#[inline(never)]
pub unsafe fn shape<L: Lane>(s: *mut f32, n: usize, options: &Options) {
    // SAFETY: offsets below n.
    unsafe {
        let scale = L::splat(options.scale);
        for i in (0..n).step_by(GROUP) {
            for v in 0..4 {
                let at = s.add(i + v * LANES);
                L::store(at, L::mul(L::load(at), scale));
            }
        }
        if options.cap != 0.0 {
            let (cap, f) = (L::splat(options.cap), Tanh::<L>::new());
            for i in (0..n).step_by(GROUP) {
                let at = s.add(i);
                let x: [L::F; 4] = core::array::from_fn(|v| L::div(L::load(at.add(v * LANES)), cap));
                let y = f.four(x, i).unwrap_or_else(|| x.map(Tanh::<L>::one));
                for v in 0..4 {
                    L::store(at.add(v * LANES), L::mul(y[v], cap));
                }
            }
        }
    }
}

/// Gives the keys that a row does not see by their positions the logit `masked`.
///
/// # Safety
/// - `n` logits, a multiple of four, are readable and writable, and as many positions readable.
#[inline(never)]
pub unsafe fn hide<L: Lane>(s: *mut f32, n: usize, positions: *const i32, sight: Sight, masked: f32) {
    let hidden = L::splat(masked);
    let low = L::isplat(sight.low as u32);
    // In unsigned numbers, counted from the lowest, one comparison tells.
    let (range, all) = (L::isplat(sight.high.wrapping_sub(sight.low) as u32), sight.high < sight.low);
    // SAFETY: offsets below n.
    unsafe {
        for i in (0..n).step_by(LANES) {
            let far = L::ult(range, L::isub(L::iload(positions.add(i).cast()), low));
            let far = if all { L::isplat(u32::MAX) } else { far };
            L::store(s.add(i), L::select(far, hidden, L::load(s.add(i))));
        }
    }
}

/// Gives the keys that a mask hides the logit `masked`.
///
/// # Safety
/// - `n` logits are readable and writable; as many bytes of the mask, `step` apart, are readable.
#[inline(never)]
pub unsafe fn cover<L: Lane>(s: *mut f32, n: usize, mask: *const u8, step: isize, masked: f32) {
    let hidden = L::splat(masked);
    // SAFETY: offsets below n.
    unsafe {
        let mut i = 0;
        while step == 1 && i + LANES <= n {
            let far = L::ieq(L::iload_u8(mask.add(i)), L::isplat(0));
            L::store(s.add(i), L::select(far, hidden, L::load(s.add(i))));
            i += LANES;
        }
        for i in i..n {
            if mask.wrapping_offset(i as isize * step).read() == 0 {
                s.add(i).write(masked);
            }
        }
    }
}

/// Turns the logits of a row, times `scale`, into weights, given the largest logit of the blocks before. Gives the
/// largest now, NaN if any is, and the sum of the weights.
///
/// # Safety
/// - `n` logits, a multiple of [`GROUP`], are readable and writable.
#[inline(always)]
pub unsafe fn weigh<L: Lane>(s: *mut f32, n: usize, scale: f32, before: f32, f: &ExpNotPositive<L>) -> (f32, f32) {
    // SAFETY: offsets below n.
    unsafe {
        let scale = L::splat(scale);
        let mut best = [L::splat(before); 4];
        let mut number = L::eq(best[0], best[0]);
        for i in (0..n).step_by(GROUP) {
            for v in 0..4 {
                let at = s.add(i + v * LANES);
                let x = L::mul(L::load(at), scale);
                L::store(at, x);
                // Beside a NaN this may be anything.
                best[v] = L::pmax(best[v], x);
                number = L::and(number, L::eq(x, x));
            }
        }
        let [a, b, c, d] = L::to_array(L::pmax(L::pmax(best[0], best[1]), L::pmax(best[2], best[3])));
        let max = if L::any(L::not(number)) { f32::NAN } else { larger(larger(a, b), larger(c, d)) };
        let base = L::splat(base(max));
        let mut sum = [L::splat(0.0); 4];
        for i in (0..n).step_by(GROUP) {
            let at = s.add(i);
            let x: [L::F; 4] = core::array::from_fn(
                #[inline(always)]
                |v| L::sub(L::load(at.add(v * LANES)), base),
            );
            let w = f.four(x, i).unwrap_or_else(|| x.map(ExpNotPositive::<L>::one));
            for v in 0..4 {
                L::store(at.add(v * LANES), w[v]);
                sum[v] = L::add(sum[v], w[v]);
            }
        }
        let [a, b, c, d] = L::to_array(L::add(L::add(sum[0], sum[1]), L::add(sum[2], sum[3])));
        (max, (a + c) + (b + d))
    }
}

/// The larger of two numbers, NaN if either is.
#[inline(always)]
pub fn larger(a: f32, b: f32) -> f32 {
    if a > b || a.is_nan() { a } else { b }
}

/// What is taken from logits of which this is the largest: not -infinity, from which nothing can be taken.
#[inline(always)]
pub fn base(max: f32) -> f32 {
    if max == f32::NEG_INFINITY { 0.0 } else { max }
}

/// What the sums up to here, whose largest logit was `before`, are multiplied by now that it is `max`.
#[inline(always)]
pub fn decay<L: Lane>(before: f32, max: f32) -> f32 {
    L::to_array(exp_not_positive::<L>(L::splat(before - base(max))))[0]
}

/// Multiplies a row by a number; both end at a multiple of four.
///
/// # Safety
/// - `n` floats, rounded up to a multiple of four, are readable and writable.
#[inline(always)]
pub unsafe fn multiply<L: Lane>(a: *mut f32, n: usize, by: f32) {
    let by = L::splat(by);
    for i in (0..n).step_by(LANES) {
        // SAFETY: offsets below n, rounded up.
        unsafe { L::store(a.add(i), L::mul(L::load(a.add(i)), by)) };
    }
}

/// Writes one row of the output: `a / l`, or NaN if the largest logit is not finite. Zeros become positive: so the zero
/// that a hidden block would add makes no difference.
///
/// # Safety
/// - `n` floats of `a`, rounded up to a multiple of four, are readable; `n` elements of the target's row are writable.
pub unsafe fn finish<L: Lane>(to: Target, n: usize, a: *const f32, max: f32, sum: f32) {
    let sum = L::splat(if max.is_finite() { sum } else { f32::NAN });
    // SAFETY: offsets below n, rounded up where `a` is read.
    unsafe {
        for i in (0..n).step_by(LANES) {
            let y = L::add(L::div(L::load(a.add(i)), sum), L::splat(0.0));
            if to.cs == 1 && i + LANES <= n {
                L::store(to.at(0, i), y);
            } else {
                let y = L::to_array(y);
                for c in i..n.min(i + LANES) {
                    to.at(0, c).write(y[c - i]);
                }
            }
        }
    }
}

/// Whether the hidden keys of a row count although their weights were taken for zero; `max` is that of the visible ones.
pub fn undecided(job: &Job, max: f32) -> bool {
    // Of a NaN nothing becomes a number. Beside an infinite `masked` the difference may be one.
    let apart = max - job.options.masked;
    job.hides && !max.is_nan() && (apart.is_nan() || apart < super::FAR)
}

/// Values times weights where some values are not finite and some keys are hidden, which must not count: adds to `a`
/// the sum over the keys that are seen, one chain from 0.
///
/// # Safety
/// - `value(j, c)` may be called for all weights and c below `width`; `a` has `width` readable and writable floats.
#[cold]
#[inline(never)]
pub unsafe fn values_seen<L: Lane>(
    a: *mut f32,
    width: usize,
    weights: &[f32],
    sees: &dyn Fn(usize) -> bool,
    value: &dyn Fn(usize, usize) -> f32,
) {
    for c in 0..width {
        let mut sum = L::splat(0.0);
        for (j, &w) in weights.iter().enumerate().filter(|(j, _)| sees(*j)) {
            sum = L::madd(L::splat(w), L::splat(value(j, c)), sum);
        }
        // SAFETY: c is below `width`.
        unsafe { *a.add(c) += L::to_array(sum)[0] };
    }
}
