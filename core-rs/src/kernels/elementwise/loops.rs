//! The inner loops of operations over a tile.

use super::math::Abreast;
use super::tile::BLOCK;
use crate::lane::{LANES, Lane};

/// A register's values: a block of them every `step` words; a step of 0 repeats one block.
#[derive(Clone, Copy)]
pub(crate) struct Reg {
    pub ptr: *const u32,
    pub step: usize,
}

/// Runs `f` over the blocks of a register.
///
/// # Safety
/// - `a` is live for the blocks (one, if its step is 0), `to` has room for them; they are the same memory or disjoint.
#[inline(never)]
pub(super) unsafe fn unary<L: Lane>(to: *mut u32, a: Reg, blocks: usize, f: impl Fn(L::I) -> L::I) {
    let (mut to, mut x) = (to, a.ptr);
    for _ in 0..blocks {
        // SAFETY: the block is in bounds by the caller's word.
        unsafe {
            for i in 0..BLOCK / LANES {
                L::istore(to.add(i * LANES), f(L::iload(x.add(i * LANES))));
            }
        }
        to = to.wrapping_add(BLOCK);
        x = x.wrapping_add(a.step);
    }
}

/// Blocks that are taken alone in a row, at most, before the faster way is tried again.
const MOST_ALONE: usize = 16;

/// Runs `A` over the blocks of a register.
///
/// # Safety
/// - As for [`unary`].
#[inline(always)]
pub(super) unsafe fn abreast<L: Lane, A: Abreast<L>>(to: *mut u32, a: Reg, blocks: usize) {
    let (mut left, mut alone) = (blocks, 1);
    while left > 0 {
        let (before, done) = (left, blocks - left);
        // SAFETY: by the caller's word.
        unsafe {
            left = together::<L, A>(to.wrapping_add(done * BLOCK), a.ptr.wrapping_add(done * a.step), a.step, left);
            // To leave the loop and to come back costs as much as a few blocks: where one that has to be taken alone
            // follows the other, ever more are.
            alone = if left == before { (2 * alone).min(MOST_ALONE) } else { 1 };
            if left > 0 {
                let (done, count) = (blocks - left, alone.min(left));
                let x = Reg { ptr: a.ptr.wrapping_add(done * a.step), step: a.step };
                unary::<L>(
                    to.wrapping_add(done * BLOCK),
                    x,
                    count,
                    #[inline(always)]
                    |x| L::bits(A::one(L::float(x))),
                );
                left -= count;
            }
        }
    }
}

/// Runs `A` over blocks up to the first whose vectors it takes only alone. Gives the number of blocks left.
///
/// # Safety
/// - As for [`unary`].
#[inline(never)]
unsafe fn together<L: Lane, A: Abreast<L>>(to: *mut u32, x: *const u32, step: usize, blocks: usize) -> usize {
    let f = A::new();
    let (mut to, mut x, mut left) = (to.cast::<f32>(), x.cast::<f32>(), blocks);
    while left > 0 {
        // SAFETY: the block is in bounds by the caller's word.
        unsafe {
            let v = [L::load(x), L::load(x.add(LANES)), L::load(x.add(2 * LANES)), L::load(x.add(3 * LANES))];
            let Some(v) = f.four(v, left) else { break };
            for i in 0..BLOCK / LANES {
                L::store(to.add(i * LANES), v[i]);
            }
        }
        to = to.wrapping_add(BLOCK);
        x = x.wrapping_add(step);
        left -= 1;
    }
    left
}

/// Runs `f` over the blocks of up to two registers, a vector a turn: for functions so long that unrolling is no gain.
///
/// # Safety
/// - As for [`unary`], of both.
#[inline(never)]
pub(super) unsafe fn singly<L: Lane>(to: *mut u32, a: Reg, b: Reg, blocks: usize, f: impl Fn(L::I, L::I) -> L::I) {
    let within = |reg: Reg| if reg.step == 0 { BLOCK - 1 } else { usize::MAX };
    let (x_mask, y_mask) = (within(a), within(b));
    let mut i = 0;
    while i < blocks * BLOCK {
        // SAFETY: the vector is in bounds by the caller's word; that of a step of 0 is one of its one block.
        unsafe {
            let y = f(L::iload(a.ptr.add(i & x_mask)), L::iload(b.ptr.add(i & y_mask)));
            L::istore(to.add(i), y);
        }
        i += LANES;
    }
}

