//! Cases out of decisions: buffers, slots over them, a plan that is mostly valid, and some damage.

mod families;
mod operands;

use crate::source::{Random, Source};
use penjing_core::dtype::DType;
use penjing_core::plan::{MAGIC, Opcode};

/// A slot: a part of a buffer.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The buffer's number.
    pub buffer: usize,
    /// Bytes before it; a multiple of four.
    pub offset: usize,
    /// Its length.
    pub bytes: usize,
}

/// What is run.
pub struct Case {
    /// Memory, before.
    pub buffers: Vec<Vec<u8>>,
    /// The slot table.
    pub slots: Vec<Place>,
    /// The plan.
    pub plan: Vec<u32>,
    /// The plan that a host call may run over its operands' slots.
    pub nested: Vec<u32>,
}

impl core::fmt::Debug for Case {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.debug_struct("Case")
            .field("slots", &self.slots)
            .field("plan", &self.plan)
            .field("nested", &self.nested)
            .finish()
    }
}

/// Operands that generated host calls have at most, and slots that nested plans know.
const HOST_SLOTS: usize = 3;

/// Axis sizes: small ones, and the neighbors of what vectors, tiles and unrolled loops count in.
const SIZES: [u32; 48] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 8, 1, 2, 3, 4, 7, 0, 10, 11, 12, 13, 15, 16, 17, 18, 23, 24, 25, 31, 32,
    33, 47, 49, 63, 64, 65, 96, 97, 127, 128, 129, 255, 257, 513,
];

/// Axis sizes where a slot is large.
const LARGE: [u32; 12] = [100, 255, 256, 257, 300, 511, 512, 1000, 1025, 4095, 4097, 9000];

/// The case that these bytes decide.
pub fn case(data: &[u8]) -> Case {
    let mut source = Source::new(data);
    let mut buffers: Vec<Vec<u8>> = Vec::new();
    let mut slots: Vec<Place> = Vec::new();
    let large = source.chance(8);
    for number in 0..2 + source.below(5) {
        if number > 0 && source.chance(16) {
            // A window on an earlier slot: operands that overlap although their slots differ.
            let of = slots[source.below(number)];
            let skip = (source.below(of.bytes + 1) / 4 * 4).min(of.bytes);
            let bytes = source.below(of.bytes - skip + 1);
            slots.push(Place {
                offset: of.offset + skip,
                bytes: if bytes == 0 { of.bytes - skip } else { bytes },
                ..of
            });
            continue;
        }
        let bytes = match slots.last() {
            // Carries need slots of one length.
            Some(last) if source.chance(110) => last.bytes,
            _ if large && source.chance(100) => 20_000 + source.below(100_000),
            _ => match source.below(8) {
                0 => source.below(70),
                1 | 2 => 4 * source.below(64),
                3 | 4 => 1024,
                5 => 4096 + 4 * source.below(64),
                6 => 2048 + source.below(2048),
                _ => 12_000,
            },
        };
        slots.push(Place { buffer: buffers.len(), offset: 0, bytes });
        buffers.push(contents(&mut source, bytes));
    }
    let sizes: Vec<usize> = slots.iter().map(|slot| slot.bytes).collect();
    let mut plan = plan(&mut source, &sizes);
    let nested =
        if source.chance(128) { self::plan(&mut source, &sizes[..sizes.len().min(HOST_SLOTS)]) } else { vec![] };
    if source.chance(80) {
        damage(&mut source, &mut plan);
    }
    Case { buffers, slots, plan, nested }
}

/// Bytes of a buffer: numbers that floats, indices or cells may be.
fn contents(source: &mut Source, bytes: usize) -> Vec<u8> {
    let kind = source.below(6);
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ u64::from(source.byte()) << 8);
    let mut buffer = Vec::with_capacity(bytes + 3);
    while buffer.len() < bytes {
        let draw = random.next();
        let word = match kind {
            0 => draw % 6,
            1 => (draw as i32 as f32 / 1e9).to_bits(),
            2 => {
                [0, 1, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0x8000_0000, 0x7f7f_ffff, 0x3f80_0000][draw as usize % 8]
            }
            3 => draw,
            4 => draw & 0x0101_0101,
            // Halves: f16 and bf16 of moderate size, indices with a few outside.
            _ => {
                if draw % 8 == 0 {
                    draw
                } else {
                    draw & 0x3fff_0007
                }
            }
        };
        buffer.extend_from_slice(&word.to_le_bytes());
    }
    buffer.truncate(bytes);
    buffer
}

