//! Everything that can happen to a schema, at every place where one stands.

use serde_json::{Value, json};

use super::documents::{diff, document, find, letters, yaml};

const PLACES: [&str; 6] = [
    "request-parameter",
    "request-body",
    "request-property",
    "response-header",
    "response-body",
    "response-property",
];

/// Two schemas: the rule from the first to the second and the one back, each with its verdicts: in requests wire and Rust,
/// in answers wire and Rust.
struct Pair {
    there: (&'static str, &'static str),
    back: (&'static str, &'static str),
    one: &'static str,
    two: &'static str,
}

const fn pair(
    there: (&'static str, &'static str),
    back: (&'static str, &'static str),
    one: &'static str,
    two: &'static str,
) -> Pair {
    Pair {
        there,
        back,
        one,
        two,
    }
}

#[rustfmt::skip]
const PAIRS: &[Pair] = &[
    pair(("type-changed", "BBBB"), ("type-changed", "BBBB"), "{type: object}", "{type: integer}"),
    pair(("type-changed", "BBBB"), ("type-changed", "BBBB"), "{type: string, format: date}", "{type: string, format: uuid}"),
    pair(("type-generalized", "ABBB"), ("type-specialized", "BBAB"), "{type: integer}", "{type: number}"),
    pair(("type-generalized", "ABBB"), ("type-specialized", "BBAB"), "{type: integer, format: int32}", "{type: integer, format: int64}"),
    pair(("type-generalized", "ABBB"), ("type-specialized", "BBAB"), "{type: string, format: date}", "{type: string}"),
    pair(("type-generalized", "ABBB"), ("type-specialized", "BBAB"), "{type: object}", "{}"),
    pair(("type-renamed", "DBDB"), ("type-renamed", "DBDB"), "{$ref: '#/components/schemas/Thing'}", "{$ref: '#/components/schemas/Other'}"),
    pair(("secret-added", "DBDB"), ("secret-removed", "DBDB"), "{type: string}", "{type: string, format: password}"),
    pair(("became-enum", "BBAB"), ("became-not-enum", "ABAB"), "{type: string}", "{type: string, enum: [a]}"),
    pair(("enum-value-added", "AAAA"), ("enum-value-removed", "BBAB"), "{type: string, enum: [a]}", "{type: string, enum: [b, a]}"),
    pair(("enum-name-changed", "DBDB"), ("enum-name-changed", "DBDB"), "{enum: [a, b], x-enum-varnames: [A, B]}", "{enum: [b, a], x-enum-varnames: [B, Alpha]}"),
    pair(("x-extensible-enum-value-added", "ADAD"), ("x-extensible-enum-value-removed", "BDAD"), "{x-extensible-enum: [a]}", "{x-extensible-enum: [a, b]}"),
    pair(("default-value-changed", "BDDD"), ("default-value-changed", "BDDD"), "{default: 1}", "{default: 2}"),
    pair(("items-added", "BBAB"), ("items-removed", "ABBB"), "{type: array}", "{type: array, items: {type: string}}"),
    pair(("additional-properties-narrowed", "BBAB"), ("additional-properties-widened", "ABBB"), "{type: object}", "{type: object, additionalProperties: false}"),
    pair(("additional-properties-narrowed", "BBAB"), ("additional-properties-widened", "ABBB"), "{type: object, additionalProperties: true}", "{type: object, additionalProperties: {type: string}}"),
    pair(("one-of-added", "ABBB"), ("one-of-removed", "BBAB"), "{oneOf: [{$ref: '#/components/schemas/Thing'}]}", "{oneOf: [{$ref: '#/components/schemas/Third'}, {$ref: '#/components/schemas/Thing'}]}"),
    pair(("any-of-added", "ABBB"), ("any-of-removed", "BBAB"), "{anyOf: [{type: string}]}", "{anyOf: [{type: string}, {type: integer}]}"),
    pair(("wrapped-in-alternatives", "ABBB"), ("unwrapped-from-alternatives", "BBAB"), "{$ref: '#/components/schemas/Thing'}", "{oneOf: [{$ref: '#/components/schemas/Thing'}, {type: string}]}"),
    pair(("discriminator-added", "ADAD"), ("discriminator-removed", "ADBD"), "{type: object}", "{type: object, discriminator: {propertyName: kind}}"),
    pair(("discriminator-property-name-changed", "BDBD"), ("discriminator-property-name-changed", "BDBD"), "{discriminator: {propertyName: kind}}", "{discriminator: {propertyName: type}}"),
    pair(("discriminator-mapping-added", "ADAD"), ("discriminator-mapping-deleted", "BDAD"), "{discriminator: {propertyName: kind}}", "{discriminator: {propertyName: kind, mapping: {a: Thing}}}"),
    pair(("discriminator-mapping-changed", "BDBD"), ("discriminator-mapping-changed", "BDBD"), "{discriminator: {mapping: {a: Other}}}", "{discriminator: {mapping: {a: Thing}}}"),
    pair(("stability-decreased", "BDBD"), ("stability-increased", "ADAD"), "{x-stability-level: stable}", "{x-stability-level: beta}"),
    pair(("deprecated", "DDDD"), ("reactivated", "DDDD"), "{type: string}", "{type: string, deprecated: true}"),
    pair(("password-rule-narrowed", "BDAD"), ("password-rule-widened", "ADBD"), "{x-password-rule: {minLength: 8}}", "{x-password-rule: {minLength: 9}}"),
    pair(("password-rule-widened", "ADBD"), ("password-rule-narrowed", "BDAD"), "{x-password-rule: {maxLength: 26}}", "{x-password-rule: {maxLength: 32}}"),
    pair(("password-rule-narrowed", "BDAD"), ("password-rule-widened", "ADBD"), "{x-password-rule: {minLength: 8}}", "{x-password-rule: {minLength: 8, maxLength: 32}}"),
    pair(("password-rule-narrowed", "BDAD"), ("password-rule-widened", "ADBD"), "{x-password-rule: {minClasses: 2}}", "{x-password-rule: {minClasses: 3}}"),
    pair(("password-rule-widened", "ADBD"), ("password-rule-narrowed", "BDAD"), "{x-password-rule: {classes: [digit]}}", "{x-password-rule: {classes: [upper, digit]}}"),
    pair(("password-rule-widened", "ADBD"), ("password-rule-narrowed", "BDAD"), "{x-password-rule: {specials: '!'}}", "{x-password-rule: {specials: '#!'}}"),
    pair(("pattern-changed", "BDBD"), ("pattern-changed", "BDBD"), "{pattern: '^a$'}", "{pattern: '^b$'}"),
    // OpenAPI 3.0 and 3.1 write an exclusive limit differently.
    pair(("exclusive-min-set", "BDAD"), ("exclusive-min-unset", "ADBD"), "{minimum: 1}", "{minimum: 1, exclusiveMinimum: true}"),
    pair(("exclusive-max-increased", "ADBD"), ("max-decreased", "BDAD"), "{maximum: 1}", "{exclusiveMaximum: 2}"),
    // Everything passes these.
    pair(("pattern-removed", "ADBD"), ("pattern-added", "BDAD"), "{pattern: '^a$'}", "{pattern: '.*'}"),
    pair(("unique-items-added", "BDAD"), ("unique-items-removed", "ADBD"), "{uniqueItems: false}", "{uniqueItems: true}"),
    pair(("min-length-set", "BDAD"), ("min-length-unset", "ADBD"), "{minLength: 0}", "{minLength: 1}"),
];

