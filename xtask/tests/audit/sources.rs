//! Tests `audit` with damaged pages, pages of other services, limits in sentences, rows of `ERRATA.md`, and contracts.
//! Also tests the option `--score`, which changes facts of pages, and counts the changes that the audit finds.
//!
//! A contract is an OpenAPI file that Huawei Cloud publishes for its API explorer.

use std::fs;

use serde_json::{Value, json};
use transcript::Document;
use xtask::verbs::new::operation::with_skeleton;

use super::verb::{workspace, xtask};
use super::{CREATE, UPDATE, create, document, page};
use audit::audit;

/// Returns the messages of the findings about a page.
fn messages(file: &str, text: &str) -> Vec<String> {
    let findings = audit(&[document("", "")], file, text).findings;
    findings.into_iter().map(|found| found.message).collect()
}

#[test]
fn merged_cells_are_reported_and_their_facts_are_not_guessed() {
    let html = create("html");
    let row = "<tr><td><p>password</p>";
    assert!(html.contains(row));
    for span in ["rowspan=\"2\"", "colspan=\"2\""] {
        let text = html.replace(row, &row.replace("<td>", &format!("<td {span}>")));
        let found = messages("page.html", &text);
        let said = found[0].contains("have merged cells; this part was not compared");
        assert!(said, "{span}: {found:?}");
        // The only other finding reports the missing field, because `audit` does not guess the facts of the row.
        let absent = found.contains(&"the page has no field `password`".to_owned());
        assert!(absent && found.len() == 2, "{span}: {found:?}");
    }
    // If a cell covers two rows, `audit` reads neither row. The table has only these rows, so it seems to be missing.
    let text = html.replace("<tr><td><p>name</p>", "<tr><td rowspan=\"2\"><p>name</p>");
    let found = messages("page.html", &text);
    let lost = "the page has no table for the request body";
    assert!(found.contains(&lost.to_owned()), "{found:?}");
    // Removes the border below the last cell of a row, so that this cell covers two rows of the grid.
    let rst = create("rst");
    let name = rst
        .lines()
        .position(|line| line.contains("| name "))
        .unwrap();
    let mut lines: Vec<String> = rst.lines().map(str::to_owned).collect();
    let below = (name + 1..)
        .find(|at| lines[*at].trim().starts_with('+'))
        .unwrap();
    let end = lines[below].rfind('+').unwrap();
    let last = lines[below][..end].rfind('+').unwrap();
    let spaces = " ".repeat(end - last - 1);
    lines[below].replace_range(last..=end, &format!("+{spaces}|"));
    let found = messages("page.rst", &lines.join("\n"));
    assert!(found[0].contains("merged cells"), "{found:?}");
}

/// The test cuts each page at seven positions, and one page also before its list of statuses.
#[test]
fn a_page_that_is_cut_off_has_a_finding() {
    for form in CREATE {
        let text = create(form);
        for part in 2..9 {
            let mut at = text.len() * part / 10;
            while !text.is_char_boundary(at) {
                at += 1;
            }
            let found = messages(form, &text[..at]);
            assert!(!found.is_empty(), "{form}: {part} tenths");
        }
    }
    let text = create("md");
    let whole = text.find("## Status Codes").unwrap();
    let found = messages("page.md", &text[..whole]);
    let said = "the list of statuses is missing, perhaps because the page is cut off; this part was not compared";
    assert!(found.contains(&said.to_owned()), "{found:?}");
}

#[test]
fn two_operations_on_a_page_are_refused() {
    for form in ["md", "rst", "lines.txt", "html"] {
        let text = create(form);
        let (other, more) = match form {
            "md" | "zh.md" => ("DELETE /v1/{project\\_id}/devices", "\n\n"),
            "html" => ("DELETE /v1/{project_id}/devices", "</p><p>"),
            _ => ("DELETE /v1/{project_id}/devices", "\n\n"),
        };
        let route = other.replace("DELETE", "POST");
        assert!(text.contains(&route), "{form}");
        let both = text.replace(&route, &format!("{route}{more}{other}"));
        let found = messages(form, &both);
        let said = "2 operations on one page: POST /v1/{project_id}/devices, DELETE /v1/{project_id}/devices";
        assert_eq!(found, [said], "{form}");
    }
}

