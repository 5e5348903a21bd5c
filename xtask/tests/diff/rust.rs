//! Tests how changes affect callers in Rust. `diff` compares the code that the generator makes from both documents.

use diff::{Change, Findings, compare};
use serde_json::{Value, json};

use super::documents::{BASE, edited, letters, operations, rules, side, with};

const SHOW: &str = "/paths/~1v1~1{project_id}~1things~1{thing_id}/get";
const THING: &str = "/components/schemas/Thing";

/// Returns the first change with this rule. Fails if there is no such change.
#[track_caller]
fn find<'a>(findings: &'a Findings, rule: &str) -> &'a Change {
    let found = findings
        .changes
        .iter()
        .find(|change| change.rule.name == rule);
    found.unwrap_or_else(|| panic!("no {rule} in {:#?}", findings.changes))
}

/// In an edited copy of the document, a second chapter also uses `Thing`. `there` contains the changes from the
/// document to the copy. `back` contains the changes from the copy to the document.
#[test]
fn a_type_that_needs_another_feature_breaks_callers() {
    let [there, back] = edited(&[(&format!("{SHOW}/tags"), "[other-things]")]);
    // The method moves to the feature of another chapter. The change of the key `tags` includes this change of the
    // code.
    for findings in [&there, &back] {
        let tags = find(findings, "operation-tags-changed");
        assert_eq!(letters(tags), "DB", "{tags:#?}");
        assert!(tags.code[0].contains("(feature things)"), "{tags:#?}");
        assert!(tags.code[0].contains("(feature other-things)"), "{tags:#?}");
    }
    // In the copy, `Thing` is a shared type, which needs no feature. So `there` contains no other change.
    assert_eq!(rules(&there), ["operation-tags-changed DB"]);
    let thing = find(&back, "rust-moved");
    assert_eq!(
        (letters(thing).as_str(), thing.subject.as_str()),
        ("DB", "Rust `Thing`")
    );
    let paths = [&thing.before, &thing.after].map(|path| path.as_str().unwrap());
    assert_eq!(paths, ["types::Thing", "types::Thing (feature things)"]);
    let all = [
        "GET /v1/{project_id}/things",
        "GET /v1/{project_id}/things/{thing_id}",
        "POST /v1/{project_id}/things",
    ];
    assert_eq!(operations(thing), all);
}

#[test]
fn a_new_order_of_arguments_breaks_callers() {
    let path = "/v1/{project_id}/things/{thing_id}/parts/{part_id}";
    let other = "/v1/{project_id}/things/{part_id}/parts/{thing_id}";
    let text = with(&[]).to_string();
    let swapped: Value = serde_json::from_str(&text.replace(path, other)).unwrap();
    let findings = compare(&BASE, &side(&swapped));
    let change = find(&findings, "document-paths-moved");
    assert_eq!(letters(change), "BB");
    assert!(
        change.code[0].contains("part_id: &str, thing_id: &str"),
        "{change:#?}"
    );
}

const REQUEST: &str = "/components/schemas/ThingRequest";

/// Returns a copy of the document `EVERYTHING`. In the copy, `ThingRequest` has the given properties and `required`.
fn request(required: &str, properties: &[(&str, &str)]) -> Value {
    let property =
        |(name, kind): &(&str, &str)| format!("{name}: {{type: {kind}, description: The {name}.}}");
    let properties: Vec<String> = properties.iter().map(property).collect();
    with(&[
        (&format!("{REQUEST}/required"), required),
        (
            &format!("{REQUEST}/properties"),
            &format!("{{{}}}", properties.join(", ")),
        ),
    ])
}

