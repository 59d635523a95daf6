//! Vectors that mark a place: `output[i…, k] = 1` where `indices[i…] == k`, and 0 elsewhere.
//!
//! Layouts: `indices` i32 or u32 of any rank and strides, `output` one axis more, last, of any dtype and strides.
//! Aliasing: none. An index outside, a negative one too, gives zeros alone, as `jax.nn.one_hot` does.
//!
//! Accuracy: bits. Speed: that of a fill.

use super::copy::nest::{Axis, ONCE, Walk};
use super::copy::plane::fill_bytes;
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, View, ViewMut};

/// Bytes that a task writes, about.
const TASK: usize = 128 * 1024;

/// The bits of 1.
const fn one(dtype: DType) -> u32 {
    match dtype {
        DType::F32 => 0x3f80_0000,
        DType::F16 => 0x3c00,
        DType::BF16 => 0x3f80,
        _ => 1,
    }
}

/// Writes the vectors.
///
/// Fails with [`Fault::DType`] if the indices are not integers of 32 bits, with [`Fault::Rank`] or [`Fault::Shape`] if
/// the output's axes are not theirs and one more, with [`Fault::Overlap`] if the two share memory.
pub fn one_hot(pool: &Pool, output: ViewMut, indices: View) -> Result<(), Fault> {
    one_hot_on::<Live>(pool, output, indices)
}

/// [`one_hot`] on a lane of choice.
fn one_hot_on<L: Lane>(pool: &Pool, output: ViewMut, indices: View) -> Result<(), Fault> {
    let layout = output.layout;
    if !matches!(indices.dtype, DType::I32 | DType::U32) {
        return Err(Fault::DType);
    }
    if layout.rank != indices.layout.rank + 1 {
        return Err(Fault::Rank);
    }
    let last = layout.rank - 1;
    if &layout.shape()[..last] != indices.layout.shape() {
        return Err(Fault::Shape);
    }
    if layout.is_empty() {
        return Ok(());
    }
    output.disjoint_from(&indices)?;
    let size = output.dtype.size();
    let (n, step) = (layout.shape[last], layout.strides[last].wrapping_mul(size as isize));
    let mut loops = [ONCE; MAX_RANK];
    for (axis, to) in loops[..last].iter_mut().enumerate() {
        let (dst, src) =
            (layout.strides[axis].wrapping_mul(size as isize), indices.layout.strides[axis].wrapping_mul(4));
        *to = Axis { size: layout.shape[axis], dst, src };
    }
    let is_whole = layout.is_contiguous();
    let (rows, group) = (layout.len() / n, (TASK / n.saturating_mul(size)).max(1));
    let work = Work { tasks: rows.div_ceil(group), nanoseconds: (rows as u64 * 4) + (layout.len() * size) as u64 / 16 };
    pool.run(work, &|task, _| {
        let (first, end) = (task * group, rows.min((task + 1) * group));
        let mut walk = Walk::new(&loops[..last], first);
        if is_whole {
            // SAFETY: in a contiguous output rows follow each other, from the walk's first on.
            unsafe { fill_bytes::<L>(output.ptr::<u8>().wrapping_offset(walk.dst), 0, (end - first) * n * size) };
        }
        for _ in first..end {
            let to = output.ptr::<u8>().wrapping_offset(walk.dst);
            // SAFETY: the views hold an index and `n` elements at each place of the walk; they do not overlap, and rows
            // are one task's alone. `index < n` is a place of the row.
            unsafe {
                let index = indices.ptr::<u8>().wrapping_offset(walk.src).cast::<u32>().read();
                if is_whole {
                    // Filled above.
                } else if step == size as isize {
                    fill_bytes::<L>(to, 0, n * size);
                } else {
                    (0..n as isize).for_each(|k| put(to.wrapping_offset(k.wrapping_mul(step)), size, 0));
                }
                // A negative index is a large one here, and above any size.
                let is_inside = (index as usize) < n && (indices.dtype == DType::U32 || index as i32 >= 0);
                if is_inside {
                    put(to.wrapping_offset((index as isize).wrapping_mul(step)), size, one(output.dtype));
                }
            }
            walk.advance(1);
        }
    });
    Ok(())
}

