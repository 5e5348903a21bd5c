//! Bodies: whether there is one, its media types, its schema.

use serde_json::Value;

use super::Verdict::Documentation;
use super::side::Store;
use super::spot::Spot;
use super::walk::{Found, Walk, action, changed};
use transcript::Node;

/// The only media type that the generated client speaks.
const JSON: &str = "application/json";

/// A media type, taken apart.
struct Media<'a> {
    node: Node<'a>,
    essence: String,
    parameters: Vec<String>,
}

impl<'a> Media<'a> {
    fn read(name: &str, node: Node<'a>) -> Self {
        let mut parts = name.split(';').map(|part| part.trim().to_ascii_lowercase());
        let essence = parts.next().unwrap_or_default();
        let mut parameters: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parameters.sort();
        Media {
            node,
            essence,
            parameters,
        }
    }

    fn name(&self) -> String {
        let parts = std::iter::once(&self.essence).chain(&self.parameters);
        parts.cloned().collect::<Vec<_>>().join("; ")
    }
}

/// Whether a media type writes numbers, flags and texts alike.
pub(super) fn is_text(essence: &str) -> bool {
    let forms = ["application/x-www-form-urlencoded", "multipart/form-data"];
    essence.starts_with("text/") || essence.ends_with("xml") || forms.contains(&essence)
}

/// The media types of a body.
fn media(body: Option<Node<'_>>) -> Vec<Media<'_>> {
    let content = body.and_then(|body| body.get("content"));
    let entries = content.into_iter().flat_map(Node::entries);
    entries
        .map(|(name, node)| Media::read(name, node))
        .collect()
}

/// Whether an answer, or a request, has a body at all.
pub(super) fn has_body(body: Node<'_>) -> bool {
    !media(Some(body)).is_empty()
}

impl<'a> Walk<'a> {
    /// The body that an operation takes.
    pub fn request_body(&mut self, base: Node<'a>, head: Node<'a>) {
        let (old, new) = (self.body(self.base, base), self.body(self.head, head));
        let (old, new) = match (old, new) {
            (None, None) => return,
            (Some(old), Some(new)) => (old, new),
            (None, Some(new)) => {
                let need = if new.is("required") {
                    "required"
                } else {
                    "optional"
                };
                let rule = format!("request-body-added-{need}");
                let found = Found::new(rule, "request body", None, Some(new));
                return self.report(found.values(Value::Null, need));
            }
            (Some(old), None) => {
                let found = Found::new("request-body-removed", "request body", Some(old), None);
                let need = if old.is("required") {
                    "required"
                } else {
                    "optional"
                };
                return self.report(found.values(need, Value::Null));
            }
        };
        let required = (old.is("required"), new.is("required"));
        if required.0 != required.1 {
            let rule = if required.1 { "required" } else { "optional" };
            let nodes = (old.get("required"), new.get("required"));
            let found = Found::new(
                format!("request-body-became-{rule}"),
                "request body",
                nodes.0,
                nodes.1,
            );
            self.report_at(found.values(required.0, required.1), new);
        }
        self.contents(old, new, "request body", false);
    }

    fn body(&mut self, store: &'a Store, operation: Node<'a>) -> Option<Node<'a>> {
        let body = operation.get("requestBody")?;
        self.target(store, body)
    }

    /// What a callback sends, and what it is answered: the caller has the other role.
    pub fn turned_bodies(&mut self, base: Node<'a>, head: Node<'a>) {
        if let (Some(old), Some(new)) = (self.body(self.base, base), self.body(self.head, head)) {
            self.contents(old, new, "received body", true);
        }
        let responses = |node: Node<'a>| node.get("responses").into_iter().flat_map(Node::entries);
        let after: Vec<(&str, Node<'a>)> = responses(head).collect();
        for (status, old) in responses(base) {
            let new = after
                .iter()
                .find(|(other, _)| *other == status)
                .map(|(_, new)| *new);
            let old = self.target(self.base, old);
            let new = new.and_then(|new| self.target(self.head, new));
            if let (Some(old), Some(new)) = (old, new) {
                self.contents(old, new, &format!("{status} body to send"), false);
            }
        }
    }

    /// The media types of a body, on both sides.
    pub fn contents(&mut self, base: Node<'a>, head: Node<'a>, subject: &str, answer: bool) {
        let side = if answer { "response" } else { "request-body" };
        let (mut before, mut after) = (media(Some(base)), media(Some(head)));
        let several = before.len() > 1 || after.len() > 1;
        let mut both = Vec::new();
        for exact in [true, false] {
            before = before
                .into_iter()
                .filter_map(|old| {
                    let same = |new: &Media<'_>| {
                        new.essence == old.essence && (!exact || new.parameters == old.parameters)
                    };
                    match after.iter().position(same) {
                        Some(at) => both.push((old, after.remove(at))),
                        None => return Some(old),
                    }
                    None
                })
                .collect();
        }
        for (old, new) in both {
            self.media_name(&old, &new, side, subject);
            let subject = if several {
                format!("{subject} {}", new.essence)
            } else {
                subject.to_owned()
            };
            self.media(&old, &new, &subject, answer);
        }
        for gone in before {
            let found = Found::new(
                format!("{side}-media-type-removed"),
                subject,
                Some(gone.node),
                None,
            );
            let found = found.values(gone.name(), Value::Null);
            self.report(if gone.essence == JSON {
                found
            } else {
                found.rust(Documentation)
            });
        }
        for new in after {
            let found = Found::new(
                format!("{side}-media-type-added"),
                subject,
                None,
                Some(new.node),
            );
            self.report(found.values(Value::Null, new.name()));
        }
    }

    fn media_name(&mut self, old: &Media<'a>, new: &Media<'a>, side: &str, subject: &str) {
        if old.parameters == new.parameters {
            return;
        }
        let within = |few: &Media<'_>, many: &Media<'_>| {
            few.parameters
                .iter()
                .all(|part| many.parameters.contains(part))
        };
        let how = match (within(new, old), within(old, new)) {
            (true, _) => "generalized",
            (_, true) => "specialized",
            _ => "changed",
        };
        let found = Found::new(format!("{side}-media-type-name-{how}"), subject, None, None);
        self.report_at(found.values(old.name(), new.name()), new.node);
    }

    fn media(&mut self, old: &Media<'a>, new: &Media<'a>, subject: &str, answer: bool) {
        let (base, head) = (old.node, new.node);
        let text = is_text(&old.essence) && is_text(&new.essence);
        let place = if answer {
            "response-body"
        } else {
            "request-body"
        };
        if let Some((old, new)) = changed(base, head, "encoding") {
            self.report(Found::new(
                format!("{place}-encoding-changed"),
                subject,
                old,
                new,
            ));
        }
        match (base.get("schema"), head.get("schema")) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let spot = Spot {
                    text,
                    ..Spot::root(place, self.rustless)
                };
                self.schemas(&[old], &[new], spot, subject.to_owned());
            }
            (old, new) => {
                let rule = format!("{place}-media-type-schema-{}", action(old, new));
                self.report(Found::new(rule, subject, old, new));
            }
        }
    }
}
