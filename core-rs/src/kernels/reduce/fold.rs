//! Sums and products in the fixed order of the [family](super): one chunk along a row, and one chunk of many
//! columns at once. Both compute, for each output, the same tree of additions.

use crate::lane::{LANES, Lane};

/// Vectors of a group, which are combined in registers before they meet the accumulator: so an addition's latency is
/// paid once in eight loads, and columns load and store their accumulators once in eight rows.
pub(super) const VECTORS: usize = 8;

/// Elements of a group.
pub(crate) const GROUP: usize = VECTORS * LANES;

/// An associative operation on 32-bit registers, as vectors and one by one.
pub(super) trait Fold {
    /// The bits of the neutral element: folding it changes nothing, signs of zeros included.
    const IDENTITY: u32;
    /// Four registers.
    type V<L: Lane>: Copy;
    /// The same bits in all lanes.
    fn splat<L: Lane>(bits: u32) -> Self::V<L>;
    /// Loads four registers.
    ///
    /// # Safety
    /// - Sixteen bytes at `p` are readable.
    unsafe fn load<L: Lane>(p: *const u32) -> Self::V<L>;
    /// Stores four registers.
    ///
    /// # Safety
    /// - Sixteen bytes at `p` are writable.
    unsafe fn store<L: Lane>(p: *mut u32, x: Self::V<L>);
    /// `a` with `b` folded into it.
    fn fold<L: Lane>(a: Self::V<L>, b: Self::V<L>) -> Self::V<L>;
    /// The lanes' bits.
    fn lanes<L: Lane>(x: Self::V<L>) -> [u32; LANES];
    /// As `fold`, for one register.
    fn one(a: u32, b: u32) -> u32;
}

/// The sum of f32; its neutral element is -0.
pub(super) struct SumF;
/// The product of f32.
pub(super) struct ProdF;
/// The wrapping sum of 32-bit integers.
pub(super) struct SumI;
/// The wrapping product of 32-bit integers.
pub(super) struct ProdI;

macro_rules! float_fold {
    ($type:ident, $identity:expr, $vector:ident, $one:expr) => {
        impl Fold for $type {
            const IDENTITY: u32 = f32::to_bits($identity);
            type V<L: Lane> = L::F;
            #[inline(always)]
            fn splat<L: Lane>(bits: u32) -> L::F {
                L::splat(f32::from_bits(bits))
            }
            #[inline(always)]
            unsafe fn load<L: Lane>(p: *const u32) -> L::F {
                // SAFETY: the caller vouches for sixteen readable bytes.
                unsafe { L::load(p.cast()) }
            }
            #[inline(always)]
            unsafe fn store<L: Lane>(p: *mut u32, x: L::F) {
                // SAFETY: the caller vouches for sixteen writable bytes.
                unsafe { L::store(p.cast(), x) }
            }
            #[inline(always)]
            fn fold<L: Lane>(a: L::F, b: L::F) -> L::F {
                L::$vector(a, b)
            }
            #[inline(always)]
            fn lanes<L: Lane>(x: L::F) -> [u32; LANES] {
                L::to_array(x).map(f32::to_bits)
            }
            #[inline(always)]
            fn one(a: u32, b: u32) -> u32 {
                let one: fn(f32, f32) -> f32 = $one;
                one(f32::from_bits(a), f32::from_bits(b)).to_bits()
            }
        }
    };
}
float_fold!(SumF, -0.0, add, |a, b| a + b);
float_fold!(ProdF, 1.0, mul, |a, b| a * b);

macro_rules! integer_fold {
    ($type:ident, $identity:expr, $vector:ident, $one:expr) => {
        impl Fold for $type {
            const IDENTITY: u32 = $identity;
            type V<L: Lane> = L::I;
            #[inline(always)]
            fn splat<L: Lane>(bits: u32) -> L::I {
                L::isplat(bits)
            }
            #[inline(always)]
            unsafe fn load<L: Lane>(p: *const u32) -> L::I {
                // SAFETY: the caller vouches for sixteen readable bytes.
                unsafe { L::iload(p) }
            }
            #[inline(always)]
            unsafe fn store<L: Lane>(p: *mut u32, x: L::I) {
                // SAFETY: the caller vouches for sixteen writable bytes.
                unsafe { L::istore(p, x) }
            }
            #[inline(always)]
            fn fold<L: Lane>(a: L::I, b: L::I) -> L::I {
                L::$vector(a, b)
            }
            #[inline(always)]
            fn lanes<L: Lane>(x: L::I) -> [u32; LANES] {
                L::ito_array(x)
            }
            #[inline(always)]
            fn one(a: u32, b: u32) -> u32 {
                $one(a, b)
            }
        }
    };
}
integer_fold!(SumI, 0, iadd, u32::wrapping_add);
integer_fold!(ProdI, 1, imul, u32::wrapping_mul);

