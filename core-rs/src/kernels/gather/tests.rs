use super::{Mode, gather, gather_nd, reference};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::copy::tests::{Random, room, transposed};
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

const MODES: [Mode; 3] = [Mode::Clip, Mode::Fill, Mode::Wrap];

/// Gathers by the kernel and by the reference, with bytes around the output that must not change. Indices are
/// mostly inside, some next to the ends and some far out.
fn check(dtype: DType, out: Layout, source: Layout, indices: (DType, Layout), mode: Mode, threads: usize) {
    let mut random = Random(out.len() as u64 + 3);
    let (len, at) = room(&source, dtype);
    let data = random.bytes(len);
    let (len, first) = room(&indices.1, DType::I32);
    let n = source.shape[0] as i64;
    let index: Vec<u8> = (0..len / 4)
        .flat_map(|_| {
            let value = match random.below(12) {
                0 => -1,
                1 => n,
                2 => i64::from(random.next() as i32),
                3 => i64::from(i32::MIN),
                4 => i64::from(i32::MAX),
                _ => (random.next() as i64) % n.max(1),
            };
            (value as u32).to_le_bytes()
        })
        .collect();
    // Views want aligned memory; a vector of words has it.
    let words: Vec<u32> = index.chunks(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect();
    // SAFETY: the words' bytes, readable while they live.
    let indices = unsafe { View::within(words.as_ptr().cast(), len, first, indices.0, indices.1).unwrap() };
    let (len, to) = room(&out, dtype);
    let before = random.bytes(len + 64);
    let (mut got, mut want) = (before.clone(), before);
    let source = View::new(&data, at, dtype, source).unwrap();
    gather(&Pool::new(threads), ViewMut::new(&mut got, to + 32, dtype, out).unwrap(), source, indices, mode).unwrap();
    reference::gather(&ViewMut::new(&mut want, to + 32, dtype, out).unwrap(), &source, &indices, mode);
    assert!(got == want, "{dtype:?} {out:?} {source:?} {mode:?}, {threads} threads", source = source.layout);
}

/// Numbers for indices of windows in an array of this shape, as words, and where the view of them starts: mostly inside,
/// some next to the ends and some far out.
pub fn numbers(random: &mut Random, indices: &Layout, shape: &[usize]) -> (Vec<u32>, usize) {
    let (len, first) = room(indices, DType::I32);
    let highest = shape.iter().copied().max().unwrap_or(1).max(1);
    let word = |_| match random.below(16) {
        0 => u32::MAX,
        1 => highest as u32,
        2 => random.next() << 1,
        3 => 1 << 31,
        4 => i32::MAX as u32,
        _ => {
            let n = shape.get(random.below(shape.len().max(1))).copied().unwrap_or(1).max(1);
            random.below(n) as u32
        }
    };
    ((0..len / 4).map(word).collect(), first)
}

/// As [`check`], for windows.
fn check_nd(dtype: DType, out: Layout, source: Layout, indices: (DType, Layout), mode: Mode, threads: usize) {
    let mut random = Random(out.len() as u64 + 7);
    let (len, at) = room(&source, dtype);
    let data = random.bytes(len);
    let (words, first) = numbers(&mut random, &indices.1, source.shape());
    // SAFETY: the words' bytes, readable while they live.
    let indices = unsafe { View::within(words.as_ptr().cast(), 4 * words.len(), first, indices.0, indices.1).unwrap() };
    let (len, to) = room(&out, dtype);
    let before = random.bytes(len + 64);
    let (mut got, mut want) = (before.clone(), before);
    let source = View::new(&data, at, dtype, source).unwrap();
    let output = ViewMut::new(&mut got, to + 32, dtype, out).unwrap();
    gather_nd(&Pool::new(threads), output, source, indices, mode, 0xDEAD_BEEF).unwrap();
    reference::gather_nd(&ViewMut::new(&mut want, to + 32, dtype, out).unwrap(), &source, &indices, mode, 0xDEAD_BEEF);
    assert!(got == want, "{dtype:?} {out:?} {source:?} {mode:?}, {threads} threads", source = source.layout);
}

#[test]
fn windows_by_several_numbers() {
    for dtype in DType::ALL {
        for mode in MODES {
            for n in [0, 1, 2, 255, 256, 257] {
                let index = |axes| (DType::I32, layout(&[n, axes]));
                check_nd(dtype, layout(&[n]), layout(&[3, 4, 5]), index(3), mode, 1);
                check_nd(dtype, layout(&[n, 5]), layout(&[3, 4, 5]), index(2), mode, 1);
                check_nd(dtype, layout(&[n, 1, 1, 5]), layout(&[3, 4, 5]), index(2), mode, 1);
                check_nd(dtype, layout(&[n, 3, 4]), layout(&[3, 4]), index(0), mode, 1);
                if mode != Mode::Wrap {
                    check_nd(dtype, layout(&[n, 2, 3]), layout(&[6, 7]), index(2), mode, 1);
                    check_nd(dtype, layout(&[n, 2, 9]), layout(&[6, 9]), index(1), mode, 1);
                }
            }
        }
    }
}

#[test]
fn random_windows_and_threads() {
    let mut random = Random(23);
    for case in 0..600 {
        let (by_index, indexed, by_row) = (random.below(3), random.below(4), random.below(3));
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
        let of_output = [&counts[..], &window].concat();
        let elements: f64 = of_output.iter().chain(&shape).map(|&size| size as f64).product();
        if elements > 3e6 {
            continue;
        }
        let mut layout = |shape: &[usize], input: bool| {
            let mut order: Vec<usize> = (0..shape.len()).collect();
            if random.below(2) == 0 {
                for i in (1..order.len()).rev() {
                    order.swap(i, random.below(i + 1));
                }
            }
            let turn = |&stride: &isize| match random.below(8) {
                0 => -stride,
                1 if input => 0,
                _ => stride,
            };
            Layout::new(shape, &transposed(shape, &order).strides().iter().map(turn).collect::<Vec<_>>()).unwrap()
        };
        let (out, source) = (layout(&of_output, false), layout(&shape, true));
        let indices = layout(&[&counts[..], &[indexed]].concat(), true);
        let dtype = [DType::I8, DType::F16, DType::F32][random.below(3)];
        let index = [DType::I32, DType::U32][random.below(2)];
        for threads in if big > 5 { vec![1, 2, 3, 5] } else { vec![1] } {
            check_nd(dtype, out, source, (index, indices), mode, threads);
        }
    }
}

#[test]
fn windows_refused() {
    let pool = Pool::serial();
    let (source, index) = ([0f32; 12], [0i32; 6]);
    let source = View::of(&source, &[4, 3]).unwrap();
    let run = |out: &[usize], index: View, mode| {
        let mut data = [0f32; 60];
        let out = ViewMut::of(&mut data[..out.iter().product()], out).unwrap();
        gather_nd(&pool, out, source, index, mode, 0)
    };
    let i = |shape: &[usize]| View::of(&index[..shape.iter().product()], shape).unwrap();
    assert_eq!(run(&[2, 3], i(&[2, 1]), Mode::Clip), Ok(()));
    assert_eq!(run(&[2], i(&[2, 2]), Mode::Wrap), Ok(()));
    assert_eq!(run(&[2, 2, 2], i(&[2, 2]), Mode::Clip), Ok(()));
    assert_eq!(run(&[2, 2, 2], i(&[2, 2]), Mode::Wrap), Err(Fault::Parameter));
    assert_eq!(run(&[2, 5, 3], i(&[2, 1]), Mode::Fill), Err(Fault::Shape));
    assert_eq!(run(&[2, 2], i(&[2, 1]), Mode::Clip), Err(Fault::Shape));
    assert_eq!(run(&[3, 3], i(&[2, 1]), Mode::Clip), Err(Fault::Shape));
    assert_eq!(run(&[2], i(&[2, 3]), Mode::Clip), Err(Fault::Rank));
    assert_eq!(run(&[2], i(&[2, 1]), Mode::Clip), Err(Fault::Rank));
    assert_eq!(run(&[], i(&[1, 2, 1]), Mode::Clip), Err(Fault::Rank));
    assert_eq!(run(&[3], i(&[]), Mode::Clip), Err(Fault::Rank));
    assert_eq!(run(&[2, 3], View::of(&[0f32; 2], &[2, 1]).unwrap(), Mode::Clip), Err(Fault::DType));
}

fn layout(shape: &[usize]) -> Layout {
    Layout::contiguous(shape).unwrap()
}

#[test]
fn contiguous_rows_of_every_width() {
    for dtype in [DType::U8, DType::Bool, DType::BF16, DType::F32, DType::I32] {
        for width in (0..40).chain([63, 64, 65, 2047, 2048, 2049]) {
            for mode in MODES {
                check(dtype, layout(&[21, width]), layout(&[9, width]), (DType::I32, layout(&[21])), mode, 1);
            }
        }
    }
}

#[test]
fn elements() {
    for dtype in DType::ALL {
        for n in [0, 1, 2, 3, 4, 5, 255, 256, 257, 1000] {
            for mode in MODES {
                for index in [DType::I32, DType::U32] {
                    check(dtype, layout(&[n]), layout(&[77]), (index, layout(&[n])), mode, 1);
                }
            }
        }
    }
}

#[test]
fn scalars_of_indices_and_rows() {
    for mode in MODES {
        check(DType::F32, layout(&[]), layout(&[5]), (DType::I32, layout(&[])), mode, 1);
        check(DType::F32, layout(&[3, 2]), layout(&[5, 3, 2]), (DType::I32, layout(&[])), mode, 1);
        check(DType::F16, layout(&[2, 3, 4]), layout(&[5]), (DType::U32, layout(&[2, 3, 4])), mode, 1);
    }
}

#[test]
fn takes_along_a_later_axis() {
    // jnp.take(x, i, axis=1) on a row-major x: rows are columns, on both sides.
    for dtype in [DType::U8, DType::F16, DType::F32] {
        for (rows, columns, n) in [(3, 5, 4), (70, 300, 600), (1, 9, 513)] {
            let source = transposed(&[columns, rows], &[1, 0]);
            let out = transposed(&[n, rows], &[1, 0]);
            for mode in MODES {
                check(dtype, out, source, (DType::I32, layout(&[n])), mode, 2);
                check(dtype, layout(&[n, rows]), source, (DType::I32, layout(&[n])), mode, 2);
                check(dtype, out, layout(&[columns, rows]), (DType::I32, layout(&[n])), mode, 2);
            }
        }
    }
}

#[test]
fn long_rows_are_shared() {
    for threads in [1, 2, 3, 5] {
        for mode in MODES {
            check(DType::F32, layout(&[3, 150_001]), layout(&[4, 150_001]), (DType::I32, layout(&[3])), mode, threads);
            let (out, source) = (layout(&[2, 300, 301]), transposed(&[4, 300, 301], &[0, 2, 1]));
            check(DType::F32, out, source, (DType::I32, layout(&[2])), mode, threads);
            check(
                DType::F32,
                source_like(&[2, 300, 301]),
                layout(&[4, 300, 301]),
                (DType::I32, layout(&[2])),
                mode,
                threads,
            );
        }
    }
}

/// A layout of three axes with the last two exchanged and flipped.
fn source_like(shape: &[usize; 3]) -> Layout {
    let [a, b, c] = *shape;
    debug_assert!(a > 0);
    Layout::new(shape, &[(b * c) as isize, -1, -(b as isize)]).unwrap()
}

#[test]
fn random_layouts_and_threads() {
    let mut random = Random(11);
    for case in 0..500 {
        let (by_index, by_row) = (random.below(4), random.below(4));
        let big = if case % 10 == 0 { 40 } else { 5 };
        let shape: Vec<usize> = (0..by_index + by_row).map(|_| 1 + random.below(big)).collect();
        if shape.iter().product::<usize>() > 300_000 {
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
        let out = layout(&shape, false);
        let indices = layout(&shape[..by_index], true);
        let source_shape: Vec<usize> = [1 + case % 30].into_iter().chain(shape[by_index..].iter().copied()).collect();
        let source = layout(&source_shape, true);
        let dtype = [DType::I8, DType::U8, DType::F16, DType::U16, DType::F32][random.below(5)];
        let index = [DType::I32, DType::U32][random.below(2)];
        for threads in if big > 5 { vec![1, 2, 3, 5] } else { vec![1] } {
            check(dtype, out, source, (index, indices), MODES[case % 3], threads);
        }
    }
}

#[test]
fn fill_values() {
    let index = [1i32, -1, 2, i32::MIN, i32::MAX, 0];
    let index = View::of(&index, &[6]).unwrap();
    for dtype in DType::ALL {
        let size = dtype.size();
        let source = vec![7u8; 2 * size];
        let mut out = vec![0u8; 6 * size];
        let source = View::new(&source, 0, dtype, layout(&[2])).unwrap();
        gather(&Pool::serial(), ViewMut::new(&mut out, 0, dtype, layout(&[6])).unwrap(), source, index, Mode::Fill)
            .unwrap();
        let fill = fill_bytes_of(dtype);
        let row = vec![7u8; size];
        let want: Vec<u8> = [&row, &fill, &fill, &fill, &fill, &row].into_iter().flatten().copied().collect();
        assert_eq!(out, want, "{dtype:?}");
    }
}

/// JAX's fill values as numbers.
fn fill_bytes_of(dtype: DType) -> Vec<u8> {
    match dtype {
        DType::F32 => 0x7fc0_0000u32.to_le_bytes().to_vec(),
        DType::F16 => 0x7e00u16.to_le_bytes().to_vec(),
        DType::BF16 => 0x7fc0u16.to_le_bytes().to_vec(),
        DType::I8 => i8::MIN.to_le_bytes().to_vec(),
        DType::I16 => i16::MIN.to_le_bytes().to_vec(),
        DType::I32 => i32::MIN.to_le_bytes().to_vec(),
        DType::U8 => u8::MAX.to_le_bytes().to_vec(),
        DType::U16 => u16::MAX.to_le_bytes().to_vec(),
        DType::U32 => u32::MAX.to_le_bytes().to_vec(),
        DType::Bool => vec![1],
    }
}

#[test]
fn wrap_is_the_python_modulo() {
    let index = [-1i32, -3, -4, 3, 4, i32::MIN];
    let source = [10u8, 11, 12];
    let mut out = [0u8; 6];
    let (index, source) = (View::of(&index, &[6]).unwrap(), View::of(&source, &[3]).unwrap());
    gather(&Pool::serial(), ViewMut::of(&mut out, &[6]).unwrap(), source, index, Mode::Wrap).unwrap();
    // -2^31 = -715827883 * 3 + 1.
    assert_eq!(out, [12, 10, 12, 10, 11, 11]);
}

#[test]
fn an_empty_source() {
    let index = [0i32, 1];
    let index = View::of(&index, &[2]).unwrap();
    let none: [f32; 0] = [];
    let run = |mode, width: usize| {
        let mut out = vec![1f32; 2 * width];
        let source = View::of(&none, &[0, width]).unwrap();
        let result = gather(&Pool::serial(), ViewMut::of(&mut out, &[2, width]).unwrap(), source, index, mode);
        result.map(|()| out)
    };
    assert!(run(Mode::Fill, 3).unwrap().iter().all(|x| x.is_nan()));
    assert_eq!(run(Mode::Clip, 3), Err(Fault::Shape));
    assert_eq!(run(Mode::Wrap, 3), Err(Fault::Shape));
    assert_eq!(run(Mode::Clip, 0), Ok(vec![]));
}

#[test]
fn refusals() {
    let pool = Pool::serial();
    let source = [0f32; 12];
    let index = [0i32; 2];
    let mut data = [0f32; 12];
    let mut run = |out: &[usize], source, index| {
        gather(&pool, ViewMut::of(&mut data[..out.iter().product()], out).unwrap(), source, index, Mode::Clip)
    };
    let (s, i) = (View::of(&source, &[4, 3]).unwrap(), View::of(&index, &[2]).unwrap());
    assert_eq!(run(&[2, 3], s, i), Ok(()));
    assert_eq!(run(&[2, 3], s, View::of(&source[..2], &[2]).unwrap()), Err(Fault::DType));
    assert_eq!(run(&[6], s, i), Err(Fault::Rank));
    assert_eq!(run(&[2, 2], s, i), Err(Fault::Shape));
    assert_eq!(run(&[3, 3], s, i), Err(Fault::Shape));
    assert_eq!(run(&[2], View::of(&source[..1], &[]).unwrap(), i), Err(Fault::Rank));
    let halves = View::new(&[0u8; 24], 0, DType::F16, layout(&[4, 3])).unwrap();
    assert_eq!(run(&[2, 3], halves, i), Err(Fault::DType));

    let mut data = [0u32; 12];
    let base = data.as_mut_ptr().cast::<u8>();
    // SAFETY: the buffer outlives the calls, and no reference into it is used meanwhile.
    unsafe {
        let view = |from, n| View::within(base, 48, from, DType::U32, layout(&[n])).unwrap();
        let out = |n| ViewMut::within(base, 48, 16, DType::U32, layout(&[n])).unwrap();
        let other = [0u32; 2];
        let other = View::of(&other, &[2]).unwrap();
        assert_eq!(gather(&pool, out(2), view(0, 5), other, Mode::Clip), Err(Fault::Overlap));
        assert_eq!(gather(&pool, out(2), other, view(16, 2), Mode::Clip), Err(Fault::Overlap));
        assert_eq!(gather(&pool, out(2), view(0, 4), view(24, 2), Mode::Clip), Ok(()));
    }
}
