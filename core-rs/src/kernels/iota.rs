//! Places along an axis: `output[i…] = i[axis]`, in the output's dtype.
//!
//! Layouts: an output of any rank from 1, dtype (but bool) and strides. Numbers that the dtype lacks wrap in integers
//! and round to nearest even in floats, as `jax.lax.broadcasted_iota` casts.
//!
//! Accuracy: bits. Speed: a tile of numbers is made where it differs from the last, then moved at the speed of a cast.

use super::elementwise::{TILE, Tile};
use super::reduce::Move;
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{LANES, Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, ViewMut};

/// Elements of a task, about: 10 µs.
const TASK: usize = 1 << 15;

/// Writes the places along `axis`.
///
/// Fails with [`Fault::DType`] for bool, with [`Fault::Rank`] if the output lacks the axis.
pub fn iota(pool: &Pool, output: ViewMut, axis: usize) -> Result<(), Fault> {
    iota_on::<Live>(pool, output, axis)
}

/// [`iota`] on a lane of choice.
fn iota_on<L: Lane>(pool: &Pool, output: ViewMut, axis: usize) -> Result<(), Fault> {
    let layout = output.layout;
    if output.dtype == DType::Bool {
        return Err(Fault::DType);
    }
    if axis >= layout.rank {
        return Err(Fault::Rank);
    }
    if layout.is_empty() {
        return Ok(());
    }
    let last = layout.rank - 1;
    let (n, step, size) = (layout.shape[last], layout.strides[last], output.dtype.size() as isize);
    let rows = layout.len() / n;
    // A task is some rows, or a piece of one.
    let group = (TASK / n).max(1);
    let pieces = n.div_ceil(TASK);
    let is_float = output.dtype.is_float();
    let store = Move::new(if is_float { DType::F32 } else { DType::I32 }, output.dtype)?;
    let work = Work { tasks: rows.div_ceil(group) * pieces, nanoseconds: layout.len() as u64 };
    pool.run(work, &|task, _| {
        let mut tile = Tile::new();
        let mut numbers = [0u32; TILE];
        // The first number that the tile has, if it counts up from there.
        let mut counted = None;
        let first = task / pieces * group;
        let (start, end) = (task % pieces * TASK, n.min((task % pieces + 1) * TASK));
        for row in first..(first + group).min(rows) {
            let (index, offset) = place(&layout.shape, &layout.strides, last, row);
            let mut k = start;
            while k < end {
                let count = TILE.min(end - k);
                if axis != last && k == start {
                    fill::<L>(&mut numbers, index[axis], 0, is_float);
                } else if axis == last && counted != Some(k) {
                    fill::<L>(&mut numbers, k, 1, is_float);
                    counted = Some(k);
                }
                let to = output.ptr::<u8>().wrapping_offset((offset + k as isize * step) * size);
                // SAFETY: `count` elements of the output from index `k` of this row on, which is this task's alone.
                unsafe { store.run::<L>(&mut tile, numbers.as_ptr().cast(), 1, to, step, count) };
                k += count;
            }
        }
    });
    Ok(())
}

/// Fills a tile with the numbers from `first` on, or with `first` alone if `step` is 0.
fn fill<L: Lane>(numbers: &mut [u32; TILE], first: usize, step: u32, is_float: bool) {
    const { assert!(TILE.is_multiple_of(LANES)) };
    let mut x = L::iadd(L::isplat(first as u32), L::ifrom_array([0, step, 2 * step, 3 * step]));
    for block in numbers.chunks_exact_mut(LANES) {
        let number = if is_float { L::bits(L::from_u32(x)) } else { x };
        // SAFETY: a block has as many elements as a vector.
        unsafe { L::istore(block.as_mut_ptr(), number) };
        x = L::iadd(x, L::isplat(LANES as u32 * step));
    }
}

