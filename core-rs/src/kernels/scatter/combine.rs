//! The inner loops of a scatter: runs of elements combined with runs of updates.
//!
//! Words have loops of their own, one an operation. Shorter elements are widened into words, a block of a run at a time,
//! combined by these, and narrowed again: the conversions are the greater part of that work, and exist already.

use super::Op;
use crate::dtype::DType;
use crate::kernels::copy::nest::Axis;
use crate::kernels::copy::plane::copy_bytes;
use crate::kernels::elementwise::{
    BLOCK, Reg, Rows, load_blocks, load_rows, narrow_one, store_blocks, store_rows, widen_one,
};
use crate::kernels::gather::index::OUTSIDE;
use crate::lane::{LANES, Lane};

/// Elements that are widened together: three buffers of 1 KiB of stack.
const WIDE: usize = 256;

/// A loop over runs, as [`Combiner::sweep`] does them.
type Sweep = unsafe fn(*mut u8, *const u8, &[isize], isize, Axis);

/// How runs are combined.
pub struct Combiner {
    /// The loop over runs of words or, for `Op::Set`, of units.
    sweep: Sweep,
    /// What is to be widened to words first, if anything.
    narrow: Option<DType>,
}

impl Combiner {
    /// Sets units of 1, 2, 4, 8 or 16 bytes.
    pub fn setter<L: Lane>(unit: usize) -> Combiner {
        let sweep: Sweep = match unit {
            1 => set::<L, u8>,
            2 => set::<L, u16>,
            4 => set::<L, u32>,
            8 => set::<L, u64>,
            _ => set::<L, [u64; 2]>,
        };
        Combiner { sweep, narrow: None }
    }

    /// Combines elements of a dtype by an operation other than `Op::Set`.
    pub fn new<L: Lane>(op: Op, dtype: DType) -> Combiner {
        let sweep: Sweep = match (op, dtype) {
            // Truth values: or, and.
            (Op::Add, DType::Bool) => words::<L, MAX>,
            (Op::Mul, DType::Bool) => words::<L, MIN>,
            (Op::Add, _) if dtype.is_float() => words::<L, ADD_F32>,
            (Op::Mul, _) if dtype.is_float() => words::<L, MUL_F32>,
            (Op::Min, _) if dtype.is_float() => words::<L, MIN_F32>,
            (_, _) if dtype.is_float() => words::<L, MAX_F32>,
            (Op::Add, _) => words::<L, ADD>,
            (Op::Mul, _) => words::<L, MUL>,
            (Op::Min, DType::U32) => words::<L, MIN_U32>,
            (_, DType::U32) => words::<L, MAX_U32>,
            // Shorter unsigned numbers are not negative as words.
            (Op::Min, _) => words::<L, MIN>,
            _ => words::<L, MAX>,
        };
        Combiner { sweep, narrow: Some(dtype).filter(|dtype| dtype.size() < 4) }
    }

    /// Combines, in order, each of the places from `out` on that are not [`OUTSIDE`] with one run of updates; the runs
    /// of updates start `step` bytes apart, the elements of a run lie as the loop says.
    ///
    /// # Safety
    /// - For each place that is not [`OUTSIDE`] and each turn of the loop, an element is writable at the place and
    ///   readable from the updates, and the two never overlap.
    pub unsafe fn sweep<L: Lane>(&self, out: *mut u8, updates: *const u8, places: &[isize], step: isize, run: Axis) {
        // SAFETY: the caller's duty, passed on.
        unsafe {
            match self.narrow {
                None => (self.sweep)(out, updates, places, step, run),
                Some(dtype) if run.size == 1 => elements(self.sweep, dtype, out, updates, places, step),
                Some(dtype) => runs::<L>(self.sweep, dtype, out, updates, places, step, run),
            }
        }
    }
}

const ADD: u8 = 0;
const MUL: u8 = 1;
const MIN: u8 = 2;
const MAX: u8 = 3;
const MIN_U32: u8 = 4;
const MAX_U32: u8 = 5;
const ADD_F32: u8 = 6;
const MUL_F32: u8 = 7;
const MIN_F32: u8 = 8;
const MAX_F32: u8 = 9;

