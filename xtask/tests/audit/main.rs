//! Compares saved documentation pages of an invented service with the transcript (OpenAPI YAML files) of the service.
//! The pages are HTML, reStructuredText, Markdown and text, in English or Chinese.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code)]
#[path = "../cases/mod.rs"]
mod cases;
mod draft;
#[path = "../front_door/mod.rs"]
mod front_door;
mod sources;
mod verb;

use std::fs;
use std::path::Path;

use audit::page::Page;
use audit::{audit, read_page};
use transcript::Document;

/// The forms of the saved page about the operation `create_device`, which the transcript has. A form is the end of a
/// file name.
const CREATE: [&str; 7] = [
    "html",
    "rst",
    "md",
    "lines.txt",
    "bars.txt",
    "zh.txt",
    "zh.md",
];
/// The forms of the saved page about the operation `update_lamp`, which the transcript lacks.
const UPDATE: [&str; 4] = ["html", "rst", "md", "lines.txt"];

fn page(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn create(form: &str) -> String {
    page(&format!("create_device.{form}"))
}

/// Returns the transcript of the service. In the transcript, `to` replaces `from`, unless `from` is empty.
fn document(from: &str, to: &str) -> Document {
    let files = cases::base().into_iter().map(|(name, text)| {
        let text = if from.is_empty() {
            text
        } else {
            text.replace(from, to)
        };
        (format!("openapi/demo/{name}"), text.into_bytes())
    });
    Document::from_files("demo", files.collect()).unwrap()
}

/// Returns the facts of a page without line numbers, because the line numbers differ between the forms.
fn facts(page: &Page) -> Vec<String> {
    let mut facts = vec![page.route()];
    let parameters = page
        .parameters
        .iter()
        .map(|(place, field)| (place.word().to_owned(), field));
    let body = page.body.iter().map(|field| ("body".to_owned(), field));
    let answers = page.responses.iter().flat_map(|answer| {
        let fields = answer.fields.iter();
        fields.map(|field| (answer.status.to_string(), field))
    });
    for (place, field) in parameters.chain(body).chain(answers) {
        let options: Vec<&str> = field
            .values
            .options
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        facts.push(format!(
            "{place} {} {:?} {:?} {:?} {options:?} {:?}",
            field.name, field.kind, field.mandatory, field.values.printed, field.values.default
        ));
    }
    facts.extend(page.statuses.iter().map(|(status, _)| status.to_string()));
    let examples = page
        .request_examples
        .iter()
        .chain(page.response_examples.iter().map(|(_, example)| example));
    facts.extend(examples.map(|example| example.value.as_ref().unwrap().to_string()));
    facts
}

#[test]
fn every_form_of_a_page_has_the_same_facts() {
    let expected = facts(&read_page("html", &create("html")).unwrap());
    // The numbers of routes, fields, statuses and examples.
    assert_eq!(expected.len(), 1 + 11 + 3 + 3);
    for form in CREATE {
        assert_eq!(
            facts(&read_page(form, &create(form)).unwrap()),
            expected,
            "{form}"
        );
    }
}

#[test]
fn a_page_that_agrees_with_the_transcript_has_no_findings() {
    let documents = [document("", "")];
    for form in CREATE {
        let audit = audit(&documents, form, &create(form));
        assert_eq!(audit.findings, [], "{form}");
        assert_eq!(
            audit.operation,
            Some(("demo".to_owned(), "create_device".to_owned()))
        );
    }
}

/// Changes of the transcript: the old string, the new string, the rule that finds the change, and the message.
const CHANGES: [(&str, &str, &str, &str); 14] = [
    (
        "maxLength: 64",
        "maxLength: 63",
        "page-limit",
        "the limits of `name` are 2 to 64 on the page, 2 to 63 in the transcript",
    ),
    (
        "maximum: 99999999999999999",
        "maximum: 99999999999999998",
        "page-limit",
        "the limits of `id` are 0 to 99999999999999999 on the page, 0 to 99999999999999998 in the transcript",
    ),
    (
        "maxLength: 32\n      example",
        "example",
        "page-limit",
        "the limits of `project_id` are at most 32 on the page, none in the transcript",
    ),
    (
        "required: [name]",
        "required: [name, password]",
        "page-mandatory",
        "`password` is optional on the page, mandatory in the transcript",
    ),
    (
        "required: [name]\n      ",
        "",
        "page-mandatory",
        "`name` is mandatory on the page, optional in the transcript",
    ),
    (
        "created_datetime:\n          type: integer\n          format: int64",
        "created_datetime:\n          type: string",
        "page-type",
        "`created_datetime` is a long integer on the page, string in the transcript",
    ),
    (
        "enum: [0, 1]",
        "enum: [0, 1, 2]",
        "page-option",
        "the page does not list the options 2 of `status`",
    ),
    (
        "enum: [0, 1]",
        "enum: [0, 3]",
        "page-option",
        "options of `status`: the transcript lacks 1, the page lacks 3",
    ),
    (
        "        labels:",
        "        marks:",
        "page-field",
        "the transcript has no field `labels`, the page has it",
    ),
    (
        "        labels:",
        "        marks:",
        "page-field",
        "the page has no field `marks`",
    ),
    (
        "        '204':",
        "        '202':",
        "page-status",
        "the transcript has no status 204, the page has it",
    ),
    (
        "        '204':",
        "        '202':",
        "page-status",
        "the page has no status 202",
    ),
    (
        "name: thermometer",
        "name: kettle",
        "page-example",
        "`name` of the page's example of the request is \"thermometer\" (\"kettle\" in the transcript)",
    ),
    (
        "description: Time of creation,",
        "default: 5\n          description: Time of creation,",
        "page-default",
        "the page names no default of `created_datetime`, the transcript has `5`",
    ),
];

#[test]
fn each_listed_change_is_found_in_every_form() {
    for (from, to, rule, message) in CHANGES {
        let documents = [document(from, to)];
        for form in CREATE {
            let findings = audit(&documents, form, &create(form)).findings;
            let found = findings
                .iter()
                .any(|finding| finding.rule == rule && finding.message == message);
            assert!(found, "{form}: {message}\n{findings:#?}");
        }
    }
}

#[test]
fn parameter_differences_and_invalid_examples_are_found() {
    let documents = [document("", "")];
    let changed = |from: &str, to: &str| {
        let text = create("lines.txt");
        assert!(text.contains(from));
        let findings = audit(&documents, "page.txt", &text.replace(from, to)).findings;
        findings
            .into_iter()
            .map(|finding| finding.message)
            .collect::<Vec<_>>()
    };
    let row = "X-Auth-Token\n\nYes\n\nString\n\nUser token.";
    assert_eq!(
        changed(row, "X-Language\n\nNo\n\nString\n\nLanguage."),
        ["the transcript has no parameter `X-Language`, which the page has in the header"]
    );
    assert_eq!(
        changed("project_id\n\nYes", "tenant_id\n\nYes"),
        [
            "the transcript has no parameter `tenant_id`, which the page has in the path",
            "the page has no parameter `project_id`"
        ]
    );
    assert_eq!(
        changed("Path Parameters", "Query Parameters"),
        ["`project_id` is in the query on the page, in the path in the transcript"]
    );
    assert_eq!(
        changed("{\n  \"name\" :", "{\n  name :"),
        ["the page's example of the request is not JSON: key must be a string at line 2 column 1"]
    );
}

#[test]
fn a_page_with_a_different_date_is_reported() {
    let documents = [document(
        "x-source: The vendor's document.",
        "externalDocs:\n        url: https://example.com\n        description: Creating a Device\n      x-page-date: '2023-01-31'",
    )];
    let findings = audit(&documents, "page.txt", &create("zh.txt")).findings;
    let messages: Vec<_> = findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["the page has the date 2024-02-29, the transcript 2023-01-31"]
    );
}

#[test]
fn damaged_pages_cause_no_panic() {
    let documents = [document("", "")];
    for form in CREATE {
        let text = create(form);
        let cuts = (0..text.len()).step_by(397);
        for at in cuts.filter(|at| text.is_char_boundary(*at)) {
            let (before, after) = text.split_at(at);
            for text in [
                before.to_owned(),
                after.to_owned(),
                format!("{before}|+-=\u{0}<td>{after}"),
            ] {
                audit(&documents, form, &text);
            }
        }
    }
    for text in [
        "",
        "+-+",
        "| | |\n|---|",
        "== ==\n",
        "<table><td>",
        "Parameter\n\nType\n\nDescription",
        "{",
        "GET /",
    ] {
        audit(&documents, "page", text);
    }
}
