//! Defines the rules of `diff`: the possible changes of each key of a document, and their effects on callers.
//!
//! Each key that the grammar allows has a row in `ROWS`. A test finds a missing row. The [`Sense`] of a row says how
//! the value of the key can change. A row and a direction of change form a rule.

use std::collections::HashMap;
use std::sync::LazyLock;

use heck::ToKebabCase;
use huaweicloud_openapi::grammar::ObjectKind::{self, *};
use huaweicloud_openapi::grammar::Shape;

use super::Verdict::{self, Additive as A, Breaking as B, Documentation as D};

/// The direction in which a value has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The value is new.
    Added,
    /// The value is new, and senders must send it.
    AddedMandatory,
    /// An answer with a status that does not begin with 2 is new.
    AddedFailure,
    /// The value is removed.
    Removed,
    /// An answer with a status that does not begin with 2 is removed.
    RemovedFailure,
    /// The value is replaced by another value.
    Changed,
    /// The number is larger.
    Increased,
    /// The number is smaller.
    Decreased,
    /// A flag is now true, or a string without format now has `format: password`.
    Set,
    /// A flag is not true any more, or `format: password` is removed.
    Unset,
    /// Fewer values are allowed.
    Narrowed,
    /// More values are allowed.
    Widened,
    /// A variable of a path has another name.
    Renamed,
    /// An operation has another method or path, or two variables of its path are exchanged.
    Moved,
}

use Direction::*;

impl Direction {
    /// Returns the name in kebab-case, such as `added-mandatory`.
    fn name(self) -> String {
        format!("{self:?}").to_kebab_case()
    }
}

/// The two verdicts for a direction: the first for requests, the second for answers.
type Effect = (Verdict, Verdict);

const NOTHING: Effect = (D, D);
/// Fewer values are valid. The server can refuse old requests, but old code can read all answers.
const NARROWER: Effect = (B, A);
/// More values are valid. The server accepts old requests, but an answer can have a value that old code cannot read.
const WIDER: Effect = (A, B);
const GAIN: Effect = (A, A);
const LOSS: Effect = (B, B);

/// How a value can change, with the effects on the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// An object without a rule of its own. Only changes of its keys count.
    Parts,
    /// A value without effect on the protocol, such as a description, or a value whose effects are separate changes.
    Words,
    /// The identity of an object. An object with another identity is another object.
    Identity,
    /// The largest valid value.
    Upper,
    /// The smallest valid value.
    Lower,
    /// A condition that values must meet.
    Demand,
    /// A flag that makes more values valid.
    Allows,
    /// A flag that makes fewer values valid.
    Demands,
    /// A flag without effect on the protocol.
    Mark,
    /// The names of the mandatory properties.
    Names,
    /// A value that must stay the same. Any change breaks the protocol.
    Exact,
    /// The value that the receiver uses if the sender sends no value.
    Default,
    /// The list of all valid values. Each new or removed value is a change. A new or removed list is one change.
    Options,
    /// A list of strings. Each new or removed string is a change.
    Entries,
    /// A value that can allow more or less than before: a type, additional properties, special characters, security.
    Range,
    /// Like `Range`. But a change between `format: password` and no format has no effect on the protocol.
    Format,
    /// Objects that can be added and removed. Senders never have to send a new object.
    Things,
    /// Objects that can be added and removed. A new object can be mandatory for senders.
    Inputs,
    /// The answers of an operation, by status.
    Answers,
    /// The operations of a path.
    Operations,
    /// The paths of a document.
    Paths,
    /// A value that only the generated client uses. A change has no effect on the protocol.
    Client,
    /// Whether the client retries an operation if the answer is lost.
    Retry,
}

