use super::{Mode, Op, scatter};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::copy::tests::{Random, room, transposed};
use crate::kernels::gather::tests::numbers;
use crate::kernels::reduce::tests::{encode, same};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

const MODES: [Mode; 3] = [Mode::Clip, Mode::Fill, Mode::Wrap];
const OPS: [Op; 5] = [Op::Set, Op::Add, Op::Mul, Op::Min, Op::Max];

/// Elements of a dtype: floats of moderate size with a few special ones, any bits of integers, 0 and 1.
fn elements(random: &mut Random, dtype: DType, bytes: usize) -> Vec<u8> {
    (0..bytes.div_ceil(dtype.size()))
        .flat_map(|_| {
            let bits = random.next() << 1 ^ random.next();
            let float = match random.below(40) {
                0 => f32::NAN,
                1 => f32::INFINITY,
                2 => f32::NEG_INFINITY,
                3 => -0.0,
                4 => 0.0,
                5 => 60000.0,
                _ => bits as i32 as f32 / (1u32 << 29) as f32,
            };
            let bits = if dtype.is_float() { float.to_bits() } else { bits };
            encode(dtype, if dtype == DType::Bool { bits & 1 } else { bits })
        })
        .collect()
}

/// Scatters by the kernel and by the reference, with bytes around and between the output's that must not change. The
/// bits of NaN are not compared with the reference; with another number of threads they are.
fn check(dtype: DType, out: Layout, indices: (DType, Layout), updates: Layout, op: Op, mode: Mode, threads: &[usize]) {
    let mut random = Random(out.len() as u64 + 5);
    let (len, at) = room(&updates, dtype);
    let data = elements(&mut random, dtype, len);
    let split = indices.1.rank - 1;
    let (words, first) = numbers(&mut random, &indices.1, out.shape());
    // SAFETY: the words' bytes, readable while they live.
    let indices = unsafe { View::within(words.as_ptr().cast(), 4 * words.len(), first, indices.0, indices.1).unwrap() };
    let updates = View::new(&data, at, dtype, updates).unwrap();
    let (len, to) = room(&out, dtype);
    let before = elements(&mut random, dtype, len + 64);
    let mut want = before.clone();
    super::reference::scatter(&ViewMut::new(&mut want, to + 32, dtype, out).unwrap(), &indices, &updates, op, mode);
    let mut first: Option<Vec<u8>> = None;
    for &threads in threads {
        let mut got = before.clone();
        let output = ViewMut::new(&mut got, to + 32, dtype, out).unwrap();
        scatter(&Pool::new(threads), output, indices, updates, op, mode).unwrap();
        let size = dtype.size();
        for (i, (got, want)) in got.chunks(size).zip(want.chunks(size)).enumerate() {
            assert!(
                same(dtype, got, want),
                "element {i}: {got:?} not {want:?}: {op:?} {dtype:?} {out:?} {updates:?} {mode:?}, {split}, {threads} threads",
                updates = updates.layout,
            );
        }
        assert!(*first.get_or_insert_with(|| got.clone()) == got, "{threads} threads");
    }
}

fn layout(shape: &[usize]) -> Layout {
    Layout::contiguous(shape).unwrap()
}

#[test]
fn rows_of_every_dtype_and_width() {
    for dtype in DType::ALL {
        for op in OPS {
            for width in (0..20).chain([31, 32, 33, 63, 64, 65, 300]) {
                for mode in MODES {
                    let (out, updates) = (layout(&[7, width]), layout(&[23, width]));
                    check(dtype, out, (DType::I32, layout(&[23, 1])), updates, op, mode, &[1]);
                }
            }
        }
    }
}

#[test]
fn elements_by_one_number_and_by_three() {
    for dtype in DType::ALL {
        for op in OPS {
            for n in [0, 1, 2, 3, 255, 256, 257, 1000] {
                for mode in MODES {
                    check(dtype, layout(&[50]), (DType::I32, layout(&[n, 1])), layout(&[n]), op, mode, &[1]);
                    check(dtype, layout(&[3, 4, 5]), (DType::U32, layout(&[n, 3])), layout(&[n]), op, mode, &[1]);
                }
            }
        }
    }
}