/// The vectors of a group in one: `((x0+x1)+(x2+x3))+((x4+x5)+(x6+x7))`.
#[inline(always)]
pub(super) fn group<L: Lane, F: Fold>(x: impl Fn(usize) -> F::V<L>) -> F::V<L> {
    let pair = |i: usize| F::fold::<L>(x(i), x(i + 1));
    let low = F::fold::<L>(pair(0), pair(2));
    F::fold::<L>(low, F::fold::<L>(pair(4), pair(6)))
}

/// The lanes of the accumulator in one: `(l0+l2)+(l1+l3)`.
#[inline(always)]
pub(super) fn settle<L: Lane, F: Fold>(v: F::V<L>) -> u32 {
    let lanes = F::lanes::<L>(v);
    F::one(F::one(lanes[0], lanes[2]), F::one(lanes[1], lanes[3]))
}

/// Folds one chunk of a row.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
pub(super) unsafe fn chunk<L: Lane, F: Fold>(p: *const u32, n: usize) -> u32 {
    let mut v = F::splat::<L>(F::IDENTITY);
    // SAFETY: both loops read below `n`; the padded tail is an array of a group.
    unsafe {
        let mut p = p;
        for _ in 0..n / (2 * GROUP) {
            v = F::fold::<L>(v, group::<L, F>(|i| F::load::<L>(p.add(i * LANES))));
            v = F::fold::<L>(v, group::<L, F>(|i| F::load::<L>(p.add(GROUP + i * LANES))));
            p = p.wrapping_add(2 * GROUP);
        }
        if n / GROUP % 2 == 1 {
            v = F::fold::<L>(v, group::<L, F>(|i| F::load::<L>(p.add(i * LANES))));
            p = p.wrapping_add(GROUP);
        }
        if !n.is_multiple_of(GROUP) {
            let mut tail = [F::IDENTITY; GROUP];
            core::ptr::copy_nonoverlapping(p, tail.as_mut_ptr(), n % GROUP);
            v = F::fold::<L>(v, group::<L, F>(|i| F::load::<L>(tail.as_ptr().add(i * LANES))));
        }
    }
    settle::<L, F>(v)
}

/// Folds `count` rows of a chunk each, `step` elements apart, into words that are `to_step` apart.
///
/// # Safety
/// - `n` elements of each row are readable, and its word at `to` is writable and not the rows'.
#[inline(never)]
pub(super) unsafe fn chunks<L: Lane, F: Fold>(
    count: usize,
    p: *const u32,
    step: isize,
    n: usize,
    to: *mut u32,
    to_step: isize,
) {
    let (mut p, mut to) = (p, to);
    for _ in 0..count {
        // SAFETY: as the caller vouches.
        unsafe { to.write(chunk::<L, F>(p, n)) };
        p = p.wrapping_offset(step);
        to = to.wrapping_offset(to_step);
    }
}

/// Combines numbers pairwise as they come, as a balanced tree would: neighbors first, an odd one out waiting.
pub(super) struct Pairs<F> {
    stack: [u32; 32],
    depth: usize,
    count: u32,
    fold: core::marker::PhantomData<F>,
}

impl<F: Fold> Pairs<F> {
    /// No numbers yet.
    pub(super) fn new() -> Pairs<F> {
        Pairs { stack: [F::IDENTITY; 32], depth: 0, count: 0, fold: core::marker::PhantomData }
    }

    /// Takes the next number; at most `u32::MAX` of them.
    #[inline]
    pub(super) fn push(&mut self, mut x: u32) {
        // Each trailing one of the count is a finished subtree that waits for a sibling; below 32 of them.
        for _ in 0..self.count.trailing_ones() {
            self.depth -= 1;
            x = F::one(self.stack[self.depth % 32], x);
        }
        self.stack[self.depth % 32] = x;
        self.depth += 1;
        self.count += 1;
    }

