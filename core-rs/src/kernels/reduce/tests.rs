//! Values against the reference for every kind, dtype and way of running; equal bits for any strides and threads.

use super::{CHUNK, GATHERED_WIDTH, Kind, PANEL, WIDTH, max_row, reduce, reduce_scratch, reference, sum_row};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::elementwise::Op;
use crate::lane::Live;
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

/// A small generator of numbers (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// A float of ordinary size, one time in eight repeated or a zero of either sign.
    fn float(&mut self) -> f32 {
        match self.below(64) {
            0 => 0.0,
            1 => -0.0,
            2..8 => self.below(3) as f32,
            _ => (self.next() >> 40) as f32 / (1 << 20) as f32 - 8.0,
        }
    }
}

fn f16_to_f32(h: u16) -> f32 {
    let (sign, exponent, mantissa) = (h >> 15, h >> 10 & 31, f32::from(h & 1023));
    let magnitude = match exponent {
        0 => mantissa * 2f32.powi(-24),
        31 if mantissa > 0.0 => f32::NAN,
        31 => f32::INFINITY,
        _ => (1024.0 + mantissa) * 2f32.powi(i32::from(exponent) - 25),
    };
    if sign == 1 { -magnitude } else { magnitude }
}

/// The nearest f16, by the definition of its spacing.
fn f32_to_f16(x: f32) -> u16 {
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    let a = f64::from(x.abs());
    if x.is_nan() {
        return 0x7e00;
    }
    let exponent = if a < 2f64.powi(-14) { -14 } else { a.log2().floor() as i32 };
    let steps = (a / 2f64.powi(exponent - 10)).round_ties_even();
    let value = steps * 2f64.powi(exponent - 10);
    if value >= 65520.0 || a.is_infinite() {
        return sign | 0x7c00;
    }
    // The bits of positive f16 count up with their values.
    sign | ((exponent + 14) * 1024 + steps as i32) as u16
}

fn bf16_to_f32(h: u16) -> f32 {
    f32::from_bits(u32::from(h) << 16)
}

fn f32_to_bf16(x: f32) -> u16 {
    if x.is_nan() {
        return 0x7fc0;
    }
    let bits = u64::from(x.to_bits());
    ((bits + 0x7fff + (bits >> 16 & 1)) >> 16) as u16
}

/// The bytes of an element.
pub(crate) fn encode(dtype: DType, bits: u32) -> Vec<u8> {
    match dtype {
        DType::F16 => f32_to_f16(f32::from_bits(bits)).to_ne_bytes().to_vec(),
        DType::BF16 => f32_to_bf16(f32::from_bits(bits)).to_ne_bytes().to_vec(),
        _ => match dtype.size() {
            4 => bits.to_ne_bytes().to_vec(),
            2 => (bits as u16).to_ne_bytes().to_vec(),
            _ => vec![bits as u8],
        },
    }
}

/// The register of an element.
pub(crate) fn decode(dtype: DType, bytes: &[u8]) -> u32 {
    let half = || u16::from_ne_bytes([bytes[0], bytes[1]]);
    match dtype {
        DType::F16 => f16_to_f32(half()).to_bits(),
        DType::BF16 => bf16_to_f32(half()).to_bits(),
        DType::F32 | DType::I32 | DType::U32 => u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        DType::I16 => half() as i16 as u32,
        DType::U16 => u32::from(half()),
        DType::I8 => bytes[0] as i8 as u32,
        DType::U8 | DType::Bool => u32::from(bytes[0]),
    }
}

/// Whether two elements are equal in bits, or both NaN.
pub(crate) fn same(dtype: DType, a: &[u8], b: &[u8]) -> bool {
    let nan = |x: &[u8]| dtype.is_float() && f32::from_bits(decode(dtype, x)).is_nan();
    a == b || (nan(a) && nan(b))
}

fn bounds(dtype: DType) -> (i64, i64) {
    match dtype {
        DType::I8 => (-128, 127),
        DType::I16 => (-32768, 32767),
        DType::I32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        DType::U8 => (0, 255),
        DType::U16 => (0, 65535),
        DType::U32 => (0, i64::from(u32::MAX)),
        _ => (0, 1),
    }
}

