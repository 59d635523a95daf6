//! The allocator of the engine's linear memory: where arrays, arenas, plans and scratch lie.
//!
//! Two-level segregated fit: free blocks hang in lists by size class, a power of two cut in 32, and two levels of
//! bitmaps find a class that fits; each block knows its physical neighbors, so a freed one merges with them at once.
//! Allocating and freeing take a constant number of steps, whatever is live.
//!
//! ```text
//! alloc: round up, add a header, look in the size's own class (SCAN blocks), then in the lowest class above it;
//!        failing both, grow; take the block, give the rest back to its class
//! free:  check the header and what the neighbors say of it; merge with free neighbors; hang into the class
//! ```
//!
//! # Invariants
//! 1. A block starts at a multiple of 64 with a header of 64 bytes; its bytes follow, so they are aligned to 64 too.
//!    Address 0 is never handed out, since a header comes before every address.
//! 2. Blocks tile the owned pages: a block ends where the next begins or where a run of owned pages ends. Runs that
//!    touch are one run.
//! 3. No two neighbors are free. A block is in the list of its class if and only if it is free, and a bit of the
//!    bitmaps is set if and only if the list is not empty.
//! 4. A header is valid when its `check` is that of its address and size, live or free. Headers that merging buries are
//!    erased: a stale address is never taken for a block.
//! 5. Memory grows before any of this changes, so a request that fails changes nothing: it may at most leave new free
//!    pages behind, if another thread took some at the same time.
//! 6. The allocator reads and writes its own headers only, and those only inside pages that it owns: the pages
//!    between may belong to others (`heap` also grows the memory).
//!
//! Addresses and sizes are `usize` throughout. On wasm32 they exceed `isize::MAX`, and the end of the memory could
//! be 2³², which is no `usize`: `Linear` leaves the last page of the 65536 alone, so no sum overflows.
//!
//! One thread allocates; there are no locks. Speed, natively: 17 ns for a pair of `alloc` and `free` when hot,
//! 41 ns among a thousand live blocks of mixed sizes.
//!
//! Source: Masmano, Ripoll, Crespo, Real, "TLSF: a new dynamic memory allocator for real-time systems" (ECRTS 2004).
//! Departures:
//! 1. A request is not rounded up to its class. The class itself is tried first, a few blocks deep, so that an array
//!    as large as one just freed finds its place; and before a request is refused, the whole class is.
//! 2. Headers are as large as the alignment and carry a check; frees of anything but a live block are refused.
//! 3. Memory comes in several runs of pages, told apart by a bitmap instead of sentinels.

#[cfg(any(test, all(target_arch = "wasm32", target_os = "unknown")))]
mod heap;
mod pages;
// The tests ask for more bytes than 32 bits can count.
#[cfg(all(test, target_pointer_width = "64"))]
mod tests;

#[cfg(target_arch = "wasm32")]
pub use pages::Linear;
pub use pages::{PAGE, Pages};

/// Every address and every block is a multiple of this: a cache line, and more than any vector load needs.
pub const ALIGNMENT: usize = 64;

/// The most bytes of one block: Rust's `isize::MAX` on wasm32, beyond which no slice may reach.
pub const MAX_BYTES: usize = i32::MAX as usize;

/// Pages that the bitmap of ownership covers: the 4 GiB that `Pages` promises.
const PAGES: usize = 65536;

/// Memory grows by at least this, so that small arrays do not each grow it (each growth renews views in JavaScript).
const STEP: usize = 1 << 20;

/// Memory grows by an eighth of what is reserved, up to this: untouched pages cost address space only, but a machine
/// that counts them against a limit should not be asked for much more than is used.
const MAX_STEP: usize = 64 << 20;

/// Bytes of a header.
const HEADER: usize = 64;

/// The smallest block: a header and one unit. An array of no elements gets one as well, so addresses are distinct.
const MIN_BLOCK: usize = HEADER + ALIGNMENT;

