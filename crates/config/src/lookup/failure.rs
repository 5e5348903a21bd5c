//! Explains why the lookup of a project or an account failed. All waiting callers get this explanation.

use huaweicloud_core::{Error, ErrorKind};
use std::sync::Arc;

const CURE: &str = "set the project's id with project_id in the configuration, or with the variable that has the same prefix as the variables of the credentials: \
     HUAWEICLOUD_SDK_PROJECT_ID, HW_PROJECT_ID, OTC_SDK_PROJECT_ID or OS_PROJECT_ID";
const DOMAIN_CURE: &str = "set the account's id with domain_id in the configuration";

/// The subject of a lookup: a project or the account.
#[derive(Clone, Copy)]
pub(super) enum Thing<'a> {
    /// The project with this name. `None` means the only project that IAM lists.
    Project(Option<&'a str>),
    Domain,
}

/// A failed lookup. The method `error` makes a separate error for each waiting caller.
pub(super) struct Failure {
    kind: ErrorKind,
    message: String,
    help: String,
    source: Option<Arc<Error>>,
}

/// The name and the id of an existing project or account.
pub(super) struct Candidate {
    pub name: String,
    pub id: String,
}

impl Failure {
    pub(super) fn new(
        kind: ErrorKind,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            message: message.into(),
            help: help.into(),
            source: None,
        }
    }

    /// The failure if the request to IAM failed.
    pub(super) fn because(thing: Thing<'_>, error: Error) -> Self {
        let message = format!("{} could not be looked up: {error}", thing.text());
        let mut failure = Self::new(error.kind(), message, thing.cure());
        failure.source = Some(Arc::new(error));
        failure
    }

    /// The failure if the id from IAM does not have the form of an id.
    pub(super) fn no_id(thing: Thing<'_>) -> Self {
        let message = format!("the id that IAM gives for {} is not valid", thing.text());
        Self::new(
            ErrorKind::UnexpectedAnswer,
            message,
            "check that the endpoint is the address of IAM",
        )
    }

    /// The failure if no project or account was found. `others` contains the projects that the caller can use. For
    /// accounts, and after a failed request for the list of projects, `others` is empty.
    pub(super) fn none(thing: Thing<'_>, others: &[Candidate]) -> Self {
        let others = match others {
            [] => "IAM listed none that this caller can use".to_owned(),
            some => format!("there are {}", list(some)),
        };
        let message = format!("{} was not found; {others}", thing.text());
        Self::new(ErrorKind::Config, message, thing.cure())
    }

    /// The failure if IAM returned several matching projects or accounts. The lookup must not choose one of them.
    pub(super) fn several(thing: Thing<'_>, found: &[Candidate]) -> Self {
        let message = format!("{} is not unique: there are {}", thing.text(), list(found));
        Self::new(ErrorKind::Config, message, thing.cure())
    }

    pub(super) fn error(&self) -> Error {
        let error = Error::new(self.kind, self.message.clone()).with_help(self.help.clone());
        match &self.source {
            Some(source) => error.with_source(Arc::clone(source)),
            None => error,
        }
    }
}

impl Thing<'_> {
    pub(super) fn text(self) -> String {
        match self {
            Self::Project(Some(name)) => format!("the project {}", shown_name(name)),
            Self::Project(None) => "the project (neither its name nor a region is set)".to_owned(),
            Self::Domain => "the account".to_owned(),
        }
    }

    fn cure(self) -> &'static str {
        match self {
            Self::Project(_) => CURE,
            Self::Domain => DOMAIN_CURE,
        }
    }
}

/// Lists the names and ids of the first ten candidates, and states how many candidates follow.
fn list(candidates: &[Candidate]) -> String {
    let shown = candidates.iter().take(10);
    let mut texts: Vec<String> = shown
        .map(|one| format!("{} ({})", shown_name(&one.name), shown_name(&one.id)))
        .collect();
    if candidates.len() > texts.len() {
        texts.push(format!("{} more", candidates.len() - texts.len()));
    }
    texts.join(", ")
}

/// Returns `text` if it has the form of a name or an id. Otherwise returns `?`, because a string from a server could
/// contain anything.
fn shown_name(text: &str) -> &str {
    let allowed = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
    if text.len() <= 64 && text.chars().all(allowed) {
        text
    } else {
        "?"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(count: usize) -> Vec<Candidate> {
        let one = |number| Candidate {
            name: format!("eu-de_{number}"),
            id: format!("id{number}"),
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn errors_list_the_existing_projects() {
        let thing = Thing::Project(Some("eu-de"));
        let text = Failure::several(thing, &candidates(2)).error().to_string();
        assert!(text.contains("the project eu-de is not unique: there are eu-de_0 (id0), eu-de_1 (id1); set the project's id with project_id"), "{text}");
        let text = Failure::none(thing, &candidates(12)).error().to_string();
        assert!(text.contains("eu-de_9 (id9), 2 more"), "{text}");
        let text = Failure::none(Thing::Domain, &[]).error().to_string();
        assert!(text.contains("the account was not found; IAM listed none that this caller can use; set the account's id with domain_id"), "{text}");
    }

    #[test]
    fn shown_name_hides_long_names_and_unexpected_characters() {
        assert_eq!(shown_name("Projekt ü-1_x"), "Projekt ü-1_x");
        for text in ["<html>", "a\nb", &"a".repeat(65)] {
            assert_eq!(shown_name(text), "?");
        }
    }
}
