//! The operations, and the inner loops over registers.

use super::{Kind, PANEL};
use crate::lane::{LANES, Lane};

/// What is folded with. Registers are f32 or integers, as bits.
trait Op {
    /// Whether the order does not matter, so that a carry runs on from chunk to chunk and no base is needed.
    const EXACT: bool;
    /// Bits of what changes nothing.
    const NEUTRAL: u32;
    /// The base of the first chunk.
    const BASE: f64;
    /// `a` before `b`.
    fn fold<L: Lane>(a: L::I, b: L::I) -> L::I;
    /// The next base, from this one and the carry that the chunk ended with.
    fn onto(base: f64, carry: u32) -> f64;
    /// The register of a loaded word; extremes are brought to the largest signed integer.
    #[inline(always)]
    fn load<L: Lane>(x: L::I, _flip: L::I) -> L::I {
        x
    }
    /// The word of a register.
    #[inline(always)]
    fn store<L: Lane>(x: L::I, _flip: L::I) -> L::I {
        x
    }
}

struct SumF;
struct ProductF;
struct SumI;
struct ProductI;
/// The largest signed integer. A `flip` of bits makes it any other extreme; floats are mapped to integers of their
/// order, since the maximum of floats is many instructions, one after the other.
struct Largest<const FLOAT: bool>;

impl Op for SumF {
    const EXACT: bool = false;
    const NEUTRAL: u32 = 1 << 31; // -0
    const BASE: f64 = 0.0;
    #[inline(always)]
    fn fold<L: Lane>(a: L::I, b: L::I) -> L::I {
        L::bits(L::add(L::float(a), L::float(b)))
    }
    #[inline(always)]
    fn onto(base: f64, carry: u32) -> f64 {
        base + f64::from(f32::from_bits(carry))
    }
}

impl Op for ProductF {
    const EXACT: bool = false;
    const NEUTRAL: u32 = 1f32.to_bits();
    const BASE: f64 = 1.0;
    #[inline(always)]
    fn fold<L: Lane>(a: L::I, b: L::I) -> L::I {
        L::bits(L::mul(L::float(a), L::float(b)))
    }
    #[inline(always)]
    fn onto(base: f64, carry: u32) -> f64 {
        base * f64::from(f32::from_bits(carry))
    }
}

impl Op for SumI {
    const EXACT: bool = true;
    const NEUTRAL: u32 = 0;
    const BASE: f64 = 0.0;
    #[inline(always)]
    fn fold<L: Lane>(a: L::I, b: L::I) -> L::I {
        L::iadd(a, b)
    }
    #[inline(always)]
    fn onto(base: f64, _: u32) -> f64 {
        base
    }
}

impl Op for ProductI {
    const EXACT: bool = true;
    const NEUTRAL: u32 = 1;
    const BASE: f64 = 0.0;
    #[inline(always)]
    fn fold<L: Lane>(a: L::I, b: L::I) -> L::I {
        L::imul(a, b)
    }
    #[inline(always)]
    fn onto(base: f64, _: u32) -> f64 {
        base
    }
}

/// What every NaN is taken for: the quiet one of positive sign, above infinity.
const NAN: u32 = 0x7fc0_0000;

impl<const FLOAT: bool> Op for Largest<FLOAT> {
    const EXACT: bool = true;
    const NEUTRAL: u32 = 1 << 31;
    const BASE: f64 = 0.0;
    #[inline(always)]
    fn fold<L: Lane>(a: L::I, b: L::I) -> L::I {
        L::imax(a, b)
    }
    #[inline(always)]
    fn onto(base: f64, _: u32) -> f64 {
        base
    }
    #[inline(always)]
    fn load<L: Lane>(x: L::I, flip: L::I) -> L::I {
        let flipped = L::xor(x, flip);
        if !FLOAT {
            return flipped;
        }
        L::iselect(L::eq(L::float(x), L::float(x)), ordered::<L>(flipped), L::isplat(NAN))
    }
    #[inline(always)]
    fn store<L: Lane>(x: L::I, flip: L::I) -> L::I {
        L::xor(if FLOAT { ordered::<L>(x) } else { x }, flip)
    }
}