impl Sense {
    /// Returns the directions in which a value can change, with their effects on the protocol.
    fn effects(self) -> &'static [(Direction, Effect)] {
        match self {
            Sense::Parts | Sense::Identity => &[],
            Sense::Words | Sense::Client => {
                &[(Added, NOTHING), (Removed, NOTHING), (Changed, NOTHING)]
            }
            Sense::Upper => &[
                (Added, NARROWER),
                (Removed, WIDER),
                (Decreased, NARROWER),
                (Increased, WIDER),
            ],
            Sense::Lower => &[
                (Added, NARROWER),
                (Removed, WIDER),
                (Decreased, WIDER),
                (Increased, NARROWER),
            ],
            Sense::Demand => &[(Added, NARROWER), (Removed, WIDER), (Changed, LOSS)],
            Sense::Allows => &[(Set, WIDER), (Unset, NARROWER)],
            Sense::Demands => &[(Set, NARROWER), (Unset, WIDER)],
            Sense::Names => &[(Added, NARROWER), (Removed, WIDER)],
            Sense::Mark => &[(Set, NOTHING), (Unset, NOTHING)],
            Sense::Exact => &[(Added, LOSS), (Removed, LOSS), (Changed, LOSS)],
            Sense::Default => &[(Added, (A, D)), (Removed, (B, D)), (Changed, (B, D))],
            Sense::Options => &[
                (Added, GAIN),
                (Removed, NARROWER),
                (Narrowed, NARROWER),
                (Widened, GAIN),
            ],
            Sense::Entries => &[(Added, GAIN), (Removed, NARROWER)],
            Sense::Range => &[(Narrowed, NARROWER), (Widened, WIDER), (Changed, LOSS)],
            Sense::Format => &[
                (Narrowed, NARROWER),
                (Widened, WIDER),
                (Changed, LOSS),
                (Set, NOTHING),
                (Unset, NOTHING),
            ],
            Sense::Things => &[(Added, GAIN), (Removed, LOSS)],
            Sense::Inputs => &[(Added, GAIN), (AddedMandatory, (B, A)), (Removed, LOSS)],
            Sense::Answers => &[
                (Added, GAIN),
                (AddedFailure, GAIN),
                (Removed, LOSS),
                (RemovedFailure, GAIN),
            ],
            Sense::Operations => &[(Added, GAIN), (Removed, LOSS), (Moved, LOSS)],
            Sense::Paths => &[(Renamed, NOTHING), (Moved, LOSS)],
            Sense::Retry => &[(Narrowed, NOTHING), (Widened, NOTHING)],
        }
    }
}

/// The effect of a change on callers of the generated Rust client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RustEffect {
    /// The change has no effect, because no signature in the generated code depends on the key.
    Nothing,
    /// The comparison of the generated code shows the effect.
    AsGenerated,
    /// The signatures stay the same, but the behaviour changes. The first verdict is for `Added`, `Set` and `Widened`,
    /// the second for `Removed`, `Unset` and `Narrowed`, and the third for other directions.
    Behaviour(Verdict, Verdict, Verdict),
}

/// A kind of object, one of its keys, the sense of the value, the effect on Rust callers, and the meaning of the key.
pub type Row = (ObjectKind, &'static str, Sense, RustEffect, &'static str);

