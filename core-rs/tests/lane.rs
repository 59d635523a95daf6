//! The lanes' operations against plain arithmetic, on numbers and on the edges of the types. Natively this tests the
//! scalar lane; the wasm test builds run it on theirs.

use penjing_core::lane::{Lane, Live, Scalar};

const FLOATS: [f32; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    1.5,
    2.5,
    -2.5,
    3e9,
    -3e9,
    1e-40,
    f32::MAX,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
    7.25,
];
const WORDS: [u32; 12] =
    [0, 1, 2, 31, 255, 65536, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_ffff, 0xffff_fffe, 0x1234_5678];

fn same(a: f32, b: f32) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Compares an operation on all pairs of edge values with its definition.
fn pairs<L: Lane>(name: &str, lane: fn(L::F, L::F) -> L::F, plain: fn(f32, f32) -> f32) {
    for a in FLOATS {
        for b in FLOATS {
            let got = L::to_array(lane(L::splat(a), L::splat(b)));
            assert!(got.iter().all(|&x| same(x, plain(a, b))), "{name} of {a} and {b}: {got:?}");
        }
    }
}

fn minimum(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() {
        f32::NAN
    } else if a == b {
        if a.is_sign_negative() { a } else { b }
    } else {
        a.min(b)
    }
}

fn floats<L: Lane>() {
    pairs::<L>("add", L::add, |a, b| a + b);
    pairs::<L>("sub", L::sub, |a, b| a - b);
    pairs::<L>("mul", L::mul, |a, b| a * b);
    pairs::<L>("div", L::div, |a, b| a / b);
    pairs::<L>("min", L::min, minimum);
    pairs::<L>("max", L::max, |a, b| -minimum(-a, -b));
    // What pmin and pmax give beside a NaN, or of two zeros, is open.
    for a in FLOATS.into_iter().filter(|x| !x.is_nan() && *x != 0.0) {
        for b in FLOATS.into_iter().filter(|x| !x.is_nan() && *x != 0.0) {
            assert_eq!(L::to_array(L::pmin(L::splat(a), L::splat(b)))[0], a.min(b));
            assert_eq!(L::to_array(L::pmax(L::splat(a), L::splat(b)))[3], a.max(b));
        }
    }
    for x in FLOATS {
        let one = |f: fn(L::F) -> L::F| L::to_array(f(L::splat(x)))[1];
        assert!(same(one(L::abs), x.abs()) && same(one(L::neg), -x) && same(one(L::sqrt), x.sqrt()), "{x}");
        assert!(
            same(one(L::floor), x.floor()) && same(one(L::ceil), x.ceil()) && same(one(L::trunc), x.trunc()),
            "{x}"
        );
        assert!(same(one(L::nearest), x.round_ties_even()), "{x}");
        assert_eq!(L::ito_array(L::to_i32(L::splat(x)))[2], x as i32 as u32);
        assert_eq!(L::ito_array(L::to_u32(L::splat(x)))[3], x as u32);
        assert_eq!(L::ito_array(L::bits(L::splat(x)))[0], x.to_bits());
        for y in FLOATS {
            let mask = |holds: bool| if holds { u32::MAX } else { 0 };
            let (a, b) = (L::splat(x), L::splat(y));
            assert_eq!(L::ito_array(L::eq(a, b))[0], mask(x == y));
            assert_eq!(L::ito_array(L::lt(a, b))[1], mask(x < y));
            assert_eq!(L::ito_array(L::le(a, b))[2], mask(x <= y));
        }
    }
}

fn integers<L: Lane>() {
    for x in WORDS {
        let a = L::isplat(x);
        let first = |v: L::I| L::ito_array(v)[0];
        assert_eq!(first(L::not(a)), !x);
        assert_eq!(L::to_array(L::from_i32(a))[0], x as i32 as f32);
        assert_eq!(L::to_array(L::from_u32(a))[0], x as f32);
        for count in [0, 1, 7, 31] {
            assert_eq!(first(L::shl(a, count)), x << count);
            assert_eq!(first(L::shr(a, count)), x >> count);
            assert_eq!(first(L::sar(a, count)), (x as i32 >> count) as u32);
        }
        for y in WORDS {
            let b = L::isplat(y);
            let mask = |holds: bool| if holds { u32::MAX } else { 0 };
            assert_eq!(first(L::iadd(a, b)), x.wrapping_add(y));
            assert_eq!(first(L::isub(a, b)), x.wrapping_sub(y));
            assert_eq!(first(L::imul(a, b)), x.wrapping_mul(y));
            let half = |x: u32, at: u32| i64::from((x >> at) as i16);
            assert_eq!(first(L::dot16(a, b)), (half(x, 0) * half(y, 0) + half(x, 16) * half(y, 16)) as u32);
            assert_eq!([first(L::and(a, b)), first(L::or(a, b)), first(L::xor(a, b))], [x & y, x | y, x ^ y]);
            assert_eq!([first(L::ieq(a, b)), first(L::ult(a, b))], [mask(x == y), mask(x < y)]);
            assert_eq!(first(L::ilt(a, b)), mask((x as i32) < y as i32));
            assert_eq!([first(L::umin(a, b)), first(L::umax(a, b))], [x.min(y), x.max(y)]);
            assert_eq!(first(L::imin(a, b)), (x as i32).min(y as i32) as u32);
            assert_eq!(first(L::imax(a, b)), (x as i32).max(y as i32) as u32);
        }
    }
}

