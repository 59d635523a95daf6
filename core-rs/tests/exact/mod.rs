//! Elementary functions in f64, for tests: those that `libm` lacks.

/// 1 / (1 + e^-x).
pub fn logistic(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    (if x < 0.0 { e } else { 1.0 }) / (1.0 + e)
}

/// The inverse of cosh, NaN below 1.
pub fn acosh(x: f64) -> f64 {
    if x < 1.0 { f64::NAN } else { libm::acosh(x) }
}

/// ln |gamma(x)|; infinite at 0 and at negative integers.
pub fn lgamma(x: f64) -> f64 {
    if x == f64::NEG_INFINITY { f64::INFINITY } else { libm::lgamma(x) }
}

/// The logarithmic derivative of gamma; NaN at 0 and at negative integers.
pub fn digamma(x: f64) -> f64 {
    if x == f64::INFINITY {
        return x;
    }
    if x.is_nan() || x <= 0.0 && x == x.floor() {
        return f64::NAN;
    }
    let mut sum = Sum::default();
    let mut from = x;
    if x < 0.0 {
        // r = x - round(x) is exact, and cot has period pi.
        let r = x - x.round();
        let y = std::f64::consts::PI * r;
        sum.add(-std::f64::consts::PI / libm::tan(y));
        from = 1.0 - x;
    }
    while from < 24.0 {
        sum.add(-1.0 / from);
        from += 1.0;
    }
    let z = 1.0 / (from * from);
    let tail = z * (1.0 / 12.0 - z * (1.0 / 120.0 - z * (1.0 / 252.0 - z * (1.0 / 240.0 - z / 132.0))));
    sum.add(from.ln());
    sum.add(-0.5 / from);
    sum.add(-tail);
    sum.0 + sum.1
}

/// A sum and what its roundings lost (Neumaier).
#[derive(Default)]
struct Sum(f64, f64);

impl Sum {
    fn add(&mut self, x: f64) {
        let next = self.0 + x;
        self.1 += if self.0.abs() >= x.abs() { (self.0 - next) + x } else { (x - next) + self.0 };
        self.0 = next;
    }
}

/// JAX's formula for the inverse of erf, each step rounded to f32.
pub fn erf_inv(x: f64) -> f64 {
    const A: [f32; 9] = [
        2.810_226_4e-8,
        3.432_739_4e-7,
        -3.523_387_7e-6,
        -4.391_506_5e-6,
        2.185_808_7e-4,
        -1.253_725e-3,
        -4.177_681_6e-3,
        0.246_640_73,
        1.501_409_4,
    ];
    const B: [f32; 9] = [
        -2.002_142_6e-4,
        1.009_505_6e-4,
        1.349_343_2e-3,
        -3.673_428_4e-3,
        5.739_507_7e-3,
        -7.622_461_3e-3,
        9.438_870_5e-3,
        1.001_674,
        2.832_976_8,
    ];
    let x = x as f32;
    if x.abs() == 1.0 {
        return (x * f32::INFINITY).into();
    }
    let w = -(libm::log1p(f64::from(-(x * x))) as f32);
    let (w, c) = if w < 5.0 { (w - 2.5, A) } else { (w.sqrt() - 3.0, B) };
    f64::from(c[1..].iter().fold(c[0], |p, c| p * w + c) * x)
}
