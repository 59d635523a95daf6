//! Bits against sorting by comparison, for every dtype, length, layout and way of running.

use super::order::{FEW, SEGMENT};
use super::{Options, reference, sort, sort_scratch};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::copy::tests::{Random, room, transposed};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

/// Memory of an operand: words, so that any dtype is aligned, and the first element's byte.
pub struct Memory {
    words: Vec<u32>,
    pub start: usize,
    pub dtype: DType,
    pub layout: Layout,
}

impl Memory {
    pub fn new(dtype: DType, layout: Layout) -> Memory {
        let (len, start) = room(&layout, dtype);
        Memory { words: vec![0xa5a5_a5a5; len / 4 + 2], start, dtype, layout }
    }

    pub fn bytes(&mut self) -> &mut [u8] {
        let len = self.words.len() * 4;
        // SAFETY: words are bytes, and any bytes are words.
        unsafe { core::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), len) }
    }

    /// Fills it with elements of these bits.
    pub fn fill(mut self, mut bits: impl FnMut(DType) -> u32) -> Memory {
        let (dtype, size) = (self.dtype, self.dtype.size());
        for element in self.bytes().chunks_exact_mut(size) {
            element.copy_from_slice(&bits(dtype).to_le_bytes()[..size]);
        }
        self
    }

    pub fn view(&self) -> View<'_> {
        let len = self.words.len() * 4;
        // SAFETY: the vector, which lives as long as the view.
        unsafe { View::within(self.words.as_ptr().cast(), len, self.start, self.dtype, self.layout).unwrap() }
    }

    pub fn view_mut(&mut self) -> ViewMut<'_> {
        let (start, dtype, layout) = (self.start, self.dtype, self.layout);
        ViewMut::new(self.bytes(), start, dtype, layout).unwrap()
    }

    /// The bits of the elements in row-major order.
    pub fn elements(&mut self) -> Vec<u32> {
        let (layout, size, start) = (self.layout, self.dtype.size(), self.start as isize);
        let bytes = self.bytes();
        (0..layout.len())
            .map(|mut flat| {
                let mut at = 0isize;
                for axis in (0..layout.rank).rev() {
                    at += (flat % layout.shape[axis]) as isize * layout.strides[axis];
                    flat /= layout.shape[axis];
                }
                let mut word = [0; 4];
                word[..size].copy_from_slice(&bytes[(start + at * size as isize) as usize..][..size]);
                u32::from_le_bytes(word)
            })
            .collect()
    }
}

/// Scratch of so many bytes.
pub fn scratch(bytes: usize) -> Vec<u64> {
    vec![0x5a5a_5a5a_5a5a_5a5a; bytes.div_ceil(8)]
}

pub fn bytes_of(words: &mut [u64]) -> &mut [u8] {
    // SAFETY: words are bytes.
    unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), words.len() * 8) }
}

/// Sorts and compares every output's bits with the reference.
fn check(mut inputs: Vec<Memory>, outputs: &[Layout], options: Options, pool: &Pool) {
    let places = usize::from(options.places);
    let mut results: Vec<Memory> = outputs
        .iter()
        .enumerate()
        .map(|(o, &layout)| Memory::new(if o < places { DType::I32 } else { inputs[o - places].dtype }, layout))
        .collect();
    {
        let given: Vec<View> = inputs.iter().map(Memory::view).collect();
        let made: Vec<ViewMut> = results.iter_mut().map(Memory::view_mut).collect();
        let mut room = scratch(sort_scratch(&made, &given, options, pool.threads()).unwrap());
        sort(pool, &made, &given, options, bytes_of(&mut room)).unwrap();
    }
    let n = *inputs[0].layout.shape().last().unwrap();
    let elements: Vec<Vec<u32>> = inputs.iter_mut().map(Memory::elements).collect();
    let got: Vec<Vec<u32>> = results.iter_mut().map(Memory::elements).collect();
    for start in (0..elements[0].len()).step_by(n.max(1)) {
        let row = |operand: usize| elements[operand][start..start + n].to_vec();
        let keys: Vec<_> = (0..options.keys).map(|key| (inputs[key].dtype, row(key))).collect();
        let order = reference::places(&keys, options.descending);
        for (o, got) in got.iter().enumerate() {
            let want: Vec<u32> = match o.checked_sub(places) {
                None => order.iter().map(|&place| place as u32).collect(),
                Some(operand) => order.iter().map(|&place| elements[operand][start + place]).collect(),
            };
            let first = (0..n).find(|&k| got[start + k] != want[k]);
            assert!(
                first.is_none(),
                "{options:?} {:?} {:?} output {o}, {} threads, element {first:?} of {n}",
                keys.iter().map(|key| key.0).collect::<Vec<_>>(),
                inputs[0].layout,
                pool.threads()
            );
        }
    }
}

