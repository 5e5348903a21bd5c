//! Reads lists that a service returns in several pages. Generated code describes the pages by [`Paging`].
//!
//! 1. [`Paging`]: how a client requests the pages of an operation, and which field contains the elements.
//! 2. `call`: the type [`PagedCall`], which the methods of clients return. A value of this type returns one page or
//!    starts a stream.
//! 3. `position`: decides after each page which page comes next, and whether the last page was reached.
//! 4. `stream`: the streams [`Pages`] and [`Items`], which request the pages one after another.

mod call;
mod position;
mod stream;

pub use call::PagedCall;
pub use stream::{Items, Pages};

use std::fmt;

/// Describes how a client reads the pages of an operation.
///
/// Generated code contains one `Paging` for each operation with `x-pagination`. `T` is the type of the answer. `I` is
/// the type of an element of the list.
pub struct Paging<T, I> {
    style: Style<T>,
    limit: Option<Limit>,
    list: &'static str,
    items: fn(&mut T) -> Option<&mut Vec<I>>,
    total: Option<fn(&T) -> Option<u64>>,
    id: Option<fn(&I) -> Option<String>>,
}

/// The query parameter for the number of elements in a page.
struct Limit {
    parameter: &'static str,
    default: Option<u64>,
    largest: Option<u64>,
}

/// Describes how the client selects the next page.
enum Style<T> {
    /// An offset selects the page. The offset is `start` plus the number of elements before the page.
    Offset { parameter: &'static str, start: u64 },
    /// A marker selects the page. The previous page contains the marker.
    Marker {
        parameter: &'static str,
        next: fn(&T) -> Option<String>,
    },
}

impl<T, I> Paging<T, I> {
    /// Describes pages that the query parameter `parameter` selects by the number of elements before the page.
    ///
    /// For the first page, the parameter has the value `start`. `items` returns the list in a page. `list` is the path
    /// of the list, with dots between the field names. Error messages contain this path.
    pub const fn offset(
        parameter: &'static str,
        start: u64,
        list: &'static str,
        items: fn(&mut T) -> Option<&mut Vec<I>>,
    ) -> Self {
        Self::new(Style::Offset { parameter, start }, list, items)
    }

    /// Describes pages that the query parameter `parameter` selects by a marker.
    ///
    /// `next` reads the marker of the next page from a page. If `next` returns `None` or an empty string, the page is
    /// the last page. `items` returns the list in a page. `list` is the path of the list, with dots between the field
    /// names. Error messages contain this path.
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

    /// Sets the query parameter for the number of elements in a page. `default` and `largest` are its documented
    /// default and its documented maximum.
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

    /// Sets the function that reads the number of elements of the whole list from a page.
    #[must_use]
    pub const fn with_total(mut self, total: fn(&T) -> Option<u64>) -> Self {
        self.total = Some(total);
        self
    }

    /// Sets the function that returns the id of an element. If an element has the same id as an element of an earlier
    /// page, the stream skips the later element.
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

/// Converts the value of a field to the number of elements of the whole list. Returns `None` if the value is neither an
/// integer that fits in `u64`, nor a string with such an integer. Generated code uses this function for
/// [`Paging::with_total`].
pub fn count_of(value: &impl fmt::Display) -> Option<u64> {
    value.to_string().trim().parse().ok()
}
