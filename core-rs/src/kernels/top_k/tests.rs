//! Bits against sorting by comparison, for every dtype, length, `k`, layout and way of running.

use super::{NOTES, STEP, TILE, top_k, top_k_scratch};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::copy::tests::{Random, transposed};
use crate::kernels::sort::order::SEGMENT;
use crate::kernels::sort::tests::{Memory, bits, bytes_of, scratch};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

/// Where an element stands in the total order.
fn rank(dtype: DType, bits: u32) -> i64 {
    let width = 8 * dtype.size() as u32;
    let sign = i64::from(bits >> (width - 1));
    let magnitude = i64::from(bits) & ((1 << (width - 1)) - 1);
    match dtype {
        DType::F32 | DType::F16 | DType::BF16 if sign == 1 => -1 - magnitude,
        DType::I8 | DType::I16 | DType::I32 if sign == 1 => magnitude - (1 << (width - 1)),
        _ => i64::from(bits),
    }
}

fn check(mut input: Memory, outputs: [Layout; 2], pool: &Pool) {
    let dtype = input.dtype;
    let (mut values, mut places) = (Memory::new(dtype, outputs[0]), Memory::new(DType::I32, outputs[1]));
    {
        let (v, p) = (values.view_mut(), places.view_mut());
        let mut room = scratch(top_k_scratch(&v, &p, &input.view(), pool.threads()).unwrap());
        top_k(pool, v, p, input.view(), bytes_of(&mut room)).unwrap();
    }
    let (n, k) = (*input.layout.shape().last().unwrap(), *outputs[0].shape().last().unwrap());
    let (x, values, places) = (input.elements(), values.elements(), places.elements());
    for (row, x) in x.chunks(n.max(1)).enumerate() {
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&place| -rank(dtype, x[place]));
        for i in 0..k {
            let (value, place) = (values[row * k + i], places[row * k + i] as usize);
            assert!(
                value == x[order[i]] && place == order[i],
                "{dtype:?} {:?} k {k}, {} threads, row {row} element {i}: {value:x} at {place}, not {:x} at {}",
                input.layout,
                pool.threads(),
                x[order[i]],
                order[i]
            );
        }
    }
}

fn layout(shape: &[usize]) -> Layout {
    Layout::contiguous(shape).unwrap()
}

#[test]
fn every_dtype_length_and_k() {
    let mut random = Random(1);
    let pool = Pool::serial();
    let edge = NOTES + STEP;
    for n in [1, 2, 5, 17, 100, edge - 1, edge, edge + 1, edge + 15, edge + 16, edge + 17, edge + TILE, 5000] {
        for k in [0, 1, 2, 5, 64, 65, 300, n / 2, n - 1, n] {
            if k > n {
                continue;
            }
            for dtype in DType::ALL {
                for kind in 0..4 {
                    let rows = if n > 1000 { 1 } else { 2 };
                    let x = Memory::new(dtype, layout(&[rows, n])).fill(|d| bits(kind, d, &mut random));
                    check(x, [layout(&[rows, k]); 2], &pool);
                }
            }
        }
    }
}

#[test]
fn rising_and_falling() {
    let pool = Pool::serial();
    for n in [300usize, 3000, 20_000] {
        for k in [1, 5, 64, 1000.min(n / 5)] {
            for turned in [false, true] {
                let mut next = 0f32;
                let up = |_| {
                    next += 1.0;
                    (if turned { 1e4 - next } else { next }).to_bits()
                };
                check(Memory::new(DType::F32, layout(&[n])).fill(up), [layout(&[k]); 2], &pool);
            }
        }
    }
}

