use super::*;
use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::{BTreeMap, BTreeSet};

/// A stretch of address space that the system backs as it is touched, handed out page by page like linear memory.
struct Fake {
    memory: *mut u8,
    layout: Layout,
    end: usize,
    limit: usize,
    /// After every so many growths somebody else takes a page; 0 for never.
    intrude: usize,
    /// When set, somebody else takes a page between the look at `end` and the growth, once.
    race: bool,
    growths: usize,
}

impl Fake {
    fn new(pages: usize, intrude: usize) -> Fake {
        // Alignment 16: a larger one would make the system's allocator touch all of it. One page to align, one below.
        let layout = Layout::from_size_align((pages + 2) * PAGE, 16).unwrap();
        // SAFETY: the size is not zero.
        let memory = unsafe { alloc_zeroed(layout) };
        assert!(!memory.is_null());
        let end = memory.expose_provenance().next_multiple_of(PAGE) + PAGE;
        Fake { memory, layout, end, limit: end + pages * PAGE, intrude, race: false, growths: 0 }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        // SAFETY: allocated by `new` with this layout.
        unsafe { dealloc(self.memory, self.layout) }
    }
}

// SAFETY: regions are pages of one zeroed allocation of at most 4 GiB, rising and each given once.
unsafe impl Pages for Fake {
    fn end(&self) -> usize {
        self.end
    }

    fn grow(&mut self, bytes: usize) -> Option<(usize, usize)> {
        assert!(bytes > 0 && bytes.is_multiple_of(PAGE));
        if core::mem::take(&mut self.race) {
            self.end += PAGE;
        }
        if bytes > self.limit.saturating_sub(self.end) {
            return None;
        }
        let address = self.end;
        self.growths += 1;
        self.end += bytes;
        if self.intrude != 0 && self.growths.is_multiple_of(self.intrude) {
            self.end = (self.end + PAGE).min(self.limit);
        }
        Some((address, bytes))
    }
}

fn allocator(pages: usize, intrude: usize) -> Allocator<Fake> {
    Allocator::new(Fake::new(pages, intrude))
}

/// Walks all of memory and asserts every invariant. Returns the live blocks (address to bytes) and the number of runs.
fn verify(a: &Allocator<Fake>) -> (BTreeMap<usize, usize>, usize) {
    let (mut live, mut free, mut runs) = (BTreeMap::new(), BTreeSet::new(), 0);
    let owned = |page: usize| page < PAGES && a.owned[page / 32] >> (page % 32) & 1 != 0;
    let (mut page, mut pages, mut last) = (0, 0, (0, 0));
    while page < PAGES {
        if !owned(page) {
            page += 1;
            continue;
        }
        runs += 1;
        let (mut block, mut before, mut before_free) = (a.origin + page * PAGE, 0, false);
        while owned(page) {
            page += 1;
            pages += 1;
        }
        let end = a.origin + page * PAGE;
        while block < end {
            let header = a.peek(block);
            assert!(
                block.is_multiple_of(ALIGNMENT) && header.size.is_multiple_of(ALIGNMENT) && header.size >= MIN_BLOCK
            );
            assert_eq!(header.before, before);
            let is_free = header.is(block, FREE);
            if is_free {
                assert!(!before_free, "two free neighbors");
                free.insert(block);
            } else {
                assert!(header.is(block, LIVE));
                assert!(header.bytes <= header.size - HEADER);
                live.insert(block + HEADER, header.bytes);
            }
            (before, before_free) = (block, is_free);
            block += header.size;
        }
        assert_eq!(block, end);
        last = (before, end);
    }
    assert_eq!(last, (a.top, a.end));
    let mut listed = BTreeSet::new();
    for (index, &head) in a.heads.iter().enumerate() {
        let bit = a.slots[index / SLOTS] >> (index % SLOTS) & 1 != 0;
        assert_eq!(bit, head != 0);
        let (mut block, mut prev) = (head, 0);
        while block != 0 {
            let header = a.peek(block);
            assert_eq!((class(header.size), header.prev), (index, prev));
            assert!(listed.insert(block));
            (prev, block) = (block, header.next);
        }
    }
    for level in 0..LEVELS {
        assert_eq!(a.levels >> level & 1 != 0, a.slots[level] != 0);
    }
    assert_eq!(listed, free);
    let stats = a.stats();
    assert_eq!(stats.live_blocks, live.len() as f64);
    assert_eq!(stats.live_bytes, live.values().sum::<usize>() as f64);
    assert_eq!(stats.reserved_bytes, (pages * PAGE) as f64);
    (live, runs)
}

