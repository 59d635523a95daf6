use super::{Plan, copy, nest::Nest, reference, transpose::side};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

/// A small generator of test data and cases (the multiplier and increment are Knuth's MMIX).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }
    pub fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n
    }
    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.next() as u8).collect()
    }
}

/// A buffer that fits a layout whose lowest offset may be negative: length in bytes and where the view starts.
pub fn room(layout: &Layout, dtype: DType) -> (usize, usize) {
    let (low, high) = layout.extent().unwrap().unwrap_or((0, -1));
    ((high - low + 1) as usize * dtype.size(), (-low) as usize * dtype.size())
}

/// Copies by the kernel and by the reference, with bytes around the output that must not change.
fn check(dtype: DType, dst: Layout, src: Layout, threads: usize) {
    let mut random = Random(dst.len() as u64);
    let (len, at) = room(&src, dtype);
    let input = random.bytes(len);
    let (len, to) = room(&dst, dtype);
    let before = random.bytes(len + 64);
    let (mut got, mut want) = (before.clone(), before);
    let input = View::new(&input, at, dtype, src).unwrap();
    copy(&Pool::new(threads), ViewMut::new(&mut got, to + 32, dtype, dst).unwrap(), input).unwrap();
    reference::copy(&ViewMut::new(&mut want, to + 32, dtype, dst).unwrap(), &input);
    assert!(got == want, "{dtype:?} {dst:?} {src:?}, {threads} threads");
}

pub fn transposed(shape: &[usize], order: &[usize]) -> Layout {
    // The contiguous layout of the permuted shape, seen from the original order of axes.
    let permuted: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
    let fresh = Layout::contiguous(&permuted).unwrap();
    let mut strides = vec![0; shape.len()];
    for (at, &axis) in order.iter().enumerate() {
        strides[axis] = fresh.strides[at];
    }
    Layout::new(shape, &strides).unwrap()
}

#[test]
fn contiguous_of_every_small_length() {
    for dtype in [DType::U8, DType::F16, DType::F32] {
        for n in (0..150).chain([2047, 2048, 2049, 4096, 70_001]) {
            let layout = Layout::contiguous(&[n]).unwrap();
            check(dtype, layout, layout, 1);
        }
    }
}

#[test]
fn scalars_and_empty_arrays() {
    let scalar = Layout::contiguous(&[]).unwrap();
    check(DType::F32, scalar, scalar, 1);
    check(DType::I8, scalar, scalar, 3);
    check(DType::F32, Layout::contiguous(&[3, 0, 2]).unwrap(), Layout::contiguous(&[3, 0, 2]).unwrap(), 1);
}

#[test]
fn transposes_at_the_edges_of_blocks_and_tiles() {
    for dtype in [DType::U8, DType::Bool, DType::F16, DType::F32] {
        for m in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127, 128, 129, 200] {
            for n in [1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 33, 64, 65, 129] {
                check(dtype, transposed(&[m, n], &[0, 1]), transposed(&[m, n], &[1, 0]), 1);
            }
        }
        let side = side(dtype.size());
        for (m, n) in [(side - 1, side + 1), (side + 1, 70), (40, 2 * side + 3), (side, 2 * side), (2048, 33)] {
            check(dtype, transposed(&[m, n], &[0, 1]), transposed(&[m, n], &[1, 0]), 2);
        }
        check(dtype, transposed(&[3, 5000], &[0, 1]), transposed(&[3, 5000], &[1, 0]), 2);
        check(dtype, transposed(&[5000, 3], &[0, 1]), transposed(&[5000, 3], &[1, 0]), 2);
        check(dtype, transposed(&[40_000, 1, 2], &[0, 1, 2]), transposed(&[40_000, 1, 2], &[2, 0, 1]), 3);
    }
}

#[test]
fn transposes_of_runs() {
    // The innermost axis stays, as in a swap of heads and positions: units of 2 to 16 bytes, and rows.
    for dtype in [DType::U8, DType::F16, DType::F32] {
        for run in [1, 2, 3, 4, 8, 16, 24] {
            let shape = [37, 66, run];
            check(dtype, transposed(&shape, &[0, 1, 2]), transposed(&shape, &[1, 0, 2]), 1);
        }
    }
}

#[test]
fn broadcasts() {
    for dtype in [DType::U8, DType::F16, DType::F32] {
        for n in [1, 3, 4, 15, 16, 17, 100] {
            let shape = [6, n, 5];
            let out = Layout::contiguous(&shape).unwrap();
            for strides in [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [5, 0, 1], [n as isize, 1, 0], [0, 5, 1]] {
                check(dtype, out, Layout::new(&shape, &strides).unwrap(), 1);
            }
        }
    }
}