const CODE: RustEffect = RustEffect::AsGenerated;
const NOBODY: RustEffect = RustEffect::Nothing;
const ADVICE: RustEffect = RustEffect::Behaviour(A, A, A);
/// The client uses the value. A new value helps callers, but a changed or removed value changes the effect of a call.
const RELIED_ON: RustEffect = RustEffect::Behaviour(A, B, B);

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    (Root, "openapi", Sense::Words, NOBODY, "the version of OpenAPI"),
    (Root, "info", Sense::Parts, NOBODY, "the title, the version and other facts of the document"),
    (Root, "servers", Sense::Things, RustEffect::Behaviour(A, B, B), "an address of the service"),
    (Root, "security", Sense::Words, NOBODY, "the authentication of operations without their own `security`; each of these operations has a change of its own"),
    (Root, "tags", Sense::Client, CODE, "a chapter"),
    (Root, "externalDocs", Sense::Words, NOBODY, "the page of the service"),
    (Root, "paths", Sense::Paths, CODE, "a variable of a path; its name is not sent, only its position counts"),
    (Root, "components", Sense::Parts, NOBODY, "the components"),
    (Root, "x-error-codes", Sense::Client, ADVICE, "the advice for an error code"),
    (Info, "title", Sense::Words, NOBODY, "the title"),
    (Info, "version", Sense::Words, NOBODY, "the version that the document names"),
    (Info, "description", Sense::Words, NOBODY, "wording"),
    (Info, "termsOfService", Sense::Words, NOBODY, "the address of the terms of service"),
    (Info, "contact", Sense::Words, NOBODY, "the contact for questions"),
    (Info, "license", Sense::Words, NOBODY, "the licence of the document"),
    (Contact, "name", Sense::Words, NOBODY, "the name of the contact"),
    (Contact, "url", Sense::Words, NOBODY, "the page of the contact"),
    (Contact, "email", Sense::Words, NOBODY, "the mail address of the contact"),
    (License, "name", Sense::Words, NOBODY, "the licence of the document"),
    (License, "url", Sense::Words, NOBODY, "the text of the licence"),
    (Server, "url", Sense::Identity, NOBODY, "the address"),
    (Server, "description", Sense::Words, NOBODY, "wording"),
    (Server, "variables", Sense::Things, NOBODY, "a variable of an address"),
    (Server, "x-cloud", Sense::Client, RELIED_ON, "the cloud of an address"),
    (Server, "x-regions", Sense::Entries, RELIED_ON, "a region that an address serves"),
    (ServerVariable, "default", Sense::Exact, RELIED_ON, "the value if the caller sets no value"),
    (ServerVariable, "enum", Sense::Options, RELIED_ON, "a value of the variable, such as a region"),
    (ServerVariable, "description", Sense::Words, NOBODY, "wording"),
    (Components, "schemas", Sense::Words, CODE, "a schema; the operations that use it have changes of their own"),
    (Components, "responses", Sense::Words, CODE, "a shared answer; the operations that use it have changes of their own"),
    (Components, "parameters", Sense::Words, CODE, "a shared parameter; the operations that use it have changes of their own"),
    (Components, "examples", Sense::Words, NOBODY, "a shared example"),
    (Components, "requestBodies", Sense::Words, CODE, "a shared body; the operations that use it have changes of their own"),
    (Components, "headers", Sense::Words, CODE, "a shared header; the operations that use it have changes of their own"),
    (Components, "securitySchemes", Sense::Words, NOBODY, "a security scheme; the operations that use it have changes of their own"),
    (PathItem, "get", Sense::Operations, CODE, "an operation"),
    (PathItem, "put", Sense::Operations, CODE, "an operation"),
    (PathItem, "post", Sense::Operations, CODE, "an operation"),
    (PathItem, "delete", Sense::Operations, CODE, "an operation"),
    (PathItem, "patch", Sense::Operations, CODE, "an operation"),
    (PathItem, "head", Sense::Operations, CODE, "an operation"),
    (Operation, "operationId", Sense::Client, CODE, "the name of the method in Rust"),
    (Operation, "x-huawei-operation-id", Sense::Words, NOBODY, "the name in the official SDKs"),
    (Operation, "summary", Sense::Words, NOBODY, "wording"),
    (Operation, "description", Sense::Words, NOBODY, "wording"),
    (Operation, "tags", Sense::Client, CODE, "the chapter: the module and the feature in Rust"),
    (Operation, "externalDocs", Sense::Words, NOBODY, "the page of the operation"),
    (Operation, "x-page-date", Sense::Words, NOBODY, "the date of the page"),
    (Operation, "x-source", Sense::Words, NOBODY, "where the facts come from"),
    (Operation, "deprecated", Sense::Mark, NOBODY, "whether the operation is deprecated"),
    (Operation, "x-retry", Sense::Retry, RustEffect::Behaviour(B, A, B), "whether the client retries a call if the answer is lost; widened: the service can execute a call twice"),
    (Operation, "x-pagination", Sense::Client, RELIED_ON, "how the client reads the pages of a list"),
    (Operation, "x-waiter", Sense::Client, RELIED_ON, "how the client waits for a state"),
    (Operation, "x-outcome", Sense::Client, RustEffect::Behaviour(B, B, B), "the answers with a success status that the client treats as refusals"),
    (Operation, "x-error-examples", Sense::Words, NOBODY, "an example of a failure"),
    (Operation, "security", Sense::Range, CODE, "how a request authenticates"),
    (Operation, "parameters", Sense::Inputs, CODE, "a parameter"),
    (Operation, "requestBody", Sense::Inputs, CODE, "the body of the request"),
    (Operation, "responses", Sense::Answers, CODE, "an answer"),
    (Docs, "url", Sense::Words, NOBODY, "the address of a page"),
    (Docs, "description", Sense::Words, NOBODY, "the title of a page"),
    (Parameter, "name", Sense::Words, NOBODY, "the name of a shared parameter; the operations that use it have changes of their own"),
    (Parameter, "in", Sense::Words, NOBODY, "the location of a shared parameter; the operations that use it have changes of their own"),
    (Parameter, "description", Sense::Words, NOBODY, "wording"),
    (Parameter, "required", Sense::Demands, CODE, "whether the parameter is mandatory"),
    (Parameter, "deprecated", Sense::Mark, NOBODY, "whether the parameter is deprecated"),
    (Parameter, "style", Sense::Exact, NOBODY, "how the parameter is written"),
    (Parameter, "explode", Sense::Exact, NOBODY, "how the parameter is written"),
    (Parameter, "schema", Sense::Demand, CODE, "the values of the parameter"),
    (Parameter, "example", Sense::Words, NOBODY, "an example"),
    (Parameter, "examples", Sense::Words, NOBODY, "an example"),
    (Body, "description", Sense::Words, NOBODY, "wording"),
    (Body, "content", Sense::Things, CODE, "a media type of the body"),
    (Body, "required", Sense::Demands, CODE, "whether the body is mandatory"),
    (Media, "schema", Sense::Demand, CODE, "the form of the body"),
    (Media, "example", Sense::Words, NOBODY, "an example"),
    (Media, "examples", Sense::Words, NOBODY, "an example"),
    (Response, "description", Sense::Words, NOBODY, "wording"),
    (Response, "headers", Sense::Things, CODE, "a header of the answer"),
    (Response, "content", Sense::Things, CODE, "a media type of the answer"),
    (Example, "summary", Sense::Words, NOBODY, "wording"),
    (Example, "description", Sense::Words, NOBODY, "wording"),
    (Example, "value", Sense::Words, NOBODY, "an example"),
    (Header, "description", Sense::Words, NOBODY, "wording"),
    (Header, "required", Sense::Demands, NOBODY, "whether the server always sends the header"),
    (Header, "deprecated", Sense::Mark, NOBODY, "whether the header is deprecated"),
    (Header, "style", Sense::Exact, NOBODY, "how the header is written"),
    (Header, "explode", Sense::Exact, NOBODY, "how the header is written"),
    (Header, "schema", Sense::Demand, NOBODY, "the values of the header"),
    (Header, "example", Sense::Words, NOBODY, "an example"),
    (Header, "examples", Sense::Words, NOBODY, "an example"),
    (Tag, "name", Sense::Identity, NOBODY, "the name of the chapter"),
    (Tag, "description", Sense::Words, NOBODY, "wording"),
    (Tag, "externalDocs", Sense::Words, NOBODY, "the page of the chapter"),
    (Schema, "type", Sense::Range, CODE, "the type"),
    (Schema, "format", Sense::Format, CODE, "the format; set and unset: whether the value is a secret"),
    (Schema, "description", Sense::Words, NOBODY, "wording"),
    (Schema, "allOf", Sense::Parts, NOBODY, "the reference to a component, which is the Rust type"),
    (Schema, "nullable", Sense::Allows, CODE, "whether null is valid"),
    (Schema, "deprecated", Sense::Mark, NOBODY, "whether the value is deprecated"),
    (Schema, "default", Sense::Default, NOBODY, "the value if the sender sends no value; a new default of a parameter breaks callers"),
    (Schema, "example", Sense::Words, NOBODY, "an example"),
    (Schema, "enum", Sense::Options, CODE, "a value of an enum; the Rust enums also accept unknown values"),
    (Schema, "x-enum-varnames", Sense::Client, RustEffect::Behaviour(D, D, B), "the names of the Rust variants; old code with another variant's name compiles, but means another value"),
    (Schema, "x-enum-descriptions", Sense::Words, NOBODY, "the meanings of the enum values"),
    (Schema, "multipleOf", Sense::Demand, NOBODY, "the number that each value is a multiple of"),
    (Schema, "minimum", Sense::Lower, CODE, "the smallest value"),
    (Schema, "maximum", Sense::Upper, CODE, "the largest value"),
    (Schema, "exclusiveMinimum", Sense::Demands, NOBODY, "whether the smallest value itself is invalid"),
    (Schema, "exclusiveMaximum", Sense::Demands, NOBODY, "whether the largest value itself is invalid"),
    (Schema, "minLength", Sense::Lower, NOBODY, "the length of the shortest string"),
    (Schema, "maxLength", Sense::Upper, NOBODY, "the length of the longest string"),
    (Schema, "pattern", Sense::Demand, NOBODY, "the form of the string"),
    (Schema, "minItems", Sense::Lower, NOBODY, "the smallest number of elements"),
    (Schema, "maxItems", Sense::Upper, NOBODY, "the largest number of elements"),
    (Schema, "uniqueItems", Sense::Demands, CODE, "whether all elements must be different"),
    (Schema, "minProperties", Sense::Lower, NOBODY, "the smallest number of fields"),
    (Schema, "maxProperties", Sense::Upper, NOBODY, "the largest number of fields"),
    (Schema, "required", Sense::Names, CODE, "whether the field is mandatory"),
    (Schema, "properties", Sense::Inputs, CODE, "a field"),
    (Schema, "additionalProperties", Sense::Range, CODE, "the schema of further fields"),
    (Schema, "items", Sense::Demand, CODE, "the form of the elements"),
    (Schema, "externalDocs", Sense::Words, NOBODY, "a page"),
    (Schema, "x-password-rule", Sense::Demand, NOBODY, "the rule of valid passwords"),
    (Schema, "x-not-secret", Sense::Client, CODE, "why the value is not a secret"),
    (SecurityScheme, "type", Sense::Exact, NOBODY, "how requests authenticate"),
    (SecurityScheme, "description", Sense::Words, NOBODY, "wording"),
    (SecurityScheme, "name", Sense::Exact, NOBODY, "the header or parameter of the scheme"),
    (SecurityScheme, "in", Sense::Exact, NOBODY, "the location of the header or parameter"),
    (SecurityScheme, "scheme", Sense::Exact, NOBODY, "the HTTP authentication scheme"),
    (SecurityScheme, "bearerFormat", Sense::Words, NOBODY, "a hint about the form of the token"),
    (ErrorCodes, "codes", Sense::Identity, NOBODY, "the codes of an entry"),
    (ErrorCodes, "status", Sense::Client, ADVICE, "the status of an error code"),
    (ErrorCodes, "transient", Sense::Mark, ADVICE, "whether the client retries a safe operation after status 500 with this error code"),
    (ErrorCodes, "advice", Sense::Client, ADVICE, "the advice for an error code"),
    (Pagination, "style", Sense::Client, RELIED_ON, "how a page is requested"),
    (Pagination, "limit", Sense::Client, RELIED_ON, "the parameter of the page's size"),
    (Pagination, "offset", Sense::Client, RELIED_ON, "the parameter of the page's start"),
    (Pagination, "start", Sense::Client, RustEffect::Behaviour(B, B, B), "the first offset; another first offset skips or repeats elements"),
    (Pagination, "marker", Sense::Client, RELIED_ON, "the parameter that names the page"),
    (Pagination, "next", Sense::Client, RELIED_ON, "the field that names the next page"),
    (Pagination, "items", Sense::Client, RELIED_ON, "the field with the elements of a page"),
    (Pagination, "total", Sense::Client, RELIED_ON, "the field with the number of elements on all pages"),
    (Pagination, "id", Sense::Client, RELIED_ON, "the field that identifies an element"),
    (Waiter, "operation", Sense::Client, RELIED_ON, "the operation that is polled"),
    (Waiter, "ids", Sense::Client, RELIED_ON, "the sources of the poll's parameters"),
    (Waiter, "list", Sense::Client, RELIED_ON, "the list in the answer to a poll"),
    (Waiter, "key", Sense::Client, RELIED_ON, "the field that identifies an element of the list"),
    (Waiter, "field", Sense::Client, RELIED_ON, "the field with the state"),
    (Waiter, "success", Sense::Client, RustEffect::Behaviour(A, B, B), "the values that end a wait successfully"),
    (Waiter, "failure", Sense::Client, RustEffect::Behaviour(A, B, B), "the values that end a wait as a failure"),
    (Waiter, "gone", Sense::Client, RustEffect::Behaviour(B, B, B), "the meaning of 404 for a wait"),
    (Waiter, "interval", Sense::Client, ADVICE, "the seconds between the first two polls"),
    (Waiter, "settle", Sense::Client, ADVICE, "for how many seconds the service can still return the old state"),
    (Outcome, "status", Sense::Client, RustEffect::Behaviour(B, B, B), "the success status of an answer that can be a refusal"),
    (Outcome, "field", Sense::Client, RustEffect::Behaviour(B, B, B), "the field that shows a refusal"),
    (Outcome, "good", Sense::Client, RustEffect::Behaviour(B, B, B), "the values that are not a refusal"),
    (Outcome, "message", Sense::Client, ADVICE, "the field with the reason of a refusal"),
    (PasswordRule, "minLength", Sense::Lower, NOBODY, "the length of the shortest password"),
    (PasswordRule, "maxLength", Sense::Upper, NOBODY, "the length of the longest password"),
    (PasswordRule, "classes", Sense::Entries, NOBODY, "a class of characters that a password can contain"),
    (PasswordRule, "specials", Sense::Range, NOBODY, "the special characters that a password can contain"),
    (PasswordRule, "minClasses", Sense::Lower, NOBODY, "the smallest number of character classes in a password"),
];