fn layout(shape: &[usize]) -> Layout {
    Layout::contiguous(shape).unwrap()
}

const PLAIN: Options = Options { keys: 1, descending: false, places: false };

/// Bits of a kind: any, few different ones, all equal, special floats.
pub fn bits(kind: usize, dtype: DType, random: &mut Random) -> u32 {
    let any = random.next() << 1 | random.next() & 1;
    let special: [u32; 10] = match dtype {
        DType::F32 => {
            [0, 1 << 31, 0x7fc0_0000, 0xffc0_0001, 0x7f80_0001, 0x7f80_0000, 0xff80_0000, 0x3f80_0000, 0xbf80_0000, 1]
        }
        DType::F16 => [0, 1 << 15, 0x7e00, 0xfe01, 0x7c01, 0x7c00, 0xfc00, 0x3c00, 0xbc00, 1],
        DType::BF16 => [0, 1 << 15, 0x7fc0, 0xffc1, 0x7f81, 0x7f80, 0xff80, 0x3f80, 0xbf80, 1],
        _ => [0, u32::MAX, 1 << 31, i32::MAX as u32, 0x7f, 0x80, 0x7fff, 0x8000, 1, 2],
    };
    let bits = match kind {
        0 => any,
        1 => any & 3,
        2 => 7,
        _ => special[random.below(10)],
    };
    if dtype == DType::Bool { bits & 1 } else { bits }
}

#[test]
fn one_operand_of_every_length_and_dtype() {
    let mut random = Random(1);
    let pool = Pool::serial();
    for n in (1..20).chain([31, 32, 33, 63, 64, 65, 100, FEW - 1, FEW, FEW + 1, 1000, (1 << 14) - 1, 1 << 14]) {
        for dtype in DType::ALL {
            for kind in 0..4 {
                for descending in [false, true] {
                    let rows = if n > 2000 { 1 } else { 3 };
                    let x = || Memory::new(dtype, layout(&[rows, n]));
                    let options = Options { descending, ..PLAIN };
                    check(vec![x().fill(|d| bits(kind, d, &mut random))], &[layout(&[rows, n])], options, &pool);
                    let options = Options { places: true, ..options };
                    check(vec![x().fill(|d| bits(kind, d, &mut random))], &[layout(&[rows, n]); 2], options, &pool);
                    check(vec![x().fill(|d| bits(kind, d, &mut random))], &[layout(&[rows, n])], options, &pool);
                }
            }
        }
    }
}

#[test]
fn sorted_and_reversed() {
    let pool = Pool::serial();
    for n in [2usize, 9, 64, 300, 20_000] {
        for turned in [false, true] {
            for descending in [false, true] {
                let mut next = 0u32;
                let up = |_| {
                    next += 3;
                    (if turned { 1000.0 - next as f32 } else { next as f32 }).to_bits()
                };
                let x = Memory::new(DType::F32, layout(&[n])).fill(up);
                check(vec![x], &[layout(&[n]); 2], Options { descending, places: true, keys: 1 }, &pool);
            }
        }
    }
}

