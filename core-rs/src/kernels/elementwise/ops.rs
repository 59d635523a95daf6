//! The table of operations: one row each, and nothing else to change when one is added.
//!
//! A row is `name = number, arity, (operand types) -> result type, code;`. The code is a closure over vectors of
//! the lane `L`; a script reads name, number and arity of each row to write `wasm/elementwise_ops.ts`. The types
//! say what a 32-bit register holds:
//!
//! | type   | register                                                                            |
//! | ------ | ----------------------------------------------------------------------------------- |
//! | `f32`  | a float; the closure gets and gives `L::F`                                           |
//! | `i32`  | an integer, signed or unsigned by operation; the closure gets and gives `L::I`       |
//! | `bool` | 0 or 1; as operand it comes as the integer, as result a mask of all ones is cut to 1 |
//!
//! | numbers   | group                                             |
//! | --------- | ------------------------------------------------- |
//! | 1 – 15    | structure (1 – 3 and 5 are in `program.rs`)       |
//! | 16 – 47   | f32 arithmetic                                    |
//! | 48 – 63   | f32 comparisons and tests                         |
//! | 64 – 95   | integer arithmetic and bits                       |
//! | 96 – 111  | integer comparisons, logic                        |
//! | 112 – 127 | casts, rounding, wrapping                         |
//! | 128 – 191 | transcendental functions (costed as such)         |
//!
//! A number is never reused for another operation.

