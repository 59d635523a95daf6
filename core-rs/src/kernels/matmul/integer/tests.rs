//! Products of integers against the naive one.

use super::{KC, MC, MR, NC, NR, NS};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::matmul::{matmul, matmul_scratch};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

const INTEGERS: [DType; 7] = [DType::I8, DType::I16, DType::I32, DType::U8, DType::U16, DType::U32, DType::Bool];

/// A stream of numbers from a seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 29) as u32 ^ (self.0 >> 32) as u32
    }
    fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n
    }
}

/// The number that an element of `dtype` with these low bits is, modulo 2^32.
fn widened(dtype: DType, bits: u32) -> u32 {
    match dtype {
        DType::I8 => bits as i8 as u32,
        DType::I16 => bits as i16 as u32,
        DType::U8 => bits as u8 as u32,
        DType::U16 => bits as u16 as u32,
        DType::Bool => bits & 1,
        _ => bits,
    }
}

/// An array of any dtype, in memory of its own.
struct Array {
    words: Vec<u32>,
    offset: usize,
    layout: Layout,
    dtype: DType,
}

impl Array {
    /// Elements at these strides, which are given for shape; each lies somewhere else, or is written twice.
    fn new(shape: &[usize], strides: &[isize], dtype: DType, random: &mut Random) -> Array {
        let layout = Layout::new(shape, strides).unwrap();
        let (low, high) = layout.extent().unwrap().unwrap_or((0, -1));
        let (first, count) = (-low as usize, (high - low + 1) as usize);
        let mut words = vec![0; (count * dtype.size()).div_ceil(4)];
        let bytes = words.as_mut_ptr().cast::<u8>();
        for at in 0..count {
            // A good part at the ends of the range, where sums of pairs wrap.
            let bits = match random.below(6) {
                0 => 0x8000_8080,
                1 => u32::MAX,
                _ => random.next(),
            };
            let bits = widened(dtype, bits);
            // SAFETY: element `at` of `count`.
            unsafe {
                match dtype.size() {
                    1 => bytes.add(at).write(bits as u8),
                    2 => bytes.cast::<u16>().add(at).write(bits as u16),
                    _ => bytes.cast::<u32>().add(at).write(bits),
                }
            }
        }
        Array { words, offset: first * dtype.size(), layout, dtype }
    }

    /// As [`Array::new`], the last two axes in one of several orders.
    fn ordered(shape: &[usize], order: usize, dtype: DType, random: &mut Random) -> Array {
        let lead = shape.len() - 2;
        let (r, c) = (shape[lead].max(1) as isize, shape[lead + 1].max(1) as isize);
        let (rs, cs, size) = match order {
            0 => (c, 1, r * c),
            1 => (1, r, r * c),
            2 => (2 * c + 3, 2, r * (2 * c + 3)),
            3 => (-c, -1, r * c),
            _ => (3, 3 * r + 1, c * (3 * r + 1)),
        };
        let mut strides = vec![0; shape.len()];
        let mut step = size;
        for axis in (0..lead).rev() {
            strides[axis] = step;
            step *= shape[axis] as isize;
        }
        (strides[lead], strides[lead + 1]) = (rs, cs);
        Array::new(shape, &strides, dtype, random)
    }

    fn view(&self) -> View<'_> {
        // SAFETY: words are bytes.
        let bytes = unsafe { core::slice::from_raw_parts(self.words.as_ptr().cast(), self.words.len() * 4) };
        View::new(bytes, self.offset, self.dtype, self.layout).unwrap()
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        // SAFETY: words are bytes.
        let bytes = unsafe { core::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.words.len() * 4) };
        ViewMut::new(bytes, self.offset, self.dtype, self.layout).unwrap()
    }

    /// All elements in row-major order, widened.
    fn values(&self) -> Vec<u32> {
        let bytes = self.words.as_ptr().cast::<u8>();
        let mut values = Vec::new();
        for index in 0..self.layout.len() {
            let (mut rest, mut at) = (index, self.offset as isize / self.dtype.size() as isize);
            for (&size, &stride) in self.layout.shape().iter().zip(self.layout.strides()).rev() {
                at += (rest % size) as isize * stride;
                rest /= size;
            }
            // SAFETY: the view's check covers every element.
            values.push(widened(self.dtype, unsafe {
                match self.dtype.size() {
                    1 => u32::from(bytes.offset(at).read()),
                    2 => u32::from(bytes.cast::<u16>().offset(at).read()),
                    _ => bytes.cast::<u32>().offset(at).read(),
                }
            }));
        }
        values
    }
}

fn multiply(pool: &Pool, output: ViewMut, a: View, b: View) -> Result<(), Fault> {
    let bytes = matmul_scratch(&output, &a, &b, pool.threads())?;
    let mut words = vec![0x7fc0_1234u32; bytes.div_ceil(4)];
    // SAFETY: words are bytes.
    let scratch = unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), bytes) };
    matmul(pool, output, a, b, scratch)
}

