//! Tests the loader, lint and `list` with damaged and unusual transcripts (OpenAPI YAML files). Each finding must have
//! a position. The tested code must not panic, and must not loop forever.

#[allow(dead_code)]
use crate::cases;

use cases::{base, text_of};
use lint::lint;
use serde_json::{Value, json};
use transcript::{Document, Finding};
use xtask::list;

fn judge(files: Vec<(String, Vec<u8>)>) -> Vec<Finding> {
    let findings = match Document::from_files("demo", files) {
        Ok(document) => {
            list::rows(&document);
            lint(&document)
        }
        Err(findings) => {
            assert!(!findings.is_empty(), "refused without a reason");
            findings
        }
    };
    for finding in &findings {
        assert!(
            finding.place.line > 0 && finding.place.column > 0 && !finding.place.file.is_empty(),
            "{finding}"
        );
    }
    findings
}

fn judge_text(text: &[u8]) -> Vec<Finding> {
    judge(vec![(
        "openapi/demo/devices.yaml".to_owned(),
        text.to_vec(),
    )])
}

/// Returns the base document as one JSON value. JSON is also YAML, so the tests can read the changed value as a
/// transcript.
fn whole() -> Value {
    let files = base()
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()));
    Document::from_files("demo", files.collect()).unwrap().value
}

/// Collects a JSON pointer to every node.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                pointers(value, &format!("{at}/{}", transcript::escape(key)), all);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
}

#[test]
fn unusual_values_cause_no_panic() {
    let whole = whole();
    let mut all = Vec::new();
    pointers(&whole, "", &mut all);
    let strange = [
        json!(null),
        json!([]),
        json!({}),
        json!(""),
        json!("\u{0}{}/~é"),
        json!(-1),
        json!(1.5),
        json!(true),
        json!([{"$ref": "#/components/schemas/Device"}]),
        json!({"$ref": "#"}),
        json!({"$ref": 1}),
    ];
    for (number, pointer) in all.iter().enumerate() {
        let mut changed = whole.clone();
        // Each copy has one changed node. The next copy uses the next value of the list `strange`.
        *changed.pointer_mut(pointer).unwrap() = strange[number % strange.len()].clone();
        judge_text(changed.to_string().as_bytes());
    }
}

#[test]
fn files_that_are_cut_off_cause_no_panic() {
    for (name, text) in base() {
        for end in (0..text.len()).step_by(23) {
            judge(vec![(name.clone(), text.as_bytes()[..end].to_vec())]);
        }
    }
}

#[test]
fn removed_doubled_and_reindented_lines_cause_no_panic() {
    let (name, text) = ("devices.yaml", text_of(&mut base(), "devices.yaml").clone());
    let lines: Vec<&str> = text.lines().collect();
    for number in 0..lines.len() {
        let line = lines[number];
        for changed in [
            vec![],
            vec![line.to_owned(), line.to_owned()],
            vec![format!("   {line}")],
            vec![line.trim().to_owned()],
        ] {
            let mut all: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            all.splice(number..=number, changed);
            // Files that are still valid YAML take long to check. So the test checks only the changes of every third
            // line.
            if number % 3 == 0 {
                judge(vec![(name.to_owned(), all.join("\n").into_bytes())]);
            }
        }
    }
}

#[test]
fn binary_and_invalid_files_are_refused() {
    let binary: Vec<u8> = (0..=255).collect();
    for bytes in [
        &binary[..],
        b"\xff\xfe",
        b"\xef\xbb\xbfopenapi: 3.0.3\n",
        b"a: \0b\n",
        b"\r\r\r",
        b"\n\n",
        b"%YAML 9.9\n---\n",
        b"---\n---\n",
        b"? ? ?\n",
        b"{",
        b"&a *a",
    ] {
        assert!(!judge_text(bytes).is_empty());
    }
}

#[test]
fn deeply_nested_files_cause_findings_and_no_stack_overflow() {
    let depth = 20_000;
    let block: String = (0..1000)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .collect();
    for text in [
        "[".repeat(depth),
        "{a: ".repeat(depth),
        "- ".repeat(depth),
        "? ".repeat(depth),
        block,
    ] {
        assert!(!judge_text(text.as_bytes()).is_empty());
    }
}

#[test]
fn long_files_are_read() {
    let text: String = (0..20_000)
        .map(|number| format!("x-{number}: {}\n", "y".repeat(number % 50)))
        .collect();
    assert_eq!(
        judge_text(text.as_bytes())
            .iter()
            .filter(|finding| finding.rule == "unknown-extension")
            .count(),
        20_000
    );
}

#[test]
fn circular_references_are_reported() {
    let circles = [
        json!({"A": {"$ref": "#/components/schemas/A"}}),
        json!({"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}),
        json!({"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}}),
        json!({"A": {"allOf": [{"$ref": "#/components/schemas/B"}]}, "B": {"allOf": [{"$ref": "#/components/schemas/A"}]}}),
        json!({"A": {"type": "object", "required": ["a"], "properties": {"a": {"allOf": [{"$ref": "#/components/schemas/A"}]}}}}),
        json!({"A": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A/properties/a"}}}}),
    ];
    for schemas in circles {
        let response = json!({
            "description": "d",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}, "example": {"a": {"a": {}}}}},
        });
        let mut whole = whole();
        whole["components"]["schemas"]
            .as_object_mut()
            .unwrap()
            .extend(schemas.as_object().unwrap().clone());
        whole["paths"]["/v1/{project_id}/devices"]["get"]["responses"]["200"] = response;
        let rules: Vec<_> = judge_text(whole.to_string().as_bytes())
            .iter()
            .map(|finding| finding.rule)
            .collect();
        let circle = ["reference-cycle", "external-ref"];
        assert!(
            rules.iter().any(|rule| circle.contains(rule)),
            "{schemas}: {rules:?}"
        );
    }
}
