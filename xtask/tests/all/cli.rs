//! Runs the program `xtask` as a user does, and checks its output and its exit codes.

#[allow(dead_code)]
use crate::cases;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Returns a workspace with the service `demo`. In the given file, `to` replaces `from`.
fn workspace(file: &str, from: &str, to: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("openapi/demo");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in cases::base() {
        let text = if name == file {
            text.replace(from, to)
        } else {
            text
        };
        fs::write(folder.join(name), text).unwrap();
    }
    root
}

/// Runs `xtask`, and returns standard output, standard error and the exit code. Removes the argument `--root` from the
/// commands in standard error, because this argument contains the path of the temporary folder.
fn xtask(root: &Path, arguments: &[&str]) -> (String, String, i32) {
    let output = Command::cargo_bin("xtask")
        .unwrap()
        .arg("--root")
        .arg(root)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let folder = format!(" --root {}", root.display());
    (
        text(output.stdout),
        text(output.stderr).replace(&folder, ""),
        output.status.code().unwrap(),
    )
}

#[test]
fn a_clean_service_has_one_line_of_output() {
    let root = workspace("", "", "");
    let (out, err, code) = xtask(root.path(), &["lint"]);
    assert_eq!(
        (out.as_str(), err.as_str(), code),
        ("", "      Linted demo: 2 operations\n", 0)
    );
}

#[test]
fn findings_have_the_form_of_compiler_errors() {
    let root = workspace(
        "devices.yaml",
        "operationId: list_devices",
        "operationId: create_device",
    );
    let (out, err, code) = xtask(root.path(), &["lint", "demo"]);
    let expected = "\
error[operation-id]: `create_device` is used by two operations
  --> openapi/demo/devices.yaml:40:7
   |
40 |       operationId: create_device
   |       ^^^^^^^^^^^
   |
  ::: openapi/demo/devices.yaml:4:7
   |
 4 |       operationId: create_device
   |       ----------- first used here
   |
   = help: give each operation its own name

";
    assert_eq!(out, expected);
    assert_eq!(
        err,
        "      Failed demo: 1 finding\nafter fixing the files above, run: cargo xtask lint demo\n"
    );
    assert_eq!(code, 100);
}

#[test]
fn columns_are_counted_in_characters() {
    let root = workspace("", "", "");
    fs::write(
        root.path().join("openapi/demo/service.yaml"),
        "é: [é, &x b]\n",
    )
    .unwrap();
    let (out, ..) = xtask(root.path(), &["lint"]);
    assert!(out.contains("service.yaml:1:8"), "{out}");
    assert!(out.contains("1 | é: [é, &x b]\n  |        ^^"), "{out}");
}

#[test]
fn the_json_format_contains_all_facts_of_a_finding() {
    let root = workspace("service.yaml", "openapi: 3.0.3", "openapi: 3.1.0");
    let (out, _, code) = xtask(root.path(), &["lint", "--format", "json"]);
    let value: Value = serde_json::from_str(&out).unwrap();
    let expected = json!([{
        "rule": "openapi-version",
        "file": "openapi/demo/service.yaml",
        "line": 1,
        "column": 1,
        "message": "this is not OpenAPI 3.0.3",
        "help": "write `openapi: 3.0.3`",
        "also": [],
    }]);
    assert_eq!((value, code), (expected, 100));
    let clean = workspace("", "", "");
    assert_eq!(xtask(clean.path(), &["lint", "--format", "json"]).0, "[]\n");
}

#[test]
fn the_github_format_shows_a_finding_in_one_line() {
    let root = workspace("service.yaml", "openapi: 3.0.3", "openapi: 3.1.0");
    let (out, ..) = xtask(root.path(), &["lint", "--format", "github"]);
    let expected = "::error file=openapi/demo/service.yaml,line=1,col=1,title=openapi-version::this is not OpenAPI 3.0.3 (help: write `openapi: 3.0.3`)\n";
    assert_eq!(out, expected);
}