#[inline(always)]
fn apply<L: Lane, const OP: u8>(x: L::I, y: L::I) -> L::I {
    let (a, b) = (L::float(x), L::float(y));
    match OP {
        ADD => L::iadd(x, y),
        MUL => L::imul(x, y),
        MIN => L::imin(x, y),
        MAX => L::imax(x, y),
        MIN_U32 => L::umin(x, y),
        MAX_U32 => L::umax(x, y),
        ADD_F32 => L::bits(L::add(a, b)),
        MUL_F32 => L::bits(L::mul(a, b)),
        MIN_F32 => L::bits(L::min(a, b)),
        _ => L::bits(L::max(a, b)),
    }
}

/// # Safety
/// - A word is readable at both, and writable at `dst`.
#[inline(always)]
unsafe fn word<L: Lane, const OP: u8>(dst: *mut u32, src: *const u32) {
    // SAFETY: the caller's duty. Lanes compute it, so that no bit depends on where a run ends.
    unsafe { *dst = L::ito_array(apply::<L, OP>(L::isplat(*dst), L::isplat(*src)))[0] }
}

/// Combines runs of words.
///
/// # Safety
/// - As for [`Combiner::sweep`].
unsafe fn words<L: Lane, const OP: u8>(out: *mut u8, updates: *const u8, places: &[isize], step: isize, run: Axis) {
    let packed = run.dst == 4 && run.src == 4;
    let mut from = updates;
    if run.size == 1 {
        // Single elements, for which the loops below cost more than the work.
        for &place in places {
            if place != OUTSIDE {
                // SAFETY: the caller vouches for the one turn.
                unsafe { word::<L, OP>(out.wrapping_offset(place).cast(), from.cast()) };
            }
            from = from.wrapping_offset(step);
        }
        return;
    }
    for &place in places {
        let (mut dst, mut src) = (out.wrapping_offset(place).cast::<u32>(), from.cast::<u32>());
        from = from.wrapping_offset(step);
        if place == OUTSIDE {
            continue;
        }
        let mut left = run.size;
        // SAFETY: the caller vouches for every turn; `left` counts those that remain.
        unsafe {
            if packed {
                while left >= 4 * LANES {
                    let four = |i: usize| apply::<L, OP>(L::iload(dst.add(i)), L::iload(src.add(i)));
                    let (x, y, z, w) = (four(0), four(LANES), four(2 * LANES), four(3 * LANES));
                    L::istore(dst, x);
                    L::istore(dst.add(LANES), y);
                    L::istore(dst.add(2 * LANES), z);
                    L::istore(dst.add(3 * LANES), w);
                    (dst, src, left) = (dst.add(4 * LANES), src.add(4 * LANES), left - 4 * LANES);
                }
                while left >= LANES {
                    L::istore(dst, apply::<L, OP>(L::iload(dst), L::iload(src)));
                    (dst, src, left) = (dst.add(LANES), src.add(LANES), left - LANES);
                }
            }
            while left > 0 {
                word::<L, OP>(dst, src);
                (dst, src, left) = (dst.wrapping_byte_offset(run.dst), src.wrapping_byte_offset(run.src), left - 1);
            }
        }
    }
}

