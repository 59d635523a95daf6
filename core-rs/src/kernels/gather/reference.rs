//! The naive gather: one element at a time.

use super::{Mode, fill_value};
use crate::dtype::DType;
use crate::kernels::copy::reference::{indices as visit, offset};
use crate::view::{View, ViewMut};

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
