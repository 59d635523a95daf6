//! Products against the naive one, bit for bit; matrix times vector included, which comes in by the same door.

use super::micro::{MR, NR, WIDE};
use super::reference::{element, vector_element};
use super::{KC, MC, NC, NS, THIN, matmul, matmul_scratch};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::matvec::{BLOCK, CHAINS};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

/// A stream of numbers from a seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let x = self.0 ^ self.0 >> 29;
        x.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 20
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    fn floats(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| (self.next() % 4001) as f32 / 1000.0 - 2.0).collect()
    }
}

/// How a matrix lies in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    Rows,
    Columns,
    Spread,
    Backward,
}

const ORDERS: [Order; 4] = [Order::Rows, Order::Columns, Order::Spread, Order::Backward];

/// Rows times columns of elements of `dtype`, in memory of its own.
struct Matrix {
    bytes: Vec<u32>,
    offset: usize,
    layout: Layout,
    dtype: DType,
}

impl Matrix {
    fn new(shape: &[usize], values: &[f32], order: Order, dtype: DType) -> Matrix {
        let (lead, [rows, cols]) = (&shape[..shape.len() - 2], [shape[shape.len() - 2], shape[shape.len() - 1]]);
        let (r, c) = (rows as isize, cols as isize);
        let (rs, cs, size) = match order {
            Order::Rows => (c, 1, r * c),
            Order::Columns => (1, r, r * c),
            Order::Spread => (2 * c + 3, 2, r * (2 * c + 3)),
            Order::Backward => (-c, -1, r * c),
        };
        let mut strides = vec![0; shape.len()];
        let mut step = size;
        for axis in (0..lead.len()).rev() {
            strides[axis] = step;
            step *= lead[axis] as isize;
        }
        (strides[lead.len()], strides[lead.len() + 1]) = (rs, cs);
        let first = if order == Order::Backward && size > 0 { size - 1 } else { 0 };
        let mut bytes = vec![0u32; step as usize + 1];
        for (index, &value) in values.iter().enumerate() {
            let (batch, r, c) = (index / (rows * cols), index / cols % rows, index % cols);
            let at = (batch as isize * size + first + r as isize * rs + c as isize * cs) as usize;
            // SAFETY: `bytes` has four bytes for each element.
            unsafe {
                match dtype {
                    DType::F32 => bytes.as_mut_ptr().cast::<f32>().add(at).write(value),
                    // Small integers: their upper half is exact.
                    DType::BF16 => bytes.as_mut_ptr().cast::<u16>().add(at).write((value.to_bits() >> 16) as u16),
                    _ => bytes.as_mut_ptr().cast::<u16>().add(at).write(half(value)),
                }
            }
        }
        let layout = Layout::new(shape, &strides).unwrap();
        Matrix { bytes, offset: first as usize * dtype.size(), layout, dtype }
    }

    fn view(&self) -> View<'_> {
        // SAFETY: words are bytes.
        let bytes = unsafe { core::slice::from_raw_parts(self.bytes.as_ptr().cast(), self.bytes.len() * 4) };
        View::new(bytes, self.offset, self.dtype, self.layout).unwrap()
    }
}

/// The f16 of a number that one holds exactly, and that is normal or zero.
fn half(x: f32) -> u16 {
    let bits = x.to_bits();
    let (sign, exponent) = ((bits >> 16 & 0x8000) as u16, (bits >> 23 & 255) as u16);
    if exponent == 0 { sign } else { sign | (exponent - 112) << 10 | (bits >> 13 & 1023) as u16 }
}

fn scratch(bytes: usize) -> Vec<u32> {
    vec![0x7fc0_1234; bytes.div_ceil(4)]
}

fn multiply(pool: &Pool, output: ViewMut, a: View, b: View) -> Result<(), Fault> {
    let bytes = matmul_scratch(&output, &a, &b, pool.threads())?;
    let mut words = scratch(bytes);
    // SAFETY: words are bytes.
    let scratch = unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), bytes) };
    matmul(pool, output, a, b, scratch)
}

