//! What the kernels that work on rows share: the rounding of each operation, and loops over vectors.

#[cfg(test)]
pub(crate) mod testing;

use super::elementwise::{round_bf16, round_f16};
use crate::lane::{LANES, Lane};

/// Elements of a turn of the inner loops.
pub(crate) const BLOCK: usize = 4 * LANES;

/// Elements of a task, about: 10 µs.
pub(crate) const TASK: usize = 1 << 14;

/// How the result of an operation is rounded.
pub(crate) trait Rounding: Copy + Sync {
    /// Whether nothing is rounded.
    const IS_NONE: bool;
    /// Vectors of a turn of a loop: where roundings take most of its time, more would only be more code.
    const VECTORS: usize = if Self::IS_NONE { 4 } else { 2 };
    /// Rounds.
    fn round<L: Lane>(self, x: L::F) -> L::F;
}

/// f32: nothing is rounded.
#[derive(Clone, Copy)]
pub(crate) struct F32;

/// To the nearest number of a narrow type. Both are one type here, for half the code of all that rounds: the jump is
/// always the same.
#[derive(Clone, Copy)]
pub(crate) enum Narrow {
    F16,
    Bf16,
}

impl Rounding for F32 {
    const IS_NONE: bool = true;
    #[inline(always)]
    fn round<L: Lane>(self, x: L::F) -> L::F {
        x
    }
}

impl Rounding for Narrow {
    const IS_NONE: bool = false;
    #[inline(always)]
    fn round<L: Lane>(self, x: L::F) -> L::F {
        match self {
            Narrow::F16 => round_f16::<L>(x),
            Narrow::Bf16 => round_bf16::<L>(x),
        }
    }
}

/// [`Rounding::round`] of one number.
#[inline(always)]
pub(crate) fn rounded<L: Lane, R: Rounding>(r: R, x: f32) -> f32 {
    L::to_array(r.round::<L>(L::splat(x)))[0]
}

/// The working memory of all threads.
#[derive(Clone, Copy)]
pub(crate) struct Scratch(pub *mut u8);

// SAFETY: each thread works in a part of its own.
unsafe impl Sync for Scratch {}

/// Runs `step` for the offsets of whole vectors below `n`, so many in a turn, and gives the first offset after them.
macro_rules! blocks {
    ($vectors:expr, $n:expr, $i:ident => $step:expr) => {{
        let mut block = 0;
        while block + $vectors * LANES <= $n {
            for vector in 0..$vectors {
                let $i = block + vector * LANES;
                $step;
            }
            block += $vectors * LANES;
        }
        if $vectors > 1 {
            while block + LANES <= $n {
                let $i = block;
                $step;
                block += LANES;
            }
        }
        block
    }};
}
pub(crate) use blocks;