#[test]
fn lint_and_list_refuse_a_file_that_is_not_yaml() {
    let root = workspace("service.yaml", "title: Demo", "title: 'Demo");
    let (out, err, code) = xtask(root.path(), &["lint"]);
    assert!(out.starts_with("error[yaml-syntax]:"), "{out}");
    assert!(
        err.ends_with("after fixing the files above, run: cargo xtask lint\n"),
        "{err}"
    );
    assert_eq!(code, 100);
    let (_, err, code) = xtask(root.path(), &["list"]);
    assert!(
        err.ends_with("to see all findings, run: cargo xtask lint demo\n"),
        "{err}"
    );
    assert_eq!(code, 100);
}

#[test]
fn each_cited_erratum_must_have_a_row() {
    let root = workspace(
        "service.yaml",
        "title: Demo",
        "title: Demo # ERRATA E-1, A2: as on the page",
    );
    assert_eq!(
        xtask(root.path(), &["lint"]).2,
        0,
        "if no service has an ERRATA.md, lint does not check errata"
    );
    let errata = root.path().join("openapi/demo/ERRATA.md");
    fs::write(
        &errata,
        "| id | what |\n|---|---|\n| E-1 | x |\n| A2 | x |\n",
    )
    .unwrap();
    assert_eq!(xtask(root.path(), &["lint"]).2, 0);
    fs::write(&errata, "| id | what |\n|---|---|\n| E-1 | x |\n").unwrap();
    let (out, _, code) = xtask(root.path(), &["lint"]);
    assert!(
        out.starts_with(
            "error[erratum]: there is no erratum `A2`\n --> openapi/demo/service.yaml:3:"
        ),
        "{out}"
    );
    assert_eq!(code, 100);
}

/// An erratum is a row of `ERRATA.md`. Comments in transcripts cite the row by its id, so the id must be unique in all
/// services.
#[test]
fn each_errata_row_has_a_unique_id_and_names_known_facts() {
    let root = workspace("", "", "");
    let list = |service: &str, rows: &str| {
        let folder = root.path().join("openapi").join(service);
        fs::create_dir_all(&folder).unwrap();
        let text = format!("| id | where | explains |\n|---|---|---|\n{rows}");
        fs::write(folder.join("ERRATA.md"), text).unwrap();
    };
    list("demo", "| A1 | x | limit of `name`; example |\n");
    assert_eq!(xtask(root.path(), &["lint"]).2, 0);
    list("demo", "| A1 | x | |\n| A1 | y | |\n");
    let (out, _, code) = xtask(root.path(), &["lint"]);
    let twice = "error[erratum-row]: the row at openapi/demo/ERRATA.md:3:1 has the id `A1` too\n --> openapi/demo/ERRATA.md:4:1";
    assert!(out.starts_with(twice), "{out}");
    assert_eq!(code, 100);
    list("demo", "| A1 | x | spelling of `name` |\n");
    let (out, ..) = xtask(root.path(), &["lint"]);
    assert!(
        out.starts_with("error[erratum-row]: `spelling` is not a fact"),
        "{out}"
    );
    list("demo", "| A1 | x | |\n");
    list("other", "| A1 | x | |\n");
    fs::copy(
        root.path().join("openapi/demo/service.yaml"),
        root.path().join("openapi/other/service.yaml"),
    )
    .unwrap();
    let (out, ..) = xtask(root.path(), &["lint", "demo"]);
    let elsewhere =
        "error[erratum-row]: the row at openapi/other/ERRATA.md:3:1 has the id `A1` too";
    assert!(out.starts_with(elsewhere), "{out}");
}

