//! Bits against the order that the family's head states, for every dtype, length, layout and way of running.

use super::{CHUNK, Kind, SPAN, WIDTH, reference, scan, scan_scratch};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::copy::tests::{Random, room, transposed};
use crate::kernels::elementwise::{round_bf16, round_f16};
use crate::lane::{Lane, Scalar};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

const NUMBERS: [DType; 9] =
    [DType::F32, DType::F16, DType::BF16, DType::I8, DType::I16, DType::I32, DType::U8, DType::U16, DType::U32];

/// The number that an element's bits (in the low bytes) are.
fn decode(dtype: DType, bits: u32) -> f64 {
    match dtype {
        DType::F32 => f64::from(f32::from_bits(bits)),
        DType::BF16 => f64::from(f32::from_bits(bits << 16)),
        DType::F16 => {
            let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
            let (exponent, mantissa) = ((bits >> 10 & 31) as i32, f64::from(bits & 1023));
            sign * match exponent {
                0 => mantissa * 2f64.powi(-24),
                31 if mantissa > 0.0 => f64::NAN,
                31 => f64::INFINITY,
                _ => (1024.0 + mantissa) * 2f64.powi(exponent - 25),
            }
        }
        DType::I8 => f64::from(bits as i8),
        DType::I16 => f64::from(bits as i16),
        DType::I32 => f64::from(bits as i32),
        _ => f64::from(bits),
    }
}

/// The bits of the element that a register is stored to.
fn encode(dtype: DType, x: f32) -> u32 {
    let lanes = match dtype {
        DType::F16 => round_f16::<Scalar>(Scalar::splat(x)),
        DType::BF16 => round_bf16::<Scalar>(Scalar::splat(x)),
        _ => return x.to_bits(),
    };
    let x = Scalar::to_array(lanes)[0];
    if dtype == DType::BF16 {
        return x.to_bits() >> 16;
    }
    // All finite f16 in order of magnitude; a test's numbers are few.
    let sign = x.to_bits() >> 31 << 15;
    let a = x.abs();
    let magnitude = if a.is_nan() {
        0x7e00
    } else if a.is_infinite() {
        0x7c00
    } else if a < 2f32.powi(-14) {
        (a * 2f32.powi(24)) as u32
    } else {
        (a.to_bits() - (112 << 23)) >> 13
    };
    sign | magnitude
}

fn is_nan(dtype: DType, bits: u32) -> bool {
    dtype.is_float() && decode(dtype, bits).is_nan()
}

/// What the scan of a row of bits is, in bits.
fn expected(kind: Kind, reversed: bool, dtype: DType, row: &[u32]) -> Vec<u32> {
    let turned = |mut row: Vec<u32>| {
        if reversed {
            row.reverse();
        }
        row
    };
    let row = turned(row.to_vec());
    let mask = if dtype.size() == 4 { u32::MAX } else { (1 << (8 * dtype.size())) - 1 };
    turned(if dtype.is_float() {
        let x: Vec<f32> = row.iter().map(|&bits| decode(dtype, bits) as f32).collect();
        reference::floats(kind, &x).into_iter().map(|y| encode(dtype, y)).collect()
    } else {
        let x: Vec<i64> = row.iter().map(|&bits| decode(dtype, bits) as i64).collect();
        reference::integers(kind, &x).into_iter().map(|y| y as u32 & mask).collect()
    })
}

fn element(bytes: &[u8], at: usize, size: usize) -> u32 {
    let mut word = [0; 4];
    word[..size].copy_from_slice(&bytes[at..at + size]);
    u32::from_le_bytes(word)
}