/// Asserts that nothing is live and each run is one free block.
fn verify_empty(a: &Allocator<Fake>) {
    let (live, runs) = verify(a);
    assert!(live.is_empty());
    let mut blocks = 0;
    for &head in &a.heads {
        let mut block = head;
        while block != 0 {
            blocks += 1;
            block = a.peek(block).next;
        }
    }
    assert_eq!(blocks, runs);
}

/// Xorshift (Marsaglia 2003), seeded.
struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize
    }

    /// Sizes as programs have them: all magnitudes below `1 << bits` equally often, some of them round.
    fn size(&mut self, bits: usize) -> usize {
        let size = self.next() & ((1 << (self.next() % (bits + 1))) - 1);
        if self.next().is_multiple_of(4) { size.next_power_of_two() } else { size }
    }
}

/// Fills a block, or asserts that it is as filled: by its address, in both ends (all of a small one).
fn paint(address: usize, bytes: usize, write: bool) {
    let p: *mut u8 = core::ptr::with_exposed_provenance_mut(address);
    let value = (address / ALIGNMENT).wrapping_mul(31) as u8 | 1;
    for i in (0..bytes.min(256)).chain(bytes.saturating_sub(256).max(256).min(bytes)..bytes) {
        // SAFETY: a live block of `bytes` bytes starts at `address`.
        unsafe {
            if write {
                p.add(i).write(value);
            } else {
                assert_eq!(p.add(i).read(), value);
            }
        }
    }
}

#[test]
fn classes_rise_and_are_exact_for_small_sizes() {
    let mut last = 0;
    for units in 1..1usize << 16 {
        let now = class(units * ALIGNMENT);
        assert!(now == last || now == last + 1);
        assert!(units >= 64 || now == units);
        last = now;
    }
    // Sizes of one class differ by less than 1/32.
    for units in [64usize, 100, 1000, 4095, 4096, 1 << 20, (1 << 26) - 1] {
        assert_ne!(class(units * ALIGNMENT), class((units + units / 32 + 1) * ALIGNMENT));
    }
    assert!(class(1usize << 32) < LEVELS * SLOTS);
}

#[test]
fn alloc_aligns_and_gives_distinct_addresses_also_for_no_bytes() {
    let mut a = allocator(64, 0);
    let mut seen = BTreeSet::new();
    for bytes in [0, 0, 0, 1, 63, 64, 65, 127, 128, 129, 4095, 4096, 65535, 65536, 65537] {
        let address = a.alloc(bytes).unwrap();
        assert!(address != 0 && address.is_multiple_of(ALIGNMENT));
        assert!(seen.insert(address));
        assert_eq!(a.in_use(address), Some(bytes));
        paint(address, bytes, true);
    }
    assert_eq!(verify(&a).0.len(), 15);
    for &address in &seen {
        paint(address, a.in_use(address).unwrap(), false);
        a.free(address).unwrap();
    }
    verify_empty(&a);
}

