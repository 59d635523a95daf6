//! Bits against the separate operations, for every kind, dtype, length, layout and way of running.

use super::{Kind, Normalization, WIDTH, normalize, normalize_scratch, reference};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::reduce::CHUNK;
use crate::kernels::rowwise::testing::{FLOATS, Memory, next, number, rounding, with_scratch};
use crate::pool::Pool;
use crate::view::{View, ViewMut};

/// How one call is made.
struct Call<'a> {
    dtype: DType,
    shape: &'a [usize],
    strides: [&'a [isize]; 2],
    in_place: bool,
    /// The strides of scale and bias.
    vectors: [Option<isize>; 2],
    epsilon: f32,
    pool: &'a Pool,
}

impl Call<'_> {
    /// Runs rows of numbers through every kind, and checks the bits.
    fn check(&self, x: &[f32]) {
        let &Call { dtype, shape, strides, vectors, epsilon, pool, .. } = self;
        let round = rounding(dtype);
        let n = shape[shape.len() - 1];
        let x: Vec<f32> = x.iter().map(|&x| round(x)).collect();
        let mut state = 77;
        let numbers = vectors.map(|stride| {
            let first = round(number(&mut state));
            (0..n).map(|_| if stride == Some(0) { first } else { round(number(&mut state)) }).collect::<Vec<f32>>()
        });
        let given = [0, 1].map(|i| vectors[i].map(|_| numbers[i].as_slice()));
        let memory = [0, 1].map(|i| vectors[i].map(|stride| Memory::of(dtype, &[n], &[stride], &numbers[i])));
        for kind in Kind::ALL {
            let mut input = Memory::of(dtype, shape, strides[0], &x);
            let mut output = Memory::new(dtype, shape, strides[1]);
            let (target, source) = if self.in_place { input.views() } else { (output.view_mut(), input.view()) };
            let [scale, bias] = memory.each_ref().map(|vector| vector.as_ref().map(Memory::view));
            let what = Normalization { kind, scale, bias, epsilon };
            with_scratch(normalize_scratch(&what, &target, &source, pool.threads()).unwrap(), |scratch| {
                normalize(pool, &what, target, source, scratch).unwrap();
            });
            let got = if self.in_place { &input } else { &output };
            let want = x.chunks(n.max(1)).flat_map(|x| reference::normalize(kind, x, given, epsilon, round));
            for (flat, want) in want.enumerate() {
                assert!(
                    got.is(flat, want),
                    "{kind:?} {dtype:?} {shape:?} {strides:?} {vectors:?} in place {} threads {}: element {flat} is not {want}",
                    self.in_place,
                    pool.threads()
                );
            }
        }
    }
}

#[test]
fn bits_are_those_of_the_separate_operations_for_any_length_strides_and_vectors() {
    let mut state = 1;
    let pools = [1, 2, 3, 5].map(Pool::new);
    let choices = [
        [None, None],
        [Some(1), None],
        [None, Some(1)],
        [Some(1), Some(1)],
        [Some(-2), Some(1)],
        [Some(0), Some(3)],
        [Some(1), Some(0)],
    ];
    for n in [1, 2, 3, 4, 15, 16, 17, 31, 32, 33, 64, 100, 257, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 40] {
        for rows in [1usize, 3, WIDTH - 1, WIDTH + 6] {
            if rows * n > 30_000 {
                continue;
            }
            let x: Vec<f32> = (0..rows * n).map(|_| number(&mut state)).collect();
            let (r, c) = (rows as isize, n as isize);
            for dtype in FLOATS {
                for strides in [[c, 1], [1, r], [c + 3, 1], [2, 2 * r], [-c, -1]] {
                    for (turn, to) in [[c, 1], [1, r], strides].into_iter().enumerate() {
                        let draw = next(&mut state) as usize;
                        let call = Call {
                            dtype,
                            shape: &[rows, n],
                            strides: [&strides, &to],
                            in_place: turn == 2,
                            vectors: choices[draw % choices.len()],
                            epsilon: [1e-6, 0.0, 1e-5, 2.0][draw / 16 % 4],
                            pool: &pools[draw / 256 % 4],
                        };
                        call.check(&x);
                    }
                }
            }
        }
    }
}

#[test]
fn many_axes_are_rows_each() {
    let mut state = 2;
    let x: Vec<f32> = (0..3 * 4 * 5 * 6).map(|_| number(&mut state)).collect();
    let pool = Pool::new(2);
    for dtype in FLOATS {
        for strides in [[&[120isize, 30, 6, 1], &[6, 18, 72, 1]], [&[1, 3, 12, 60], &[20, 5, 1, 60]]] {
            let strides = strides.map(|strides| strides.as_slice());
            let (shape, vectors) = (&[3, 4, 5, 6][..], [Some(1), Some(1)]);
            Call { dtype, shape, strides, in_place: false, vectors, epsilon: 1e-6, pool: &pool }.check(&x);
        }
    }
}