/// Writes the low `size` bytes of a number.
///
/// # Safety
/// - `to` is writable for `size` bytes, 1, 2 or 4, and a multiple of it.
#[inline(always)]
unsafe fn put(to: *mut u8, size: usize, bits: u32) {
    // SAFETY: the caller's duty.
    unsafe {
        match size {
            1 => *to = bits as u8,
            2 => *to.cast::<u16>() = bits as u16,
            _ => *to.cast::<u32>() = bits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Layout;

    /// Runs it into a buffer of 0xee with these strides; checks every element, and that nothing else was written.
    fn check(dtype: DType, shape: &[usize], strides: &[isize], index: &[i32], index_strides: &[isize], threads: usize) {
        let size = dtype.size();
        let layout = Layout::new(shape, strides).unwrap();
        let (low, high) = layout.extent().unwrap().unwrap_or((0, -1));
        let mut bytes = vec![0xeeu8; (high - low + 1) as usize * size];
        let kept = shape.len() - 1;
        let indices = Layout::new(&shape[..kept], index_strides).unwrap();
        let index_low = -indices.extent().unwrap().unwrap_or((0, 0)).0;
        let words: Vec<u8> = index.iter().flat_map(|word| word.to_ne_bytes()).collect();
        let input = View::new(&words, index_low as usize * 4, DType::I32, indices).unwrap();
        let output = ViewMut::new(&mut bytes, (-low) as usize * size, dtype, layout).unwrap();
        one_hot(&Pool::new(threads), output, input).unwrap();
        let mut want = vec![0xeeu8; bytes.len()];
        for flat in 0..layout.len() {
            let (mut rest, mut at, mut from, mut k) = (flat, -low, index_low, 0);
            for axis in (0..shape.len()).rev() {
                let place = (rest % shape[axis]) as i64;
                rest /= shape[axis];
                at += place * strides[axis] as i64;
                if axis == kept {
                    k = place;
                } else {
                    from += place * index_strides[axis] as i64;
                }
            }
            let hit = if i64::from(index[from as usize]) == k { one(dtype) } else { 0 };
            want[at as usize * size..][..size].copy_from_slice(&hit.to_le_bytes()[..size]);
        }
        assert!(bytes == want, "{dtype:?} {shape:?} {strides:?}, {threads} threads");
    }

    #[test]
    fn every_dtype_and_layout() {
        let index: Vec<i32> = (0..2000).map(|k| [0, 1, 2, 4, 5, -1, i32::MAX, i32::MIN, 3][k % 9]).collect();
        for dtype in DType::ALL {
            check(dtype, &[5], &[1], &index[3..], &[], 1);
            check(dtype, &[3, 4, 5], &[20, 5, 1], &index, &[4, 1], 1);
            check(dtype, &[3, 4, 5], &[1, -15, 3], &index, &[1, -3], 1);
            check(dtype, &[3, 4, 5], &[40, 10, -2], &index, &[0, 0], 1);
            check(dtype, &[9, 1], &[1, 1], &index, &[1], 1);
            check(dtype, &[9, 0], &[1, 1], &index, &[1], 1);
            check(dtype, &[0, 5], &[5, 1], &index, &[1], 1);
            for threads in [1, 2, 3, 5] {
                check(dtype, &[1000, 300], &[300, 1], &index, &[2], threads);
            }
        }
    }

    #[test]
    fn unsigned_indices_beyond_the_signed_are_outside() {
        let index = [u32::MAX, 1 << 31, 1];
        let mut out = [7f32; 6];
        let pool = Pool::serial();
        one_hot(&pool, ViewMut::of(&mut out, &[3, 2]).unwrap(), View::of(&index, &[3]).unwrap()).unwrap();
        assert_eq!(out, [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn bad_operands_are_refused() {
        let pool = Pool::serial();
        let mut out = [7f32; 6];
        let (floats, index) = ([0f32; 3], [0i32; 3]);
        let floats = View::of(&floats, &[3]).unwrap();
        let index = View::of(&index, &[3]).unwrap();
        assert_eq!(one_hot(&pool, ViewMut::of(&mut out, &[3, 2]).unwrap(), floats), Err(Fault::DType));
        assert_eq!(one_hot(&pool, ViewMut::of(&mut out, &[6]).unwrap(), index), Err(Fault::Rank));
        assert_eq!(one_hot(&pool, ViewMut::of(&mut out, &[]).unwrap(), index), Err(Fault::Rank));
        assert_eq!(one_hot(&pool, ViewMut::of(&mut out, &[2, 3]).unwrap(), index), Err(Fault::Shape));
        assert_eq!(out, [7.0; 6]);
    }
}
