//! The rules: one table that says what each kind of change does to callers.
//!
//! Rules of schemas are made of a place (`request-property`) and of what happened there (`max-length-decreased`). Where the
//! meaning is that of a check of the oasdiff project, so is the name.

use std::sync::LazyLock;

use super::Verdict::{self, Additive as A, Breaking as B, Documentation as D};

/// A rule: a kind of change, and what it does to callers unless its place says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, unique.
    pub name: String,
    /// What it does to whoever speaks the protocol.
    pub wire: Verdict,
    /// What it does to callers of the generated Rust client.
    pub rust: Verdict,
    /// What happened.
    pub what: String,
}

/// The places in which schemas stand.
pub(super) const PLACES: [&str; 6] = [
    "request-parameter",
    "request-body",
    "request-property",
    "response-header",
    "response-body",
    "response-property",
];

/// What can happen to a schema: name; for requests the wire, then Rust; for answers the wire, then Rust; in words.
type Row = (&'static str, [Verdict; 4], &'static str);

#[rustfmt::skip]
const SCHEMA: &[Row] = &[
    ("type-changed", [B, B, B, B], "type or format is another"),
    ("type-generalized", [A, B, B, B], "type or format takes more than before"),
    ("type-specialized", [B, B, A, B], "type or format takes less than before"),
    ("type-renamed", [D, B, D, B], "the component, and with it the Rust type, has another name"),
    ("secret-added", [D, B, D, B], "it is a secret now: `Secret` instead of `String`"),
    ("secret-removed", [D, B, D, B], "it is no secret any more: `String` instead of `Secret`"),
    ("became-nullable", [A, D, B, D], "it may be null"),
    ("became-not-nullable", [B, D, A, D], "it may not be null any more"),
    ("became-enum", [B, B, A, B], "its values are a list of options now"),
    ("became-not-enum", [A, B, A, B], "its values are no list of options any more"),
    ("enum-value-added", [A, A, A, A], "there is another option; the Rust enums are open"),
    ("enum-value-removed", [B, B, A, B], "an option is gone, and with it the Rust variant"),
    ("enum-name-changed", [D, B, D, B], "the Rust variant of an option has another name"),
    ("extensible-enum-value-added", [A, D, A, D], "x-extensible-enum has another option"),
    ("extensible-enum-value-removed", [B, D, A, D], "x-extensible-enum has lost an option"),
    ("default-value-added", [A, D, D, D], "there is a default now"),
    ("default-value-changed", [B, D, D, D], "whoever leaves it out gets another value"),
    ("default-value-removed", [B, D, D, D], "whoever leaves it out cannot count on the default any more"),
    ("additional-properties-narrowed", [B, D, A, D], "fewer further fields are allowed"),
    ("additional-properties-widened", [A, D, B, D], "more further fields are allowed"),
    ("items-added", [B, B, A, B], "the elements have a schema now"),
    ("items-removed", [A, B, B, B], "the elements have no schema any more"),
    ("one-of-added", [A, B, B, B], "there is another alternative"),
    ("one-of-removed", [B, B, A, B], "an alternative is gone"),
    ("any-of-added", [A, B, B, B], "there is another alternative"),
    ("any-of-removed", [B, B, A, B], "an alternative is gone"),
    ("wrapped-in-alternatives", [A, B, B, B], "what was the schema is one of several alternatives now"),
    ("unwrapped-from-alternatives", [B, B, A, B], "of several alternatives one is left"),
    ("discriminator-added", [A, D, A, D], "a field tells the alternatives apart now"),
    ("discriminator-removed", [A, D, B, D], "no field tells the alternatives apart any more"),
    ("discriminator-property-name-changed", [B, D, B, D], "another field tells the alternatives apart"),
    ("discriminator-mapping-added", [A, D, A, D], "another value stands for an alternative"),
    ("discriminator-mapping-changed", [B, D, B, D], "a value stands for another alternative"),
    ("discriminator-mapping-deleted", [B, D, A, D], "a value stands for no alternative any more"),
    ("stability-decreased", [B, D, B, D], "x-stability-level promises less"),
    ("stability-increased", [A, D, A, D], "x-stability-level promises more"),
    ("deprecated", [D, D, D, D], "it is deprecated now"),
    ("reactivated", [D, D, D, D], "it is not deprecated any more"),
];