/// The index of a row in the axes before `last`, and how many elements it lies from the first.
fn place(
    shape: &[usize; MAX_RANK],
    strides: &[isize; MAX_RANK],
    last: usize,
    mut row: usize,
) -> ([usize; MAX_RANK], isize) {
    let (mut index, mut offset) = ([0; MAX_RANK], 0);
    for axis in (0..last).rev() {
        index[axis] = row % shape[axis];
        row /= shape[axis];
        offset += index[axis] as isize * strides[axis];
    }
    (index, offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Layout;

    /// The numbers of an output, in row-major order.
    fn numbers(dtype: DType, shape: &[usize], strides: &[isize], axis: usize, threads: usize) -> Vec<i64> {
        let layout = Layout::new(shape, strides).unwrap();
        let (low, high) = layout.extent().unwrap().unwrap_or((0, -1));
        let size = dtype.size();
        let mut bytes = vec![0xeeu8; (high - low + 1) as usize * size];
        let output = ViewMut::new(&mut bytes, (-low) as usize * size, dtype, layout).unwrap();
        iota(&Pool::new(threads), output, axis).unwrap();
        (0..layout.len())
            .map(|mut flat| {
                let mut at = -low;
                for k in (0..shape.len()).rev() {
                    at += (flat % shape[k]) as i64 * strides[k] as i64;
                    flat /= shape[k];
                }
                let bytes = &bytes[at as usize * size..][..size];
                match dtype {
                    DType::F32 => f32::from_ne_bytes(bytes.try_into().unwrap()) as i64,
                    DType::BF16 => {
                        f32::from_bits(u32::from(u16::from_ne_bytes(bytes.try_into().unwrap())) << 16) as i64
                    }
                    DType::U8 => i64::from(bytes[0]),
                    DType::I8 => i64::from(bytes[0] as i8),
                    DType::U16 => i64::from(u16::from_ne_bytes(bytes.try_into().unwrap())),
                    _ => i64::from(i32::from_ne_bytes(bytes.try_into().unwrap())),
                }
            })
            .collect()
    }

    #[test]
    fn every_axis_and_layout() {
        let cases: [(&[usize], &[isize]); 4] = [
            (&[7], &[1]),
            (&[3, 4, 5], &[20, 5, 1]),
            (&[3, 4, 5], &[1, -15, 3]),
            (&[2, TASK + 3], &[TASK as isize + 3, 1]),
        ];
        for (shape, strides) in cases {
            for axis in 0..shape.len() {
                for threads in [1, 2, 3, 5] {
                    let got = numbers(DType::I32, shape, strides, axis, threads);
                    let below: usize = shape[axis + 1..].iter().product();
                    for (flat, &got) in got.iter().enumerate() {
                        assert_eq!(got, (flat / below % shape[axis]) as i64, "{shape:?} {strides:?} {axis}");
                    }
                }
            }
        }
    }

    #[test]
    fn narrow_integers_wrap_and_floats_round() {
        let n = 70_000;
        for (k, &x) in numbers(DType::U8, &[n], &[1], 0, 2).iter().enumerate() {
            assert_eq!(x, (k % 256) as i64);
        }
        for (k, &x) in numbers(DType::I8, &[n], &[-1], 0, 2).iter().enumerate() {
            assert_eq!(x, i64::from(k as i8));
        }
        for (k, &x) in numbers(DType::U16, &[n], &[1], 0, 1).iter().enumerate() {
            assert_eq!(x, (k % 65536) as i64);
        }
        let bf16 = numbers(DType::BF16, &[300], &[1], 0, 1);
        assert_eq!([bf16[255], bf16[256], bf16[257], bf16[258], bf16[259]], [255, 256, 256, 258, 260]);
        assert_eq!(numbers(DType::F32, &[3, n], &[n as isize, 1], 1, 3)[2 * n + 69_999], 69_999);
    }

    #[test]
    fn nothing_is_valid_and_bad_operands_are_refused() {
        let pool = Pool::serial();
        let mut x = [7f32; 4];
        iota(&pool, ViewMut::of(&mut x, &[4, 0]).unwrap(), 1).unwrap();
        assert_eq!(x, [7.0; 4]);
        assert_eq!(iota(&pool, ViewMut::of(&mut x, &[4]).unwrap(), 1), Err(Fault::Rank));
        assert_eq!(iota(&pool, ViewMut::of(&mut x, &[]).unwrap(), 0), Err(Fault::Rank));
        let mut bytes = [0u8; 4];
        let flags = ViewMut::new(&mut bytes, 0, DType::Bool, Layout::contiguous(&[4]).unwrap()).unwrap();
        assert_eq!(iota(&pool, flags, 0), Err(Fault::DType));
    }
}