/// A page of another service can describe an operation with the method and path of `create_device`.
#[test]
fn a_page_of_another_service_is_not_compared() {
    let mut text = create("md");
    for (ours, theirs) in [
        ("| name |", "| broker |"),
        ("| password |", "| topic |"),
        ("| status |", "| partitions |"),
        ("| labels |", "| retention |"),
        ("| children |", "| consumers |"),
        ("| id |", "| group |"),
    ] {
        assert!(text.contains(ours), "{ours}");
        text = text.replace(ours, theirs);
    }
    let found = messages("page.md", &text);
    let said = "this page seems to describe an operation of another service, or another revision of demo CreateDevice";
    assert!(found.len() == 1 && found[0].starts_with(said), "{found:?}");
    // The official name on the page is the name of another operation.
    let text = create("rst").replace(
        ":original_name: CreateDevice",
        ":original_name: CreateTopic",
    );
    let found = messages("page.rst", &text);
    assert!(found[0].contains("the name is CreateTopic"), "{found:?}");
}

#[test]
fn limits_and_options_in_sentences_are_compared() {
    let limit = "Name of the device.<br>Minimum: 2<br>Maximum: 64";
    for (words, said) in [
        ("The value can contain 2 to 64 characters.", None),
        ("At least 2 and at most 64 characters.", None),
        ("The minimum length is 2. The maximum length is 64.", None),
        ("Up to 63 characters.", Some("at most 63")),
        ("A maximum of 1000 characters.", Some("at most 1000")),
        ("It has 3 to 64 characters.", Some("3 to 64")),
    ] {
        let text = create("md").replace(limit, words);
        let found = messages("page.md", &text);
        match said {
            None => assert!(found.is_empty(), "{words}: {found:?}"),
            Some(said) => assert!(found[0].contains(said), "{words}: {found:?}"),
        }
    }
    let limit = "<p>设备名称</p>\n<p>最小长度：<strong>2</strong></p>\n<p>最大长度：<strong>64</strong></p>";
    for (words, said) in [
        ("名称长度为2到64位的字符串。", None),
        ("长度为2~64的字符。", None),
        ("名称长度为3到64位的字符串。", Some("3 to 64")),
        ("长度不超过63个字符。", Some("at most 63")),
    ] {
        assert!(create("zh.md").contains(limit));
        let text = create("zh.md").replace(limit, &format!("<p>{words}</p>"));
        let found = messages("page.md", &text);
        match said {
            None => assert!(found.is_empty(), "{words}: {found:?}"),
            Some(said) => assert!(found[0].contains(said), "{words}: {found:?}"),
        }
    }
    let options = "The options are as follows: 0: offline; 1: online.";
    for (words, fine) in [
        ("Offline (0) or online (1).", true),
        ("0 is offline, 1 is online.", true),
        ("0 is offline, 2 is online.", false),
        ("Options: **0** and **2**.", false),
    ] {
        let text = create("md").replace(options, words);
        let found = messages("page.md", &text);
        let told = found.iter().any(|message| message.contains("options"));
        assert_eq!(told, !fine, "{words}: {found:?}");
    }
}

/// If the page later states another limit, the old row of `ERRATA.md` does not explain the new difference.
#[test]
fn an_erratum_does_not_explain_a_new_limit_on_the_page() {
    let comment = "        # ERRATA A1\n        name:\n          type: string";
    let root = workspace(
        "        name:\n          type: string",
        &comment.replace("type: string", "type: string\n          maxLength: 63"),
        &["create_device.md"],
    );
    let file = root.path().join("openapi/demo/devices.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("          maxLength: 64\n", "")).unwrap();
    let (out, err, code) = xtask(root.path(), &["audit", "pages/create_device.md"]);
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
    let later = page("create_device.md").replace("Maximum: 64", "Maximum: 65");
    fs::write(root.path().join("pages/later.md"), later).unwrap();
    let (out, ..) = xtask(root.path(), &["audit", "pages/later.md"]);
    assert!(out.contains("are 2 to 65 on the page"), "{out}");
}

/// Returns a contract for the service `demo`, in version 2 or 3 of OpenAPI.
fn contract(version: u8) -> Value {
    let home = if version == 2 {
        "definitions"
    } else {
        "components/schemas"
    };
    let reference = |name: &str| json!({"$ref": format!("#/{home}/{name}")});
    let schemas = json!({
        "Body": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "minLength": 2, "maxLength": 64},
            "password": {"type": "string", "minLength": 8, "maxLength": 32},
        }},
        "Device": {"type": "object", "properties": {
            "id": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 99_999_999_999_999_999_u64},
            "status": {"type": "integer", "enum": [0, 1], "minimum": 0, "maximum": 1},
            "created_datetime": {"type": "integer", "format": "int64"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "children": {"type": "array", "items": reference("Device")},
        }},
    });
    let body = |schema: Value| match version {
        2 => json!({"description": "x", "schema": schema}),
        _ => json!({"description": "x", "content": {"application/json": {"schema": schema}}}),
    };
    let project = match version {
        2 => {
            json!({"name": "project_id", "in": "path", "required": true, "type": "string", "maxLength": 32})
        }
        _ => {
            json!({"name": "project_id", "in": "path", "required": true, "schema": {"type": "string", "maxLength": 32}})
        }
    };
    let mut operation = json!({
        "operationId": "CreateDevice",
        "tags": ["devices"],
        "parameters": [project],
        "responses": {"201": body(reference("Device")), "204": {"description": "x"}, "400": {"description": "x"}},
    });
    match version {
        2 => operation["parameters"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "body", "in": "body", "schema": reference("Body")})),
        _ => operation["requestBody"] = body(reference("Body")),
    }
    let mut other = operation.clone();
    other["operationId"] = json!("TuneDevice");
    let paths = json!({"/v1/{project_id}/devices": {"post": operation}, "/v1/{project_id}/devices/tune": {"put": other}});
    match version {
        2 => json!({"swagger": "2.0", "paths": paths, "definitions": schemas}),
        _ => json!({"openapi": "3.0.0", "paths": paths, "components": {"schemas": schemas}}),
    }
}