/// Blocks from this size on are, where there is room, [`STAGGER`] longer than a multiple of [`PERIOD`]. Arrays of a
/// power of two that follow one another would else lie at one place of the period, where loops that read two and write
/// a third wait for stores that only look like theirs: adding 1M f32 took 0.131 ns an element instead of 0.105 on Zen 5.
const LARGE: usize = 64 << 10;

/// The addresses that a core takes for equal, before it has compared them whole, are equal modulo this.
const PERIOD: usize = 4096;

/// Seven sixteenths of the period: any seven blocks that follow one another are 512 bytes apart in it, or more.
const STAGGER: usize = 1792;

/// Classes in a level, as a power of two; 32 bound the waste of taking any block of a class to 3 %.
const SLOT_BITS: usize = 5;
const SLOTS: usize = 1 << SLOT_BITS;

/// Levels: the lowest has the sizes below 32 units of 64 bytes, each other one power of two, up to 2²⁶ units (4 GiB).
const LEVELS: usize = 26 - SLOT_BITS + 2;

/// How many blocks of a request's own class are tried. One is enough for sizes below 4 KiB, where a class is a size.
const SCAN: usize = 8;

/// Marks of live and free headers, mixed with address and size in [`check`]; arbitrary.
const LIVE: u64 = 0x9e6c_63d0_876a_68ad;
const FREE: u64 = 0xc5ad_16ee_2f0b_4e37;

/// Why a request was refused. The numbers cross into TypeScript and are never reused; zero means success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum AllocError {
    /// More bytes than one block may have, [`MAX_BYTES`].
    TooLarge = 1,
    /// No free block is large enough, and the memory cannot grow by as much.
    Exhausted = 2,
    /// The address is not that of a live block: freed before, or never handed out.
    NotLive = 3,
    /// A header beside the block has been overwritten, so something wrote outside its array. The block stays live.
    Damaged = 4,
}

/// What an allocator holds. All numbers are exact: f64 so that TypeScript reads them as one `Float64Array`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Stats {
    /// Bytes that live blocks were asked for (without headers and rounding).
    pub live_bytes: f64,
    /// Live blocks.
    pub live_blocks: f64,
    /// The most that `live_bytes` has been.
    pub peak_bytes: f64,
    /// Bytes of all pages owned, used or not; they never go back.
    pub reserved_bytes: f64,
    /// Blocks ever allocated.
    pub allocations: f64,
}

const _: () = assert!(size_of::<Stats>() == 40);

/// What precedes each block's bytes.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Header {
    /// [`check`] of address and size, with [`LIVE`] or [`FREE`].
    check: u64,
    /// Bytes from this header to the next.
    size: usize,
    /// Bytes asked for, if live.
    bytes: usize,
    /// Address of the header before this one in the same run of pages; 0 for the first.
    before: usize,
    /// The neighbors in the list of the class, if free; 0 at its ends.
    next: usize,
    prev: usize,
}

const _: () = assert!(size_of::<Header>() == HEADER);

impl Header {
    /// Whether this is a valid header of `block` with the given mark.
    #[inline]
    fn is(&self, block: usize, mark: u64) -> bool {
        self.check == check(block, self.size, mark)
    }
}

