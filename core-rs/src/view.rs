//! Checked strided operands.
//!
//! A `View` is a pointer with a dtype, a shape and strides whose every element is known to lie inside the
//! memory it was made from: the check is done once, when the view is made, and kernels rely on it. Strides
//! count elements, may be negative, and may be zero (a broadcast). A `ViewMut` moreover visits no element twice.
//! Views hold raw pointers, not references, since the operands of an elementwise instruction may be the same
//! memory (in-place work) and the tasks of one kernel write disjoint parts of one output.

use crate::dtype::DType;
use crate::fault::Fault;
use core::marker::PhantomData;

/// The highest rank of an operand. TypeScript coalesces axes, and loops or copies beyond it.
pub const MAX_RANK: usize = 8;

/// Shape and strides (in elements) of an operand; entries at `rank` and beyond are 1 and 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The number of axes.
    pub rank: usize,
    /// Elements along each axis.
    pub shape: [usize; MAX_RANK],
    /// Distance, in elements, between neighbors along each axis.
    pub strides: [isize; MAX_RANK],
}

impl Layout {
    /// A layout from its shape and strides.
    pub fn new(shape: &[usize], strides: &[isize]) -> Result<Layout, Fault> {
        if shape.len() > MAX_RANK || shape.len() != strides.len() {
            return Err(Fault::Rank);
        }
        let mut layout = Layout { rank: shape.len(), shape: [1; MAX_RANK], strides: [0; MAX_RANK] };
        layout.shape[..shape.len()].copy_from_slice(shape);
        layout.strides[..shape.len()].copy_from_slice(strides);
        Ok(layout)
    }

    /// The layout of contiguous elements in row-major order.
    pub fn contiguous(shape: &[usize]) -> Result<Layout, Fault> {
        let mut strides = [0isize; MAX_RANK];
        let mut step = 1isize;
        for axis in (0..shape.len().min(MAX_RANK)).rev() {
            strides[axis] = step;
            step = step.wrapping_mul(shape[axis].max(1) as isize);
        }
        Layout::new(shape, &strides[..shape.len().min(MAX_RANK)])
    }

    /// The axes' sizes.
    #[inline]
    pub fn shape(&self) -> &[usize] {
        &self.shape[..self.rank]
    }

    /// The axes' strides, in elements.
    #[inline]
    pub fn strides(&self) -> &[isize] {
        &self.strides[..self.rank]
    }

    /// The number of elements. Cannot overflow once [`Layout::extent`] has accepted the layout of an output or
    /// input, except through zero strides; so it saturates.
    #[inline]
    pub fn len(&self) -> usize {
        self.shape().iter().fold(1usize, |n, &d| n.saturating_mul(d))
    }

    /// Whether some axis has size zero.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.shape().contains(&0)
    }

    /// Whether the elements, if there are any, lie next to each other in row-major order.
    pub fn is_contiguous(&self) -> bool {
        if self.is_empty() {
            return true;
        }
        let mut step = 1isize;
        for axis in (0..self.rank).rev() {
            if self.shape[axis] != 1 && self.strides[axis] != step {
                return false;
            }
            step = step.wrapping_mul(self.shape[axis] as isize);
        }
        true
    }

    /// The lowest and the highest offset, in elements, that the layout visits. `None` when it has no elements.
    pub fn extent(&self) -> Result<Option<(i64, i64)>, Fault> {
        if self.is_empty() {
            return Ok(None);
        }
        let (mut low, mut high) = (0i64, 0i64);
        for (&size, &stride) in self.shape().iter().zip(self.strides()) {
            let reach = (size as i64 - 1).checked_mul(stride as i64).ok_or(Fault::Bounds)?;
            let end = if reach < 0 { &mut low } else { &mut high };
            *end = end.checked_add(reach).ok_or(Fault::Bounds)?;
        }
        Ok(Some((low, high)))
    }

    /// Whether two different indices may name one element. Sound, not complete: sorts axes by stride and asks
    /// each to step over all that the smaller ones reach, which every view of a fresh array does.
    pub fn may_alias(&self) -> bool {
        self.may_alias_with(1, 0)
    }

    /// [`Layout::may_alias`] with one more axis.
    fn may_alias_with(&self, size: usize, stride: isize) -> bool {
        let mut axes = [(0usize, 0usize); MAX_RANK + 1];
        let mut count = 0;
        let own = self.shape().iter().copied().zip(self.strides().iter().copied());
        for (size, stride) in own.chain([(size, stride)]) {
            if size == 0 {
                return false;
            }
            if size > 1 {
                axes[count] = (stride.unsigned_abs(), size);
                count += 1;
            }
        }
        axes[..count].sort_unstable();
        let mut reach = 0usize;
        for &(stride, size) in &axes[..count] {
            if stride <= reach {
                return true;
            }
            reach = reach.saturating_add(stride.saturating_mul(size - 1));
        }
        false
    }
}

