//! The naive interpreter: one element, one instruction at a time, in scalar Rust that shares nothing with the kernels.

use super::program::Op;
use crate::dtype::DType;

#[path = "../../../tests/exact/mod.rs"]
mod exact;

/// The f32 that an f16 stands for.
pub(super) fn f16_value(h: u32) -> f32 {
    let (exponent, mantissa) = (h >> 10 & 0x1f, (h & 0x3ff) as f32);
    let size = match exponent {
        0 => mantissa * 2f32.powi(-24),
        31 if mantissa == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + mantissa) * 2f32.powi(exponent as i32 - 25),
    };
    if h & 0x8000 != 0 { -size } else { size }
}

/// The f16 nearest to `x`, ties to even.
pub(super) fn f16_nearest(x: f32) -> u32 {
    let sign = x.to_bits() >> 16 & 0x8000;
    let size = x.abs() as f64;
    if x.is_nan() {
        return sign | 0x7e00;
    }
    if size >= 65520.0 {
        return sign | 0x7c00;
    }
    let exponent = if size == 0.0 { -14 } else { (size.log2().floor() as i32).max(-14) };
    let count = (size / 2f64.powi(exponent - 10)).round_ties_even() as u32;
    // A count of 2048 carries into the next exponent by itself, one below 1024 is subnormal.
    sign | ((((exponent + 14) as u32) << 10) + count)
}

/// The bf16 nearest to `x`, ties to even.
pub(super) fn bf16_nearest(x: f32) -> u32 {
    let bits = x.to_bits();
    if x.is_nan() || x.is_infinite() {
        return bits >> 16 | u32::from(x.is_nan()) << 6;
    }
    let (low, high) = (bits >> 16, (bits >> 16) + 1);
    let value = |half: u32| {
        let float = f32::from_bits(half << 16);
        if float.is_finite() { float as f64 } else { 2f64.powi(128).copysign(float as f64) }
    };
    let (below, above) = ((x as f64 - value(low)).abs(), (x as f64 - value(high)).abs());
    if below < above || below == above && low % 2 == 0 { low } else { high }
}

/// The register of an element, given as its bits.
pub(super) fn widen(dtype: DType, raw: u32) -> u32 {
    match dtype {
        DType::F16 => f16_value(raw).to_bits(),
        DType::BF16 => raw << 16,
        DType::I8 => raw as u8 as i8 as i32 as u32,
        DType::I16 => raw as u16 as i16 as i32 as u32,
        _ => raw,
    }
}

/// The bits of the element that a register is stored as.
pub(super) fn narrow(dtype: DType, x: u32) -> u32 {
    match (dtype, dtype.size()) {
        (DType::F16, _) => f16_nearest(f32::from_bits(x)),
        (DType::BF16, _) => bf16_nearest(f32::from_bits(x)),
        (_, 1) => x as u8 as u32,
        (_, 2) => x as u16 as u32,
        _ => x,
    }
}

fn smaller(a: f32, b: f32) -> f32 {
    match (a.is_nan() || b.is_nan(), a == 0.0 && b == 0.0) {
        (true, _) => f32::NAN,
        (_, true) => {
            if a.is_sign_negative() {
                a
            } else {
                b
            }
        }
        _ => a.min(b),
    }
}