#[test]
fn a_new_order_of_mandatory_fields_does_not_break_callers() {
    let fields = [("name", "string"), ("note", "string"), ("size", "integer")];
    let one = request("[name, note, size]", &fields);
    for (required, order) in [
        ("[name, note, size]", [1, 0, 2]),
        ("[size, name, note]", [2, 1, 0]),
        ("[note, size, name]", [0, 1, 2]),
    ] {
        let other = request(required, &order.map(|index| fields[index]));
        let findings = compare(&side(&one), &side(&other));
        let restated = ["restated DD"];
        let expected = &restated[..usize::from(required != "[name, note, size]")];
        assert_eq!(rules(&findings), expected, "{required} {order:?}");
    }
}

#[test]
fn each_mandatory_field_has_its_own_verdict() {
    let all = [("name", "string"), ("note", "string"), ("size", "integer")];
    let two = request("[name, size]", &all);
    // The mandatory fields, all fields, the expected rules with their verdicts, and a part of an expected code line.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], &'a str);
    let cases: [Case<'_>; 9] = [
        (
            "[name, note, size]",
            &all,
            &["schema-required-added BB"],
            "-> ThingRequest::new(required: ThingRequired<impl Into<String>, impl Into<String>, impl Into<i64>>) -> Self",
        ),
        (
            "[name]",
            &all,
            &["schema-required-removed AB"],
            "-> ThingRequest::new(name: impl Into<String>) -> Self",
        ),
        (
            "[]",
            &all,
            &["schema-required-removed AB", "schema-required-removed AB"],
            "-> ThingRequest::new() -> Self",
        ),
        (
            "[name, size, more]",
            &[all[0], all[1], all[2], ("more", "string")],
            &["schema-properties-added-mandatory BB"],
            "-> ThingRequest::new(required: ThingRequired<impl Into<String>, impl Into<String>, impl Into<i64>>) -> Self",
        ),
        (
            "[size, title]",
            &[("title", "string"), all[1], all[2]],
            &[
                "schema-properties-added-mandatory BB",
                "schema-properties-removed BB",
            ],
            "-> ThingRequest.title: String",
        ),
        (
            // In alphabetical order, `names` has the position of `name`. So the types in the constructor do not change.
            "[names, size]",
            &[("names", "string"), all[1], all[2]],
            &[
                "schema-properties-added-mandatory BB",
                "schema-properties-removed BB",
            ],
            "-> ThingRequest.names: String",
        ),
        (
            "[name, size]",
            &[all[0], all[1], ("size", "string")],
            &["schema-type-changed BB"],
            "-> ThingRequest.size: String",
        ),
        (
            "[name, size]",
            &[("name", "integer"), all[1], ("size", "string")],
            &["schema-type-changed BB", "schema-type-changed BB"],
            "-> ThingRequest.name: i64",
        ),
        (
            "[name, size]",
            &[all[0], all[1], ("size", "number")],
            &["schema-type-widened AB"],
            "impl Into<Number<f64>>>) -> Self",
        ),
    ];
    for (required, properties, expected, code) in cases {
        let findings = compare(&side(&two), &side(&request(required, properties)));
        let mut found = rules(&findings);
        found.sort();
        assert_eq!(found, expected, "{required}");
        let lines: Vec<&String> = findings.changes.iter().flat_map(|it| &it.code).collect();
        let told = lines.iter().any(|line| line.contains(code));
        assert!(told, "{required}: no `{code}` in {lines:#?}");
    }
}

#[test]
fn the_first_mandatory_parameter_becomes_an_argument_of_new() {
    let owner =
        "{name: owner, in: query, required: true, description: An owner., schema: {type: string}}";
    let [there, back] = edited(&[("/paths/~1v1~1{project_id}~1things/get/parameters/9", owner)]);
    assert_eq!(rules(&there), ["operation-parameters-added-mandatory BB"]);
    assert!(
        there.changes[0].code.iter().any(|line| line
            == "ListThingsParams::new() -> Self -> ListThingsParams::new(owner: impl Into<String>) -> Self"),
        "{there:#?}"
    );
    assert_eq!(rules(&back), ["operation-parameters-removed BB"]);
}

