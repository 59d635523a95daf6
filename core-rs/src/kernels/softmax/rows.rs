//! One row of f32 at a time, with vectors along it.

use super::super::elementwise::{Abreast, ExpBounded, ExpNotPositive, log};
use super::super::reduce::{CHUNK, max_row, sum_chunks, sum_row};
use super::super::rowwise::{BLOCK, Rounding, blocks, rounded};
use crate::lane::{LANES, Lane};
use core::mem::MaybeUninit;

/// Numerators of a row, which wait for their division by a sum.
#[derive(Clone, Copy)]
pub(super) struct Due {
    row: *mut f32,
    sum: f32,
}

/// The numerators of one row of f32, each operation rounded by `r`, and their sum, by which they are to be divided. Where
/// `due` is a row of the same length, its quotients are made meanwhile: the divider is idle else, and the pipes are
/// while they divide. `n` is at least one.
///
/// # Safety
/// - `n` elements at `x` are readable and at `y` writable, which are the same or do not overlap; so those of `due`,
///   which overlap neither.
#[inline(always)]
pub(super) unsafe fn softmax_row<L: Lane, R: Rounding>(
    r: R,
    x: *const f32,
    y: *mut f32,
    n: usize,
    due: Option<Due>,
) -> Due {
    // What was divided by one is what it was.
    let due = due.unwrap_or(Due { row: y, sum: 1.0 });
    // SAFETY: by the caller's word; the row at `y` is complete when it is summed.
    unsafe {
        let (max, low) = extremes::<L>(x, n);
        if is_bounded::<L, R>(max, low) {
            numerators::<L, R, ExpBounded<L>, true>(r, x, y, n, max, due);
        } else {
            numerators::<L, R, ExpNotPositive<L>, true>(r, x, y, n, max, due);
        }
        Due { row: y, sum: rounded::<L, R>(r, sum_row::<L>(y, n)) }
    }
}

/// The log-softmax of one row of f32, each operation rounded by `r`, but for the last, which the store rounds. `n` is
/// at least one.
///
/// # Safety
/// - `n` elements at `x` are readable and at `y` writable, which are the same or do not overlap.
#[inline(always)]
pub(super) unsafe fn log_softmax_row<L: Lane, R: Rounding>(r: R, x: *const f32, y: *mut f32, n: usize) {
    // SAFETY: by the caller's word; every offset is below `n`.
    unsafe {
        let (max, sum) = sum_exp::<L, R>(r, x, n);
        let (max, log) = (L::splat(max), r.round::<L>(log::<L>(L::splat(sum))));
        let one = |x: L::F| L::sub(r.round::<L>(L::sub(x, max)), log);
        let done = blocks!(R::VECTORS, n, i => L::store(y.add(i), one(L::load(x.add(i)))));
        for i in done..n {
            *y.add(i) = L::to_array(one(L::splat(*x.add(i))))[0];
        }
    }
}

/// The log-sum-exp of one row of f32, each operation rounded by `r`, but for the last, which the store rounds.
///
/// # Safety
/// - `n` elements at `x` are readable.
#[inline(always)]
pub(super) unsafe fn log_sum_exp_row<L: Lane, R: Rounding>(r: R, x: *const f32, n: usize) -> f32 {
    if n == 0 {
        return f32::NEG_INFINITY;
    }
    // SAFETY: by the caller's word.
    let (max, sum) = unsafe { sum_exp::<L, R>(r, x, n) };
    // Beside an infinity, the sum of what was not shifted is that infinity's exponential.
    if max.is_finite() { rounded::<L, R>(r, L::to_array(log::<L>(L::splat(sum)))[0]) + max } else { max }
}

/// The maximum of one row of f32 and the sum of its numerators, each operation rounded by `r`. `n` is at least one.
///
/// # Safety
/// - `n` elements at `x` are readable.
#[inline(never)]
unsafe fn sum_exp<L: Lane, R: Rounding>(r: R, x: *const f32, n: usize) -> (f32, f32) {
    let mut made = [MaybeUninit::<f32>::uninit(); CHUNK];
    let made: *mut f32 = made.as_mut_ptr().cast();
    // SAFETY: by the caller's word; chunks fit what is made.
    unsafe {
        let (max, low) = extremes::<L>(x, n);
        let due = Due { row: made, sum: 1.0 };
        let sum = sum_chunks::<L>(n, &mut |k, count| {
            if is_bounded::<L, R>(max, low) {
                numerators::<L, R, ExpBounded<L>, false>(r, x.add(k), made, count, max, due);
            } else {
                numerators::<L, R, ExpNotPositive<L>, false>(r, x.add(k), made, count, max, due);
            }
            made
        });
        (max, rounded::<L, R>(r, sum))
    }
}

/// Whether the numerators of a row with this maximum and nothing below `low` are normal numbers.
#[inline(always)]
fn is_bounded<L: Lane, R: Rounding>(max: f32, low: f32) -> bool {
    R::IS_NONE && low - max >= ExpBounded::<L>::LEAST
}