fn expected(kind: Kind, dtype: DType, registers: &[u32]) -> u32 {
    if dtype.is_float() {
        return reference::float(kind, &registers.iter().map(|&x| f32::from_bits(x)).collect::<Vec<_>>());
    }
    let wide = |&x: &u32| if dtype.is_unsigned() { i64::from(x) } else { i64::from(x as i32) };
    let (low, high) = bounds(dtype);
    reference::integer(kind, &registers.iter().map(wide).collect::<Vec<_>>(), low, high)
}

/// An array in memory of its own: bytes, where it starts, and its layout.
struct Array {
    bytes: Vec<u32>,
    offset: usize,
    dtype: DType,
    layout: Layout,
}

impl Array {
    /// Lays `registers`, in logical order, out by memory order `order` of the axes (outermost first), with gaps and
    /// reversed axes as the generator likes.
    fn new(
        dtype: DType,
        shape: &[usize],
        registers: &[u32],
        order: &[usize],
        plain: bool,
        numbers: &mut Numbers,
    ) -> Array {
        let mut strides = vec![0isize; shape.len()];
        let (mut step, mut start) = (1usize, 0usize);
        for &axis in order.iter().rev() {
            let gap = if plain { 1 } else { 1 + numbers.below(8) / 7 };
            strides[axis] = (step * gap) as isize;
            if !plain && numbers.below(4) == 0 && shape[axis] > 0 {
                start += (shape[axis] - 1) * step * gap;
                strides[axis] = -strides[axis];
            }
            step *= shape[axis].max(1) * gap + if plain { 0 } else { numbers.below(4) / 3 };
        }
        let layout = Layout::new(shape, &strides).unwrap();
        let mut array = Array {
            bytes: vec![0x5555_5555; (step * dtype.size()).div_ceil(4) + 1],
            offset: start * dtype.size(),
            dtype,
            layout,
        };
        for (flat, &register) in registers.iter().enumerate() {
            let at = array.at(flat);
            let element = encode(dtype, register);
            array.raw_mut()[at..at + element.len()].copy_from_slice(&element);
        }
        array
    }

    fn raw(&self) -> &[u8] {
        // SAFETY: words are bytes.
        unsafe { core::slice::from_raw_parts(self.bytes.as_ptr().cast(), self.bytes.len() * 4) }
    }

    fn raw_mut(&mut self) -> &mut [u8] {
        // SAFETY: words are bytes, and any bytes are words.
        unsafe { core::slice::from_raw_parts_mut(self.bytes.as_mut_ptr().cast(), self.bytes.len() * 4) }
    }

    /// The byte at which the `flat`-th element lies.
    fn at(&self, mut flat: usize) -> usize {
        let mut at = self.offset as isize;
        for axis in (0..self.layout.rank).rev() {
            let size = self.layout.shape[axis];
            at += (flat % size) as isize * self.layout.strides[axis] * self.dtype.size() as isize;
            flat /= size;
        }
        at as usize
    }

    fn element(&self, flat: usize) -> &[u8] {
        &self.raw()[self.at(flat)..][..self.dtype.size()]
    }

    fn view(&self) -> View<'_> {
        View::new(self.raw(), self.offset, self.dtype, self.layout).unwrap()
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        let (offset, dtype, layout) = (self.offset, self.dtype, self.layout);
        ViewMut::new(self.raw_mut(), offset, dtype, layout).unwrap()
    }
}

fn run(
    threads: usize,
    kind: Kind,
    output: ViewMut,
    inputs: &[View],
    reduced: usize,
    program: &[u32],
) -> Result<(), Fault> {
    let bytes = reduce_scratch(kind, &output, inputs, reduced, threads)?;
    let mut scratch = vec![0u64; bytes.div_ceil(8)];
    // SAFETY: words are bytes, and any bytes are words.
    let scratch = unsafe { core::slice::from_raw_parts_mut(scratch.as_mut_ptr().cast(), bytes) };
    reduce(&Pool::new(threads), kind, output, inputs, reduced, program, scratch)
}

fn shuffled(n: usize, numbers: &mut Numbers) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in 1..n {
        order.swap(i, numbers.below(i + 1));
    }
    order
}

