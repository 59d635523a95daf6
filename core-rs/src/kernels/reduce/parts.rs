//! Sums and maxima in the order of the [family](super), for kernels that have them inside: softmax and norms.

use super::extreme::{self, Order};
use super::fold::{self, Pairs, SumF, VECTORS};
use super::job::{Rows, fold_panel};
use super::{CHUNK, GROUP, PANEL, fill};
use crate::lane::{LANES, Lane};

/// The sum of a row of f32, rounded as [`reduce`](super::reduce) does; +0 if it is empty.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(never)]
pub(crate) unsafe fn sum_row<L: Lane>(p: *const f32, n: usize) -> f32 {
    // SAFETY: as the caller vouches.
    if n == 0 { 0.0 } else { f32::from_bits(unsafe { fold::row::<L, SumF>(p.cast(), n) }) }
}

/// As [`sum_row`] of numbers that `chunk` makes: it is told the first one's place in the row and how many are wanted, at
/// most [`CHUNK`], and tells where they lie. `n` is at least one.
///
/// # Safety
/// - What `chunk` tells is readable.
#[inline(never)]
pub(crate) unsafe fn sum_chunks<L: Lane>(n: usize, chunk: &mut dyn FnMut(usize, usize) -> *const f32) -> f32 {
    let mut pairs = Pairs::<SumF>::new();
    let mut k = 0;
    while k < n {
        let count = CHUNK.min(n - k);
        // SAFETY: as the caller vouches.
        pairs.push(unsafe { fold::chunk::<L, SumF>(chunk(k, count).cast(), count) });
        k += count;
    }
    f32::from_bits(pairs.finish())
}

/// As [`sum_row`] of each of the `K` numbers that `f` makes of an element, in one pass. `n` is at least one.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
pub(crate) unsafe fn sums_of_row<L: Lane, const K: usize>(
    p: *const f32,
    n: usize,
    f: impl Fn(L::F) -> [L::F; K],
) -> [f32; K] {
    let mut pairs = core::array::from_fn::<_, K, _>(|_| Pairs::<SumF>::new());
    let mut k = 0;
    while k < n {
        // SAFETY: the chunk lies below `n`.
        let sums = unsafe { sums_of_chunk::<L, K>(p.add(k), CHUNK.min(n - k), &f) };
        for (pairs, sum) in pairs.iter_mut().zip(sums) {
            pairs.push(sum);
        }
        k += CHUNK;
    }
    pairs.map(|pairs| f32::from_bits(pairs.finish()))
}

/// [`sums_of_row`] of a chunk.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
unsafe fn sums_of_chunk<L: Lane, const K: usize>(p: *const f32, n: usize, f: impl Fn(L::F) -> [L::F; K]) -> [u32; K] {
    let mut sums = [L::splat(-0.0); K];
    // SAFETY: groups below `n`, then a group of copies.
    unsafe {
        let mut k = 0;
        while k + GROUP <= n {
            let x: [[L::F; K]; VECTORS] = core::array::from_fn(
                #[inline(always)]
                |i| f(L::load(p.add(k + i * LANES))),
            );
            for (j, sum) in sums.iter_mut().enumerate() {
                *sum = L::add(*sum, fold::group::<L, SumF>(|i| x[i][j]));
            }
            k += GROUP;
        }
        if k < n {
            let mut made = [[-0.0; GROUP]; K];
            let mut tail = [0.0; GROUP];
            core::ptr::copy_nonoverlapping(p.add(k), tail.as_mut_ptr(), n - k);
            for i in 0..VECTORS {
                let x = f(L::load(tail.as_ptr().add(i * LANES)));
                for (made, x) in made.iter_mut().zip(x) {
                    L::store(made.as_mut_ptr().add(i * LANES), x);
                }
            }
            for (sum, made) in sums.iter_mut().zip(&mut made) {
                // What is missing adds nothing.
                made[n - k..].fill(-0.0);
                *sum = L::add(*sum, fold::group::<L, SumF>(|i| L::load(made.as_ptr().add(i * LANES))));
            }
        }
    }
    sums.map(fold::settle::<L, SumF>)
}

/// The largest element of a row of f32, as [`reduce`](super::reduce) finds it; -infinity if it is empty.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(never)]
pub(crate) unsafe fn max_row<L: Lane>(p: *const f32, n: usize) -> f32 {
    // SAFETY: as the caller vouches.
    if n == 0 { f32::NEG_INFINITY } else { f32::from_bits(unsafe { extreme::row::<L>(Order::FMax, p.cast(), n) }) }
}

/// `to[c]` = the sum of `n` elements `p[c + k * step]`, as [`reduce`](super::reduce) rounds it, for `c < w`. `n` is 1
/// to [`CHUNK`].
///
/// # Safety
/// - The elements are readable; `work` has `COLUMN_WORDS * w` words and `to` has `w`; none overlap.
#[inline(always)]
pub(crate) unsafe fn sum_columns<L: Lane>(
    p: *const f32,
    step: isize,
    n: usize,
    w: usize,
    work: *mut u32,
    to: *mut f32,
) {
    // SAFETY: the rows' numbers are below `n`; the rest by the caller's word.
    unsafe { sum_panels::<L>(n, w, work, to, step, &mut |k, _| p.wrapping_offset(k as isize * step)) };
}

/// As [`sum_columns`] of rows that `panel` makes: it is told the first one's number and how many are wanted, at most
/// [`GROUP`], and tells where they lie, `step` elements apart.
///
/// # Safety
/// - What `panel` tells is readable; `work` has `COLUMN_WORDS * w` words and `to` has `w`; none overlap.
#[inline(never)]
pub(crate) unsafe fn sum_panels<L: Lane>(
    n: usize,
    w: usize,
    work: *mut u32,
    to: *mut f32,
    step: isize,
    panel: &mut dyn FnMut(usize, usize) -> *const f32,
) {
    let mut k = 0;
    while k < n {
        let count = PANEL.min(n - k);
        let rows = Rows::Even(panel(k, count).cast(), step);
        // SAFETY: as the caller vouches.
        unsafe { fold_panel::<L, SumF>(rows, k, count, n, work, to.cast(), w) };
        k += count;
    }
}

/// `to[c]` = the largest of `n` elements `p[c + k * step]`, for `c < w`.
///
/// # Safety
/// - The elements are readable and `w` at `to` are writable; they do not overlap.
#[inline(never)]
pub(crate) unsafe fn max_columns<L: Lane>(p: *const f32, step: isize, n: usize, w: usize, to: *mut f32) {
    // SAFETY: the rows' numbers are below `n`; the rest by the caller's word.
    unsafe {
        fill::fill(to.cast(), Order::FMax.worst(), w);
        let mut k = 0;
        while k < n {
            let rows = core::array::from_fn(|r| p.wrapping_offset((k + r).min(n - 1) as isize * step).cast());
            extreme::columns::<L>(Order::FMax, to.cast(), &rows, w);
            k += extreme::ROWS;
        }
    }
}