/// Scans random elements (`bits` makes one) between layouts; bytes around the output must not change.
fn check(
    kind: Kind,
    reversed: bool,
    dtype: DType,
    layouts: [Layout; 2],
    in_place: bool,
    pool: &Pool,
    mut bits: impl FnMut() -> u32,
) {
    let [from, to] = layouts;
    let size = dtype.size();
    let ((len, start), (out_len, out_start)) = (room(&from, dtype), room(&to, dtype));
    let mut words = vec![0u32; len / 4 + 2];
    // SAFETY: words are bytes, and any bytes are words.
    let bytes = unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), words.len() * 4) };
    for element in bytes[..len].chunks_exact_mut(size) {
        element.copy_from_slice(&bits().to_le_bytes()[..size]);
    }
    let before = bytes.to_vec();
    let mut out_words = vec![0xa5a5_a5a5u32; out_len / 4 + 2];
    // SAFETY: as above.
    let out = unsafe { core::slice::from_raw_parts_mut(out_words.as_mut_ptr().cast::<u8>(), out_words.len() * 4) };
    let (base, total) = (bytes.as_mut_ptr(), bytes.len());
    // SAFETY: the region is the vector, which no reference is used for while the views live.
    let (input, output) = unsafe {
        let input = View::within(base, total, start, dtype, from).unwrap();
        let output = if in_place {
            ViewMut::within(base, total, start, dtype, from).unwrap()
        } else {
            ViewMut::new(out, out_start, dtype, to).unwrap()
        };
        (input, output)
    };
    let needed = scan_scratch(&output, &input, reversed, pool.threads()).unwrap();
    let mut scratch = vec![0u32; needed / 4];
    // SAFETY: words are bytes.
    let scratch = unsafe { core::slice::from_raw_parts_mut(scratch.as_mut_ptr().cast::<u8>(), needed) };
    scan(pool, kind, reversed, output, input, scratch).unwrap();
    let (memory, target, origin): (&[u8], Layout, usize) =
        if in_place { (bytes, from, start) } else { (out, to, out_start) };
    let n = *from.shape().last().unwrap();
    let rows = from.len().checked_div(n).unwrap_or(0);
    let place = |layout: &Layout, mut flat: usize| {
        let mut at = 0isize;
        for axis in (0..layout.rank).rev() {
            at += (flat % layout.shape[axis]) as isize * layout.strides[axis];
            flat /= layout.shape[axis];
        }
        at * size as isize
    };
    for row in 0..rows {
        let at = |k: usize| (start as isize + place(&from, row * n + k)) as usize;
        let x: Vec<u32> = (0..n).map(|k| element(&before, at(k), size)).collect();
        for (k, want) in expected(kind, reversed, dtype, &x).into_iter().enumerate() {
            let got = element(memory, (origin as isize + place(&target, row * n + k)) as usize, size);
            assert!(
                got == want || is_nan(dtype, got) && is_nan(dtype, want),
                "{kind:?} reversed {reversed} {dtype:?} {layouts:?} in place {in_place} {} threads row {row} element \
                 {k}: {got:x} not {want:x}",
                pool.threads()
            );
        }
    }
}

/// Bits of ordinary numbers: floats from -2 to 2 (products near 1 for long), any integers.
fn ordinary(dtype: DType, random: &mut Random) -> u32 {
    let x = random.next() as f32 / (1u64 << 31) as f32 * 4.0 - 2.0;
    if dtype.is_float() { encode(dtype, x) } else { random.next() << 1 | random.next() & 1 }
}

fn layout(shape: &[usize]) -> Layout {
    Layout::contiguous(shape).unwrap()
}

#[test]
fn rows_of_every_length_and_dtype() {
    let mut random = Random(1);
    let pool = Pool::serial();
    for n in (1..20).chain([63, 64, 65, CHUNK - 1, CHUNK, CHUNK + 1, 8 * CHUNK - 1, 8 * CHUNK + 1, 5000]) {
        for dtype in NUMBERS {
            for kind in Kind::ALL {
                for reversed in [false, true] {
                    let a = layout(&[2, n]);
                    check(kind, reversed, dtype, [a, a], false, &pool, || ordinary(dtype, &mut random));
                    check(kind, reversed, dtype, [a, a], true, &pool, || ordinary(dtype, &mut random));
                }
            }
        }
    }
}

