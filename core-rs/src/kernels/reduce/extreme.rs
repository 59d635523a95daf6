//! Largest and smallest elements and their places, exact for NaN and signed zeros.
//!
//! WebAssembly's maximum of floats takes eight instructions on x86, so integers do the work. The bits of f32 compare as
//! integers: among numbers without a sign bit the larger f32 is the larger integer, among numbers with one it is the
//! smaller, and a NaN lies beyond the infinity of its sign. So three running integers tell the maximum and the minimum
//! of f32, and whether a NaN was there:
//!
//! - `s`, the signed maximum: above +infinity if there is a NaN without a sign; else the f32 maximum, if not negative;
//! - `low`, the unsigned minimum: the f32 maximum when all have a sign, the f32 minimum when none has;
//! - `high`, the unsigned maximum: above -infinity if there is a NaN with a sign; else the f32 minimum, if negative.
//!
//! Processors do fewer integer maxima than additions at once. So f32 take a short cut: the sum of the elements is NaN
//! if one of them is (or if infinities cancel: then all three integers are worked out); else two integers are enough, and
//! along a row first one and then, when it turns out that all elements have the other sign, the second. Integer dtypes
//! read one of the three.

use crate::lane::{LANES, Lane};

/// What is sought, and how registers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The largest f32.
    FMax,
    /// The smallest f32.
    FMin,
    /// The largest i32.
    IMax,
    /// The smallest i32.
    IMin,
    /// The largest u32.
    UMax,
    /// The smallest u32.
    UMin,
}

const INFINITY: u32 = 0x7f80_0000;
const MINUS_INFINITY: u32 = 0xff80_0000;
const NAN: u32 = 0x7fc0_0000;
const SIGN: u32 = 0x8000_0000;

impl Order {
    /// The bits that no register is worse than.
    pub(super) const fn worst(self) -> u32 {
        match self {
            Order::FMax => MINUS_INFINITY,
            Order::FMin => INFINITY,
            Order::IMax => SIGN,
            Order::IMin => !SIGN,
            Order::UMax => 0,
            Order::UMin => u32::MAX,
        }
    }

    /// Whether `s` is the signed minimum, which only [`Order::IMin`] needs, in place of the signed maximum.
    const fn least(self) -> bool {
        matches!(self, Order::IMin)
    }

    /// Whether registers are f32.
    const fn is_float(self) -> bool {
        matches!(self, Order::FMax | Order::FMin)
    }

    /// A number that is larger the better the register is; NaN is best, and -0 is below +0.
    fn rank(self, x: u32) -> u32 {
        let rising = match self {
            Order::FMax | Order::FMin if f32::from_bits(x).is_nan() => return u32::MAX,
            Order::FMax | Order::FMin => x ^ (((x as i32 >> 31) as u32) | SIGN),
            Order::IMax | Order::IMin => x ^ SIGN,
            Order::UMax | Order::UMin => x,
        };
        match self {
            Order::FMax | Order::IMax | Order::UMax => rising,
            Order::FMin | Order::IMin | Order::UMin => !rising,
        }
    }

    /// The better of two registers; a NaN becomes the canonical one.
    pub(super) fn pick(self, a: u32, b: u32) -> u32 {
        let best = if self.rank(b) > self.rank(a) { b } else { a };
        if self.is_float() && f32::from_bits(best).is_nan() { NAN } else { best }
    }

    /// Whether `b` comes before `a` in a search for the best, -0 and +0 being equal.
    pub(super) fn better(self, b: u32, a: u32) -> bool {
        let plain = |x: u32| if self.is_float() && x == SIGN { 0 } else { x };
        self.rank(plain(b)) > self.rank(plain(a))
    }

    /// Whether a register is the best one, given that `best` is.
    #[inline(always)]
    fn is(self, x: u32, best: u32) -> bool {
        let (f, b) = (f32::from_bits(x), f32::from_bits(best));
        if self.is_float() { f == b || f.is_nan() } else { x == best }
    }

    /// As [`Order::pick`], for four; a NaN need not be canonical.
    #[inline(always)]
    fn pick4<L: Lane>(self, a: L::I, b: L::I) -> L::I {
        match self {
            Order::FMax => L::bits(L::max(L::float(a), L::float(b))),
            Order::FMin => L::bits(L::min(L::float(a), L::float(b))),
            Order::IMax => L::imax(a, b),
            Order::IMin => L::imin(a, b),
            Order::UMax => L::umax(a, b),
            Order::UMin => L::umin(a, b),
        }
    }

