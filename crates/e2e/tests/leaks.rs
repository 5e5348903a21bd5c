//! Tests the program `leaks`. `.ci/run` uses this program to search the output of tests for secrets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

use std::process::Command;

/// Runs the program with two files. The arguments are the contents of the files, or `None` if the file does not exist.
/// Returns the exit code, and everything that the program printed.
fn leaks(output: Option<&str>, secrets: Option<&str>) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let files = [("output", output), ("secrets", secrets)].map(|(name, text)| {
        let path = folder.path().join(name);
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        path
    });
    let program = Command::new(env!("CARGO_BIN_EXE_leaks"))
        .args(files)
        .output();
    let program = program.unwrap();
    let shown = [program.stdout, program.stderr].concat();
    (
        program.status.code().unwrap(),
        String::from_utf8(shown).unwrap(),
    )
}

const SECRETS: &str = "\"issued/0001\"\n\"two\\nlines\"\n";

#[test]
fn the_program_finds_listed_secrets_in_several_encodings() {
    for (output, line, encoding) in [
        ("a\nb issued/0001 c\n", 2, "(plain)"),
        ("issued%2F0001", 1, "(percent)"),
        ("a\n\nxaXNzdWVkLzAwMDE=", 3, "(base64)"),
        ("{\"a\": \"two\\nlines\"}", 1, "(JSON)"),
    ] {
        let (status, shown) = leaks(Some(output), Some(SECRETS));
        assert_eq!(status, 1, "{shown}");
        assert!(
            shown.contains(&format!("output:{line}: ")) && shown.contains(encoding),
            "{shown}"
        );
        assert!(
            !shown.contains("issued/") && !shown.contains("aXNz"),
            "{shown}"
        );
    }
}

#[test]
fn the_program_finds_planted_secrets_that_are_not_listed() {
    let chosen = ["Not-Planted-Yet-1", "planted-0001!"].join(" \" ");
    let bytes = format!("{:?}", b"a planted-secret");
    for output in [chosen.as_str(), "UGxhbnRlZC0wMDAx", bytes.as_str()] {
        let (status, shown) = leaks(Some(output), Some(SECRETS));
        assert!(status == 1 && !shown.contains("lanted"), "{shown}");
    }
}

#[test]
fn the_program_reports_the_size_of_a_clean_output() {
    let (status, shown) = leaks(Some("issued/ two lines Planted\n"), Some(SECRETS));
    assert_eq!(
        (status, shown.as_str()),
        (0, "leaks: found none of 4 secrets in 26 bytes\n")
    );
}

#[test]
fn the_program_fails_if_a_file_is_missing_empty_or_invalid() {
    for (output, secrets, part) in [
        (None, Some(SECRETS), "output: "),
        (Some(""), Some(SECRETS), "output is empty"),
        (Some("a"), None, "secrets: "),
        (Some("a"), Some(""), "secrets is empty"),
        (
            Some("a"),
            Some("\"issued/0001\"\n\"short\"\n"),
            "secrets:2: ",
        ),
        (Some("a"), Some("issued/0001\n"), "secrets:1: "),
    ] {
        let (status, shown) = leaks(output, secrets);
        assert!(status == 2 && shown.contains(part), "{part}: {shown}");
        assert!(!shown.contains("issued"), "{shown}");
    }
}
