//! `cargo xtask diff` and `cargo xtask changelog` as a person runs them: a repository, two files, what is printed, the exit code.

use std::fs;
use std::path::Path;
use std::process;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A git repository with the transcripts of one service, committed on `main`.
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

    /// Replaces a text of the chapter `devices`.
    pub fn edit(&self, from: &str, to: &str) {
        let path = self.root().join("openapi/demo/devices.yaml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    pub fn git(&self, arguments: &[&str]) {
        let mut command = process::Command::new("git");
        // What the person who runs the tests has configured is none of their business.
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
        // The next command names this folder too.
        let root = format!(" --root {}", self.root().display());
        (out, err.replace(&root, ""), code)
    }

    /// What is printed, with a word for the hash of the newest commit of `main`, which is another each time.
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

/// Standard output, standard error, exit code.
fn run(command: &mut Command) -> (String, String, i32) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code().unwrap(),
    )
}

/// One change of each verdict.
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
fn nothing_has_changed() {
    let repository = Repository::new();
    let (out, err, code) = repository.xtask(&["diff"]);
    let expected =
        "    Compared 1 document since HASH (first; merge base with main): nothing has changed\n";
    let err = repository.without_hash(&err);
    assert_eq!((out.as_str(), err.as_str(), code), ("", expected, 0));
    assert_eq!(repository.xtask(&["diff", "--format", "json"]).0, "[]\n");
}

#[test]
fn a_person_reads_what_where_and_for_whom() {
    let repository = changed();
    let (out, err, code) = repository.xtask(&["diff"]);
    insta::assert_snapshot!("text", out);
    let err = repository.without_hash(&err);
    let expected = "    Compared 1 document since HASH (first; merge base with main): 2 breaking, 1 additive, 1 documentation\nto accept what breaks, run: cargo xtask diff --allow-breaking\n";
    assert_eq!((err.as_str(), code), (expected, 5));
}

#[test]
fn what_breaks_can_be_allowed() {
    let repository = changed();
    let (_, err, code) = repository.xtask(&["diff", "--allow-breaking"]);
    assert!(
        err.ends_with(": 2 breaking, 1 additive, 1 documentation\n"),
        "{err}"
    );
    assert_eq!(code, 0);
}

#[test]
fn a_pull_request_has_a_table() {
    let repository = changed();
    let (out, ..) = repository.xtask(&["diff", "--format", "markdown"]);
    insta::assert_snapshot!("markdown", repository.without_hash(&out));
}