/// The value that a valid header at `block` carries; a copy of it elsewhere, or one with another size, is not valid.
/// The factor is odd, 2⁶⁴ over the golden ratio: it spreads every bit.
#[inline]
fn check(block: usize, size: usize, mark: u64) -> u64 {
    ((size as u64) << 32 ^ block as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ mark
}

/// The class of blocks of `size` bytes. Rises with `size`; exact up to 4 KiB, then within 1/32.
#[inline]
const fn class(size: usize) -> usize {
    let units = size / ALIGNMENT;
    if units < SLOTS {
        return units;
    }
    let shift = units.ilog2() as usize - SLOT_BITS;
    shift * SLOTS + (units >> shift)
}

const _: () = assert!(class(u32::MAX as usize) < LEVELS * SLOTS);

const _: () = assert!(STAGGER.is_multiple_of(ALIGNMENT) && LARGE > PERIOD);

/// An allocator over the memory that `P` gives. See the [module](self) for its invariants.
pub struct Allocator<P: Pages> {
    pages: P,
    /// Heads of the lists of free blocks, by class; 0 for an empty one.
    heads: [usize; LEVELS * SLOTS],
    /// Bit `s` of `slots[l]` says that class `l * SLOTS + s` has a block; bit `l` of `levels`, that `slots[l]` has a bit.
    slots: [u32; LEVELS],
    levels: u32,
    /// Bit per page, counted from `origin`: whether it is owned.
    owned: [u32; PAGES / 32],
    /// Start of the first region.
    origin: usize,
    /// End of the last region, and its last block; 0 before there is one.
    end: usize,
    top: usize,
    live_bytes: usize,
    live_blocks: usize,
    peak_bytes: usize,
    reserved_bytes: usize,
    allocations: u64,
}

impl<P: Pages> Allocator<P> {
    /// An allocator that owns nothing yet.
    pub const fn new(pages: P) -> Allocator<P> {
        Allocator {
            pages,
            heads: [0; LEVELS * SLOTS],
            slots: [0; LEVELS],
            levels: 0,
            owned: [0; PAGES / 32],
            origin: 0,
            end: 0,
            top: 0,
            live_bytes: 0,
            live_blocks: 0,
            peak_bytes: 0,
            reserved_bytes: 0,
            allocations: 0,
        }
    }

    /// The address of `bytes` new bytes, a multiple of [`ALIGNMENT`]. Their contents are whatever was there. For no
    /// bytes there is an address too, unlike every other.
    pub fn alloc(&mut self, bytes: usize) -> Result<usize, AllocError> {
        if bytes > MAX_BYTES {
            return Err(AllocError::TooLarge);
        }
        let size = HEADER + bytes.max(1).next_multiple_of(ALIGNMENT);
        // Where memory is short, rather the bare size than none.
        let staggered = if size < LARGE { size } else { (size - STAGGER).next_multiple_of(PERIOD) + STAGGER };
        let found = self.fit(staggered).map(|block| (block, staggered));
        let found = found.or_else(|| self.fit(size).map(|block| (block, size)));
        let (block, size) = found.ok_or(AllocError::Exhausted)?;
        self.take(block, size, bytes);
        self.live_bytes += bytes;
        self.live_blocks += 1;
        self.peak_bytes = self.peak_bytes.max(self.live_bytes);
        self.allocations += 1;
        Ok(block + HEADER)
    }

    /// Takes back what [`Allocator::alloc`] returned, and says how many bytes it was asked for. Anything but the
    /// address of a live block is refused and changes nothing.
    pub fn free(&mut self, address: usize) -> Result<usize, AllocError> {
        let mut block = self.live(address).ok_or(AllocError::NotLive)?;
        let Header { mut size, bytes, mut before, .. } = *self.header(block);
        let after = block.wrapping_add(size);
        let below =
            if before == 0 { false } else { self.free_neighbor(before, |h| before.wrapping_add(h.size) == block)? };
        let above = if self.owns(after) { self.free_neighbor(after, |h| h.before == block)? } else { false };

        if above {
            size += self.header(after).size;
            self.unlink(after);
            self.bury(after, block);
        }
        if below {
            let lower = before;
            self.unlink(lower);
            before = self.header(lower).before;
            size += self.header(lower).size;
            self.bury(block, lower);
            block = lower;
        }
        if self.owns(block + size) {
            self.header(block + size).before = block;
        }
        self.link(block, size, before);
        self.live_bytes -= bytes;
        self.live_blocks -= 1;
        Ok(bytes)
    }

    /// The bytes that the live block at `address` was asked for; `None` if there is none.
    pub fn in_use(&self, address: usize) -> Option<usize> {
        self.live(address).map(|block| self.peek(block).bytes)
    }

    /// What is held now.
    pub fn stats(&self) -> Stats {
        Stats {
            live_bytes: self.live_bytes as f64,
            live_blocks: self.live_blocks as f64,
            peak_bytes: self.peak_bytes as f64,
            reserved_bytes: self.reserved_bytes as f64,
            allocations: self.allocations as f64,
        }
    }

    /// Whether the page of `address` is owned.
    #[inline]
    fn owns(&self, address: usize) -> bool {
        let page = address.wrapping_sub(self.origin) / PAGE;
        self.owned.get(page / 32).is_some_and(|bits| bits >> (page % 32) & 1 != 0)
    }

    /// The header at `block`, which the invariants say is one.
    #[inline]
    fn header(&mut self, block: usize) -> &mut Header {
        debug_assert!(block.is_multiple_of(ALIGNMENT) && self.owns(block));
        // SAFETY: callers pass only multiples of 64 in owned pages, so the 64 bytes are this allocator's alone (`Pages`)
        // and any bits make a header. No other reference to one lives: each is borrowed from the allocator.
        unsafe { &mut *core::ptr::with_exposed_provenance_mut(block) }
    }

    /// The header at `block`, to be read.
    #[inline]
    fn peek(&self, block: usize) -> &Header {
        debug_assert!(block.is_multiple_of(ALIGNMENT) && self.owns(block));
        // SAFETY: as in `header`; the reference is shared, as is the allocator's borrow.
        unsafe { &*core::ptr::with_exposed_provenance(block) }
    }

    /// The block whose bytes start at `address`, if it is live.
    #[inline]
    fn live(&self, address: usize) -> Option<usize> {
        let block = address.wrapping_sub(HEADER);
        let valid = address.is_multiple_of(ALIGNMENT) && self.owns(block) && self.peek(block).is(block, LIVE);
        valid.then_some(block)
    }

    /// Whether the neighbor at `block` is free; an error if it is no header or does not agree with the block beside it.
    #[inline]
    fn free_neighbor(&self, block: usize, agrees: impl Fn(&Header) -> bool) -> Result<bool, AllocError> {
        if !block.is_multiple_of(ALIGNMENT) || !self.owns(block) {
            return Err(AllocError::Damaged);
        }
        let header = self.peek(block);
        let free = header.is(block, FREE);
        let valid = free || header.is(block, LIVE);
        if valid && agrees(header) { Ok(free) } else { Err(AllocError::Damaged) }
    }

    /// A free block of at least `size` bytes, new if need be.
    fn fit(&mut self, size: usize) -> Option<usize> {
        self.find(size).or_else(|| self.grow(size)).or_else(|| self.search(size, usize::MAX))
    }

    /// A free block of at least `size` bytes, in a constant number of steps.
    #[inline]
    fn find(&self, size: usize) -> Option<usize> {
        if let Some(block) = self.search(size, SCAN) {
            return Some(block);
        }
        // Every block of a higher class fits. Two shifts, since one by 32 would be none.
        let (level, slot) = (class(size) / SLOTS, class(size) % SLOTS);
        let here = self.slots[level] & u32::MAX << slot << 1;
        if here != 0 {
            return Some(self.heads[level * SLOTS + here.trailing_zeros() as usize]);
        }
        let above = self.levels & u32::MAX << level << 1;
        if above == 0 {
            return None;
        }
        let level = above.trailing_zeros() as usize;
        Some(self.heads[level * SLOTS + self.slots[level].trailing_zeros() as usize])
    }

    /// A free block of at least `size` bytes among the first `count` of that size's own class.
    #[inline]
    fn search(&self, size: usize, count: usize) -> Option<usize> {
        let mut block = self.heads[class(size)];
        for _ in 0..count {
            if block == 0 {
                return None;
            }
            let header = self.peek(block);
            if header.size >= size {
                return Some(block);
            }
            block = header.next;
        }
        None
    }

    /// Grows the memory until its last block is free and has `size` bytes.
    #[cold]
    fn grow(&mut self, size: usize) -> Option<usize> {
        // Two turns: another thread may take the pages between that would have joined the new region to the last.
        for _ in 0..2 {
            let spare = self.free_top();
            if spare >= size {
                break;
            }
            let joined = if self.pages.end() == self.end { spare } else { 0 };
            let need = (size - joined).next_multiple_of(PAGE);
            let step = need.max((self.reserved_bytes / 8).clamp(STEP, MAX_STEP).next_multiple_of(PAGE));
            let (address, bytes) = match self.pages.grow(step) {
                None if need < step => self.pages.grow(need)?,
                region => region?,
            };
            self.adopt(address, bytes);
        }
        (self.free_top() >= size).then_some(self.top)
    }

    /// The size of the last block of the last region if it is free; else 0.
    fn free_top(&self) -> usize {
        if self.top != 0 && self.peek(self.top).is(self.top, FREE) { self.peek(self.top).size } else { 0 }
    }

    /// Makes a new region part of the last one, if they touch, or a run of its own.
    fn adopt(&mut self, address: usize, bytes: usize) {
        if self.top == 0 {
            self.origin = address;
        }
        for page in (address - self.origin) / PAGE..(address - self.origin + bytes) / PAGE {
            self.owned[page / 32] |= 1 << (page % 32);
        }
        let before = if address == self.end { self.top } else { 0 };
        let spare = if before == 0 { 0 } else { self.free_top() };
        self.end = address + bytes;
        self.reserved_bytes += bytes;
        if spare > 0 {
            let before = self.header(self.top).before;
            self.unlink(self.top);
            self.link(self.top, spare + bytes, before);
        } else {
            self.top = address;
            self.link(address, bytes, before);
        }
    }

    /// Makes a free block live, with `size` of its bytes; the rest, if it makes a block, stays free.
    #[inline]
    fn take(&mut self, block: usize, size: usize, bytes: usize) {
        self.unlink(block);
        let header = self.header(block);
        let rest = header.size - size;
        if rest >= MIN_BLOCK {
            header.size = size;
        }
        header.bytes = bytes;
        header.check = check(block, header.size, LIVE);
        if rest < MIN_BLOCK {
            return;
        }
        let remainder = block + size;
        let after = remainder + rest;
        if self.owns(after) {
            self.header(after).before = remainder;
        }
        if self.top == block {
            self.top = remainder;
        }
        self.link(remainder, rest, block);
    }

    /// Erases the header of a block that `into` takes in.
    #[inline]
    fn bury(&mut self, block: usize, into: usize) {
        self.header(block).check = 0;
        if self.top == block {
            self.top = into;
        }
    }

    /// Writes the header of a free block and hangs it into the list of its class.
    #[inline]
    fn link(&mut self, block: usize, size: usize, before: usize) {
        let class = class(size);
        let next = self.heads[class];
        *self.header(block) = Header { check: check(block, size, FREE), size, bytes: 0, before, next, prev: 0 };
        if next != 0 {
            self.header(next).prev = block;
        }
        self.heads[class] = block;
        self.slots[class / SLOTS] |= 1 << (class % SLOTS);
        self.levels |= 1 << (class / SLOTS);
    }

    /// Takes a free block out of the list of its class.
    #[inline]
    fn unlink(&mut self, block: usize) {
        let Header { size, next, prev, .. } = *self.header(block);
        if next != 0 {
            self.header(next).prev = prev;
        }
        if prev != 0 {
            self.header(prev).next = next;
            return;
        }
        let class = class(size);
        self.heads[class] = next;
        if next == 0 {
            self.slots[class / SLOTS] &= !(1 << (class % SLOTS));
            if self.slots[class / SLOTS] == 0 {
                self.levels &= !(1 << (class / SLOTS));
            }
        }
    }
}