/// The products of a batch by the definition.
fn naive(batch: usize, [m, n, k]: [usize; 3], a: &[u32], b: &[u32], output: DType) -> Vec<u32> {
    let one = |at: usize| {
        let (index, i, j) = (at / (m * n), at / n % m, at % n);
        let term = |p: usize| a[(index * m + i) * k + p].wrapping_mul(b[(index * k + p) * n + j]);
        widened(output, (0..k).map(term).fold(0, u32::wrapping_add))
    };
    (0..batch * m * n).map(one).collect()
}

/// One product against the naive one, dtypes and orders at random; and the places between elements stay as they are.
fn check(random: &mut Random, pool: &Pool, lead: &[usize], sizes: [usize; 3], dtypes: [DType; 3]) {
    let [m, n, k] = sizes;
    let of = |rows, columns| [lead, &[rows, columns]].concat();
    let orders = [random.below(5), random.below(5), random.below(5)];
    let mut output = Array::ordered(&of(m, n), orders[0], dtypes[0], random);
    let a = Array::ordered(&of(m, k), orders[1], dtypes[1], random);
    let b = Array::ordered(&of(k, n), orders[2], dtypes[2], random);
    multiply(pool, output.view_mut(), a.view(), b.view()).unwrap();
    let expected = naive(lead.iter().product(), sizes, &a.values(), &b.values(), dtypes[0]);
    assert!(output.values() == expected, "{lead:?} {m} x {n} x {k} {dtypes:?} {orders:?}");
}

fn outputs(random: &mut Random) -> DType {
    INTEGERS[random.below(6)]
}

#[test]
fn every_pair_of_dtypes() {
    let mut random = Random(1);
    for a in INTEGERS {
        for b in INTEGERS {
            for output in &INTEGERS[..6] {
                for sizes in [[7, 9, 5], [1, 21, 6], [9, 1, 19], [5, 13, 32]] {
                    check(&mut random, &Pool::serial(), &[], sizes, [*output, a, b]);
                }
            }
        }
    }
}

#[test]
fn sizes_around_the_tile() {
    let mut random = Random(2);
    for m in 0..=2 * MR + 1 {
        for n in [0, 1, 2, 3, NR - 1, NR, NR + 1, 3 * NR - 1] {
            for k in [0, 1, 2, 3, 4, 5, 8, 9, 15, 16, 17] {
                let dtypes = [outputs(&mut random), INTEGERS[random.below(7)], INTEGERS[random.below(7)]];
                check(&mut random, &Pool::serial(), &[], [m, n, k], dtypes);
            }
        }
    }
}

#[test]
fn sizes_around_the_blocks() {
    let mut random = Random(3);
    for dtype in [DType::I32, DType::I8, DType::I16] {
        let dtypes = [DType::I32, dtype, dtype];
        for k in [KC - 1, KC, KC + 1, 2 * KC - 1, 2 * KC, 2 * KC + 1, 4 * KC + 3] {
            check(&mut random, &Pool::serial(), &[], [7, 9, k], dtypes);
            check(&mut random, &Pool::serial(), &[], [1, 70, k], dtypes);
            check(&mut random, &Pool::serial(), &[], [130, 1, k], dtypes);
            check(&mut random, &Pool::serial(), &[], [6, 10, k], [DType::U8, dtype, dtype]);
        }
        for n in [NC - 1, NC, NC + 1, NS - 1, NS, NS + 1, 2 * NS + 9] {
            check(&mut random, &Pool::serial(), &[], [5, n, 9], dtypes);
            check(&mut random, &Pool::serial(), &[], [1, n, 9], dtypes);
        }
        for m in [MC - 1, MC, MC + 1, 3 * MC + 5] {
            check(&mut random, &Pool::serial(), &[], [m, NS + 3, 5], dtypes);
        }
    }
}

#[test]
fn any_shapes_orders_batches_and_dtypes() {
    let mut random = Random(4);
    for _ in 0..300 {
        let lead: Vec<usize> = (0..random.below(3)).map(|_| 1 + random.below(4)).collect();
        let sizes = [1 + random.below(30), 1 + random.below(30), random.below(40)];
        let dtypes = [outputs(&mut random), INTEGERS[random.below(7)], INTEGERS[random.below(7)]];
        let pool = Pool::new(1 + random.below(2));
        check(&mut random, &pool, &lead, sizes, dtypes);
    }
}