/// Combines runs of shorter elements than words; `sweep` is that of the words.
///
/// # Safety
/// - As for [`Combiner::sweep`].
#[inline(never)]
unsafe fn runs<L: Lane>(
    sweep: Sweep,
    dtype: DType,
    out: *mut u8,
    updates: *const u8,
    places: &[isize],
    step: isize,
    run: Axis,
) {
    let size = dtype.size() as isize;
    let packed = run.dst == size && run.src == size;
    let [mut x, mut y, mut spare] = [[0u32; WIDE]; 3];
    let (x, y, spare) = (x.as_mut_ptr(), y.as_mut_ptr(), spare.as_mut_ptr());
    let mut from = updates;
    for &place in places {
        let (mut dst, mut src) = (out.wrapping_offset(place), from);
        from = from.wrapping_offset(step);
        let mut left = if place == OUTSIDE { 0 } else { run.size };
        while left > 0 {
            let mut n = left.min(WIDE);
            let blocks = n / BLOCK;
            // SAFETY: `n` elements of the run on either side, and as many words of the buffers, rounded up to a block.
            unsafe {
                let combine = |n: usize| sweep(x.cast(), y.cast(), &[0], 0, Axis { size: n, dst: 4, src: 4 });
                if packed && blocks > 0 {
                    n = blocks * BLOCK;
                    load_blocks::<L>(dst, dtype, x, blocks);
                    load_blocks::<L>(src, dtype, y, blocks);
                    combine(n);
                    store_blocks::<L>(Reg { ptr: x, step: BLOCK }, dst, dtype, blocks);
                } else {
                    let rows = |step: isize| Rows { count: 1, length: n, stride: step / size, jump: 0 };
                    load_rows::<L>(dst, dtype, &rows(run.dst), x);
                    load_rows::<L>(src, dtype, &rows(run.src), y);
                    combine(n);
                    store_rows::<L>(Reg { ptr: x, step: BLOCK }, dst, dtype, &rows(run.dst), spare);
                }
            }
            (dst, src) = (turns(dst, run.dst, n), turns(src.cast_mut(), run.src, n));
            left -= n;
        }
    }
}

/// The place `n` steps on.
fn turns(at: *mut u8, step: isize, n: usize) -> *mut u8 {
    at.wrapping_offset(step.wrapping_mul(n as isize))
}

/// As [`runs`], for runs of one element.
///
/// # Safety
/// - As for [`Combiner::sweep`].
#[inline(never)]
unsafe fn elements(sweep: Sweep, dtype: DType, out: *mut u8, updates: *const u8, places: &[isize], step: isize) {
    let pair = dtype.size() == 2;
    let mut from = updates;
    for &place in places {
        let (dst, src) = (out.wrapping_offset(place), from);
        from = from.wrapping_offset(step);
        if place == OUTSIDE {
            continue;
        }
        // SAFETY: one element on either side, aligned as all are; the words are variables.
        unsafe {
            let load = |p: *const u8| if pair { u32::from(*p.cast::<u16>()) } else { u32::from(*p) };
            let (mut x, y) = (widen_one(dtype, load(dst)), widen_one(dtype, load(src)));
            sweep((&raw mut x).cast(), (&raw const y).cast(), &[0], 0, Axis { size: 1, dst: 4, src: 4 });
            let bits = narrow_one(dtype, x);
            if pair {
                *dst.cast::<u16>() = bits as u16;
            } else {
                *dst = bits as u8;
            }
        }
    }
}

/// Sets runs of units of the size of `T`.
///
/// # Safety
/// - As for [`Combiner::sweep`], with units as elements, which need not be aligned.
unsafe fn set<L: Lane, T: Copy>(out: *mut u8, updates: *const u8, places: &[isize], step: isize, run: Axis) {
    let size = size_of::<T>();
    let packed = run.dst == size as isize && run.src == size as isize;
    let mut from = updates;
    if run.size == 1 {
        for &place in places {
            if place != OUTSIDE {
                // SAFETY: the caller vouches for the one turn.
                unsafe { out.wrapping_offset(place).cast::<T>().write_unaligned(from.cast::<T>().read_unaligned()) };
            }
            from = from.wrapping_offset(step);
        }
        return;
    }
    for &place in places {
        let (mut dst, mut src) = (out.wrapping_offset(place), from);
        from = from.wrapping_offset(step);
        if place == OUTSIDE {
            continue;
        }
        // SAFETY: the caller vouches for every turn.
        unsafe {
            if packed {
                copy_bytes::<L>(dst, src, run.size * size);
                continue;
            }
            for _ in 0..run.size {
                dst.cast::<T>().write_unaligned(src.cast::<T>().read_unaligned());
                (dst, src) = (dst.wrapping_offset(run.dst), src.wrapping_offset(run.src));
            }
        }
    }
}