#[test]
fn several_keys_and_operands() {
    let mut random = Random(2);
    let pools = [1, 2, 3, 5].map(Pool::new);
    for case in 0..300 {
        let count = 1 + random.below(8);
        let keys = 1 + random.below(count.min(3));
        let n = [1, 2, 7, 40, 255, 256, 257, 700][random.below(8)];
        let shape = [1 + random.below(5), n];
        let inputs: Vec<Memory> = (0..count)
            .map(|_| {
                let dtype = DType::ALL[random.below(10)];
                let kind = [1, 1, 2, 3][random.below(4)];
                Memory::new(dtype, layout(&shape)).fill(|d| bits(kind, d, &mut random))
            })
            .collect();
        let places = case % 3 == 0;
        let outputs = vec![layout(&shape); count + usize::from(places)];
        check(inputs, &outputs, Options { keys, descending: case % 2 == 0, places }, &pools[case % 4]);
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
        if shape.iter().product::<usize>() > 50_000 {
            continue;
        }
        let mut pick = |input: bool| {
            let mut order: Vec<usize> = (0..rank).collect();
            for i in (1..rank).rev() {
                order.swap(i, random.below(i + 1));
            }
            let gap = [1, 1, 2][random.below(3)];
            let strides: Vec<isize> = transposed(&shape, &order)
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
        let (a, b, outputs) = (pick(true), pick(true), [pick(false), pick(false), pick(false)]);
        let places = case % 2 == 0;
        let mut make = |layout| {
            let (dtype, kind) = (DType::ALL[random.below(10)], random.below(4));
            Memory::new(dtype, layout).fill(|d| bits(kind, d, &mut random))
        };
        let options = Options { keys: 1, descending: case % 3 == 0, places };
        let pool = &pools[case % 4];
        if case % 5 == 0 {
            check(vec![make(a)], &outputs[..1], options, pool);
        } else {
            check(vec![make(a), make(b)], &outputs[..2 + usize::from(places)], options, pool);
        }
    }
}

#[test]
fn long_rows_are_shared() {
    for n in [2 * SEGMENT, 2 * SEGMENT + 1, 3 * SEGMENT - 5] {
        for threads in [1, 2, 3, 5] {
            let pool = Pool::new(threads);
            let mut random = Random(n as u64);
            for (dtype, kind) in [(DType::F32, 0), (DType::F32, 3), (DType::I16, 0), (DType::U8, 1)] {
                let mut x = || Memory::new(dtype, layout(&[n])).fill(|d| bits(kind, d, &mut random));
                check(vec![x()], &[layout(&[n])], PLAIN, &pool);
                let back = Layout::new(&[n], &[-1]).unwrap();
                let options = Options { places: true, descending: true, ..PLAIN };
                check(vec![x()], &[layout(&[n]), back], options, &pool);
                let options = Options { keys: 2, ..PLAIN };
                check(vec![x(), x()], &[layout(&[n]), back], options, &pool);
            }
        }
    }
}

#[test]
fn nothing_is_valid_and_bad_operands_are_refused() {
    let pool = Pool::serial();
    let run = |outputs: &mut [Memory], inputs: &[Memory], options: Options| {
        let given: Vec<View> = inputs.iter().map(Memory::view).collect();
        let made: Vec<ViewMut> = outputs.iter_mut().map(Memory::view_mut).collect();
        sort(&pool, &made, &given, options, bytes_of(&mut scratch(4096)))
    };
    let of = |dtype, shape: &[usize]| Memory::new(dtype, layout(shape));
    for shape in [[0, 3], [3, 0]] {
        assert_eq!(run(&mut [of(DType::F32, &shape)], &[of(DType::F32, &shape)], PLAIN), Ok(()));
    }
    let x = || [of(DType::F32, &[4])];
    let places = Options { places: true, ..PLAIN };
    assert_eq!(run(&mut [], &x(), PLAIN), Err(Fault::Arity));
    assert_eq!(run(&mut [], &x(), places), Err(Fault::Arity));
    assert_eq!(run(&mut [of(DType::F32, &[4]), of(DType::F32, &[4])], &x(), PLAIN), Err(Fault::Arity));
    assert_eq!(run(&mut x(), &[], PLAIN), Err(Fault::Arity));
    assert_eq!(run(&mut x(), &x(), Options { keys: 0, ..PLAIN }), Err(Fault::Parameter));
    assert_eq!(run(&mut x(), &x(), Options { keys: 2, ..PLAIN }), Err(Fault::Parameter));
    assert_eq!(run(&mut x(), &x(), places), Err(Fault::DType));
    assert_eq!(run(&mut [of(DType::I32, &[4])], &x(), PLAIN), Err(Fault::DType));
    assert_eq!(run(&mut [of(DType::F32, &[5])], &x(), PLAIN), Err(Fault::Shape));
    assert_eq!(run(&mut [of(DType::F32, &[])], &[of(DType::F32, &[])], PLAIN), Err(Fault::Rank));
    assert_eq!(run(&mut [of(DType::F32, &[500])], &[of(DType::F32, &[500])], PLAIN), Err(Fault::Memory));
    let mut words = [0u32; 8];
    let base = words.as_mut_ptr().cast::<u8>();
    // SAFETY: the region is the array, which no reference is used for while the views live.
    unsafe {
        let input = |at| View::within(base, 32, at, DType::U32, layout(&[3])).unwrap();
        let output = |at| ViewMut::within(base, 32, at, DType::U32, layout(&[3])).unwrap();
        let other = [0u32; 3];
        let other = View::of(&other, &[3]).unwrap();
        let mut room = scratch(4096);
        let room = bytes_of(&mut room);
        assert_eq!(sort(&pool, &[output(0)], &[input(0)], PLAIN, room), Err(Fault::Overlap));
        assert_eq!(sort(&pool, &[output(0), output(8)], &[other, other], PLAIN, room), Err(Fault::Overlap));
        assert_eq!(sort(&pool, &[output(0)], &[input(12)], PLAIN, room), Ok(()));
        assert_eq!(sort(&pool, &[output(0)], &[input(12)], PLAIN, &mut room[..63]), Err(Fault::Memory));
        assert_eq!(sort(&pool, &[output(0)], &[input(12)], PLAIN, &mut room[4..]), Err(Fault::Alignment));
    }
}