fn product(pool: &Pool, shape: &[usize], a: View, b: View) -> Vec<f32> {
    let mut out = vec![f32::NAN; shape.iter().product()];
    multiply(pool, ViewMut::of(&mut out, shape).unwrap(), a, b).unwrap();
    out
}

fn same(got: &[f32], expected: &[f32]) -> bool {
    got.len() == expected.len()
        && got.iter().zip(expected).all(|(x, y)| x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan())
}

fn naive(m: usize, n: usize, k: usize, a: &[f32], b: &[f32]) -> Vec<f32> {
    let one = |at: usize| {
        let (a, b) = (|p| a[at / n * k + p], |p| b[p * n + at % n]);
        if m == 1 || n == 1 { vector_element(k, a, b) } else { element(k, a, b) }
    };
    (0..m * n).map(one).collect()
}

/// One product in all orders of a few, against the naive one.
fn check(random: &mut Random, m: usize, n: usize, k: usize, dtype: DType) {
    let a = random.floats(m * k);
    let mut b = random.floats(k * n);
    if dtype != DType::F32 {
        b.iter_mut().for_each(|x| *x = x.trunc());
    }
    let expected = naive(m, n, k, &a, &b);
    let (first, second) = (ORDERS[random.below(4)], ORDERS[random.below(4)]);
    for (order_a, order_b) in [(Order::Rows, Order::Rows), (first, second)] {
        let left = Matrix::new(&[m, k], &a, order_a, DType::F32);
        let right = Matrix::new(&[k, n], &b, order_b, dtype);
        let got = product(&Pool::serial(), &[m, n], left.view(), right.view());
        assert!(same(&got, &expected), "{m} x {n} x {k} {dtype:?} {order_a:?} {order_b:?}");
    }
}

#[test]
fn identity_on_either_side_gives_the_other() {
    for n in [1, 2, 5, 6, 7, 8, 13, 48, 65] {
        let values = Random(n as u64).floats(n * n);
        let unit: Vec<f32> = (0..n * n).map(|at| if at / n == at % n { 1.0 } else { 0.0 }).collect();
        let (x, unit) = (View::of(&values, &[n, n]).unwrap(), View::of(&unit, &[n, n]).unwrap());
        assert_eq!(product(&Pool::serial(), &[n, n], x, unit), values);
        assert_eq!(product(&Pool::serial(), &[n, n], unit, x), values);
    }
}

#[test]
fn sizes_around_the_tile() {
    let mut random = Random(1);
    for m in 1..=2 * MR + 3 {
        for n in [1, 2, NR - 1, NR, NR + 1, 3 * NR - 1] {
            for k in [1, 3, 4, 5, 9] {
                check(&mut random, m, n, k, DType::F32);
            }
        }
    }
}

#[test]
fn sizes_around_the_blocks() {
    let mut random = Random(2);
    for k in [KC - 1, KC, KC + 1, 2 * KC + 3] {
        check(&mut random, 7, 9, k, DType::F32);
        check(&mut random, 1, 21, k, DType::F32);
        check(&mut random, 21, 1, k, DType::F16);
    }
    for (m, n) in [
        (MC - 1, 5),
        (MC + 1, NC + 1),
        (5 * MC, NC - 1),
        (2, 1024),
        (1, 513),
        (515, 1),
        (THIN, NC + 3),
        (THIN + 1, NS + 9),
    ] {
        check(&mut random, m, n, 6, DType::F32);
    }
}

#[test]
fn random_sizes_strides_and_dtypes() {
    let mut random = Random(3);
    for round in 0..150 {
        let mut size = || match random.below(4) {
            0 => 1 + random.below(3),
            1 => 1 + random.below(80),
            _ => 1 + random.below(30),
        };
        let (m, n, k) = (size(), size(), size());
        check(&mut random, m, n, k, [DType::F32, DType::F16, DType::BF16][round % 3]);
    }
}