#[test]
fn columns_of_every_dtype() {
    let mut random = Random(2);
    let pool = Pool::new(2);
    for (rows, n) in [(8, 2), (9, 3), (13, 4), (WIDTH, 5), (WIDTH + 1, 6), (2 * WIDTH + 3, 7), (21, CHUNK + 9)] {
        for dtype in NUMBERS {
            for kind in Kind::ALL {
                for reversed in [false, true] {
                    let a = transposed(&[rows, n], &[1, 0]);
                    check(kind, reversed, dtype, [a, a], false, &pool, || ordinary(dtype, &mut random));
                    check(kind, reversed, dtype, [a, a], true, &pool, || ordinary(dtype, &mut random));
                    check(kind, reversed, dtype, [a, layout(&[rows, n])], false, &pool, || {
                        ordinary(dtype, &mut random)
                    });
                }
            }
        }
    }
}

#[test]
fn any_strides_and_threads() {
    let mut random = Random(3);
    let pools = [1, 2, 3, 5].map(Pool::new);
    for case in 0..400 {
        let rank = 1 + random.below(4);
        let most = [3, 9, 40][random.below(3)];
        let shape: Vec<usize> = (0..rank).map(|_| 1 + random.below(most)).collect();
        if shape.iter().product::<usize>() > 100_000 {
            continue;
        }
        let mut pick = |input: bool| {
            let mut order: Vec<usize> = (0..rank).collect();
            for i in (1..rank).rev() {
                order.swap(i, random.below(i + 1));
            }
            let gap = [1, 1, 2][random.below(3)];
            let fresh = transposed(&shape, &order);
            let strides: Vec<isize> = fresh
                .strides()
                .iter()
                .map(|&stride| match random.below(8) {
                    0 => -stride * gap,
                    1 if input => 0,
                    _ => stride * gap,
                })
                .collect();
            Layout::new(&shape, &strides).unwrap()
        };
        let layouts = [pick(true), pick(false)];
        let (dtype, kind) = (NUMBERS[random.below(9)], Kind::ALL[random.below(4)]);
        check(kind, case % 2 == 0, dtype, layouts, false, &pools[case % 4], || ordinary(dtype, &mut random));
    }
}

#[test]
fn long_rows_are_shared() {
    let pools = [1, 2, 3, 5].map(Pool::new);
    for (rows, n) in [(1, 2 * SPAN), (1, 2 * SPAN + 1), (3, 2 * SPAN + 777), (1, 5 * SPAN - 1)] {
        for (dtype, kind) in [
            (DType::F32, Kind::Sum),
            (DType::F32, Kind::Prod),
            (DType::F32, Kind::Max),
            (DType::BF16, Kind::Sum),
            (DType::I32, Kind::Min),
            (DType::I8, Kind::Sum),
        ] {
            for pool in &pools {
                for (reversed, layouts) in
                    [(false, [layout(&[rows, n]); 2]), (true, [layout(&[rows, n]), layout(&[rows, n])])]
                {
                    let mut random = Random(n as u64);
                    let in_place = reversed && rows == 3;
                    check(kind, reversed, dtype, layouts, in_place, pool, || ordinary(dtype, &mut random));
                }
            }
        }
    }
}

