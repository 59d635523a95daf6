//! A matrix times a vector of integers: `y[o] = sum over p of matrix[o, p] x[p]`, modulo 2^32.
//!
//! ```text
//! for blocks of OUTPUTS outputs:                       one task each
//!   for p in 0..k by BLOCK_K:   x's block, widened
//!     rows of the matrix contiguous:     sums[o] += dot of two rows, in four vectors
//!     else, four rows of outputs a turn: sums[..] += x[p] matrix[.., p] + … + x[p + 3] matrix[.., p + 3]
//! ```
//!
//! Words of 32 bits are read where they lie if they are contiguous; everything else is widened to a buffer first.
//! A single output is one task, however long its sum is.

use super::super::operand::Operand;
use super::super::problem::{Batch, MatrixVector};
use super::pack::widen;
use super::put;
use crate::kernels::elementwise::BLOCK;
use crate::lane::{LANES, Lane};
use crate::pool::{Pool, Work};

/// Outputs of a task.
const OUTPUTS: usize = 64;

/// Values of p whose x is widened at once.
const BLOCK_K: usize = 1024;

/// Rows of outputs that are added at once.
const ROWS: usize = 4;

/// Computes the products of a batch, the first of which is `first`.
///
/// # Safety
/// - As [`super::run`].
pub(super) unsafe fn run<L: Lane>(pool: &Pool, batch: &Batch, first: &MatrixVector) {
    let chunks = first.outputs.div_ceil(OUTPUTS);
    let nanoseconds = batch.product.nanoseconds().saturating_mul(batch.count as u64).saturating_mul(4);
    pool.run(Work { tasks: batch.count * chunks, nanoseconds }, &|task, _| {
        let one = first.with(&batch.at(task / chunks));
        let o = task % chunks * OUTPUTS;
        // SAFETY: outputs below their number; tasks have different ones.
        unsafe { outputs::<L>(&one, o, OUTPUTS.min(one.outputs - o)) };
    });
}

/// The words of `length` elements, `step` apart: where they lie, or widened to `buffer`.
///
/// # Safety
/// - The elements are readable; `buffer` has room for `length` words and a block. They do not overlap.
#[inline(always)]
unsafe fn words<L: Lane>(from: Operand, step: isize, length: usize, buffer: *mut u32) -> *const u32 {
    if step == 1 && from.dtype.size() == size_of::<u32>() {
        return from.ptr.cast();
    }
    // SAFETY: by the caller's word.
    unsafe { widen::<L>(from, step, length, buffer) };
    buffer
}

/// Computes outputs `o..o + count`, at most [`OUTPUTS`].
///
/// # Safety
/// - As [`run`].
unsafe fn outputs<L: Lane>(product: &MatrixVector, o: usize, count: usize) {
    let &MatrixVector { k, matrix, x, y, .. } = product;
    let mut sums = [0u32; OUTPUTS];
    let (mut values, mut buffer) = ([0u32; BLOCK_K + BLOCK], [0u32; BLOCK_K + BLOCK]);
    let (values, buffer) = (values.as_mut_ptr(), buffer.as_mut_ptr());
    // SAFETY: outputs below their number and values below k; buffers have the room that `words` and `widen` need.
    unsafe {
        for p0 in (0..k).step_by(BLOCK_K) {
            let length = BLOCK_K.min(k - p0);
            let x = words::<L>(x.at(0, p0), x.cs, length, values);
            if matrix.cs.unsigned_abs() <= matrix.rs.unsigned_abs() || count == 1 {
                for (i, sum) in sums[..count].iter_mut().enumerate() {
                    let row = words::<L>(matrix.at(o + i, p0), matrix.cs, length, buffer);
                    *sum = sum.wrapping_add(dot::<L>(row, x, length));
                }
            } else {
                for p in (0..length).step_by(ROWS) {
                    let rows = ROWS.min(length - p);
                    // A missing row is the first once more, times zero.
                    let row: [*const u32; ROWS] = core::array::from_fn(|r| {
                        let r = if r < rows { r } else { 0 };
                        let room = buffer.add(r * (OUTPUTS + BLOCK));
                        words::<L>(matrix.at(o, p0 + p + r), matrix.rs, count, room)
                    });
                    let factor: [u32; ROWS] = core::array::from_fn(|r| if r < rows { x.add(p + r).read() } else { 0 });
                    add_rows::<L>(&mut sums, row, factor, count);
                }
            }
        }
        for (i, &sum) in sums[..count].iter().enumerate() {
            put(y, o + i, 0, sum, false);
        }
    }
}

/// The dot of two rows of words.
///
/// # Safety
/// - `length` words are readable at both.
#[inline(always)]
unsafe fn dot<L: Lane>(a: *const u32, b: *const u32, length: usize) -> u32 {
    let mut sums = [L::isplat(0); 4];
    let vectors = length / (4 * LANES) * (4 * LANES);
    // SAFETY: below `length`.
    unsafe {
        for p in (0..vectors).step_by(4 * LANES) {
            for (v, sum) in sums.iter_mut().enumerate() {
                let at = p + v * LANES;
                *sum = L::iadd(*sum, L::imul(L::iload(a.add(at)), L::iload(b.add(at))));
            }
        }
        let sum = L::ito_array(L::iadd(L::iadd(sums[0], sums[1]), L::iadd(sums[2], sums[3])));
        let mut sum = sum.into_iter().fold(0, u32::wrapping_add);
        for p in vectors..length {
            sum = sum.wrapping_add(a.add(p).read().wrapping_mul(b.add(p).read()));
        }
        sum
    }
}

/// `sums[..] += factor[0] row[0][..] + … + factor[3] row[3][..]`, for the first `count`.
///
/// # Safety
/// - `count` words are readable at each row.
#[inline(always)]
unsafe fn add_rows<L: Lane>(sums: &mut [u32; OUTPUTS], row: [*const u32; ROWS], factor: [u32; ROWS], count: usize) {
    let factors = factor.map(L::isplat);
    let vectors = count / LANES * LANES;
    let to = sums.as_mut_ptr();
    // SAFETY: below `count`, which is at most `OUTPUTS`.
    unsafe {
        for i in (0..vectors).step_by(LANES) {
            let mut sum = L::iload(to.add(i));
            for (r, &f) in row.iter().zip(&factors) {
                sum = L::iadd(sum, L::imul(L::iload(r.add(i)), f));
            }
            L::istore(to.add(i), sum);
        }
        for i in vectors..count {
            for (r, f) in row.iter().zip(factor) {
                *to.add(i) = (*to.add(i)).wrapping_add(r.add(i).read().wrapping_mul(f));
            }
        }
    }
}
