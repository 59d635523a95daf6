//! Random bits as JAX's `threefry2x32` generator makes them.
//!
//! One call of the block function turns a key `(k0, k1)` and a counter `(x0, x1)` into two words: 20 rounds of
//! `x0 += x1; x1 = rotl(x1, r) ^ x0`, with a key word added to each half before the first and after every fourth.
//! The modes lay counters and results out as `jax/_src/prng.py` does, for an output of `n` words:
//!
//! - [`Mode::Bits`] (`jax_threefry_partitionable=True`): `out[i] = y0 ^ y1` of the counter `(hi(c), lo(c))`,
//!   with `c = offset + i` in 64 bits; an output of 8 or 16 bits keeps the low bits of each word;
//! - [`Mode::Pairs`]: `out[i, 0], out[i, 1] = y0, y1` of the same counter, for an output of shape `[…, 2]`. With
//!   offset 0 this is `split(key, n)`. `fold_in(key, data)` is the block of the counter `(0, data)`, since the seed of
//!   a 32-bit number has no upper half: one pair with `offset = data as u32`. A seed above 32 bits, `(hi, lo)`, is
//!   likewise an offset;
//! - [`Mode::Legacy`] (`jax_threefry_partitionable=False`): the counters `0..n`, and a zero if `n` is odd, are cut into
//!   halves, `x0` from the first and `x1` from the second; the output is all `y0`, then all `y1` (without the
//!   padding's). `split(key, n)` is this with `2 n` words. An output of 8 or 16 bits has as few words as hold it, and
//!   is cut from them, low bits first: their bytes in memory, less what is too many of the last word.
//!
//! Layouts: the output is u32, or but for pairs u8 or u16, and contiguous, the key u32 `[2]` at any stride. Aliasing:
//! the key is read before anything is written, so it may be part of the output. Counters wrap around at 2^64.
//!
//! Accuracy: bits. Speed: 112 vector operations for four blocks, of which each waits for the one before; so several
//! vectors go through the rounds together. On Zen 5 in Deno 2.9, one thread: 0.27 G words/s partitionable, and 0.25 G
//! of 8 or 16 bits; 0.54 G legacy, 1.1 G of 16 bits and 2.1 G of 8.
//!
//! Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 4.

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{LANES, Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{View, ViewMut};

/// Rotations of the first, third and fifth four rounds, and of the second and fourth (the paper's table 2).
const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];

/// The constant that makes the third key word differ from the other two's sum (the paper's, from Skein).
const PARITY: u32 = 0x1BD1_1BDA;

/// Vectors that go through the rounds together. Two, three and four measured the same in V8 on x86-64, where the
/// processor overlaps turns by itself; two make the smallest code.
const TOGETHER: usize = 2;

/// Blocks in one turn of the main loop.
const STEP: usize = TOGETHER * LANES;

/// Blocks of one task: about 60 µs.
const TASK: usize = 16 * 1024;

/// How counters and results are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Mode {
    /// One word for each counter, both halves combined.
    Bits = 0,
    /// The words of the layout that JAX used before 0.5.
    Legacy = 1,
    /// Both words of each counter, next to each other.
    Pairs = 2,
}

impl Mode {
    /// The mode with this number.
    pub fn from_code(code: u32) -> Result<Mode, Fault> {
        match code {
            0 => Ok(Mode::Bits),
            1 => Ok(Mode::Legacy),
            2 => Ok(Mode::Pairs),
            _ => Err(Fault::Parameter),
        }
    }
}