/// Which keyword has which limit: its name in rules, and whether more of it lets less through.
const LIMITS: [(&str, &str, bool); 12] = [
    ("minimum", "min", true),
    ("maximum", "max", false),
    ("exclusiveMinimum", "exclusive-min", true),
    ("exclusiveMaximum", "exclusive-max", false),
    ("minLength", "min-length", true),
    ("maxLength", "max-length", false),
    ("minItems", "min-items", true),
    ("maxItems", "max-items", false),
    ("minProperties", "min-properties", true),
    ("maxProperties", "max-properties", false),
    ("minContains", "min-contains", true),
    ("maxContains", "max-contains", false),
];

/// Keywords that only come and go.
const CONSTRAINTS: [(&str, &str, &str, &str); 20] = [
    ("pattern", "pattern", "a", "b"),
    ("multipleOf", "multiple-of", "2", "3"),
    ("uniqueItems", "unique-items", "true", "other"),
    (
        "x-password-rule",
        "password-rule",
        "{specials: '!#'}",
        "{specials: '#?'}",
    ),
    ("not", "not", "{type: string}", "{type: integer}"),
    ("const", "const", "a", "b"),
    ("contentEncoding", "content-encoding", "base64", "base32"),
    (
        "contentMediaType",
        "content-media-type",
        "text/plain",
        "text/html",
    ),
    (
        "contentSchema",
        "content-schema",
        "{type: string}",
        "{type: integer}",
    ),
    ("contains", "contains", "{type: string}", "{type: integer}"),
    (
        "prefixItems",
        "prefix-items",
        "[{type: string}]",
        "[{type: integer}]",
    ),
    (
        "patternProperties",
        "pattern-properties",
        "{a: {type: string}}",
        "{a: {type: integer}}",
    ),
    (
        "propertyNames",
        "property-names",
        "{minLength: 1}",
        "{minLength: 2}",
    ),
    (
        "dependentRequired",
        "dependent-required",
        "{a: [b]}",
        "{a: [c]}",
    ),
    (
        "dependentSchemas",
        "dependent-schemas",
        "{a: {type: string}}",
        "{a: {type: integer}}",
    ),
    ("if", "if", "{type: string}", "{type: integer}"),
    ("then", "then", "{type: string}", "{type: integer}"),
    ("else", "else", "{type: string}", "{type: integer}"),
    (
        "unevaluatedItems",
        "unevaluated-items",
        "false",
        "{type: integer}",
    ),
    (
        "unevaluatedProperties",
        "unevaluated-properties",
        "false",
        "{type: integer}",
    ),
];