#[test]
fn results_do_not_depend_on_threads() {
    let mut random = Random(4);
    for (m, n, k) in [(130, 300, 300), (1, 1500, 700), (1500, 1, 700), (9, 1100, 260), (97, 33, 513)] {
        let (a, b) = (random.floats(m * k), random.floats(k * n));
        let expected = naive(m, n, k, &a, &b);
        for threads in [1, 2, 3, 5] {
            let pool = Pool::new(threads);
            let right = Matrix::new(&[k, n], &b, ORDERS[threads % 4], DType::F32);
            let left = Matrix::new(&[m, k], &a, ORDERS[threads / 2], DType::F32);
            assert!(same(&product(&pool, &[m, n], left.view(), right.view()), &expected), "{m} {n} {k} {threads}");
        }
    }
}

#[test]
fn vectors_around_the_chains() {
    let mut random = Random(9);
    let some = [0, 1, 3, 4, 5, CHAINS - 1, CHAINS, CHAINS + 1, 15, 16, 17, 23, 31, 32, 33, 41];
    for (round, k) in some.into_iter().chain([BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 43]).enumerate() {
        for outputs in [1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 35, 131] {
            for dtype in [DType::F32, DType::F16, DType::BF16] {
                check(&mut random, 1, outputs, k, dtype);
                check(&mut random, outputs, 1, k, dtype);
            }
        }
        // Strips of outputs, contiguous or not.
        let outputs = [1023, 1025, 4099][round % 3];
        check(&mut random, 1, outputs, k.min(77), DType::F32);
        check(&mut random, outputs, 1, k.min(77), DType::F32);
    }
}

#[test]
fn a_chain_without_values_adds_nothing() {
    for (k, expected) in [(1, f32::INFINITY), (2, f32::NAN), (3, f32::NAN)] {
        for order in ORDERS {
            let matrix = Matrix::new(&[5, k], &[f32::INFINITY; 15][..5 * k], order, DType::F32);
            let vector = [1.0, -1.0, 0.0];
            let got = product(&Pool::serial(), &[5, 1], matrix.view(), View::of(&vector[..k], &[k, 1]).unwrap());
            assert!(same(&got, &[expected; 5]), "{k} {order:?} {got:?}");
        }
    }
}

#[test]
fn rows_have_the_same_bits_among_few_as_among_many() {
    let (m, n, k) = (12, 40, 600);
    let mut random = Random(5);
    let (a, b) = (random.floats(m * k), random.floats(k * n));
    let right = View::of(&b, &[k, n]).unwrap();
    let whole = product(&Pool::serial(), &[m, n], View::of(&a, &[m, k]).unwrap(), right);
    for i in (0..m).step_by(2) {
        let rows = View::of(&a[i * k..][..2 * k], &[2, k]).unwrap();
        assert!(same(&product(&Pool::serial(), &[2, n], rows, right), &whole[i * n..][..2 * n]));
    }
}

#[test]
fn batches_and_broadcasts() {
    let mut random = Random(6);
    for (m, n, k) in [(1, 7, 5), (7, 1, 300), (6, 10, 5), (13, 9, 4), (6, 37, 300), (1, 1, 1), (140, 130, 131)] {
        let (p, q) = (2, 3);
        let (a, b) = (random.floats(p * q * m * k), random.floats(p * q * k * n));
        for (spread_a, spread_b) in
            [([1, 1], [1, 1]), ([1, 1], [0, 0]), ([0, 1], [1, 0]), ([0, 0], [1, 1]), ([1, 0], [0, 1])]
        {
            let view = |values, rows: usize, cols: usize, spread: [isize; 2]| {
                let one = (rows * cols) as isize;
                let strides = [spread[0] * one * q as isize, spread[1] * one, cols as isize, 1];
                let data: &[f32] = values;
                let layout = Layout::new(&[p, q, rows, cols], &strides).unwrap();
                // SAFETY: a slice of floats is a slice of bytes.
                let bytes = unsafe { core::slice::from_raw_parts(data.as_ptr().cast::<u8>(), size_of_val(data)) };
                View::new(bytes, 0, DType::F32, layout).unwrap()
            };
            let mut expected = Vec::new();
            for (i, j) in (0..p).flat_map(|i| (0..q).map(move |j| (i, j))) {
                let start = |spread: [isize; 2]| i * q * spread[0] as usize + j * spread[1] as usize;
                expected.extend(naive(m, n, k, &a[start(spread_a) * m * k..], &b[start(spread_b) * k * n..]));
            }
            for threads in [1, 3] {
                let (left, right) = (view(&a, m, k, spread_a), view(&b, k, n, spread_b));
                assert!(same(&product(&Pool::new(threads), &[p, q, m, n], left, right), &expected), "{m} {n} {k}");
            }
        }
    }
}

