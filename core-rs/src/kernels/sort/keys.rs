//! Elements to unsigned keys of the same order, and back.

use crate::dtype::DType;
use crate::lane::{LANES, Lane};

const SIGN: u32 = 1 << 31;

/// How elements compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// As `jax.lax.sort`: zeros are equal, and so are NaN, which come last.
    Numbers,
    /// As `jax.lax.top_k`: by IEEE's total order, in which -0 lies below +0, and NaN beyond the infinity of their sign.
    Total,
}

/// The keys of a dtype.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys {
    size: usize,
    float: bool,
    /// Brings an element to the upper bits of a word, and its key back.
    shift: u32,
    /// Bits of infinity, shifted.
    infinity: u32,
    order: Order,
    /// What changes in a key: the sign of integers, and all for a falling order.
    flip: u32,
}

impl Keys {
    pub(crate) fn new(dtype: DType, order: Order, descending: bool) -> Keys {
        let turn = if descending { u32::MAX } else { 0 };
        let signed = matches!(dtype, DType::I8 | DType::I16 | DType::I32);
        Keys {
            size: dtype.size(),
            float: dtype.is_float(),
            shift: 32 - 8 * dtype.size() as u32,
            infinity: if dtype == DType::F16 { 0x7c00_0000 } else { 0x7f80_0000 },
            order,
            flip: turn ^ if signed { SIGN } else { 0 },
        }
    }

    /// Bits that a key has.
    pub(crate) fn bits(&self) -> u32 {
        32 - self.shift
    }

    /// The keys of four elements, and lanes that are set where an element is not what its key says: -0 or NaN.
    #[inline(always)]
    fn map<L: Lane>(&self, raw: L::I) -> (L::I, L::I) {
        let x = L::shl(raw, self.shift);
        let flip = L::isplat(self.flip);
        if !self.float {
            return (L::shr(L::xor(x, flip), self.shift), L::isplat(0));
        }
        let total = |x: L::I| L::xor(x, L::or(L::sar(x, 31), L::isplat(SIGN)));
        if self.order == Order::Total {
            return (L::shr(L::xor(total(x), flip), self.shift), L::isplat(0));
        }
        let minus = L::ieq(x, L::isplat(SIGN));
        let nan = L::ilt(L::isplat(self.infinity), L::and(x, L::isplat(!SIGN)));
        let key = L::or(total(L::xor(x, L::and(minus, L::isplat(SIGN)))), nan);
        (L::shr(L::xor(key, flip), self.shift), L::or(minus, nan))
    }

    /// Writes the keys of `n` elements, `step` apart. Whether some were -0 or NaN, which numbers' keys do not tell.
    ///
    /// # Safety
    /// - The elements at `from` are readable, `n` words at `to` writable; they do not overlap.
    #[inline(never)]
    pub(crate) unsafe fn read<L: Lane>(&self, from: *const u8, step: isize, to: *mut u32, n: usize) -> bool {
        let mut x = to.cast_const();
        // SAFETY: elements and words below `n`.
        unsafe {
            match self.size {
                4 if step == 1 => x = from.cast(),
                4 => widen::<u32>(from.cast(), step, to, n),
                2 => widen::<u16>(from.cast(), step, to, n),
                _ => widen::<u8>(from, step, to, n),
            }
            let mut special = L::isplat(0);
            let mut k = 0;
            while k + 4 * LANES <= n {
                for i in 0..4 {
                    let at = k + i * LANES;
                    let (key, lost) = self.map::<L>(L::iload(x.add(at)));
                    special = L::or(special, lost);
                    L::istore(to.add(at), key);
                }
                k += 4 * LANES;
            }
            while k < n {
                let (key, lost) = self.map::<L>(L::isplat(x.add(k).read()));
                special = L::or(special, lost);
                to.add(k).write(L::ito_array(key)[0]);
                k += 1;
            }
            L::any(special)
        }
    }

    /// Turns `n` keys into the elements' words; -0 and NaN of the order of numbers become +0 and some NaN.
    ///
    /// # Safety
    /// - `n` words at `x` are readable and writable.
    #[inline(never)]
    pub(crate) unsafe fn write<L: Lane>(&self, x: *mut u32, n: usize) {
        let mut k = 0;
        // SAFETY: words below `n`.
        unsafe {
            while k + 4 * LANES <= n {
                for i in 0..4 {
                    let at = x.add(k + i * LANES);
                    L::istore(at, self.element::<L>(L::iload(at)));
                }
                k += 4 * LANES;
            }
            while k < n {
                let at = x.add(k);
                at.write(L::ito_array(self.element::<L>(L::isplat(at.read())))[0]);
                k += 1;
            }
        }
    }

    /// The element of a key.
    #[inline(always)]
    fn element<L: Lane>(&self, key: L::I) -> L::I {
        let x = L::xor(L::shl(key, self.shift), L::isplat(self.flip));
        let x = if self.float { L::xor(x, L::or(L::not(L::sar(x, 31)), L::isplat(SIGN))) } else { x };
        L::shr(x, self.shift)
    }

    /// The keys that zeros and NaN have in the order of numbers.
    pub(crate) fn special_keys(&self) -> (u32, u32) {
        ((SIGN ^ self.flip) >> self.shift, !self.flip >> self.shift)
    }

    /// Whether an element is a zero, or a NaN.
    #[inline(always)]
    pub(crate) fn special(&self, raw: u32) -> (bool, bool) {
        let magnitude = raw << self.shift & !SIGN;
        (magnitude == 0, magnitude > self.infinity)
    }
}

/// Copies elements, `step` apart, to words.
///
/// # Safety
/// - The elements at `from` are readable, `n` words at `to` writable; they do not overlap.
#[inline(always)]
unsafe fn widen<T: Copy + Into<u32>>(from: *const T, step: isize, to: *mut u32, n: usize) {
    // SAFETY: elements and words below `n`.
    unsafe {
        let mut k = 0;
        while k + 4 <= n {
            let p = from.wrapping_offset(k as isize * step);
            let x = [0, 1, 2, 3].map(|i| p.wrapping_offset(i * step).read());
            for i in 0..4 {
                to.add(k + i).write(x[i].into());
            }
            k += 4;
        }
        while k < n {
            to.add(k).write(from.wrapping_offset(k as isize * step).read().into());
            k += 1;
        }
    }
}

/// Writes the low bits of `n` words to elements of `size` bytes, `step` apart.
///
/// # Safety
/// - `n` words at `from` are readable, the elements at `to` writable; they do not overlap.
pub(crate) unsafe fn narrow(from: *const u32, to: *mut u8, step: isize, size: usize, n: usize) {
    macro_rules! each {
        ($type:ty) => {
            for k in 0..n {
                // SAFETY: elements and words below `n`.
                unsafe { to.cast::<$type>().wrapping_offset(k as isize * step).write(from.add(k).read() as $type) };
            }
        };
    }
    match size {
        // SAFETY: as below.
        4 if step == 1 => unsafe { core::ptr::copy_nonoverlapping(from, to.cast(), n) },
        4 => each!(u32),
        2 => each!(u16),
        _ => each!(u8),
    }
}
