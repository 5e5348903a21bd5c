//! Runs `cargo xtask diff` and `cargo xtask changelog` as a user does: with a git repository or two files. The tests
//! check the output and the exit code.

use std::fs;
use std::path::Path;
use std::process;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::documents::with;

/// A git repository with the transcript of one service, committed on `main`.
pub struct Repository(pub TempDir);

impl Repository {
    pub fn new() -> Repository {
        let repository = Repository(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        for name in ["service.yaml", "common.yaml", "devices.yaml"] {
            let base = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/base")
                .join(name);
            repository.write(
                &format!("openapi/demo/{name}"),
                &fs::read_to_string(base).unwrap(),
            );
        }
        repository.write("Cargo.toml", "[workspace.package]\nversion = \"0.3.1\"\n");
        repository.commit("first");
        repository
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn remove(&self, name: &str) {
        fs::remove_dir_all(self.root().join(name)).unwrap();
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&[
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.com",
            "commit",
            "--quiet",
            "--message",
            message,
        ]);
    }

    /// Replaces the first occurrence of a string in the file of the chapter `devices`.
    pub fn edit(&self, from: &str, to: &str) {
        let path = self.root().join("openapi/demo/devices.yaml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    pub fn git(&self, arguments: &[&str]) {
        let mut command = process::Command::new("git");
        // The git configuration of the user must have no effect.
        command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        let status = command
            .arg("-C")
            .arg(self.root())
            .args(arguments)
            .status()
            .unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    pub fn xtask(&self, arguments: &[&str]) -> (String, String, i32) {
        let (out, err, code) = run(command(self.root()).args(arguments));
        // The commands that `xtask` recommends contain the temporary folder as `--root`. The test removes this
        // argument.
        let root = format!(" --root {}", self.root().display());
        (out, err.replace(&root, ""), code)
    }

    /// Replaces the hash of the newest commit of `main` in the output, because the hash differs in each run.
    fn without_hash(&self, text: &str) -> String {
        let hash = self.answer(&["rev-parse", "--short", "main"]);
        text.replace(&hash, "HASH")
    }

    pub fn answer(&self, arguments: &[&str]) -> String {
        let mut command = process::Command::new("git");
        let output = command.arg("-C").arg(self.root()).args(arguments).output();
        let text = String::from_utf8(output.unwrap().stdout).unwrap();
        text.trim_end().to_owned()
    }
}

fn command(root: &Path) -> Command {
    let mut command = Command::cargo_bin("xtask").unwrap();
    command.arg("--root").arg(root);
    command
}

/// Runs a command, and returns standard output, standard error and the exit code.
fn run(command: &mut Command) -> (String, String, i32) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code().unwrap(),
    )
}

/// Returns a repository with four uncommitted changes: two breaking changes, an additive change, and a change of a
/// summary.
fn changed() -> Repository {
    let repository = Repository::new();
    repository.edit("maxLength: 64", "maxLength: 32");
    repository.edit("summary: List devices", "summary: List all devices");
    repository.edit(
        "          description: ID of the device.\n",
        "          description: ID of the device.\n          nullable: true\n",
    );
    repository.edit("        - name: tag\n", "        - name: kind\n          in: query\n          schema: {type: string}\n        - name: tag\n");
    repository
}

#[test]
fn an_unchanged_repository_has_no_changes() {
    let repository = Repository::new();
    let (out, err, code) = repository.xtask(&["diff"]);
    let expected =
        "    Compared 1 document since HASH (first; merge base with main): nothing has changed\n";
    let err = repository.without_hash(&err);
    assert_eq!((out.as_str(), err.as_str(), code), ("", expected, 0));
    assert_eq!(repository.xtask(&["diff", "--format", "json"]).0, "[]\n");
}

#[test]
fn the_text_format_has_subject_position_and_verdicts() {
    let repository = changed();
    let (out, err, code) = repository.xtask(&["diff"]);
    insta::assert_snapshot!("text", out);
    let err = repository.without_hash(&err);
    let expected = "    Compared 1 document since HASH (first; merge base with main): 2 breaking, 1 additive, 1 documentation\nto accept breaking changes, run: cargo xtask diff --allow-breaking\n";
    assert_eq!((err.as_str(), code), (expected, 5));
}

#[test]
fn breaking_changes_can_be_allowed() {
    let repository = changed();
    let (_, err, code) = repository.xtask(&["diff", "--allow-breaking"]);
    assert!(
        err.ends_with(": 2 breaking, 1 additive, 1 documentation\n"),
        "{err}"
    );
    assert_eq!(code, 0);
}

#[test]
fn the_markdown_format_has_a_table() {
    let repository = changed();
    let (out, ..) = repository.xtask(&["diff", "--format", "markdown"]);
    insta::assert_snapshot!("markdown", repository.without_hash(&out));
}

#[test]
fn the_github_format_has_annotations() {
    let repository = changed();
    let (out, _, code) = repository.xtask(&["diff", "--format", "github"]);
    insta::assert_snapshot!("github", out);
    assert_eq!(code, 5);
    let (out, _, code) = repository.xtask(&["diff", "--format", "github", "--allow-breaking"]);
    assert!(
        out.starts_with("::warning file=openapi/demo/devices.yaml,line="),
        "{out}"
    );
    assert_eq!(code, 0);
}

#[test]
fn a_change_in_the_json_format_has_exactly_the_expected_keys() {
    let (out, _, code) = changed().xtask(&["diff", "--format", "json"]);
    let value: Value = serde_json::from_str(&out).unwrap();
    let expected = json!({
        "rule": "schema-maxLength-decreased",
        "verdict": "breaking",
        "wire": "breaking",
        "rust": "documentation",
        "operation": "POST /v1/{project_id}/devices",
        "location": "openapi/demo/devices.yaml:95",
        "before": 64,
        "after": 32,
    });
    let found = value
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["rule"] == expected["rule"]);
    assert_eq!((found, code), (Some(&expected), 5));
}