/// One operation on one element.
pub(super) fn apply(op: Op, [a, b, c, d]: [u32; 4]) -> u32 {
    let (x, y, z) = (f32::from_bits(a), f32::from_bits(b), f32::from_bits(c));
    let wide = |f: fn(f64) -> f64| (f(f64::from(x)) as f32).to_bits();
    let (i, j) = (a as i32, b as i32);
    let float = |x: f32| x.to_bits();
    let pick = |first: bool| if first { c } else { d };
    let int = |x: i32| x as u32;
    match op {
        Op::load | Op::store | Op::constant | Op::chain => unreachable!(),
        Op::select => {
            if a != 0 {
                b
            } else {
                c
            }
        }
        Op::add_f32 => float(x + y),
        Op::sub_f32 => float(x - y),
        Op::mul_f32 => float(x * y),
        Op::div_f32 => float(x / y),
        Op::min_f32 => float(smaller(x, y)),
        Op::max_f32 => float(-smaller(-x, -y)),
        Op::neg_f32 => float(-x),
        Op::abs_f32 => float(x.abs()),
        Op::sqrt_f32 => float(x.sqrt()),
        Op::rsqrt_f32 => float(1.0 / x.sqrt()),
        Op::floor_f32 => float(x.floor()),
        Op::ceil_f32 => float(x.ceil()),
        Op::round_f32 => float(x.round_ties_even()),
        Op::trunc_f32 => float(x.trunc()),
        Op::square_f32 => float(x * x),
        Op::sign_f32 => float(if x.is_nan() || x == 0.0 { x } else { x.signum() }),
        Op::reciprocal_f32 => float(1.0 / x),
        Op::rem_f32 => float(libm::fmodf(x, y)),
        Op::next_after_f32 => float(if x == y { y } else { libm::nextafterf(x, y) }),
        Op::round_away_f32 => float(x.round()),
        Op::copysign_f32 => a & 0x7fff_ffff | b & 0x8000_0000,
        Op::clamp_f32 => float(smaller(-smaller(-y, -x), z)),
        Op::mul_add_f32 => float(x * y + z),
        Op::select_eq_f32 => pick(x == y),
        Op::select_lt_f32 => pick(x < y),
        Op::select_le_f32 => pick(x <= y),
        Op::eq_f32 => u32::from(x == y),
        Op::ne_f32 => u32::from(x != y),
        Op::lt_f32 => u32::from(x < y),
        Op::le_f32 => u32::from(x <= y),
        Op::gt_f32 => u32::from(x > y),
        Op::ge_f32 => u32::from(x >= y),
        Op::is_nan_f32 => u32::from(x.is_nan()),
        Op::is_finite_f32 => u32::from(x.is_finite()),
        Op::is_infinite_f32 => u32::from(x.is_infinite()),
        Op::add_i32 => a.wrapping_add(b),
        Op::sub_i32 => a.wrapping_sub(b),
        Op::mul_i32 => a.wrapping_mul(b),
        Op::div_i32 => int(if j == 0 { -1 } else { (i as i64 / j as i64) as i32 }),
        Op::div_u32 => a.checked_div(b).unwrap_or(u32::MAX),
        Op::rem_i32 => int(if j == 0 { i } else { (i as i64 % j as i64) as i32 }),
        Op::rem_u32 => {
            if b == 0 {
                a
            } else {
                a % b
            }
        }
        Op::min_i32 => int(i.min(j)),
        Op::max_i32 => int(i.max(j)),
        Op::min_u32 => a.min(b),
        Op::max_u32 => a.max(b),
        Op::neg_i32 => int(i.wrapping_neg()),
        Op::abs_i32 => int(i.wrapping_abs()),
        Op::sign_i32 => int(i.signum()),
        Op::sign_u32 => u32::from(a != 0),
        Op::and_i32 => a & b,
        Op::or_i32 => a | b,
        Op::xor_i32 => a ^ b,
        Op::not_i32 => !a,
        Op::shl_i32 => {
            if b < 32 {
                a << b
            } else {
                0
            }
        }
        Op::shr_u32 => {
            if b < 32 {
                a >> b
            } else {
                0
            }
        }
        Op::shr_i32 => int(i >> b.min(31)),
        Op::pow_i32 => {
            let mut power: u32 = if a == 0 && b != 0 { 0 } else { 1 };
            for _ in 0..b % 64 {
                power = power.wrapping_mul(a);
            }
            power
        }
        Op::population_count_i32 => (0..32).map(|k| a >> k & 1).sum(),
        Op::leading_zeros_i32 => (0..32).find(|k| a << k >> 31 == 1).unwrap_or(32),
        Op::clamp_i32 => int(j.max(i).min(c as i32)),
        Op::clamp_u32 => b.max(a).min(c),
        Op::eq_i32 => u32::from(a == b),
        Op::ne_i32 => u32::from(a != b),
        Op::lt_i32 => u32::from(i < j),
        Op::le_i32 => u32::from(i <= j),
        Op::gt_i32 => u32::from(i > j),
        Op::ge_i32 => u32::from(i >= j),
        Op::lt_u32 => u32::from(a < b),
        Op::le_u32 => u32::from(a <= b),
        Op::gt_u32 => u32::from(a > b),
        Op::ge_u32 => u32::from(a >= b),
        Op::logical_not => u32::from(a == 0),
        // Rust's casts saturate and take NaN to 0.
        Op::f32_to_i32 => int(x as i32),
        Op::f32_to_u32 => x as u32,
        Op::f32_to_i16 => int((x as i16).into()),
        Op::f32_to_u16 => (x as u16).into(),
        Op::f32_to_i8 => int((x as i8).into()),
        Op::f32_to_u8 => (x as u8).into(),
        Op::i32_to_f32 => float(i as f32),
        Op::u32_to_f32 => float(a as f32),
        Op::f32_to_bool => u32::from(x != 0.0),
        Op::i32_to_bool => u32::from(a != 0),
        Op::round_f16 => float(f16_value(f16_nearest(x))),
        Op::round_bf16 => bf16_nearest(x) << 16,
        Op::wrap_i8 => int((a as i8).into()),
        Op::wrap_i16 => int((a as i16).into()),
        Op::wrap_u8 => a & 0xff,
        Op::wrap_u16 => a & 0xffff,
        Op::exp_f32 => wide(f64::exp),
        Op::log_f32 => wide(f64::ln),
        Op::tanh_f32 => wide(f64::tanh),
        Op::exp2_f32 => wide(libm::exp2),
        Op::log2_f32 => wide(libm::log2),
        Op::log1p_f32 => wide(libm::log1p),
        Op::expm1_f32 => wide(libm::expm1),
        Op::logistic_f32 => wide(exact::logistic),
        Op::sin_f32 => wide(libm::sin),
        Op::cos_f32 => wide(libm::cos),
        Op::tan_f32 => wide(libm::tan),
        Op::asin_f32 => wide(libm::asin),
        Op::acos_f32 => wide(libm::acos),
        Op::atan_f32 => wide(libm::atan),
        Op::sinh_f32 => wide(libm::sinh),
        Op::cosh_f32 => wide(libm::cosh),
        Op::asinh_f32 => wide(libm::asinh),
        Op::acosh_f32 => wide(exact::acosh),
        Op::atanh_f32 => wide(libm::atanh),
        Op::erf_f32 => wide(libm::erf),
        Op::erfc_f32 => wide(libm::erfc),
        Op::erf_inv_f32 => wide(exact::erf_inv),
        Op::lgamma_f32 => wide(exact::lgamma),
        Op::digamma_f32 => wide(exact::digamma),
        Op::cbrt_f32 => wide(libm::cbrt),
        Op::atan2_f32 => float(libm::atan2(x.into(), y.into()) as f32),
        Op::pow_f32 => float(libm::pow(x.into(), y.into()) as f32),
    }
}

