//! The description of a wait. The generator writes it from `x-waiter` in the OpenAPI document.

use crate::operation::Operation;
use std::fmt;
use std::time::Duration;

/// Describes how a client waits for a state. Generated code contains one `Waiter` for each operation with `x-waiter`.
pub struct Waiter {
    /// The operation that the wait polls. `None` if the wait polls the operation with this `Waiter`.
    pub(super) poll: Option<&'static Operation>,
    /// The parameters of the polled operation, as pairs of a name and the source of its value.
    pub(super) ids: &'static [(&'static str, &'static str)],
    pub(super) element: Option<Element>,
    pub(super) field: &'static str,
    pub(super) success: &'static [&'static str],
    /// The values that are failures, as pairs of a value and its meaning. An error message can add the meaning after a
    /// semicolon.
    pub(super) failure: &'static [(&'static str, &'static str)],
    pub(super) gone_is_success: bool,
    pub(super) interval: Option<Duration>,
    pub(super) settle: Option<Duration>,
}

/// Identifies the list element that contains the state.
#[derive(Clone, Copy)]
pub(super) struct Element {
    pub list: &'static str,
    pub key: &'static str,
    pub source: &'static str,
    pub pages: Option<PagesOfPoll>,
}

/// Describes how a wait requests the pages of a polled list.
#[derive(Debug, Clone, Copy)]
pub struct PagesOfPoll {
    pub(super) position: &'static str,
    /// The field that contains the marker of the next page. `None` if an offset selects the pages.
    pub(super) next: Option<&'static str>,
    pub(super) start: u64,
    pub(super) limit: Option<(&'static str, u64)>,
}

impl PagesOfPoll {
    /// Describes pages that the query parameter `parameter` selects by an offset. The offset of a page is `start` plus
    /// the number of elements before this page.
    pub const fn offset(parameter: &'static str, start: u64) -> Self {
        Self {
            position: parameter,
            next: None,
            start,
            limit: None,
        }
    }

    /// Describes pages that the query parameter `parameter` selects by a marker. The field `next` of the previous page
    /// contains the marker.
    pub const fn marker(parameter: &'static str, next: &'static str) -> Self {
        Self {
            next: Some(next),
            ..Self::offset(parameter, 0)
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
        self.limit = match (largest, default) {
            (Some(largest), _) => Some((parameter, largest)),
            (None, Some(default)) => Some((parameter, default)),
            (None, None) => None,
        };
        self
    }
}

impl Waiter {
    /// Describes a wait for a state in the field `field` of the polled answer. A value of `success` or `failure` ends
    /// the wait. Each pair in `failure` contains a value and its meaning.
    ///
    /// Without [`with_poll`](Self::with_poll), the wait polls the operation with this `Waiter`.
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

    /// Sets another operation that the wait polls. `ids` contains the parameters of the polled operation.
    ///
    /// Each pair contains the name of a parameter and the source of its value: `answer.<field>`, `request.<field>` or
    /// `parameter.<name>`. A path parameter that is not in `ids` has the value of the action's path parameter with the
    /// same name.
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

    /// States that the list `list` of the answer contains the state.
    ///
    /// The wait looks for the element in which the field `key` has the value of `source`. The state is a field of this
    /// element.
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

    /// States that the list of [`with_element`](Self::with_element) has several pages.
    #[must_use]
    pub const fn with_pages(mut self, pages: PagesOfPoll) -> Self {
        if let Some(element) = &mut self.element {
            element.pages = Some(pages);
        }
        self
    }

    /// States that the wait has succeeded if the resource does not exist any more.
    #[must_use]
    pub const fn with_gone_as_success(mut self) -> Self {
        self.gone_is_success = true;
        self
    }

    /// Sets the default pause after the first poll, in seconds.
    #[must_use]
    pub const fn with_interval(mut self, seconds: u64) -> Self {
        self.interval = Some(Duration::from_secs(seconds));
        self
    }

    /// Sets the settle time, in seconds. During this time after the action, a poll can still return a state from before
    /// the action.
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