/// Checks one case: `registers` in logical order, laid out in `order`.
fn check(
    kind: Kind,
    dtype: DType,
    shape: &[usize],
    reduced: usize,
    registers: &[u32],
    order: &[usize],
    plain: bool,
    numbers: &mut Numbers,
) {
    let input = Array::new(dtype, shape, registers, order, plain, numbers);
    let registers: Vec<u32> = (0..registers.len()).map(|flat| decode(dtype, input.element(flat))).collect();
    let kept = &shape[..shape.len() - reduced];
    let (outputs, length) = (kept.iter().product::<usize>(), shape[shape.len() - reduced..].iter().product::<usize>());
    let output_dtype = if kind.is_place() { DType::I32 } else { dtype };
    let output_order = shuffled(kept.len(), numbers);
    for threads in [1, 2, 3, 5] {
        let blank = vec![0; outputs];
        let mut output = Array::new(output_dtype, kept, &blank, &output_order, plain, numbers);
        run(threads, kind, output.view_mut(), &[input.view()], reduced, &[]).unwrap();
        for i in 0..outputs {
            let bits = expected(kind, dtype, &registers[i * length..(i + 1) * length]);
            let want = encode(output_dtype, bits);
            assert!(
                same(output_dtype, output.element(i), &want),
                "{kind:?} {dtype:?} {shape:?} reduced {reduced} order {order:?} plain {plain} threads {threads} output {i}: \
                 {:?} not {want:?}",
                output.element(i)
            );
        }
        if outputs * length > 20_000 && threads == 2 {
            break;
        }
    }
}

fn values(dtype: DType, n: usize, numbers: &mut Numbers) -> Vec<u32> {
    (0..n)
        .map(|_| match dtype {
            _ if dtype.is_float() => numbers.float().to_bits(),
            DType::Bool => numbers.next() as u32 & 1,
            _ if numbers.below(4) == 0 => numbers.below(3) as u32,
            _ => numbers.next() as u32,
        })
        .collect()
}

fn kinds(dtype: DType) -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(move |&kind| dtype != DType::Bool || kind != Kind::Sum)
}

#[test]
fn agrees_with_the_reference_for_random_shapes_and_strides() {
    let mut numbers = Numbers(1);
    for case in 0..700 {
        let dtype = DType::ALL[case % 10];
        let rank = numbers.below(5);
        let reduced = numbers.below(rank + 1);
        let shape: Vec<usize> = (0..rank).map(|_| [1, 2, 3, 5, 8, 17, 24][numbers.below(7)]).collect();
        let mut registers = values(dtype, shape.iter().product(), &mut numbers);
        if dtype.is_float() && numbers.below(2) == 0 {
            for _ in 0..1 + registers.len() / 100 {
                let at = numbers.below(registers.len());
                registers[at] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -f32::NAN][numbers.below(4)].to_bits();
            }
        }
        let order = shuffled(rank, &mut numbers);
        for kind in kinds(dtype) {
            let plain = numbers.below(2) == 0;
            check(kind, dtype, &shape, reduced, &registers, &order, plain, &mut numbers);
        }
    }
}

#[test]
fn is_right_at_the_edges_of_blocks_panels_and_chunks_along_rows_and_columns() {
    let mut numbers = Numbers(2);
    let lengths = [
        1,
        15,
        16,
        17,
        63,
        64,
        65,
        PANEL + 15,
        2 * PANEL + 1,
        1000,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        3 * CHUNK,
        5 * CHUNK + 7,
    ];
    for length in lengths {
        for (dtype, outputs) in
            [(DType::F32, 1), (DType::F32, 3), (DType::F32, 9), (DType::F16, 9), (DType::I8, 10), (DType::I32, 13)]
        {
            let shape = [outputs, length];
            let registers = values(dtype, outputs * length, &mut numbers);
            for kind in kinds(dtype) {
                for order in [[0, 1], [1, 0]] {
                    check(kind, dtype, &shape, 1, &registers, &order, true, &mut numbers);
                }
            }
        }
    }
    for width in [7, 8, 63, 64, 65, GATHERED_WIDTH - 1, GATHERED_WIDTH + 1, WIDTH - 1, WIDTH, WIDTH + 1, 2 * WIDTH + 3]
    {
        for length in [2, 16, 40, 130] {
            for dtype in [DType::F32, DType::BF16, DType::U32] {
                let registers = values(dtype, width * length, &mut numbers);
                for kind in kinds(dtype) {
                    check(kind, dtype, &[width, length], 1, &registers, &[1, 0], true, &mut numbers);
                }
            }
        }
    }
}