#[test]
fn rows_backward_at_the_edges_of_vectors_and_tiles() {
    for dtype in [DType::U8, DType::F16, DType::F32] {
        for n in (0..40).chain([63, 64, 65, 127, 128, 129, 1000, (1 << 20) + 3]) {
            let line = Layout::contiguous(&[n]).unwrap();
            let back = Layout::new(&[n], &[-1]).unwrap();
            check(dtype, line, back, 1);
            check(dtype, back, line, 2);
            if n < 2000 {
                let shape = [3, n, 2];
                let wide = Layout::new(&shape, &[4 * n as isize + 7, 2, 1]).unwrap();
                for strides in [[2, 2, -1], [2, -2, -1], [-2, -2, 1], [-2, 2, -1]] {
                    let strides = [strides[0] * n.max(1) as isize, strides[1], strides[2]];
                    check(dtype, wide, Layout::new(&shape, &strides).unwrap(), 1);
                }
            }
        }
    }
}

#[test]
fn random_layouts_and_threads() {
    let mut random = Random(7);
    for case in 0..600 {
        let rank = random.below(6);
        let big = case % 10 == 0;
        let shape: Vec<usize> = (0..rank).map(|axis| 1 + random.below(if big && axis < 2 { 150 } else { 7 })).collect();
        let mut order: Vec<usize> = (0..rank).collect();
        let mut layout = |random: &mut Random, input: bool| {
            for i in (1..rank).rev() {
                order.swap(i, random.below(i + 1));
            }
            let fresh = transposed(&shape, &order);
            // Gaps between elements, flipped axes, and in inputs broadcast ones.
            let gap = [1, 1, 1, 2, 3][random.below(5)];
            let strides: Vec<isize> = fresh
                .strides()
                .iter()
                .map(|&stride| match random.below(6) {
                    0 => -stride * gap,
                    1 if input => 0,
                    _ => stride * gap,
                })
                .collect();
            Layout::new(&shape, &strides).unwrap()
        };
        let (dst, src) = (layout(&mut random, false), layout(&mut random, true));
        let dtype = [DType::U8, DType::BF16, DType::I32][random.below(3)];
        for threads in if big { vec![1, 2, 3, 5] } else { vec![1] } {
            check(dtype, dst, src, threads);
        }
    }
}

#[test]
fn large_copies_by_several_threads() {
    let shape = [3, 700, 301];
    for threads in [1, 2, 3, 5] {
        check(DType::F32, transposed(&shape, &[0, 1, 2]), transposed(&shape, &[0, 2, 1]), threads);
        check(DType::U8, transposed(&shape, &[0, 1, 2]), transposed(&shape, &[2, 0, 1]), threads);
        check(DType::F16, transposed(&shape, &[0, 1, 2]), transposed(&shape, &[0, 1, 2]), threads);
    }
}

#[test]
fn refusals() {
    let pool = Pool::serial();
    let layout = |shape: &[usize]| Layout::contiguous(shape).unwrap();
    let mut out = [0u8; 16];
    let ones = [1u8; 16];
    let mut run = |dtype, shape: &[usize]| {
        let input = View::new(&ones, 0, dtype, layout(shape)).unwrap();
        copy(&pool, ViewMut::new(&mut out, 0, DType::U8, layout(&[4])).unwrap(), input)
    };
    assert_eq!(run(DType::I8, &[4]), Err(Fault::DType));
    assert_eq!(run(DType::U8, &[5]), Err(Fault::Shape));
    assert_eq!(run(DType::U8, &[4, 1]), Err(Fault::Shape));
    assert_eq!(out, [0; 16]);

    let mut data: Vec<u8> = (0..16).collect();
    let base = data.as_mut_ptr();
    let run = |to, from, dst: &[isize], src: &[isize]| {
        let shape = [3, 2];
        // SAFETY: the buffer outlives the call, and no reference into it is used meanwhile.
        unsafe {
            let output = ViewMut::within(base, 16, to, DType::U8, Layout::new(&shape, dst).unwrap()).unwrap();
            let input = View::within(base, 16, from, DType::U8, Layout::new(&shape, src).unwrap()).unwrap();
            copy(&pool, output, input)
        }
    };
    assert_eq!(run(0, 0, &[2, 1], &[2, 1]), Ok(()));
    assert_eq!(run(5, 5, &[-2, -1], &[-2, -1]), Ok(()));
    assert_eq!(run(0, 0, &[2, 1], &[1, 3]), Err(Fault::Overlap));
    assert_eq!(run(0, 1, &[2, 1], &[2, 1]), Err(Fault::Overlap));
    assert_eq!(run(5, 0, &[-2, -1], &[2, 1]), Err(Fault::Overlap));
    assert_eq!(data, (0..16).collect::<Vec<u8>>());
}

#[test]
fn the_grid_covers_every_tile_once() {
    let shape = [5, 2 * side(4) + 2, side(4) + 6];
    let nest = Nest::new(&transposed(&shape, &[0, 1, 2]), &transposed(&shape, &[0, 2, 1]), 4);
    let plan = Plan::new(&nest);
    assert_eq!(plan.tiles, 5 * 3 * 2);
    assert!(plan.tasks() * plan.tiles_per_task >= plan.tiles);
}
