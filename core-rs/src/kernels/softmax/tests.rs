//! Bits against the separate operations, for every dtype, length, layout and way of running.

use super::{WIDTH, reference, softmax, softmax_scratch};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::elementwise::{exp, exp_not_positive, round_bf16, round_f16};
use crate::kernels::reduce::CHUNK;
use crate::lane::{Lane, Scalar};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// A generic float in about [-12, 12].
fn number(state: &mut u64) -> f32 {
    next(state) as f32 / (1u64 << 31) as f32 * 24.0 - 12.0
}

fn rounding(dtype: DType) -> fn(f32) -> f32 {
    match dtype {
        DType::F16 => |x| Scalar::to_array(round_f16::<Scalar>(Scalar::splat(x)))[0],
        DType::BF16 => |x| Scalar::to_array(round_bf16::<Scalar>(Scalar::splat(x)))[0],
        _ => |x| x,
    }
}

/// A rounded f32 as an element. f16 by its definition, for normal and subnormal numbers, infinities and NaN.
fn encode(dtype: DType, x: f32) -> Vec<u8> {
    match dtype {
        DType::F16 if x.is_nan() => 0x7e00u16.to_ne_bytes().to_vec(),
        DType::F16 => {
            let (sign, a) = ((x.to_bits() >> 31 << 15) as u16, x.abs());
            let magnitude = if a.is_infinite() {
                0x7c00
            } else if a < 2f32.powi(-14) {
                (a * 2f32.powi(24)) as u16
            } else {
                ((a.to_bits() - (112 << 23)) >> 13) as u16
            };
            (sign | magnitude).to_ne_bytes().to_vec()
        }
        DType::BF16 => ((x.to_bits() >> 16) as u16).to_ne_bytes().to_vec(),
        _ => x.to_ne_bytes().to_vec(),
    }
}

fn is_nan(dtype: DType, x: &[u8]) -> bool {
    match dtype {
        DType::F16 => u16::from_ne_bytes([x[0], x[1]]) & 0x7fff > 0x7c00,
        DType::BF16 => u16::from_ne_bytes([x[0], x[1]]) & 0x7fff > 0x7f80,
        _ => f32::from_ne_bytes([x[0], x[1], x[2], x[3]]).is_nan(),
    }
}

/// Runs `rows` by `n` numbers through the kernel for input and output strides, and checks the bits.
fn check(dtype: DType, shape: &[usize], x: &[f32], strides: [&[isize]; 2], in_place: bool, pool: &Pool) {
    let round = rounding(dtype);
    let x: Vec<f32> = x.iter().map(|&x| round(x)).collect();
    let n = shape[shape.len() - 1];
    let size = dtype.size() as isize;
    let layouts = strides.map(|strides| Layout::new(shape, strides).unwrap());
    let extents = layouts.map(|layout| layout.extent().unwrap().unwrap_or((0, -1)));
    let mut memory = extents.map(|(low, high)| vec![0u64; ((high - low + 1) * size as i64) as usize / 8 + 1]);
    let at = |operand: usize, flat: usize| {
        let (mut flat, mut at) = (flat, -extents[operand].0 as isize);
        for axis in (0..shape.len()).rev() {
            at += (flat % shape[axis]) as isize * strides[operand][axis];
            flat /= shape[axis];
        }
        (at * size) as usize
    };
    // SAFETY: words are bytes, and any bytes are words.
    let [input, output] = memory
        .each_mut()
        .map(|words| unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), words.len() * 8) });
    for (flat, &x) in x.iter().enumerate() {
        input[at(0, flat)..][..size as usize].copy_from_slice(&encode(dtype, x));
    }
    let start = |operand: usize| (-extents[operand].0 * size as i64) as usize;
    let (base, len) = (input.as_mut_ptr(), input.len());
    // SAFETY: the region is the vector, which no reference is used for while the views live.
    let source = unsafe { View::within(base, len, start(0), dtype, layouts[0]).unwrap() };
    let target = if in_place {
        // SAFETY: as above.
        unsafe { ViewMut::within(base, len, start(0), dtype, layouts[0]).unwrap() }
    } else {
        ViewMut::new(output, start(1), dtype, layouts[1]).unwrap()
    };
    let bytes = softmax_scratch(&target, &source, pool.threads()).unwrap();
    let mut scratch = vec![0u64; bytes.div_ceil(8)];
    // SAFETY: words are bytes, and any bytes are words.
    let scratch = unsafe { core::slice::from_raw_parts_mut(scratch.as_mut_ptr().cast::<u8>(), bytes) };
    softmax(pool, target, source, scratch).unwrap();
    for (row, x) in x.chunks(n.max(1)).enumerate() {
        for (k, &want) in reference::softmax(x, round).iter().enumerate() {
            let operand = usize::from(!in_place);
            let memory = if in_place { &*input } else { &*output };
            let got = &memory[at(operand, row * n + k)..][..size as usize];
            let want = encode(dtype, want);
            assert!(
                got == want || (is_nan(dtype, got) && is_nan(dtype, &want)),
                "{dtype:?} {shape:?} {strides:?} in place {in_place} threads {} row {row} column {k}: \
                     {got:?} not {want:?}",
                pool.threads()
            );
        }
    }
}