/// Fills `output` with random bits of `key`.
///
/// Fails with [`Fault::DType`] unless both are u32, or the output is u8 or u16 and not of pairs; with [`Fault::Shape`] if the key is not `[2]`, the output is not
/// contiguous, or pairs are asked for and its last axis is not 2; and with [`Fault::Parameter`] if [`Mode::Legacy`],
/// which has no 64-bit counters, is given an offset or 2^32 words or more.
pub fn threefry(pool: &Pool, output: ViewMut, key: View, mode: Mode, offset: u64) -> Result<(), Fault> {
    let fits = match output.dtype {
        DType::U32 => true,
        DType::U8 | DType::U16 => mode != Mode::Pairs,
        _ => false,
    };
    if !fits || key.dtype != DType::U32 {
        return Err(Fault::DType);
    }
    if key.layout.shape() != [2] || !(output.layout.is_empty() || output.layout.is_contiguous()) {
        return Err(Fault::Shape);
    }
    let (elements, size) = (output.layout.len(), output.dtype.size());
    // Words of the block function that the output takes.
    let words = if mode == Mode::Legacy { elements.div_ceil(size_of::<u32>() / size) } else { elements };
    match mode {
        Mode::Pairs if output.layout.shape().last() != Some(&2) => return Err(Fault::Shape),
        Mode::Legacy if offset != 0 || words as u64 > u64::from(u32::MAX) => return Err(Fault::Parameter),
        _ => {}
    }
    if words == 0 {
        return Ok(());
    }
    // SAFETY: the key's view vouches for both of its elements.
    let key = unsafe { [*key.ptr::<u32>(), *key.ptr::<u32>().offset(key.layout.strides[0])] };
    let blocks = if mode == Mode::Bits { words } else { words.div_ceil(2) };
    let work = Work { tasks: blocks.div_ceil(TASK), nanoseconds: blocks as u64 * 3 };
    pool.run(work, &|task, _| {
        let first = task * TASK;
        let count = TASK.min(blocks - first);
        let at = offset.wrapping_add(first as u64);
        let out = output.ptr::<u8>();
        // SAFETY: the output is contiguous and has `elements` elements; a task writes those of its own blocks
        // `first..first + count`, which lie inside it.
        unsafe {
            match (mode, size) {
                (Mode::Bits, 4) => counted::<Live, false>(out.add(4 * first).cast(), count, key, at),
                (Mode::Bits, _) => narrowed::<Live>(out.add(size * first), size, count, key, at),
                (Mode::Pairs, _) => counted::<Live, true>(out.add(8 * first).cast(), count, key, at),
                (Mode::Legacy, _) => halves::<Live>(out, elements * size, first, count, key),
            }
        }
    });
    Ok(())
}

/// The block function on `N` vectors of counters.
#[inline(always)]
fn blocks<L: Lane, const N: usize>(key: [u32; 2], mut x0: [L::I; N], mut x1: [L::I; N]) -> ([L::I; N], [L::I; N]) {
    let keys = [key[0], key[1], key[0] ^ key[1] ^ PARITY];
    let inject = |x0: &mut [L::I; N], x1: &mut [L::I; N], round: usize| {
        let (a, b) = (L::isplat(keys[round % 3]), L::isplat(keys[(round + 1) % 3].wrapping_add(round as u32)));
        for i in 0..N {
            x0[i] = L::iadd(x0[i], a);
            x1[i] = L::iadd(x1[i], b);
        }
    };
    inject(&mut x0, &mut x1, 0);
    macro_rules! rounds {
        ($group:literal) => {
            for r in ROTATIONS[($group + 1) % 2] {
                for i in 0..N {
                    x0[i] = L::iadd(x0[i], x1[i]);
                    x1[i] = L::xor(L::or(L::shl(x1[i], r), L::shr(x1[i], 32 - r)), x0[i]);
                }
            }
            inject(&mut x0, &mut x1, $group);
        };
    }
    rounds!(1);
    rounds!(2);
    rounds!(3);
    rounds!(4);
    rounds!(5);
    (x0, x1)
}

/// The lanes `start, start + 1, …` of `N` vectors, wrapping at 2^32.
#[inline(always)]
fn count_up<L: Lane, const N: usize>(start: u32) -> [L::I; N] {
    let first = L::iadd(L::isplat(start), L::ifrom_array([0, 1, 2, 3]));
    core::array::from_fn(|i| L::iadd(first, L::isplat((i * LANES) as u32)))
}

/// Bits, or with `PAIRS` pairs, of the counters `offset..offset + count`.
///
/// # Safety
/// - `count` words are writable at `out`, twice as many with `PAIRS`.
unsafe fn counted<L: Lane, const PAIRS: bool>(mut out: *mut u32, count: usize, key: [u32; 2], offset: u64) {
    let mut done = 0;
    while done < count {
        // A run of counters with one upper half.
        let at = offset.wrapping_add(done as u64);
        let (high, low) = ((at >> 32) as u32, at as u32);
        let run = (count - done).min((u64::from(u32::MAX - low) + 1).min(1 << 31) as usize);
        // SAFETY: the run lies inside the words that the caller vouches for; `out` moves on with it.
        out = unsafe { one_high::<L, PAIRS>(out, run, key, high, low) };
        done += run;
    }
}

