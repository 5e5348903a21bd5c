//! Changes the value of each key of the grammar, and changes the value back. `UNMET` lists the exceptions. The grammar
//! lists the keys of transcripts (OpenAPI YAML files). The tests change most schema keys in requests, in answers and in
//! parameters. The snapshot lists the verdicts of each rule that belongs to a changed key.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use diff::{Change, Rule, Side, compare, rules};
use huaweicloud_openapi::grammar::ObjectKind::{self, *};
use huaweicloud_openapi::grammar::Shape;

use super::documents::{BASE, EVERYTHING, letters, read, side, with};

const LIST: &str = "/paths/~1v1~1{project_id}~1things/get";
const CREATE: &str = "/paths/~1v1~1{project_id}~1things/post";
const SHOW: &str = "/paths/~1v1~1{project_id}~1things~1{thing_id}";
const PART: &str = "/paths/~1v1~1{project_id}~1things~1{thing_id}~1parts~1{part_id}/put";
const SENT: &str = "/components/schemas/ThingRequest";
const RECEIVED: &str = "/components/schemas/Thing";
const ANSWER: &str = "/paths/~1v1~1{project_id}~1things/get/responses/200";
const COUNT: &str = "/paths/~1v1~1{project_id}~1things/get/responses/200/headers/X-Count";

const METHOD: &str = "{operationId: new_thing, summary: New, tags: [things], parameters: [{$ref: '#/components/parameters/ProjectId'}, \
    {name: thing_id, in: path, required: true, description: The thing., schema: {type: string}}], responses: {'204': {description: Done.}}}";

/// A kind of object, one of its keys, JSON pointers (in pieces), and a series of values. The test changes each value to
/// the next value, and back.
///
/// If a JSON pointer ends in `#`, the pointer leads to the value that the test changes. Otherwise, the pointer leads to
/// an object, and the test appends the key to the pointer. The value `~` means that the document has no value at the
/// pointer.
type Example = (
    ObjectKind,
    &'static str,
    &'static [&'static [&'static str]],
    &'static [&'static str],
);

const WORDS: &[&str] = &["~", "One.", "Two."];
const FLAG: &[&str] = &["~", "true"];
const PAGE: &[&str] = &["~", "{url: 'https://a', description: A}"];
const VALUES: &[&str] = &["~", "{a: 1}", "{a: 2}"];
const NUMBER: &[&str] = &["~", "5", "6"];
const SCHEMAS: &[&[&str]] = &[
    &[SENT, "/properties/note"],
    &[RECEIVED, "/properties/note"],
    &[LIST, "/parameters/3/schema"],
];
const SIZES: &[&[&str]] = &[
    &[SENT, "/properties/size"],
    &[RECEIVED, "/properties/size"],
    &[LIST, "/parameters/4/schema"],
];
const LISTS: &[&[&str]] = &[&[SENT, "/properties/tags"], &[RECEIVED, "/properties/tags"]];
const MAPS: &[&[&str]] = &[
    &[SENT, "/properties/labels"],
    &[RECEIVED, "/properties/labels"],
];
const ENUMS: &[&[&str]] = &[
    &["/components/schemas/Colour"],
    &["/components/schemas/State"],
];
const RULE: &[&[&str]] = &[&[SENT, "/properties/password/x-password-rule"]];
const BODY: &[&[&str]] = &[&["/components/requestBodies/NewThing"]];
const PAGES: &[&[&str]] = &[&[LIST, "/x-pagination"]];
const WAITER: &[&[&str]] = &[&[CREATE, "/x-waiter"]];
const OUTCOME: &[&[&str]] = &[&[CREATE, "/x-outcome"]];
const CODES: &[&[&str]] = &[&["/x-error-codes/0"]];
const SCHEME: &[&[&str]] = &[&["/components/securitySchemes/token"]];
const TOP: &[&[&str]] = &[&[""]];