/// Byte range `start..end`, for overlap checks; addresses as integers.
pub type Span = (usize, usize);

/// Checks that `layout`, `offset` bytes into a region of `len` bytes, stays inside; gives the span it covers.
fn check(offset: usize, len: usize, dtype: DType, layout: &Layout) -> Result<Span, Fault> {
    let size = dtype.size() as i64;
    if !offset.is_multiple_of(dtype.size()) {
        return Err(Fault::Alignment);
    }
    let Some((low, high)) = layout.extent()? else {
        return if offset <= len { Ok((offset, offset)) } else { Err(Fault::Bounds) };
    };
    let start = low.checked_mul(size).and_then(|x| x.checked_add(offset as i64)).ok_or(Fault::Bounds)?;
    let end = high
        .checked_add(1)
        .and_then(|x| x.checked_mul(size))
        .and_then(|x| x.checked_add(offset as i64))
        .ok_or(Fault::Bounds)?;
    if start < 0 || end > len as i64 {
        return Err(Fault::Bounds);
    }
    Ok((start as usize, end as usize))
}

/// An operand that a kernel reads.
#[derive(Clone, Copy)]
pub struct View<'a> {
    ptr: *const u8,
    /// Type of the elements.
    pub dtype: DType,
    /// Shape and strides.
    pub layout: Layout,
    span: Span,
    life: PhantomData<&'a u8>,
}

/// An operand that a kernel writes; visits no element twice.
pub struct ViewMut<'a> {
    ptr: *mut u8,
    /// Type of the elements.
    pub dtype: DType,
    /// Shape and strides.
    pub layout: Layout,
    span: Span,
    life: PhantomData<&'a mut u8>,
}

// SAFETY: a view is a checked pointer into memory that outlives it; kernels only read through it.
unsafe impl Send for View<'_> {}
// SAFETY: as above.
unsafe impl Sync for View<'_> {}
// SAFETY: the tasks of a kernel write disjoint elements of an output (each kernel's own duty).
unsafe impl Send for ViewMut<'_> {}
// SAFETY: as above.
unsafe impl Sync for ViewMut<'_> {}

impl Layout {
    /// No axes: one element.
    pub const SCALAR: Layout = Layout { rank: 0, shape: [1; MAX_RANK], strides: [0; MAX_RANK] };
}

impl<'a> View<'a> {
    /// Fills unused places of arrays of views; covers nothing and must not be read.
    pub const EMPTY: View<'a> =
        View { ptr: core::ptr::null(), dtype: DType::Bool, layout: Layout::SCALAR, span: (0, 0), life: PhantomData };

