//! The naive copy: one index at a time.

use crate::view::{MAX_RANK, View, ViewMut};

/// Calls `visit` with every index of a shape, in row-major order.
pub fn indices(shape: &[usize], mut visit: impl FnMut(&[usize])) {
    let total: usize = shape.iter().product();
    let mut index = [0; MAX_RANK];
    for mut flat in 0..total {
        for axis in (0..shape.len()).rev() {
            index[axis] = flat % shape[axis];
            flat /= shape[axis];
        }
        visit(&index[..shape.len()]);
    }
}

/// The distance of an index from the first element, in elements.
pub fn offset(strides: &[isize], index: &[usize]) -> isize {
    strides.iter().zip(index).map(|(&stride, &i)| stride * i as isize).sum()
}

/// Copies every element.
pub fn copy(output: &ViewMut, input: &View) {
    let size = output.dtype.size();
    indices(output.layout.shape(), |index| {
        let to = offset(output.layout.strides(), index) * size as isize;
        let from = offset(input.layout.strides(), index) * size as isize;
        // SAFETY: views vouch for each of their indices, and tests give operands that do not overlap.
        unsafe {
            core::ptr::copy_nonoverlapping(input.ptr::<u8>().offset(from), output.ptr::<u8>().offset(to), size);
        }
    });
}