#[test]
fn a_renamed_variant_breaks_callers() {
    let edit = (
        "/components/schemas/State/x-enum-varnames",
        "[Ready, Defective]",
    );
    let [there, _] = edited(&[edit]);
    let change = find(&there, "schema-x-enum-varnames-changed");
    assert_eq!(
        (letters(change).as_str(), &change.before, &change.after),
        ("DB", &json!("Broken"), &json!("Defective"))
    );
    assert_eq!(
        change.code,
        ["State::Broken -> none", "none -> State::Defective"]
    );
    assert_eq!(there.changes.len(), 1, "{:#?}", there.changes);
}

#[test]
fn a_string_that_becomes_an_enum_has_another_type() {
    let edit = (
        &*format!("{THING}/properties/note"),
        "{allOf: [{$ref: '#/components/schemas/Colour'}], description: A note.}",
    );
    for findings in edited(&[edit]) {
        let change = find(&findings, "reference-changed");
        assert_eq!(letters(change), "DB");
        assert!(
            change.code[0].starts_with("Thing.note: Option<"),
            "{change:#?}"
        );
        // The new or removed list of enum values is a separate change.
        assert!(
            rules(&findings)
                .iter()
                .any(|rule| rule.starts_with("schema-enum-")),
            "{findings:#?}"
        );
    }
}

#[test]
fn a_reference_to_another_component_changes_the_type_and_the_fields_are_compared() {
    let other = "{type: object, description: Other., properties: {id: {type: string, description: Its id., maxLength: 5}, state: {$ref: '#/components/schemas/State'}}}";
    let reference = format!("{SHOW}/responses/200/content/application~1json/schema/$ref");
    let [there, _] = edited(&[
        ("/components/schemas/Other", other),
        (&reference, "'#/components/schemas/Other'"),
    ]);
    let change = find(&there, "reference-changed");
    assert_eq!(letters(change), "DB");
    assert_eq!(change.after, json!("#/components/schemas/Other"));
    let limit = find(&there, "schema-maxLength-added");
    assert_eq!(
        (limit.subject.as_str(), operations(limit)),
        (
            "`Other.id` maxLength",
            vec!["GET /v1/{project_id}/things/{thing_id}"]
        )
    );
    assert!(
        rules(&there).contains(&"schema-properties-removed BD".to_owned()),
        "{:#?}",
        rules(&there)
    );
}

#[test]
fn keys_beside_a_reference_are_compared() {
    let edit = (
        &*format!("{THING}/properties/state"),
        "{allOf: [{$ref: '#/components/schemas/State'}], description: Beside., nullable: true}",
    );
    let [there, back] = edited(&[edit]);
    assert_eq!(
        rules(&there),
        ["schema-nullable-set BD", "schema-description-added DD"]
    );
    assert_eq!(
        rules(&back),
        ["schema-nullable-unset AD", "schema-description-removed DD"]
    );
}

/// A restatement changes how the YAML states a fact, but not the fact.
#[test]
fn restatements_do_not_break_callers() {
    let cases = [
        ("/paths/~1v1~1{project_id}~1things/get/x-retry", "safe"),
        (
            "/paths/~1v1~1{project_id}~1things/get/security",
            "[{token: []}]",
        ),
        (
            "/paths/~1v1~1{project_id}~1things/get/parameters/3/required",
            "false",
        ),
        ("/components/schemas/Thing/properties/note/minLength", "0"),
        (
            "/components/schemas/Thing/properties/labels",
            "{additionalProperties: {type: string}, description: Labels., type: object, nullable: false}",
        ),
        (
            "/tags",
            "[{name: other-things, description: Others.}, {name: things, description: Things., externalDocs: {url: 'https://example.com/things', description: Things}}]",
        ),
    ];
    for (pointer, text) in cases {
        for findings in edited(&[(pointer, text)]) {
            assert!(
                rules(&findings).iter().all(|rule| rule == "restated DD"),
                "{pointer}: {findings:#?}"
            );
            assert!(
                !findings.changes.is_empty() || pointer.ends_with("labels"),
                "{pointer}"
            );
        }
    }
}