#[test]
fn an_output_may_have_any_strides() {
    let mut random = Random(7);
    for (m, n, k) in [(13, 11, 300), (1, 30, 20), (30, 1, 300), (8, 16, 3)] {
        let (a, b) = (random.floats(m * k), random.floats(k * n));
        let expected = naive(m, n, k, &a, &b);
        let (i, j) = (m as isize, n as isize);
        for (rs, cs, first) in [(1, i, 0), (2 * j + 1, 2, 0), (-j, -1, m * n - 1), (j + 3, 1, 0)] {
            let mut out = vec![7.0f32; 2 * m * n + 3 * m + n];
            // SAFETY: a slice of floats is a slice of bytes.
            let bytes = unsafe { core::slice::from_raw_parts_mut(out.as_mut_ptr().cast::<u8>(), out.len() * 4) };
            let layout = Layout::new(&[m, n], &[rs, cs]).unwrap();
            let view = ViewMut::new(bytes, first * 4, DType::F32, layout).unwrap();
            multiply(&Pool::serial(), view, View::of(&a, &[m, k]).unwrap(), View::of(&b, &[k, n]).unwrap()).unwrap();
            let mut touched = 0;
            for at in 0..m * n {
                let place = first as isize + (at / n) as isize * rs + (at % n) as isize * cs;
                assert_eq!(out[place as usize].to_bits(), expected[at].to_bits());
                out[place as usize] = 7.0;
                touched += 1;
            }
            assert!(touched == m * n && out.iter().all(|&x| x == 7.0), "wrote beside the output");
        }
    }
}

#[test]
fn pairs_of_chains_by_several_threads() {
    let mut random = Random(17);
    for (n, k) in [(514, BLOCK), (676, BLOCK + 133), (1031, 300)] {
        let (a, b) = (random.floats(2 * k), random.floats(2 * k * n).iter().map(|x| x.trunc()).collect::<Vec<f32>>());
        for (batch, dtype) in [(1, DType::F32), (2, DType::F32), (1, DType::F16), (1, DType::BF16)] {
            let one = |at: usize| naive(1, n, k, &a[at * k..][..k], &b[at * k * n..][..k * n]);
            let expected: Vec<f32> = (0..batch).flat_map(one).collect();
            let left = View::of(&a[..batch * k], &[batch, 1, k]).unwrap();
            let right = Matrix::new(&[batch, k, n], &b[..batch * k * n], Order::Rows, dtype);
            for threads in [2, 3, 4, 9] {
                // One output next to the other, and every second element.
                for step in [1, 2] {
                    let mut out = vec![7.0f32; batch * n * step];
                    // SAFETY: a slice of floats is a slice of bytes.
                    let bytes =
                        unsafe { core::slice::from_raw_parts_mut(out.as_mut_ptr().cast::<u8>(), out.len() * 4) };
                    let layout = Layout::new(&[batch, 1, n], &[(n * step) as isize, 1, step as isize]).unwrap();
                    let view = ViewMut::new(bytes, 0, DType::F32, layout).unwrap();
                    multiply(&Pool::new(threads), view, left, right.view()).unwrap();
                    let got: Vec<f32> = out.iter().copied().step_by(step).collect();
                    assert!(same(&got, &expected), "{n} {k} {batch} {dtype:?} {threads} {step}");
                    assert!(step == 1 || out.iter().skip(1).step_by(2).all(|&x| x == 7.0), "wrote beside the output");
                }
            }
        }
    }
}

#[test]
fn no_values_to_sum_give_zeros() {
    for (m, n) in [(3, 5), (1, 5), (5, 1), (0, 4), (4, 0)] {
        let (a, b) = (View::of::<f32>(&[], &[2, m, 0]).unwrap(), View::of::<f32>(&[], &[2, 0, n]).unwrap());
        assert_eq!(product(&Pool::serial(), &[2, m, n], a, b), vec![0.0; 2 * m * n]);
    }
    let (a, b) = (View::of::<f32>(&[], &[0, 4]).unwrap(), View::of(&[1.0f32; 12], &[4, 3]).unwrap());
    assert_eq!(product(&Pool::serial(), &[0, 3], a, b), []);
}

