//! Compares the output of verbs (subcommands) with snapshots. Some outputs have two snapshots: one without
//! colours, and one with colours.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "this test needs only the base document")]
mod cases;
#[path = "../../crates/e2e/tests/support/snapshots.rs"]
mod snapshots;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use clap::{CommandFactory, Parser};
use report::terminal::{Styles, Terminal};
use snapshots::Snapshots;
use tempfile::TempDir;
use xtask::cli::{Cli, run};

/// Returns a workspace with the service `demo`. In the files, `to` replaces `from`.
fn workspace(from: &str, to: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("openapi/demo");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in cases::base() {
        fs::write(folder.join(name), text.replace(from, to)).unwrap();
    }
    root
}

/// Returns a workspace with one mistake. The finding about the mistake has two positions.
fn mistaken() -> TempDir {
    workspace("operationId: list_devices", "operationId: create_device")
}

/// Returns the exit code (or the error), standard output and standard error of a verb. A visible character replaces the
/// escape characters of colours.
fn shown(root: &Path, words: &[&str], styles: Styles) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let folder = root.to_str().unwrap();
    let start = ["cargo xtask", "--root", folder];
    let cli = Cli::try_parse_from(start.iter().chain(words)).unwrap();
    let mut terminal = Terminal {
        out: &mut out,
        err: &mut err,
        styles,
    };
    let end = match run(&cli, &mut terminal) {
        Ok(outcome) => format!("exit code {}", outcome.code()),
        Err(error) => format!("error: {error:#}"),
    };
    told(words, &end, &out, &err).replace(folder, "[root]")
}

fn told(words: &[&str], end: &str, out: &[u8], err: &[u8]) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\u{1b}', "␛");
    let (words, out, err) = (words.join(" "), text(out), text(err));
    format!("$ cargo xtask {words}\n{end}\n--- standard output\n{out}--- standard error\n{err}")
}

/// Compares the outputs of one test with their snapshots.
#[derive(Default)]
struct Golden(Snapshots);

impl Golden {
    fn text(&mut self, name: &str, text: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
        let assert = || insta::assert_snapshot!(name, text);
        self.0.compare(&folder, name, assert);
    }

    /// Compares the output of a verb in a workspace with the snapshot `name`.
    fn verb(&mut self, name: &str, root: &Path, words: &[&str], styles: Styles) {
        self.text(name, &shown(root, words, styles));
    }
}

#[test]
fn the_output_of_list_agrees_with_its_snapshots() {
    let mut golden = Golden::default();
    let root = workspace("", "");
    let root = root.path();
    golden.verb("list", root, &["list"], Styles::plain());
    golden.verb("list_coloured", root, &["list"], Styles::coloured());
    let words = ["list", "--format", "json"];
    golden.verb("list_json", root, &words, Styles::plain());
}

#[test]
fn the_output_of_lint_agrees_with_its_snapshots() {
    let mut golden = Golden::default();
    let (clean, root) = (workspace("", ""), mistaken());
    let root = root.path();
    golden.verb("lint_clean", clean.path(), &["lint"], Styles::plain());
    let coloured = Styles::coloured();
    golden.verb("lint_clean_coloured", clean.path(), &["lint"], coloured);
    golden.verb("lint", root, &["lint", "demo"], Styles::plain());
    golden.verb("lint_coloured", root, &["lint", "demo"], coloured);
    let words = ["lint", "--format", "json"];
    golden.verb("lint_json", root, &words, Styles::plain());
    let words = ["lint", "--format", "github"];
    golden.verb("lint_github", root, &words, Styles::plain());
    golden.verb("lint_unknown", root, &["lint", "dmeo"], Styles::plain());
}

#[test]
fn each_rule_and_its_reason_agree_with_the_snapshot() {
    let mut golden = Golden::default();
    let words = ["lint", "--rules"];
    golden.verb("lint_rules", Path::new("/none"), &words, Styles::plain());
}