/// Turns the magnitude of what is negative around: bits of floats become integers of the same order, and back.
#[inline(always)]
fn ordered<L: Lane>(x: L::I) -> L::I {
    L::xor(x, L::shr(L::sar(x, 31), 1))
}

/// The inner loops of one operation. Behind pointers, so that all that leads to them is there once.
pub struct Loops {
    /// [`Op::EXACT`].
    pub exact: bool,
    /// [`Op::NEUTRAL`].
    pub neutral: u32,
    /// [`Op::BASE`].
    pub base: f64,
    /// [`Op::onto`].
    pub onto: fn(f64, u32) -> f64,
    /// [`chunk`].
    pub chunk: unsafe fn(*const u32, *mut u32, usize, u32, u32, u32) -> u32,
    /// [`group`].
    pub group: unsafe fn([*const u32; PANEL], [*mut u32; PANEL], usize, *mut u32, *const u32, u32),
    fold: fn(u32, u32) -> u32,
}

impl Loops {
    /// Those of an operation on floats, or on integers.
    pub fn new<L: Lane>(kind: Kind, float: bool) -> Loops {
        match (kind, float) {
            (Kind::Sum, true) => Loops::of::<L, SumF>(),
            (Kind::Prod, true) => Loops::of::<L, ProductF>(),
            (_, true) => Loops::of::<L, Largest<true>>(),
            (Kind::Sum, false) => Loops::of::<L, SumI>(),
            (Kind::Prod, false) => Loops::of::<L, ProductI>(),
            (_, false) => Loops::of::<L, Largest<false>>(),
        }
    }

    fn of<L: Lane, O: Op>() -> Loops {
        Loops {
            exact: O::EXACT,
            neutral: O::NEUTRAL,
            base: O::BASE,
            onto: O::onto,
            chunk: chunk::<L, O>,
            group: group::<L, O>,
            fold: |a, b| L::ito_array(O::fold::<L>(L::isplat(a), L::isplat(b)))[0],
        }
    }

    /// Turns the carries of a row's chunks into what each begins with: the carry of all before it, or the base.
    ///
    /// # Safety
    /// - `n` words at `words` are readable and writable.
    pub unsafe fn bases(&self, words: *mut u32, n: usize) {
        let (mut carry, mut base) = (self.neutral, self.base);
        for i in 0..n {
            // SAFETY: below `n`.
            unsafe {
                let end = words.add(i).read();
                words.add(i).write(if self.exact { carry } else { (base as f32).to_bits() });
                if self.exact {
                    carry = (self.fold)(carry, end);
                } else {
                    base = (self.onto)(base, end);
                }
            }
        }
    }
}

/// Scans `n` words, at most a chunk, and gives the carry they end with.
///
/// # Safety
/// - `n` words at `x` are readable and at `y` writable, which are the same or do not overlap.
unsafe fn chunk<L: Lane, O: Op>(x: *const u32, y: *mut u32, n: usize, carry: u32, base: u32, flip: u32) -> u32 {
    let (mut carry, base, flip) = (L::isplat(carry), L::isplat(base), L::isplat(flip));
    let neutral = L::isplat(O::NEUTRAL);
    let mut step = |x: L::I| {
        let x = O::load::<L>(x, flip);
        let pairs = O::fold::<L>(L::after1(neutral, x), x);
        let sums = O::fold::<L>(L::after2(neutral, pairs), pairs);
        let mut result = O::fold::<L>(carry, sums);
        carry = O::fold::<L>(carry, L::last(sums));
        if !O::EXACT {
            result = O::fold::<L>(base, result);
        }
        O::store::<L>(result, flip)
    };
    let mut k = 0;
    // SAFETY: every offset is below `n`, or in the array of a last group.
    unsafe {
        while k + 4 * LANES <= n {
            for i in 0..4 {
                let at = k + i * LANES;
                L::istore(y.add(at), step(L::iload(x.add(at))));
            }
            k += 4 * LANES;
        }
        while k + LANES <= n {
            L::istore(y.add(k), step(L::iload(x.add(k))));
            k += LANES;
        }
        if k < n {
            // Nothing follows these but the end of the row.
            let mut tail = [0; LANES];
            core::ptr::copy_nonoverlapping(x.add(k), tail.as_mut_ptr(), n - k);
            let tail = L::ito_array(step(L::ifrom_array(tail)));
            core::ptr::copy_nonoverlapping(tail.as_ptr(), y.add(k), n - k);
        }
    }
    L::ito_array(carry)[0]
}