#[test]
fn an_unknown_service_and_a_missing_openapi_folder_are_failures() {
    let root = workspace("", "", "");
    let (out, err, code) = xtask(root.path(), &["lint", "dmeo"]);
    let expected = "unknown service `dmeo`: did you mean `demo`? the services are demo\nafter fixing this, run: cargo xtask lint dmeo\n";
    assert_eq!((out.as_str(), err.as_str(), code), ("", expected, 100));
    let nowhere = tempfile::tempdir().unwrap();
    let (_, err, code) = xtask(nowhere.path(), &["list"]);
    assert!(
        err.starts_with("cannot read ") && err.contains("openapi"),
        "{err}"
    );
    assert_eq!(code, 100);
}

#[test]
fn a_missing_service_yaml_and_a_missing_transcript_are_failures() {
    let root = workspace("", "", "");
    std::fs::remove_file(root.path().join("openapi/demo/service.yaml")).unwrap();
    for words in [["lint"].as_slice(), &["generate", "--check"]] {
        let (_, err, code) = xtask(root.path(), words);
        assert_eq!(code, 100, "{words:?}: {err}");
        assert!(
            err.lines().last().unwrap().contains("run: cargo xtask"),
            "{err}"
        );
    }
    let root = workspace("", "", "");
    std::fs::create_dir_all(root.path().join("crates/gone/src/generated")).unwrap();
    let (_, err, code) = xtask(root.path(), &["generate", "--check"]);
    assert_eq!(code, 100);
    assert!(
        err.starts_with("crates/gone is generated, but there is no openapi/gone"),
        "{err}"
    );
}

#[test]
fn operations_are_listed_with_their_facts() {
    let root = workspace("", "", "");
    let (out, err, code) = xtask(root.path(), &["list"]);
    let expected = "\
SERVICE  OPERATION      OFFICIAL NAME  METHOD  PATH                      FIELDS  PAGE
demo     list_devices   ListDevices    GET     /v1/{project_id}/devices  7       https://example.com/ListDevices.html
demo     create_device  CreateDevice   POST    /v1/{project_id}/devices  7       -
";
    assert_eq!((out.as_str(), err.as_str(), code), (expected, "", 0));
    let (out, ..) = xtask(root.path(), &["list", "--format", "json"]);
    let rows: Value = serde_json::from_str(&out).unwrap();
    let expected = json!({
        "service": "demo",
        "operation_id": "create_device",
        "official_id": "CreateDevice",
        "method": "POST",
        "path": "/v1/{project_id}/devices",
        "page": null,
        "fields": 7,
    });
    assert_eq!(rows[1], expected);
}

#[test]
fn rules_are_shown_with_their_reasons() {
    let root = workspace("", "", "");
    let (out, _, code) = xtask(root.path(), &["lint", "--rules"]);
    assert_eq!(out.matches("    because ").count(), lint::rules().len());
    assert_eq!(code, 0);
}

#[test]
fn the_help_of_five_verbs_has_examples() {
    for verb in ["lint", "list", "audit", "new-service", "new-operation"] {
        let (out, _, code) = xtask(Path::new("."), &[verb, "--help"]);
        assert!(out.contains("Examples:\n  cargo xtask "), "{out}");
        assert_eq!(code, 0);
    }
}

#[test]
fn styles_determine_whether_the_output_has_colours() {
    use clap::Parser;
    use report::terminal::Outcome;
    use report::terminal::{Styles, Terminal};
    use xtask::cli::{Cli, run};

    let root = workspace("service.yaml", "openapi: 3.0.3", "openapi: 3.1.0");
    let cli = Cli::parse_from([
        "cargo xtask",
        "--root",
        root.path().to_str().unwrap(),
        "lint",
    ]);
    let shown = |styles| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = run(
            &cli,
            &mut Terminal {
                out: &mut out,
                err: &mut err,
                styles,
            },
        )
        .unwrap();
        assert_eq!(outcome, Outcome::Failed);
        String::from_utf8([out, err].concat()).unwrap()
    };
    assert!(shown(Styles::coloured()).contains("\u{1b}["));
    assert!(!shown(Styles::plain()).contains('\u{1b}'));
}