#[test]
fn contracts_in_openapi_2_and_3_are_compared() {
    let root = workspace("", "", &["create_device.md"]);
    let file = root.path().join("pages/contract.json");
    let audit = |contract: &Value| {
        fs::write(&file, serde_json::to_string_pretty(contract).unwrap()).unwrap();
        xtask(root.path(), &["audit", "--contract", "pages/contract.json"])
    };
    for version in [2, 3] {
        let (out, err, code) = audit(&contract(version));
        assert_eq!((out.as_str(), code), ("", 0), "{version}: {err}");
        assert!(err.contains("demo create_device, 0 findings"), "{err}");
        assert!(
            err.contains("Skipped 1 operation without a transcript"),
            "{err}"
        );
        let home = if version == 2 {
            "definitions"
        } else {
            "components/schemas"
        };
        for (pointer, value, said) in [
            (
                "Body/properties/name/maxLength",
                json!(65),
                "the limits of `name` are 2 to 65 in the contract, 2 to 64 in the transcript",
            ),
            (
                "Body/required",
                json!(["name", "password"]),
                "`password` is mandatory in the contract, optional in the transcript",
            ),
            (
                "Body/properties/extra",
                json!({"type": "string"}),
                "the transcript has no field `extra`, the contract has",
            ),
            (
                "Device/properties/status/enum",
                json!([0, 1, 2]),
                "the transcript lacks the options 2 of `status`",
            ),
            (
                "Device/properties/labels",
                json!({"type": "boolean"}),
                "`labels` is boolean in the contract, object in the transcript",
            ),
            (
                "Device/properties/id/default",
                json!(7),
                "the default of `id` is `7` in the contract, the transcript has none",
            ),
        ] {
            let mut changed = contract(version);
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            changed.pointer_mut(&format!("/{home}/{parent}")).unwrap()[key] = value;
            let (out, _, code) = audit(&changed);
            assert!(out.contains(said) && code == 100, "{version} {said}: {out}");
            assert!(
                out.contains("::: pages/contract.json:") || !out.contains("the contract's"),
                "{out}"
            );
        }
        let mut less = contract(version);
        let body = less
            .pointer_mut(&format!("/{home}/Body/properties"))
            .unwrap();
        body.as_object_mut().unwrap().remove("password");
        let (out, ..) = audit(&less);
        assert!(
            out.contains("the contract has no field `password`"),
            "{out}"
        );
    }
}

