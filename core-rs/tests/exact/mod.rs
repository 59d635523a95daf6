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

/// All negative floats where digamma is below 2e-6: its terms cancel there, and those of f64 are good for an ulp of f32
/// only. By mpmath 1.3 with 200 bits, rounded.
const DIGAMMA_NEAR_ZEROS: [(f32, f64); 24] = [
    (-85156.914, -3.969631640479529e-07),
    (-4162.8853, 1.094684343717673e-06),
    (-372.84476, 4.844178033485782e-07),
    (-347.8432, 1.3105677998633336e-06),
    (-241.83456, 9.61205974971789e-07),
    (-96.808556, 7.659488660848051e-07),
    (-95.80822, 5.3991989471556924e-08),
    (-66.795906, -6.681547743768971e-09),
    (-58.791225, -2.899002884563527e-07),
    (-56.789925, 4.3917909871891726e-07),
    (-25.756275, -1.973804618253047e-06),
    (-20.745617, -9.434846054571766e-07),
    (-6.678418, 7.298146316066773e-07),
    (-5.6671624, 3.0198472259446285e-07),
    (-4.653238, -7.165545005566692e-07),
    (-3.6352935, -1.3666231440553986e-06),
    (-3.6352932, 1.4111772478281014e-06),
    (-2.6107209, -4.811107649295407e-08),
    (-1.5734986, -1.3273854029613538e-06),
    (-1.5734985, -1.4226449024506777e-07),
    (-1.5734984, 1.0428562007081108e-06),
    (-0.5040831, -7.931084781744489e-07),
    (-0.50408304, -2.602549550299359e-07),
    (-0.504083, 2.7259856236381173e-07),
];

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
    let sum = sum.0 + sum.1;
    if sum.abs() > 1e-5 {
        return sum;
    }
    DIGAMMA_NEAR_ZEROS.iter().find(|near| f64::from(near.0) == x).map_or(sum, |near| near.1)
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