#[test]
fn bools_are_counted_and_joined_at_the_edges_of_vectors_and_chunks() {
    for n in [1, 15, 16, 63, 64, 65, 200, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 77] {
        // All, none, and all or none but one; one more in front, so that rows lie at odd addresses.
        for (most, other) in [(1u8, 1u8), (0, 0), (1, 0), (0, 1)] {
            for at in [0, n / 2, n - 1] {
                let mut bools = vec![most; n + 1];
                bools[1 + at] = other;
                let view = || View::new(&bools, 1, DType::Bool, Layout::contiguous(&[n]).unwrap()).unwrap();
                let ones = bools[1..].iter().map(|&b| u32::from(b)).sum::<u32>();
                let mut count = [0u32];
                run(1, Kind::Sum, ViewMut::of(&mut count, &[]).unwrap(), &[view()], 1, &[]).unwrap();
                assert_eq!(count, [ones], "{n}");
                for (kind, want) in
                    [(Kind::Max, ones > 0), (Kind::Min, ones == n as u32), (Kind::Prod, ones == n as u32)]
                {
                    let mut out = [9u8];
                    let output = ViewMut::new(&mut out, 0, DType::Bool, Layout::contiguous(&[]).unwrap()).unwrap();
                    run(1, kind, output, &[view()], 1, &[]).unwrap();
                    assert_eq!(out, [u8::from(want)], "{kind:?} {n}");
                }
            }
        }
    }
}

#[test]
fn rows_that_are_unevenly_spaced_give_the_same_bits() {
    let mut numbers = Numbers(6);
    // Columns whose panels of rows partly cross from one reduced axis to the next; then rows of several kept axes whose
    // runs are cut by tasks.
    for (shape, reduced, order) in [([21, 3, PANEL + 8], 2, [2, 1, 0]), ([5, 40, 700], 1, [1, 0, 2])] {
        for dtype in [DType::F32, DType::BF16, DType::I32] {
            let registers = values(dtype, shape.iter().product(), &mut numbers);
            for kind in kinds(dtype) {
                check(kind, dtype, &shape, reduced, &registers, &order, true, &mut numbers);
            }
        }
    }
}

#[test]
fn long_reductions_give_equal_bits_for_rows_columns_and_threads() {
    let mut numbers = Numbers(3);
    let length = 37 * CHUNK + 1234;
    for dtype in [DType::F32, DType::F16] {
        let registers = values(dtype, 8 * length, &mut numbers);
        for kind in [Kind::Sum, Kind::Max, Kind::ArgMax] {
            check(kind, dtype, &[8, length], 1, &registers, &[0, 1], true, &mut numbers);
            check(kind, dtype, &[8, length], 1, &registers, &[1, 0], true, &mut numbers);
            check(kind, dtype, &[8 * length], 1, &registers, &[0], true, &mut numbers);
        }
    }
}

/// One reduction of a row of f32.
fn row_of(kind: Kind, x: &[f32]) -> u32 {
    let mut out = [0u32];
    // SAFETY: a word is an f32 or an i32.
    let bytes = unsafe { core::slice::from_raw_parts_mut(out.as_mut_ptr().cast::<u8>(), 4) };
    let dtype = if kind.is_place() { DType::I32 } else { DType::F32 };
    let output = ViewMut::new(bytes, 0, dtype, Layout::contiguous(&[]).unwrap()).unwrap();
    run(1, kind, output, &[View::of(x, &[x.len()]).unwrap()], 1, &[]).unwrap();
    out[0]
}