    /// A view over a slice, `offset` bytes in. Fails unless every element lies inside it and is aligned.
    pub fn new(bytes: &'a [u8], offset: usize, dtype: DType, layout: Layout) -> Result<View<'a>, Fault> {
        // SAFETY: a slice is readable over its whole length for 'a.
        unsafe { View::within(bytes.as_ptr(), bytes.len(), offset, dtype, layout) }
    }

    /// A row-major view over the whole of a typed slice.
    pub fn of<T: Element>(data: &'a [T], shape: &[usize]) -> Result<View<'a>, Fault> {
        // SAFETY: elements are plain numbers, so their bytes are initialized and readable for 'a.
        unsafe { View::within(data.as_ptr().cast(), size_of_val(data), 0, T::DTYPE, Layout::contiguous(shape)?) }
    }

    /// A view into a region of memory.
    ///
    /// # Safety
    /// - `base..base + len` is readable for `'a` and lies in one allocation.
    /// - `base` is aligned to the element size of `dtype`.
    pub unsafe fn within(
        base: *const u8,
        len: usize,
        offset: usize,
        dtype: DType,
        layout: Layout,
    ) -> Result<View<'a>, Fault> {
        let (start, end) = check(offset, len, dtype, &layout)?;
        let at = base as usize;
        Ok(View { ptr: base.wrapping_add(offset), dtype, layout, span: (at + start, at + end), life: PhantomData })
    }

    /// The address of the element at index (0, 0, …).
    #[inline]
    pub fn ptr<T: Element>(&self) -> *const T {
        self.ptr.cast()
    }

    /// The same elements with another layout, which must visit no others.
    ///
    /// # Safety
    /// - Every element that `layout` visits, counted from this view's first, is one that this view visits.
    #[inline]
    pub unsafe fn with_layout(&self, layout: Layout) -> View<'a> {
        View { layout, ..*self }
    }

    /// The addresses it covers.
    #[inline]
    pub fn span(&self) -> Span {
        self.span
    }
}

impl<'a> ViewMut<'a> {
    /// Fills unused places of arrays of views; covers nothing and must not be written.
    pub const EMPTY: ViewMut<'a> = ViewMut {
        ptr: core::ptr::null_mut(),
        dtype: DType::Bool,
        layout: Layout::SCALAR,
        span: (0, 0),
        life: PhantomData,
    };

    /// A view over a slice, `offset` bytes in. Fails unless every element lies inside it, is aligned, and is visited once.
    pub fn new(bytes: &'a mut [u8], offset: usize, dtype: DType, layout: Layout) -> Result<ViewMut<'a>, Fault> {
        // SAFETY: a mutable slice is writable over its whole length for 'a.
        unsafe { ViewMut::within(bytes.as_mut_ptr(), bytes.len(), offset, dtype, layout) }
    }

    /// A row-major view over the whole of a typed slice.
    pub fn of<T: Element>(data: &'a mut [T], shape: &[usize]) -> Result<ViewMut<'a>, Fault> {
        // SAFETY: elements are plain numbers, every bit pattern of which is valid; the slice is writable for 'a.
        unsafe { ViewMut::within(data.as_mut_ptr().cast(), size_of_val(data), 0, T::DTYPE, Layout::contiguous(shape)?) }
    }

    /// A view into a region of memory.
    ///
    /// # Safety
    /// - `base..base + len` is writable for `'a` and lies in one allocation.
    /// - `base` is aligned to the element size of `dtype`.
    /// - No reference into the region is used while the view lives.
    pub unsafe fn within(
        base: *mut u8,
        len: usize,
        offset: usize,
        dtype: DType,
        layout: Layout,
    ) -> Result<ViewMut<'a>, Fault> {
        let (start, end) = check(offset, len, dtype, &layout)?;
        if layout.may_alias() {
            return Err(Fault::Aliased);
        }
        let at = base as usize;
        Ok(ViewMut { ptr: base.wrapping_add(offset), dtype, layout, span: (at + start, at + end), life: PhantomData })
    }

    /// The address of the element at index (0, 0, …). The tasks of one kernel write disjoint elements through it.
    #[inline]
    pub fn ptr<T: Element>(&self) -> *mut T {
        self.ptr.cast()
    }

    /// The same elements with another layout, which must visit no others and none twice.
    ///
    /// # Safety
    /// - Every element that `layout` visits, counted from this view's first, is one that this view visits, once.
    #[inline]
    pub unsafe fn with_layout(&self, layout: Layout) -> ViewMut<'a> {
        ViewMut { ptr: self.ptr, dtype: self.dtype, layout, span: self.span, life: PhantomData }
    }

    /// The addresses it covers.
    #[inline]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Refuses an input that shares memory with this output.
    pub fn disjoint_from(&self, input: &View) -> Result<(), Fault> {
        let apart = !overlaps(self.span, input.span)
            || (self.dtype.size() == input.dtype.size()
                && self.layout == input.layout
                && self.interleaves(input.ptr as usize));
        if apart { Ok(()) } else { Err(Fault::Overlap) }
    }

    /// Refuses another output that shares memory with this one.
    pub fn disjoint_from_output(&self, other: &ViewMut) -> Result<(), Fault> {
        let ViewMut { ptr, dtype, layout, span, .. } = *other;
        self.disjoint_from(&View { ptr, dtype, layout, span, life: PhantomData })
    }

    /// Whether a view of the same layout elsewhere has no element in common with this one although their spans may
    /// overlap, as the two halves of each row of a matrix: the two are then one view with an axis of size two more.
    fn interleaves(&self, other: usize) -> bool {
        let (distance, size) = ((self.ptr as usize).abs_diff(other), self.dtype.size());
        let stride = isize::try_from(distance / size).ok().filter(|_| distance.is_multiple_of(size));
        stride.is_some_and(|stride| !self.layout.may_alias_with(2, stride))
    }

    /// Refuses an input that shares memory with this output, unless it is the same elements in the same places:
    /// what a kernel can bear that reads each element before it writes the same one.
    pub fn disjoint_or_same(&self, input: &View) -> Result<(), Fault> {
        let same = core::ptr::eq(self.ptr, input.ptr)
            && self.dtype.size() == input.dtype.size()
            && self.layout == input.layout;
        if same { Ok(()) } else { self.disjoint_from(input) }
    }
}