#[test]
fn errors_about_folders_state_the_problem() {
    let repository = Repository::new();
    let folder = repository.root().join("openapi");
    let (_, err, code) = run(command(repository.root()).arg("diff").arg(&folder));
    assert!(err.contains("is a folder, and not a git revision"), "{err}");
    assert_eq!(code, 100);
    let nowhere = repository.root().join("nowhere");
    let (_, err, code) = run(command(&nowhere).arg("diff"));
    assert!(err.contains("cannot change to"), "{err}");
    assert_eq!(code, 100);
}

#[test]
fn the_recommended_command_is_quoted_for_the_shell() {
    let repository = Repository::new();
    let (_, err, _) = repository.xtask(&["diff", "it's not there"]);
    assert!(err.ends_with("diff 'it'\\''s not there'\n"), "{err}");
}

#[test]
fn without_a_repository_or_without_git_the_error_names_the_problem() {
    let root = tempfile::tempdir().unwrap();
    let (_, err, code) = run(command(root.path())
        .arg("diff")
        .env("GIT_CEILING_DIRECTORIES", root.path()));
    assert!(err.contains("is not in a git repository"), "{err}");
    assert!(
        err.ends_with("to compare two files, run: cargo xtask diff OLD.yaml NEW.yaml\n"),
        "{err}"
    );
    assert_eq!(code, 100);
    let (_, err, code) = run(command(root.path()).arg("diff").env("PATH", root.path()));
    assert!(err.starts_with("git is not installed"), "{err}");
    assert_eq!(code, 100);
}

/// Writes a file in a folder, and returns the path of the file.
fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn two_documents_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), "old.yaml", include_str!("everything.yaml"));
    let head = with(&[("/components/schemas/Thing/properties/size/type", "string")]);
    let new = write(folder.path(), "new.json", &format!("{head:#}"));
    let (out, err, code) =
        run(command(folder.path()).args(["diff", &old, &new, "--format", "json"]));
    let value: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    let change = &value[0];
    assert_eq!(
        (change["rule"].as_str(), code),
        (Some("schema-type-changed"), 5)
    );
    assert_eq!(
        (&change["before"], &change["after"]),
        (&json!("integer"), &json!("string"))
    );
    assert!(
        change["location"].as_str().unwrap().starts_with(&new),
        "{out}"
    );
    let (_, err, code) = run(command(folder.path()).args(["diff", &old]));
    assert!(
        err.contains("there is no second file to compare it with"),
        "{err}"
    );
    assert_eq!(code, 100);
}

/// The help for a document that does not follow the rules of `openapi/README.md`.
const HELP: &str = "`diff` compares documents that follow openapi/README.md, so compare other documents with oasdiff (https://github.com/oasdiff/oasdiff)";