    /// As [`Order::is`], for four.
    #[inline(always)]
    fn is4<L: Lane>(self, x: L::I, best: L::I) -> L::I {
        if self.is_float() {
            let f = L::float(x);
            L::or(L::eq(f, L::float(best)), L::not(L::eq(f, f)))
        } else {
            L::ieq(x, best)
        }
    }

    /// As [`Order::better`], for four.
    #[inline(always)]
    fn better4<L: Lane>(self, b: L::I, a: L::I) -> L::I {
        let float = |holds: L::I| {
            let (fb, fa) = (L::float(b), L::float(a));
            // A NaN is better than a number, and no better than a NaN.
            L::or(holds, L::and(L::not(L::eq(fb, fb)), L::eq(fa, fa)))
        };
        match self {
            Order::FMax => float(L::lt(L::float(a), L::float(b))),
            Order::FMin => float(L::lt(L::float(b), L::float(a))),
            Order::IMax => L::ilt(a, b),
            Order::IMin => L::ilt(b, a),
            Order::UMax => L::ult(a, b),
            Order::UMin => L::ult(b, a),
        }
    }
}

/// The three running integers, four lanes of each.
#[derive(Clone, Copy)]
struct Stats<L: Lane> {
    s: L::I,
    low: L::I,
    high: L::I,
}

impl<L: Lane> Stats<L> {
    #[inline(always)]
    fn of(x: L::I) -> Stats<L> {
        Stats { s: x, low: x, high: x }
    }

    #[inline(always)]
    fn take<const LEAST: bool>(self, x: L::I) -> Stats<L> {
        self.join::<LEAST>(Stats::of(x))
    }

    #[inline(always)]
    fn join<const LEAST: bool>(self, x: Stats<L>) -> Stats<L> {
        Stats {
            s: if LEAST { L::imin(self.s, x.s) } else { L::imax(self.s, x.s) },
            low: L::umin(self.low, x.low),
            high: L::umax(self.high, x.high),
        }
    }

    /// What was sought, lane by lane.
    #[inline(always)]
    fn settle(self, order: Order) -> L::I {
        let Stats { s, low, high } = self;
        let float = |x: L::I| {
            let nan = L::or(L::ilt(L::isplat(INFINITY), s), L::ult(L::isplat(MINUS_INFINITY), high));
            L::iselect(nan, L::isplat(NAN), x)
        };
        match order {
            Order::FMax => float(L::iselect(L::sar(s, 31), low, s)),
            Order::FMin => float(L::iselect(L::sar(high, 31), high, low)),
            Order::IMax | Order::IMin => s,
            Order::UMax => high,
            Order::UMin => low,
        }
    }
}

/// The best of a row. `n` is at least one.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
unsafe fn row_body<L: Lane, const LEAST: bool>(order: Order, p: *const u32, n: usize) -> u32 {
    // SAFETY: every load stays below `n`; taking an element twice changes nothing.
    let lanes = unsafe {
        let mut a = Stats::<L>::of(if n < LANES { L::isplat(*p) } else { L::iload(p) });
        let mut b = a;
        let mut k = 0;
        while k + 8 * LANES <= n {
            for i in 0..4 {
                a = a.take::<LEAST>(L::iload(p.add(k + 2 * i * LANES)));
                b = b.take::<LEAST>(L::iload(p.add(k + (2 * i + 1) * LANES)));
            }
            k += 8 * LANES;
        }
        while k + LANES <= n {
            a = a.take::<LEAST>(L::iload(p.add(k)));
            k += LANES;
        }
        if n >= LANES {
            b = b.take::<LEAST>(L::iload(p.add(n - LANES)));
        } else {
            for i in 1..n {
                b = b.take::<LEAST>(L::isplat(*p.add(i)));
            }
        }
        a.join::<LEAST>(b)
    };
    // Lanes 1, 2, 3 over lane 0, whose settled value is asked for.
    let (s, low, high) = (L::ito_array(lanes.s), L::ito_array(lanes.low), L::ito_array(lanes.high));
    let mut all = Stats::<L> { s: L::isplat(s[0]), low: L::isplat(low[0]), high: L::isplat(high[0]) };
    for i in 1..LANES {
        all = all.join::<LEAST>(Stats { s: L::isplat(s[i]), low: L::isplat(low[i]), high: L::isplat(high[i]) });
    }
    L::ito_array(all.settle(order))[0]
}