/// Changes a few words, or cuts the end off.
fn damage(source: &mut Source, plan: &mut Vec<u32>) {
    if source.chance(24) {
        plan.truncate(source.below(plan.len() + 1));
        if let Some(words) = plan.len().checked_sub(1).map(|last| last as u32 + 1).filter(|_| source.chance(200)) {
            if plan.len() > 1 {
                plan[1] = words;
            }
        }
    }
    for _ in 0..1 + source.below(4) {
        if plan.is_empty() {
            return;
        }
        // Seldom the header, which only has few ways to be wrong.
        let at = if source.chance(16) { 0 } else { 4 } + source.below(plan.len());
        let Some(word) = plan.get_mut(at) else { continue };
        *word = match source.below(7) {
            0 => *word ^ 1 << source.below(32),
            1 => word.wrapping_add(1),
            2 => word.wrapping_sub(1),
            3 => source.of(&[
                0,
                1,
                2,
                3,
                4,
                8,
                0xffff,
                0x10000,
                0x7fff_ffff,
                0x8000_0000,
                0xffff_ffff,
                0xffff_fffc,
                0x4000_0000,
            ]),
            4 => word.wrapping_neg(),
            5 => *word ^ u32::from(source.byte()) << (8 * source.below(4)),
            _ => source.word(),
        };
    }
}

/// A whole plan over slots of these lengths.
fn plan(source: &mut Source, sizes: &[usize]) -> Vec<u32> {
    let mut writer = Writer { source, sizes, large: sizes.iter().any(|&bytes| bytes > 16_000), written: None };
    let mut words = vec![MAGIC, 0, sizes.len() as u32, 0];
    for _ in 0..1 + writer.source.below(4) {
        words.extend(writer.instruction(0));
    }
    words[1] = words.len() as u32;
    words
}

struct Writer<'a, 'b> {
    source: &'a mut Source<'b>,
    sizes: &'a [usize],
    large: bool,
    /// The slot of the last output: other operands mostly keep out of it.
    written: Option<usize>,
}