#[test]
fn nan_infinities_and_signed_zeros_are_as_stated() {
    const NAN: f32 = f32::NAN;
    const INF: f32 = f32::INFINITY;
    let float = |kind, x: &[f32]| f32::from_bits(row_of(kind, x));
    assert_eq!(row_of(Kind::ArgMax, &[1.0, NAN, 3.0, NAN]), 1);
    assert_eq!(row_of(Kind::ArgMin, &[1.0, -3.0, -NAN, NAN]), 2);
    assert_eq!(row_of(Kind::ArgMax, &[-INF, -INF]), 0);
    assert_eq!(row_of(Kind::ArgMin, &[INF, INF, INF]), 0);
    assert_eq!(row_of(Kind::ArgMax, &[-1.0, -0.0, 0.0]), 1);
    assert_eq!(row_of(Kind::ArgMin, &[1.0, 0.0, -0.0]), 1);
    assert_eq!(row_of(Kind::ArgMax, &[2.0, INF, NAN, INF]), 2);
    assert!(float(Kind::Max, &[1.0, -NAN, INF]).is_nan());
    assert!(float(Kind::Min, &[1.0, NAN, -INF]).is_nan());
    assert_eq!(float(Kind::Max, &[-0.0, 0.0, -0.0]).to_bits(), 0);
    assert_eq!(float(Kind::Min, &[0.0, -0.0, 0.0]).to_bits(), 0x8000_0000);
    assert_eq!(float(Kind::Max, &[-0.0, -1.0]).to_bits(), 0x8000_0000);
    assert_eq!(float(Kind::Max, &[-INF, -INF]), -INF);
    assert_eq!(float(Kind::Max, &[f32::MIN_POSITIVE / 4.0, -1.0]), f32::MIN_POSITIVE / 4.0);
    assert_eq!(float(Kind::Sum, &[-0.0; 5]).to_bits(), 0x8000_0000);
    assert_eq!(float(Kind::Sum, &[-0.0, 0.0]).to_bits(), 0);
    assert!(float(Kind::Sum, &[INF, 1.0, -INF]).is_nan());
    assert_eq!(float(Kind::Sum, &[INF, 1.0]), INF);
}

#[test]
fn rows_and_columns_of_one_sign_take_every_way_to_their_extremes() {
    let mut numbers = Numbers(7);
    let shape = [37, 133];
    for sign in [0, 0x8000_0000] {
        for special in [0u32, 0x8000_0000, 0x7fc0_0000, 0xffc0_0000, 0x7f80_0000, 0xff80_0000, 1] {
            let mut registers = values(DType::F32, 37 * 133, &mut numbers);
            registers.iter_mut().for_each(|x| *x = *x & !0x8000_0000 | sign);
            for _ in 0..9 {
                let at = numbers.below(registers.len());
                registers[at] = special;
            }
            for kind in [Kind::Max, Kind::Min, Kind::ArgMax, Kind::ArgMin] {
                for order in [[0, 1], [1, 0]] {
                    check(kind, DType::F32, &shape, 1, &registers, &order, true, &mut numbers);
                }
            }
        }
    }
}

#[test]
fn nothing_to_reduce_gives_the_neutral_element_and_no_outputs_give_none() {
    let mut numbers = Numbers(4);
    for dtype in DType::ALL {
        for kind in kinds(dtype).filter(|kind| !kind.is_place()) {
            check(kind, dtype, &[3, 0, 2], 2, &[], &[0, 1, 2], true, &mut numbers);
            check(kind, dtype, &[0, 3], 1, &[], &[0, 1], true, &mut numbers);
        }
    }
    assert_eq!(f32::from_bits(row_of(Kind::Max, &[])), f32::NEG_INFINITY);
    let mut out = [0i32; 3];
    let input = View::of::<f32>(&[], &[3, 0]).unwrap();
    let refused = run(1, Kind::ArgMax, ViewMut::of(&mut out, &[3]).unwrap(), &[input], 1, &[]);
    assert_eq!(refused, Err(Fault::Shape));
}

#[test]
fn broadcast_inputs_are_reduced_by_their_zero_strides() {
    let x: Vec<f32> = (0..40).map(|i| i as f32).collect();
    for (shape, strides, want) in [([40, 100], [1, 0], 100.0), ([40, 5000], [1, 0], 5000.0)] {
        // SAFETY: the region is the vector.
        let input = unsafe {
            View::within(x.as_ptr().cast(), 160, 0, DType::F32, Layout::new(&shape, &strides).unwrap()).unwrap()
        };
        let mut out = [0f32; 40];
        run(2, Kind::Sum, ViewMut::of(&mut out, &[40]).unwrap(), &[input], 1, &[]).unwrap();
        for (i, &y) in out.iter().enumerate() {
            assert_eq!(y, i as f32 * want);
        }
    }
}