/// What can happen to a property alone.
#[rustfmt::skip]
const PROPERTY: &[Row] = &[
    ("became-required", [B, B, A, D], "the field is mandatory now"),
    ("became-optional", [A, B, B, D], "the field may be left out now"),
    ("became-read-only", [B, D, D, D], "the field is not sent in requests any more"),
    ("became-not-read-only", [A, D, D, D], "the field is sent in requests too"),
    ("became-write-only", [D, D, B, D], "the field does not come back in answers any more"),
    ("became-not-write-only", [D, D, A, D], "the field comes back in answers too"),
];

/// Limits by their names in rules, and whether a larger one lets less through.
pub(super) const LIMITS: [(&str, bool); 12] = [
    ("max", false),
    ("exclusive-max", false),
    ("max-length", false),
    ("max-items", false),
    ("max-properties", false),
    ("max-contains", false),
    ("min", true),
    ("exclusive-min", true),
    ("min-length", true),
    ("min-items", true),
    ("min-properties", true),
    ("min-contains", true),
];

/// Keywords that let less through when they are there, and whose change is not looked into; their names in rules.
#[rustfmt::skip]
pub(super) const CONSTRAINTS: [(&str, &str); 20] = [
    ("pattern", "pattern"),
    ("multipleOf", "multiple-of"),
    ("uniqueItems", "unique-items"),
    ("x-password-rule", "password-rule"),
    ("not", "not"),
    ("const", "const"),
    ("contentEncoding", "content-encoding"),
    ("contentMediaType", "content-media-type"),
    ("contentSchema", "content-schema"),
    ("contains", "contains"),
    ("prefixItems", "prefix-items"),
    ("patternProperties", "pattern-properties"),
    ("propertyNames", "property-names"),
    ("dependentRequired", "dependent-required"),
    ("dependentSchemas", "dependent-schemas"),
    ("if", "if"),
    ("then", "then"),
    ("else", "else"),
    ("unevaluatedItems", "unevaluated-items"),
    ("unevaluatedProperties", "unevaluated-properties"),
];