/// `f` of eight vectors as a tree.
#[inline(always)]
fn tree<T>(x: impl Fn(usize) -> T, f: impl Fn(T, T) -> T) -> T {
    let low = f(f(x(0), x(1)), f(x(2), x(3)));
    f(low, f(f(x(4), x(5)), f(x(6), x(7))))
}

/// The first integer that the best f32 may be: the signed maximum, or for the smallest the unsigned maximum.
#[inline(always)]
fn first<L: Lane, const MIN: bool>(a: L::I, b: L::I) -> L::I {
    if MIN { L::umax(a, b) } else { L::imax(a, b) }
}

/// The best f32 of each lane from the first integer and the second, `low`, if there is no NaN.
#[inline(always)]
fn best_of<L: Lane, const MIN: bool>(first: L::I, low: L::I) -> L::I {
    let sign = L::sar(first, 31);
    if MIN { L::iselect(sign, first, low) } else { L::iselect(sign, low, first) }
}

/// The best of a row of at least four f32; `None` if there may be a NaN.
///
/// # Safety
/// - `n` elements at `p` are readable; `n` is at least four.
#[inline(always)]
unsafe fn fast_row<L: Lane, const MIN: bool>(p: *const u32, n: usize) -> Option<u32> {
    const TURN: usize = 16 * LANES;
    // SAFETY: every load stays below `n`; an element may be taken twice.
    unsafe {
        let last = L::iload(p.add(n - LANES));
        let (mut best, mut sum, mut q) = ([last; 2], [L::float(last); 2], p);
        for _ in 0..n / TURN {
            for turn in 0..4 {
                let x = |i: usize| L::iload(q.add((turn * 4 + i) * LANES));
                let (a, b, c, d) = (x(0), x(1), x(2), x(3));
                let four = first::<L, MIN>(first::<L, MIN>(a, b), first::<L, MIN>(c, d));
                best[turn % 2] = first::<L, MIN>(best[turn % 2], four);
                let four = L::add(L::add(L::float(a), L::float(b)), L::add(L::float(c), L::float(d)));
                sum[turn % 2] = L::add(sum[turn % 2], four);
            }
            q = q.wrapping_add(TURN);
        }
        let (mut best, mut sum) = (first::<L, MIN>(best[0], best[1]), L::add(sum[0], sum[1]));
        for i in 0..n % TURN / LANES {
            let x = L::iload(q.add(i * LANES));
            best = first::<L, MIN>(best, x);
            sum = L::add(sum, L::float(x));
        }
        if L::any(L::not(L::eq(sum, sum))) {
            return None;
        }
        let [a, b, c, d] = L::ito_array(best);
        if MIN {
            let high = a.max(b).max(c.max(d));
            if high & SIGN != 0 { Some(high) } else { Some(lowest::<L>(p, n)) }
        } else {
            let high = (a as i32).max(b as i32).max((c as i32).max(d as i32));
            if high >= 0 { Some(high as u32) } else { Some(lowest::<L>(p, n)) }
        }
    }
}

/// The unsigned minimum of a row of at least four.
///
/// # Safety
/// - As [`fast_row`].
#[inline(never)]
unsafe fn lowest<L: Lane>(p: *const u32, n: usize) -> u32 {
    // SAFETY: every load stays below `n`; an element may be taken twice.
    let low = unsafe {
        let (mut low, mut q) = (L::iload(p.add(n - LANES)), p);
        for _ in 0..n / (LANES * ROWS) {
            low = L::umin(low, tree(|i| L::iload(q.add(i * LANES)), L::umin));
            q = q.wrapping_add(LANES * ROWS);
        }
        for i in 0..n % (LANES * ROWS) / LANES {
            low = L::umin(low, L::iload(q.add(i * LANES)));
        }
        low
    };
    let [a, b, c, d] = L::ito_array(low);
    a.min(b).min(c.min(d))
}

/// The best of a row, NaN if there is one. `n` is at least one.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
pub(super) unsafe fn row<L: Lane>(order: Order, p: *const u32, n: usize) -> u32 {
    // SAFETY: as the caller vouches.
    unsafe {
        let fast = match order {
            Order::FMax if n >= LANES => fast_row::<L, false>(p, n),
            Order::FMin if n >= LANES => fast_row::<L, true>(p, n),
            _ => None,
        };
        match fast {
            Some(best) => best,
            None => exact_row::<L>(order, p, n),
        }
    }
}