#[test]
fn a_prologue_gives_the_bits_of_its_separate_operations() {
    let mut numbers = Numbers(5);
    let program = [Op::load.word(0, 0, 0), Op::load.word(1, 1, 0), Op::mul_f32.word(2, 0, 1), Op::store.word(0, 2, 0)];
    for (outputs, length) in [(3, 5000), (700, 33), (40, 8), (1, 1), (9, 4097)] {
        let count = outputs * length;
        let (a, b) = (values(DType::F32, count, &mut numbers), values(DType::F32, count, &mut numbers));
        let product: Vec<u32> =
            a.iter().zip(&b).map(|(&a, &b)| (f32::from_bits(a) * f32::from_bits(b)).to_bits()).collect();
        for (first, second) in [([0, 1], [0, 1]), ([0, 1], [1, 0]), ([1, 0], [1, 0])] {
            let a = Array::new(DType::F32, &[outputs, length], &a, &first, false, &mut numbers);
            let b = Array::new(DType::F32, &[outputs, length], &b, &second, true, &mut numbers);
            for kind in Kind::ALL {
                let dtype = if kind.is_place() { DType::I32 } else { DType::F32 };
                let mut out = Array::new(dtype, &[outputs], &vec![0; outputs], &[0], true, &mut numbers);
                run(2, kind, out.view_mut(), &[a.view(), b.view()], 1, &program).unwrap();
                for i in 0..outputs {
                    let want = encode(dtype, expected(kind, DType::F32, &product[i * length..(i + 1) * length]));
                    assert!(same(dtype, out.element(i), &want), "{kind:?} {outputs} {length} {i}");
                }
            }
        }
    }
}

#[test]
fn helpers_for_rows_agree_with_the_kernel() {
    let mut numbers = Numbers(6);
    for n in [0, 1, 3, 16, 100, CHUNK, CHUNK + 1, 3 * CHUNK + 5, 11 * CHUNK] {
        let x: Vec<f32> = (0..n).map(|_| numbers.float()).collect();
        // SAFETY: the vector has `n` elements.
        let (sum, max) = unsafe { (sum_row::<Live>(x.as_ptr(), n), max_row::<Live>(x.as_ptr(), n)) };
        assert_eq!(sum.to_bits(), row_of(Kind::Sum, &x));
        assert_eq!(max.to_bits(), row_of(Kind::Max, &x));
    }
}

#[test]
fn bad_operands_are_refused() {
    let x = [0f32; 12];
    let input = || View::of(&x, &[3, 4]).unwrap();
    let mut out = [0f32; 3];
    let mut place = [0f32; 3];
    let mut bools = [0u8; 3];
    let go = |kind, output: ViewMut, inputs: &[View], reduced, program: &[u32]| {
        reduce(&Pool::serial(), kind, output, inputs, reduced, program, &mut [])
    };
    assert_eq!(go(Kind::Sum, ViewMut::of(&mut out, &[3]).unwrap(), &[], 1, &[]), Err(Fault::Arity));
    assert_eq!(go(Kind::Sum, ViewMut::of(&mut out, &[3]).unwrap(), &[input(), input()], 1, &[]), Err(Fault::Arity));
    assert_eq!(go(Kind::Sum, ViewMut::of(&mut out, &[3]).unwrap(), &[input()], 3, &[]), Err(Fault::Rank));
    assert_eq!(go(Kind::Sum, ViewMut::of(&mut out, &[3]).unwrap(), &[input()], 2, &[]), Err(Fault::Rank));
    assert_eq!(go(Kind::Sum, ViewMut::of(&mut out[..2], &[2]).unwrap(), &[input()], 1, &[]), Err(Fault::Shape));
    assert_eq!(go(Kind::ArgMax, ViewMut::of(&mut place, &[3]).unwrap(), &[input()], 1, &[]), Err(Fault::DType));
    assert_eq!(go(Kind::Sum, ViewMut::of(&mut bools, &[3]).unwrap(), &[input()], 1, &[]), Err(Fault::DType));
    assert_eq!(go(Kind::Sum, ViewMut::of(&mut out, &[3]).unwrap(), &[input()], 1, &[255]), Err(Fault::Program));
    let long = vec![0f32; CHUNK + 1];
    let input = View::of(&long, &[CHUNK + 1]).unwrap();
    assert_eq!(go(Kind::Sum, ViewMut::of(&mut out[..1], &[]).unwrap(), &[input], 1, &[]), Err(Fault::Memory));
    assert_eq!(Kind::from_code(6), Err(Fault::Parameter));
}
