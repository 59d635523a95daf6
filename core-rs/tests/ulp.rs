//! Sweeps the elementary functions over all floats and bounds their errors against f64.
//!
//! `PENJING_ULP_STRIDE` sets the distance between the bit patterns tried: by default one that gives about 2^22
//! inputs per function, and 1 tries all 2^32. Odd strides reach every exponent with ever other mantissas.

use penjing_core::kernels::elementwise::{Op, elementwise};
use penjing_core::pool::Pool;
use penjing_core::view::{View, ViewMut};

mod exact;

/// Inputs of one call.
const CHUNK: usize = 1 << 16;

/// The distance between neighboring bit patterns of a sweep.
fn stride() -> u64 {
    std::env::var("PENJING_ULP_STRIDE").ok().and_then(|text| text.parse().ok()).unwrap_or(1021).max(1)
}

/// The error of `got` against the exact `want` in units of the last place of f32 at `want`.
fn ulps(got: f32, want: f64) -> f64 {
    if got.is_nan() || want.is_nan() {
        return if got.is_nan() && want.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if got as f64 == want {
        return 0.0;
    }
    // Rounding takes what lies beyond the largest float by half a unit to infinity; take infinity as 2^128.
    let limit = f64::from_bits((1023 + 128) << 52);
    let (got, want) = ((got as f64).clamp(-limit, limit), want.clamp(-limit, limit));
    // The biased exponent of f32's spacing at `want`; below the smallest normal the spacing stays.
    let exponent = (want.abs().to_bits() >> 52).clamp(1023 - 126, 1023 + 127) - 23;
    (got - want).abs() / f64::from_bits(exponent << 52)
}

/// What functions turn on, and neighbors of each.
fn edges() -> Vec<f32> {
    let mut points: Vec<f32> = vec![0.0, f32::from_bits(1), f32::MIN_POSITIVE, f32::MAX, f32::INFINITY, f32::NAN];
    points.extend((-149..=127).map(|k| 2f64.powi(k) as f32));
    points.extend([0.625, 0.92, 3.92, 10.05, 10.2, 1.4616321, 86.64, 87.33, 88.72, 88.73, 89.42, 103.97, 126.5, 149.5]);
    points.extend((0..400).map(|k| k as f32 / 2.0));
    // Multiples of pi / 2, also far away, and where reductions change.
    points.extend((1..400).map(|k| (k as f64 * std::f64::consts::FRAC_PI_2) as f32));
    points.extend((10..90).map(|k| (((2f64.powi(k) * 1.1).round()) * std::f64::consts::FRAC_PI_2) as f32));
    points.extend([131_072.0, 16_367_173.0 * 2f64.powi(72) as f32, 1e5, 1e10, 1e20, 1e30]);
    // Zeros of lgamma and digamma at negative numbers.
    points.extend([2.4570247, 2.7476827, 3.143581, 3.9552944, 4.0393615, 4.9915447, 5.008218, 5.9986806, 6.001385]);
    points.extend([0.504083, 1.5734985, 2.6107209, 3.6352935, 4.653238, 5.667162, 6.678418, 7.687_788]);
    let near = |x: f32| (-40..=40).map(move |k| f32::from_bits((x.to_bits() as i32).wrapping_add(k) as u32));
    points.into_iter().flat_map(near).flat_map(|x| [x, -x]).collect()
}

/// Runs an operation on one or two arrays of one length.
fn apply(op: Op, x: &[f32], y: Option<&[f32]>, out: &mut [f32]) {
    let shape = [x.len()];
    let mut program = vec![Op::load.word(0, 0, 0)];
    program.extend(y.map(|_| Op::load.word(1, 1, 0)));
    program.extend([op.word(0, 0, u32::from(y.is_some())), Op::store.word(0, 0, 0)]);
    let inputs: Vec<View> = [Some(x), y].into_iter().flatten().map(|x| View::of(x, &shape).unwrap()).collect();
    let output = ViewMut::of(out, &shape).unwrap();
    elementwise(&Pool::serial(), &[output], &inputs, &program).unwrap();
}

/// The largest error of `op` over the edges and the sweep, and where it is.
fn sweep(op: Op, exact: fn(f64) -> f64) -> (f64, f32) {
    let mut worst = (0.0, 0.0);
    let mut check = |x: &[f32], y: &mut [f32]| {
        apply(op, x, None, y);
        for (&x, &y) in x.iter().zip(&*y) {
            let error = ulps(y, exact(x as f64));
            if error > worst.0 {
                worst = (error, x);
            }
        }
    };
    let edges = edges();
    check(&edges, &mut vec![0.0; edges.len()]);
    let (mut x, mut y) = (vec![0f32; CHUNK], vec![0f32; CHUNK]);
    let (mut bits, stride) = (0u64, stride());
    while bits < 1 << 32 {
        for to in x.iter_mut() {
            *to = f32::from_bits(bits.min(u32::MAX as u64) as u32);
            bits += stride;
        }
        check(&x, &mut y);
    }
    println!("{op:?}: {:.3} ulp at {:e}", worst.0, worst.1);
    worst
}

/// Asserts that an error is at most what the head of `math` states.
fn bound(op: Op, exact: fn(f64) -> f64, limit: f64) {
    let (error, at) = sweep(op, exact);
    assert!(error <= limit, "{op:?} is off by {error} ulp at {at:e}");
}

macro_rules! bounds {
    ($($name:ident: $op:ident, $exact:expr, $limit:literal;)*) => {
        $(
            #[test]
            fn $name() {
                bound(Op::$op, $exact, $limit);
            }
        )*
    };
}

bounds! {
    exp: exp_f32, f64::exp, 1.0;
    log: log_f32, f64::ln, 1.0;
    tanh: tanh_f32, f64::tanh, 1.5;
    exp2: exp2_f32, libm::exp2, 1.0;
    log2: log2_f32, libm::log2, 1.0;
    log1p: log1p_f32, libm::log1p, 1.0;
    expm1: expm1_f32, libm::expm1, 0.51;
    logistic: logistic_f32, exact::logistic, 2.0;
    sin: sin_f32, libm::sin, 2.0;
    cos: cos_f32, libm::cos, 2.0;
    tan: tan_f32, libm::tan, 0.51;
    asin: asin_f32, libm::asin, 0.51;
    acos: acos_f32, libm::acos, 0.51;
    atan: atan_f32, libm::atan, 0.51;
    sinh: sinh_f32, libm::sinh, 0.51;
    cosh: cosh_f32, libm::cosh, 0.51;
    asinh: asinh_f32, libm::asinh, 0.51;
    acosh: acosh_f32, exact::acosh, 0.51;
    atanh: atanh_f32, libm::atanh, 0.51;
    erf: erf_f32, libm::erf, 2.0;
    erfc: erfc_f32, libm::erfc, 0.51;
    erf_inv: erf_inv_f32, exact::erf_inv, 3.0;
    lgamma: lgamma_f32, exact::lgamma, 0.51;
    digamma: digamma_f32, exact::digamma, 0.51;
    cbrt: cbrt_f32, libm::cbrt, 0.51;
}

/// Asserts the bound of a function of two numbers: all pairs of the edges below, and a million random pairs.
fn bound_pairs(op: Op, exact: fn(f64, f64) -> f64, limit: f64) {
    let mut edges: Vec<f32> = vec![
        0.0,
        f32::from_bits(1),
        1e-40,
        f32::MIN_POSITIVE,
        1e-20,
        0.1,
        1.0 / 3.0,
        0.5,
        0.99999994,
        1.0,
        1.0000001,
        1.5,
        2.0,
        2.5,
        3.0,
        4.0,
        5.0,
        10.0,
        127.0,
        128.0,
        149.0,
        8388607.5,
        8388609.0,
        16777215.0,
        16777216.0,
        33554432.0,
        1e10,
        1e20,
        f32::MAX,
        f32::INFINITY,
        f32::NAN,
    ];
    edges.extend(edges.clone().iter().map(|x| -x));
    let (mut x, mut y) = (vec![], vec![]);
    for &a in &edges {
        for &b in &edges {
            x.push(a);
            y.push(b);
        }
    }
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 32) as u32
    };
    for i in 0..1 << 20 {
        // Any bits, or both numbers of ordinary size, or one near 1 and one large.
        let (a, b) = (random(), random());
        let small = |bits: u32| f32::from_bits(bits & 0x81ff_ffff | 0x3e00_0000);
        let (a, b) = match i % 4 {
            0 => (f32::from_bits(a), f32::from_bits(b)),
            1 => (small(a), small(b)),
            2 => (small(a).abs(), small(b) * 16.0),
            _ => (1.0 + (a as i32 as f32) * 2f32.powi(-40), small(b) * 4096.0),
        };
        x.push(a);
        y.push(b);
    }
    let mut out = vec![0.0; x.len()];
    apply(op, &x, Some(&y), &mut out);
    let mut worst = (0.0, 0.0, 0.0);
    for i in 0..x.len() {
        let want = exact(x[i].into(), y[i].into());
        let error = ulps(out[i], want);
        assert!(want != 0.0 || out[i].is_sign_negative() == want.is_sign_negative(), "{op:?} of {} and {}", x[i], y[i]);
        if error > worst.0 {
            worst = (error, x[i], y[i]);
        }
    }
    println!("{op:?}: {:.3} ulp at {:e}, {:e}", worst.0, worst.1, worst.2);
    assert!(worst.0 <= limit, "{op:?} is off by {} ulp at {:e}, {:e}", worst.0, worst.1, worst.2);
}

#[test]
fn pow() {
    bound_pairs(Op::pow_f32, libm::pow, 0.51);
}

#[test]
fn atan2() {
    bound_pairs(Op::atan2_f32, libm::atan2, 0.51);
}

#[test]
fn rem() {
    bound_pairs(Op::rem_f32, libm::fmod, 0.0);
}

#[test]
fn next_after() {
    let next = |x: f64, y: f64| if x == y { y } else { libm::nextafterf(x as f32, y as f32).into() };
    bound_pairs(Op::next_after_f32, next, 0.0);
}
