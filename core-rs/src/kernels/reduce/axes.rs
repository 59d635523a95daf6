//! The axes that a reduction keeps and those it folds, in the order that its loops run.

use crate::fault::Fault;
use crate::view::{Layout, MAX_RANK};

/// The most inputs of a prologue.
pub(crate) const MAX_INPUTS: usize = 16;

/// Some axes, outermost first, with the strides that the inputs (and, for kept axes, the output) have along them.
#[derive(Clone, Copy)]
pub(crate) struct Axes {
    /// The number of axes.
    pub count: usize,
    /// Elements along each.
    pub size: [usize; MAX_RANK],
    /// The output's strides.
    pub output: [isize; MAX_RANK],
    /// Each input's strides.
    pub inputs: [[isize; MAX_RANK]; MAX_INPUTS],
    /// The number of inputs.
    pub arity: usize,
}

impl Axes {
    /// Axes `start..end` of the inputs without those of size 1. `sort` puts those with the largest strides first,
    /// which loops like best; unsorted ones stay in logical order.
    pub(crate) fn new(inputs: &[Layout], output: Option<&Layout>, start: usize, end: usize, sort: bool) -> Axes {
        let mut axes = Axes {
            count: 0,
            size: [1; MAX_RANK],
            output: [0; MAX_RANK],
            inputs: [[0; MAX_RANK]; MAX_INPUTS],
            arity: inputs.len(),
        };
        let mut order = [0usize; MAX_RANK];
        for axis in start..end {
            if inputs[0].shape[axis] != 1 {
                order[axes.count] = axis;
                axes.count += 1;
            }
        }
        if sort {
            let reach = |axis: usize| inputs.iter().map(|input| input.strides[axis].unsigned_abs() as u64).sum::<u64>();
            // By insertion, which keeps the order of equals and needs no memory.
            for i in 1..axes.count {
                for j in (1..=i).rev() {
                    if reach(order[j]) <= reach(order[j - 1]) {
                        break;
                    }
                    order.swap(j, j - 1);
                }
            }
        }
        for i in 0..axes.count {
            axes.size[i] = inputs[0].shape[order[i]];
            axes.output[i] = output.map_or(0, |layout| layout.strides[order[i] - start]);
            for (strides, input) in axes.inputs.iter_mut().zip(inputs) {
                strides[i] = input.strides[order[i]];
            }
        }
        axes.coalesce();
        axes
    }

    /// Makes one axis of neighbors that step through memory as one.
    fn coalesce(&mut self) {
        let mut kept = 0;
        for i in 1..self.count {
            let whole = |strides: &[isize; MAX_RANK]| {
                (strides[i] as i64).checked_mul(self.size[i] as i64) == Some(strides[kept] as i64)
            };
            let one = whole(&self.output) && self.inputs[..self.arity].iter().all(whole);
            let merged = if one { self.size[kept].checked_mul(self.size[i]) } else { None };
            if merged.is_none() {
                kept += 1;
            }
            self.size[kept] = merged.unwrap_or(self.size[i]);
            self.output[kept] = self.output[i];
            for strides in &mut self.inputs[..self.arity] {
                strides[kept] = strides[i];
            }
        }
        if self.count > 0 {
            self.count = kept + 1;
        }
    }

    /// The number of elements.
    pub(crate) fn len(&self) -> Result<usize, Fault> {
        self.size[..self.count].iter().try_fold(1usize, |n, &size| n.checked_mul(size)).ok_or(Fault::Shape)
    }

    /// The axes without the innermost.
    pub(crate) fn outer(&self) -> Axes {
        Axes { count: self.count.saturating_sub(1), ..*self }
    }

    /// Size of the innermost axis; 1 if there are none.
    #[inline]
    pub(crate) fn inner(&self) -> usize {
        if self.count == 0 { 1 } else { self.size[self.count - 1] }
    }

    /// The stride of an input along the innermost axis; 1 if there are none.
    #[inline]
    pub(crate) fn step(&self, input: usize) -> isize {
        if self.count == 0 { 1 } else { self.inputs[input][self.count - 1] }
    }

    /// The output's stride along the innermost axis; 1 if there are none.
    #[inline]
    pub(crate) fn output_step(&self) -> isize {
        if self.count == 0 { 1 } else { self.output[self.count - 1] }
    }

    /// The index of the `flat`-th element in row-major order.
    #[inline]
    pub(crate) fn decode(&self, mut flat: usize) -> [usize; MAX_RANK] {
        let mut index = [0; MAX_RANK];
        for axis in (1..self.count).rev() {
            index[axis] = flat % self.size[axis];
            flat /= self.size[axis];
        }
        index[0] = flat;
        index
    }

    /// Where an index lies, in elements, for operand strides along these axes.
    #[inline]
    pub(crate) fn offset(&self, index: &[usize; MAX_RANK], strides: &[isize; MAX_RANK]) -> isize {
        (0..self.count).map(|axis| index[axis] as isize * strides[axis]).sum()
    }

    /// Goes on to the next index along the axes above the innermost `skip`.
    #[inline]
    pub(crate) fn advance(&self, index: &mut [usize; MAX_RANK], skip: usize) {
        for axis in (0..self.count.saturating_sub(skip)).rev() {
            index[axis] += 1;
            if index[axis] < self.size[axis] {
                return;
            }
            index[axis] = 0;
        }
    }
}