/// The rules without a key: name, verdict for the protocol, verdict for callers in Rust, and meaning. If there is no
/// verdict for callers in Rust, the comparison of the generated code shows the effect.
#[rustfmt::skip]
const FURTHER: &[(&str, Verdict, Option<Verdict>, &str)] = &[
    ("service-added", A, Some(A), "a service is new"),
    ("service-removed", B, Some(B), "a service is removed"),
    (REFERENCE, D, None, "a reference is new, is removed, or names another component; differences of the objects are separate changes"),
    (RESTATED, D, None, "a part is written differently, or in another order, and has the same meaning for the protocol"),
    (UNJUDGED, B, Some(B), "the comparison has no verdict for the change, which is a bug of `diff`"),
    ("rust-added", D, Some(A), "something is new in Rust"),
    ("rust-removed", D, Some(B), "something is removed in Rust"),
    ("rust-changed", D, Some(B), "a signature, a type, or the order of arguments or variants has changed in Rust"),
    ("rust-moved", D, Some(B), "a type or method is in another module, or needs another feature"),
    ("rust-unknown", D, Some(B), "the generator accepts only one of the two documents, so the effect on Rust code is unknown"),
];

/// The rule for a change that has no other rule. Its verdict is breaking. Tests fail if a change gets this rule.
pub const UNJUDGED: &str = "unjudged";
/// The rule for a reference that names another component, replaces an inline object, or becomes an inline object.
pub const REFERENCE: &str = "reference-changed";
pub const RESTATED: &str = "restated";

