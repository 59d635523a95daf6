//! Where the allocator's pages come from: linear memory, or whatever a test puts in its place.

/// The unit in which memory grows, that of WebAssembly.
pub const PAGE: usize = 65536;

/// Pages of a full linear memory, 4 GiB.
#[cfg(target_arch = "wasm32")]
const MAX_PAGES: usize = 65536;

/// Where an allocator gets its memory.
///
/// # Safety
/// - Each region that `grow` returns starts at a multiple of [`PAGE`], is a multiple of [`PAGE`] long, lies above all
///   earlier ones and within 4 GiB of the start of the first, and does not contain address 0 nor end at `usize::MAX + 1`.
/// - Its bytes are initialized, readable and writable, and nobody else uses them, for as long as the allocator lives.
/// - Its provenance is exposed: a pointer made from an address in it may be used.
pub unsafe trait Pages {
    /// The address at which the next region starts, unless somebody else grows the memory before.
    fn end(&self) -> usize;

    /// A new region of `bytes` bytes (a multiple of [`PAGE`]): its address and size, which may be less. `None` if
    /// there is no such region; then nothing has changed.
    fn grow(&mut self, bytes: usize) -> Option<(usize, usize)>;
}

/// The module's linear memory.
#[cfg(target_arch = "wasm32")]
#[derive(Clone, Copy, Debug)]
pub struct Linear;

// SAFETY: a successful memory.grow appends zeroed pages that nobody else has, and memory never shrinks. The first page,
// with address 0, belongs to the module's data; the last of the 65536, which ends at 2³², is held back.
#[cfg(target_arch = "wasm32")]
unsafe impl Pages for Linear {
    fn end(&self) -> usize {
        core::arch::wasm32::memory_size::<0>().wrapping_mul(PAGE)
    }

    fn grow(&mut self, bytes: usize) -> Option<(usize, usize)> {
        let pages = bytes / PAGE;
        if core::arch::wasm32::memory_size::<0>() + pages >= MAX_PAGES {
            return None;
        }
        let old = core::arch::wasm32::memory_grow::<0>(pages);
        if old == usize::MAX {
            return None;
        }
        // Another thread may have grown the memory meanwhile, so the last page can still be among these.
        let usable = pages.min(MAX_PAGES - 1 - old);
        if usable == 0 { None } else { Some((old * PAGE, usable * PAGE)) }
    }
}