#[test]
fn free_refuses_all_but_live_blocks() {
    let mut a = allocator(64, 0);
    assert_eq!(a.free(0), Err(AllocError::NotLive));
    assert_eq!(a.free(64), Err(AllocError::NotLive));
    assert_eq!(a.free(usize::MAX & !63), Err(AllocError::NotLive));
    let blocks: Vec<usize> = (0..4).map(|i| a.alloc(1000 * i).unwrap()).collect();
    // What an array holds is not taken for a header, even a copy of one.
    let (from, to) = (blocks[2] - HEADER, blocks[3] + 2 * HEADER);
    // SAFETY: both are inside this allocator's pages, which the test alone uses.
    unsafe {
        core::ptr::copy_nonoverlapping::<u8>(
            core::ptr::with_exposed_provenance(from),
            core::ptr::with_exposed_provenance_mut(to),
            HEADER,
        );
    }
    let before = a.stats();
    for offset in (1..2000).chain([1 << 16, 1 << 20, 1 << 22, 1 << 31, 1 << 32, 1 << 40]) {
        for address in [blocks[3].wrapping_add(offset), blocks[0].wrapping_sub(offset)] {
            assert_eq!(a.free(address), Err(AllocError::NotLive));
            assert_eq!(a.in_use(address), None);
        }
    }
    // A boxed byte, of another allocator.
    let other = Box::new([0u8; 256]);
    assert_eq!(a.free(other.as_ptr().addr().next_multiple_of(ALIGNMENT)), Err(AllocError::NotLive));
    assert_eq!(a.stats(), before);
    // Twice: between live neighbors (the header stays), after merging below and above (the header is buried).
    for (i, bytes) in [(1, 1000), (2, 2000), (0, 0), (3, 3000)] {
        assert_eq!(a.free(blocks[i]), Ok(bytes));
        for &block in &blocks[..] {
            if a.in_use(block).is_none() {
                assert_eq!(a.free(block), Err(AllocError::NotLive));
            }
        }
        verify(&a);
    }
    verify_empty(&a);
}

#[test]
fn free_refuses_where_a_header_is_damaged() {
    let mut a = allocator(64, 0);
    let blocks: Vec<usize> = (0..3).map(|_| a.alloc(100).unwrap()).collect();
    let word = |address: usize| core::ptr::with_exposed_provenance_mut::<u64>(address);
    // A store past the end of the first block hits the header of the second.
    // SAFETY: inside the pages, which the test alone uses.
    let saved = unsafe { word(blocks[1] - HEADER).replace(7) };
    let before = a.stats();
    assert_eq!(a.free(blocks[0]), Err(AllocError::Damaged));
    assert_eq!(a.free(blocks[2]), Err(AllocError::Damaged));
    assert_eq!(a.free(blocks[1]), Err(AllocError::NotLive));
    assert_eq!(a.stats(), before);
    // SAFETY: as above.
    unsafe { word(blocks[1] - HEADER).write(saved) };
    for block in blocks {
        a.free(block).unwrap();
    }
    verify_empty(&a);
}

#[test]
fn alloc_refuses_more_than_a_slice_may_hold() {
    let mut a = allocator(0xffff, 0);
    for bytes in [MAX_BYTES + 1, 1 << 32, usize::MAX - 128, usize::MAX - 63, usize::MAX] {
        assert_eq!(a.alloc(bytes), Err(AllocError::TooLarge));
    }
    assert_eq!(a.stats(), Stats::default());
    assert_eq!(a.pages.growths, 0);
    let address = a.alloc(MAX_BYTES).unwrap();
    paint(address, MAX_BYTES, true);
    paint(address, MAX_BYTES, false);
    assert_eq!(a.alloc(MAX_BYTES), Err(AllocError::Exhausted));
    let half = a.alloc(MAX_BYTES / 2).unwrap();
    assert_eq!(verify(&a).0.len(), 2);
    assert_eq!((a.free(half), a.free(address)), (Ok(MAX_BYTES / 2), Ok(MAX_BYTES)));
    verify_empty(&a);
}

#[test]
fn exhaustion_changes_nothing_and_the_last_page_is_used() {
    // 37 pages are no multiple of a step, so the end is reached by exact growth only.
    let mut a = allocator(37, 0);
    let mut blocks = Vec::new();
    while let Ok(address) = a.alloc(5000) {
        blocks.push(address);
    }
    assert_eq!(a.stats().reserved_bytes, (37 * PAGE) as f64);
    assert_eq!(blocks.len(), 37 * PAGE / (5000usize.next_multiple_of(64) + HEADER));
    let before = (a.stats(), verify(&a));
    for bytes in [5000, 100_000, MAX_BYTES] {
        assert_eq!(a.alloc(bytes), Err(AllocError::Exhausted));
        assert_eq!((a.stats(), verify(&a)), before);
    }
    a.free(blocks.remove(17)).unwrap();
    blocks.push(a.alloc(5000).unwrap());
    for block in blocks {
        a.free(block).unwrap();
    }
    verify_empty(&a);
    let whole = a.alloc(37 * PAGE - HEADER).unwrap();
    assert_eq!(a.alloc(0), Err(AllocError::Exhausted));
    a.free(whole).unwrap();
    assert_eq!(a.alloc(37 * PAGE - HEADER + 1), Err(AllocError::Exhausted));
    verify_empty(&a);
}

