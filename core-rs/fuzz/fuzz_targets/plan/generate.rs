//! Cases out of decisions: buffers, slots over them, a plan that is mostly valid, and some damage.

use crate::source::{Random, Source};
use penjing_core::dtype::DType;
use penjing_core::kernels::elementwise::{OPS, Op};
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

    fn elementwise(&mut self) -> (u32, Vec<u32>) {
        let (outputs, inputs) = (1 + self.source.below(4) / 2, self.source.below(5));
        let shape = self.shape(0, 4);
        let mut body = Vec::new();
        let mut types = Vec::new();
        for number in 0..outputs + inputs {
            let dtype = self.dtype();
            types.push(dtype);
            let alike = number >= outputs && self.source.chance(40);
            if alike && types[0].size() == dtype.size() {
                // In place: the first output once more, read as another type of the same width.
                let first: u32 = body[0];
                let again = (first & !(0xf << 16)) | (dtype as u32) << 16;
                let words: Vec<u32> =
                    core::iter::once(again).chain(body[1..operand_words(first)].iter().copied()).collect();
                body.extend(words);
            } else {
                body.extend(self.operand(dtype, &shape, number < outputs, None));
            }
        }
        body.extend(self.program(inputs, outputs));
        (outputs as u32 | (inputs as u32) << 8, body)
    }

    /// An elementwise program.
    fn program(&mut self, inputs: usize, outputs: usize) -> Vec<u32> {
        let mut words: Vec<u32> = (0..inputs as u32).map(|input| Op::load.word(input, input, 0)).collect();
        let mut written: Vec<u32> = (0..inputs as u32).collect();
        if inputs == 0 || self.source.chance(40) {
            words.extend([
                Op::constant.word(31, 0, 0),
                self.source.of(&[0, 1, 7, 0x3f80_0000, 0xbf00_0000, 0x7f80_0000, !0]),
            ]);
            written.push(31);
        }
        for _ in 0..self.source.below(8) {
            let (op, _, arity) = OPS[self.source.below(OPS.len())];
            let dst = self.source.below(20) as u32;
            let [a, b, c, d] = [0; 4].map(|_: u32| self.source.of(&written));
            if self.source.chance(40) {
                let steps = self.source.below(34) as u32;
                words.push(Op::chain.word(dst, a, steps));
                for _ in 0..steps {
                    // Two operands, then one, and now and then what is no step of a chain.
                    words.push(match self.source.below(256) {
                        kind @ 0..192 => (16 + kind as u32 % 6) | self.source.of(&written) << 8 | (kind as u32 & 1) << 16,
                        192..255 => self.source.of(&[22, 23, 24, 30]),
                        _ => self.source.below(256) as u32,
                    });
                }
                written.push(dst);
                continue;
            }
            words.push(op.word(dst, a, if arity > 1 { b } else { 0 }));
            if arity > 2 {
                words.push(if arity > 3 { c | d << 8 } else { c });
            }
            written.push(dst);
        }
        for output in 0..outputs as u32 {
            // Mostly what was written last, so that it matters.
            let a = if self.source.chance(64) { self.source.of(&written) } else { written[written.len() - 1] };
            words.push(Op::store.word(0, a, output));
        }
        words
    }

    fn reduce(&mut self) -> (u32, Vec<u32>) {
        let kind = self.source.below(6) as u32;
        let shape = self.shape(0, 4);
        let reduced = self.source.below(shape.len() + 1);
        let inputs = 1 + self.source.below(5) / 3;
        let prologue = inputs > 1 || self.source.chance(80);
        let dtype = self.dtype();
        let to = if kind >= 4 {
            DType::I32
        } else if prologue {
            self.source.of(&[DType::F32, DType::I32, DType::U32])
        } else {
            dtype
        };
        let mut body = self.operand(to, &shape[..shape.len() - reduced], true, None);
        for input in 0..inputs {
            let dtype = if input == 0 { dtype } else { self.dtype() };
            body.extend(self.operand(dtype, &shape, false, None));
        }
        if prologue {
            body.extend(self.program(inputs, 1));
        }
        (kind | (inputs as u32) << 8 | (reduced as u32) << 16, body)
    }

    fn matmul(&mut self) -> (u32, Vec<u32>) {
        let batch = self.shape(0, 2);
        let batch = if self.source.chance(90) { batch } else { vec![] };
        let limit = self.sizes.iter().max().map_or(0, |bytes| bytes / 4) as u32;
        let rows = self.size();
        let [m, n, k] = [rows, self.most(limit / rows.max(1)), self.most(limit / rows.max(1))];
        let of = |rows: u32, columns: u32| [&batch[..], &[rows, columns]].concat();
        let [c, a, mut b] = if self.source.chance(160) {
            [DType::F32, DType::F32, self.float()]
        } else {
            core::array::from_fn(|_| self.source.of(&DType::ALL[DType::I8 as usize..]))
        };
        if self.source.chance(4) {
            // Mostly a mixture, which is refused.
            b = self.dtype();
        }
        self.operands(0, &[(c, &of(m, n), true), (a, &of(m, k), false), (b, &of(k, n), false)])
    }

    fn normalize(&mut self) -> (u32, Vec<u32>) {
        let (kind, vectors) = (self.source.below(2) as u32, self.source.below(4) as u32);
        let (dtype, shape) = (self.float(), self.shape(1, 4));
        let other = if self.source.chance(16) { self.float() } else { dtype };
        let mut list = vec![(dtype, &shape[..], true), (dtype, &shape[..], false)];
        for _ in 0..vectors.count_ones() {
            list.push((other, &shape[shape.len() - 1..], false));
        }
        let (_, mut body) = self.operands(0, &list);
        body.push(self.source.of(&[0x3586_37bd, 0, 0x3f80_0000, 0x7fc0_0000]));
        (kind | vectors << 8, body)
    }

    fn gather(&mut self) -> (u32, Vec<u32>) {
        let (mode, dtype) = (self.source.below(3) as u32, self.dtype());
        let (indices, row) = (self.shape(0, 2), self.shape(0, 2));
        let index = self.source.of(&[DType::I32, DType::U32]);
        let limit = self.sizes.iter().max().map_or(0, |bytes| bytes / 4) as u32;
        let source =
            [&[self.most(limit / row.iter().fold(1u32, |n, &d| n.saturating_mul(d)).max(1))], &row[..]].concat();
        let output = [&indices[..], &row].concat();
        self.operands(mode, &[(dtype, &output, true), (dtype, &source, false), (index, &indices, false)])
    }

    fn sort(&mut self) -> (u32, Vec<u32>) {
        let shape = self.shape(1, 3);
        let inputs = 1 + self.source.below(9) / 3;
        let keys = 1 + self.source.below(inputs);
        let flags = self.source.below(4);
        let types: Vec<DType> = (0..inputs).map(|_| self.dtype()).collect();
        let places = (flags & 2 != 0).then_some((DType::I32, &shape[..], true));
        let carried = if places.is_some() && self.source.chance(100) { 0 } else { inputs };
        let list: Vec<(DType, &[u32], bool)> = (places.into_iter())
            .chain(types[..carried].iter().map(|&dtype| (dtype, &shape[..], true)))
            .chain(types.iter().map(|&dtype| (dtype, &shape[..], false)))
            .collect();
        let outputs = list.len() - inputs;
        self.operands((flags | outputs << 8 | (inputs | keys << 4) << 16) as u32, &list)
    }

    fn attention(&mut self) -> (u32, Vec<u32>) {
        let flags = self.source.below(16) as u32;
        let (b, heads) = (self.source.of(&[1, 1, 2, 0, 3]), self.source.of(&[1, 1, 2, 3]));
        let h = heads * self.source.of(&[1, 1, 2, 5]);
        let limit = self.sizes.iter().max().map_or(0, |bytes| bytes / 4) as u32 / (b * h).max(1);
        let [tq, tk] = [self.most(limit), self.most(limit)];
        let widest = limit / tq.max(tk).max(1);
        let [d, dv] = [self.most(widest), self.most(widest)];
        let dtype = self.float();
        let mut list: Vec<(DType, Vec<u32>, bool)> = vec![
            (DType::F32, vec![b, h, tq, dv], true),
            (DType::F32, vec![b, h, tq, d], false),
            (dtype, vec![b, heads, tk, d], false),
            (dtype, vec![b, heads, tk, dv], false),
        ];
        if flags & 1 != 0 {
            list.extend([(DType::I32, vec![b, tq], false), (DType::I32, vec![b, tk], false)]);
        }
        if flags & 2 != 0 {
            list.push((DType::Bool, vec![b, h, tq, tk], false));
        }
        if flags & 4 != 0 {
            list.push((DType::I32, vec![], false));
        }
        let list: Vec<(DType, &[u32], bool)> =
            list.iter().map(|(dtype, shape, write)| (*dtype, &shape[..], *write)).collect();
        let (flags, mut body) = self.operands(flags, &list);
        let number = |x: f32| x.to_bits();
        body.push(self.source.of(&[number(1.0), number(0.125), number(-3.0), number(f32::INFINITY), 0]));
        body.push(self.source.of(&[0, 0, number(30.0), number(-1.0), number(f32::NAN)]));
        let masked = [number(-2.381_976_3e38), number(f32::NEG_INFINITY), number(-10.0), 0, number(f32::NAN)];
        body.push(self.source.of(&masked));
        body.push(self.source.of(&[0, 0, 1, 3, 40, i32::MAX as u32, u32::MAX]));
        (flags, body)
    }

    /// A scatter or a gather of windows.
    fn windows(&mut self, scatter: bool) -> (u32, Vec<u32>) {
        let (mode, dtype) = (self.source.below(3) as u32, self.dtype());
        let (by_index, array) = (self.shape(0, 2), self.shape(0, 3));
        let index = self.source.of(&[DType::I32, DType::U32]);
        let axes = self.source.below(array.len() + 1);
        let mut window = array.clone();
        if self.source.chance(90) {
            window[..axes].iter_mut().for_each(|size| *size = self.most(*size));
        } else {
            window.drain(..axes);
        }
        let (indices, windows) = ([&by_index[..], &[axes as u32]].concat(), [&by_index[..], &window].concat());
        if scatter {
            let parameters = self.source.below(5) as u32 | mode << 8;
            return self
                .operands(parameters, &[(dtype, &array, true), (index, &indices, false), (dtype, &windows, false)]);
        }
        let (head, mut body) =
            self.operands(mode, &[(dtype, &windows, true), (dtype, &array, false), (index, &indices, false)]);
        body.push(self.source.word());
        (head, body)
    }

    fn operands(&mut self, parameters: u32, list: &[(DType, &[u32], bool)]) -> (u32, Vec<u32>) {
        let words = list.iter().flat_map(|&(dtype, shape, write)| self.operand(dtype, shape, write, None)).collect();
        (parameters, words)
    }

    fn dtype(&mut self) -> DType {
        if self.source.chance(90) {
            self.source.of(&DType::ALL)
        } else {
            self.source.of(&[DType::F32, DType::F32, DType::I32])
        }
    }

    fn float(&mut self) -> DType {
        self.source.of(&[DType::F32, DType::F32, DType::F16, DType::BF16])
    }

    fn size(&mut self) -> u32 {
        if self.large && self.source.chance(80) { self.source.of(&LARGE) } else { self.source.of(&SIZES) }
    }

    /// A size of at most `limit`, mostly.
    fn most(&mut self, limit: u32) -> u32 {
        let size = self.size();
        if size > limit && !self.source.chance(16) { size % (limit + 1) } else { size }
    }

    /// A shape of a rank in this range, now and then up to eight.
    fn shape(&mut self, low: usize, high: usize) -> Vec<u32> {
        let high = if self.source.chance(12) { 8 } else { high };
        let rank = low + self.source.below(high - low + 1);
        let limit = (self.source.of(self.sizes) / 4) as u64;
        let mut count = 1u64;
        (0..rank)
            .map(|_| {
                let size = self.size();
                // Sizes whose products overflow, beside a zero or a zero stride.
                if self.source.chance(2) {
                    return self.source.of(&[1 << 16, 1 << 31, u32::MAX, 0x10001, 1 << 20]);
                }
                // What no slot can hold is refused at once, so it is made seldom.
                let size = if count.saturating_mul(u64::from(size)) > limit && !self.source.chance(8) {
                    1 + size % 3
                } else {
                    size
                };
                count = count.saturating_mul(u64::from(size)).max(1);
                size
            })
            .collect()
    }

    /// A cell: slot and byte.
    fn cell(&mut self) -> Vec<u32> {
        let slot = self.source.below(self.sizes.len());
        vec![slot as u32, 4 * self.source.below((self.sizes[slot] / 4).min(8)) as u32]
    }

    /// Strides of one of ten styles: contiguous, permuted, spread, padded, backward.
    fn strides(&mut self, shape: &[u32], style: usize) -> Vec<i64> {
        let mut strides = vec![0i64; shape.len()];
        let mut order: Vec<usize> = (0..shape.len()).rev().collect();
        if matches!(style, 5 | 9) && shape.len() > 1 {
            let (x, y) = (self.source.below(shape.len()), self.source.below(shape.len()));
            order.swap(x, y);
        }
        let mut step = if style == 6 { 2 } else { 1 };
        for &axis in &order {
            strides[axis] = step;
            // No slot holds what does not fit 32 bits: refused, whatever the strides then are.
            step = step.wrapping_mul(i64::from(shape[axis].max(1)));
            if matches!(style, 7 | 9) {
                step = step.wrapping_add(1);
            }
        }
        if style >= 8 && !shape.is_empty() {
            let axis = self.source.below(shape.len());
            strides[axis] = strides[axis].wrapping_neg();
        }
        strides
    }

    /// An operand that fits a slot, if there is one that it fits.
    fn operand(&mut self, dtype: DType, shape: &[u32], write: bool, slot: Option<usize>) -> Vec<u32> {
        let size = dtype.size() as i64;
        let first = self.source.below(self.sizes.len());
        let style = self.source.below(10);
        let zero = !write && !shape.is_empty() && self.source.chance(50);
        let avoid = self.written.filter(|_| !self.source.chance(24));
        let (mut strides, mut low, mut need) = (vec![], 0, 0);
        let mut found = None;
        // If no slot holds the layout, the plain one may still fit.
        for style in [style, 0] {
            strides = self.strides(shape, style);
            if zero {
                strides[self.source.below(shape.len())] = 0;
            }
            if !write {
                strides.iter_mut().zip(shape).filter(|(_, size)| **size >= 1 << 16).for_each(|(stride, _)| *stride = 0);
            }
            // Cut off where no slot reaches, so that nothing overflows here.
            let reach = |wanted: i64| -> i64 {
                let axes = shape.iter().zip(&strides);
                let reach =
                    axes.map(|(&size, &stride)| i64::from(size.max(1) - 1).saturating_mul(i64::from(stride as i32)));
                reach.filter(|x| x.signum() == wanted).map(|x| x.clamp(-1 << 40, 1 << 40)).sum()
            };
            low = reach(-1);
            need = (reach(1) - low + 1) * size;
            let slots = (0..self.sizes.len()).map(|turn| (first + turn) % self.sizes.len());
            found = slots.filter(|&slot| self.sizes[slot] as i64 >= need).min_by_key(|&slot| avoid == Some(slot));
            if found.is_some() {
                break;
            }
        }
        let slot = slot.or(found).unwrap_or(first);
        if write {
            self.written = Some(slot);
        }
        let room = (self.sizes[slot] as i64 - need).max(0) / size;
        // At the start, at the very end, or anywhere.
        let skip = match self.source.below(4) {
            0 | 1 => 0,
            2 => room,
            _ => self.source.below(room as usize + 1) as i64,
        };
        let cells = if self.source.chance(16) { 1 + self.source.below(2) } else { 0 };
        let mut words = vec![
            slot as u32 | (dtype as u32) << 16 | (shape.len() as u32) << 20 | (cells as u32) << 24,
            ((skip - low) * size) as u32,
        ];
        words.extend(shape);
        words.extend(strides.iter().map(|&stride| stride as i32 as u32));
        for _ in 0..cells {
            words.extend(self.cell());
            words.extend([self.source.of(&[size, 0, -size, 4 * size, 1, i64::from(i32::MIN)]) as i32 as u32]);
            words.push(self.source.of(&[1, 0, 2, 5, u32::MAX, 1 << 31]));
        }
        words
    }
}

/// Words of an operand, by its first.
fn operand_words(head: u32) -> usize {
    2 + 2 * (head >> 20 & 0xf) as usize + 4 * (head >> 24) as usize
}