#[test]
fn the_exponential_of_numbers_that_are_not_positive_has_the_bits_of_the_general_one() {
    for high in 0..1u32 << 20 {
        let bits = [0, 1, 2, 3].map(|i| 0x8000_0000 | (high << 11 | (high.wrapping_mul(0x9e37) >> 3 & 0x1ff) << 2 | i));
        let x = Scalar::float(bits);
        if x.iter().any(|x| x.is_nan()) {
            continue;
        }
        let (a, b) = (exp_not_positive::<Scalar>(x), exp::<Scalar>(x));
        assert_eq!(Scalar::bits(a), Scalar::bits(b), "{x:?}");
    }
    assert_eq!(exp_not_positive::<Scalar>([0.0, -0.0, -f32::INFINITY, -1e30]), [1.0, 1.0, 0.0, 0.0]);
}

const FLOATS: [DType; 3] = [DType::F32, DType::F16, DType::BF16];

#[test]
fn bits_are_those_of_the_separate_operations_for_any_length_and_strides() {
    let mut state = 1;
    let pools = [1, 2, 3, 5].map(Pool::new);
    for n in [1, 2, 7, 15, 16, 17, 31, 32, 33, 64, 100, 257, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 40] {
        for rows in [1usize, 3, 9, WIDTH - 1, WIDTH + 5] {
            if rows * n > 30_000 {
                continue;
            }
            let x: Vec<f32> = (0..rows * n).map(|_| number(&mut state)).collect();
            let (r, c) = (rows as isize, n as isize);
            for dtype in FLOATS {
                for strides in [[c, 1], [1, r], [c + 3, 1], [2, 2 * r], [-c, -1], [1, -r]] {
                    check(dtype, &[rows, n], &x, [&strides, &[c, 1]], false, &pools[0]);
                    check(dtype, &[rows, n], &x, [&strides, &[c, 1]], false, &pools[2]);
                    check(dtype, &[rows, n], &x, [&strides, &[1, r]], false, &pools[1]);
                    check(dtype, &[rows, n], &x, [&strides, &strides], true, &pools[3]);
                }
            }
        }
    }
}

#[test]
fn many_axes_are_rows_each() {
    let mut state = 2;
    let x: Vec<f32> = (0..3 * 4 * 5 * 6).map(|_| number(&mut state)).collect();
    for dtype in FLOATS {
        check(dtype, &[3, 4, 5, 6], &x, [&[120, 30, 6, 1], &[6, 18, 72, 1]], false, &Pool::new(2));
        check(dtype, &[3, 4, 5, 6], &x, [&[1, 3, 12, 60], &[20, 5, 1, 60]], false, &Pool::new(3));
        check(dtype, &[6], &x[..6], [&[1], &[-2]], false, &Pool::serial());
    }
}