#[test]
fn windows_that_overlap_keep_the_order() {
    for op in OPS {
        for mode in [Mode::Clip, Mode::Fill] {
            for dtype in [DType::F32, DType::BF16, DType::I8] {
                let index = (DType::I32, layout(&[40, 2]));
                check(dtype, layout(&[9, 8]), index, layout(&[40, 3, 5]), op, mode, &[1, 2, 3, 5]);
                check(dtype, layout(&[9, 8, 6]), index, layout(&[40, 3, 1, 6]), op, mode, &[1, 2]);
                check(dtype, transposed(&[9, 8], &[1, 0]), index, layout(&[40, 3, 5]), op, mode, &[1, 2]);
                // A single window, and the whole array.
                check(dtype, layout(&[9, 8]), (DType::I32, layout(&[2])), layout(&[3, 5]), op, mode, &[1, 2]);
                check(dtype, layout(&[9, 8]), (DType::I32, layout(&[3, 0])), layout(&[3, 9, 8]), op, mode, &[1, 2]);
            }
        }
    }
}

#[test]
fn windows_of_one_element_along_indexed_axes_may_wrap() {
    for op in OPS {
        let index = (DType::I32, layout(&[40, 2]));
        check(DType::F32, layout(&[9, 8, 6]), index, layout(&[40, 1, 1, 6]), op, Mode::Wrap, &[1, 2]);
    }
}

#[test]
fn threads_share_windows() {
    let threads = [1, 2, 3, 5];
    for op in OPS {
        for dtype in [DType::F32, DType::F16, DType::U8] {
            for mode in MODES {
                let index = (DType::I32, layout(&[300, 1]));
                check(dtype, layout(&[40, 257]), index, layout(&[300, 257]), op, mode, &threads);
                // A scatter along the last axis of a row-major array; and rows of two axes with a gap.
                let out = transposed(&[50, 200], &[1, 0]);
                check(dtype, out, index, transposed(&[300, 200], &[1, 0]), op, mode, &threads);
                check(dtype, out, index, layout(&[300, 200]), op, mode, &threads);
                let out = Layout::new(&[20, 6, 30], &[400, 60, 2]).unwrap();
                check(dtype, out, index, layout(&[300, 6, 30]), op, mode, &threads);
                // One large window.
                let index = (DType::I32, layout(&[1, 1]));
                check(dtype, layout(&[300, 150]), index, layout(&[1, 200, 150]), op, Mode::Clip, &threads);
            }
        }
    }
}

#[test]
fn random_layouts_and_threads() {
    let mut random = Random(17);
    for case in 0..600 {
        let (by_index, indexed, by_row) = (random.below(3), random.below(3), random.below(3));
        let big = if case % 10 == 0 { 30 } else { 5 };
        let shape: Vec<usize> = (0..indexed + by_row).map(|_| 1 + random.below(big)).collect();
        let counts: Vec<usize> = (0..by_index).map(|_| 1 + random.below(big)).collect();
        let whole = random.below(2) == 0;
        let mode = if whole { MODES[random.below(2)] } else { MODES[case % 3] };
        let window: Vec<usize> = if whole {
            (0..indexed).map(|axis| 1 + random.below(shape[axis])).chain(shape[indexed..].iter().copied()).collect()
        } else {
            shape[indexed..].to_vec()
        };
        let of_updates = [&counts[..], &window].concat();
        if of_updates.iter().product::<usize>() > 100_000 {
            continue;
        }
        let mut layout = |shape: &[usize], input: bool| {
            let mut order: Vec<usize> = (0..shape.len()).collect();
            if random.below(2) == 0 {
                for i in (1..order.len()).rev() {
                    order.swap(i, random.below(i + 1));
                }
            }
            let gap = [1, 1, 1, 2][random.below(4)];
            let turn = |&stride: &isize| match random.below(8) {
                0 => -stride * gap,
                1 if input => 0,
                _ => stride * gap,
            };
            Layout::new(shape, &transposed(shape, &order).strides().iter().map(turn).collect::<Vec<_>>()).unwrap()
        };
        let out = layout(&shape, false);
        let indices = layout(&[&counts[..], &[indexed]].concat(), true);
        let updates = layout(&of_updates, true);
        let dtype = DType::ALL[random.below(10)];
        let index = [DType::I32, DType::U32][random.below(2)];
        let threads: &[usize] = if big > 5 { &[1, 2, 3, 5] } else { &[1] };
        check(dtype, out, (index, indices), updates, OPS[case % 5], mode, threads);
    }
}