#[test]
fn the_output_of_generate_agrees_with_its_snapshots() {
    let mut golden = Golden::default();
    let root = workspace("", "");
    let (root, words) = (root.path(), ["generate", "demo"]);
    golden.verb("generate_first", root, &words, Styles::plain());
    golden.verb("generate_again", root, &words, Styles::plain());
    let check = ["generate", "demo", "--check"];
    golden.verb("generate_check_fresh", root, &check, Styles::plain());
    let client = root.join("crates/demo/src/generated/client.rs");
    let text = fs::read_to_string(&client).unwrap();
    let changed = text.replace("with other credentials", "with the old credentials");
    assert_ne!(changed, text);
    fs::write(&client, changed).unwrap();
    fs::write(client.with_file_name("gone.rs"), "// @generated\n").unwrap();
    golden.verb("generate_check", root, &check, Styles::plain());
    golden.verb("generate_check_coloured", root, &check, Styles::coloured());
    golden.verb("generate_fixed", root, &words, Styles::coloured());
}

#[test]
fn no_code_is_generated_from_a_transcript_with_a_mistake() {
    let mut golden = Golden::default();
    let root = mistaken();
    let (root, words) = (root.path(), ["generate", "demo"]);
    golden.verb("generate_refused", root, &words, Styles::plain());
    golden.verb(
        "generate_refused_coloured",
        root,
        &words,
        Styles::coloured(),
    );
    assert!(!root.join("crates").exists());
}

/// Returns a temporary workspace with a copy of the transcripts (OpenAPI YAML files). The verbs write only there.
#[cfg(unix)]
fn transcripts() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for service in transcript::services(&from).unwrap() {
        let (files, _) = transcript::files::of_service(&from, &service);
        for (name, text) in files {
            let to = root.path().join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, text).unwrap();
        }
    }
    root
}

/// The verbs `build`, `test` and `demo` run cargo. In this test, the programs `true` and `false` replace cargo.
#[test]
#[cfg(unix)]
fn the_verbs_build_test_and_demo_have_the_expected_output() {
    let mut golden = Golden::default();
    let (root, mut text) = (transcripts(), String::new());
    let cases = [
        ("build", "true"),
        ("build", "false"),
        ("test", "false"),
        ("demo", "false"),
    ];
    for (verb, cargo) in cases {
        let mut command = Command::cargo_bin("xtask").unwrap();
        let command = command.arg("--root").arg(root.path()).arg(verb);
        let output = command.env("CARGO", cargo).output().unwrap();
        let end = format!("exit code {}", output.status.code().unwrap());
        // Omits the lines `Fresh` and `Wrote` of the generation. The test of `generate` compares such lines.
        let out = String::from_utf8(output.stdout).unwrap();
        let generated = |line: &&str| line.contains("Fresh ") || line.contains("Wrote ");
        let rest: String = out.lines().filter(|line| !generated(line)).collect();
        let told = told(&[verb], &end, rest.as_bytes(), &output.stderr);
        text += &told.replace(root.path().to_str().unwrap(), "[root]");
    }
    golden.text("build_test_demo", &text);
}

#[test]
fn the_output_of_audit_agrees_with_its_snapshots() {
    let mut golden = Golden::default();
    let root = workspace("maxLength: 64", "maxLength: 63");
    let page = root.path().join("page.rst");
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    fs::copy(pages.join("create_device.rst"), &page).unwrap();
    fs::write(root.path().join("notes.txt"), "A page\n\nof nothing\n").unwrap();
    let notes = root.path().join("notes.txt");
    let (root, page, notes) = (root.path(), page.to_str().unwrap(), notes.to_str().unwrap());
    golden.verb("audit", root, &["audit", page], Styles::plain());
    golden.verb("audit_coloured", root, &["audit", page], Styles::coloured());
    for format in ["json", "github"] {
        let words = ["audit", page, "--format", format];
        golden.verb(&format!("audit_{format}"), root, &words, Styles::plain());
    }
    golden.verb("audit_unreadable", root, &["audit", notes], Styles::plain());
    let words = ["audit", "--draft", page];
    golden.verb("audit_draft_refused", root, &words, Styles::plain());
}