#[test]
fn github_has_annotations() {
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
fn a_program_reads_exactly_these_keys() {
    let (out, _, code) = changed().xtask(&["diff", "--format", "json"]);
    let value: Value = serde_json::from_str(&out).unwrap();
    let expected = json!({
        "rule": "request-property-max-length-decreased",
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
fn a_folder_is_named_as_one() {
    let repository = Repository::new();
    let folder = repository.root().join("openapi");
    let (_, err, code) = run(command(repository.root()).arg("diff").arg(&folder));
    assert!(err.contains("is a folder, and no git revision"), "{err}");
    assert_eq!(code, 100);
    let nowhere = repository.root().join("nowhere");
    let (_, err, code) = run(command(&nowhere).arg("diff"));
    assert!(err.contains("cannot change to"), "{err}");
    assert_eq!(code, 100);
}

#[test]
fn the_command_to_repeat_can_be_pasted() {
    let repository = Repository::new();
    let (_, err, _) = repository.xtask(&["diff", "it's not there"]);
    assert!(err.ends_with("diff 'it'\\''s not there'\n"), "{err}");
}

#[test]
fn without_a_repository_or_git_the_way_out_is_named() {
    let root = tempfile::tempdir().unwrap();
    let (_, err, code) = run(command(root.path())
        .arg("diff")
        .env("GIT_CEILING_DIRECTORIES", root.path()));
    assert!(err.contains("is in no git repository"), "{err}");
    assert!(
        err.ends_with("to compare two files, run: cargo xtask diff OLD.yaml NEW.yaml\n"),
        "{err}"
    );
    assert_eq!(code, 100);
    let (_, err, code) = run(command(root.path()).arg("diff").env("PATH", root.path()));
    assert!(err.starts_with("git is not installed"), "{err}");
    assert_eq!(code, 100);
}

#[test]
fn two_files_of_anybody_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = write(
        "old.yaml",
        "openapi: 3.0.3\npaths:\n  /a:\n    $ref: 'parts/a.yaml#/a'\n",
    );
    let new = write(
        "new.json",
        r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "integer"}}}}}}}}}"#,
    );
    write(
        "parts/a.yaml",
        "a:\n  get:\n    responses:\n      '200': {content: {application/json: {schema: {$ref: 'types/b.yaml'}}}}\n",
    );
    write("parts/types/b.yaml", "type: string\n");
    let (out, _, code) = run(command(folder.path()).args(["diff", &old, &new, "--format", "json"]));
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (value[0]["rule"].as_str(), code),
        (Some("response-body-type-changed"), 5)
    );
    assert_eq!(value[0]["location"], format!("{new}:1"));
    // The other way round the place is in the file that was referred to.
    let (out, ..) = run(command(folder.path()).args(["diff", &new, &old, "--format", "json"]));
    let value: Value = serde_json::from_str(&out).unwrap();
    let place = folder.path().join("parts/types/b.yaml:1");
    assert_eq!(value[0]["location"], place.to_str().unwrap());
    let (_, err, code) = run(command(folder.path()).args(["diff", &old]));
    assert!(
        err.contains("there is no other to compare it with"),
        "{err}"
    );
    assert_eq!(code, 100);
}

#[test]
fn what_is_no_openapi_3_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.yaml");
    fs::write(&good, "openapi: 3.0.3\npaths: {}\n").unwrap();
    let cases = [
        ("swagger: '2.0'\n", "this is Swagger 2"),
        ("title: no\n", "there is no `openapi: 3.0.3`"),
        ("openapi: 3\n", "`openapi: 3` is not known"),
        ("openapi: '3.0.3\n", "[yaml-syntax]"),
        ("- 1\n", "the file is not a mapping"),
        ("a: &a [*a]\n", "the alias stands inside what it names"),
    ];
    for (text, message) in cases {
        let bad = folder.path().join("bad.yaml");
        fs::write(&bad, text).unwrap();
        let (out, err, code) = run(command(folder.path()).arg("diff").arg(&good).arg(&bad));
        assert!(
            err.contains(message) && err.contains("bad.yaml:1:"),
            "{text}: {err}"
        );
        assert_eq!((out.as_str(), code), ("", 100), "{text}");
    }
}

#[test]
fn a_changelog_says_which_version_is_due() {
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
fn a_changelog_of_two_files_knows_their_version() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, paths: &str| {
        let path = folder.path().join(name);
        fs::write(
            &path,
            format!("openapi: 3.0.3\ninfo: {{title: A, version: 1.4.2}}\npaths: {paths}\n"),
        )
        .unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (old, new) = (
        write("old.yaml", "{}"),
        write(
            "new.yaml",
            "{/a: {get: {operationId: show, responses: {}}}}",
        ),
    );
    let out = run(command(folder.path()).args(["changelog", &old, &new])).0;
    let expected = "## [Unreleased]\n\nThis breaks nobody: a minor version is due, 1.4.2 becomes 1.5.0.\n\n### Added\n\n- `GET /a`: operation: none -> show\n";
    assert_eq!(out, expected);
    let out = run(command(folder.path()).args(["changelog", &old, &old])).0;
    assert_eq!(
        out,
        "## [Unreleased]\n\nNothing has changed, so no version is due.\n"
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
        "request-property-removed\n    wire breaking, Rust breaking: requests have lost a field\n"
    ));
    assert_eq!(out.lines().count(), 2 * diff::rules().len());
}

#[test]
fn colours_are_for_terminals() {
    let (out, err, _) = changed().xtask(&["diff"]);
    assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'));
}