/// A rule: a kind of change, and its effect on callers.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The unique name of the rule.
    pub name: String,
    /// The key that the rule is about, or `get` for the rules of all HTTP methods. `None` if there is no single key.
    pub key: Option<(ObjectKind, &'static str)>,
    /// The direction in which the value of the key changes. `None` if there is no key.
    pub direction: Option<Direction>,
    /// The effect on senders of requests.
    pub requests: Verdict,
    /// The effect on readers of answers.
    pub answers: Verdict,
    /// The effect on callers in Rust. `None` if only the comparison of the generated code shows the effect. That
    /// comparison can also show a worse effect than this verdict.
    pub rust: Option<Verdict>,
    /// `Added` or `Removed` if the change adds or removes an object, a list entry, a service or a Rust item. `None` for
    /// other changes, such as a new limit.
    pub coming: Option<Direction>,
    /// The meaning of the key, from `ROWS`. For a rule without a key, the meaning of the rule.
    pub what: &'static str,
}

/// Returns the possible directions of a row, with their effects.
fn effects(row: &Row) -> impl Iterator<Item = &'static (Direction, Effect)> {
    let shape = row.0.fields().iter().find(|field| field.0 == row.1);
    // `Changed` is impossible for three kinds of values. Objects are compared key by key. A change of security
    // requirements is always `Narrowed` or `Widened`. A flag `explode` with its default value counts as absent, so
    // `explode` can only be added or removed.
    let by_parts = shape.is_some_and(|field| {
        field.2.has_objects()
            || matches!(
                (field.2, row.2),
                (Shape::Requirements, Sense::Range) | (Shape::Flag, Sense::Exact)
            )
    });
    let all = row.2.effects().iter();
    all.filter(move |(direction, _)| !by_parts || *direction != Changed)
}

