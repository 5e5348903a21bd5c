//! Where a schema stands, and how a person is told.

use super::Verdict::Documentation;
use super::walk::Found;

/// The place of a schema, as far as it matters for the judgement: schemas that stand alike are compared once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Spot {
    /// One of the places of the rules: `request-property`.
    pub place: &'static str,
    /// Whether the caller receives it.
    pub answer: bool,
    /// Whether it must be there.
    pub mandatory: bool,
    /// Whether it does not travel this way: read-only in a request, write-only in an answer.
    pub absent: bool,
    /// Whether nothing of the Rust client is made from it.
    pub rustless: bool,
    /// Whether numbers, flags and texts are written alike there, as in a query, a form or XML.
    pub text: bool,
}

impl Spot {
    /// The place of a schema that is no property, and must be there.
    pub fn root(place: &'static str, rustless: bool) -> Spot {
        Spot {
            place,
            answer: place.starts_with("response"),
            mandatory: true,
            absent: false,
            rustless,
            text: false,
        }
    }

    /// Something below.
    pub fn below(self, mandatory: bool, absent: bool) -> Spot {
        Spot {
            place: if self.answer {
                "response-property"
            } else {
                "request-property"
            },
            mandatory,
            absent: self.absent || absent,
            ..self
        }
    }

    /// The full name of a rule here.
    pub fn rule(self, name: &str) -> String {
        format!("{}-{name}", self.place)
    }

    /// What does not travel breaks nobody who speaks the protocol.
    pub fn judged(self, found: Found<'_>) -> Found<'_> {
        if self.absent {
            found.wire(Documentation)
        } else {
            found
        }
    }
}

/// The way from a schema to one below it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// To a field.
    Property(&'a str),
    /// To the elements of a list.
    Elements,
    /// To the fields beyond the named ones.
    Further,
    /// To one of several alternatives.
    Alternative(&'a str),
    /// Many steps that nobody would read.
    More,
}

/// For people: ``request body `tags[].name` maxLength``.
pub(super) fn subject<'a>(
    root: &str,
    steps: impl IntoIterator<Item = Step<'a>>,
    detail: &str,
) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Property(name) if path.is_empty() => path.push_str(name),
            Step::Property(name) => path.extend([".", name]),
            Step::Elements => path.push_str("[]"),
            Step::Further => path.push_str("{}"),
            Step::More => path.push_str("..."),
            Step::Alternative(name) => path.extend(["|", name]),
        }
    }
    let mut subject = root.to_owned();
    if !path.is_empty() {
        subject.extend([" `", &path, "`"]);
    }
    if !detail.is_empty() {
        subject.extend([" ", detail]);
    }
    subject
}