/// Whether two spans share a byte.
#[inline]
pub fn overlaps(a: Span, b: Span) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// A Rust type that is laid out as one element of a dtype.
///
/// # Safety
/// - Every bit pattern of the type is a valid value, and its size is that of `DTYPE`.
pub unsafe trait Element: Copy + Send + Sync + 'static {
    /// The dtype whose elements the type has.
    const DTYPE: DType;
}

macro_rules! elements {
    ($($type:ty => $dtype:ident),*) => {$(
        // SAFETY: a primitive number; sizes agree by `DType::size`.
        unsafe impl Element for $type { const DTYPE: DType = DType::$dtype; }
    )*};
}
elements!(f32 => F32, i8 => I8, i16 => I16, i32 => I32, u8 => U8, u16 => U16, u32 => U32);

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(shape: &[usize], strides: &[isize]) -> Layout {
        Layout::new(shape, strides).unwrap()
    }

    #[test]
    fn contiguous_layouts_are_contiguous() {
        for shape in [&[][..], &[5], &[2, 3, 4], &[1, 7, 1], &[2, 0, 3]] {
            assert!(Layout::contiguous(shape).unwrap().is_contiguous(), "{shape:?}");
        }
        assert!(!layout(&[2, 3], &[1, 2]).is_contiguous());
        assert!(layout(&[2, 1, 3], &[3, 99, 1]).is_contiguous());
    }

    #[test]
    fn views_reach_exactly_to_the_ends() {
        let bytes = [0u8; 64];
        let made = |offset, shape: &[usize], strides: &[isize]| {
            View::new(&bytes, offset, DType::F32, layout(shape, strides)).map(|view| view.span().1 - view.span().0)
        };
        assert_eq!(made(0, &[16], &[1]), Ok(64));
        assert_eq!(made(0, &[17], &[1]), Err(Fault::Bounds));
        assert_eq!(made(4, &[16], &[1]), Err(Fault::Bounds));
        assert_eq!(made(60, &[16], &[-1]), Ok(64));
        assert_eq!(made(56, &[16], &[-1]), Err(Fault::Bounds));
        assert_eq!(made(32, &[2, 3], &[4, -4]), Ok(4 * (4 + 8 + 1)));
        assert_eq!(made(2, &[1], &[1]), Err(Fault::Alignment));
        assert_eq!(made(64, &[0], &[1]), Ok(0));
        assert_eq!(made(68, &[0], &[1]), Err(Fault::Bounds));
        assert_eq!(made(0, &[1000], &[0]), Ok(4));
    }

    #[test]
    fn extents_beyond_any_memory_are_refused() {
        let bytes = [0u8; 8];
        for strides in [[isize::MAX, isize::MAX], [isize::MIN, 1], [isize::MIN, isize::MIN]] {
            let view = View::new(&bytes, 0, DType::I8, layout(&[usize::MAX / 2, 3], &strides));
            assert_eq!(view.err(), Some(Fault::Bounds));
        }
    }

    #[test]
    fn outputs_visit_no_element_twice() {
        let mut bytes = [0u8; 64];
        let mut made = |shape: &[usize], strides: &[isize]| {
            ViewMut::new(&mut bytes, 32, DType::U8, layout(shape, strides)).map(|_| ())
        };
        assert_eq!(made(&[2, 3], &[3, 1]), Ok(()));
        assert_eq!(made(&[2, 3], &[1, 2]), Ok(()));
        assert_eq!(made(&[2, 3], &[-3, 1]), Ok(()));
        assert_eq!(made(&[1, 3], &[0, 1]), Ok(()));
        assert_eq!(made(&[2, 3], &[0, 1]), Err(Fault::Aliased));
        assert_eq!(made(&[2, 3], &[1, 1]), Err(Fault::Aliased));
        assert_eq!(made(&[2, 3], &[2, 1]), Err(Fault::Aliased));
        assert_eq!(made(&[0, 3], &[0, 0]), Ok(()));
    }

    #[test]
    fn overlap_is_by_span_and_the_same_elements_are_told_apart() {
        let mut data = [0f32; 8];
        let base = data.as_mut_ptr().cast::<u8>();
        let four = Layout::contiguous(&[4]).unwrap();
        let view = |offset, layout| {
            // SAFETY: nothing is read or written through the views.
            unsafe { View::within(base, 32, offset, DType::F32, layout).unwrap() }
        };
        // SAFETY: as above.
        let output = unsafe { ViewMut::within(base, 32, 0, DType::F32, four).unwrap() };
        assert_eq!(output.disjoint_from(&view(16, four)), Ok(()));
        assert_eq!(output.disjoint_from(&view(12, four)), Err(Fault::Overlap));
        assert_eq!(output.disjoint_or_same(&view(0, four)), Ok(()));
        assert_eq!(output.disjoint_or_same(&view(4, four)), Err(Fault::Overlap));
        assert_eq!(output.disjoint_or_same(&view(0, layout(&[4], &[2]))), Err(Fault::Overlap));
    }

    #[test]
    fn views_that_interleave_are_disjoint() {
        let mut bytes = [0u8; 96];
        let base = bytes.as_mut_ptr();
        let half = layout(&[3, 4], &[8, 1]);
        // SAFETY: the region is the array, which nothing else is used of meanwhile.
        let view = |offset, layout| unsafe { View::within(base, 96, offset, DType::F16, layout).unwrap() };
        // SAFETY: as above.
        let output = |offset, layout| unsafe { ViewMut::within(base, 96, offset, DType::F16, layout).unwrap() };
        let first = output(0, half);
        assert_eq!(first.disjoint_from(&view(8, half)), Ok(()));
        assert_eq!(first.disjoint_from_output(&output(8, half)), Ok(()));
        assert_eq!(output(8, half).disjoint_or_same(&view(0, half)), Ok(()));
        assert_eq!(first.disjoint_from(&view(0, half)), Err(Fault::Overlap));
        for offset in [2, 6, 10, 14, 16, 24, 32] {
            assert_eq!(first.disjoint_from(&view(offset, half)), Err(Fault::Overlap), "{offset}");
        }
        assert_eq!(first.disjoint_from(&view(8, layout(&[3, 4], &[8, -1]))), Err(Fault::Overlap));
        let odd = layout(&[8], &[-4]);
        assert_eq!(output(60, odd).disjoint_from(&view(64, odd)), Ok(()));
        assert_eq!(output(60, odd).disjoint_from(&view(68, odd)), Err(Fault::Overlap));
    }
}
