//! Decisions out of the fuzzer's bytes.

/// The bytes not used yet, and what comes after them.
pub struct Source<'a> {
    bytes: &'a [u8],
    tail: Option<Random>,
}

impl<'a> Source<'a> {
    /// Decisions from these bytes. The first says what follows the last: plain answers, or random ones, so that few
    /// bytes also make plans with much in them.
    pub fn new(data: &'a [u8]) -> Source<'a> {
        let (&first, bytes) = data.split_first().unwrap_or((&0, &[]));
        let hash = data
            .iter()
            .fold(0xcbf2_9ce4_8422_2325u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        Source { bytes, tail: (first % 4 != 0).then_some(Random(hash | 1)) }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        if let Some((&first, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            return first;
        }
        self.tail.as_mut().map_or(0, |random| random.next() as u8)
    }

    /// The next four bytes.
    pub fn word(&mut self) -> u32 {
        u32::from_le_bytes(core::array::from_fn(|_| self.byte()))
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        match n {
            0 | 1 => 0,
            2..=256 => self.byte() as usize % n,
            _ => self.word() as usize % n,
        }
    }

    /// True in so many of 256 cases.
    pub fn chance(&mut self, of_256: u32) -> bool {
        u32::from(self.byte()) >= 256 - of_256
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Xorshift (Marsaglia 2003): contents of buffers, which the fuzzer need not steer byte by byte.
pub struct Random(pub u64);

impl Random {
    /// The next 32 bits.
    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 24) as u32
    }
}
