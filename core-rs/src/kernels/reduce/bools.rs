//! Rows of bools that lie next to each other: sixteen a vector, added as bytes and never widened.

use super::extreme::Order;
use super::{Action, CHUNK};
use crate::lane::{LANES, Lane};

/// Bools of a vector, and of a turn of the loop.
const VECTOR: usize = 4 * LANES;
const TURN: usize = 4 * VECTOR;

// A byte of one of the four sums has room for the whole chunk.
const _: () = assert!(CHUNK / TURN <= 255);

/// Reduces `n` bools, at most [`CHUNK`], to a register: a sum, a product, or whether any or all are true.
///
/// # Safety
/// - `n` bytes at `row` are readable.
#[inline(never)]
pub(super) unsafe fn row<L: Lane>(action: Action, row: *const u8, n: usize) -> u32 {
    // SAFETY: by the caller's word.
    let ones = unsafe { count::<L>(row, n) };
    match action {
        Action::SumI => ones,
        Action::Best(Order::UMax) => (ones != 0).into(),
        // The least, or the product.
        _ => (ones == n as u32).into(),
    }
}

/// How many of `n` bools, at most [`CHUNK`], are true.
///
/// # Safety
/// - As [`row`].
#[inline(always)]
unsafe fn count<L: Lane>(row: *const u8, n: usize) -> u32 {
    let mut sums = [L::isplat(0); 4];
    let mut k = 0;
    // SAFETY: every offset is below `n`.
    unsafe {
        while k + TURN <= n {
            for (i, sum) in sums.iter_mut().enumerate() {
                *sum = L::iadd(*sum, L::iload(row.add(k + i * VECTOR).cast()));
            }
            k += TURN;
        }
        let mut ones = 0;
        while k < n {
            ones += u32::from(row.add(k).read());
            k += 1;
        }
        let even = L::isplat(0x00ff_00ff);
        let pairs = sums.map(|sum| L::iadd(L::and(sum, even), L::and(L::shr(sum, 8), even)));
        let total = L::iadd(L::iadd(pairs[0], pairs[1]), L::iadd(pairs[2], pairs[3]));
        L::ito_array(total).into_iter().fold(ones, |ones, pair| ones + (pair & 0xffff) + (pair >> 16))
    }
}
