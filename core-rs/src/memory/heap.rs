//! What Rust itself allocates in a module: the stacks of workers, their thread-locals, the text of the lane's name.
//!
//! Kernels allocate nothing, so the plainest allocator does: pages from linear memory, handed out from the bottom up.
//! The block that was handed out last can be given back; others are kept. It is a hundredth of the code of the one
//! that std would bring.

use super::{PAGE, Pages};
use core::alloc::Layout;

/// Memory in a row of blocks, of which the last can be freed.
#[derive(Debug)]
pub struct Heap<P> {
    pages: P,
    /// The end of the last block, and of the pages.
    next: usize,
    end: usize,
}

impl<P: Pages> Heap<P> {
    /// An empty heap.
    pub const fn new(pages: P) -> Heap<P> {
        Heap { pages, next: 0, end: 0 }
    }

    /// The address of a new block, or `None` if there is no memory for it. Alignments beyond a page are refused.
    pub fn alloc(&mut self, layout: Layout) -> Option<usize> {
        if layout.align() > PAGE {
            return None;
        }
        let place = |next: usize| {
            let start = next.checked_next_multiple_of(layout.align())?;
            Some((start, start.checked_add(layout.size())?))
        };
        let (mut start, mut stop) = place(self.next)?;
        if stop > self.end {
            // Enough for the whole block, in case what comes does not join what is there.
            let bytes = layout.size().checked_next_multiple_of(PAGE)?.max(PAGE);
            let (address, given) = self.pages.grow(bytes)?;
            if address != self.end {
                (start, stop) = place(address)?;
            }
            self.end = address + given;
            if stop > self.end {
                return None;
            }
        }
        self.next = stop;
        Some(start)
    }

    /// Gives a block back, if it is the last.
    pub fn free(&mut self, address: usize, layout: Layout) {
        if address + layout.size() == self.next {
            self.next = address;
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod global {
    use super::Heap;
    use crate::memory::Linear;
    use core::alloc::{GlobalAlloc, Layout};
    use core::cell::UnsafeCell;
    use core::sync::atomic::{AtomicBool, Ordering::*};

    /// The heap of a module; workers that start at the same time take turns.
    struct Shared {
        taken: AtomicBool,
        heap: UnsafeCell<Heap<Linear>>,
    }

    // SAFETY: the heap is touched only by whoever has taken it.
    unsafe impl Sync for Shared {}

    #[global_allocator]
    static HEAP: Shared = Shared { taken: AtomicBool::new(false), heap: UnsafeCell::new(Heap::new(Linear)) };

    impl Shared {
        fn with<T>(&self, f: impl FnOnce(&mut Heap<Linear>) -> T) -> T {
            while self.taken.swap(true, Acquire) {
                core::hint::spin_loop();
            }
            // SAFETY: taken, and given back below.
            let result = f(unsafe { &mut *self.heap.get() });
            self.taken.store(false, Release);
            result
        }
    }

    // SAFETY: blocks are aligned, as large as asked for, and apart from each other; nothing here panics.
    unsafe impl GlobalAlloc for Shared {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            core::ptr::with_exposed_provenance_mut(self.with(|heap| heap.alloc(layout)).unwrap_or(0))
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            self.with(|heap| heap.free(block.addr(), layout));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages of no memory: addresses are all that is looked at.
    struct Numbers {
        end: usize,
        limit: usize,
    }

    // SAFETY: nothing is read or written.
    unsafe impl Pages for Numbers {
        fn end(&self) -> usize {
            self.end
        }

        fn grow(&mut self, bytes: usize) -> Option<(usize, usize)> {
            let address = self.end;
            self.end = address.checked_add(bytes).filter(|&end| end <= self.limit)?;
            Some((address, bytes))
        }
    }

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn blocks_follow_each_other_and_the_last_comes_back() {
        let mut heap = Heap::new(Numbers { end: PAGE, limit: 100 * PAGE });
        let first = heap.alloc(layout(3, 1)).unwrap();
        let second = heap.alloc(layout(16, 16)).unwrap();
        assert_eq!((first, second), (PAGE, PAGE + 16));
        heap.free(first, layout(3, 1));
        heap.free(second, layout(16, 16));
        assert_eq!(heap.alloc(layout(16, 16)), Some(second));
        // Larger than the rest of the page: the next page joins it.
        assert_eq!(heap.alloc(layout(PAGE, 64)), Some(PAGE + 64));
        // Somebody else has grown the memory: the rest is left.
        heap.pages.end += 5 * PAGE;
        let far = heap.alloc(layout(2 * PAGE, PAGE)).unwrap();
        assert_eq!((far % PAGE, far >= 8 * PAGE), (0, true));
    }

    #[test]
    fn what_cannot_be_had_is_refused_and_changes_nothing() {
        let mut heap = Heap::new(Numbers { end: PAGE, limit: 4 * PAGE });
        let block = heap.alloc(layout(8, 8)).unwrap();
        assert_eq!(heap.alloc(layout(4 * PAGE, 1)), None);
        assert_eq!(heap.alloc(layout(8, 2 * PAGE)), None);
        assert_eq!(heap.alloc(layout(isize::MAX as usize - PAGE, 1)), None);
        assert_eq!(heap.alloc(layout(8, 8)), Some(block + 8));
    }
}