#[test]
fn nan_and_infinity_flow_and_do_not_leak() {
    for (m, n) in [(9, 11), (1, 11), (9, 1), (2, 3)] {
        let k = 10;
        let mut random = Random(8);
        let (mut a, mut b) = (random.floats(m * k), random.floats(k * n));
        (a[3], b[n - 1]) = (f32::NAN, f32::INFINITY);
        b[2 * n] = f32::NEG_INFINITY;
        a[2] = 0.0;
        for order in ORDERS {
            let left = Matrix::new(&[m, k], &a, order, DType::F32);
            let right = Matrix::new(&[k, n], &b, order, DType::F32);
            let got = product(&Pool::serial(), &[m, n], left.view(), right.view());
            assert!(same(&got, &naive(m, n, k, &a, &b)), "{m} {n} {order:?}");
            assert!(got[..n].iter().all(|x| x.is_nan()));
            assert!(m == 1 || n < 3 || got[n + 1].is_finite());
        }
    }
}

#[test]
fn operands_that_do_not_fit_are_refused() {
    let data = [0.0f32; 64];
    let mut out = [5.0f32; 16];
    let mut run = |shape: &[usize], a: &[usize], b: &[usize]| {
        let view = ViewMut::of(&mut out[..shape.iter().product()], shape).unwrap();
        let of = |shape: &[usize]| View::of(&data[..shape.iter().product()], shape).unwrap();
        multiply(&Pool::serial(), view, of(a), of(b))
    };
    assert_eq!(run(&[2, 3], &[2, 4], &[5, 3]), Err(Fault::Shape));
    assert_eq!(run(&[2, 3], &[3, 4], &[4, 3]), Err(Fault::Shape));
    assert_eq!(run(&[2, 3], &[2, 4], &[4, 2]), Err(Fault::Shape));
    assert_eq!(run(&[2, 2, 3], &[1, 2, 4], &[2, 4, 3]), Err(Fault::Shape));
    assert_eq!(run(&[2, 3], &[1, 2, 4], &[4, 3]), Err(Fault::Rank));
    assert_eq!(run(&[3], &[4], &[4]), Err(Fault::Rank));
    assert_eq!(out, [5.0; 16]);

    let (a, b) = (View::of(&[1i32; 4], &[2, 2]).unwrap(), View::of(&[1.0f32; 4], &[2, 2]).unwrap());
    assert_eq!(multiply(&Pool::serial(), ViewMut::of(&mut out[..4], &[2, 2]).unwrap(), a, b), Err(Fault::DType));
    assert_eq!(multiply(&Pool::serial(), ViewMut::of(&mut out[..4], &[2, 2]).unwrap(), b, a), Err(Fault::DType));
    let view = ViewMut::of(&mut out[..4], &[2, 2]).unwrap();
    assert_eq!(matmul(&Pool::serial(), view, b, b, &mut []), Err(Fault::Memory));
}

#[test]
fn an_output_that_overlaps_an_input_is_refused() {
    let mut words = [0.0f32; 8];
    let (base, len) = (words.as_mut_ptr().cast::<u8>(), size_of_val(&words));
    let layout = Layout::contiguous(&[2, 2]).unwrap();
    let other = [1.0f32; 4];
    let other = View::of(&other, &[2, 2]).unwrap();
    // SAFETY: the words outlive the views and are not used otherwise.
    unsafe {
        let view = |offset| View::within(base, len, offset, DType::F32, layout).unwrap();
        let output = || ViewMut::within(base, len, 0, DType::F32, layout).unwrap();
        assert_eq!(multiply(&Pool::serial(), output(), view(12), other), Err(Fault::Overlap));
        assert_eq!(multiply(&Pool::serial(), output(), other, view(0)), Err(Fault::Overlap));
        assert_eq!(multiply(&Pool::serial(), output(), view(16), other), Ok(()));
    }
}