/// Calls the macro `$then` with every row of the table.
macro_rules! for_each_op {
    ($then:ident) => {
        $then! {
            // mask, if true, if false; the third operand is the extra word. Any type may stand for i32 here.
            select = 4, 3, (bool, i32, i32) -> i32, |m, a, b| L::iselect(L::ieq(m, L::isplat(0)), b, a);

            add_f32 = 16, 2, (f32, f32) -> f32, |a, b| L::add(a, b);
            sub_f32 = 17, 2, (f32, f32) -> f32, |a, b| L::sub(a, b);
            mul_f32 = 18, 2, (f32, f32) -> f32, |a, b| L::mul(a, b);
            div_f32 = 19, 2, (f32, f32) -> f32, |a, b| L::div(a, b);
            // NaN if either is; -0 lies below +0.
            min_f32 = 20, 2, (f32, f32) -> f32, |a, b| L::min(a, b);
            max_f32 = 21, 2, (f32, f32) -> f32, |a, b| L::max(a, b);
            neg_f32 = 22, 1, (f32) -> f32, |x| L::neg(x);
            abs_f32 = 23, 1, (f32) -> f32, |x| L::abs(x);
            sqrt_f32 = 24, 1, (f32) -> f32, |x| L::sqrt(x);
            // 1 / sqrt(x), each rounded.
            rsqrt_f32 = 25, 1, (f32) -> f32, |x| L::div(L::splat(1.0), L::sqrt(x));
            floor_f32 = 26, 1, (f32) -> f32, |x| L::floor(x);
            ceil_f32 = 27, 1, (f32) -> f32, |x| L::ceil(x);
            // Ties to even.
            round_f32 = 28, 1, (f32) -> f32, |x| L::nearest(x);
            trunc_f32 = 29, 1, (f32) -> f32, |x| L::trunc(x);
            square_f32 = 30, 1, (f32) -> f32, |x| L::mul(x, x);
            // -1 or 1; a zero keeps its sign, a NaN stays NaN.
            sign_f32 = 31, 1, (f32) -> f32, |x| math::sign::<L>(x);
            reciprocal_f32 = 32, 1, (f32) -> f32, |x| L::div(L::splat(1.0), x);
            // C's fmod: the sign of the dividend; exact.
            rem_f32 = 33, 2, (f32, f32) -> f32, |a, b| math::rem::<L>(a, b);
            next_after_f32 = 34, 2, (f32, f32) -> f32, |a, b| math::next_after::<L>(a, b);
            // Halves away from zero.
            round_away_f32 = 35, 1, (f32) -> f32, |x| math::round_away::<L>(x);
            copysign_f32 = 36, 2, (f32, f32) -> f32, |a, b| math::copysign::<L>(a, b);
            // low, x, high: x moved up to low, then down to high; NaN if any is.
            clamp_f32 = 37, 3, (f32, f32, f32) -> f32, |low, x, high| math::clamp::<L>(low, x, high);
            // a b + c, both steps rounded: what the two operations give, in one pass.
            mul_add_f32 = 38, 3, (f32, f32, f32) -> f32, |a, b, c| L::add(L::mul(a, b), c);
            // The third operand if the first two compare so, else the fourth, of any type: two operations in one pass.
            select_eq_f32 = 40, 4, (f32, f32, i32, i32) -> i32, |a, b, c, d| L::iselect(L::eq(a, b), c, d);
            select_lt_f32 = 41, 4, (f32, f32, i32, i32) -> i32, |a, b, c, d| L::iselect(L::lt(a, b), c, d);
            select_le_f32 = 42, 4, (f32, f32, i32, i32) -> i32, |a, b, c, d| L::iselect(L::le(a, b), c, d);

            eq_f32 = 48, 2, (f32, f32) -> bool, |a, b| L::eq(a, b);
            ne_f32 = 49, 2, (f32, f32) -> bool, |a, b| L::not(L::eq(a, b));
            lt_f32 = 50, 2, (f32, f32) -> bool, |a, b| L::lt(a, b);
            le_f32 = 51, 2, (f32, f32) -> bool, |a, b| L::le(a, b);
            gt_f32 = 52, 2, (f32, f32) -> bool, |a, b| L::lt(b, a);
            ge_f32 = 53, 2, (f32, f32) -> bool, |a, b| L::le(b, a);
            is_nan_f32 = 54, 1, (f32) -> bool, |x| L::not(L::eq(x, x));
            is_finite_f32 = 55, 1, (f32) -> bool, |x| L::lt(L::abs(x), L::splat(f32::INFINITY));
            is_infinite_f32 = 56, 1, (f32) -> bool, |x| L::eq(L::abs(x), L::splat(f32::INFINITY));

            // Wrapping; the same for signed and unsigned unless the name says which.
            add_i32 = 64, 2, (i32, i32) -> i32, |a, b| L::iadd(a, b);
            sub_i32 = 65, 2, (i32, i32) -> i32, |a, b| L::isub(a, b);
            mul_i32 = 66, 2, (i32, i32) -> i32, |a, b| L::imul(a, b);
            // Toward zero; x / 0 = -1 and the lowest number / -1 is itself, as in JAX.
            div_i32 = 67, 2, (i32, i32) -> i32, |a, b| integer::zip::<L>(a, b, integer::div_i32);
            // x / 0 is all ones.
            div_u32 = 68, 2, (i32, i32) -> i32, |a, b| integer::zip::<L>(a, b, integer::div_u32);
            // The sign of the dividend; x % 0 = x.
            rem_i32 = 69, 2, (i32, i32) -> i32, |a, b| integer::zip::<L>(a, b, integer::rem_i32);
            rem_u32 = 70, 2, (i32, i32) -> i32, |a, b| integer::zip::<L>(a, b, integer::rem_u32);
            min_i32 = 71, 2, (i32, i32) -> i32, |a, b| L::imin(a, b);
            max_i32 = 72, 2, (i32, i32) -> i32, |a, b| L::imax(a, b);
            min_u32 = 73, 2, (i32, i32) -> i32, |a, b| L::umin(a, b);
            max_u32 = 74, 2, (i32, i32) -> i32, |a, b| L::umax(a, b);
            neg_i32 = 75, 1, (i32) -> i32, |x| L::isub(L::isplat(0), x);
            abs_i32 = 76, 1, (i32) -> i32, |x| L::imax(x, L::isub(L::isplat(0), x));
            // -1, 0 or 1.
            sign_i32 = 77, 1, (i32) -> i32, |x| L::imin(L::imax(x, L::isplat(u32::MAX)), L::isplat(1));
            sign_u32 = 78, 1, (i32) -> i32, |x| L::umin(x, L::isplat(1));
            and_i32 = 79, 2, (i32, i32) -> i32, |a, b| L::and(a, b);
            or_i32 = 80, 2, (i32, i32) -> i32, |a, b| L::or(a, b);
            xor_i32 = 81, 2, (i32, i32) -> i32, |a, b| L::xor(a, b);
            not_i32 = 82, 1, (i32) -> i32, |x| L::not(x);
            // A count of 32 or more (read as unsigned) gives 0, or for shr_i32 the sign in every bit.
            shl_i32 = 83, 2, (i32, i32) -> i32, |a, n| integer::shl::<L>(a, n);
            shr_u32 = 84, 2, (i32, i32) -> i32, |a, n| integer::shr::<L>(a, n);
            shr_i32 = 85, 2, (i32, i32) -> i32, |a, n| integer::sar::<L>(a, n);
            // Wrapping; of the exponent the low 6 bits, but 0 to any power except 0 is 0, as in JAX's `power`: so a
            // negative exponent gives 0 for even bases.
            pow_i32 = 86, 2, (i32, i32) -> i32, |a, n| integer::pow::<L>(a, n);
            population_count_i32 = 87, 1, (i32) -> i32, |x| integer::map::<L>(x, u32::count_ones);
            // 32 for 0.
            leading_zeros_i32 = 88, 1, (i32) -> i32, |x| integer::map::<L>(x, u32::leading_zeros);
            // low, x, high: as clamp_f32.
            clamp_i32 = 89, 3, (i32, i32, i32) -> i32, |low, x, high| L::imin(L::imax(x, low), high);
            clamp_u32 = 90, 3, (i32, i32, i32) -> i32, |low, x, high| L::umin(L::umax(x, low), high);

            eq_i32 = 96, 2, (i32, i32) -> bool, |a, b| L::ieq(a, b);
            ne_i32 = 97, 2, (i32, i32) -> bool, |a, b| L::not(L::ieq(a, b));
            lt_i32 = 98, 2, (i32, i32) -> bool, |a, b| L::ilt(a, b);
            le_i32 = 99, 2, (i32, i32) -> bool, |a, b| L::not(L::ilt(b, a));
            gt_i32 = 100, 2, (i32, i32) -> bool, |a, b| L::ilt(b, a);
            ge_i32 = 101, 2, (i32, i32) -> bool, |a, b| L::not(L::ilt(a, b));
            lt_u32 = 102, 2, (i32, i32) -> bool, |a, b| L::ult(a, b);
            le_u32 = 103, 2, (i32, i32) -> bool, |a, b| L::not(L::ult(b, a));
            gt_u32 = 104, 2, (i32, i32) -> bool, |a, b| L::ult(b, a);
            ge_u32 = 105, 2, (i32, i32) -> bool, |a, b| L::not(L::ult(a, b));
            // Bools combine by and_i32, or_i32, xor_i32.
            logical_not = 106, 1, (bool) -> bool, |x| L::ieq(x, L::isplat(0));

            // Toward zero; beyond the range the nearest end of it; NaN gives 0. As JAX casts to each width.
            f32_to_i32 = 112, 1, (f32) -> i32, |x| L::to_i32(x);
            f32_to_u32 = 113, 1, (f32) -> i32, |x| L::to_u32(x);
            f32_to_i16 = 114, 1, (f32) -> i32, |x| integer::clamp::<L>(L::to_i32(x), -32768, 32767);
            f32_to_u16 = 115, 1, (f32) -> i32, |x| integer::clamp::<L>(L::to_i32(x), 0, 65535);
            f32_to_i8 = 116, 1, (f32) -> i32, |x| integer::clamp::<L>(L::to_i32(x), -128, 127);
            f32_to_u8 = 117, 1, (f32) -> i32, |x| integer::clamp::<L>(L::to_i32(x), 0, 255);
            // To nearest, ties to even. A bool or any narrow integer is an i32 already.
            i32_to_f32 = 118, 1, (i32) -> f32, |x| L::from_i32(x);
            u32_to_f32 = 119, 1, (i32) -> f32, |x| L::from_u32(x);
            // x != 0, true for NaN.
            f32_to_bool = 120, 1, (f32) -> bool, |x| L::not(L::eq(x, L::splat(0.0)));
            i32_to_bool = 121, 1, (i32) -> bool, |x| L::not(L::ieq(x, L::isplat(0)));
            // To the nearest number of the narrow type, ties to even; beyond its range an infinity.
            round_f16 = 122, 1, (f32) -> f32, |x| convert::round_f16::<L>(x);
            round_bf16 = 123, 1, (f32) -> f32, |x| convert::round_bf16::<L>(x);
            // The low bits, extended by sign or zeros.
            wrap_i8 = 124, 1, (i32) -> i32, |x| L::sar(L::shl(x, 24), 24);
            wrap_i16 = 125, 1, (i32) -> i32, |x| L::sar(L::shl(x, 16), 16);
            wrap_u8 = 126, 1, (i32) -> i32, |x| L::and(x, L::isplat(0xff));
            wrap_u16 = 127, 1, (i32) -> i32, |x| L::and(x, L::isplat(0xffff));

            exp_f32 = 128, 1, (f32) -> f32, |x| math::exp::<L>(x);
            log_f32 = 129, 1, (f32) -> f32, |x| math::log::<L>(x);
            tanh_f32 = 130, 1, (f32) -> f32, |x| math::tanh::<L>(x);
            exp2_f32 = 131, 1, (f32) -> f32, |x| math::exp2::<L>(x);
            log2_f32 = 132, 1, (f32) -> f32, |x| math::log2::<L>(x);
            log1p_f32 = 133, 1, (f32) -> f32, |x| math::log1p::<L>(x);
            expm1_f32 = 134, 1, (f32) -> f32, |x| math::expm1::<L>(x);
            logistic_f32 = 135, 1, (f32) -> f32, |x| math::logistic::<L>(x);
            sin_f32 = 136, 1, (f32) -> f32, |x| math::sin::<L>(x);
            cos_f32 = 137, 1, (f32) -> f32, |x| math::cos::<L>(x);
            tan_f32 = 138, 1, (f32) -> f32, |x| math::tan::<L>(x);
            asin_f32 = 139, 1, (f32) -> f32, |x| math::asin::<L>(x);
            acos_f32 = 140, 1, (f32) -> f32, |x| math::acos::<L>(x);
            atan_f32 = 141, 1, (f32) -> f32, |x| math::atan::<L>(x);
            sinh_f32 = 142, 1, (f32) -> f32, |x| math::sinh::<L>(x);
            cosh_f32 = 143, 1, (f32) -> f32, |x| math::cosh::<L>(x);
            asinh_f32 = 144, 1, (f32) -> f32, |x| math::asinh::<L>(x);
            acosh_f32 = 145, 1, (f32) -> f32, |x| math::acosh::<L>(x);
            atanh_f32 = 146, 1, (f32) -> f32, |x| math::atanh::<L>(x);
            erf_f32 = 147, 1, (f32) -> f32, |x| math::erf::<L>(x);
            erfc_f32 = 148, 1, (f32) -> f32, |x| math::erfc::<L>(x);
            // JAX's formula, with x² rounded first, and with its errors.
            erf_inv_f32 = 149, 1, (f32) -> f32, |x| math::erf_inv::<L>(x);
            lgamma_f32 = 150, 1, (f32) -> f32, |x| math::lgamma::<L>(x);
            // NaN at 0 and at negative integers, as in JAX.
            digamma_f32 = 151, 1, (f32) -> f32, |x| math::digamma::<L>(x);
            cbrt_f32 = 152, 1, (f32) -> f32, |x| math::cbrt::<L>(x);
            // y, x: the angle of the point (x, y).
            atan2_f32 = 153, 2, (f32, f32) -> f32, |y, x| math::atan2::<L>(y, x);
            // With the special cases of C99.
            pow_f32 = 154, 2, (f32, f32) -> f32, |x, y| math::pow::<L>(x, y);
        }
    };
}

pub(super) use for_each_op;
