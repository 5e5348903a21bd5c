//! Makes one poll: sends the requests, and finds the state in the answer.

use super::judge::Found;
use super::path::texts;
use super::target::Target;
use super::waiter::{Element, PagesOfPoll, Waiter};
use crate::call::{Expected, RawResponse, RepeatableRequest, Session};
use crate::decode;
use crate::error::Error;
use serde_json::Value;

/// The largest number of pages that one poll reads. If these pages do not contain the element, the wait treats the
/// element as absent.
const MOST_PAGES: u64 = 10_000;

const NO_CONTENT: u16 = 204;

/// The result of a poll.
pub(super) enum Polled {
    /// The first field is the result of the poll. The second field is the answer that contains the state, or `None` for
    /// `Found::Gone`. The third field is the error of an answer with status 404, or `None`.
    Known(Found, Option<RawResponse>, Option<Error>),
    /// The answer contains no state.
    Stateless(RawResponse),
}

/// Returns whether the service itself states that the resource does not exist. A gateway also answers with status 404
/// if it has no route for the path.
fn is_gone(error: &Error) -> bool {
    error.status() == Some(404) && error.error_code().is_some() && error.is_services_own()
}

impl Waiter {
    /// Requests the state of one resource.
    pub(super) async fn poll(&self, session: &Session, target: &Target) -> Result<Polled, Error> {
        let answer = match self.element {
            None => send(session, &target.request).await,
            Some(element) => find(session, target, element).await,
        };
        let answer = match answer {
            Ok(Some(answer)) => answer,
            Ok(None) => return Ok(Polled::Known(Found::Gone, None, None)),
            Err(error) if is_gone(&error) => {
                return Ok(Polled::Known(Found::Gone, None, Some(error)));
            }
            Err(error) => return Err(error),
        };
        let states = texts(&parsed(&answer), self.field);
        Ok(match states.is_empty() {
            true => Polled::Stateless(answer),
            false => Polled::Known(Found::State(states), Some(answer), None),
        })
    }
}

fn parsed(answer: &RawResponse) -> Value {
    decode::parse_any(&decode::text(&answer.body)).unwrap_or(Value::Null)
}

async fn send(
    session: &Session,
    request: &RepeatableRequest,
) -> Result<Option<RawResponse>, Error> {
    let (meter, answer) = session.measured(request.make(), Expected::Object).await;
    meter.stop(answer).map(Some)
}

/// Requests the pages of a list until one page contains the element. Returns the element as the body of an answer, or
/// `None` if no page contains the element. If an answer contains no list, returns the whole answer.
async fn find(
    session: &Session,
    target: &Target,
    element: Element,
) -> Result<Option<RawResponse>, Error> {
    let mut request = target.request.clone();
    if let Some((name, largest)) = element.pages.and_then(|pages| pages.limit) {
        request.set_query(name, largest.to_string());
    }
    let mut passed = 0;
    for _ in 0..MOST_PAGES {
        let Some(mut page) = send(session, &request).await? else {
            return Ok(None);
        };
        if page.meta.status == NO_CONTENT && page.operation.success.contains(&NO_CONTENT) {
            // The operation documents status 204 for an empty list.
            return Ok(None);
        }
        let value = parsed(&page);
        let Some(list) = list(&value, element.list) else {
            // The answer has no list, so it does not show whether the element exists. If the answer also contains no
            // state, the poll counts as failed.
            return Ok(Some(page));
        };
        let is_it = |item: &&Value| texts(item, element.key).first() == target.key.as_ref();
        if let Some(found) = list.iter().find(is_it) {
            page.body = found.to_string().into();
            return Ok(Some(page));
        }
        let Some(pages) = element.pages else {
            return Ok(None);
        };
        passed += list.len() as u64;
        if !turn(&mut request, pages, &value, list.len() as u64, passed) {
            return Ok(None);
        }
    }
    Ok(None)
}

fn list<'a>(value: &'a Value, path: &str) -> Option<&'a Vec<Value>> {
    let mut names = path.split('.');
    let found = names.try_fold(value, |value, name| value.get(name))?;
    found.as_array()
}

/// Changes the request to the next page. Returns `false` if there is no next page, or if the next page has the position
/// of the present page.
fn turn(
    request: &mut RepeatableRequest,
    pages: PagesOfPoll,
    page: &Value,
    count: u64,
    passed: u64,
) -> bool {
    let next = match pages.next {
        Some(next) => texts(page, next).into_iter().next(),
        None => {
            let is_full = pages.limit.is_none_or(|(_, largest)| count >= largest);
            (count > 0 && is_full).then(|| (pages.start + passed).to_string())
        }
    };
    let Some(next) = next.filter(|next| request.query(pages.position) != Some(next.as_str()))
    else {
        return false;
    };
    request.set_query(pages.position, next);
    true
}
