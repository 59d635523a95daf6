//! Random bits against the reference's, and JAX's.

use super::*;
use crate::view::{Element, Layout};

/// As [`run`], of an output with this type of elements.
fn run_short<T: Element + Default>(threads: usize, key: [u32; 2], n: usize, mode: Mode, offset: u64) -> Vec<T> {
    let mut out = vec![T::default(); n];
    let key = View::of(&key, &[2]).unwrap();
    threefry(&Pool::new(threads), ViewMut::of(&mut out, &[n]).unwrap(), key, mode, offset).unwrap();
    out
}

fn run(threads: usize, key: [u32; 2], shape: &[usize], mode: Mode, offset: u64) -> Vec<u32> {
    let mut out = vec![0xAAAA_AAAAu32; shape.iter().product()];
    let key = View::of(&key, &[2]).unwrap();
    threefry(&Pool::new(threads), ViewMut::of(&mut out, shape).unwrap(), key, mode, offset).unwrap();
    out
}

/// FNV-1a over the words' bytes in little-endian order, as in the golden file.
fn fnv(words: &[u32]) -> u32 {
    words.iter().flat_map(|w| w.to_le_bytes()).fold(0x811C_9DC5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
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
fn shorter_words_are_parts_of_whole_ones() {
    let key = [0x1234_5678, 0x9abc_def0];
    for n in (0..140).chain([TASK - 1, 4 * TASK, 8 * TASK + 1, 8 * TASK + 2, 8 * TASK + 3, 8 * TASK + 4]) {
        for threads in if n < 140 { &[1][..] } else { &[1, 2, 3, 5] } {
            for offset in [0, 7, (1 << 32) - 5, u64::MAX - 2] {
                let words = reference::bits(key, n, offset);
                let bytes: Vec<u8> = words.iter().map(|&w| w as u8).collect();
                let shorts: Vec<u16> = words.iter().map(|&w| w as u16).collect();
                assert!(run_short::<u8>(*threads, key, n, Mode::Bits, offset) == bytes, "bits, {n}, {offset}");
                assert!(run_short::<u16>(*threads, key, n, Mode::Bits, offset) == shorts, "bits, {n}, {offset}");
            }
            let bytes: Vec<u8> =
                reference::legacy(key, n.div_ceil(4)).iter().flat_map(|w| w.to_le_bytes()).take(n).collect();
            let shorts: Vec<u16> = reference::legacy(key, n.div_ceil(2))
                .iter()
                .flat_map(|&w| [w as u16, (w >> 16) as u16])
                .take(n)
                .collect();
            assert!(run_short::<u8>(*threads, key, n, Mode::Legacy, 0) == bytes, "legacy, {n}");
            assert!(run_short::<u16>(*threads, key, n, Mode::Legacy, 0) == shorts, "legacy, {n}");
        }
    }
}

#[test]
fn an_output_may_start_anywhere() {
    let key = [3, 4];
    let mut data = [0u8; 40];
    for n in [1, 2, 3, 5, 30, 37] {
        for mode in [Mode::Bits, Mode::Legacy] {
            for start in 0..4 {
                data.fill(0xAA);
                let out = &mut data[start..start + n.min(40 - start)];
                let n = out.len();
                let output = ViewMut::of(out, &[n]).unwrap();
                threefry(&Pool::serial(), output, View::of(&key, &[2]).unwrap(), mode, 0).unwrap();
                assert_eq!(data[start..start + n], run_short::<u8>(1, key, n, mode, 0));
                assert!(data[..start].iter().chain(&data[start + n..]).all(|&byte| byte == 0xAA));
            }
        }
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
    let mut out = [0u8; 2];
    let view = ViewMut::of(&mut out, &[2]).unwrap();
    assert_eq!(threefry(&pool, view, key, Mode::Pairs, 0), Err(Fault::DType));
    let mut out = [0i8; 2];
    let view = ViewMut::of(&mut out, &[2]).unwrap();
    assert_eq!(threefry(&pool, view, key, Mode::Bits, 0), Err(Fault::DType));
}
