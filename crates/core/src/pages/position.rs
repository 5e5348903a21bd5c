//! The position in a list: the offset or marker of the next page, and whether the last page was reached.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The facts of a page that determine the next page.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The number of elements of the page.
    pub count: u64,
    /// The ids of the elements. `None` if an element has no id.
    pub ids: Option<Vec<String>>,
    /// A hash of the elements, if `ids` is `None`.
    pub content: u64,
    /// The number of elements of the whole list, if the service states it.
    pub total: Option<u64>,
    /// The number of elements of a full page, if it is known.
    pub limit: Option<u64>,
    /// The marker of the next page. `None` if the page is the last page, or if an offset selects the pages.
    pub marker: Option<String>,
}

/// The decision after a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The stream requests another page.
    Page,
    /// This page is the last page.
    End,
    /// The previous page was the last page. The server has sent the same elements again.
    EndedBefore,
    /// The server has sent the same elements or the same marker again. Later pages would also be the same, so the
    /// stream returns an error.
    Repeated,
}

/// The position of a stream in its list.
#[derive(Debug)]
pub(super) enum Position {
    /// The offset of the next page.
    Offset(Offset),
    /// The marker of the next page. `None` after the last page, and also before the first page if the call contains no
    /// marker.
    Marker(Option<String>),
}

/// The position in a list with offsets.
#[derive(Debug)]
pub(super) struct Offset {
    /// The documented offset of the first page of the list.
    start: u64,
    /// The offset of the first page that the stream requests.
    first: u64,
    next: u64,
    /// The largest end of a page so far. The end of a page is its offset plus its number of elements.
    furthest: u64,
    total: Option<u64>,
    /// The largest total so far. A total that the position ignores does not count.
    largest_total: u64,
    /// `true` if the total in a non-empty page was smaller than the number of elements up to the page's end. Such a
    /// total probably counts only the elements of one page, so the position ignores all totals.
    ignores_total: bool,
    /// The number of elements that the stream expects a second time. New elements in the list can move old elements to
    /// later pages.
    grown: u64,
    /// The number of elements by which the position has moved back because of deletions. The limit of this number is
    /// `largest_total`, so that wrong totals cannot cause an endless loop.
    again: u64,
}

/// The ids of the elements that the stream has received, and the hash of the last page without ids.
#[derive(Debug, Default)]
pub(super) struct Given {
    ids: HashSet<String>,
    content: Option<u64>,
}

impl Position {
    /// Makes the position of a stream for a list with offsets. `offset` is the offset in the call, if the caller has
    /// set it.
    pub fn offset(start: u64, offset: Option<u64>) -> Self {
        let first = offset.unwrap_or(start);
        Self::Offset(Offset {
            start,
            first,
            next: first,
            furthest: first,
            total: None,
            largest_total: 0,
            ignores_total: false,
            grown: 0,
            again: 0,
        })
    }

    /// Returns the value of the query parameter for the next page. `None` if a marker selects the pages and no marker
    /// is known.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Offset(offset) => Some(offset.next.to_string()),
            Self::Marker(marker) => marker.clone(),
        }
    }

    /// Moves the position from `page` to the next page, and returns whether the stream requests another page.
    pub fn pass(&mut self, page: &Seen, given: &mut Given) -> Next {
        let fresh = given.note(page);
        match self {
            Self::Offset(offset) => offset.pass(page, fresh),
            Self::Marker(marker) => {
                let before = std::mem::replace(marker, page.marker.clone());
                match marker {
                    None => Next::End,
                    Some(_) if *marker == before => Next::Repeated,
                    Some(_) => Next::Page,
                }
            }
        }
    }
}

impl Offset {
    fn pass(&mut self, page: &Seen, fresh: u64) -> Next {
        let end = self.next.saturating_add(page.count);
        let passed = end.saturating_sub(self.start);
        let believable = |total: &u64| page.count == 0 || *total >= passed;
        self.ignores_total |= !page.total.as_ref().is_none_or(believable);
        let total = page.total.filter(|_| !self.ignores_total);
        if let Some(deleted) = self.deleted(total)
            && page.ids.is_some()
            && self.goes_back(deleted)
        {
            self.furthest = self.furthest.max(end);
            return Next::Page;
        }
        if page.count == 0 {
            return Next::End;
        }
        if fresh == 0 && self.grown == 0 && self.next >= self.furthest {
            // If a server ignores the offset, each answer contains the whole list. In this case, the total equals the
            // number of elements of the page.
            return match page.total == Some(page.count) {
                true => Next::EndedBefore,
                false => Next::Repeated,
            };
        }
        self.grown = self.grown.saturating_sub(page.count - fresh);
        self.next = end;
        self.furthest = self.furthest.max(end);
        let is_full = page.limit.is_none_or(|limit| page.count >= limit);
        match total {
            // Perhaps the total counts only the elements of this page. In this case, more pages can follow a full page.
            Some(total) if total == page.count && is_full => Next::Page,
            Some(total) if passed >= total => Next::End,
            _ => Next::Page,
        }
    }

