//! Integer operations that WebAssembly has no vector instruction for.

use crate::lane::{LANES, Lane};

/// Applies a scalar operation lane by lane.
#[inline(always)]
pub(super) fn zip<L: Lane>(a: L::I, b: L::I, f: impl Fn(u32, u32) -> u32) -> L::I {
    let (a, b) = (L::ito_array(a), L::ito_array(b));
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = f(a[i], b[i]);
    }
    L::ifrom_array(out)
}

/// Applies a scalar operation lane by lane.
#[inline(always)]
pub(super) fn map<L: Lane>(x: L::I, f: impl Fn(u32) -> u32) -> L::I {
    let x = L::ito_array(x);
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = f(x[i]);
    }
    L::ifrom_array(out)
}

/// `a` to the power of the low 6 bits of `n`, wrapping; 0 to any power except 0 is 0.
#[inline(always)]
pub(super) fn pow<L: Lane>(a: L::I, n: L::I) -> L::I {
    let (zero, one) = (L::isplat(0), L::isplat(1));
    let mut y = L::iselect(L::and(L::ieq(a, zero), L::not(L::ieq(n, zero))), zero, one);
    let mut square = a;
    for bit in 0..6 {
        let taken = L::sar(L::shl(n, 31 - bit), 31);
        y = L::iselect(taken, L::imul(y, square), y);
        square = L::imul(square, square);
    }
    y
}

/// `a / b` toward zero; `x / 0 = -1`; the lowest number over -1 is itself.
#[inline(always)]
pub(super) fn div_i32(a: u32, b: u32) -> u32 {
    if b == 0 { u32::MAX } else { (a as i32).wrapping_div(b as i32) as u32 }
}

/// `a / b`; `x / 0` is all ones.
#[inline(always)]
pub(super) fn div_u32(a: u32, b: u32) -> u32 {
    a.checked_div(b).unwrap_or(u32::MAX)
}

/// `a % b` with the sign of `a`; `x % 0 = x`; the lowest number modulo -1 is 0.
#[inline(always)]
pub(super) fn rem_i32(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { (a as i32).wrapping_rem(b as i32) as u32 }
}

/// `a % b`; `x % 0 = x`.
#[inline(always)]
pub(super) fn rem_u32(a: u32, b: u32) -> u32 {
    a.checked_rem(b).unwrap_or(a)
}

/// `x` moved into `low..=high`, signed.
#[inline(always)]
pub(super) fn clamp<L: Lane>(x: L::I, low: i32, high: i32) -> L::I {
    L::imin(L::imax(x, L::isplat(low as u32)), L::isplat(high as u32))
}

/// Lanes of all ones where the count is below 32.
#[inline(always)]
fn in_range<L: Lane>(n: L::I) -> L::I {
    L::ult(n, L::isplat(32))
}

/// Shifts by each lane's own count in five steps of 16, 8, 4, 2, 1, each taken where its bit is set. WebAssembly
/// shifts all lanes by one count.
#[inline(always)]
fn steps<L: Lane>(a: L::I, n: L::I, shift: impl Fn(L::I, u32) -> L::I) -> L::I {
    let mut x = a;
    for bit in 0..5 {
        let taken = L::sar(L::shl(n, 31 - bit), 31);
        x = L::iselect(taken, shift(x, 1 << bit), x);
    }
    x
}

/// `a << n`; 0 for counts of 32 and more.
#[inline(always)]
pub(super) fn shl<L: Lane>(a: L::I, n: L::I) -> L::I {
    L::and(steps::<L>(a, n, |x, by| L::shl(x, by)), in_range::<L>(n))
}

/// `a >> n`, filling with zeros; 0 for counts of 32 and more.
#[inline(always)]
pub(super) fn shr<L: Lane>(a: L::I, n: L::I) -> L::I {
    L::and(steps::<L>(a, n, |x, by| L::shr(x, by)), in_range::<L>(n))
}

/// `a >> n`, filling with the sign; the sign in every bit for counts of 32 and more.
#[inline(always)]
pub(super) fn sar<L: Lane>(a: L::I, n: L::I) -> L::I {
    steps::<L>(a, L::umin(n, L::isplat(31)), |x, by| L::sar(x, by))
}