/// As [`counted`], for counters that share their upper half and do not wrap; gives the end of what it wrote.
///
/// # Safety
/// - As for [`counted`].
#[inline(always)]
unsafe fn one_high<L: Lane, const PAIRS: bool>(
    mut out: *mut u32,
    count: usize,
    key: [u32; 2],
    high: u32,
    mut low: u32,
) -> *mut u32 {
    let high = L::isplat(high);
    let mut left = count;
    // SAFETY: each turn writes the words of `STEP` blocks, of which at least so many are left.
    unsafe {
        while left >= STEP {
            let (y0, y1) = blocks::<L, TOGETHER>(key, [high; TOGETHER], count_up::<L, TOGETHER>(low));
            for i in 0..TOGETHER {
                if PAIRS {
                    let (a, b) = L::interleave32(y0[i], y1[i]);
                    L::istore(out, a);
                    L::istore(out.add(LANES), b);
                    out = out.add(2 * LANES);
                } else {
                    L::istore(out, L::xor(y0[i], y1[i]));
                    out = out.add(LANES);
                }
            }
            low = low.wrapping_add(STEP as u32);
            left -= STEP;
        }
        while left > 0 {
            let (y0, y1) = blocks::<L, 1>(key, [high], count_up::<L, 1>(low));
            let (y0, y1) = (L::ito_array(y0[0]), L::ito_array(y1[0]));
            let some = left.min(LANES);
            for i in 0..some {
                if PAIRS {
                    *out = y0[i];
                    *out.add(1) = y1[i];
                    out = out.add(2);
                } else {
                    *out = y0[i] ^ y1[i];
                    out = out.add(1);
                }
            }
            low = low.wrapping_add(LANES as u32);
            left -= some;
        }
    }
    out
}

/// Words that [`narrowed`] makes before it stores what is kept of them.
const ASIDE: usize = 256;

/// The low bytes (`size` is one) or halves (two) of the bits of the counters `offset..offset + count`. By way of a
/// buffer, which costs 2 %, and not another copy of the rounds.
///
/// # Safety
/// - `count * size` bytes are writable at `out`.
unsafe fn narrowed<L: Lane>(out: *mut u8, size: usize, count: usize, key: [u32; 2], offset: u64) {
    let mut aside = [0u32; ASIDE];
    for first in (0..count).step_by(ASIDE) {
        let some = ASIDE.min(count - first);
        // SAFETY: the buffer has room for as many words; whole vectors of them, and then single ones, lie inside the
        // bytes that the caller vouches for. Stores need no alignment.
        unsafe {
            counted::<L, false>(aside.as_mut_ptr(), some, key, offset.wrapping_add(first as u64));
            let out = out.add(first * size);
            let whole = some / LANES * LANES;
            for i in (0..whole).step_by(LANES) {
                let x = L::iload(aside.as_ptr().add(i));
                if size == 1 {
                    L::istore_u8(out.add(i), x);
                } else {
                    L::istore_u16(out.add(2 * i).cast(), x);
                }
            }
            for i in whole..some {
                let bytes = aside[i].to_le_bytes();
                out.add(i * size).copy_from_nonoverlapping(bytes.as_ptr(), size);
            }
        }
    }
}

/// The legacy blocks `first..first + count` of an output of `bytes` bytes at `out`; of its last word as many as it has.
///
/// # Safety
/// - `bytes` bytes are writable at `out`, and `first + count` is at most half of the words they take, rounded up.
unsafe fn halves<L: Lane>(out: *mut u8, bytes: usize, first: usize, count: usize, key: [u32; 2]) {
    const SIZE: usize = size_of::<u32>();
    let words = bytes.div_ceil(SIZE);
    let half = words.div_ceil(2);
    // The padding's block, whose second counter is zero and whose second result has no place.
    let padded = words % 2 == 1 && first + count == half;
    let mut left = count - usize::from(padded);
    let mut at = first;
    // Some words from `word` on, as far as the output goes.
    let write = |word: usize, values: [u32; LANES], some: usize| {
        let room = bytes.saturating_sub(word * SIZE).min(some * SIZE);
        let values = values.map(u32::to_le);
        // SAFETY: `room` bytes lie inside the output from this word on, if there are any.
        unsafe { out.wrapping_add(word * SIZE).copy_from_nonoverlapping(values.as_ptr().cast(), room) };
    };
    // SAFETY: blocks `at..at + STEP` are below `words / 2`, so their results lie in `at..half` and
    // `half + at..words`, and the latter are whole, since they end within the output. Stores need no alignment.
    unsafe {
        while left >= STEP && (half + at + STEP) * SIZE <= bytes {
            let (y0, y1) = blocks::<L, TOGETHER>(
                key,
                count_up::<L, TOGETHER>(at as u32),
                count_up::<L, TOGETHER>((at + half) as u32),
            );
            for i in 0..TOGETHER {
                L::istore(out.add((at + i * LANES) * SIZE).cast(), y0[i]);
                L::istore(out.add((half + at + i * LANES) * SIZE).cast(), y1[i]);
            }
            at += STEP;
            left -= STEP;
        }
    }
    while left > 0 {
        let (y0, y1) = blocks::<L, 1>(key, count_up::<L, 1>(at as u32), count_up::<L, 1>((at + half) as u32));
        let some = left.min(LANES);
        write(at, L::ito_array(y0[0]), some);
        write(half + at, L::ito_array(y1[0]), some);
        at += some;
        left -= some;
    }
    if padded {
        let (y0, _) = blocks::<L, 1>(key, [L::isplat((half - 1) as u32)], [L::isplat(0)]);
        write(half - 1, L::ito_array(y0[0]), 1);
    }
}
