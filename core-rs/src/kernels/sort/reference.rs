//! Sorting by comparison, as JAX defines it.

use crate::dtype::DType;
use core::cmp::Ordering;

/// An element, from its bits, as a number that compares like it; floats as f64.
pub fn number(dtype: DType, bits: u32) -> f64 {
    match dtype {
        DType::F32 => f64::from(f32::from_bits(bits)),
        DType::BF16 => f64::from(f32::from_bits(bits << 16)),
        DType::F16 => {
            let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
            let (exponent, mantissa) = ((bits >> 10 & 31) as i32, f64::from(bits & 1023));
            sign * match exponent {
                0 => mantissa * 2f64.powi(-24),
                31 if mantissa > 0.0 => f64::NAN,
                31 => f64::INFINITY,
                _ => (1024.0 + mantissa) * 2f64.powi(exponent - 25),
            }
        }
        DType::I8 => f64::from(bits as i8),
        DType::I16 => f64::from(bits as i16),
        DType::I32 => f64::from(bits as i32),
        _ => f64::from(bits),
    }
}

/// Zeros are equal, and so are NaN, above all else.
pub fn compare(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// The places of a row's elements in sorted order; `keys[k]` are the bits of key `k`.
pub fn places(keys: &[(DType, Vec<u32>)], descending: bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys[0].1.len()).collect();
    places.sort_by(|&i, &j| {
        let orders = keys.iter().map(|(dtype, bits)| compare(number(*dtype, bits[i]), number(*dtype, bits[j])));
        let order = orders.fold(Ordering::Equal, Ordering::then);
        if descending { order.reverse() } else { order }
    });
    places
}
