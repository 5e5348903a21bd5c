//! Tests the drafts that `audit --draft` makes from difficult documentation pages. A draft is YAML for an operation
//! that the transcript (OpenAPI YAML files) lacks.

use std::fs;

use serde_json::Value;
use transcript::Document;

use super::verb::{workspace, xtask};

/// Returns the draft for a Markdown page, and the standard error of the command.
fn drafted(page: &str) -> (String, String) {
    let root = workspace("", "", &[]);
    fs::create_dir_all(root.path().join("pages")).unwrap();
    fs::write(root.path().join("pages/a.md"), page).unwrap();
    let (out, err, code) = xtask(root.path(), &["audit", "--draft", "pages/a.md"]);
    assert_eq!(code, 0, "{out}{err}");
    (out, err)
}

fn parsed(draft: &str) -> Value {
    let files = vec![("draft.yaml".to_owned(), draft.as_bytes().to_vec())];
    Document::from_files("demo", files).unwrap().value
}

/// Returns a page about an operation. The page has one table of answer fields with the given rows, and the given
/// example of an answer.
fn page_with(row: &str, example: &str) -> String {
    format!(
        "# Querying Lamps\n\n## URI\n\nGET /v1/{{project_id}}/lamp\n\n## Response\n\n\
         | Parameter | Type | Description |\n|---|---|---|\n{row}\n\n\
         ## Example Response\n\n```\n{example}\n```\n\n\
         ## Status Codes\n\n| Status Code | Description |\n|---|---|\n| 200 | Fine. |\n| 400 | Not. |\n"
    )
}

/// The transcript already has an enum `DeviceStatus`: 0 is `Offline`, and 1 is `Online`.
#[test]
fn an_enum_is_reused_only_if_its_numbers_have_the_same_meanings() {
    for (meanings, name) in [
        ("0: offline; 1: online", "DeviceStatus"),
        (
            "0: It is not connected.; 1: It is connected.",
            "DeviceStatus",
        ),
        ("0: online; 1: offline", "State"),
        ("0: dark; 1: lit", "State"),
    ] {
        let row = format!("| state | Integer | State. {meanings} |");
        let (draft, err) = drafted(&page_with(&row, "{\"state\": 1}"));
        let reference = format!("$ref: '#/components/schemas/{name}'");
        assert!(draft.contains(&reference), "{meanings}: {draft}");
        assert!(err.contains("0 findings of lint"), "{meanings}: {err}");
    }
}

#[test]
fn a_long_string_is_broken_into_lines() {
    let long = "0123456789".repeat(40);
    let row = "| key | String | Key. |\n| keys | Array of strings | Keys. |";
    let example = format!("{{\"key\": \"{long}\", \"keys\": [\"{long}\"]}}");
    let (draft, err) = drafted(&page_with(row, &example));
    assert!(err.contains("0 findings of lint"), "{err}");
    assert!(draft.lines().all(|line| line.len() <= 160), "{draft}");
    let pointer =
        "/paths/~1v1~1{project_id}~1lamp/get/responses/200/content/application~1json/example";
    let value = parsed(&draft);
    let example = value.pointer(pointer).unwrap();
    assert_eq!(example["key"], long);
    assert_eq!(example["keys"][0], long);
}

/// The page describes a paged list. The transcript already has an operation `list_devices`.
#[test]
fn a_paged_list_is_drafted_even_if_its_operation_name_is_taken() {
    let page = "# Querying Devices\n\n## URI\n\nGET /v2/{project_id}/devices\n\n\
        Table 1 Query parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
        | limit | No | Integer | Size. |\n| offset | No | Integer | Start. |\n\n## Response\n\n\
        Table 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n\
        | count | Integer | Number. |\n| names | Array of strings | Names. |\n\n\
        ## Status Codes\n\n| Status Code | Description |\n|---|---|\n| 200 | Fine. |\n| 400 | Not. |\n";
    let (draft, err) = drafted(page);
    assert!(err.contains("0 findings of lint"), "{err}");
    let value = parsed(&draft);
    let operation = &value["paths"]["/v2/{project_id}/devices"]["get"];
    assert_eq!(operation["operationId"], "list_devices_v2");
    let paging = &operation["x-pagination"];
    assert_eq!(
        (&paging["items"], &paging["total"]),
        (&"names".into(), &"count".into())
    );
}

#[test]
fn the_draft_marks_findings_of_lint_as_todo() {
    let row = "| is_on | String | On. |\n| isOn | String | On. |";
    let (draft, err) = drafted(&page_with(row, "{\"is_on\": \"x\"}"));
    assert!(err.contains("and 1 finding of lint"), "{err}");
    let mark = "        # TODO: `isOn` and `is_on` become the same Rust field [name-clash]\n";
    assert!(draft.contains(mark), "{draft}");
}

#[test]
fn the_draft_reports_a_table_without_a_column_of_types() {
    let page = page_with("| id | String | Id. |", "{}");
    let lost = "## Response\n\n| Parameter | Description |\n|---|---|\n| hidden | What. |\n\n";
    let (draft, _) = drafted(&page.replace("## Response\n\n", lost));
    let named = "# TODO: the table \"Response\" has no column of types, or belongs to no field: line 11 of the page.\n";
    assert!(
        draft.contains(named) && draft.contains("        id:"),
        "{draft}"
    );
}

/// If an example contradicts the table of fields, the draft contains a corrected example and a TODO comment.
#[test]
fn the_draft_marks_an_example_that_was_changed() {
    let row = "| size | Integer | Size. |";
    let (draft, _) = drafted(&page_with(row, "{\"size\": \"40\"}"));
    let marked =
        "# TODO: the page's example contradicts its tables: `size` (add a row to ERRATA.md)";
    assert!(draft.contains(marked), "{draft}");
    let (draft, _) = drafted(&page_with(row, "{\"size\": 40}"));
    assert!(
        !draft.contains(marked) && draft.contains("size: 40"),
        "{draft}"
    );
}

/// On some pages, the table of path parameters has no column for types.
#[test]
fn parameters_without_types_are_read() {
    let page = "# Showing a Lamp\n\n## URI\n\nGET /v1/{project_id}/lamps/{lamp_id}\n\n\
        | Parameter | Mandatory | Description |\n|---|---|---|\n| lamp_id | Yes | Lamp. |\n\
        | colour | No | Colour. |\n\n## Response\n\n| Parameter | Type | Description |\n|---|---|---|\n| id | String | Id. |\n";
    let (draft, _) = drafted(page);
    let value = parsed(&draft);
    let parameters = &value["paths"]["/v1/{project_id}/lamps/{lamp_id}"]["get"]["parameters"];
    assert_eq!(parameters[2]["name"], "colour", "{draft}");
    assert!(draft.contains("# TODO: which type?"), "{draft}");
}