#[test]
fn long_rows_are_shared() {
    for n in [2 * SEGMENT, 2 * SEGMENT + 1, 3 * SEGMENT + 777] {
        for threads in [1, 2, 3, 5] {
            let pool = Pool::new(threads);
            let mut random = Random(n as u64);
            for k in [1, 64, 1024, 5000] {
                for (dtype, kind) in [(DType::F32, 0), (DType::F32, 3), (DType::I16, 0), (DType::U8, 2)] {
                    let x = Memory::new(dtype, layout(&[n])).fill(|d| bits(kind, d, &mut random));
                    check(x, [layout(&[k]); 2], &pool);
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
        let mut shape: Vec<usize> = (0..rank).map(|_| 1 + random.below(most)).collect();
        if shape.iter().product::<usize>() > 50_000 {
            continue;
        }
        if rank < 3 && case % 2 == 0 {
            shape[rank - 1] *= 50;
        }
        let mut pick = |shape: &[usize], input: bool| {
            let mut order: Vec<usize> = (0..rank).collect();
            for i in (1..rank).rev() {
                order.swap(i, random.below(i + 1));
            }
            let gap = [1, 1, 2][random.below(3)];
            let strides: Vec<isize> = transposed(shape, &order)
                .strides()
                .iter()
                .map(|&stride| match random.below(8) {
                    0 => -stride * gap,
                    1 if input => 0,
                    _ => stride * gap,
                })
                .collect();
            Layout::new(shape, &strides).unwrap()
        };
        let from = pick(&shape, true);
        shape[rank - 1] = 1 + case % shape[rank - 1];
        let outputs = [pick(&shape, false), pick(&shape, false)];
        let (dtype, kind) = (DType::ALL[random.below(10)], random.below(4));
        let x = Memory::new(dtype, from).fill(|d| bits(kind, d, &mut random));
        check(x, outputs, &pools[case % 4]);
    }
}

#[test]
fn nothing_is_valid_and_bad_operands_are_refused() {
    let pool = Pool::serial();
    let of = |dtype, shape: &[usize]| Memory::new(dtype, layout(shape));
    let run = |mut values: Memory, mut places: Memory, input: Memory| {
        top_k(&pool, values.view_mut(), places.view_mut(), input.view(), bytes_of(&mut scratch(4096)))
    };
    let (f, i) = (DType::F32, DType::I32);
    assert_eq!(run(of(f, &[0]), of(i, &[0]), of(f, &[0])), Ok(()));
    assert_eq!(run(of(f, &[0, 2]), of(i, &[0, 2]), of(f, &[0, 3])), Ok(()));
    assert_eq!(run(of(f, &[2, 0]), of(i, &[2, 0]), of(f, &[2, 3])), Ok(()));
    assert_eq!(run(of(f, &[4]), of(i, &[4]), of(f, &[3])), Err(Fault::Shape));
    assert_eq!(run(of(f, &[2]), of(i, &[3]), of(f, &[3])), Err(Fault::Shape));
    assert_eq!(run(of(f, &[3, 2]), of(i, &[3, 2]), of(f, &[2, 3])), Err(Fault::Shape));
    assert_eq!(run(of(f, &[]), of(i, &[]), of(f, &[])), Err(Fault::Rank));
    assert_eq!(run(of(f, &[2]), of(f, &[2]), of(f, &[3])), Err(Fault::DType));
    assert_eq!(run(of(i, &[2]), of(i, &[2]), of(f, &[3])), Err(Fault::DType));
    assert_eq!(run(of(f, &[400]), of(i, &[400]), of(f, &[1000])), Err(Fault::Memory));
    let mut words = [0u32; 8];
    let base = words.as_mut_ptr().cast::<u8>();
    // SAFETY: the region is the array, which no reference is used for while the views live.
    unsafe {
        let input = |at| View::within(base, 32, at, DType::U32, layout(&[3])).unwrap();
        let output = |at| ViewMut::within(base, 32, at, DType::U32, layout(&[2])).unwrap();
        let mut room = scratch(4096);
        let room = bytes_of(&mut room);
        assert_eq!(top_k(&pool, output(0), output(8), input(4), room), Err(Fault::Overlap));
        assert_eq!(top_k(&pool, output(0), output(4), input(16), room), Err(Fault::Overlap));
        assert_eq!(top_k(&pool, output(0), output(8), input(16), room), Ok(()));
        assert_eq!(top_k(&pool, output(0), output(8), input(16), &mut room[4..]), Err(Fault::Alignment));
    }
}