#[rustfmt::skip]
const EXAMPLES: &[Example] = &[
    (Root, "openapi", TOP, &["3.0.3", "3.0.2"]),
    (Root, "servers", &[&["/servers/99#"]], &["~", "{url: 'https://a'}"]),
    (Root, "security", TOP, &["~", "[{token: []}]", "[{basic: []}]"]),
    (Root, "tags", &[&["/tags/99#"]], &["~", "{name: more, description: More.}"]),
    (Root, "externalDocs", TOP, PAGE),
    (Root, "x-error-codes", &[&["/x-error-codes/99#"]], &["~", "{codes: [T.9], status: 404, advice: look}"]),
    (Info, "title", &[&["/info"]], WORDS),
    (Info, "version", &[&["/info"]], WORDS),
    (Info, "description", &[&["/info"]], WORDS),
    (Info, "termsOfService", &[&["/info"]], WORDS),
    (Info, "contact", &[&["/info"]], &["~", "{name: We}"]),
    (Info, "license", &[&["/info"]], &["~", "{name: MIT}"]),
    (Contact, "name", &[&["/info/contact"]], WORDS),
    (Contact, "url", &[&["/info/contact"]], WORDS),
    (Contact, "email", &[&["/info/contact"]], WORDS),
    (License, "name", &[&["/info/license"]], WORDS),
    (License, "url", &[&["/info/license"]], WORDS),
    (Server, "description", &[&["/servers/0"]], WORDS),
    (Server, "variables", &[&["/servers/0/variables/new#"]], &["~", "{default: a}"]),
    (Server, "x-cloud", &[&["/servers/0"]], &["~", "huaweicloud", "otc"]),
    (Server, "x-regions", &[&["/servers/1"]], &["~", "[one]", "[one, two]"]),
    (ServerVariable, "default", &[&["/servers/0/variables/region"]], &["~", "here", "there"]),
    (ServerVariable, "enum", &[&["/servers/0/variables/region"]], &["~", "[here]", "[here, there]"]),
    (ServerVariable, "description", &[&["/servers/0/variables/region"]], WORDS),
    (Components, "schemas", &[&["/components/schemas/New#"]], &["~", "{type: object, description: New.}"]),
    (Components, "responses", &[&["/components/responses/New#"]], &["~", "{description: New.}"]),
    (Components, "parameters", &[&["/components/parameters/New#"]], &["~", "{name: new, in: query, schema: {type: string}}"]),
    (Components, "examples", &[&["/components/examples/New#"]], &["~", "{value: 1}"]),
    (Components, "requestBodies", &[&["/components/requestBodies/New#"]], &["~", "{content: {}}"]),
    (Components, "headers", &[&["/components/headers/New#"]], &["~", "{schema: {type: string}}"]),
    (Components, "securitySchemes", &[&["/components/securitySchemes/New#"]], &["~", "{type: http}"]),
    (PathItem, "get", &[&[SHOW, "/get#"]], &["~", METHOD]),
    (PathItem, "put", &[&[SHOW, "/put#"]], &["~", METHOD]),
    (PathItem, "post", &[&[SHOW, "/post#"]], &["~", METHOD]),
    (PathItem, "delete", &[&[SHOW, "/delete#"]], &["~", METHOD]),
    (PathItem, "patch", &[&[SHOW, "/patch#"]], &["~", METHOD]),
    (PathItem, "head", &[&[SHOW, "/head#"]], &["~", METHOD]),
    (Operation, "operationId", &[&[PART]], &["~", "update_part", "change_part"]),
    (Operation, "x-huawei-operation-id", &[&[LIST]], WORDS),
    (Operation, "summary", &[&[LIST]], WORDS),
    (Operation, "description", &[&[LIST]], WORDS),
    (Operation, "tags", &[&[LIST]], &["~", "[things]", "[other-things]"]),
    (Operation, "externalDocs", &[&[LIST]], PAGE),
    (Operation, "x-page-date", &[&[LIST]], WORDS),
    (Operation, "x-source", &[&[LIST]], WORDS),
    (Operation, "deprecated", &[&[LIST]], FLAG),
    (Operation, "x-retry", &[&[CREATE]], &["unsafe", "safe"]),
    (Operation, "x-pagination", &[&[LIST]], &["~", "{style: offset, limit: limit, offset: offset, start: 0, items: items}"]),
    (Operation, "x-waiter", &[&[CREATE]], &["~", "{operation: show_thing, ids: {thing_id: answer.id}, field: state, success: [ready]}"]),
    (Operation, "x-outcome", &[&[CREATE]], &["~", "{status: 201, field: note, good: ['yes']}"]),
    (Operation, "x-error-examples", &[&[CREATE, "/x-error-examples/404#"]], VALUES),
    (Operation, "security", &[&[CREATE]], &["[{token: []}]", "[{token: []}, {basic: []}]"]),
    (Operation, "parameters", &[&[LIST, "/parameters/99#"]], &["~", "{name: p, in: query, schema: {type: string}}"]),
    (Operation, "parameters", &[&[LIST, "/parameters/99#"]], &["~", "{name: p, in: query, required: true, schema: {type: string}}"]),
    (Operation, "requestBody", &[&[PART]], &["~", "{content: {application/json: {schema: {$ref: '#/components/schemas/PartRequest'}}}}"]),
    (Operation, "requestBody", &[&[PART]], &["~", "{required: true, content: {application/json: {schema: {$ref: '#/components/schemas/PartRequest'}}}}"]),
    (Operation, "responses", &[&[SHOW, "/get/responses/204#"], &[LIST, "/responses/404#"]], &["~", "{description: Nothing.}"]),
    (Docs, "url", &[&[LIST, "/externalDocs"]], WORDS),
    (Docs, "description", &[&[LIST, "/externalDocs"]], WORDS),
    (Parameter, "name", &[&["/components/parameters/PageSize"]], &["~", "limit", "count"]),
    (Parameter, "in", &[&["/components/parameters/PageSize"]], &["~", "query", "header"]),
    (Parameter, "description", &[&[LIST, "/parameters/3"]], WORDS),
    (Parameter, "required", &[&[LIST, "/parameters/3"]], FLAG),
    (Parameter, "deprecated", &[&[LIST, "/parameters/3"]], FLAG),
    (Parameter, "style", &[&[LIST, "/parameters/3"]], &["~", "spaceDelimited", "pipeDelimited"]),
    (Parameter, "explode", &[&[LIST, "/parameters/3"]], &["~", "false"]),
    (Parameter, "schema", &[&[LIST, "/parameters/3"]], &["~", "{type: string}"]),
    (Parameter, "example", &[&[LIST, "/parameters/3"]], WORDS),
    (Parameter, "examples", &[&[LIST, "/parameters/3"]], &["~", "{a: {value: 1}}"]),
    (Body, "description", BODY, WORDS),
    (Body, "content", &[&["/components/requestBodies/NewThing/content/text~1plain#"]], &["~", "{schema: {type: string}}"]),
    (Body, "required", BODY, FLAG),
    (Media, "schema", &[&[PART, "/requestBody/content/application~1json"], &[ANSWER, "/content/application~1json"]], &["~", "{$ref: '#/components/schemas/PartRequest'}"]),
    (Media, "example", &[&[ANSWER, "/content/application~1json"]], VALUES),
    (Media, "examples", &[&[ANSWER, "/content/application~1json"]], &["~", "{a: {value: 1}}"]),
    (Response, "description", &[&[ANSWER]], WORDS),
    (Response, "headers", &[&[ANSWER, "/headers/X-New#"]], &["~", "{schema: {type: string}}"]),
    (Response, "content", &[&[ANSWER, "/content/text~1plain#"]], &["~", "{schema: {type: string}}"]),
    (Example, "summary", &[&["/components/examples/Two"]], WORDS),
    (Example, "description", &[&["/components/examples/Two"]], WORDS),
    (Example, "value", &[&["/components/examples/Two"]], VALUES),
    (Header, "description", &[&[COUNT]], WORDS),
    (Header, "required", &[&[COUNT]], FLAG),
    (Header, "deprecated", &[&[COUNT]], FLAG),
    (Header, "style", &[&[COUNT]], &["~", "form", "label"]),
    (Header, "explode", &[&[COUNT]], FLAG),
    (Header, "schema", &[&[COUNT]], &["~", "{type: string}"]),
    (Header, "example", &[&[COUNT]], WORDS),
    (Header, "examples", &[&[COUNT]], &["~", "{a: {value: 1}}"]),
    (Tag, "description", &[&["/tags/0"]], WORDS),
    (Tag, "externalDocs", &[&["/tags/0"]], PAGE),
    (Schema, "type", SIZES, &["~", "integer", "number", "string"]),
    (Schema, "format", SIZES, &["~", "int64", "int32", "double"]),
    (Schema, "format", SCHEMAS, &["~", "password"]),
    (Schema, "description", SCHEMAS, WORDS),
    (Schema, "nullable", SCHEMAS, FLAG),
    (Schema, "deprecated", SCHEMAS, FLAG),
    (Schema, "default", SIZES, &["~", "1", "2"]),
    (Schema, "example", SCHEMAS, WORDS),
    (Schema, "enum", ENUMS, &["[a]", "[a, b]"]),
    (Schema, "enum", SCHEMAS, &["~", "[a, b]"]),
    (Schema, "x-enum-varnames", ENUMS, &["~", "[One, Two]", "[One, Zwei]"]),
    (Schema, "x-enum-descriptions", ENUMS, &["~", "[One., Two.]", "[One., Zwei.]"]),
    (Schema, "multipleOf", SIZES, &["~", "2", "3"]),
    (Schema, "minimum", SIZES, NUMBER),
    (Schema, "maximum", SIZES, NUMBER),
    (Schema, "exclusiveMinimum", SIZES, FLAG),
    (Schema, "exclusiveMaximum", SIZES, FLAG),
    (Schema, "minLength", SCHEMAS, NUMBER),
    (Schema, "maxLength", SCHEMAS, NUMBER),
    (Schema, "pattern", SCHEMAS, &["~", "'^a$'", "'^b$'"]),
    (Schema, "minItems", LISTS, NUMBER),
    (Schema, "maxItems", LISTS, NUMBER),
    (Schema, "uniqueItems", LISTS, FLAG),
    (Schema, "minProperties", MAPS, NUMBER),
    (Schema, "maxProperties", MAPS, NUMBER),
    (Schema, "required", &[&[SENT], &[RECEIVED]], &["[name]", "[name, note]"]),
    (Schema, "properties", &[&[SENT, "/properties/new#"], &[RECEIVED, "/properties/new#"]], &["~", "{type: string, description: New.}"]),
    (Schema, "properties", &[&["/components/schemas/PartRequest#"], &["/components/schemas/ThingError#"]], &["{type: object, description: It., properties: {}}", "{type: object, description: It., properties: {new: {type: string}}, required: [new]}"]),
    (Schema, "additionalProperties", MAPS, &["~", "{type: string}", "false"]),
    (Schema, "items", LISTS, &["~", "{type: string}"]),
    (Schema, "externalDocs", SCHEMAS, PAGE),
    (Schema, "x-password-rule", &[&[SENT, "/properties/password"]], &["~", "{minLength: 8, maxLength: 32, classes: [digit], minClasses: 1}"]),
    (Schema, "x-not-secret", &[&[SENT, "/properties/token_count"], &[RECEIVED, "/properties/token_count"]], WORDS),
    (SecurityScheme, "type", SCHEME, &["~", "apiKey", "http"]),
    (SecurityScheme, "description", SCHEME, WORDS),
    (SecurityScheme, "name", SCHEME, WORDS),
    (SecurityScheme, "in", SCHEME, &["~", "header", "query"]),
    (SecurityScheme, "scheme", SCHEME, WORDS),
    (SecurityScheme, "bearerFormat", SCHEME, WORDS),
    (ErrorCodes, "status", CODES, &["~", "400", "404"]),
    (ErrorCodes, "transient", CODES, FLAG),
    (ErrorCodes, "advice", CODES, WORDS),
    (Pagination, "style", PAGES, &["~", "offset", "marker"]),
    (Pagination, "limit", PAGES, &["~", "limit", "offset"]),
    (Pagination, "offset", PAGES, &["~", "limit", "offset"]),
    (Pagination, "start", PAGES, &["~", "0", "1"]),
    (Pagination, "marker", PAGES, &["~", "limit", "offset"]),
    (Pagination, "next", PAGES, &["~", "limit", "offset"]),
    (Pagination, "items", PAGES, &["~", "items", "things"]),
    (Pagination, "total", PAGES, &["~", "total", "count"]),
    (Pagination, "id", PAGES, &["~", "id", "name"]),
    (Waiter, "operation", WAITER, &["~", "show_thing", "list_things"]),
    (Waiter, "ids", &[&[CREATE, "/x-waiter/ids/part_id#"]], &["~", "answer.id", "answer.name"]),
    (Waiter, "list", WAITER, &["~", "items", "things"]),
    (Waiter, "key", &[&[CREATE, "/x-waiter"]], &["~", "{id: answer.id}", "{id: answer.name}"]),
    (Waiter, "field", WAITER, &["~", "state", "note"]),
    (Waiter, "success", WAITER, &["~", "[ready]", "[ready, broken]"]),
    (Waiter, "failure", WAITER, &["~", "[ready]", "[ready, broken]"]),
    (Waiter, "gone", WAITER, &["~", "success", "failure"]),
    (Waiter, "interval", WAITER, NUMBER),
    (Waiter, "settle", WAITER, NUMBER),
    (Outcome, "status", OUTCOME, &["~", "200", "201"]),
    (Outcome, "field", OUTCOME, &["~", "note", "name"]),
    (Outcome, "good", OUTCOME, &["~", "['yes']", "['yes', sure]"]),
    (Outcome, "message", OUTCOME, &["~", "note", "name"]),
    (PasswordRule, "minLength", RULE, NUMBER),
    (PasswordRule, "maxLength", RULE, NUMBER),
    (PasswordRule, "classes", RULE, &["[digit]", "[digit, upper]"]),
    (PasswordRule, "specials", RULE, &["~", "'#'", "'#!'", "'?!'"]),
    (PasswordRule, "minClasses", RULE, NUMBER),
];