static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules: Vec<Rule> = Vec::new();
    for row in ROWS {
        let of_row = effects(row).map(|(direction, effect)| Rule {
            name: name(row, *direction),
            key: Some((row.0, row.1)),
            direction: Some(*direction),
            requests: effect.0,
            answers: effect.1,
            rust: rust(row, *direction),
            coming: coming(row, *direction),
            what: row.4,
        });
        // The rules have the same names for all methods, so only the rules of `get` are kept.
        rules.extend(of_row.filter(|_| row.0 != PathItem || row.1 == "get"));
    }
    rules.extend(FURTHER.iter().map(|(name, wire, rust, what)| {
        Rule {
            name: (*name).to_owned(),
            key: None,
            direction: None,
            requests: *wire,
            answers: *wire,
            rust: *rust,
            coming: [Added, Removed]
                .into_iter()
                .find(|direction| name.ends_with(&direction.name())),
            what,
        }
    }));
    rules
});

static BY_NAME: LazyLock<HashMap<&str, &Rule>> =
    LazyLock::new(|| ALL.iter().map(|rule| (rule.name.as_str(), rule)).collect());

/// Returns all rules: the rules of the keys in the order of `ROWS`, then the rules without a key.
pub fn rules() -> &'static [Rule] {
    &ALL
}