/// The component has the name `PageSize`, but its parameter has the name `limit`. The reported Rust code must contain
/// `limit`.
#[test]
fn a_change_of_a_shared_parameter_shows_its_change_in_rust() {
    for findings in edited(&[("/components/parameters/PageSize/schema/format", "int64")]) {
        let all: Vec<String> = findings.changes.iter().map(letters).collect();
        assert_eq!(all.len(), 1, "{findings:#?}");
        assert!(all[0].ends_with('B'), "{findings:#?}");
        assert!(
            findings.changes[0].code[0].contains("limit"),
            "{findings:#?}"
        );
    }
}

/// `x-enum-varnames` does not change. So each Rust variant gets the value of the other variant.
#[test]
fn a_new_order_of_enum_values_alone_changes_the_names_of_the_values() {
    for findings in edited(&[("/components/schemas/Colour/enum", "[green, red]")]) {
        let names = findings.changes.iter();
        let names = names.filter(|change| change.rule.name == "schema-x-enum-varnames-changed");
        let verdicts: Vec<String> = names.map(letters).collect();
        assert_eq!(verdicts, ["DB", "DB"], "{findings:#?}");
    }
}

#[test]
fn if_the_generator_refuses_one_document_the_change_is_breaking_for_rust() {
    let edit = (
        "/components/requestBodies/NewThing/content/text~1plain",
        "{schema: {type: string}}",
    );
    for findings in edited(&[edit]) {
        let change = find(&findings, "rust-unknown");
        assert_eq!(letters(change), "DB");
        let values = [change.before.to_string(), change.after.to_string()].concat();
        assert!(
            values.contains("\"generated\"") && values.contains("refused: "),
            "{values}"
        );
    }
    // If the generator refuses both documents, `diff` does not compare Rust code, and returns a warning.
    let refused = |limit: &str| {
        side(&with(&[
            edit,
            ("/components/schemas/Thing/properties/note/maxLength", limit),
        ]))
    };
    let findings = compare(&refused("5"), &refused("6"));
    assert_eq!(rules(&findings), ["schema-maxLength-increased BD"]);
    let warnings: Vec<&String> = findings.warnings.iter().collect();
    assert!(
        warnings[0].starts_with("api.yaml: Rust code is not compared"),
        "{warnings:?}"
    );
}

#[test]
fn a_change_in_an_extension_has_a_verdict_and_the_full_values() {
    let create = "/paths/~1v1~1{project_id}~1things/post";
    let list = "/paths/~1v1~1{project_id}~1things/get";
    let cases = [
        (
            format!("{create}/x-retry"),
            "safe",
            "operation-x-retry-widened DB",
            json!("unsafe"),
            json!("safe"),
        ),
        (
            format!("{list}/x-pagination/start"),
            "1",
            "pagination-start-changed DB",
            json!(0),
            json!(1),
        ),
        (
            format!("{create}/x-waiter/field"),
            "note",
            "waiter-field-changed DB",
            json!("state"),
            json!("note"),
        ),
        (
            format!("{create}/x-waiter/success"),
            "[ready, broken]",
            "waiter-success-changed DB",
            json!(["ready"]),
            json!(["broken", "ready"]),
        ),
        (
            format!("{create}/x-waiter/ids/thing_id"),
            "answer.name",
            "waiter-ids-changed DB",
            json!("answer.id"),
            json!("answer.name"),
        ),
        (
            format!("{create}/x-outcome/good"),
            "[sure]",
            "outcome-good-changed DB",
            json!(["yes"]),
            json!(["sure"]),
        ),
        (
            format!("{create}/x-outcome/message"),
            "id",
            "outcome-message-changed DA",
            json!("name"),
            json!("id"),
        ),
        (
            format!("{create}/x-error-examples/400/error_code"),
            "T.2",
            "operation-x-error-examples-changed DD",
            json!({"error_code": "T.1"}),
            json!({"error_code": "T.2"}),
        ),
    ];
    for (pointer, text, rule, before, after) in cases {
        let [there, back] = edited(&[(&pointer, text)]);
        assert_eq!(rules(&there), [rule], "{there:#?}");
        assert_eq!(
            (&there.changes[0].before, &there.changes[0].after),
            (&before, &after)
        );
        assert_eq!(
            (&back.changes[0].before, &back.changes[0].after),
            (&after, &before)
        );
        assert_eq!(operations(&there.changes[0]).len(), 1);
    }
}