/// Keys that have no rules, and rules that the changes of this test cannot cause. The second string is the reason.
const UNMET: &[(&str, &str)] = &[
    (
        "document info",
        "each of its keys has rules, which also apply if the whole object is missing",
    ),
    (
        "document components",
        "each of its keys has rules, which also apply if the whole object is missing",
    ),
    (
        "schema allOf",
        "`diff` reports `reference-changed`, and the differences between the old and the new schema",
    ),
    (
        "server url",
        "a new address counts as a removed server and an added server",
    ),
    (
        "tag name",
        "a new name counts as a removed chapter and an added chapter",
    ),
    (
        "entry of x-error-codes codes",
        "a new code counts as a removed entry and an added entry",
    ),
    (
        "document-openapi-added",
        "a document without the key `openapi` is refused",
    ),
    (
        "document-openapi-removed",
        "a document without the key `openapi` is refused",
    ),
    (
        "service-added",
        "the change needs a second service: see `revisions.rs`",
    ),
    (
        "service-removed",
        "the change needs a second service: see `revisions.rs`",
    ),
    (
        "unjudged",
        "a change has this rule only if no other rule fits, which is a bug",
    ),
];

/// Returns every key of the grammar that lint accepts, with its kind of object and its shape.
fn keys() -> Vec<(ObjectKind, &'static str, Shape)> {
    let (mut kinds, mut keys) = (vec![Root], Vec::new());
    let mut at = 0;
    while let Some(kind) = kinds.get(at).copied() {
        at += 1;
        for (key, _, shape) in kind.fields() {
            match shape {
                Shape::One(of) | Shape::List(of) | Shape::Map(of) | Shape::FlagOr(of)
                    if !kinds.contains(of) =>
                {
                    kinds.push(*of)
                }
                _ => {}
            }
            if !matches!(shape, Shape::Refused(_)) {
                keys.push((kind, *key, *shape));
            }
        }
    }
    keys
}

