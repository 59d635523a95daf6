//! The naive scatter: one element at a time, in order.

use super::{Mode, Op};
use crate::dtype::DType;
use crate::kernels::copy::reference::{indices as visit, offset};
use crate::kernels::gather::reference::place;
use crate::kernels::reduce::tests::{decode, encode};
use crate::view::{View, ViewMut};

/// One element's update, by bits as they are computed with: those of an f32, or an extended integer.
fn combine(op: Op, dtype: DType, x: u32, y: u32) -> u32 {
    let (a, b) = (f32::from_bits(x), f32::from_bits(y));
    let float = dtype.is_float();
    let less = match dtype {
        // -0 lies below +0.
        _ if float => a < b || a == b && a.is_sign_negative(),
        _ if dtype.is_unsigned() => x < y,
        _ => (x as i32) < y as i32,
    };
    match op {
        Op::Set => y,
        Op::Add if dtype == DType::Bool => x | y,
        Op::Mul if dtype == DType::Bool => x & y,
        Op::Add if float => (a + b).to_bits(),
        Op::Mul if float => (a * b).to_bits(),
        Op::Min | Op::Max if float && (a.is_nan() || b.is_nan()) => f32::NAN.to_bits(),
        Op::Add => x.wrapping_add(y),
        Op::Mul => x.wrapping_mul(y),
        Op::Min => [y, x][less as usize],
        Op::Max => [x, y][less as usize],
    }
}

/// Applies every update.
pub fn scatter(output: &ViewMut, indices: &View, updates: &View, op: Op, mode: Mode) {
    let dtype = output.dtype;
    let size = dtype.size();
    let split = indices.layout.rank - 1;
    visit(updates.layout.shape(), |index| {
        let (i, w) = index.split_at(split);
        let Some(place) = place(&output.layout, indices, &updates.layout.shape()[split..], i, w, mode) else { return };
        // SAFETY: views vouch for each of their indices, and tests give operands that do not overlap.
        unsafe {
            let to = output.ptr::<u8>().offset(place * size as isize);
            let from = updates.ptr::<u8>().offset(offset(updates.layout.strides(), index) * size as isize);
            let (x, y) = (core::slice::from_raw_parts(to, size), core::slice::from_raw_parts(from, size));
            let bytes = if op == Op::Set {
                y.to_vec()
            } else {
                encode(dtype, combine(op, dtype, decode(dtype, x), decode(dtype, y)))
            };
            core::ptr::copy_nonoverlapping(bytes.as_ptr(), to, size);
        }
    });
}