/// The largest element of a row, NaN if there is one, and a number that none lies below.
///
/// # Safety
/// - `n` elements at `x` are readable; `n` is at least one.
#[inline(never)]
unsafe fn extremes<L: Lane>(x: *const f32, n: usize) -> (f32, f32) {
    const INFINITY: i32 = f32::INFINITY.to_bits() as i32;
    const MINUS_INFINITY: u32 = f32::NEG_INFINITY.to_bits();
    if n >= LANES {
        // As signed integers, the largest is the largest number if one is positive; as unsigned ones, it is the
        // smallest number if one is negative. A NaN lies beyond the infinity of its sign.
        // SAFETY: every load stays below `n`; an element may be taken twice.
        let (high, low) = unsafe {
            let last = L::iload(x.add(n - LANES).cast());
            let (mut high, mut low) = ([last; 2], [last; 2]);
            let mut k = 0;
            while k + 8 * LANES <= n {
                for i in 0..8 {
                    let v = L::iload(x.add(k + i * LANES).cast());
                    high[i % 2] = L::imax(high[i % 2], v);
                    low[i % 2] = L::umax(low[i % 2], v);
                }
                k += 8 * LANES;
            }
            while k + LANES <= n {
                let v = L::iload(x.add(k).cast());
                high[0] = L::imax(high[0], v);
                low[0] = L::umax(low[0], v);
                k += LANES;
            }
            let [a, b, c, d] = L::ito_array(L::imax(high[0], high[1])).map(|x| x as i32);
            let [e, f, g, h] = L::ito_array(L::umax(low[0], low[1]));
            (a.max(b).max(c.max(d)), e.max(f).max(g.max(h)))
        };
        let low_or_zero = if low >> 31 == 1 { f32::from_bits(low) } else { 0.0 };
        if (0..=INFINITY).contains(&high) && low <= MINUS_INFINITY {
            return (f32::from_bits(high as u32), low_or_zero);
        }
        if high < 0 && low <= MINUS_INFINITY {
            // SAFETY: as the caller vouches.
            return (unsafe { max_row::<L>(x, n) }, low_or_zero);
        }
    }
    // SAFETY: as the caller vouches.
    (unsafe { max_row::<L>(x, n) }, f32::NEG_INFINITY)
}

/// The numerators of a row by `E`, and, if it divides, the quotients of `due`, which may be the row itself.
///
/// # Safety
/// - As [`softmax_row`].
#[inline(always)]
unsafe fn numerators<L: Lane, R: Rounding, E: Abreast<L>, const DIVIDES: bool>(
    r: R,
    x: *const f32,
    y: *mut f32,
    n: usize,
    max: f32,
    due: Due,
) {
    let (max, sum) = (L::splat(max), L::splat(due.sum));
    let f = E::new();
    let never = core::hint::black_box(usize::MAX);
    let z = due.row;
    let mut k = 0;
    // SAFETY: every offset is below `n`.
    unsafe {
        while k + BLOCK <= n {
            let d: [L::F; 4] = core::array::from_fn(
                #[inline(always)]
                |i| r.round::<L>(L::sub(L::load(x.add(k + i * LANES)), max)),
            );
            let Some(e) = f.four(d, k) else { break };
            for (i, e) in e.into_iter().enumerate() {
                L::store(y.add(k + i * LANES), r.round::<L>(e));
            }
            // Never taken: it keeps the compiler from sorting what follows into what went before.
            if k == never {
                break;
            }
            for i in 0..if DIVIDES { 4 } else { 0 } {
                let z = z.add(k + i * LANES);
                L::store(z, L::div(L::load(z), sum));
            }
            k += BLOCK;
        }
        let numerator = |x| r.round::<L>(E::one(r.round::<L>(L::sub(x, max))));
        while k + LANES <= n {
            L::store(y.add(k), numerator(L::load(x.add(k))));
            if DIVIDES {
                L::store(z.add(k), L::div(L::load(z.add(k)), sum));
            }
            k += LANES;
        }
        while k < n {
            *y.add(k) = L::to_array(numerator(L::splat(*x.add(k))))[0];
            if DIVIDES {
                *z.add(k) /= due.sum;
            }
            k += 1;
        }
    }
}

/// Divides a row of `n` by its sum.
///
/// # Safety
/// - The elements of the row are readable and writable.
#[inline(always)]
pub(super) unsafe fn divide<L: Lane>(due: Due, n: usize) {
    let Due { row, sum } = due;
    let divisor = L::splat(sum);
    // SAFETY: every offset is below `n`.
    unsafe {
        let done = blocks!(4, n, i => L::store(row.add(i), L::div(L::load(row.add(i)), divisor)));
        for i in done..n {
            *row.add(i) /= sum;
        }
    }
}