#[test]
fn few_rows_read_b_where_it_lies() {
    let mut random = Random(10);
    let ks = [1, 2, 3, 4, 5, 7, 8, 9, KC - 1, KC, KC + 1, 2 * KC + 6];
    for m in 2..=THIN + 1 {
        for (round, &k) in ks.iter().enumerate() {
            // Around whole panels, and around the slabs of a product with few rows.
            for n in [WIDE - 1, WIDE, WIDE + 1, 2 * WIDE + 5, if k < 9 { 4 * NC + WIDE + 3 } else { 3 * WIDE }] {
                let (a, b) = (random.floats(m * k), random.floats(k * n));
                let expected = naive(m, n, k, &a, &b);
                for (order, threads) in [(Order::Rows, 1), (ORDERS[round % 4], 1 + round % 3)] {
                    let (left, right) = (Matrix::new(&[m, k], &a, order, DType::F32), View::of(&b, &[k, n]).unwrap());
                    let got = product(&Pool::new(threads), &[m, n], left.view(), right);
                    assert!(same(&got, &expected), "{m} x {n} x {k} {order:?} {threads}");
                }
            }
        }
    }
}

#[test]
fn few_rows_take_rows_of_b_any_distance_apart() {
    let mut random = Random(11);
    for (m, n, k) in [(2, 32, 260), (3, 21, 7), (8, 16, 256), (9, 40, 5)] {
        let (a, values) = (random.floats(m * k), random.floats(k * (n + 5)));
        // Padded, overlapping, one row for all, from the last row to the first.
        for (rs, first) in [(n as isize + 5, 0), (3, 0), (0, 0), (-(n as isize), (k - 1) * n)] {
            let at = |p: usize, j: usize| values[(first as isize + p as isize * rs) as usize + j];
            let b: Vec<f32> = (0..k * n).map(|index| at(index / n, index % n)).collect();
            // SAFETY: a slice of floats is a slice of bytes.
            let bytes = unsafe { core::slice::from_raw_parts(values.as_ptr().cast::<u8>(), size_of_val(&values[..])) };
            let right = View::new(bytes, first * 4, DType::F32, Layout::new(&[k, n], &[rs, 1]).unwrap()).unwrap();
            let got = product(&Pool::serial(), &[m, n], View::of(&a, &[m, k]).unwrap(), right);
            assert!(same(&got, &naive(m, n, k, &a, &b)), "{m} x {n} x {k} {rs}");
        }
    }
}

#[test]
fn few_rows_have_the_same_bits_with_any_threads() {
    let mut random = Random(12);
    for (m, n, k) in [(2, 1030, 300), (8, 700, 520), (THIN, 531, 257)] {
        let (a, b) = (random.floats(m * k), random.floats(k * n));
        let expected = naive(m, n, k, &a, &b);
        for threads in [1, 2, 3, 5] {
            let (left, right) = (View::of(&a, &[m, k]).unwrap(), View::of(&b, &[k, n]).unwrap());
            assert!(same(&product(&Pool::new(threads), &[m, n], left, right), &expected), "{m} {n} {k} {threads}");
        }
    }
}

#[test]
fn rows_of_contiguous_outputs_by_all_depths() {
    let mut random = Random(13);
    // Groups of five, four and one row of a chain, and more than one block; pairs of chains by several threads.
    for k in [CHAINS, 4 * CHAINS - 1, 4 * CHAINS, 5 * CHAINS - 1, 5 * CHAINS, 10 * CHAINS + 3, BLOCK, BLOCK + 133] {
        for n in [k + 2, 4 * NR + 3, 2 * NC, 4 * 1024 + 7] {
            let (a, b) = (random.floats(k), random.floats(k * n));
            let expected = naive(1, n, k, &a, &b);
            for threads in [1, 2, 3, 5] {
                let (left, right) = (View::of(&a, &[1, k]).unwrap(), View::of(&b, &[k, n]).unwrap());
                assert!(same(&product(&Pool::new(threads), &[1, n], left, right), &expected), "{n} {k} {threads}");
            }
        }
    }
}