#[test]
fn batches_broadcast() {
    let mut random = Random(5);
    for (m, n) in [(1, 9), (3, 9), (9, 1), (130, 140)] {
        let (k, count) = (11, 4);
        let [mut output, a, b] = [
            Array::ordered(&[count, m, n], 0, DType::I32, &mut random),
            Array::new(&[count, m, k], &[(m * k) as isize, k as isize, 1], DType::I8, &mut random),
            Array::new(&[count, k, n], &[0, 1, k as isize], DType::U8, &mut random),
        ];
        multiply(&Pool::serial(), output.view_mut(), a.view(), b.view()).unwrap();
        assert_eq!(output.values(), naive(count, [m, n, k], &a.values(), &b.values(), DType::I32));
    }
}

#[test]
fn strides_of_single_elements_may_be_anything() {
    let far = isize::MAX / 2;
    for dtype in [DType::I8, DType::I32] {
        for (m, n, k) in [(3, 4, 1), (1, 4, 3), (3, 1, 4), (1, 1, 1), (2, 2, 1)] {
            let mut random = Random(9);
            let stride = |size: usize, step: usize| if size == 1 { far } else { step as isize };
            let mut array = |rows: usize, columns: usize| {
                Array::new(&[rows, columns], &[stride(rows, columns), stride(columns, 1)], dtype, &mut random)
            };
            let (mut output, a, b) = (array(m, n), array(m, k), array(k, n));
            multiply(&Pool::serial(), output.view_mut(), a.view(), b.view()).unwrap();
            let (a, b) = (a.values(), b.values());
            assert_eq!(output.values(), naive(1, [m, n, k], &a, &b, dtype), "{m} x {n} x {k} {dtype:?}");
        }
    }
}

#[test]
fn the_lowest_pair_of_products_wraps() {
    let lowest = [i16::MIN; 18];
    let mut out = [0i32; 9];
    let (a, b) = (View::of(&lowest, &[3, 6]).unwrap(), View::of(&lowest, &[6, 3]).unwrap());
    multiply(&Pool::serial(), ViewMut::of(&mut out, &[3, 3]).unwrap(), a, b).unwrap();
    assert_eq!(out, [(6i64 << 30) as i32; 9]);
}

#[test]
fn equal_bits_for_any_number_of_threads() {
    for dtypes in [[DType::I32; 3], [DType::U32, DType::I8, DType::U8], [DType::I16; 3]] {
        for (lead, sizes) in [(&[][..], [200, 300, 300]), (&[], [1, 999, 700]), (&[12], [40, 50, 60])] {
            for threads in [1, 2, 3, 5] {
                check(&mut Random(6), &Pool::new(threads), lead, sizes, dtypes);
            }
        }
    }
}

#[test]
fn refusals() {
    let (bytes, floats, bools) = ([1i8; 4], [1f32; 4], Array::ordered(&[2, 2], 0, DType::Bool, &mut Random(7)));
    let (bytes, floats) = (View::of(&bytes, &[2, 2]).unwrap(), View::of(&floats, &[2, 2]).unwrap());
    let mut words = [0i32; 4];
    let mut real = [0f32; 4];
    let mut into = |a, b| multiply(&Pool::serial(), ViewMut::of(&mut words, &[2, 2]).unwrap(), a, b);
    assert_eq!(into(bytes, floats), Err(Fault::DType));
    assert_eq!(into(floats, bytes), Err(Fault::DType));
    assert_eq!(into(floats, floats), Err(Fault::DType));
    assert_eq!(into(bools.view(), bytes), Ok(()));
    assert_eq!(multiply(&Pool::serial(), ViewMut::of(&mut real, &[2, 2]).unwrap(), bytes, bytes), Err(Fault::DType));
    let mut truths = Array::ordered(&[2, 2], 0, DType::Bool, &mut Random(8));
    assert_eq!(multiply(&Pool::serial(), truths.view_mut(), bools.view(), bools.view()), Err(Fault::DType));
    let mut out = [0i32; 4];
    let short = View::of(&[1i8; 2], &[2, 1]).unwrap();
    let output = ViewMut::of(&mut out, &[2, 2]).unwrap();
    assert_eq!(multiply(&Pool::serial(), output, bytes, short), Err(Fault::Shape));
    let output = ViewMut::of(&mut out, &[2, 2]).unwrap();
    assert_eq!(matmul(&Pool::serial(), output, bytes, bytes, &mut []), Err(Fault::Memory));
    let base = out.as_mut_ptr().cast::<u8>();
    // SAFETY: the buffer outlives the call, and no reference into it is used meanwhile.
    unsafe {
        let layout = Layout::contiguous(&[2, 2]).unwrap();
        let input = View::within(base, 16, 12, DType::I8, layout).unwrap();
        let output = ViewMut::within(base, 16, 0, DType::I32, layout).unwrap();
        assert_eq!(multiply(&Pool::serial(), output, input, bytes), Err(Fault::Overlap));
    }
}