#[test]
fn large_blocks_are_spread_over_the_period() {
    let mut a = allocator(3200, 0);
    let blocks: Vec<usize> = (0..7).map(|_| a.alloc(1 << 22).unwrap()).collect();
    for (i, one) in blocks.iter().enumerate() {
        for other in &blocks[..i] {
            let apart = (one - other) % PERIOD;
            assert!(apart.min(PERIOD - apart) >= 512, "{apart}");
        }
    }
    blocks.iter().for_each(|&block| assert!(a.free(block).is_ok()));
    verify_empty(&a);
}

#[test]
fn memory_grows_only_by_what_the_last_block_lacks() {
    let mut a = allocator(100, 0);
    let first = a.alloc(60 * PAGE - HEADER).unwrap();
    a.free(first).unwrap();
    // 60 pages are free at the end, and 40 are left.
    let all = a.alloc(100 * PAGE - HEADER).unwrap();
    assert_eq!(all, first);
    a.free(all).unwrap();
    verify_empty(&a);
}

#[test]
fn regions_that_touch_are_one_and_others_are_not() {
    let mut a = allocator(2000, 0);
    let blocks: Vec<usize> = (0..40).map(|_| a.alloc(1 << 20).unwrap()).collect();
    assert!(a.pages.growths > 10);
    assert_eq!(verify(&a).1, 1);
    blocks.iter().for_each(|&block| assert_eq!(a.free(block), Ok(1 << 20)));
    verify_empty(&a);
    let mut a = allocator(2000, 1);
    let blocks: Vec<usize> = (0..40).map(|_| a.alloc(1 << 20).unwrap()).collect();
    assert_eq!(verify(&a).1, a.pages.growths);
    blocks.iter().for_each(|&block| assert_eq!(a.free(block), Ok(1 << 20)));
    verify_empty(&a);
}

#[test]
fn growth_survives_another_thread_that_grows_at_the_same_time() {
    let mut a = allocator(400, 0);
    let first = a.alloc(100).unwrap();
    a.pages.race = true;
    // The free end of the first region was counted on, and cannot be joined any more.
    let second = a.alloc(10 * STEP).unwrap();
    assert_eq!(verify(&a).1, 2);
    paint(second, 10 * STEP, true);
    assert_eq!((a.free(first), a.free(second)), (Ok(100), Ok(10 * STEP)));
    verify_empty(&a);
}

#[test]
fn freed_memory_is_found_again() {
    // The same size comes back to the same place, although its class also holds smaller blocks.
    let mut a = allocator(8000, 0);
    let address = a.alloc(100_000_001).unwrap();
    let fence = a.alloc(1).unwrap();
    a.free(address).unwrap();
    let reserved = a.stats().reserved_bytes;
    assert_eq!(a.alloc(100_000_001), Ok(address));
    assert_eq!(a.stats().reserved_bytes, reserved);
    assert_eq!((a.free(fence), a.free(address)), (Ok(1), Ok(100_000_001)));

    // More blocks of the class than are looked at, the one that fits at the end: found before a request is refused.
    let mut a = allocator(3200, 0);
    let sizes: Vec<usize> = (0..28).map(|i| 4_312_000 - PERIOD * i).collect();
    assert_eq!(class(sizes[0] + 2 * PERIOD), class(sizes[27]));
    let pairs: Vec<(usize, usize)> = sizes.iter().map(|&s| (a.alloc(s).unwrap(), a.alloc(1).unwrap())).collect();
    let mut rest = Vec::new();
    for bytes in [MAX_BYTES, 1 << 28, 1 << 24, 1 << 20, 1 << 16, 1 << 12, 0] {
        while let Ok(address) = a.alloc(bytes) {
            rest.push(address);
        }
    }
    pairs.iter().for_each(|&(block, _)| assert!(a.free(block).is_ok()));
    assert_eq!(a.alloc(sizes[0] + PERIOD), Err(AllocError::Exhausted));
    assert_eq!(a.alloc(sizes[0]), Ok(pairs[0].0));
    verify(&a);
    a.free(pairs[0].0).unwrap();
    rest.iter().chain(pairs.iter().map(|(_, fence)| fence)).for_each(|&block| assert!(a.free(block).is_ok()));
    verify_empty(&a);
}

