//! The naive gather: one element at a time.

use super::{Mode, fill_value};
use crate::dtype::DType;
use crate::kernels::copy::reference::{indices as visit, offset};
use crate::view::{Layout, MAX_RANK, View, ViewMut};

/// Gathers every element.
pub fn gather(output: &ViewMut, source: &View, indices: &View, mode: Mode) {
    let size = output.dtype.size();
    let rows = source.layout.shape[0] as i64;
    visit(output.layout.shape(), |index| {
        let (i, r) = index.split_at(indices.layout.rank);
        // SAFETY: views vouch for each of their indices, and tests give operands that do not overlap.
        unsafe {
            let bits = *indices.ptr::<u32>().offset(offset(indices.layout.strides(), i));
            let at = if indices.dtype == DType::I32 { i64::from(bits as i32) } else { i64::from(bits) };
            let row = match mode {
                Mode::Clip => at.clamp(0, rows - 1),
                Mode::Wrap => ((at % rows) + rows) % rows,
                Mode::Fill => at,
            };
            let to = output.ptr::<u8>().offset(offset(output.layout.strides(), index) * size as isize);
            if (0..rows).contains(&row) {
                let from = source.layout.strides[0] * row as isize + offset(&source.layout.strides()[1..], r);
                core::ptr::copy_nonoverlapping(source.ptr::<u8>().offset(from * size as isize), to, size);
            } else {
                let value = fill_value(output.dtype).to_le_bytes();
                core::ptr::copy_nonoverlapping(value.as_ptr(), to, size);
            }
        }
    });
}

/// Where each element of a window lies, in elements from the array's first; `None` for the elements of a window that is
/// not wholly inside.
pub fn place(array: &Layout, indices: &View, window: &[usize], i: &[usize], w: &[usize], mode: Mode) -> Option<isize> {
    let split = i.len();
    let axes = indices.layout.shape[split];
    let whole = window.len() == array.rank;
    let mut at = [0i64; MAX_RANK];
    for axis in 0..axes {
        let index = [i, &[axis]].concat();
        // SAFETY: views vouch for each of their indices.
        let bits = unsafe { *indices.ptr::<u32>().offset(offset(indices.layout.strides(), &index)) };
        let number = if indices.dtype == DType::I32 { i64::from(bits as i32) } else { i64::from(bits) };
        let last = array.shape[axis] as i64 - if whole { window[axis] as i64 } else { 1 };
        at[axis] = match mode {
            Mode::Clip => number.clamp(0, last),
            Mode::Wrap => ((number % (last + 1)) + last + 1) % (last + 1),
            Mode::Fill if (0..=last).contains(&number) => number,
            Mode::Fill => return None,
        };
    }
    for (axis, &by) in w.iter().enumerate() {
        at[axis + array.rank - window.len()] += by as i64;
    }
    Some(array.strides().iter().zip(at).map(|(&stride, at)| stride * at as isize).sum())
}

/// Gathers every element of windows.
pub fn gather_nd(output: &ViewMut, source: &View, indices: &View, mode: Mode, fill: u32) {
    let size = output.dtype.size();
    let split = indices.layout.rank - 1;
    visit(output.layout.shape(), |index| {
        let (i, w) = index.split_at(split);
        let place = place(&source.layout, indices, &output.layout.shape()[split..], i, w, mode);
        let value = fill.to_le_bytes();
        // SAFETY: views vouch for each of their indices, and tests give operands that do not overlap.
        unsafe {
            let to = output.ptr::<u8>().offset(offset(output.layout.strides(), index) * size as isize);
            let from = place.map_or(value.as_ptr(), |place| source.ptr::<u8>().offset(place * size as isize));
            core::ptr::copy_nonoverlapping(from, to, size);
        }
    });
}
