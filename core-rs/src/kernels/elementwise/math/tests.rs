//! Functions of four vectors against those of one, and special values that other tests do not reach. The errors are
//! bounded in `tests/ulp.rs`.

use super::*;
use crate::lane::Scalar;

#[test]
fn four_abreast_give_the_bits_of_one_alone() {
    fn check<A: Abreast<Scalar>>(bits: impl Fn(u32) -> u32) {
        let f = A::new();
        let mut taken = 0;
        for i in 0..1 << 16 {
            let x =
                core::array::from_fn(|v| core::array::from_fn(|l| f32::from_bits(bits(i * 16 + (v * 4 + l) as u32))));
            let Some(y) = f.four(x, i as usize) else { continue };
            taken += 1;
            for (x, y) in x.into_iter().zip(y) {
                assert_eq!(A::one(x).map(f32::to_bits), y.map(f32::to_bits), "{x:?}");
            }
        }
        assert!(taken > 0);
    }
    check::<Exp<Scalar>>(|i| i * 4096);
    check::<Log<Scalar, 0>>(|i| i * 4096);
    check::<Log<Scalar, 2>>(|i| i * 4096);
    check::<Log1p<Scalar>>(|i| i % 0xff_0000 * 128);
    check::<Log1p<Scalar>>(|i| 0x8000_0000 | (i % 0x7e_ffff * 128));
    // Not a NaN.
    check::<Tanh<Scalar>>(|i| i % 0xff_0000 * 128);
    check::<Exp2<Scalar>>(|i| i * 4096);
    check::<Logistic<Scalar>>(|i| i % 0xff_0000 * 128);
    check::<Erf<Scalar>>(|i| i % 0xff_0000 * 128);
    check::<Sine<Scalar, 0>>(|i| i * 4096);
    check::<Sine<Scalar, 1>>(|i| i * 4096);
    check::<ExpNotPositive<Scalar>>(|i| 0x8000_0000 | (i % 0xff_0000 * 128));
    let least = ExpBounded::<Scalar>::LEAST.to_bits();
    check::<ExpBounded<Scalar>>(|i| 0x8000_0000 + i.wrapping_mul(2053) % (least - 0x8000_0000 + 1));
    check::<ExpBounded<Scalar>>(|i| least - i);
}

#[test]
fn powers_of_special_numbers_are_those_of_c() {
    let (infinity, nan) = (f32::INFINITY, f32::NAN);
    let same = |x: f32, y: f32, want: f32| {
        let got = pow::<Scalar>([x; 4], [y; 4])[2];
        assert!(got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan(), "{x}^{y} is {got}, not {want}");
    };
    same(nan, 0.0, 1.0);
    same(1.0, nan, 1.0);
    same(nan, 1.0, nan);
    same(-1.0, infinity, 1.0);
    same(-1.0, 16_777_215.0, -1.0);
    same(-1.0, 16_777_216.0, 1.0);
    same(-0.0, -3.0, -infinity);
    same(-0.0, -2.0, infinity);
    same(-0.0, 0.5, 0.0);
    same(-infinity, 3.0, -infinity);
    same(-infinity, -3.0, -0.0);
    same(-infinity, 0.5, infinity);
    same(-8.0, 1.0 / 3.0, nan);
    same(0.5, -infinity, infinity);
    same(2.0, -149.0, f32::from_bits(1));
    same(2.0, 128.0, infinity);
}

#[test]
fn a_lane_of_a_huge_angle_or_quotient_leaves_its_neighbors_alone() {
    let x = [1.0, 1e30, -2.0, f32::INFINITY];
    for f in [sin::<Scalar>, cos::<Scalar>, tan::<Scalar>] {
        let y = f(x);
        for i in 0..4 {
            assert_eq!(y[i].to_bits() & 0x7fff_ffff, f([x[i]; 4])[0].to_bits() & 0x7fff_ffff);
        }
    }
    assert_eq!(rem::<Scalar>([7.0, 1e30, -7.0, 5.0], [4.0, 3.0, 4.0, f32::INFINITY]), [3.0, 1e30 % 3.0, -3.0, 5.0]);
}

#[test]
fn gamma_functions_meet_their_poles() {
    let y = lgamma::<Scalar>([0.0, -3.0, f32::NEG_INFINITY, 1.0]);
    assert_eq!(y, [f32::INFINITY, f32::INFINITY, f32::INFINITY, 0.0]);
    let y = digamma::<Scalar>([0.0, -3.0, f32::NEG_INFINITY, f32::NAN]);
    assert!(y.iter().all(|y| y.is_nan()));
}