#[test]
fn random_sequences_keep_every_invariant() {
    for seed in 1..=12u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut a = allocator(3000, [0, 1, 3][seed as usize % 3]);
        let mut model: Vec<(usize, usize)> = Vec::new();
        let (mut peak, mut count, mut refused) = (0, 0u64, 0);
        for turn in 0..20_000usize {
            // Breathes: fills for a while, then empties.
            let filling = turn / 2500 % 2 == 0;
            if model.is_empty() || random.next() % 10 < if filling { 6 } else { 4 } {
                let bits = if random.next().is_multiple_of(50) { 24 } else { 16 };
                let bytes = random.size(bits);
                match a.alloc(bytes) {
                    Ok(address) => {
                        paint(address, bytes, true);
                        model.push((address, bytes));
                        count += 1;
                    }
                    Err(error) => {
                        assert_eq!(error, AllocError::Exhausted);
                        refused += 1;
                    }
                }
            } else {
                let (address, bytes) = model.swap_remove(random.next() % model.len());
                paint(address, bytes, false);
                assert_eq!(a.in_use(address), Some(bytes));
                assert_eq!(a.free(address), Ok(bytes));
                assert_eq!(a.free(address), Err(AllocError::NotLive));
            }
            peak = peak.max(model.iter().map(|x| x.1).sum());
            if turn.is_multiple_of(500) {
                assert_eq!(verify(&a).0, model.iter().copied().collect());
            }
        }
        assert_eq!(verify(&a).0, model.iter().copied().collect());
        let stats = a.stats();
        assert_eq!((stats.peak_bytes, stats.allocations), (peak as f64, count as f64));
        assert!(refused < 2000, "the test has become one of exhaustion");
        for (address, bytes) in model {
            paint(address, bytes, false);
            assert_eq!(a.free(address), Ok(bytes));
        }
        verify_empty(&a);
    }
}

/// Reserved over peak live bytes after 200 000 random replacements of arrays of all magnitudes, the harshest use: the
/// seeds give 1.33 to 1.44 (and trying all blocks of a class instead of a few gives the same).
#[test]
fn fragmentation_is_bounded() {
    for (seed, bits) in [(1, 16), (2, 20), (3, 22), (4, 24)] {
        let mut random = Random(seed * 0x1234_5678_9abc_def1);
        let mut a = allocator(0xffff, 0);
        let (mut live, mut bytes_live) = (Vec::new(), 0);
        let budget = 1 << (bits + 7);
        for _ in 0..200_000 {
            let bytes = 64 + random.size(bits);
            while bytes_live + bytes > budget {
                let (address, freed): (usize, usize) = live.swap_remove(random.next() % live.len());
                assert_eq!(a.free(address), Ok(freed));
                bytes_live -= freed;
            }
            live.push((a.alloc(bytes).unwrap(), bytes));
            bytes_live += bytes;
        }
        verify(&a);
        let stats = a.stats();
        let ratio = stats.reserved_bytes / stats.peak_bytes;
        println!("sizes below 2^{bits}: {ratio:.3}");
        assert!(ratio < 1.5, "{ratio}");
        for (address, bytes) in live {
            assert_eq!(a.free(address), Ok(bytes));
        }
        verify_empty(&a);
    }
}