fn doubles<L: Lane>() {
    // The f64 are seen by their words.
    let all = |x: L::D| {
        let (high, low) = (L::ito_array(L::dhigh(x)), L::ito_array(L::dlow(x)));
        core::array::from_fn::<_, 4, _>(|i| f64::from_bits(u64::from(high[i]) << 32 | u64::from(low[i])))
    };
    let alike = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    let near = |x: L::D, want: [f64; 4]| assert!(all(x).into_iter().zip(want).all(|(a, b)| alike(a, b)), "{want:?}");
    let tests = [0.0, -0.0, 1.0 / 3.0, -2.5, 1e300, 1e-320, 3.4028235677973366e38, 1e-46, f64::INFINITY, f64::NAN];
    for a in tests {
        for b in tests {
            // Other numbers in other lanes.
            let (x, y) = ([a, b, 7.0, a], [b, 3.0, a, a]);
            let words = |x: [f64; 4], by: u32| L::ifrom_array(x.map(|x| (x.to_bits() >> by) as u32));
            let (p, q) = (L::dwords(words(x, 32), words(x, 0)), L::dwords(words(y, 32), words(y, 0)));
            let zip = |f: fn(f64, f64) -> f64| core::array::from_fn(|i| f(x[i], y[i]));
            near(p, x);
            near(L::dadd(p, q), zip(|x, y| x + y));
            near(L::dsub(p, q), zip(|x, y| x - y));
            near(L::dmul(p, q), zip(|x, y| x * y));
            near(L::ddiv(p, q), zip(|x, y| x / y));
            near(L::dsqrt(p), x.map(f64::sqrt));
            near(L::dtrunc(p), x.map(f64::trunc));
            near(L::dsplat(a), [a; 4]);
            near(L::dselect(L::dlt(p, q), p, q), zip(|x, y| if x < y { x } else { y }));
            let narrow = x.map(|x| x as f32);
            assert!(L::to_array(L::narrow(p)).into_iter().zip(narrow).all(|(a, b)| same(a, b)), "{x:?}");
            near(L::widen(L::from_array(narrow)), narrow.map(f64::from));
            let less = core::array::from_fn(|i| if x[i] < y[i] { u32::MAX } else { 0 });
            assert_eq!(L::ito_array(L::dlt(p, q)), less);
        }
    }
}

fn shapes<L: Lane>() {
    let rows = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]];
    assert_eq!(L::ito_array(L::reverse(L::ifrom_array([1, 2, 3, 4]))), [4, 3, 2, 1]);
    let columns = L::transpose(rows.map(L::ifrom_array)).map(L::ito_array);
    for (i, column) in columns.into_iter().enumerate() {
        assert_eq!(column, [i as u32, i as u32 + 4, i as u32 + 8, i as u32 + 12]);
    }
    let (a, b) = (L::ifrom_array(rows[0]), L::ifrom_array(rows[1]));
    assert_eq!(L::ito_array(L::after1(a, b)), [3, 4, 5, 6]);
    assert_eq!(L::ito_array(L::after2(a, b)), [2, 3, 4, 5]);
    assert_eq!((L::ito_array(L::last(b)), L::ito_array(L::reverse(b))), ([7; 4], [7, 6, 5, 4]));
    let mask = L::ifrom_array([u32::MAX, 0, 0xff, 0]);
    let picked = L::iselect(mask, L::ifrom_array([1, 2, 0x1234, 4]), L::ifrom_array([5, 6, 0x5678, 8]));
    assert_eq!(L::ito_array(picked), [1, 6, 0x5634, 8]);
    assert!(L::any(mask) && !L::any(L::isplat(0)));
    let data = [1.0f32, 2.0, 3.0, 4.0, 5.0];
    let mut out = [0.0f32; 5];
    // SAFETY: four elements from the second on are inside both arrays.
    unsafe { L::store(out.as_mut_ptr().add(1), L::load(data.as_ptr().add(1))) };
    assert_eq!(out, [0.0, 2.0, 3.0, 4.0, 5.0]);
    let halves = [1u16, 2, 65535, 4];
    // SAFETY: eight bytes are there.
    assert_eq!(L::ito_array(unsafe { L::iload_u16(halves.as_ptr()) }), [1, 2, 65535, 4]);
    // SAFETY: the first element is there.
    assert_eq!(L::to_array(unsafe { L::load_splat(data.as_ptr()) }), [1.0; 4]);
}

#[test]
fn scalar_lane() {
    floats::<Scalar>();
    integers::<Scalar>();
    doubles::<Scalar>();
    shapes::<Scalar>();
}

#[test]
fn live_lane() {
    floats::<Live>();
    integers::<Live>();
    doubles::<Live>();
    shapes::<Live>();
}

#[test]
fn madd_rounds_once_on_the_relaxed_lane_and_twice_on_the_others() {
    let (a, b) = (1.0 + f32::EPSILON, 1.0 - f32::EPSILON);
    let got = Live::to_array(Live::madd(Live::splat(a), Live::splat(b), Live::splat(-1.0)))[0];
    let expected = if Live::NAME == "relaxed-simd" { a.mul_add(b, -1.0) } else { a * b - 1.0 };
    assert_eq!(got, expected, "{}", Live::NAME);
}
