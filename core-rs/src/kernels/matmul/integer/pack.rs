//! Panels of words from matrices of integers, whatever their dtype and strides.
//!
//! Elements are first widened to 32 bits in a buffer on the stack, along the axis whose neighbors are closer in
//! memory: by [`load_blocks`] if they are contiguous. From there vectors go to the panels, through a transposition
//! if that axis is p. So no more than the loads are made for each dtype, and those are the elementwise family's.

use super::super::operand::Operand;
use crate::kernels::elementwise::{BLOCK, Rows, load_blocks, load_rows};
use crate::lane::{LANES, Lane};

/// Words of the buffer: eight KiB, a fraction of L1.
const BUFFER: usize = 2048;

/// Rows of the matrix that are in the buffer at once if rows are contiguous; the rest of it is their length.
const ROWS: usize = 8;

/// Elements of p that are in the buffer at once if columns are contiguous, for [`LANES`] columns.
const DOWN: usize = BUFFER / LANES;

/// Writes `k` rows of `cols` columns to panels of `WIDTH` columns, `stride` words apart, a word of each column in
/// turn: one element, or if `pairs` those of two rows, the first in the low half. What lacks to a last pair is zero;
/// what lacks to a last panel is anything.
///
/// # Safety
/// - Every element of `from` below (k, cols) is readable.
/// - The panels are writable, with as many vectors of `WIDTH` words as k rows have, and do not overlap `from`.
#[inline(never)]
pub(super) unsafe fn pack<L: Lane, const WIDTH: usize>(
    from: Operand,
    k: usize,
    cols: usize,
    pairs: bool,
    to: *mut u32,
    stride: usize,
) {
    let mut buffer = [0u32; BUFFER + BLOCK];
    let buffer = buffer.as_mut_ptr();
    let per_word = if pairs { 2 } else { 1 };
    let low = L::isplat(0xffff);
    // The place of word `p / per_word` of column `c`, and of the three beside it.
    let place = |p: usize, c: usize| to.wrapping_add(c / WIDTH * stride + p / per_word * WIDTH + c % WIDTH);
    let pair = |first: L::I, second: L::I| L::or(L::and(first, low), L::shl(second, 16));
    // SAFETY: elements below (k, cols); the buffer has what is loaded, and a block to spare; words of four columns
    // lie in one panel, since WIDTH is a multiple of four.
    unsafe {
        if from.cs.unsigned_abs() <= from.rs.unsigned_abs() || k == 1 {
            const LENGTH: usize = BUFFER / ROWS;
            for c0 in (0..cols).step_by(LENGTH) {
                let length = LENGTH.min(cols - c0);
                // Whole vectors of words need no buffer.
                let direct = from.cs == 1 && from.dtype.size() == size_of::<u32>() && length.is_multiple_of(LANES);
                for p0 in (0..k).step_by(ROWS) {
                    let rows = ROWS.min(k - p0);
                    for r in 0..rows {
                        if !direct {
                            widen::<L>(from.at(p0 + r, c0), from.cs, length, buffer.add(r * LENGTH));
                        }
                    }
                    for r in (0..rows).step_by(per_word) {
                        let row =
                            if direct { from.at(p0 + r, c0).ptr.cast() } else { buffer.add(r * LENGTH).cast_const() };
                        for c in (0..length).step_by(LANES) {
                            let mut word = L::iload(row.add(c));
                            if pairs {
                                let second = if r + 1 < rows { L::iload(row.add(LENGTH + c)) } else { L::isplat(0) };
                                word = pair(word, second);
                            }
                            L::istore(place(p0 + r, c0 + c), word);
                        }
                    }
                }
            }
        } else {
            for c in (0..cols).step_by(LANES) {
                for p0 in (0..k).step_by(DOWN) {
                    let length = DOWN.min(k - p0);
                    for i in 0..LANES.min(cols - c) {
                        widen::<L>(from.at(p0, c + i), from.rs, length, buffer.add(i * DOWN));
                    }
                    for p in (0..length).step_by(LANES) {
                        let mut rows = L::transpose(core::array::from_fn(|i| L::iload(buffer.add(i * DOWN + p))));
                        let left = LANES.min(length - p);
                        if pairs {
                            for row in &mut rows[left..] {
                                *row = L::isplat(0);
                            }
                            rows = [pair(rows[0], rows[1]), pair(rows[2], rows[3]), rows[0], rows[0]];
                        }
                        for (r, word) in rows.into_iter().enumerate().take(left.div_ceil(per_word)) {
                            L::istore(place(p0 + p + r * per_word, c), word);
                        }
                    }
                }
            }
        }
    }
}

/// Widens `length` elements, `step` apart, to words; up to a block of words beyond them may be written too.
///
/// # Safety
/// - The elements are readable; `to` has room for `length` words and a block. They do not overlap.
#[inline(always)]
pub(super) unsafe fn widen<L: Lane>(from: Operand, step: isize, length: usize, to: *mut u32) {
    let blocks = if step == 1 { length / BLOCK } else { 0 };
    let done = blocks * BLOCK;
    // SAFETY: the blocks lie within the elements, and the rest, rounded up to a block, within the room.
    unsafe {
        if blocks != 0 {
            load_blocks::<L>(from.ptr, from.dtype, to, blocks);
        }
        if done != length {
            let bytes = (done as isize).wrapping_mul(step).wrapping_mul(from.dtype.size() as isize);
            let at = from.ptr.wrapping_offset(bytes);
            let rows = Rows { count: 1, length: length - done, stride: step, jump: 0 };
            load_rows::<L>(at, from.dtype, &rows, to.add(done));
        }
    }
}