fn unmet(name: &str) -> bool {
    UNMET.iter().any(|(known, _)| *known == name)
}

/// Returns the rules of a key. The rules of all HTTP methods are stored for the key `get`.
fn rules_of(kind: ObjectKind, key: &str) -> impl Iterator<Item = &'static Rule> {
    let key = if kind == PathItem {
        "get".to_owned()
    } else {
        key.to_owned()
    };
    rules().iter().filter(move |rule| {
        rule.key
            .is_some_and(|known| known.0 == kind && known.1 == key)
    })
}

/// Returns where callers use the value at a JSON pointer: in requests, in answers or in parameters. Returns `document`
/// for all other pointers.
fn role(pointer: &str) -> &'static str {
    let roles = [
        (SENT, "request"),
        ("/components/schemas/PartRequest", "request"),
        ("/components/schemas/Colour", "request and parameter"),
        (PART, "request"),
        ("/components/requestBodies", "request"),
        (ANSWER, "answer"),
        ("/paths/~1v1~1{project_id}~1things/get/responses", "answer"),
        (
            "/paths/~1v1~1{project_id}~1things~1{thing_id}/get/responses",
            "answer",
        ),
        (RECEIVED, "answer"),
        (
            "/paths/~1v1~1{project_id}~1things/get/parameters",
            "parameter",
        ),
        ("/components/schemas/State", "answer"),
        ("/components/schemas/ThingError", "answer"),
    ];
    let found = roles.iter().find(|(start, _)| pointer.starts_with(start));
    found.map_or("document", |(_, role)| role)
}