    /// All numbers in one; the neutral element when there were none.
    #[inline]
    pub(super) fn finish(mut self) -> u32 {
        let Some(mut top) = self.depth.checked_sub(1) else { return F::IDENTITY };
        while top > 0 {
            top -= 1;
            self.stack[top % 32] = F::one(self.stack[top % 32], self.stack[(top + 1) % 32]);
        }
        self.stack[0]
    }
}

/// Folds a row of any length: chunk by chunk, then the chunks pairwise. `n` is at least one.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
pub(super) unsafe fn row<L: Lane, F: Fold>(p: *const u32, n: usize) -> u32 {
    // SAFETY: every chunk lies below `n`.
    unsafe {
        if n <= super::CHUNK {
            return chunk::<L, F>(p, n);
        }
        let mut pairs = Pairs::<F>::new();
        let mut k = 0;
        while k < n {
            pairs.push(chunk::<L, F>(p.add(k), super::CHUNK.min(n - k)));
            k += super::CHUNK;
        }
        pairs.finish()
    }
}

/// Folds the group `rows[0][c]`, `rows[1][c]`, … into `to[c]`, for `c < w`.
///
/// # Safety
/// - `w` elements are readable at each row and writable at `to`, which is none of them.
#[inline(always)]
pub(super) unsafe fn pass<L: Lane, F: Fold>(to: *mut u32, rows: &[*const u32; VECTORS], w: usize) {
    let (mut to, mut rows) = (to, *rows);
    // SAFETY: vectors, then single elements, up to `w` of them.
    unsafe {
        for _ in 0..w / (4 * LANES) {
            for turn in 0..4 {
                let x = group::<L, F>(|i| F::load::<L>(rows[i].add(turn * LANES)));
                let sum = to.add(turn * LANES);
                F::store::<L>(sum, F::fold::<L>(F::load::<L>(sum), x));
            }
            to = to.wrapping_add(4 * LANES);
            for row in &mut rows {
                *row = row.wrapping_add(4 * LANES);
            }
        }
        for c in 0..w % (4 * LANES) {
            let x = group::<L, F>(|i| F::splat::<L>(*rows[i].add(c)));
            *to.add(c) = F::one(*to.add(c), F::lanes::<L>(x)[0]);
        }
    }
}

/// As [`pass`] for rows that are `step` elements apart: one pointer walks down each column of vectors, which leaves
/// registers free and reads eight lines of memory at a time.
///
/// # Safety
/// - `w` elements are readable at each of the rows that begin at `p` and writable at `to`, which is none of them.
#[inline(never)]
pub(super) unsafe fn even_pass<L: Lane, F: Fold>(to: *mut u32, p: *const u32, step: isize, w: usize) {
    let (mut to, mut p) = (to, p);
    // SAFETY: vectors, then single elements, up to `w` of them.
    unsafe {
        for _ in 0..w / LANES {
            let mut at = p;
            let mut next = || {
                let x = F::load::<L>(at);
                at = at.wrapping_offset(step);
                x
            };
            let mut pair = || F::fold::<L>(next(), next());
            let mut half = || F::fold::<L>(pair(), pair());
            let x = F::fold::<L>(half(), half());
            F::store::<L>(to, F::fold::<L>(F::load::<L>(to), x));
            to = to.wrapping_add(LANES);
            p = p.wrapping_add(LANES);
        }
        for c in 0..w % LANES {
            let x = group::<L, F>(|i| F::splat::<L>(*p.wrapping_offset(i as isize * step).add(c)));
            *to.add(c) = F::one(*to.add(c), F::lanes::<L>(x)[0]);
        }
    }
}

/// `to[c]` = the four lanes of column `c` in one, as [`settle`], for `c < w`.
///
/// # Safety
/// - `w` elements are readable at each lane and writable at `to`.
#[inline(always)]
pub(super) unsafe fn settle_columns<L: Lane, F: Fold>(to: *mut u32, lanes: &[*const u32; LANES], w: usize) {
    // SAFETY: every index stays below `w`.
    unsafe {
        let mut c = 0;
        while c + LANES <= w {
            let l = |i: usize| F::load::<L>(lanes[i].add(c));
            F::store::<L>(to.add(c), F::fold::<L>(F::fold::<L>(l(0), l(2)), F::fold::<L>(l(1), l(3))));
            c += LANES;
        }
        while c < w {
            let l = |i: usize| *lanes[i].add(c);
            *to.add(c) = F::one(F::one(l(0), l(2)), F::one(l(1), l(3)));
            c += 1;
        }
    }
}
