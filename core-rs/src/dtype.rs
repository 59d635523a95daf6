//! Element types, numbered as in the plan format.

use crate::fault::Fault;

/// The type of an array's elements as they lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DType {
    /// IEEE binary32.
    F32 = 0,
    /// IEEE binary16; kernels widen it to f32.
    F16 = 1,
    /// The upper half of a binary32; kernels widen it to f32.
    BF16 = 2,
    /// Signed, 8 bits.
    I8 = 3,
    /// Signed, 16 bits.
    I16 = 4,
    /// Signed, 32 bits.
    I32 = 5,
    /// Unsigned, 8 bits.
    U8 = 6,
    /// Unsigned, 16 bits.
    U16 = 7,
    /// Unsigned, 32 bits.
    U32 = 8,
    /// One byte, 0 or 1.
    Bool = 9,
}

impl DType {
    /// Every dtype, at the index of its number.
    pub const ALL: [DType; 10] = [
        DType::F32,
        DType::F16,
        DType::BF16,
        DType::I8,
        DType::I16,
        DType::I32,
        DType::U8,
        DType::U16,
        DType::U32,
        DType::Bool,
    ];

    /// The dtype with this number.
    pub fn from_code(code: u32) -> Result<DType, Fault> {
        DType::ALL.get(code as usize).copied().ok_or(Fault::DType)
    }

    /// Bytes of one element.
    #[inline]
    pub const fn size(self) -> usize {
        match self {
            DType::F32 | DType::I32 | DType::U32 => 4,
            DType::F16 | DType::BF16 | DType::I16 | DType::U16 => 2,
            DType::I8 | DType::U8 | DType::Bool => 1,
        }
    }

    /// Whether kernels compute with this dtype as f32.
    #[inline]
    pub const fn is_float(self) -> bool {
        matches!(self, DType::F32 | DType::F16 | DType::BF16)
    }

    /// Whether comparisons and shifts of this dtype are unsigned.
    #[inline]
    pub const fn is_unsigned(self) -> bool {
        matches!(self, DType::U8 | DType::U16 | DType::U32 | DType::Bool)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_positions() {
        for (number, dtype) in DType::ALL.into_iter().enumerate() {
            assert_eq!(dtype as usize, number);
            assert_eq!(DType::from_code(number as u32), Ok(dtype));
        }
        assert_eq!(DType::from_code(DType::ALL.len() as u32), Err(Fault::DType));
    }
}