/// Changes of paths. A path is not the value of a key, so `EXAMPLES` cannot contain these changes. Each change has a
/// description, and pairs of strings: the old string and the new string.
const PATHS: &[(&str, &[(&str, &str)])] = &[
    (
        "a variable has another name",
        &[
            ("{part_id}", "{piece_id}"),
            ("\"part_id\",\"in\"", "\"piece_id\",\"in\""),
        ],
    ),
    (
        "two variables are exchanged",
        &[("{thing_id}/parts/{part_id}", "{part_id}/parts/{thing_id}")],
    ),
    (
        "an operation has another path",
        &[("things/{thing_id}\"", "objects/{thing_id}\"")],
    ),
];

fn position(rule: &Rule) -> usize {
    rules()
        .iter()
        .position(|other| other.name == rule.name)
        .unwrap()
}

/// The key is the index of a rule in the list of rules. The value contains the verdicts and the example of each change,
/// and the roles of the changed value. For a change of `PATHS`, its description replaces the role.
type Seen = BTreeMap<usize, BTreeMap<(String, String), BTreeSet<&'static str>>>;

/// Compares two documents in both directions, and records the changes of the given keys. Fails if a direction has no
/// such change.
fn judge(
    seen: &mut Seen,
    keys: &[(ObjectKind, &str)],
    role: &'static str,
    sides: [&Side; 2],
    names: [&str; 2],
) {
    for (from, to) in [(0, 1), (1, 0)] {
        let changes = compare(sides[from], sides[to]).changes;
        let example = format!("{} -> {}", names[from], names[to]);
        let about = |change: &&Change| change.rule.key.is_some_and(|key| keys.contains(&key));
        let mut found = changes.iter().filter(about).peekable();
        assert!(found.peek().is_some(), "{keys:?}: {example}: {changes:#?}");
        for change in found {
            let of_rule = seen.entry(position(change.rule)).or_default();
            let places = of_rule.entry((letters(change), example.clone()));
            places.or_default().insert(role);
        }
    }
}