/// Everything but schemas: name, wire, Rust, in words.
#[rustfmt::skip]
const PLAIN: &[(&str, Verdict, Verdict, &str)] = &[
    ("service-added", A, A, "there is another service"),
    ("service-removed", B, B, "a service is gone"),
    ("endpoint-added", A, A, "there is another operation"),
    ("endpoint-moved", B, D, "the operation has another method or path"),
    ("api-removed-without-deprecation", B, B, "an operation is gone that was not deprecated before"),
    ("api-removed-with-deprecation", B, B, "a deprecated operation is gone"),
    ("endpoint-deprecated", D, D, "the operation is deprecated now"),
    ("endpoint-reactivated", D, D, "the operation is not deprecated any more"),
    ("sunset-added", D, D, "the operation has an end"),
    ("sunset-deleted", B, D, "the date until which the operation was promised is gone"),
    ("sunset-date-earlier", B, D, "the operation ends earlier"),
    ("sunset-date-later", A, D, "the operation ends later"),
    ("api-stability-decreased", B, D, "x-stability-level promises less"),
    ("api-stability-increased", A, D, "x-stability-level promises more"),
    ("api-operation-id-added", D, B, "the operation has a name now, and the Rust method with it"),
    ("api-operation-id-removed", D, B, "the operation has lost its name"),
    ("api-operation-id-changed", D, B, "the operation, and the Rust method, has another name"),
    ("api-chapter-changed", D, B, "the first tag is another: the Rust module, and the cargo feature, too"),
    ("api-tag-added", D, D, "the operation has another tag"),
    ("api-tag-removed", D, D, "the operation has lost a tag"),
    ("retry-changed", D, A, "the client repeats the operation in other cases than before"),
    ("pagination-added", D, A, "the client knows how the list is paged"),
    ("pagination-changed", D, A, "the client pages through the list in another way"),
    ("pagination-removed", D, A, "the client does not know any more how the list is paged"),
    ("waiter-added", D, A, "the client knows how to wait for a state"),
    ("waiter-changed", D, A, "the client waits in another way"),
    ("waiter-removed", D, A, "the client does not know any more how to wait"),
    ("new-required-request-parameter", B, B, "there is another mandatory parameter"),
    ("new-optional-request-parameter", A, A, "there is another optional parameter; the first one is another argument"),
    ("request-parameter-removed", B, B, "a parameter is gone"),
    ("request-parameter-renamed", D, D, "a variable of the path has another name, which is not sent"),
    ("request-parameter-became-required", B, B, "a parameter is mandatory now"),
    ("request-parameter-became-optional", A, B, "a parameter is optional now, and no argument any more"),
    ("request-parameter-style-changed", B, D, "a parameter is written in another way (style, explode, allowReserved)"),
    ("request-parameter-content-changed", B, B, "a parameter is written in another media type"),
    ("request-parameter-empty-value-allowed", A, D, "a parameter may be empty"),
    ("request-parameter-empty-value-forbidden", B, D, "a parameter may not be empty any more"),
    ("request-body-added-required", B, B, "there is a mandatory body now"),
    ("request-body-added-optional", A, B, "there is an optional body now, which is another argument"),
    ("request-body-removed", B, B, "there is no body any more"),
    ("request-body-became-required", B, D, "the body is mandatory now; it always was in Rust"),
    ("request-body-became-optional", A, D, "the body is optional now; in Rust it stays mandatory"),
    ("request-body-media-type-added", A, D, "the body may have another media type"),
    ("request-body-media-type-removed", B, B, "the body may not have a media type any more"),
    ("request-body-media-type-name-changed", B, D, "parameters of a media type are others"),
    ("request-body-media-type-name-generalized", A, D, "a media type has fewer parameters"),
    ("request-body-media-type-name-specialized", B, D, "a media type has more parameters"),
    ("request-body-media-type-schema-added", B, B, "the body has a schema now"),
    ("request-body-media-type-schema-removed", A, B, "the body has no schema any more"),
    ("request-body-encoding-changed", B, D, "parts of the body are encoded in another way"),
    ("response-media-type-added", A, D, "the answer may have another media type"),
    ("response-media-type-removed", B, B, "the answer does not have a media type any more"),
    ("response-media-type-name-changed", B, D, "parameters of a media type are others"),
    ("response-media-type-name-generalized", B, D, "a media type has fewer parameters"),
    ("response-media-type-name-specialized", A, D, "a media type has more parameters"),
    ("response-body-media-type-schema-added", A, B, "the answer has a schema now"),
    ("response-body-media-type-schema-removed", B, B, "the answer has no schema any more"),
    ("response-body-encoding-changed", B, D, "parts of the answer are encoded in another way"),
    ("response-body-added", A, B, "the answer has a body now"),
    ("response-body-removed", B, B, "the answer has no body any more"),
    ("response-success-status-added", A, D, "there is another success"),
    ("response-success-status-removed", B, D, "a success is gone"),
    ("response-non-success-status-added", A, D, "there is another failure"),
    ("response-non-success-status-removed", A, D, "a failure is gone"),
    ("response-status-generalized", B, D, "a range of statuses stands where one was"),
    ("response-status-specialized", A, D, "one status stands where a range was"),
    ("response-header-added", A, D, "the answer has another header"),
    ("required-response-header-removed", B, D, "a header that always came is gone"),
    ("optional-response-header-removed", B, D, "a header that could come is gone"),
    ("response-header-became-required", A, D, "a header always comes now"),
    ("response-header-became-optional", B, D, "a header may be missing now"),
    ("new-required-request-property", B, B, "requests have another mandatory field"),
    ("new-optional-request-property", A, A, "requests have another optional field"),
    ("request-property-removed", B, B, "requests have lost a field"),
    ("response-required-property-added", A, A, "answers have another field, always"),
    ("response-optional-property-added", A, A, "answers may have another field"),
    ("response-required-property-removed", B, B, "answers have lost a field that was always there"),
    ("response-optional-property-removed", B, B, "answers have lost a field that could be there"),
    ("api-security-added", A, D, "there is another way to authenticate"),
    ("api-security-removed", B, D, "a way to authenticate is gone; one that asks for less makes up for it"),
    ("api-security-scope-added", B, D, "a way to authenticate asks for another scope"),
    ("api-security-scope-removed", A, D, "a way to authenticate asks for one scope less"),
    ("api-security-component-type-changed", B, D, "a way to authenticate works differently"),
    ("api-security-component-oauth-url-changed", B, D, "an OAuth address is another"),
    ("api-security-component-oauth-scope-added", A, D, "a way to authenticate knows another scope"),
    ("api-security-component-oauth-scope-removed", B, D, "a way to authenticate does not know a scope any more"),
    ("server-added", A, D, "there is another address"),
    ("server-removed", B, D, "an address is gone"),
    ("server-cloud-changed", D, B, "the address belongs to another cloud"),
    ("server-variable-default-changed", B, D, "an address is another unless its variable is given"),
    ("server-variable-value-added", A, A, "a variable of an address may have another value"),
    ("server-variable-value-removed", B, B, "a variable of an address may not have a value any more"),
    ("callback-added", A, D, "there is another callback"),
    ("callback-removed", B, D, "a callback is gone"),
    ("webhook-added", A, D, "there is another webhook"),
    ("webhook-removed", B, D, "a webhook is gone"),
    ("reference-broken", B, B, "a reference leads nowhere any more"),
    ("reference-mended", A, A, "a reference that led nowhere leads somewhere"),
    ("api-schema-added", D, D, "there is another component; an operation that uses it makes it a Rust type"),
    ("api-schema-removed", D, D, "a component is gone; if an operation used it, so is the Rust type"),
    ("component-added", D, D, "there is another component that is no schema"),
    ("component-removed", D, D, "a component is gone that is no schema"),
    ("description-changed", D, D, "wording"),
    ("example-changed", D, D, "an example"),
    ("page-changed", D, D, "the page, its date, or where the facts come from"),
    ("info-changed", D, D, "what the document says of itself"),
    ("extension-changed", D, D, "an x- value that no other rule knows"),
    ("other-changed", D, D, "anything else"),
];

