//! Operands: dtypes, shapes, strides, places in slots.

use super::{LARGE, SIZES, Writer};
use penjing_core::dtype::DType;

impl Writer<'_, '_> {
    pub(super) fn operands(&mut self, parameters: u32, list: &[(DType, &[u32], bool)]) -> (u32, Vec<u32>) {
        let words = list.iter().flat_map(|&(dtype, shape, write)| self.operand(dtype, shape, write, None)).collect();
        (parameters, words)
    }

    pub(super) fn dtype(&mut self) -> DType {
        if self.source.chance(90) {
            self.source.of(&DType::ALL)
        } else {
            self.source.of(&[DType::F32, DType::F32, DType::I32])
        }
    }

    pub(super) fn float(&mut self) -> DType {
        self.source.of(&[DType::F32, DType::F32, DType::F16, DType::BF16])
    }

    pub(super) fn size(&mut self) -> u32 {
        if self.large && self.source.chance(80) { self.source.of(&LARGE) } else { self.source.of(&SIZES) }
    }

    /// A size of at most `limit`, mostly.
    pub(super) fn most(&mut self, limit: u32) -> u32 {
        let size = self.size();
        if size > limit && !self.source.chance(16) { size % (limit + 1) } else { size }
    }

    /// A shape of a rank in this range, now and then up to eight.
    pub(super) fn shape(&mut self, low: usize, high: usize) -> Vec<u32> {
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
    pub(super) fn cell(&mut self) -> Vec<u32> {
        let slot = self.source.below(self.sizes.len());
        vec![slot as u32, 4 * self.source.below((self.sizes[slot] / 4).min(8)) as u32]
    }

    /// Strides of one of ten styles: contiguous, permuted, spread, padded, backward.
    pub(super) fn strides(&mut self, shape: &[u32], style: usize) -> Vec<i64> {
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
    pub(super) fn operand(&mut self, dtype: DType, shape: &[u32], write: bool, slot: Option<usize>) -> Vec<u32> {
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
