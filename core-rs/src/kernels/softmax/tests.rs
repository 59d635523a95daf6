//! Bits against the separate operations, for every dtype, length, layout and way of running.

use super::{Kind, WIDTH, reference, softmax_scratch};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::elementwise::{exp, exp_not_positive};
use crate::kernels::reduce::CHUNK;
use crate::kernels::rowwise::testing::{FLOATS, Memory, next, number, rounding, with_scratch};
use crate::lane::{Lane, Scalar};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

fn softmax(pool: &Pool, output: ViewMut, input: View, scratch: &mut [u8]) -> Result<(), Fault> {
    super::softmax(pool, Kind::Softmax, output, input, scratch)
}

/// Runs rows of numbers through every kind for input and output strides, and checks the bits.
fn check(dtype: DType, shape: &[usize], x: &[f32], strides: [&[isize]; 2], in_place: bool, pool: &Pool) {
    let round = rounding(dtype);
    let x: Vec<f32> = x.iter().map(|&x| round(x)).collect();
    let last = shape.len() - 1;
    for kind in Kind::ALL {
        let axes = if kind == Kind::LogSumExp { last } else { last + 1 };
        let mut input = Memory::of(dtype, shape, strides[0], &x);
        let mut output = Memory::new(dtype, &shape[..axes], &strides[1][..axes]);
        let in_place = in_place && kind != Kind::LogSumExp;
        let (target, source) = if in_place { input.views() } else { (output.view_mut(), input.view()) };
        with_scratch(softmax_scratch(kind, &target, &source, pool.threads()).unwrap(), |scratch| {
            super::softmax(pool, kind, target, source, scratch).unwrap();
        });
        let got = if in_place { &input } else { &output };
        let want = x.chunks(shape[last].max(1)).flat_map(|x| reference::softmax(kind, x, round));
        for (flat, want) in want.enumerate() {
            assert!(
                got.is(flat, want),
                "{kind:?} {dtype:?} {shape:?} {strides:?} in place {in_place} threads {}: element {flat} is not {want}",
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
    let refused = |kind, shape: &[usize], of: &[usize]| {
        let mut y = vec![0f32; shape.iter().product()];
        let x = vec![0f32; of.iter().product()];
        let (output, input) = (ViewMut::of(&mut y, shape).unwrap(), View::of(&x, of).unwrap());
        super::softmax(&pool, kind, output, input, &mut [])
    };
    assert_eq!(refused(Kind::LogSumExp, &[2, 4], &[2, 4]), Err(Fault::Shape));
    assert_eq!(refused(Kind::LogSoftmax, &[2], &[2, 4]), Err(Fault::Shape));
    assert_eq!(refused(Kind::LogSumExp, &[], &[]), Err(Fault::Rank));
    assert_eq!(refused(Kind::LogSumExp, &[], &[4]), Ok(()));
    let mut same = Memory::new(DType::F32, &[4], &[1]);
    let (output, input) = same.views();
    // SAFETY: the first element alone.
    let output = unsafe { output.with_layout(Layout::SCALAR) };
    assert_eq!(super::softmax(&pool, Kind::LogSumExp, output, input, &mut []), Err(Fault::Overlap));
    for (code, kind) in Kind::ALL.into_iter().enumerate() {
        assert_eq!(Kind::from_code(code as u32), Ok(kind));
    }
    assert_eq!(Kind::from_code(3), Err(Fault::Parameter));
}

#[test]
fn the_log_sum_exp_of_nothing_and_beside_infinities_is_as_in_jax() {
    const INF: f32 = f32::INFINITY;
    let pool = Pool::serial();
    for dtype in FLOATS {
        let mut output = Memory::of(dtype, &[3], &[1], &[7.0; 3]);
        let input = Memory::new(dtype, &[3, 0], &[1, 1]);
        super::softmax(&pool, Kind::LogSumExp, output.view_mut(), input.view(), &mut []).unwrap();
        assert!((0..3).all(|row| output.is(row, -INF)));
    }
    let x = [[INF, 1.0, -INF], [-INF, -INF, -INF], [f32::NAN, INF, 1.0], [0.0, -INF, -INF]].concat();
    let mut y = [9f32; 4];
    let (output, input) = (ViewMut::of(&mut y, &[4]).unwrap(), View::of(&x, &[4, 3]).unwrap());
    super::softmax(&pool, Kind::LogSumExp, output, input, &mut []).unwrap();
    assert!(y[0] == INF && y[1] == -INF && y[2].is_nan() && y[3] == 0.0, "{y:?}");
}