fn seen() -> Seen {
    let mut seen = Seen::new();
    let mut sides: HashMap<String, Rc<Side>> = HashMap::new();
    let mut of = |pointer: &str, text: &str| {
        let document = with(&[(pointer, text)]);
        let known = sides.entry(document.to_string());
        Rc::clone(known.or_insert_with(|| Rc::new(side(&document))))
    };
    for (kind, key, places, values) in EXAMPLES {
        let keys: Vec<_> = rules_of(*kind, key).filter_map(|rule| rule.key).collect();
        for place in *places {
            let place = place.concat();
            let pointer = match place.strip_suffix('#') {
                Some(whole) => whole.to_owned(),
                None => format!("{place}/{key}"),
            };
            for pair in values.windows(2) {
                let [one, two] = [0, 1].map(|at| of(&pointer, pair[at]));
                let names = [pair[0], pair[1]];
                let names = names.map(|text| if text == METHOD { "operation" } else { text });
                judge(&mut seen, &keys, role(&pointer), [&one, &two], names);
            }
        }
    }
    for (what, edits) in PATHS {
        let mut head = EVERYTHING.to_string();
        for (from, to) in *edits {
            assert!(head.contains(from), "{from}");
            head = head.replace(from, to);
        }
        let head = side(&read(head).value);
        let keys = [(Root, "paths"), (PathItem, "get")];
        judge(&mut seen, &keys, what, [&BASE, &head], ["old", "new"]);
    }
    seen
}