/// The operation of a number, and how many operands it has.
fn named(number: usize) -> (Op, u8) {
    let &(op, _, arity) = super::OPS.iter().find(|row| row.0 as usize == number).unwrap();
    (op, arity)
}

/// A program for one element: the inputs' bits give the outputs' bits.
pub(super) fn run(program: &[u32], inputs: &[(DType, u32)], outputs: &[DType]) -> Vec<u32> {
    let mut registers = [0u32; 256];
    let mut out = vec![0; outputs.len()];
    let mut words = program.iter().copied();
    while let Some(word) = words.next() {
        let [op, dst, a, b] = word.to_le_bytes().map(usize::from);
        if op == Op::load as usize {
            registers[dst] = widen(inputs[a].0, inputs[a].1);
        } else if op == Op::store as usize {
            out[b] = narrow(outputs[b], registers[a]);
        } else if op == Op::constant as usize {
            registers[dst] = words.next().unwrap();
        } else if op == Op::chain as usize {
            let mut value = registers[a];
            for word in words.by_ref().take(b) {
                let [op, side, order, _] = word.to_le_bytes().map(usize::from);
                let side = registers[side];
                let (x, y) = if order == 1 { (side, value) } else { (value, side) };
                value = apply(named(op).0, [x, y, 0, 0]);
            }
            registers[dst] = value;
        } else {
            let (name, arity) = named(op);
            let rest = if arity > 2 { words.next().unwrap() } else { 0 };
            let [c, d, ..] = rest.to_le_bytes().map(usize::from);
            registers[dst] = apply(name, [a, b, c, d].map(|register| registers[register]));
        }
    }
    out
}
