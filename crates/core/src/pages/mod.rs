//! Lists that come in pages: their description in generated code, and how they are read.
//!
//! 1. [`Paging`]: how the pages of an operation are requested, and where their elements are.
//! 2. `call`: methods return [`PagedCall`]: one page, or the beginning of all pages.
//! 3. `position`: the beginning of the next page, and whether the last page was reached.
//! 4. `stream`: [`Pages`] and [`Items`] request the pages one by one.

mod call;
mod position;
mod stream;

pub use call::PagedCall;
pub use stream::{Items, Pages};

use std::fmt;

/// How the pages of an operation are read.
///
/// Generated code holds one for each operation with `x-pagination`. `T` is the answer, `I` an element of its list.
pub struct Paging<T, I> {
    style: Style<T>,
    limit: Option<Limit>,
    list: &'static str,
    items: fn(&mut T) -> Option<&mut Vec<I>>,
    total: Option<fn(&T) -> Option<u64>>,
    id: Option<fn(&I) -> Option<String>>,
}

/// The size of pages.
struct Limit {
    parameter: &'static str,
    default: Option<u64>,
    largest: Option<u64>,
}

/// The method to ask for the next page.
enum Style<T> {
    /// By the number of elements before it, counted from `start`.
    Offset { parameter: &'static str, start: u64 },
    /// By the marker that the page before it contains.
    Marker {
        parameter: &'static str,
        next: fn(&T) -> Option<String>,
    },
}

impl<T, I> Paging<T, I> {
    /// Pages by the query parameter `parameter`, which counts the elements before the page.
    ///
    /// The first page has `start`. `list` is the path of the answer's list, for messages. `items` returns the list.
    pub const fn offset(
        parameter: &'static str,
        start: u64,
        list: &'static str,
        items: fn(&mut T) -> Option<&mut Vec<I>>,
    ) -> Self {
        Self::new(Style::Offset { parameter, start }, list, items)
    }

    /// Pages by the query parameter `parameter`.
    ///
    /// `next` finds its value in the page before. If there is no value, that page was the last. `list` is the path of
    /// the answer's list, for messages. `items` returns the list.
    pub const fn marker(
        parameter: &'static str,
        next: fn(&T) -> Option<String>,
        list: &'static str,
        items: fn(&mut T) -> Option<&mut Vec<I>>,
    ) -> Self {
        Self::new(Style::Marker { parameter, next }, list, items)
    }

    const fn new(
        style: Style<T>,
        list: &'static str,
        items: fn(&mut T) -> Option<&mut Vec<I>>,
    ) -> Self {
        Self {
            style,
            limit: None,
            list,
            items,
            total: None,
            id: None,
        }
    }

    /// Sets the query parameter for the number of elements in a page, with its documented default and its largest
    /// value.
    #[must_use]
    pub const fn with_limit(
        mut self,
        parameter: &'static str,
        default: Option<u64>,
        largest: Option<u64>,
    ) -> Self {
        self.limit = Some(Limit {
            parameter,
            default,
            largest,
        });
        self
    }

    /// Sets the function that finds the number of elements of all pages together.
    #[must_use]
    pub const fn with_total(mut self, total: fn(&T) -> Option<u64>) -> Self {
        self.total = Some(total);
        self
    }

    /// Sets the function that finds the id of an element. The id identifies the element on another page.
    #[must_use]
    pub const fn with_id(mut self, id: fn(&I) -> Option<String>) -> Self {
        self.id = Some(id);
        self
    }
}

impl<T, I> fmt::Debug for Paging<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paging")
            .field("list", &self.list)
            .finish_non_exhaustive()
    }
}

/// A number of elements from an answer: a number, or a string of digits. For generated code.
pub fn count_of(value: &impl fmt::Display) -> Option<u64> {
    value.to_string().trim().parse().ok()
}