impl Writer<'_, '_> {
    /// An instruction; nested ones get rarer with depth.
    fn instruction(&mut self, depth: usize) -> Vec<u32> {
        let opcode = match self.source.below(if depth < 4 { 36 } else { 29 }) {
            0..=6 => Opcode::Elementwise,
            7..=11 => Opcode::Reduce,
            12 => Opcode::Softmax,
            13 => Opcode::Normalize,
            14..=16 => Opcode::Matmul,
            17..=19 => Opcode::Copy,
            20 => Opcode::Gather,
            21 => Opcode::Scatter,
            22 => Opcode::GatherNd,
            23 => self.source.of(&[Opcode::Threefry, Opcode::Attention, Opcode::Attention]),
            24 => self.source.of(&[Opcode::Probe, Opcode::Iota]),
            25 => Opcode::Scan,
            26..=27 => Opcode::Sort,
            28 => Opcode::TopK,
            29..=30 => Opcode::HostCall,
            31..=33 => Opcode::Loop,
            34 => Opcode::Branch,
            _ => self.source.of(Opcode::ALL),
        };
        let (parameters, body) = match opcode {
            Opcode::Elementwise => self.elementwise(),
            Opcode::Reduce => self.reduce(),
            Opcode::Softmax => {
                let (kind, shape) = (self.source.below(3), self.shape(1, 4));
                let to = self.float();
                let from = if self.source.chance(24) { self.float() } else { to };
                let output = if kind == 2 { &shape[..shape.len() - 1] } else { &shape[..] };
                self.operands(kind as u32, &[(to, output, true), (from, &shape, false)])
            }
            Opcode::Normalize => self.normalize(),
            Opcode::Matmul => self.matmul(),
            Opcode::Copy => {
                let (dtype, shape) = (self.dtype(), self.shape(0, 5));
                self.operands(0, &[(dtype, &shape, true), (dtype, &shape, false)])
            }
            Opcode::Gather => self.gather(),
            Opcode::Attention => self.attention(),
            Opcode::Scatter | Opcode::GatherNd => self.windows(opcode == Opcode::Scatter),
            Opcode::Threefry => {
                let mode = self.source.below(3) as u32;
                let mut shape = self.shape(0, 3);
                if mode == 1 {
                    shape.push(2);
                }
                let to = self.source.of(&[DType::U32, DType::U32, DType::U16, DType::U8]);
                let (head, mut body) = self.operands(mode, &[(to, &shape, true), (DType::U32, &[2], false)]);
                body.extend([self.source.word(), self.source.of(&[0, 1, u32::MAX])]);
                (head, body)
            }
            Opcode::Probe => {
                let (kind, shape) = (self.source.below(2) as u32, self.shape(0, 2));
                let (head, mut body) = self.operands(kind, &[(DType::F32, &shape, true)]);
                body.push(self.source.below(3) as u32);
                (head, body)
            }
            Opcode::Scan => {
                let (kind, reversed) = (self.source.below(4) as u32, self.source.below(2) as u32);
                let (dtype, shape) = (self.dtype(), self.shape(1, 4));
                self.operands(kind | reversed << 8, &[(dtype, &shape, true), (dtype, &shape, false)])
            }
            Opcode::Sort => self.sort(),
            Opcode::TopK => {
                let (dtype, shape) = (self.dtype(), self.shape(1, 4));
                let k = self.most(shape[shape.len() - 1]);
                let best = [&shape[..shape.len() - 1], &[k]].concat();
                self.operands(0, &[(dtype, &best, true), (DType::I32, &best, true), (dtype, &shape, false)])
            }
            Opcode::Iota => {
                let (dtype, shape) = (self.dtype(), self.shape(1, 4));
                if self.source.chance(128) {
                    let index = self.source.of(&[DType::I32, DType::U32]);
                    self.operands(1 << 8, &[(dtype, &shape, true), (index, &shape[..shape.len() - 1], false)])
                } else {
                    let axis = self.source.below(shape.len() + 1) as u32;
                    self.operands(axis, &[(dtype, &shape, true)])
                }
            }
            Opcode::Trap => (self.source.below(2) as u32, vec![]),
            Opcode::HostCall => {
                let count = self.sizes.len().min(HOST_SLOTS).min(self.source.below(HOST_SLOTS + 1));
                let mut body = vec![self.source.of(&[0, 1, 1, 3, 1, 4, 5, 2])];
                for slot in 0..count {
                    let (dtype, shape) = (self.dtype(), self.shape(0, 2));
                    body.extend(self.operand(dtype, &shape, false, Some(slot)));
                }
                (count as u32, body)
            }
            Opcode::Loop => self.repeat(depth),
            Opcode::Branch => {
                let count = 1 + self.source.below(3);
                let mut body = self.cell();
                let blocks: Vec<Vec<u32>> = (0..count).map(|_| self.block(depth)).collect();
                body.extend(blocks.iter().map(|block| block.len() as u32));
                body.extend(blocks.concat());
                (count as u32, body)
            }
        };
        let mut words = vec![opcode as u32 | parameters << 8, body.len() as u32 + 2];
        words.extend(body);
        words
    }

    /// The instructions of a loop's or branch's body.
    fn block(&mut self, depth: usize) -> Vec<u32> {
        (0..self.source.below(3)).flat_map(|_| self.instruction(depth + 1)).collect()
    }

    fn repeat(&mut self, depth: usize) -> (u32, Vec<u32>) {
        let flags = self.source.below(8) as u32;
        let mut body = vec![self.source.below(5) as u32];
        for bit in [1, 2] {
            if flags & bit != 0 {
                body.extend(self.cell());
            }
        }
        let slots = self.sizes.len();
        let carries: Vec<u32> = (0..self.source.below(3))
            .flat_map(|_| {
                let first = self.source.below(slots);
                let alike = |other: &usize| *other != first && self.sizes[*other] == self.sizes[first];
                [first as u32, (0..slots).find(alike).unwrap_or(first) as u32]
            })
            .collect();
        body.push(carries.len() as u32 / 2);
        body.extend(carries);
        if flags & 4 != 0 {
            body.extend(self.cell());
            let block = self.block(depth);
            body.push(block.len() as u32);
            body.extend(block);
        }
        let block = self.block(depth);
        body.push(block.len() as u32);
        body.extend(block);
        (flags, body)
    }
}

/// Words of an operand, by its first.
fn operand_words(head: u32) -> usize {
    2 + 2 * (head >> 20 & 0xf) as usize + 4 * (head >> 24) as usize
}