/// The snapshot shows the verdicts for the protocol and for Rust: `B` is breaking, `A` is additive, and `D` is
/// documentation.
#[test]
fn each_key_of_the_grammar_is_judged_in_both_directions() {
    let keys = keys();
    for (kind, key, _) in &keys {
        let known = rules_of(*kind, key).next().is_some();
        let name = format!("{} {key}", kind.name());
        assert_ne!(
            known,
            unmet(&name),
            "{name}: the key must have rules, or a row in UNMET with the reason, but not both"
        );
    }
    for (kind, key, ..) in EXAMPLES {
        assert!(
            keys.iter().any(|known| (known.0, known.1) == (*kind, *key)),
            "{key} is not a key of the grammar"
        );
    }
    let seen = seen();
    let without = rules()
        .iter()
        .filter(|rule| rule.key.is_some() && !seen.contains_key(&position(rule)));
    let without: Vec<&str> = without
        .map(|rule| rule.name.as_str())
        .filter(|name| !unmet(name))
        .collect();
    assert!(without.is_empty(), "rules without an example: {without:#?}");
    let met: Vec<&str> = seen
        .keys()
        .map(|at| rules()[*at].name.as_str())
        .filter(|name| unmet(name))
        .collect();
    assert!(
        met.is_empty(),
        "rules in UNMET that have an example: {met:#?}"
    );
    let mut lines = Vec::new();
    for (at, examples) in &seen {
        lines.push(rules()[*at].name.clone());
        for ((letters, example), places) in examples {
            let places: Vec<&str> = places.iter().copied().collect();
            lines.push(format!("    {letters} {}: {example}", places.join(", ")));
        }
    }
    insta::assert_snapshot!("rules", lines.join("\n"));
}

/// If the rule for the opposite change is missing, `diff` reports the opposite change under the rule `unjudged`. The
/// test skips rules without a key, rules in `UNMET`, and rules whose direction has no opposite, such as `Changed`.
#[test]
fn each_rule_has_a_rule_for_the_opposite_change() {
    use diff::Direction::*;
    for rule in rules().iter().filter(|rule| !unmet(&rule.name)) {
        let Some((kind, key)) = rule.key else {
            continue;
        };
        let opposite: &[diff::Direction] = match rule.direction.unwrap() {
            Added | AddedMandatory => &[Removed],
            AddedFailure => &[RemovedFailure],
            Removed | RemovedFailure => &[Added, AddedFailure],
            Increased => &[Decreased],
            Decreased => &[Increased],
            Set => &[Unset],
            Unset => &[Set],
            Narrowed => &[Widened],
            Widened => &[Narrowed],
            Changed | Renamed | Moved => continue,
        };
        let mut others = rules_of(kind, key).filter_map(|rule| rule.direction);
        assert!(
            others.any(|other| opposite.contains(&other)),
            "{}: there is no rule for the opposite change",
            rule.name
        );
    }
}

#[test]
fn names_of_rules_are_unique() {
    let names: BTreeSet<&str> = rules().iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names.len(), rules().len());
}