const NARROWER: &str = "BDAD";
const WIDER: &str = "ADBD";

/// The document that has a schema at a place.
fn at(place: &str, schema: &Value) -> Value {
    let property = json!({"type": "object", "properties": {"field": schema}});
    let body = |schema: &Value| json!({"application/json": {"schema": schema}});
    let plain = json!({"description": "Done."});
    document(&match place {
        "request-parameter" => {
            json!({"parameters": [{"name": "p", "in": "query", "schema": schema}], "responses": {"200": plain}})
        }
        "request-body" => {
            json!({"requestBody": {"content": body(schema)}, "responses": {"200": plain}})
        }
        "request-property" => {
            json!({"requestBody": {"content": body(&property)}, "responses": {"200": plain}})
        }
        "response-header" => json!({"responses": {"200": {"headers": {"H": {"schema": schema}}}}}),
        "response-body" => json!({"responses": {"200": {"content": body(schema)}}}),
        _ => json!({"responses": {"200": {"content": body(&property)}}}),
    })
}

/// Compares two schemas at a place, and yields the rule that was triggered, which must have these verdicts.
#[track_caller]
fn judged(place: &str, rule: (&str, &str), one: &Value, two: &Value) -> String {
    let name = format!("{place}-{}", rule.0);
    let changes = diff(&at(place, one), &at(place, two)).changes;
    let change = find(&changes, &name);
    let verdicts = if place.starts_with("request") {
        &rule.1[..2]
    } else {
        &rule.1[2..]
    };
    // Nothing of the Rust client is made from headers.
    let verdicts = if place == "response-header" {
        format!("{}D", &verdicts[..1])
    } else {
        verdicts.to_owned()
    };
    assert_eq!(letters(change), verdicts, "{name}: {one} -> {two}");
    name
}