#[test]
fn rows_of_every_range_have_the_bits_of_the_separate_operations_whatever_row_goes_before() {
    let mut state = 3;
    let spans =
        [(-12.0, 12.0), (-50.0, 36.0), (-50.0, 36.1), (-86.0, 0.0), (-200.0, -100.0), (-1e30, 1e30), (300.0, 390.0)];
    let specials = [None, Some(f32::NAN), Some(-f32::NAN), Some(f32::INFINITY), Some(f32::NEG_INFINITY), Some(-0.0)];
    for n in [1, 3, 4, 5, 16, 19, 37, 64, 130] {
        let rows = spans.len() * specials.len() * 3;
        let mut x = vec![0.0; rows * n];
        for row in x.chunks_mut(n) {
            let (low, high) = spans[next(&mut state) as usize % spans.len()];
            row.fill_with(|| low + (high - low) * (number(&mut state) / 24.0 + 0.5));
            let places = [next(&mut state), next(&mut state), next(&mut state)].map(|place| place as usize % n);
            (row[places[0]], row[places[1]]) = (low, high);
            if let Some(special) = specials[next(&mut state) as usize % specials.len()] {
                row[places[2]] = special;
            }
        }
        for in_place in [false, true] {
            for pool in [Pool::new(1), Pool::new(2)] {
                check(DType::F32, &[rows, n], &x, [&[n as isize, 1]; 2], in_place, &pool);
            }
        }
    }
}

#[test]
fn infinities_and_nan_are_as_in_jax() {
    const INF: f32 = f32::INFINITY;
    let rows: [[f32; 5]; 5] = [
        [1.0, -INF, 2.0, -INF, 3.0],
        [-INF; 5],
        [1.0, INF, 2.0, 3.0, 4.0],
        [1.0, f32::NAN, 2.0, 3.0, 4.0],
        [-1e30, 1e30, 0.0, 5.0, -200.0],
    ];
    let x: Vec<f32> = rows.concat();
    for dtype in FLOATS {
        check(dtype, &[5, 5], &x, [&[5, 1], &[5, 1]], false, &Pool::serial());
        let wide: Vec<f32> = (0..16 * 5).map(|i| rows[i / 16][i % 5]).collect();
        check(dtype, &[16, 5], &wide, [&[1, 16], &[1, 16]], false, &Pool::serial());
    }
    let mut y = [9f32; 25];
    let (input, shape) = (View::of(&x, &[5, 5]).unwrap(), [5, 5]);
    softmax(&Pool::serial(), ViewMut::of(&mut y, &shape).unwrap(), input, &mut []).unwrap();
    assert_eq!((y[1], y[3]), (0.0, 0.0));
    assert!((y[0] + y[2] + y[4] - 1.0).abs() < 1e-6 && (y[4] - 0.665_240_9).abs() < 1e-6);
    assert!(y[5..20].iter().all(|y| y.is_nan()));
    assert_eq!(y[20..], [0.0, 1.0, 0.0, 0.0, 0.0]);
}

#[test]
fn nothing_is_valid_and_bad_operands_are_refused() {
    let pool = Pool::serial();
    for shape in [[0, 3], [3, 0]] {
        let mut y: [f32; 0] = [];
        let input = View::of::<f32>(&[], &shape).unwrap();
        assert_eq!(softmax(&pool, ViewMut::of(&mut y, &shape).unwrap(), input, &mut []), Ok(()));
    }
    let x = [0f32; 8];
    let mut y = [0f32; 8];
    let mut halves = [0u16; 8];
    let input = |shape: &[usize]| View::of(&x, shape).unwrap();
    assert_eq!(softmax(&pool, ViewMut::of(&mut y, &[8]).unwrap(), input(&[2, 4]), &mut []), Err(Fault::Shape));
    assert_eq!(
        softmax(&pool, ViewMut::of(&mut y[..1], &[]).unwrap(), View::of(&x[..1], &[]).unwrap(), &mut []),
        Err(Fault::Rank)
    );
    assert_eq!(softmax(&pool, ViewMut::of(&mut halves, &[8]).unwrap(), input(&[8]), &mut []), Err(Fault::DType));
    let far = Layout::new(&[4, 2], &[1, 4]).unwrap();
    let bytes = x.map(f32::to_ne_bytes).concat();
    let mut aligned = [0u32; 8];
    // SAFETY: the region is the array.
    let strided = unsafe { View::within(aligned.as_mut_ptr().cast(), bytes.len(), 0, DType::F32, far).unwrap() };
    assert_eq!(softmax(&pool, ViewMut::of(&mut y, &[4, 2]).unwrap(), strided, &mut []), Err(Fault::Memory));
}
