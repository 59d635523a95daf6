//! Operands of any dtype and strides for the tests of these kernels.

use crate::dtype::DType;
use crate::kernels::elementwise::{round_bf16, round_f16};
use crate::lane::{Lane, Scalar};
use crate::view::{Layout, View, ViewMut};

/// The dtypes that these kernels take.
pub const FLOATS: [DType; 3] = [DType::F32, DType::F16, DType::BF16];

/// The next of a series of random numbers of 31 bits.
pub fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// A generic float in about [-12, 12].
pub fn number(state: &mut u64) -> f32 {
    next(state) as f32 / (1u64 << 31) as f32 * 24.0 - 12.0
}

/// How numbers of a dtype are rounded.
pub fn rounding(dtype: DType) -> fn(f32) -> f32 {
    match dtype {
        DType::F16 => |x| Scalar::to_array(round_f16::<Scalar>(Scalar::splat(x)))[0],
        DType::BF16 => |x| Scalar::to_array(round_bf16::<Scalar>(Scalar::splat(x)))[0],
        _ => |x| x,
    }
}

/// A rounded f32 as an element. f16 by its definition, for normal and subnormal numbers, infinities and NaN.
pub fn encode(dtype: DType, x: f32) -> Vec<u8> {
    match dtype {
        DType::F16 if x.is_nan() => 0x7e00u16.to_ne_bytes().to_vec(),
        DType::F16 => {
            let (sign, a) = ((x.to_bits() >> 31 << 15) as u16, x.abs());
            let magnitude = if a.is_infinite() {
                0x7c00
            } else if a < 2f32.powi(-14) {
                (a * 2f32.powi(24)) as u16
            } else {
                ((a.to_bits() - (112 << 23)) >> 13) as u16
            };
            (sign | magnitude).to_ne_bytes().to_vec()
        }
        DType::BF16 => ((x.to_bits() >> 16) as u16).to_ne_bytes().to_vec(),
        _ => x.to_ne_bytes().to_vec(),
    }
}

/// Whether an element is a NaN.
fn is_nan(dtype: DType, x: &[u8]) -> bool {
    match dtype {
        DType::F16 => u16::from_ne_bytes([x[0], x[1]]) & 0x7fff > 0x7c00,
        DType::BF16 => u16::from_ne_bytes([x[0], x[1]]) & 0x7fff > 0x7f80,
        _ => f32::from_ne_bytes([x[0], x[1], x[2], x[3]]).is_nan(),
    }
}

/// Elements in memory of their own.
pub struct Memory {
    words: Vec<u64>,
    start: usize,
    dtype: DType,
    layout: Layout,
}

impl Memory {
    /// Zeros.
    pub fn new(dtype: DType, shape: &[usize], strides: &[isize]) -> Memory {
        let layout = Layout::new(shape, strides).unwrap();
        let (low, high) = layout.extent().unwrap().unwrap_or((0, -1));
        let words = vec![0; ((high - low + 1) as usize * dtype.size()) / 8 + 1];
        Memory { words, start: (-low) as usize * dtype.size(), dtype, layout }
    }

    /// Rounded numbers, in row-major order.
    pub fn of(dtype: DType, shape: &[usize], strides: &[isize], x: &[f32]) -> Memory {
        let mut memory = Memory::new(dtype, shape, strides);
        for (flat, &x) in x.iter().enumerate() {
            let at = memory.at(flat);
            memory.bytes_mut()[at..][..dtype.size()].copy_from_slice(&encode(dtype, x));
        }
        memory
    }

    fn at(&self, mut flat: usize) -> usize {
        let mut at = 0;
        for axis in (0..self.layout.rank).rev() {
            at += (flat % self.layout.shape[axis]) as isize * self.layout.strides[axis];
            flat /= self.layout.shape[axis];
        }
        self.start.wrapping_add_signed(at * self.dtype.size() as isize)
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: words are bytes.
        unsafe { core::slice::from_raw_parts(self.words.as_ptr().cast(), self.words.len() * 8) }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: words are bytes, and any bytes are words.
        unsafe { core::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.words.len() * 8) }
    }

    /// To read.
    pub fn view(&self) -> View<'_> {
        View::new(self.bytes(), self.start, self.dtype, self.layout).unwrap()
    }

    /// To write.
    pub fn view_mut(&mut self) -> ViewMut<'_> {
        let (start, dtype, layout) = (self.start, self.dtype, self.layout);
        ViewMut::new(self.bytes_mut(), start, dtype, layout).unwrap()
    }

    /// To write and to read, in place.
    pub fn views(&mut self) -> (ViewMut<'_>, View<'_>) {
        let (start, dtype, layout) = (self.start, self.dtype, self.layout);
        let (base, len) = (self.words.as_mut_ptr().cast::<u8>(), self.words.len() * 8);
        // SAFETY: the region is the vector, which no reference is used for while the views live.
        unsafe {
            let view = View::within(base, len, start, dtype, layout).unwrap();
            (ViewMut::within(base, len, start, dtype, layout).unwrap(), view)
        }
    }

    /// Whether an element has the bits of `want`, or both are NaN.
    pub fn is(&self, flat: usize, want: f32) -> bool {
        let (got, want) = (&self.bytes()[self.at(flat)..][..self.dtype.size()], encode(self.dtype, want));
        got == want || (is_nan(self.dtype, got) && is_nan(self.dtype, &want))
    }
}

/// Calls `f` with so many bytes of scratch.
pub fn with_scratch<T>(bytes: usize, f: impl FnOnce(&mut [u8]) -> T) -> T {
    let mut words = vec![0u64; bytes.div_ceil(8)];
    // SAFETY: words are bytes, and any bytes are words.
    f(unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), bytes) })
}
