//! Columns of f32, neighbors in memory, with vectors across them.

use super::super::reduce::{COLUMN_WORDS, GROUP, sum_columns, sum_panels};
use super::super::rowwise::{Rounding, blocks};
use super::WIDTH;
use super::rows::{factor, squares};
use crate::lane::{LANES, Lane};
use core::mem::MaybeUninit;

/// Normalizes each of `w` columns, at most [`WIDTH`], of `n` elements, at most [`CHUNK`](super::CHUNK). Beside each
/// pointer is what lies between the elements of a column. Rounds as [`normalize_row`](super::rows::normalize_row).
///
/// # Safety
/// - The elements at `x` are readable and those at `y` writable, which are the same or do not overlap; `n` elements at
///   each vector that is not null are readable.
#[inline(always)]
pub(super) unsafe fn normalize_columns<L: Lane, R: Rounding>(
    r: R,
    (x, x_step): (*const f32, isize),
    (y, y_step): (*mut f32, isize),
    n: usize,
    w: usize,
    [scale, bias]: [*const f32; 2],
    epsilon: f32,
    is_layer: bool,
) {
    let mut work = [MaybeUninit::<u32>::uninit(); COLUMN_WORDS * WIDTH];
    let mut made = [MaybeUninit::<f32>::uninit(); GROUP * WIDTH];
    let (work, made): (*mut u32, *mut f32) = (work.as_mut_ptr().cast(), made.as_mut_ptr().cast());
    // What lies beyond `w` is not read into results.
    let (mut means, mut factors) = ([0f32; WIDTH], [0f32; WIDTH]);
    let (m, f) = (means.as_mut_ptr(), factors.as_mut_ptr());
    let from = |k: usize| x.wrapping_offset(k as isize * x_step);
    // SAFETY: every offset is below `w`, every row below `n`; the arrays are for WIDTH columns, a multiple of the lanes.
    unsafe {
        sum_panels::<L>(n, w, work, f, WIDTH as isize, &mut |k, count| {
            for row in 0..count {
                squares::<L, R>(r, from(k + row), made.add(row * WIDTH), w);
            }
            made
        });
        if is_layer {
            sum_columns::<L>(x, x_step, n, w, work, m);
        }
        let count = L::splat(n as f32);
        for i in (0..w).step_by(LANES) {
            let [mean, squares] = [m, f].map(|sums| r.round::<L>(L::div(L::load(sums.add(i)), count)));
            let factor = if is_layer {
                factor::<L, R, true>(r, squares, mean, epsilon)
            } else {
                factor::<L, R, false>(r, squares, mean, epsilon)
            };
            L::store(m.add(i), mean);
            L::store(f.add(i), factor);
        }
        for k in 0..n {
            let (x, y) = (from(k), y.wrapping_offset(k as isize * y_step));
            // Nothing changes what is multiplied by 1, what -0 is added to, or what 0 is subtracted from.
            let element = |p: *const f32, none: f32| L::splat(if p.is_null() { none } else { *p.add(k) });
            let (scale, bias) = (element(scale, 1.0), element(bias, -0.0));
            let one = |x, mean, factor| {
                let v = r.round::<L>(L::mul(r.round::<L>(L::sub(x, mean)), factor));
                L::add(r.round::<L>(L::mul(v, scale)), bias)
            };
            let done = blocks!(R::VECTORS, w, i => {
                L::store(y.add(i), one(L::load(x.add(i)), L::load(m.add(i)), L::load(f.add(i))));
            });
            for i in done..w {
                let v = one(L::splat(*x.add(i)), L::splat(*m.add(i)), L::splat(*f.add(i)));
                *y.add(i) = L::to_array(v)[0];
            }
        }
    }
}