static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let plain = PLAIN.iter().map(|(name, wire, rust, what)| Rule {
        name: (*name).to_owned(),
        wire: *wire,
        rust: *rust,
        what: (*what).to_owned(),
    });
    let everywhere = PLACES.iter().flat_map(|place| {
        let rows = SCHEMA.iter().map(|row| schema(place, row.0, row.1, row.2));
        rows.chain(limits(place)).chain(constraints(place))
    });
    let properties = PLACES.iter().filter(|place| place.ends_with("property"));
    let properties = properties.flat_map(|place| {
        let rows = PROPERTY.iter();
        rows.map(|row| schema(place, row.0, row.1, row.2))
    });
    plain.chain(everywhere).chain(properties).collect()
});

fn schema(place: &str, name: &str, of: [Verdict; 4], what: &str) -> Rule {
    let (wire, rust) = if place.starts_with("request") {
        (of[0], of[1])
    } else {
        (of[2], of[3])
    };
    // Nothing of the Rust client is made from headers.
    let rust = if place == "response-header" { D } else { rust };
    let parameter_default = place == "request-parameter" && name == "default-value-added";
    Rule {
        name: format!("{place}-{name}"),
        // Whoever left the parameter out may have got something else.
        wire: if parameter_default { B } else { wire },
        rust,
        what: what.to_owned(),
    }
}

fn limits(place: &str) -> impl Iterator<Item = Rule> {
    LIMITS.into_iter().flat_map(move |(limit, lower)| {
        let actions = [
            ("set", true, "there is a limit now"),
            ("unset", false, "there is no limit any more"),
            ("increased", lower, "the limit is higher"),
            ("decreased", !lower, "the limit is lower"),
        ];
        actions.map(|(action, tighter, what)| {
            schema(
                place,
                &format!("{limit}-{action}"),
                narrowing(tighter),
                what,
            )
        })
    })
}

fn constraints(place: &str) -> impl Iterator<Item = Rule> {
    CONSTRAINTS.iter().flat_map(move |(keyword, name)| {
        let actions = [
            ("added", narrowing(true)),
            ("removed", narrowing(false)),
            ("changed", [B, D, B, D]),
        ];
        actions.map(|(action, of)| {
            schema(
                place,
                &format!("{name}-{action}"),
                of,
                &format!("`{keyword}` was {action}"),
            )
        })
    })
}

/// Fewer values break requests, more values break answers. Limits never reach the Rust types.
fn narrowing(tighter: bool) -> [Verdict; 4] {
    if tighter { [B, D, A, D] } else { [A, D, B, D] }
}

/// All rules.
pub fn rules() -> &'static [Rule] {
    &ALL
}

/// The verdicts of a rule, wire and Rust. What no rule knows breaks, so that it is looked at.
pub(super) fn verdicts(name: &str) -> (Verdict, Verdict) {
    let rule = ALL.iter().find(|rule| rule.name == name);
    rule.map_or((B, B), |rule| (rule.wire, rule.rust))
}