#[test]
fn duplicates_are_applied_in_order() {
    let (index, updates) = ([2i32, 0, 2, 2, -1, 4], [1f32, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let run = |op, mode| {
        let mut out = [10f32; 4];
        let (index, updates) = (View::of(&index, &[6, 1]).unwrap(), View::of(&updates, &[6]).unwrap());
        scatter(&Pool::serial(), ViewMut::of(&mut out, &[4]).unwrap(), index, updates, op, mode).unwrap();
        out
    };
    assert_eq!(run(Op::Set, Mode::Fill), [2.0, 10.0, 4.0, 10.0]);
    assert_eq!(run(Op::Set, Mode::Clip), [5.0, 10.0, 4.0, 6.0]);
    assert_eq!(run(Op::Set, Mode::Wrap), [6.0, 10.0, 4.0, 5.0]);
    assert_eq!(run(Op::Add, Mode::Fill), [12.0, 10.0, 18.0, 10.0]);
    assert_eq!(run(Op::Mul, Mode::Fill), [20.0, 10.0, 120.0, 10.0]);
    assert_eq!(run(Op::Min, Mode::Wrap), [2.0, 10.0, 1.0, 5.0]);
    assert_eq!(run(Op::Max, Mode::Clip), [10.0; 4]);
}

#[test]
fn nothing_to_do() {
    let (none, index): ([f32; 0], [i32; 0]) = ([], []);
    let mut out = [1f32; 6];
    let pool = Pool::serial();
    let (index, rows) = (View::of(&index, &[0, 1]).unwrap(), View::of(&none, &[0, 3]).unwrap());
    scatter(&pool, ViewMut::of(&mut out, &[2, 3]).unwrap(), index, rows, Op::Add, Mode::Clip).unwrap();
    assert_eq!(out, [1f32; 6]);
    // An empty array takes no update, in any mode.
    let (one, row) = ([0i32], [1f32; 3]);
    let (one, row) = (View::of(&one, &[1, 1]).unwrap(), View::of(&row, &[1, 3]).unwrap());
    for mode in MODES {
        scatter(&pool, ViewMut::of(&mut out[..0], &[0, 3]).unwrap(), one, row, Op::Set, mode).unwrap();
    }
}

#[test]
fn refusals() {
    let pool = Pool::serial();
    let (index, updates) = ([0i32; 4], [0f32; 12]);
    let mut data = [0f32; 12];
    let mut run = |index, updates: &[usize], mode| {
        let given = [0f32; 12];
        let given = View::of(&given[..updates.iter().product()], updates).unwrap();
        scatter(&pool, ViewMut::of(&mut data, &[4, 3]).unwrap(), index, given, Op::Add, mode)
    };
    let i = |shape: &[usize]| View::of(&index[..shape.iter().product()], shape).unwrap();
    assert_eq!(run(i(&[2, 1]), &[2, 3], Mode::Clip), Ok(()));
    assert_eq!(run(i(&[2, 1]), &[2, 2, 3], Mode::Clip), Ok(()));
    assert_eq!(run(i(&[2, 1]), &[2, 2, 3], Mode::Wrap), Err(Fault::Parameter));
    assert_eq!(run(i(&[2, 1]), &[1, 5, 2], Mode::Clip), Err(Fault::Shape));
    assert_eq!(run(i(&[1, 1]), &[1, 5, 2], Mode::Clip), Err(Fault::Shape));
    assert_eq!(run(i(&[2, 1]), &[3, 3], Mode::Clip), Err(Fault::Shape));
    assert_eq!(run(i(&[2, 1]), &[2, 2], Mode::Clip), Err(Fault::Shape));
    assert_eq!(run(i(&[1, 3]), &[1], Mode::Clip), Err(Fault::Rank));
    assert_eq!(run(i(&[2, 1]), &[2], Mode::Clip), Err(Fault::Rank));
    assert_eq!(run(i(&[]), &[3], Mode::Clip), Err(Fault::Rank));
    assert_eq!(run(View::of(&updates[..2], &[2, 1]).unwrap(), &[2, 3], Mode::Clip), Err(Fault::DType));
    let ints = View::of(&index, &[4, 1]).unwrap();
    assert_eq!(
        scatter(&pool, ViewMut::of(&mut data, &[12]).unwrap(), ints, i(&[4]), Op::Add, Mode::Clip),
        Err(Fault::DType)
    );

    let mut data = [0u32; 12];
    let base = data.as_mut_ptr().cast::<u8>();
    // SAFETY: the buffer outlives the calls, and no reference into it is used meanwhile.
    unsafe {
        let view = |from, shape: &[usize]| View::within(base, 48, from, DType::U32, layout(shape)).unwrap();
        let out = || ViewMut::within(base, 48, 16, DType::U32, layout(&[2])).unwrap();
        let other = [0u32; 2];
        let of = |shape: &[usize]| View::of(&other, shape).unwrap();
        let run = |index, updates| scatter(&pool, out(), index, updates, Op::Set, Mode::Clip);
        assert_eq!(run(of(&[2, 1]), view(12, &[2])), Err(Fault::Overlap));
        assert_eq!(run(view(20, &[2, 1]), of(&[2])), Err(Fault::Overlap));
        assert_eq!(run(view(24, &[2, 1]), view(8, &[2])), Ok(()));
    }
}