#[test]
fn special_values_are_those_of_the_operations() {
    const INF: f32 = f32::INFINITY;
    let rows: [[f32; 5]; 9] = [
        [0.0, -0.0, 0.0, 0.0, -0.0],
        [3.0; 5],
        [10001.0, 10000.0, 9999.0, 10000.0, 10000.0],
        [1.0, INF, 2.0, 3.0, 4.0],
        [1.0, f32::NAN, 2.0, 3.0, 4.0],
        [-INF, INF, 0.0, 5.0, -200.0],
        [1e30, -1e30, 1e20, 0.0, 1.0],
        [1e-30, -1e-30, 1e-40, 0.0, -0.0],
        [300.0, 400.0, 300.0, 400.0, 300.0],
    ];
    let pool = Pool::serial();
    for dtype in FLOATS {
        for vectors in [[None, None], [Some(1), Some(1)]] {
            for epsilon in [1e-6, 0.0, INF, f32::NAN, -1.0] {
                let strides = [&[5isize, 1][..]; 2];
                Call { dtype, shape: &[9, 5], strides, in_place: false, vectors, epsilon, pool: &pool }
                    .check(&rows.concat());
            }
        }
    }
}

#[test]
fn values_are_those_of_the_specification() {
    fn run(kind: Kind, x: &[f32]) -> Vec<f32> {
        let mut y = vec![0.0; x.len()];
        let (output, input) = (ViewMut::of(&mut y, &[x.len()]).unwrap(), View::of(x, &[x.len()]).unwrap());
        let what = Normalization { kind, scale: None, bias: None, epsilon: 1e-6 };
        normalize(&Pool::serial(), &what, output, input, &mut []).unwrap();
        y
    }
    let near = |x: &[f32], y: &[f32]| x.iter().zip(y).all(|(x, y)| (x - y).abs() <= 1e-6 * y.abs().max(1.0));
    assert!(near(&run(Kind::Layer, &[1.0, 2.0, 3.0, 4.0]), &[-1.341_640_4, -0.447_213_4, 0.447_213_4, 1.341_640_4]));
    assert!(near(&run(Kind::Rms, &[1.0, 2.0, 3.0, 4.0]), &[0.365_148_4, 0.730_296_7, 1.095_445, 1.460_593_5]));
    assert!(near(&run(Kind::Rms, &[3.0, -4.0, 0.0, 12.0]), &[0.461_538, -0.615_385, 0.0, 1.846_154]));
    assert_eq!(run(Kind::Layer, &[7.0; 6]), [0.0; 6]);
    // The mean square less the square of the mean, as it is: two passes would give another variance.
    assert!(near(&run(Kind::Layer, &[10001.0, 10000.0, 9999.0]), &[1000.0, 0.0, -1000.0]));
}

#[test]
fn nothing_is_valid_and_bad_operands_are_refused() {
    let pool = Pool::serial();
    let plain = Normalization { kind: Kind::Rms, scale: None, bias: None, epsilon: 1e-6 };
    let [x, short, wide] = [[8], [4], [8]].map(|shape| Memory::new(DType::F32, &shape, &[1]));
    let halves = Memory::new(DType::F16, &[8], &[1]);
    let run = |what: &Normalization, input: &Memory, dtype: DType, shape: &[usize]| {
        let mut y = Memory::new(dtype, shape, &vec![1; shape.len()]);
        normalize(&pool, what, y.view_mut(), input.view(), &mut [])
    };
    assert_eq!(run(&plain, &x, DType::F32, &[8]), Ok(()));
    assert_eq!(run(&plain, &x, DType::F32, &[4]), Err(Fault::Shape));
    assert_eq!(run(&plain, &x, DType::F16, &[8]), Err(Fault::DType));
    assert_eq!(run(&plain, &halves, DType::F16, &[8]), Err(Fault::Memory));
    assert_eq!(run(&plain, &Memory::new(DType::F32, &[], &[]), DType::F32, &[]), Err(Fault::Rank));
    assert_eq!(run(&plain, &Memory::new(DType::I32, &[8], &[1]), DType::I32, &[8]), Err(Fault::DType));
    let with = |scale| Normalization { scale: Some(scale), ..plain };
    assert_eq!(run(&with(short.view()), &x, DType::F32, &[8]), Err(Fault::Shape));
    assert_eq!(run(&with(halves.view()), &x, DType::F32, &[8]), Err(Fault::DType));
    assert_eq!(run(&with(wide.view()), &x, DType::F32, &[8]), Ok(()));
    let mut same = Memory::new(DType::F32, &[8], &[1]);
    let (output, scale) = same.views();
    assert_eq!(normalize(&pool, &with(scale), output, x.view(), &mut []), Err(Fault::Overlap));
    for shape in [[0, 3], [3, 0]] {
        let (mut y, x) = (Memory::new(DType::F32, &shape, &[3, 1]), Memory::new(DType::F32, &shape, &[3, 1]));
        assert_eq!(normalize(&pool, &plain, y.view_mut(), x.view(), &mut []), Ok(()));
    }
    for (code, kind) in Kind::ALL.into_iter().enumerate() {
        assert_eq!(Kind::from_code(code as u32), Ok(kind));
    }
    assert_eq!(Kind::from_code(2), Err(Fault::Parameter));
}