/// All examples: the names of the rules that they trigger.
pub fn triggered() -> Vec<String> {
    let mut rules = Vec::new();
    for place in PLACES {
        let mut both = |there: (&str, &str), back: (&str, &str), one: &Value, two: &Value| {
            rules.push(judged(place, there, one, two));
            rules.push(judged(place, back, two, one));
        };
        for pair in PAIRS {
            both(pair.there, pair.back, &yaml(pair.one), &yaml(pair.two));
        }
        for (keyword, name, lower) in LIMITS {
            let limit = |value: i64| json!({ keyword: value });
            let [set, unset, more, less] =
                ["set", "unset", "increased", "decreased"].map(|word| format!("{name}-{word}"));
            let (up, down) = if lower {
                (NARROWER, WIDER)
            } else {
                (WIDER, NARROWER)
            };
            both((&set, NARROWER), (&unset, WIDER), &json!({}), &limit(5));
            both((&more, up), (&less, down), &limit(5), &limit(6));
        }
        for (keyword, name, one, two) in CONSTRAINTS {
            let (one, two) = (json!({ keyword: yaml(one) }), json!({ keyword: yaml(two) }));
            let [added, removed, changed] =
                ["added", "removed", "changed"].map(|word| format!("{name}-{word}"));
            both((&added, NARROWER), (&removed, WIDER), &json!({}), &one);
            both((&changed, "BDBD"), (&changed, "BDBD"), &one, &two);
        }
        // Whoever left a parameter out may have got something else than its new default.
        let added = if place == "request-parameter" {
            "BDDD"
        } else {
            "ADDD"
        };
        both(
            ("default-value-added", added),
            ("default-value-removed", "BDDD"),
            &json!({}),
            &json!({"default": 1}),
        );
        // The parameter of the example is optional, the body is not: there null is another Rust type.
        let mandatory = if place == "request-body" {
            ["ABBD", "BBAD"]
        } else {
            ["ADBD", "BDAD"]
        };
        let null = json!({"type": "string", "nullable": true});
        both(
            ("became-nullable", mandatory[0]),
            ("became-not-nullable", mandatory[1]),
            &json!({"type": "string"}),
            &null,
        );
    }
    rules.extend(properties());
    rules
}

/// What can happen to properties alone.
fn properties() -> Vec<String> {
    #[rustfmt::skip]
    let pairs = [
        pair(("became-required", "BBAD"), ("became-optional", "ABBD"), "{properties: {f: {}}}", "{properties: {f: {}}, required: [f]}"),
        pair(("became-read-only", "BDDD"), ("became-not-read-only", "ADDD"), "{properties: {f: {}}}", "{properties: {f: {readOnly: true}}}"),
        pair(("became-write-only", "DDBD"), ("became-not-write-only", "DDAD"), "{properties: {f: {}}}", "{properties: {f: {writeOnly: true}}}"),
    ];
    let mut rules = Vec::new();
    for place in ["request-property", "response-property"] {
        for pair in &pairs {
            let (one, two) = (yaml(pair.one), yaml(pair.two));
            rules.push(judged(place, pair.there, &one, &two));
            rules.push(judged(place, pair.back, &two, &one));
        }
    }
    rules
}

/// What breaks whoever sends breaks nobody who receives when it is taken back, and the other way round; but for options,
/// which are open, and for what concerns one side alone.
#[test]
fn requests_and_answers_are_judged_opposite_ways() {
    let one_sided = ["enum", "default", "discriminator", "stability"];
    let breaks = |place: &str, one: &Value, two: &Value| {
        let changes = diff(&at(place, one), &at(place, two)).changes;
        changes
            .iter()
            .any(|change| letters(change).starts_with('B'))
    };
    for pair in PAIRS
        .iter()
        .filter(|pair| !one_sided.iter().any(|word| pair.there.0.contains(word)))
    {
        let (one, two) = (yaml(pair.one), yaml(pair.two));
        for (base, head) in [(&one, &two), (&two, &one)] {
            let sent = breaks("request-property", base, head);
            let received = breaks("response-property", head, base);
            assert_eq!(sent, received, "{base} -> {head}");
        }
    }
}
