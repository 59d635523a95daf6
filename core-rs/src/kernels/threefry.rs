//! Random bits as JAX's `threefry2x32` generator makes them.
//!
//! One call of the block function turns a key `(k0, k1)` and a counter `(x0, x1)` into two words: 20 rounds of
//! `x0 += x1; x1 = rotl(x1, r) ^ x0`, with a key word added to each half before the first and after every fourth.
//! The modes lay counters and results out as `jax/_src/prng.py` does, for an output of `n` words:
//!
//! - [`Mode::Bits`] (`jax_threefry_partitionable=True`): `out[i] = y0 ^ y1` of the counter `(hi(c), lo(c))`,
//!   with `c = offset + i` in 64 bits;
//! - [`Mode::Pairs`]: `out[i, 0], out[i, 1] = y0, y1` of the same counter, for an output of shape `[…, 2]`. With
//!   offset 0 this is `split(key, n)`. `fold_in(key, data)` is the block of the counter `(0, data)`, since the seed of
//!   a 32-bit number has no upper half: one pair with `offset = data as u32`. A seed above 32 bits, `(hi, lo)`, is
//!   likewise an offset;
//! - [`Mode::Legacy`] (`jax_threefry_partitionable=False`): the counters `0..n`, and a zero if `n` is odd, are cut into
//!   halves, `x0` from the first and `x1` from the second; the output is all `y0`, then all `y1` (without the
//!   padding's). `split(key, n)` is this with `2 n` words.
//!
//! Layouts: the output is u32 and contiguous, the key u32 `[2]` at any stride. Aliasing: the key is read before
//! anything is written, so it may be part of the output. Counters wrap around at 2^64.
//!
//! Accuracy: bits. Speed: 112 vector operations for four blocks, of which each waits for the one before; so several
//! vectors go through the rounds together.
//!
//! Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 4.

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
/// Fails with [`Fault::DType`] unless both are u32; with [`Fault::Shape`] if the key is not `[2]`, the output is not
/// contiguous, or pairs are asked for and its last axis is not 2; and with [`Fault::Parameter`] if [`Mode::Legacy`],
/// which has no 64-bit counters, is given an offset or 2^32 words or more.
pub fn threefry(pool: &Pool, output: ViewMut, key: View, mode: Mode, offset: u64) -> Result<(), Fault> {
    if output.dtype != DType::U32 || key.dtype != DType::U32 {
        return Err(Fault::DType);
    }
    if key.layout.shape() != [2] || !(output.layout.is_empty() || output.layout.is_contiguous()) {
        return Err(Fault::Shape);
    }
    let words = output.layout.len();
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
        let out = output.ptr::<u32>();
        // SAFETY: the output is contiguous and has `words` elements; a task writes those of its own blocks
        // `first..first + count`, which lie inside it.
        unsafe {
            match mode {
                Mode::Bits => counted::<Live, false>(out.add(first), count, key, offset.wrapping_add(first as u64)),
                Mode::Pairs => counted::<Live, true>(out.add(2 * first), count, key, offset.wrapping_add(first as u64)),
                Mode::Legacy => halves::<Live>(out, words, first, count, key),
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

/// The legacy blocks `first..first + count` of an output of `words` words at `out`.
///
/// # Safety
/// - `words` words are writable at `out`, and `first + count` is at most half of them, rounded up.
unsafe fn halves<L: Lane>(out: *mut u32, words: usize, first: usize, count: usize, key: [u32; 2]) {
    let half = words.div_ceil(2);
    // The padding's block, whose second counter is zero and whose second result has no place.
    let padded = words % 2 == 1 && first + count == half;
    let mut left = count - usize::from(padded);
    let mut at = first;
    // SAFETY: blocks `at..at + STEP` (or fewer, in the tail) are below `words / 2`, so their results lie in
    // `at..half` and `half + at..words`; the padding's first result is the last word of the first half.
    unsafe {
        while left >= STEP {
            let (y0, y1) = blocks::<L, TOGETHER>(
                key,
                count_up::<L, TOGETHER>(at as u32),
                count_up::<L, TOGETHER>((at + half) as u32),
            );
            for i in 0..TOGETHER {
                L::istore(out.add(at + i * LANES), y0[i]);
                L::istore(out.add(half + at + i * LANES), y1[i]);
            }
            at += STEP;
            left -= STEP;
        }
        while left > 0 {
            let (y0, y1) = blocks::<L, 1>(key, count_up::<L, 1>(at as u32), count_up::<L, 1>((at + half) as u32));
            let (y0, y1) = (L::ito_array(y0[0]), L::ito_array(y1[0]));
            let some = left.min(LANES);
            for i in 0..some {
                *out.add(at + i) = y0[i];
                *out.add(half + at + i) = y1[i];
            }
            at += some;
            left -= some;
        }
        if padded {
            let (y0, _) = blocks::<L, 1>(key, [L::isplat((half - 1) as u32)], [L::isplat(0)]);
            *out.add(half - 1) = L::ito_array(y0[0])[0];
        }
    }
}

#[cfg(test)]
mod reference {
    //! The block function word by word, and JAX's layouts over it.

    pub fn block(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
        let keys = [key[0], key[1], key[0] ^ key[1] ^ 0x1BD1_1BDA];
        let [mut a, mut b] = [counter[0].wrapping_add(keys[0]), counter[1].wrapping_add(keys[1])];
        for group in 1..=5u32 {
            for r in if group % 2 == 1 { [13, 15, 26, 6] } else { [17, 29, 16, 24] } {
                a = a.wrapping_add(b);
                b = b.rotate_left(r) ^ a;
            }
            a = a.wrapping_add(keys[group as usize % 3]);
            b = b.wrapping_add(keys[(group as usize + 1) % 3]).wrapping_add(group);
        }
        [a, b]
    }

    pub fn pairs(key: [u32; 2], n: usize, offset: u64) -> Vec<u32> {
        let counter = |i: usize| offset.wrapping_add(i as u64);
        (0..n).flat_map(|i| block(key, [(counter(i) >> 32) as u32, counter(i) as u32])).collect()
    }

    pub fn bits(key: [u32; 2], n: usize, offset: u64) -> Vec<u32> {
        pairs(key, n, offset).chunks(2).map(|y| y[0] ^ y[1]).collect()
    }

    pub fn legacy(key: [u32; 2], n: usize) -> Vec<u32> {
        let mut counters: Vec<u32> = (0..n as u32).collect();
        if n % 2 == 1 {
            counters.push(0);
        }
        let (x0, x1) = counters.split_at(counters.len() / 2);
        let y: Vec<[u32; 2]> = x0.iter().zip(x1).map(|(&a, &b)| block(key, [a, b])).collect();
        let mut out: Vec<u32> = y.iter().map(|y| y[0]).chain(y.iter().map(|y| y[1])).collect();
        out.truncate(n);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Layout;

    fn run(threads: usize, key: [u32; 2], shape: &[usize], mode: Mode, offset: u64) -> Vec<u32> {
        let mut out = vec![0xAAAA_AAAAu32; shape.iter().product()];
        let key = View::of(&key, &[2]).unwrap();
        threefry(&Pool::new(threads), ViewMut::of(&mut out, shape).unwrap(), key, mode, offset).unwrap();
        out
    }

    /// FNV-1a over the words' bytes in little-endian order, as in the golden file.
    fn fnv(words: &[u32]) -> u32 {
        words
            .iter()
            .flat_map(|w| w.to_le_bytes())
            .fold(0x811C_9DC5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
    }

    #[test]
    fn known_answers_of_random123() {
        // kat_vectors of Random123 1.14: threefry2x32, 20 rounds; counter, key, result.
        for (counter, key, want) in [
            ([0, 0], [0, 0], [0x6b20_0159, 0x99ba_4efe]),
            ([u32::MAX; 2], [u32::MAX; 2], [0x1cb9_96fc, 0xbb00_2be7]),
            ([0x243f_6a88, 0x85a3_08d3], [0x1319_8a2e, 0x0370_7344], [0xc492_3a9c, 0x483d_f7a0]),
        ] {
            let offset = u64::from(counter[0]) << 32 | u64::from(counter[1]);
            assert_eq!(reference::block(key, counter), want);
            assert_eq!(run(1, key, &[1, 2], Mode::Pairs, offset), want);
            assert_eq!(run(1, key, &[1], Mode::Bits, offset), [want[0] ^ want[1]]);
        }
    }

    #[test]
    fn every_size_around_the_step() {
        let key = [0x1234_5678, 0x9abc_def0];
        for n in (0..70).chain([TASK - 1, TASK, TASK + 1, 3 * TASK + 5]) {
            assert_eq!(run(1, key, &[n], Mode::Bits, 0), reference::bits(key, n, 0), "bits, {n}");
            assert_eq!(run(1, key, &[n, 2], Mode::Pairs, 0), reference::pairs(key, n, 0), "pairs, {n}");
            assert_eq!(run(1, key, &[n], Mode::Legacy, 0), reference::legacy(key, n), "legacy, {n}");
        }
    }

    #[test]
    fn empty_outputs() {
        for (shape, mode) in [(&[2, 0, 3][..], Mode::Bits), (&[0], Mode::Legacy), (&[5, 0, 2], Mode::Pairs)] {
            assert!(run(1, [1, 2], shape, mode, 0).is_empty());
        }
    }

    #[test]
    fn counters_cross_the_upper_half_and_wrap() {
        let key = [7, 9];
        for start in [(1u64 << 32) - 1, (1 << 32) - 2, (1 << 32) - 37, 5 << 32, u64::MAX, u64::MAX - 20] {
            for n in [1, 2, 3, 17, 100] {
                assert_eq!(run(1, key, &[n], Mode::Bits, start), reference::bits(key, n, start));
                assert_eq!(run(1, key, &[n, 2], Mode::Pairs, start), reference::pairs(key, n, start));
            }
        }
    }

    #[test]
    fn equal_bits_for_any_number_of_threads() {
        for mode in [Mode::Bits, Mode::Legacy, Mode::Pairs] {
            let one = run(1, [1, 2], &[50_021, 2], mode, 0);
            for threads in [2, 3, 5] {
                assert!(run(threads, [1, 2], &[50_021, 2], mode, 0) == one, "{mode:?}, {threads} threads");
            }
        }
    }

    #[test]
    fn words_of_jax() {
        use Mode::{Bits, Legacy, Pairs};
        // jax 0.5.3, from tests/goldens/threefry.json: mode, key, words, offset, last word, hash of all. The pairs are
        // those of `split` (of 3 and of 1001 keys), of raw counters, and of `fold_in` (of 1 and of 2^32 - 1).
        for (mode, key, n, offset, last, hash) in [
            (Bits, [0, 42], 1, 0, 0x7d1c_13a2, 0x3dee_2cc5),
            (Bits, [0, 42], 17, 0, 0xb61b_5533, 0x9bc8_5e5d),
            (Bits, [0, 42], 1001, 0, 0xc13b_c9b8, 0x5f64_67f6),
            (Bits, [0, 42], 50000, 0, 0x52e7_0344, 0xfc1f_3cc9),
            (Bits, [0x1319_8a2e, 0x0370_7344], 1, 0, 0x9010_1073, 0x9740_ee86),
            (Bits, [0x1319_8a2e, 0x0370_7344], 17, 0, 0x6927_49d4, 0xa59b_1050),
            (Bits, [0x1319_8a2e, 0x0370_7344], 1001, 0, 0xfb79_8337, 0xd5cd_2bb4),
            (Legacy, [0, 42], 1, 0, 0x6d3e_048f, 0x440d_c847),
            (Legacy, [0, 42], 17, 0, 0x9f02_2287, 0x1ab3_b29f),
            (Legacy, [0, 42], 1001, 0, 0x51d8_493a, 0x3c8a_ba29),
            (Legacy, [0, 42], 50000, 0, 0x615e_87f2, 0x114a_8c71),
            (Legacy, [0x1319_8a2e, 0x0370_7344], 1, 0, 0x4148_5429, 0x1f46_6a4b),
            (Legacy, [0x1319_8a2e, 0x0370_7344], 17, 0, 0x4f39_23fe, 0xb755_230d),
            (Legacy, [0x1319_8a2e, 0x0370_7344], 1001, 0, 0x8ada_e938, 0x9bd9_61fa),
            (Pairs, [0, 42], 6, 0, 0x0f38_d913, 0xbfcf_ba3f),
            (Pairs, [0, 42], 2002, 0, 0x088b_7fbd, 0x0c7e_069e),
            (Legacy, [0, 42], 6, 0, 0x8cdb_9797, 0xf57c_4599),
            (Legacy, [0, 42], 2002, 0, 0x5895_6eb7, 0xe25b_6149),
            (Pairs, [0, 42], 38, 4294967293, 0x53cc_c713, 0x2b54_b165),
            (Pairs, [0, 42], 38, u64::MAX - 4, 0x0db0_60e5, 0xc7d7_3a8e),
            (Pairs, [0, 42], 2, 1, 0xadd0_83f4, 0x4c93_d561),
            (Pairs, [0, 42], 2, 4294967295, 0xe7eb_97ca, 0x6ddf_c5dd),
        ] {
            let shape = if mode == Pairs { [n / 2, 2] } else { [n, 1] };
            for threads in [1, 3] {
                let words = run(threads, key, &shape, mode, offset);
                assert_eq!((words[n - 1], fnv(&words)), (last, hash), "{mode:?} {key:?} {n} {offset}");
            }
        }
    }

    #[test]
    fn a_key_may_be_strided_and_part_of_the_output() {
        let words = [5u32, 0, 0, 3];
        let key = View::of(&words, &[4]).unwrap();
        // SAFETY: elements 0 and 3 are among the four.
        let key = unsafe { key.with_layout(Layout::new(&[2], &[3]).unwrap()) };
        let mut out = [0; 3];
        threefry(&Pool::serial(), ViewMut::of(&mut out, &[3]).unwrap(), key, Mode::Bits, 0).unwrap();
        assert_eq!(out[..], reference::bits([5, 3], 3, 0));

        let mut data = [5u32, 3, 0, 0, 0];
        let base = data.as_mut_ptr().cast::<u8>();
        // SAFETY: the buffer outlives the call, and no reference into it is used meanwhile.
        unsafe {
            let layout = |n| Layout::contiguous(&[n]).unwrap();
            let key = View::within(base, 20, 0, DType::U32, layout(2)).unwrap();
            let out = ViewMut::within(base, 20, 0, DType::U32, layout(5)).unwrap();
            threefry(&Pool::serial(), out, key, Mode::Bits, 0).unwrap();
        }
        assert_eq!(data[..], reference::bits([5, 3], 5, 0));
    }

    #[test]
    fn refusals() {
        let pool = Pool::serial();
        let words = [1u32, 2, 3];
        let floats = [1f32, 2.0];
        let mut out = [0u32; 6];
        let mut run = |key, shape: &[usize], mode, offset| {
            threefry(&pool, ViewMut::of(&mut out[..shape.iter().product()], shape).unwrap(), key, mode, offset)
        };
        let key = View::of(&words[..2], &[2]).unwrap();
        assert_eq!(run(View::of(&floats, &[2]).unwrap(), &[4], Mode::Bits, 0), Err(Fault::DType));
        assert_eq!(run(View::of(&words, &[3]).unwrap(), &[4], Mode::Bits, 0), Err(Fault::Shape));
        assert_eq!(run(View::of(&words[..2], &[1, 2]).unwrap(), &[4], Mode::Bits, 0), Err(Fault::Shape));
        assert_eq!(run(key, &[2, 3], Mode::Pairs, 0), Err(Fault::Shape));
        assert_eq!(run(key, &[], Mode::Pairs, 0), Err(Fault::Shape));
        assert_eq!(run(key, &[4], Mode::Legacy, 1), Err(Fault::Parameter));
        assert_eq!(Mode::from_code(3), Err(Fault::Parameter));
        assert_eq!(out, [0; 6]);
        let mut out = [0u32; 6];
        let view = ViewMut::of(&mut out, &[6]).unwrap();
        // SAFETY: every second element of six.
        let view = unsafe { view.with_layout(Layout::new(&[3], &[2]).unwrap()) };
        assert_eq!(threefry(&pool, view, key, Mode::Bits, 0), Err(Fault::Shape));
        let mut out = [0f32; 2];
        let view = ViewMut::of(&mut out, &[2]).unwrap();
        assert_eq!(threefry(&pool, view, key, Mode::Bits, 0), Err(Fault::DType));
    }
}