#[test]
fn new_service_and_new_operation_have_the_expected_output() {
    let mut golden = Golden::default();
    let root = workspace("", "");
    let root = root.path();
    golden.verb(
        "new-service",
        root,
        &["new-service", "kms"],
        Styles::plain(),
    );
    golden.verb(
        "new-service_again",
        root,
        &["new-service", "kms"],
        Styles::plain(),
    );
    let words = ["new-operation", "kms", "get", "/v1/{project_id}/keys"];
    golden.verb("new-operation", root, &words, Styles::coloured());
    golden.verb("new-operation_again", root, &words, Styles::plain());
}

#[test]
fn verbs_report_a_transcript_that_is_not_yaml() {
    let mut golden = Golden::default();
    let root = workspace("", "");
    fs::write(root.path().join("openapi/demo/common.yaml"), "a: [\n").unwrap();
    let page = root.path().join("page.txt");
    fs::write(&page, "A page\n").unwrap();
    let verbs: [&[&str]; 5] = [
        &["lint"],
        &["list"],
        &["generate"],
        &["audit", page.to_str().unwrap()],
        &["new-operation", "demo", "get", "/v1/a"],
    ];
    let told = verbs.map(|words| shown(root.path(), words, Styles::plain()));
    golden.text("unreadable_transcript", &told.join("\n"));
}

/// In this test, cargo is missing. The last command also names a benchmark that does not exist, `everything`.
#[test]
#[cfg(unix)]
fn bench_reports_why_it_cannot_measure() {
    let mut golden = Golden::default();
    let (root, mut text) = (transcripts(), String::new());
    let folder = root.path().to_str().unwrap();
    for words in [
        &["bench", "crates"][..],
        &["bench", "clients"],
        &["bench", "everything"],
    ] {
        let mut command = Command::cargo_bin("xtask").unwrap();
        let command = command.args(["--root", folder]).args(words);
        let command = command.env("PATH", "").env("PYTHON", "/none/python3");
        let output = command.env("CARGO", "/none/cargo").output().unwrap();
        let end = format!("exit code {}", output.status.code().unwrap());
        text += &told(words, &end, &output.stdout, &output.stderr).replace(folder, "[root]");
    }
    golden.text("bench_refused", &text);
    assert!(!root.path().join("BENCHMARKS.md").exists());
}

#[test]
fn invalid_arguments_are_refused() {
    let mut golden = Golden::default();
    let (root, mut text) = (workspace("", ""), String::new());
    let folder = root.path().to_str().unwrap();
    let cases: [&[&str]; 7] = [
        &[],
        &["lnit"],
        &["lint", "--format", "yaml"],
        &["audit"],
        &["audit", "--service", "demo", "page.html"],
        &["new-operation", "demo", "get"],
        &["diff", "--format", "yaml"],
    ];
    for words in cases {
        let mut command = Command::cargo_bin("xtask").unwrap();
        let output = command
            .args(["--root", folder])
            .args(words)
            .output()
            .unwrap();
        let end = format!("exit code {}", output.status.code().unwrap());
        text += &told(words, &end, &output.stdout, &output.stderr);
    }
    golden.text("words_not_taken", &text);
}

/// If a verb is new, its snapshot is missing, and this test fails.
#[test]
fn the_help_agrees_with_its_snapshots() {
    let mut golden = Golden::default();
    let mut program = Cli::command();
    program.build();
    let whole = program.render_long_help().to_string();
    golden.text("help", &whole);
    for verb in program.get_subcommands_mut() {
        let (name, help) = (verb.get_name().to_owned(), verb.render_long_help());
        assert!(help.to_string().contains("cargo xtask"), "{name}");
        golden.text(&format!("help_{name}"), &help.to_string());
    }
    let coloured = program.render_help().ansi().to_string();
    let coloured = coloured.replace('\u{1b}', "␛");
    golden.text("help_coloured", &coloured);
}
