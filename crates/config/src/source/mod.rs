//! The places where credentials may be, in their order. One file holds one kind of place.

mod access_key;
mod password;
mod token;

use crate::environment::{Environment, Names, Variable};
use crate::family::{HW, OS, OTC, SDK};
use crate::place::Place;
use huaweicloud_core::{BoxFuture, Config, Error, ErrorKind, ProvideCredential};
use std::sync::Arc;

/// A place where credentials may be.
pub(crate) trait Source: Send + Sync {
    /// What it is asked for, for people: `the access key in HW_ACCESS_KEY`.
    fn name(&self) -> String;

    /// Whether anything is there, for telling which ones were not asked.
    fn is_set(&self, context: &Context) -> bool;

    /// The credentials, or why there are none. Half of some is an error, because nobody wants the next source then.
    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Answer, Error>>;
}

/// What sources may look at.
pub(crate) struct Context {
    pub environment: Environment,
    /// Settings that go before what is found.
    pub settings: Option<Config>,
}

/// What a source says.
pub(crate) enum Answer {
    Found(Found),
    /// None; and why, for people.
    Nothing(String),
}

/// Credentials, and what else is known where they were.
pub(crate) struct Found {
    pub credentials: Arc<dyn ProvideCredential>,
    pub place: Place,
}

impl Found {
    fn answer(credentials: impl ProvideCredential, place: Place) -> Result<Answer, Error> {
        Ok(Answer::Found(Self {
            credentials: Arc::new(credentials),
            place,
        }))
    }
}

/// All sources, in the order in which they are asked.
pub(crate) fn chain() -> Vec<Box<dyn Source>> {
    vec![
        Box::new(access_key::AccessKeyVariables(&SDK)),
        Box::new(access_key::AccessKeyVariables(&HW)),
        Box::new(access_key::AccessKeyVariables(&OTC)),
        Box::new(access_key::AccessKeyVariables(&OS)),
        Box::new(token::TokenVariable(&OS)),
        Box::new(token::TokenVariable(&HW)),
        Box::new(password::PasswordVariables(&OS)),
        Box::new(password::PasswordVariables(&HW)),
    ]
}

/// The answer where none of the variables is set.
fn not_set(names: Names) -> Result<Answer, Error> {
    Ok(Answer::Nothing(format!(
        "{} is not set",
        names.join(" or ")
    )))
}

/// Some variables are set, and others are missing that belong to them.
fn half_set(set: &[Option<Variable>], missing: &[Names]) -> Error {
    let names: Vec<&str> = set.iter().flatten().map(|found| found.name).collect();
    let missing: Vec<String> = missing.iter().map(|names| names.join(" or ")).collect();
    let (set, missing) = (names.join(" and "), missing.join(" and "));
    Error::new(
        ErrorKind::Credentials,
        format!("{set} is set in the environment, but {missing} is not"),
    )
    .with_help(format!("set {missing}, or unset {set}"))
}
