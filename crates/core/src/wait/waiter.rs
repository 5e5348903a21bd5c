//! The description of a wait in a document.

use crate::operation::Operation;
use std::fmt;
use std::time::Duration;

/// How to wait for a state. Generated code holds one for each operation with `x-waiter`.
pub struct Waiter {
    /// None if the operation polls itself.
    pub(super) poll: Option<&'static Operation>,
    /// The parameters of the poll, each with the source of its value.
    pub(super) ids: &'static [(&'static str, &'static str)],
    pub(super) element: Option<Element>,
    pub(super) field: &'static str,
    pub(super) success: &'static [&'static str],
    /// Each value with its meaning, in words that can follow a semicolon.
    pub(super) failure: &'static [(&'static str, &'static str)],
    pub(super) gone_is_success: bool,
    pub(super) interval: Option<Duration>,
    pub(super) settle: Option<Duration>,
}

/// The element of a list that has the state.
#[derive(Clone, Copy)]
pub(super) struct Element {
    pub list: &'static str,
    pub key: &'static str,
    pub source: &'static str,
    pub pages: Option<PagesOfPoll>,
}

/// The method to ask for the pages of a polled list.
#[derive(Debug, Clone, Copy)]
pub struct PagesOfPoll {
    pub(super) position: &'static str,
    /// The field that contains the marker of the next page. None if an offset counts the pages.
    pub(super) next: Option<&'static str>,
    pub(super) start: u64,
    pub(super) limit: Option<(&'static str, u64)>,
}

impl PagesOfPoll {
    /// Pages by the query parameter `parameter`, which counts the elements before the page. The first page has `start`.
    pub const fn offset(parameter: &'static str, start: u64) -> Self {
        Self {
            position: parameter,
            next: None,
            start,
            limit: None,
        }
    }

    /// Pages by the query parameter `parameter`. Its value is the field `next` of the page before.
    pub const fn marker(parameter: &'static str, next: &'static str) -> Self {
        Self {
            next: Some(next),
            ..Self::offset(parameter, 0)
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
        self.limit = match (largest, default) {
            (Some(largest), _) => Some((parameter, largest)),
            (None, Some(default)) => Some((parameter, default)),
            (None, None) => None,
        };
        self
    }
}

impl Waiter {
    /// A wait whose state is the field `field` of the polled answer. A value of `success` or `failure` ends the wait.
    /// Each value of `failure` has its meaning beside it.
    ///
    /// Without [`with_poll`](Self::with_poll) the operation polls itself.
    pub const fn new(
        field: &'static str,
        success: &'static [&'static str],
        failure: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            poll: None,
            ids: &[],
            element: None,
            field,
            success,
            failure,
            gone_is_success: false,
            interval: None,
            settle: None,
        }
    }

    /// Another operation polls. `ids` are its parameters, each with the source of its value: `answer.<field>`,
    /// `request.<field>` or `parameter.<name>`. Parameters of the same name keep their value.
    #[must_use]
    pub const fn with_poll(
        mut self,
        operation: &'static Operation,
        ids: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.poll = Some(operation);
        self.ids = ids;
        self
    }

    /// The state is a field of an element of the list `list`. In this element, the field `key` has the value of
    /// `source`.
    #[must_use]
    pub const fn with_element(
        mut self,
        list: &'static str,
        key: &'static str,
        source: &'static str,
    ) -> Self {
        self.element = Some(Element {
            list,
            key,
            source,
            pages: None,
        });
        self
    }

    /// The list of [`with_element`](Self::with_element) comes in pages.
    #[must_use]
    pub const fn with_pages(mut self, pages: PagesOfPoll) -> Self {
        if let Some(element) = &mut self.element {
            element.pages = Some(pages);
        }
        self
    }

    /// If the thing does not exist any more, the wait has succeeded.
    #[must_use]
    pub const fn with_gone_as_success(mut self) -> Self {
        self.gone_is_success = true;
        self
    }

    /// Sets the documented least time between two polls, in seconds.
    #[must_use]
    pub const fn with_interval(mut self, seconds: u64) -> Self {
        self.interval = Some(Duration::from_secs(seconds));
        self
    }

    /// Sets the time after the action in which the state may be from before it, in seconds.
    #[must_use]
    pub const fn with_settle(mut self, seconds: u64) -> Self {
        self.settle = Some(Duration::from_secs(seconds));
        self
    }
}

impl fmt::Debug for Waiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter")
            .field("field", &self.field)
            .field("success", &self.success)
            .finish_non_exhaustive()
    }
}