#[test]
fn special_values() {
    let edges = [0.0, -0.0, f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1.0, -1.0, 1e-40, 3e38, -3e38];
    let mut random = Random(4);
    for n in [1, 2, 3, 4, 5, 7, 17, 40, 300] {
        for kind in Kind::ALL {
            for dtype in [DType::F32, DType::F16, DType::BF16] {
                for (zeros, turns) in [(true, 5), (false, 5)] {
                    for _ in 0..turns {
                        // NaN seldom, so that what stands before it is seen.
                        let mut one = || match random.below(if zeros { 2 } else { 30 }) {
                            i @ 0..11 => encode(dtype, edges[i]),
                            _ => encode(dtype, edges[[0, 1, 6, 7][random.below(4)]]),
                        };
                        for layouts in [[layout(&[9, n]); 2], [transposed(&[9, n], &[1, 0]); 2]] {
                            check(kind, n % 2 == 0, dtype, layouts, false, &Pool::serial(), &mut one);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_sum_begins_with_positive_zero() {
    let mut y = [1f32; 2];
    let x = [-0f32; 2];
    let run = |kind, y: &mut [f32]| {
        let (y, x) = (ViewMut::of(y, &[2]).unwrap(), View::of(&x, &[2]).unwrap());
        scan(&Pool::serial(), kind, false, y, x, &mut []).unwrap();
    };
    run(Kind::Sum, &mut y);
    assert_eq!(y.map(f32::to_bits), [0, 0]);
    run(Kind::Prod, &mut y);
    assert_eq!(y.map(f32::to_bits), [1 << 31, 0]);
    run(Kind::Max, &mut y);
    assert_eq!(y.map(f32::to_bits), [1 << 31; 2]);
}

#[test]
fn a_long_sum_is_as_accurate_as_a_short_one() {
    let n = 1 << 20;
    let mut random = Random(5);
    let x: Vec<f32> = (0..n).map(|_| random.next() as f32 / (1u64 << 31) as f32).collect();
    let mut y = vec![0f32; n];
    scan(&Pool::serial(), Kind::Sum, false, ViewMut::of(&mut y, &[n]).unwrap(), View::of(&x, &[n]).unwrap(), &mut [])
        .unwrap();
    let (mut exact, mut worst) = (0f64, 0f64);
    for (x, y) in x.iter().zip(&y) {
        exact += f64::from(*x);
        // The base and the result are rounded at their own size, all else at that of a chunk's sum (128 here), where
        // the errors that earlier chunks handed on average out.
        worst = worst.max((f64::from(*y) - exact).abs() / (2.0 * exact + 67.0 * 128.0));
    }
    assert!(worst <= 2f64.powi(-24), "{} roundings", worst * 2f64.powi(24));
}

#[test]
fn nothing_is_valid_and_bad_operands_are_refused() {
    let pool = Pool::serial();
    for shape in [[0, 3], [3, 0]] {
        let mut y: [f32; 0] = [];
        let input = View::of::<f32>(&[], &shape).unwrap();
        assert_eq!(scan(&pool, Kind::Sum, true, ViewMut::of(&mut y, &shape).unwrap(), input, &mut []), Ok(()));
    }
    let x = [0f32; 8];
    let mut y = [0f32; 8];
    let mut words = [0u32; 8];
    let input = View::of(&x, &[8]).unwrap();
    let mut run = |shape: &[usize], input| {
        let n = shape.iter().product();
        scan(&pool, Kind::Sum, false, ViewMut::of(&mut y[..n], shape).unwrap(), input, &mut [])
    };
    assert_eq!(run(&[2, 4], input), Err(Fault::Shape));
    assert_eq!(run(&[], View::of(&x[..1], &[]).unwrap()), Err(Fault::Rank));
    assert_eq!(
        scan(&pool, Kind::Sum, false, ViewMut::of(&mut words, &[8]).unwrap(), input, &mut []),
        Err(Fault::DType)
    );
    let bits = [0u8; 8];
    let mut out = [0u8; 8];
    let bools = View::new(&bits, 0, DType::Bool, layout(&[8])).unwrap();
    let out = ViewMut::new(&mut out, 0, DType::Bool, layout(&[8])).unwrap();
    assert_eq!(scan(&pool, Kind::Max, false, out, bools, &mut []), Err(Fault::DType));
    let base = words.as_mut_ptr().cast::<u8>();
    // SAFETY: the region is the array.
    let (input, output) = unsafe {
        let input = View::within(base, 32, 0, DType::U32, layout(&[7])).unwrap();
        (input, ViewMut::within(base, 32, 4, DType::U32, layout(&[7])).unwrap())
    };
    assert_eq!(scan(&pool, Kind::Max, false, output, input, &mut []), Err(Fault::Overlap));
    let long = vec![0f32; 2 * SPAN];
    let mut out = vec![0f32; 2 * SPAN];
    let (input, output) = (View::of(&long, &[2 * SPAN]).unwrap(), ViewMut::of(&mut out, &[2 * SPAN]).unwrap());
    let pool = Pool::new(2);
    // Without threads a row needs no scratch.
    let expected = if pool.threads() == 2 { Err(Fault::Memory) } else { Ok(()) };
    assert_eq!(scan(&pool, Kind::Sum, false, output, input, &mut []), expected);
    assert_eq!(Kind::from_code(4), Err(Fault::Parameter));
}