/// As [`row`], without its short cut.
///
/// # Safety
/// - As [`row`].
#[inline(never)]
unsafe fn exact_row<L: Lane>(order: Order, p: *const u32, n: usize) -> u32 {
    // SAFETY: as the caller vouches.
    unsafe { if order.least() { row_body::<L, true>(order, p, n) } else { row_body::<L, false>(order, p, n) } }
}

/// The place of the first element of a row that is its best, `best`; 0 if there is none.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
pub(super) unsafe fn find<L: Lane>(order: Order, p: *const u32, n: usize, best: u32) -> usize {
    let mut k = 0;
    // SAFETY: every load stays below `n`.
    unsafe {
        // A NaN and the two zeros are sought one by one; of all others, the bits are equal.
        if !order.is_float() || f32::from_bits(best).abs() > 0.0 {
            let sought = L::isplat(best);
            while k + LANES * ROWS <= n {
                let hit = tree(|i| L::ieq(L::iload(p.add(k + i * LANES)), sought), L::or);
                if L::any(hit) {
                    break;
                }
                k += LANES * ROWS;
            }
        }
        while k < n {
            if order.is(*p.add(k), best) {
                return k;
            }
            k += 1;
        }
    }
    0
}

/// Rows that [`columns`] and [`arg_columns`] take at once.
pub(super) const ROWS: usize = 8;

/// Four elements, or one of them in all lanes.
///
/// # Safety
/// - Sixteen bytes (`ONE`: four) at `p` are readable.
#[inline(always)]
unsafe fn get<L: Lane, const ONE: bool>(p: *const u32) -> L::I {
    // SAFETY: as the caller vouches.
    unsafe { if ONE { L::isplat(*p) } else { L::iload(p) } }
}

/// Stores what [`get`] loads.
///
/// # Safety
/// - Sixteen bytes (`ONE`: four) at `p` are writable.
#[inline(always)]
unsafe fn put<L: Lane, const ONE: bool>(p: *mut u32, x: L::I) {
    // SAFETY: as the caller vouches.
    unsafe { if ONE { *p = L::ito_array(x)[0] } else { L::istore(p, x) } }
}

/// Runs a step for each vector of `w` columns, the last of which may overlap the one before, so that the step must
/// bear being done twice; or, when `w` is below a vector, for each column.
macro_rules! each_vector {
    ($w:expr, $c:ident => $step:ident::<$($generic:ident),*>($($argument:expr),*)) => {
        if $w < LANES {
            for $c in 0..$w {
                $step::<$($generic,)* true>($($argument),*);
            }
        } else {
            let mut $c = 0;
            while $c + 2 * LANES <= $w {
                $step::<$($generic,)* false>($($argument),*);
                $c += LANES;
                $step::<$($generic,)* false>($($argument),*);
                $c += LANES;
            }
            while $c < $w {
                $c = $c.min($w - LANES);
                $step::<$($generic,)* false>($($argument),*);
                $c += LANES;
            }
        }
    };
}

/// The best of four columns (`ONE`: of one) in eight rows. `KIND`: 0 for `FMax`, 1 for `FMin`, 2 for integers.
///
/// # Safety
/// - Each row has those columns at `c`.
#[inline(always)]
unsafe fn block<L: Lane, const KIND: u8, const ONE: bool>(order: Order, rows: &[*const u32; ROWS], c: usize) -> L::I {
    // SAFETY: as the caller vouches.
    unsafe {
        let x = |r: usize| get::<L, ONE>(rows[r].add(c));
        if KIND == 2 {
            return tree(x, |a, b| order.pick4::<L>(a, b));
        }
        if KIND == 1 { float_block::<L, true>(order, x) } else { float_block::<L, false>(order, x) }
    }
}

