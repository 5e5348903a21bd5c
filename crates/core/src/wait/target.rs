//! The resources that a wait polls, and the values that identify them.

use super::path::texts;
use super::waiter::{Element, Waiter};
use crate::call::{RepeatableRequest, Request};
use crate::decode;
use crate::error::{Error, ErrorKind};
use bytes::Bytes;
use serde_json::Value;

/// One resource with a state.
pub(super) struct Target {
    pub request: RepeatableRequest,
    /// The value that identifies the list element with the state. `None` if the state is not in an element of a list.
    pub key: Option<String>,
}

impl Target {
    /// Returns the name under which the session stores the time of an action on this resource.
    pub fn name(&self) -> String {
        let key = self.key.as_deref().unwrap_or_default();
        format!("{}#{key}", self.request.name())
    }
}

/// The call from which the wait takes the ids of the resources. If the call is an action that got an answer, `answer`
/// is the body of this answer.
pub(super) struct Origin<'a> {
    pub request: &'a RepeatableRequest,
    pub answer: Option<Bytes>,
}

impl Waiter {
    /// Returns whether the answer of the action identifies the resource. If so, the wait treats the resource as new.
    pub(super) fn is_of_new(&self) -> bool {
        let key = self.element.map(|element| element.source);
        let mut sources = self.ids.iter().map(|(_, source)| *source).chain(key);
        sources.any(|source| source.starts_with("answer."))
    }

    /// Returns the resources that the call in `origin` identifies.
    ///
    /// # Errors
    /// Returns an error if the call does not contain a value that the `Waiter` needs.
    pub(super) fn targets(&self, origin: &Origin<'_>) -> Result<Vec<Target>, Error> {
        let Some(poll) = self.poll else {
            let keys = self.keys(origin, 1)?;
            return Ok(vec![Target {
                request: origin.request.clone(),
                key: keys.into_iter().next().flatten(),
            }]);
        };
        let mut named = Vec::new();
        for (name, source) in self.ids {
            named.push((*name, values(origin, source)?));
        }
        let count = named.iter().map(|(_, values)| values.len()).max();
        let keys = self.keys(origin, count.unwrap_or(1))?;
        let mut targets = Vec::new();
        for (number, key) in keys.into_iter().enumerate() {
            let mut request = Request::new(poll);
            for name in origin
                .request
                .path_names()
                .filter(|name| has(poll.path, name))
            {
                request = request.path(name, origin.request.path(name).unwrap_or_default());
            }
            for (name, values) in &named {
                // Some parameters have only one value for all resources. So if a parameter has no value for this
                // resource, the request uses the first value.
                let value = values.get(number).or(values.first());
                let value = value.map(String::as_str).unwrap_or_default();
                request = match has(poll.path, name) {
                    true => request.path(name, value),
                    false => request.query(name, value),
                };
            }
            let request = request.repeatable()?;
            targets.push(Target { request, key });
        }
        Ok(targets)
    }

    /// Returns the value of the key field for each resource. If the state is not in an element of a list, returns
    /// `count` times `None`.
    fn keys(&self, origin: &Origin<'_>, count: usize) -> Result<Vec<Option<String>>, Error> {
        let Some(Element { source, .. }) = self.element else {
            return Ok(vec![None; count]);
        };
        let keys = values(origin, source)?;
        Ok(keys.into_iter().map(Some).collect())
    }
}

/// Returns whether the path template `path` contains the parameter `name`.
fn has(path: &str, name: &str) -> bool {
    path.contains(&format!("{{{name}}}"))
}

/// Returns the values of a source: `answer.<field>`, `request.<field>` or `parameter.<name>`. Returns an error if there
/// is no value.
fn values(origin: &Origin<'_>, source: &str) -> Result<Vec<String>, Error> {
    let (from, path) = source.split_once('.').unwrap_or((source, ""));
    let of_body = |body: Option<&Bytes>| {
        let body = body.and_then(|body| decode::parse_any(&decode::text(body)));
        texts(&body.unwrap_or(Value::Null), path)
    };
    let found = match from {
        "answer" => of_body(origin.answer.as_ref()),
        "request" => of_body(origin.request.body()),
        _ => {
            let request = origin.request;
            let value = request.path(path).or_else(|| request.query(path));
            value.map(str::to_owned).into_iter().collect()
        }
    };
    if found.is_empty() {
        let message = format!("nothing to wait for: the call does not contain `{source}`");
        return Err(Error::new(ErrorKind::UnexpectedAnswer, message).with_help(
            "the call itself succeeded: look at its answer, and poll by the id that you know",
        ));
    }
    Ok(found)
}