pub fn rule(name: &str) -> Option<&'static Rule> {
    BY_NAME.get(name).copied()
}

fn coming(row: &Row, direction: Direction) -> Option<Direction> {
    let shape = row.0.fields().iter().find(|field| field.0 == row.1);
    let lists = matches!(row.2, Sense::Options | Sense::Entries);
    let whole = lists || shape.is_some_and(|field| field.2.has_objects());
    match direction {
        Added | AddedMandatory | AddedFailure if whole => Some(Added),
        Removed | RemovedFailure if whole => Some(Removed),
        _ => None,
    }
}

pub fn row(kind: ObjectKind, key: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.0 == kind && row.1 == key)
}

/// Returns the name of a rule, such as `schema-maxLength-decreased`.
pub fn name(row: &Row, direction: Direction) -> String {
    let kind = match row.0 {
        PathItem => return format!("operation-{}", direction.name()),
        Body => "body",
        ErrorCodes => "error-code",
        Media => "media-type",
        Pagination => "pagination",
        Waiter => "waiter",
        Outcome => "outcome",
        PasswordRule => "password-rule",
        Docs => "docs",
        Server => "server",
        ServerVariable => "server-variable",
        SecurityScheme => "security-scheme",
        kind => kind.name(),
    };
    format!("{kind}-{}-{}", row.1, direction.name())
}

/// Returns the effect on callers in Rust, or `None` if the comparison of the generated code shows the effect.
pub fn rust(row: &Row, direction: Direction) -> Option<Verdict> {
    match (row.3, direction) {
        (RustEffect::Nothing, _) => Some(D),
        (RustEffect::AsGenerated, _) => None,
        (RustEffect::Behaviour(verdict, ..), Added | Set | Widened) => Some(verdict),
        (RustEffect::Behaviour(_, verdict, _), Removed | Unset | Narrowed) => Some(verdict),
        (RustEffect::Behaviour(.., verdict), _) => Some(verdict),
    }
}