    /// Stores the total. If the total is larger than the previous total, adds the difference to `grown`. If the total
    /// is smaller, returns the difference, which counts as the number of deleted elements. Returns `None` if the total
    /// is not known, is 0, or is not smaller.
    fn deleted(&mut self, total: Option<u64>) -> Option<u64> {
        let total = total?;
        let before = self.total.replace(total).unwrap_or(total);
        self.largest_total = self.largest_total.max(total);
        self.grown += total.saturating_sub(before);
        Some(before.saturating_sub(total)).filter(|deleted| *deleted > 0 && total > 0)
    }

    /// Moves the position back by `deleted` elements, but not before the first requested page. Returns `false` if the
    /// position does not change.
    ///
    /// If the deleted elements were before the received page, all later elements have smaller offsets now. So directly
    /// before this page, there are elements that the stream has not received.
    fn goes_back(&mut self, deleted: u64) -> bool {
        let steps = deleted.min(self.next - self.first);
        if steps == 0 || self.again + steps > self.largest_total {
            return false;
        }
        self.again += steps;
        self.next -= steps;
        true
    }
}

impl Given {
    /// Returns whether the stream has received an element with this id on an earlier page.
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Stores the ids of a page, or its hash. Returns the number of new elements. Elements without ids count as new,
    /// except if the page has the same hash as the previous page without ids.
    fn note(&mut self, page: &Seen) -> u64 {
        let is_new = |id: &&String| self.ids.insert((*id).clone());
        match &page.ids {
            Some(ids) => ids.iter().filter(is_new).count() as u64,
            None if self.content.replace(page.content) == Some(page.content) => 0,
            None => page.count,
        }
    }
}