/// Scans one group of `w` columns, whose carries it moves on.
///
/// # Safety
/// - `w` words are readable at each of `x` and at `base`, writable at each of `y` and at `carry`. A `y` is the `x` of
///   the same index or overlaps none.
unsafe fn group<L: Lane, O: Op>(
    x: [*const u32; PANEL],
    y: [*mut u32; PANEL],
    w: usize,
    carry: *mut u32,
    base: *const u32,
    flip: u32,
) {
    let flip = L::isplat(flip);
    let step = |x: [L::I; PANEL], carry: L::I, base: L::I| {
        let [x0, x1, x2, x3] = x.map(
            #[inline(always)]
            |x| O::load::<L>(x, flip),
        );
        let s1 = O::fold::<L>(x0, x1);
        let s2 = O::fold::<L>(x0, O::fold::<L>(x1, x2));
        let s3 = O::fold::<L>(s1, O::fold::<L>(x2, x3));
        let results = [x0, s1, s2, s3].map(
            #[inline(always)]
            |s| O::fold::<L>(carry, s),
        );
        let shown = results.map(
            #[inline(always)]
            |result| O::store::<L>(if O::EXACT { result } else { O::fold::<L>(base, result) }, flip),
        );
        (shown, results[3])
    };
    let mut i = 0;
    // SAFETY: every offset is below `w`, or in the arrays of the last columns.
    unsafe {
        while i + LANES <= w {
            let (shown, next) = step(x.map(|x| L::iload(x.add(i))), L::iload(carry.add(i)), L::iload(base.add(i)));
            for (y, shown) in y.into_iter().zip(shown) {
                L::istore(y.add(i), shown);
            }
            L::istore(carry.add(i), next);
            i += LANES;
        }
        if i < w {
            let part = |from: *const u32| {
                let mut words = [0; LANES];
                core::ptr::copy_nonoverlapping(from.add(i), words.as_mut_ptr(), w - i);
                L::ifrom_array(words)
            };
            let (shown, next) = step(x.map(part), part(carry), part(base));
            for (to, words) in y.into_iter().zip(shown).chain([(carry, next)]) {
                core::ptr::copy_nonoverlapping(L::ito_array(words).as_ptr(), to.add(i), w - i);
            }
        }
    }
}

/// Copies words in the opposite order.
///
/// # Safety
/// - `n` words at `x` are readable and at `y` writable; they do not overlap.
#[inline(never)]
pub unsafe fn reverse<L: Lane>(x: *const u32, y: *mut u32, n: usize) {
    let mut k = 0;
    // SAFETY: every offset is below `n`.
    unsafe {
        while k + 4 * LANES <= n {
            for i in 0..4 {
                let at = k + i * LANES;
                L::istore(y.add(at), L::reverse(L::iload(x.add(n - LANES - at))));
            }
            k += 4 * LANES;
        }
        while k < n {
            y.add(k).write(x.add(n - 1 - k).read());
            k += 1;
        }
    }
}