#[test]
fn the_error_for_a_refused_document_has_the_position_and_a_help() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.yaml", include_str!("everything.yaml"));
    let bad = folder.path().join("bad.yaml").display().to_string();
    let whole = |from: &str, to: &str| {
        let text = include_str!("everything.yaml");
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let part = "    PartRequest:\n";
    let state = "{$ref: '#/components/schemas/State'}";
    // The content of the file, a string in the line of the error, and a part of the message.
    let cases = [
        (
            "swagger: '2.0'\n".to_owned(),
            "swagger",
            "this is Swagger 2.0",
        ),
        (
            "title: no\n".to_owned(),
            "title",
            "there is no `openapi: 3.0.3` at the top",
        ),
        (
            "openapi: 3\n".to_owned(),
            "openapi",
            "`openapi: 3` is not version 3.0",
        ),
        (
            whole("3.0.3", "3.1.0"),
            "3.1.0",
            "`openapi: 3.1.0` is not version 3.0",
        ),
        (
            whole("3.0.3", "3.2.0"),
            "3.2.0",
            "`openapi: 3.2.0` is not version 3.0",
        ),
        (
            whole("type: object", "type: [object, 'null']"),
            "[object",
            "`type` of the schema has a value of the wrong type",
        ),
        (
            whole(part, &format!("{part}      oneOf: []\n")),
            "oneOf",
            "`oneOf` is refused: ",
        ),
        (
            whole(part, &format!("{part}      const: 1\n")),
            "const",
            "`const` is not a key of a schema",
        ),
        (
            whole(
                "externalDocs: {url: https://example.com,",
                "webhooks: {}\nx-other: 1\nexternalDocs: {url: https://example.com,",
            ),
            "webhooks",
            "`webhooks` is not a key of a document, and there is 1 more problem",
        ),
        (
            whole(state, "{$ref: 'other.yaml#/State'}"),
            "other.yaml",
            "`$ref: other.yaml#/State` does not lead to a component in #/components/schemas/",
        ),
        (
            whole(state, "{$ref: '#/components/schemas/No'}"),
            "schemas/No'",
            "`$ref: #/components/schemas/No` does not lead to a component in #/components/schemas/",
        ),
        (
            whole(state, "{$ref: '#/components/responses/BadRequest'}"),
            "state: {$ref",
            "`$ref: #/components/responses/BadRequest` does not lead to a component in #/components/schemas/",
        ),
        (
            whole(state, "{allOf: [{type: string}]}"),
            "allOf",
            "`allOf` must be exactly one `$ref`",
        ),
    ];
    for (text, line, message) in cases {
        fs::write(&bad, &text).unwrap();
        let (out, err, code) = run(command(folder.path()).arg("diff").arg(&good).arg(&bad));
        let first = err.lines().next().unwrap();
        let line = 1 + text.lines().position(|other| other.contains(line)).unwrap();
        assert!(
            first.contains(&format!("{bad}:{line}:")),
            "{message}: {err}"
        );
        assert!(first.contains(message), "{message}: {err}");
        assert!(first.ends_with(HELP), "{err}");
        assert_eq!((out.as_str(), code), ("", 100), "{text}");
    }
    for (text, message) in [
        ("openapi: '3.0.3\n", "[yaml-syntax]"),
        ("- 1\n", "the file is not a mapping"),
        ("a: &a [*a]\n", "an anchor is not allowed in transcripts"),
        (
            "a: {<<: {b: 1}}\n",
            "a merge key is not allowed in transcripts",
        ),
    ] {
        fs::write(&bad, text).unwrap();
        let (_, err, code) = run(command(folder.path()).arg("diff").arg(&good).arg(&bad));
        assert!(
            err.contains(message) && err.contains("bad.yaml:1:") && err.contains(HELP),
            "{err}"
        );
        assert_eq!(code, 100, "{text}");
    }
}

#[test]
fn a_changelog_names_the_required_version() {
    let repository = changed();
    let (out, _, code) = repository.xtask(&["changelog", "HEAD"]);
    insta::assert_snapshot!("changelog", out);
    assert_eq!(code, 0);
    for (version, due) in [
        ("1.4.2", "1.4.2 becomes 2.0.0."),
        ("0.0.7", "0.0.7 becomes 0.0.8."),
    ] {
        repository.write(
            "Cargo.toml",
            &format!(
                "[package]\nversion = \"9.9.9\"\n\n[workspace.package]\nversion = \"{version}\"\n"
            ),
        );
        let (out, ..) = repository.xtask(&["changelog", "HEAD"]);
        assert!(out.contains(due), "{out}");
    }
}

#[test]
fn a_changelog_of_two_files_names_the_next_version() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), "old.yaml", include_str!("everything.yaml"));
    let head = with(&[
        (
            "/components/schemas/Thing/properties/new",
            "{type: string, description: New.}",
        ),
        ("/components/schemas/Thing/properties/token_count", "~"),
        ("/components/schemas/Thing/properties/id/deprecated", "true"),
        (
            "/components/schemas/ThingRequest/properties/name/maxLength",
            "9",
        ),
    ]);
    let new = write(folder.path(), "new.yaml", &head.to_string());
    let out = run(command(folder.path()).args(["changelog", &old, &new])).0;
    insta::assert_snapshot!("changelog_of_files", out);
    let out = run(command(folder.path()).args(["changelog", &old, &old])).0;
    assert_eq!(
        out,
        "## [Unreleased]\n\nNothing has changed, so no new version is necessary.\n"
    );
}

#[test]
fn help_has_examples_and_rules_have_meanings() {
    for verb in ["diff", "changelog"] {
        let (out, _, code) = run(command(Path::new(".")).args([verb, "--help"]));
        assert!(out.contains("Examples:\n  cargo xtask "), "{out}");
        assert_eq!(code, 0);
    }
    let (out, ..) = run(command(Path::new(".")).args(["diff", "--rules"]));
    assert!(out.contains(
        "schema-properties-removed\n    requests breaking, answers breaking, Rust decided by generated code: a field\n"
    ));
    assert_eq!(out.lines().count(), 2 * diff::rules().len());
}

#[test]
fn the_output_has_no_colours_without_a_terminal() {
    let (out, err, _) = changed().xtask(&["diff"]);
    assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'));
}