/// Returns a hash of the `Debug` output of the elements, without storing that output.
pub(super) fn content_hash(elements: &impl std::fmt::Debug) -> u64 {
    struct Sink(DefaultHasher);
    impl std::fmt::Write for Sink {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            text.hash(&mut self.0);
            Ok(())
        }
    }
    let mut sink = Sink(DefaultHasher::new());
    // Writing to a hash does not fail.
    let _ = std::fmt::write(&mut sink, format_args!("{elements:?}"));
    sink.0.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A server with a list that can change between two requests.
    struct List {
        ids: Vec<u64>,
        largest_page: usize,
        has_total: bool,
        has_ids: bool,
    }

    impl List {
        fn page(&self, offset: u64) -> Seen {
            let ids = self.ids.iter().skip(usize::try_from(offset).unwrap());
            let ids: Vec<String> = ids.take(self.largest_page).map(u64::to_string).collect();
            Seen {
                count: ids.len() as u64,
                content: content_hash(&ids),
                total: self.has_total.then_some(self.ids.len() as u64),
                limit: Some(self.largest_page as u64),
                marker: None,
                ids: self.has_ids.then_some(ids),
            }
        }
    }

    /// Reads all pages. Calls `change` between two pages. Returns the ids and the number of requests.
    fn read(list: &mut List, mut change: impl FnMut(&mut List)) -> (Vec<String>, u32) {
        let (mut position, mut given) = (Position::offset(0, None), Given::default());
        let (mut got, mut requests) = (Vec::new(), 0);
        loop {
            requests += 1;
            assert!(requests < 1000, "the pages do not end");
            let page = list.page(position.value().unwrap().parse().unwrap());
            let ids = page.ids.clone().unwrap_or_default();
            got.extend(ids.into_iter().filter(|id| !given.has(id)));
            match position.pass(&page, &mut given) {
                Next::Page => change(list),
                Next::End | Next::EndedBefore => return (got, requests),
                Next::Repeated => panic!("the pages differ, but one counts as repeated"),
            }
        }
    }

    fn list(length: u64, largest_page: usize) -> List {
        List {
            ids: (0..length).collect(),
            largest_page,
            has_total: true,
            has_ids: true,
        }
    }

    #[test]
    fn a_total_ends_the_list_without_another_request() {
        assert_eq!(read(&mut list(40, 20), |_| ()).1, 2);
        assert_eq!(read(&mut list(0, 20), |_| ()).1, 1);
        let mut without = List {
            has_total: false,
            ..list(40, 20)
        };
        let (got, requests) = read(&mut without, |_| ());
        assert_eq!((got.len(), requests), (40, 3));
    }

    #[test]
    fn a_total_that_counts_only_its_page_does_not_end_the_list() {
        let list = list(50, 20);
        let (mut position, mut given) = (Position::offset(0, None), Given::default());
        for next in [Next::Page, Next::Page, Next::Page, Next::End] {
            let mut page = list.page(position.value().unwrap().parse().unwrap());
            page.total = Some(page.count);
            assert_eq!(position.pass(&page, &mut given), next);
        }
    }

    #[test]
    fn the_list_ends_if_the_server_ignores_the_offset() {
        for has_ids in [true, false] {
            let list = List {
                has_ids,
                ..list(3, 20)
            };
            let (mut position, mut given) = (Position::offset(0, None), Given::default());
            for next in [Next::Page, Next::EndedBefore] {
                let mut page = list.page(0);
                page.limit = None;
                assert_eq!(position.pass(&page, &mut given), next);
            }
        }
    }

    #[test]
    fn a_repeated_page_or_marker_is_detected() {
        for has_ids in [true, false] {
            let list = List {
                has_ids,
                ..list(40, 20)
            };
            let (mut position, mut given) = (Position::offset(0, None), Given::default());
            assert_eq!(position.pass(&list.page(0), &mut given), Next::Page);
            assert_eq!(position.pass(&list.page(0), &mut given), Next::Repeated);
        }
        let marked = |marker: Option<&str>| Seen {
            count: 1,
            marker: marker.map(str::to_owned),
            ..Seen::default()
        };
        let (mut position, mut given) = (Position::Marker(None), Given::default());
        assert_eq!(position.pass(&marked(Some("a")), &mut given), Next::Page);
        assert_eq!(
            position.pass(&marked(Some("a")), &mut given),
            Next::Repeated
        );
        assert_eq!(position.pass(&marked(None), &mut given), Next::End);
    }

    proptest! {
        /// If the elements have ids and the server states a total, the stream returns no element twice. The stream
        /// skips an element of the original list only if the element is deleted. Between two requests, the test
        /// deletes elements, or adds new elements at the start of the list.
        #[test]
        fn original_elements_that_are_not_deleted_are_returned_once(
            length in 0_u64..120,
            largest_page in 1_usize..30,
            deletions in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..4), 0..12),
            in_front in prop::collection::vec(0_u64..4, 0..12),
            deletes in any::<bool>(),
        ) {
            let mut list = list(length, largest_page);
            let (mut deletions, mut in_front, mut new) = (deletions.into_iter(), in_front.into_iter(), 1000);
            let (got, _) = read(&mut list, |list| {
                if deletes {
                    if let Some((index, many)) = deletions.next() {
                        for _ in 0..many.min(list.ids.len()) {
                            let at = index.index(list.ids.len());
                            list.ids.remove(at);
                        }
                    }
                } else if let Some(many) = in_front.next() {
                    for _ in 0..many {
                        new += 1;
                        list.ids.insert(0, new);
                    }
                }
            });
            let unique: HashSet<&String> = got.iter().collect();
            prop_assert_eq!(unique.len(), got.len());
            for id in list.ids.iter().filter(|id| **id < 1000) {
                prop_assert!(unique.contains(&id.to_string()), "{id} was skipped");
            }
        }

        /// If the server states wrong totals, the stream still ends.
        #[test]
        fn wrong_totals_do_not_cause_an_endless_loop(totals in prop::collection::vec(0_u64..200, 1..20), largest_page in 1_usize..10) {
            let list = list(100, largest_page);
            let (mut position, mut given) = (Position::offset(0, None), Given::default());
            for request in 0_usize.. {
                prop_assert!(request < 1000);
                let mut page = list.page(position.value().unwrap().parse().unwrap());
                page.total = Some(totals[request % totals.len()]);
                if position.pass(&page, &mut given) != Next::Page {
                    break;
                }
            }
        }
    }
}
