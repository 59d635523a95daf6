//! Instructions of the larger families of kernels.

use super::{Writer, operand_words};
use penjing_core::dtype::DType;
use penjing_core::kernels::elementwise::{OPS, Op};

impl Writer<'_, '_> {
    pub(super) fn elementwise(&mut self) -> (u32, Vec<u32>) {
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
    pub(super) fn program(&mut self, inputs: usize, outputs: usize) -> Vec<u32> {
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
                        kind @ 0..192 => {
                            (16 + kind as u32 % 6) | self.source.of(&written) << 8 | (kind as u32 & 1) << 16
                        }
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

    pub(super) fn reduce(&mut self) -> (u32, Vec<u32>) {
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

    pub(super) fn matmul(&mut self) -> (u32, Vec<u32>) {
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

    pub(super) fn normalize(&mut self) -> (u32, Vec<u32>) {
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

    pub(super) fn gather(&mut self) -> (u32, Vec<u32>) {
        let (mode, dtype) = (self.source.below(3) as u32, self.dtype());
        let (indices, row) = (self.shape(0, 2), self.shape(0, 2));
        let index = self.source.of(&[DType::I32, DType::U32]);
        let limit = self.sizes.iter().max().map_or(0, |bytes| bytes / 4) as u32;
        let source =
            [&[self.most(limit / row.iter().fold(1u32, |n, &d| n.saturating_mul(d)).max(1))], &row[..]].concat();
        let output = [&indices[..], &row].concat();
        self.operands(mode, &[(dtype, &output, true), (dtype, &source, false), (index, &indices, false)])
    }

    pub(super) fn sort(&mut self) -> (u32, Vec<u32>) {
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

    pub(super) fn attention(&mut self) -> (u32, Vec<u32>) {
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
    pub(super) fn windows(&mut self, scatter: bool) -> (u32, Vec<u32>) {
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
}