/// The best f32 of eight, lane by lane.
#[inline(always)]
fn float_block<L: Lane, const MIN: bool>(order: Order, x: impl Fn(usize) -> L::I) -> L::I {
    // Four at a time, which stay in registers.
    let four = |from: usize| {
        let (a, b, c, d) = (x(from), x(from + 1), x(from + 2), x(from + 3));
        let best = first::<L, MIN>(first::<L, MIN>(a, b), first::<L, MIN>(c, d));
        let low = L::umin(L::umin(a, b), L::umin(c, d));
        (best, low, L::add(L::add(L::float(a), L::float(b)), L::add(L::float(c), L::float(d))))
    };
    let ((best, low, sum), (best4, low4, sum4)) = (four(0), four(4));
    let sum = L::add(sum, sum4);
    if L::any(L::not(L::eq(sum, sum))) {
        return tree(|r| Stats::<L>::of(x(r)), Stats::join::<false>).settle(order);
    }
    best_of::<L, MIN>(first::<L, MIN>(best, best4), L::umin(low, low4))
}

/// # Safety
/// - As [`columns`], at column `c`.
#[inline(always)]
unsafe fn columns_step<L: Lane, const KIND: u8, const ONE: bool>(
    order: Order,
    best: *mut u32,
    rows: &[*const u32; ROWS],
    c: usize,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        let new = block::<L, KIND, ONE>(order, rows, c);
        put::<L, ONE>(best.add(c), order.pick4::<L>(get::<L, ONE>(best.add(c)), new));
    }
}

/// # Safety
/// - As [`columns`].
#[inline(always)]
unsafe fn columns_body<L: Lane, const KIND: u8>(order: Order, best: *mut u32, rows: &[*const u32; ROWS], w: usize) {
    let rows = *rows;
    // SAFETY: each column lies below `w`.
    unsafe { each_vector!(w, c => columns_step::<L, KIND>(order, best, &rows, c)) }
}

/// Takes eight rows, some of which may be the same, into the best elements so far.
///
/// # Safety
/// - Each row has `w` elements, and `w` at `best`, which is no row, are writable.
#[inline(always)]
pub(super) unsafe fn columns<L: Lane>(order: Order, best: *mut u32, rows: &[*const u32; ROWS], w: usize) {
    // SAFETY: as the caller vouches.
    unsafe {
        match order {
            Order::FMax => columns_body::<L, 0>(Order::FMax, best, rows, w),
            Order::FMin => columns_body::<L, 1>(Order::FMin, best, rows, w),
            _ => columns_body::<L, 2>(order, best, rows, w),
        }
    }
}

/// # Safety
/// - As [`arg_columns`], at column `c`.
#[inline(always)]
unsafe fn arg_step<L: Lane, const KIND: u8, const ONE: bool>(
    order: Order,
    best: *mut u32,
    place: *mut u32,
    rows: &[*const u32; ROWS],
    k: u32,
    c: usize,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        let (new, old) = (block::<L, KIND, ONE>(order, rows, c), get::<L, ONE>(best.add(c)));
        let better = order.better4::<L>(new, old);
        if L::any(better) {
            let mut at = L::isplat(0);
            for r in (0..ROWS).rev() {
                let hit = order.is4::<L>(get::<L, ONE>(rows[r].add(c)), new);
                at = L::iselect(hit, L::isplat(k + r as u32), at);
            }
            put::<L, ONE>(best.add(c), L::iselect(better, new, old));
            put::<L, ONE>(place.add(c), L::iselect(better, at, get::<L, ONE>(place.add(c))));
        }
    }
}

/// # Safety
/// - As [`arg_columns`].
#[inline(always)]
unsafe fn arg_columns_body<L: Lane, const KIND: u8>(
    order: Order,
    best: *mut u32,
    place: *mut u32,
    rows: &[*const u32; ROWS],
    k: u32,
    w: usize,
) {
    let rows = *rows;
    // SAFETY: each column lies below `w`.
    unsafe { each_vector!(w, c => arg_step::<L, KIND>(order, best, place, &rows, k, c)) }
}

/// Takes eight rows, the first of which is the `k`-th and of which the last may be repeated, into the best elements
/// so far and their places.
///
/// # Safety
/// - Each row has `w` elements, and `w` at `best` and at `place` are writable; none overlap.
#[inline(always)]
pub(super) unsafe fn arg_columns<L: Lane>(
    order: Order,
    best: *mut u32,
    place: *mut u32,
    rows: &[*const u32; ROWS],
    k: u32,
    w: usize,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        match order {
            Order::FMax => arg_columns_body::<L, 0>(Order::FMax, best, place, rows, k, w),
            Order::FMin => arg_columns_body::<L, 1>(Order::FMin, best, place, rows, k, w),
            _ => arg_columns_body::<L, 2>(order, best, place, rows, k, w),
        }
    }
}