/// Runs `f` over the blocks of two registers. With `CONSTANT`, a second one that is uniform is read once, which takes a
/// quarter of the loop's time off, for twice the code.
///
/// # Safety
/// - As for [`unary`], of both.
#[inline(never)]
pub(super) unsafe fn binary<L: Lane, const CONSTANT: bool>(
    to: *mut u32,
    a: Reg,
    b: Reg,
    blocks: usize,
    f: impl Fn(L::I, L::I) -> L::I,
) {
    let (mut to, mut x, mut y) = (to, a.ptr, b.ptr);
    if CONSTANT && b.step == 0 {
        // SAFETY: as below.
        unsafe {
            let v = L::iload(y);
            for _ in 0..blocks {
                for i in 0..BLOCK / LANES {
                    L::istore(to.add(i * LANES), f(L::iload(x.add(i * LANES)), v));
                }
                to = to.wrapping_add(BLOCK);
                x = x.wrapping_add(a.step);
            }
        }
        return;
    }
    for _ in 0..blocks {
        // SAFETY: the block is in bounds by the caller's word.
        unsafe {
            for i in 0..BLOCK / LANES {
                L::istore(to.add(i * LANES), f(L::iload(x.add(i * LANES)), L::iload(y.add(i * LANES))));
            }
        }
        to = to.wrapping_add(BLOCK);
        x = x.wrapping_add(a.step);
        y = y.wrapping_add(b.step);
    }
}

/// Runs `f` over the blocks of three registers. With `CONSTANT`, of the second and the third those that are uniform are
/// read once.
///
/// # Safety
/// - As for [`unary`], of all three.
#[inline(never)]
pub(super) unsafe fn ternary<L: Lane, const CONSTANT: bool>(
    to: *mut u32,
    a: Reg,
    b: Reg,
    c: Reg,
    blocks: usize,
    f: impl Fn(L::I, L::I, L::I) -> L::I,
) {
    let (mut to, mut x, mut y, mut z) = (to, a.ptr, b.ptr, c.ptr);
    macro_rules! blocks {
        ($v:expr, $w:expr) => {
            for _ in 0..blocks {
                for i in 0..BLOCK / LANES {
                    L::istore(to.add(i * LANES), f(L::iload(x.add(i * LANES)), $v(i), $w(i)));
                }
                to = to.wrapping_add(BLOCK);
                x = x.wrapping_add(a.step);
                y = y.wrapping_add(b.step);
                z = z.wrapping_add(c.step);
            }
        };
    }
    // SAFETY: the blocks are in bounds by the caller's word.
    unsafe {
        let (v, w) = (L::iload(y), L::iload(z));
        match (CONSTANT && b.step == 0, CONSTANT && c.step == 0) {
            (true, true) => blocks!(|_| v, |_| w),
            (true, false) => blocks!(|_| v, |i: usize| L::iload(z.add(i * LANES))),
            (false, true) => blocks!(|i: usize| L::iload(y.add(i * LANES)), |_| w),
            (false, false) => blocks!(|i: usize| L::iload(y.add(i * LANES)), |i: usize| L::iload(z.add(i * LANES))),
        }
    }
}

/// Runs `f` over the blocks of four registers.
///
/// # Safety
/// - As for [`unary`], of all four.
#[inline(never)]
pub(super) unsafe fn quaternary<L: Lane>(
    to: *mut u32,
    from: [Reg; 4],
    blocks: usize,
    f: impl Fn(L::I, L::I, L::I, L::I) -> L::I,
) {
    let (mut to, mut ptr) = (to, from.map(|reg| reg.ptr));
    for _ in 0..blocks {
        // SAFETY: the block is in bounds by the caller's word.
        unsafe {
            for i in 0..BLOCK / LANES {
                let [a, b, c, d] = ptr.map(|x| L::iload(x.add(i * LANES)));
                L::istore(to.add(i * LANES), f(a, b, c, d));
            }
        }
        to = to.wrapping_add(BLOCK);
        for (ptr, reg) in ptr.iter_mut().zip(from) {
            *ptr = ptr.wrapping_add(reg.step);
        }
    }
}