/// The transcript lacks the operation `TuneDevice` of the contract.
#[test]
fn an_operation_of_a_contract_is_drafted() {
    let root = workspace("", "", &["create_device.md"]);
    fs::write(
        root.path().join("pages/contract.json"),
        contract(3).to_string(),
    )
    .unwrap();
    let words = [
        "audit",
        "--contract",
        "pages/contract.json",
        "--draft",
        "TuneDevice",
    ];
    let (out, err, code) = xtask(root.path(), &words);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.starts_with("# A draft for openapi/demo/devices.yaml"),
        "{out}"
    );
    let files = vec![("draft.yaml".to_owned(), out.as_bytes().to_vec())];
    let value = Document::from_files("demo", files).unwrap().value;
    let operation = &value["paths"]["/v1/{project_id}/devices/tune"]["put"];
    assert_eq!(operation["x-huawei-operation-id"], "TuneDevice");
    // The transcript already has the schemas of the request and of the answer, so the draft defines no schemas.
    assert_eq!(value.get("components"), None, "{out}");
    let (_, err, code) = xtask(root.path(), &[&words[..4], &["TuneDevise"]].concat());
    assert!(
        code != 0 && err.contains("did you mean `TuneDevice`?"),
        "{err}"
    );
    fs::write(root.path().join("pages/contract.json"), "{\"paths\": {}}").unwrap();
    let (out, ..) = xtask(root.path(), &words[..3]);
    assert!(out.contains("the contract has no operations"), "{out}");
}

/// The audit must also compare the elements of the list.
#[test]
fn an_answer_that_is_a_list_is_compared() {
    let root = workspace(
        "                $ref: '#/components/schemas/Device'\n              example:\n                id: 7\n                labels:\n                  room: kitchen",
        "                type: array\n                items:\n                  $ref: '#/components/schemas/Device'\n              example:\n                - id: 7",
        &[],
    );
    let audit = |contract: &Value| {
        let file = root.path().join("contract.json");
        fs::write(&file, contract.to_string()).unwrap();
        xtask(
            root.path(),
            &["audit", "--contract", file.to_str().unwrap()],
        )
    };
    let mut contract = contract(3);
    let post = &mut contract["paths"]["/v1/{project_id}/devices"]["post"];
    let schema = &mut post["responses"]["201"]["content"]["application/json"]["schema"];
    *schema = json!({"type": "array", "items": schema.take()});
    let (out, err, code) = audit(&contract);
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
    contract["components"]["schemas"]["Device"]["properties"]["status"]["enum"] = json!([0, 1, 2]);
    let (out, _, code) = audit(&contract);
    assert_eq!(code, 100);
    assert!(out.contains("lacks the options 2 of `status`"), "{out}");
}

#[test]
fn the_pages_together_reach_the_target_scores() {
    let names = CREATE.map(|form| format!("create_device.{form}"));
    let more = UPDATE.map(|form| format!("update_lamp.{form}"));
    let names: Vec<&str> = names.iter().chain(&more).map(String::as_str).collect();
    let root = workspace("", "", &names);
    // Adds the draft of the page about `update_lamp` to the transcript.
    let (draft, ..) = xtask(root.path(), &["audit", "--draft", "pages/update_lamp.rst"]);
    let parts = vec![(
        "draft.yaml".to_owned(),
        draft.replace("TODO", "Decided").into_bytes(),
    )];
    let parts = Document::from_files("demo", parts).unwrap().value;
    let chapter = root.path().join("openapi/demo/devices.yaml");
    let text = fs::read_to_string(&chapter).unwrap();
    fs::write(&chapter, with_skeleton(&text, parts.as_object().unwrap())).unwrap();
    for name in names.iter().filter(|name| name.starts_with("update")) {
        let text = page(name).replace("DEMO.2", "DEMO.1");
        fs::write(root.path().join("pages").join(name), text).unwrap();
    }
    let (out, err, code) = xtask(root.path(), &["audit", "--score", "pages/"]);
    assert_eq!(code, 0, "{err}{out}");
    assert!(
        err.contains("11 pages of transcribed operations, 0 other files skipped, 0 findings about unchanged pages"),
        "{err}"
    );
    insta::assert_snapshot!("score", out);
}

/// If `ERRATA.md` explains a changed fact, the change counts as missed. If a score is below its target, the command
/// fails. The output lists each missed change with the reason.
#[test]
fn an_explained_fact_lowers_the_score() {
    let comment = "        # ERRATA A1\n        name:\n          type: string";
    let root = workspace(
        "        name:\n          type: string",
        comment,
        &["create_device.md"],
    );
    let list = root.path().join("openapi/demo/ERRATA.md");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(
        &list,
        text.replace(
            "limit of `name` | 2 to 64,",
            "limit of `name` | 2 to 65, 3 to 64,",
        ),
    )
    .unwrap();
    let (out, err, code) = xtask(root.path(), &["audit", "--score", "pages/"]);
    assert_eq!(code, 100, "{err}");
    let line = "limit: 64 to 65: nothing to do: openapi/demo/ERRATA.md explains it (A1)";
    assert!(out.contains(line), "{out}");
}