#[test]
fn a_long_value_is_not_shortened() {
    let word = "long ".repeat(100);
    let pointer = format!("{THING}/description");
    let [there, _] = edited(&[(&pointer, &word)]);
    let mut out = Vec::new();
    diff::formats::text(&mut out, &there.changes, &report::terminal::Styles::plain()).unwrap();
    assert!(String::from_utf8(out).unwrap().contains(word.trim()));
}

#[test]
fn the_first_optional_parameter_adds_an_argument() {
    let parameter = "{name: new, in: query, description: New., schema: {type: string}}";
    let [there, back] = edited(&[(&format!("{SHOW}/parameters/9"), parameter)]);
    assert_eq!(rules(&there), ["operation-parameters-added AB"]);
    assert_eq!(rules(&back), ["operation-parameters-removed BB"]);
    // The operation `list_things` already has optional parameters. So the new parameter adds no argument.
    let list = "/paths/~1v1~1{project_id}~1things/get/parameters/9";
    let [there, _] = edited(&[(list, parameter)]);
    assert_eq!(rules(&there), ["operation-parameters-added AA"]);
}

#[test]
fn renaming_the_project_variable_breaks_rust_but_renaming_another_variable_does_not() {
    let renamed = |from: &str, to: &str| {
        let text = with(&[]).to_string();
        let text = text.replace(&format!("{{{from}}}"), &format!("{{{to}}}"));
        let text = text.replace(&format!("\"{from}\""), &format!("\"{to}\""));
        let head: Value = serde_json::from_str(&text).unwrap();
        let findings = compare(&BASE, &side(&head));
        letters(find(&findings, "document-paths-renamed"))
    };
    assert_eq!(renamed("project_id", "tenant_id"), "DB");
    assert_eq!(renamed("part_id", "piece_id"), "DD");
}

#[test]
fn error_answers_have_no_types_in_rust() {
    let edit = (
        "/components/schemas/ThingError/properties/error_code/type",
        "integer",
    );
    assert_eq!(rules(&edited(&[edit])[0]), ["schema-type-changed BD"]);
    let edit = (
        "/components/schemas/ThingList/properties/total/type",
        "string",
    );
    assert!(rules(&edited(&[edit])[0])[0].ends_with(" BB"));
}

#[test]
fn a_type_that_a_request_and_an_answer_share_has_only_optional_fields() {
    let part = "/paths/~1v1~1{project_id}~1things~1{thing_id}~1parts~1{part_id}/put";
    let answer = "{description: It., content: {application/json: {schema: {$ref: '#/components/schemas/PartRequest'}}}}";
    let both = (
        &*format!("{part}/responses"),
        &*format!("{{'200': {answer}}}"),
    );
    let mandatory = ("/components/schemas/PartRequest/required", "[thing]");
    assert_eq!(
        rules(&edited(&[mandatory])[0]),
        ["schema-required-added BB"]
    );
    let findings = compare(&side(&with(&[both])), &side(&with(&[both, mandatory])));
    assert_eq!(rules(&findings), ["schema-required-added BD"]);
}
