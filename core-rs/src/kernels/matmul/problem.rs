//! What is multiplied: the operands' views, checked and taken apart into a batch of products.

use super::SMALL;
use super::operand::{Operand, Target};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::view::{Layout, MAX_RANK, View, ViewMut};

/// One product: `c[m, n] = a[m, k] b[k, n]`.
#[derive(Clone, Copy)]
pub struct Product {
    /// Rows of a and c.
    pub m: usize,
    /// Columns of b and c.
    pub n: usize,
    /// Columns of a, rows of b.
    pub k: usize,
    /// The left factor, f32 or of integers.
    pub a: Operand,
    /// The right factor.
    pub b: Operand,
    /// The output.
    pub c: Target,
}

impl Product {
    /// The part that begins at row i, column j and value p of the sum; its sizes are still those of the whole.
    #[inline]
    pub fn at(&self, i: usize, j: usize, p: usize) -> Product {
        let c = Target { ptr: self.c.at(i, j), ..self.c };
        Product { a: self.a.at(i, p), b: self.b.at(p, j), c, ..*self }
    }

    /// Its cost, roughly, on one thread.
    pub fn nanoseconds(&self) -> u64 {
        (self.m as u64).saturating_mul(self.n as u64).saturating_mul(self.k as u64) / 20
    }

    /// If it has one row or one column: how it is a matrix times a vector.
    pub fn vector(&self) -> Option<MatrixVector> {
        let &Product { m, n, k, a, b, c } = self;
        if n == 1 {
            Some(MatrixVector { outputs: m, k, matrix: a, x: b.turned(), y: c, turned: false })
        } else if m == 1 {
            let y = Target { rs: c.cs, cs: c.rs, ..c };
            Some(MatrixVector { outputs: n, k, matrix: b.turned(), x: a, y, turned: true })
        } else {
            None
        }
    }
}

/// `y[outputs] = matrix[outputs, k] x[k]`: the rows of `matrix` belong to outputs, `x` is one row, `y` one column.
#[derive(Clone, Copy)]
pub struct MatrixVector {
    /// Rows of the matrix.
    pub outputs: usize,
    /// Columns of the matrix.
    pub k: usize,
    /// The matrix.
    pub matrix: Operand,
    /// The vector, as a row.
    pub x: Operand,
    /// The output, as a column.
    pub y: Target,
    /// Whether the matrix is the right factor.
    turned: bool,
}

impl MatrixVector {
    /// The same with the operands of another product of the batch.
    pub fn with(&self, product: &Product) -> MatrixVector {
        let (matrix, x) = if self.turned { (product.b, product.a) } else { (product.a, product.b) };
        let matrix = Operand { ptr: matrix.ptr, ..self.matrix };
        MatrixVector {
            matrix,
            x: Operand { ptr: x.ptr, ..self.x },
            y: Target { ptr: product.c.ptr, ..self.y },
            ..*self
        }
    }
}

/// Products of one shape.
pub struct Batch {
    /// The first of them.
    pub product: Product,
    /// How many there are.
    pub count: usize,
    rank: usize,
    /// Size and steps (of a, b and c, in elements) of each batch axis.
    axes: [(usize, [isize; 3]); MAX_RANK],
}

impl Batch {
    /// Checks that the operands fit together, and merges into m what batch axes it can: those over which b is
    /// broadcast and the rows of a and c go on evenly. A row times a matrix stays one, however its batch lies in
    /// memory, since the order of summation depends on that.
    pub fn new(output: &ViewMut, a: &View, b: &View) -> Result<Batch, Fault> {
        let rank = output.layout.rank;
        let floats = output.dtype == DType::F32 && a.dtype == DType::F32 && b.dtype.is_float();
        let integers = output.dtype != DType::Bool && ![output.dtype, a.dtype, b.dtype].iter().any(|d| d.is_float());
        if !floats && !integers {
            return Err(Fault::DType);
        }
        if rank < 2 || a.layout.rank != rank || b.layout.rank != rank {
            return Err(Fault::Rank);
        }
        let lead = rank - 2;
        let (m, n, k) = (output.layout.shape[lead], output.layout.shape[lead + 1], a.layout.shape[lead + 1]);
        let fits = a.layout.shape[lead] == m && b.layout.shape[lead] == k && b.layout.shape[lead + 1] == n;
        let batch = &output.layout.shape[..lead];
        if !fits || a.layout.shape[..lead] != *batch || b.layout.shape[..lead] != *batch {
            return Err(Fault::Shape);
        }
        let strides = |layout: &Layout| (layout.strides[lead], layout.strides[lead + 1]);
        let operand = |view: &View| {
            let (rs, cs) = strides(&view.layout);
            Operand { ptr: view.ptr(), dtype: view.dtype, rs, cs }
        };
        let (rs, cs) = strides(&output.layout);
        let c = Target { ptr: output.ptr(), size: output.dtype.size() as isize, rs, cs };
        let mut result = Batch {
            product: Product { m, n, k, a: operand(a), b: operand(b), c },
            count: 1,
            rank: lead,
            axes: [(1, [0; 3]); MAX_RANK],
        };
        for axis in 0..lead {
            let steps = [a.layout.strides[axis], b.layout.strides[axis], output.layout.strides[axis]];
            result.axes[axis] = (batch[axis], steps);
        }
        while let Some(last) = result.rank.checked_sub(1) {
            let (size, [step_a, step_b, step_c]) = result.axes[last];
            let whole = &mut result.product;
            let rows = whole.m as isize;
            if size != 1 {
                if whole.m == 1 {
                    // A single row: its stride is free.
                    (whole.a.rs, whole.c.rs) = (step_a, step_c);
                }
                let even = rows.wrapping_mul(whole.a.rs) == step_a && rows.wrapping_mul(whole.c.rs) == step_c;
                let turns = whole.m == 1 && whole.n != 1;
                if step_b != 0 || !even || whole.m == 0 || turns {
                    break;
                }
            }
            whole.m = whole.m.saturating_mul(size);
            result.axes[last] = (1, [0; 3]);
            result.rank = last;
        }
        result.count = result.axes[..result.rank].iter().fold(1, |n, &(size, _)| n.saturating_mul(size));
        Ok(result)
    }

    /// Whether it is of integers.
    pub fn is_integer(&self) -> bool {
        !self.product.a.dtype.is_float()
    }

    /// Whether each product is one task.
    pub fn is_small(&self) -> bool {
        let Product { m, n, k, .. } = self.product;
        self.count > 1 && m.saturating_mul(n).saturating_mul(k) <= SMALL
    }

    /// Product number `index`, counted with the last axis fastest.
    pub fn at(&self, index: usize) -> Product {
        let (mut rest, mut offset) = (index, [0isize; 3]);
        for &(size, steps) in self.axes[..self.rank].iter().rev() {
            let here = (rest % size) as isize;
            rest /= size;
            for (sum, step) in offset.iter_mut().zip(steps) {
                *sum = sum.wrapping_add(here.wrapping_mul(step));
            }
        }
        let Product { a, b, c, .. } = self.product;
        let moved = |operand: Operand, elements: isize| Operand {
            ptr: operand.ptr.wrapping_offset(elements.wrapping_mul(operand.dtype.size() as isize)),
            ..operand
        };
        let c = Target { ptr: c.moved(offset[2]), ..c };
        Product { a: moved(a, offset[0]), b: moved(b, offset[1]), c, ..self.product }
    }
}
