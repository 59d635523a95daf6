//! Stable sorting of keys, alone or with a number in tow: by merging where there are few, by digits where there are
//! many.

use crate::pool::{Pool, Work};

/// Below this, merging beats sorting by digits, whose counts cost the same for any length.
pub(crate) const FEW: usize = 256;

/// Runs that merging begins with, sorted by insertion.
const RUN: usize = 8;

/// Elements of a task where threads share a row.
pub(crate) const SEGMENT: usize = 1 << 16;

/// Bits of a digit: with eleven, three passes do a word; with eight, counts are cheaper and the places that a pass
/// writes to fit the first-level cache.
const WIDE: u32 = 11;
const NARROW: u32 = 8;

/// From here on, digits are wide.
const MANY: usize = 1 << 14;

/// A key, alone or with a number.
pub(crate) trait Item: Copy + Send + Sync {
    /// What is compared.
    fn key(self) -> u32;
}

impl Item for u32 {
    #[inline(always)]
    fn key(self) -> u32 {
        self
    }
}

/// The key in the upper half, the number in the lower.
impl Item for u64 {
    #[inline(always)]
    fn key(self) -> u32 {
        (self >> 32) as u32
    }
}

/// A pointer that tasks share.
#[derive(Clone, Copy)]
pub(crate) struct Shared<T>(pub *mut T);

// SAFETY: whoever shares one gives each task places of its own to write.
unsafe impl<T> Sync for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Send for Shared<T> {}

impl<T> Shared<T> {
    /// The pointer. A method, so that closures hold the whole and not the pointer alone.
    #[inline(always)]
    pub(crate) fn at(&self) -> *mut T {
        self.0
    }
}

fn digit_bits(n: usize) -> u32 {
    if n < MANY { NARROW } else { WIDE }
}

/// How many parts a row is cut into where threads share it.
pub(crate) fn segments(n: usize, shared: bool) -> usize {
    if shared { n.div_ceil(SEGMENT) } else { 1 }
}

/// Words of counts that [`sort`] needs.
pub(crate) fn count_words(n: usize, shared: bool) -> usize {
    if n < FEW { 0 } else { segments(n, shared) << digit_bits(n) }
}

/// Sorts `n` items by the low `bits` bits of their keys, equal ones in the order they came. `pool` shares the work if
/// there is one. Gives the place of the result: `a` or `b`.
///
/// # Safety
/// - `n` items at `a` are readable; `a` and `b` are writable, and so are [`count_words`] at `counts`; none overlap.
pub(crate) unsafe fn sort<T: Item>(
    pool: Option<&Pool>,
    mut a: *mut T,
    mut b: *mut T,
    n: usize,
    bits: u32,
    counts: *mut u32,
) -> *mut T {
    if n < FEW {
        // SAFETY: the caller's duty.
        return unsafe { merge(a, b, n) };
    }
    let digit = digit_bits(n);
    for shift in (0..bits).step_by(digit as usize) {
        // SAFETY: the caller's duty, for both orders of the two.
        if unsafe { pass(pool, a, b, n, shift, digit, counts) } {
            core::mem::swap(&mut a, &mut b);
        }
    }
    a
}

/// Moves the items to `b` in the order of one digit; does nothing, and says so, if all have the same.
///
/// # Safety
/// - As [`sort`].
#[inline(never)]
unsafe fn pass<T: Item>(
    pool: Option<&Pool>,
    a: *mut T,
    b: *mut T,
    n: usize,
    shift: u32,
    digit: u32,
    counts: *mut u32,
) -> bool {
    let parts = segments(n, pool.is_some());
    let (values, mask) = (1usize << digit, (1u32 << digit) - 1);
    let (from, to, table) = (Shared(a), Shared(b), Shared(counts));
    let range = |part: usize| if parts == 1 { (0, n) } else { (part * SEGMENT, n.min((part + 1) * SEGMENT)) };
    let count = |part: usize| {
        let (start, end) = range(part);
        // SAFETY: items below `n`; a row of counts that is this part's; digits are below `values`.
        unsafe {
            let counts = table.at().add(part * values);
            core::ptr::write_bytes(counts, 0, values);
            let mut k = start;
            while k + 4 <= end {
                for i in 0..4 {
                    *counts.add((from.at().add(k + i).read().key() >> shift & mask) as usize) += 1;
                }
                k += 4;
            }
            while k < end {
                *counts.add((from.at().add(k).read().key() >> shift & mask) as usize) += 1;
                k += 1;
            }
        }
    };
    let scatter = |part: usize| {
        let (start, end) = range(part);
        // SAFETY: as above; the counts now are places, and each item has one of its own.
        unsafe {
            let places = table.at().add(part * values);
            let put = |item: T| {
                let place = places.add((item.key() >> shift & mask) as usize);
                let at = *place;
                *place = at + 1;
                to.at().add(at as usize).write(item);
            };
            let mut k = start;
            while k + 4 <= end {
                let items = [0, 1, 2, 3].map(|i| from.at().add(k + i).read());
                for item in items {
                    put(item);
                }
                k += 4;
            }
            while k < end {
                put(from.at().add(k).read());
                k += 1;
            }
        }
    };
    let each = |job: &(dyn Fn(usize) + Sync)| match pool {
        Some(pool) => pool.run(Work { tasks: parts, nanoseconds: 2 * n as u64 }, &|part, _| job(part)),
        None => job(0),
    };
    each(&count);
    // SAFETY: counts of all parts, each written; the first item is there.
    unsafe {
        let first = (a.read().key() >> shift & mask) as usize;
        if (0..parts).map(|part| *counts.add(part * values + first)).sum::<u32>() as usize == n {
            return false;
        }
        let mut place = 0;
        for value in 0..values {
            for part in 0..parts {
                let count = &mut *counts.add(part * values + value);
                place += core::mem::replace(count, place);
            }
        }
    }
    each(&scatter);
    true
}

/// Sorts by merging, from sorted runs on. Gives the place of the result.
///
/// # Safety
/// - `n` items at `a` are readable; `a` and `b` are writable and do not overlap.
#[inline(never)]
unsafe fn merge<T: Item>(mut a: *mut T, mut b: *mut T, n: usize) -> *mut T {
    // SAFETY: every index is below `n`.
    unsafe {
        for start in (0..n).step_by(RUN) {
            for i in start + 1..n.min(start + RUN) {
                let item = a.add(i).read();
                let mut at = i;
                while at > start && item.key() < a.add(at - 1).read().key() {
                    a.add(at).write(a.add(at - 1).read());
                    at -= 1;
                }
                a.add(at).write(item);
            }
        }
        let mut width = RUN;
        while width < n {
            for start in (0..n).step_by(2 * width) {
                let (middle, end) = (n.min(start + width), n.min(start + 2 * width));
                let (mut i, mut j, mut to) = (start, middle, b.add(start));
                while i < middle && j < end {
                    let (x, y) = (a.add(i).read(), a.add(j).read());
                    let second = y.key() < x.key();
                    to.write(if second { y } else { x });
                    to = to.add(1);
                    i += usize::from(!second);
                    j += usize::from(second);
                }
                core::ptr::copy_nonoverlapping(a.add(i), to, middle - i);
                core::ptr::copy_nonoverlapping(a.add(j), to.add(middle - i), end - j);
            }
            core::mem::swap(&mut a, &mut b);
            width *= 2;
        }
    }
    a
}
