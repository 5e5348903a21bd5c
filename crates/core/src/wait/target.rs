//! The things that a wait polls, and the sources of the values that name them.

use super::path::texts;
use super::waiter::{Element, Waiter};
use crate::call::{RepeatableRequest, Request};
use crate::decode;
use crate::error::{Error, ErrorKind};
use bytes::Bytes;
use serde_json::Value;

/// One thing whose state is polled.
pub(super) struct Target {
    pub request: RepeatableRequest,
    /// The value of the key, if an element of a list has the state.
    pub key: Option<String>,
}

impl Target {
    /// The name of the thing in the memory of actions.
    pub fn name(&self) -> String {
        let key = self.key.as_deref().unwrap_or_default();
        format!("{}#{key}", self.request.name())
    }
}

/// The arguments of the operation, and its answer.
pub(super) struct Origin<'a> {
    pub request: &'a RepeatableRequest,
    pub answer: Option<Bytes>,
}

impl Waiter {
    /// Whether the answer contains a value that names the thing: then the action has made it.
    pub(super) fn is_of_new(&self) -> bool {
        let key = self.element.map(|element| element.source);
        let mut sources = self.ids.iter().map(|(_, source)| *source).chain(key);
        sources.any(|source| source.starts_with("answer."))
    }

    /// The things that the operation's own call names.
    ///
    /// # Errors
    /// A value is not at the documented place.
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
                // One value may belong to all things.
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

    /// The keys of at least this number of things.
    fn keys(&self, origin: &Origin<'_>, count: usize) -> Result<Vec<Option<String>>, Error> {
        let Some(Element { source, .. }) = self.element else {
            return Ok(vec![None; count]);
        };
        let keys = values(origin, source)?;
        Ok(keys.into_iter().map(Some).collect())
    }
}

/// Whether a path has this parameter.
fn has(path: &str, name: &str) -> bool {
    path.contains(&format!("{{{name}}}"))
}

/// The values of a source: `answer.<field>`, `request.<field>` or `parameter.<name>`.
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
        let message = format!("nothing to wait for: the call has no `{source}`");
        return Err(Error::new(ErrorKind::UnexpectedAnswer, message).with_help(
            "the call itself succeeded: look at its answer, and poll by the id that you know",
        ));
    }
    Ok(found)
}
