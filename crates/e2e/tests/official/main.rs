//! Calls the sandbox with the latest, unmodified versions of the official SDKs. Other tests compare the signatures of
//! the Python SDK with our signatures, and the names of its methods with our guide.
//!
//! The tests in this file download the SDKs from PyPI and from a Go module proxy into the target directory. The
//! download takes a minute, so these tests run only with `--ignored`:
//!
//! `cargo test --package huaweicloud-e2e --test official -- --ignored`
//!
//! If Python or Go is missing, or the download fails, the test prints a message on standard error, and passes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod every;
#[path = "../wire/given.rs"]
mod given;
mod go;
mod judge;
mod peer;
mod python;
mod signatures;

#[path = "../support/mod.rs"]
mod support;

use support::World;

#[tokio::test]
#[ignore = "fetches the official Python SDK; run with `--test official -- --ignored`"]
async fn the_python_sdk_calls_the_sandbox() {
    if let Some(python) = python::find() {
        let world = World::new().await;
        let steps = peer::calls(python.script("calls.py", &[]), &world).await;
        judge::judge(&steps, &world).await;
    }
}

#[tokio::test]
#[ignore = "fetches the official Go SDK; run with `--test official -- --ignored`"]
async fn the_go_sdk_calls_the_sandbox() {
    if let Some(program) = go::build() {
        let world = World::new().await;
        let steps = peer::calls(peer::command(program), &world).await;
        judge::judge(&steps, &world).await;
    }
}

#[tokio::test]
#[ignore = "fetches the official Python SDK; run with `--test official -- --ignored`"]
async fn the_python_sdk_calls_each_operation() {
    if let Some(python) = python::find() {
        every::judge("Python", || python.script("every.py", &[])).await;
    }
}

#[tokio::test]
#[ignore = "fetches the official Go SDK; run with `--test official -- --ignored`"]
async fn the_go_sdk_calls_each_operation() {
    if let Some(program) = go::build() {
        let command = || {
            let mut command = peer::command(program);
            command.arg("every");
            command
        };
        every::judge("Go", command).await;
    }
}

#[test]
#[ignore = "fetches the official Python SDK; run with `--test official -- --ignored`"]
fn our_signatures_are_equal_to_those_of_the_python_sdk() {
    let Some(python) = python::find() else { return };
    for algorithm in signatures::ALGORITHMS {
        let arguments = [algorithm.name(), "10000", "20260823"];
        let output = peer::output(python.script("signatures.py", &arguments), "").unwrap();
        let compared = peer::lines(&output)
            .map(|request| signatures::compare(algorithm, &request))
            .count();
        assert_eq!(compared, 10_000, "{algorithm:?}");
    }
}

/// Checks the Python names in the tables of `from_official_sdk.md`. `tests/all/official_names.rs` derives these names
/// from the official names of the operations.
#[test]
#[ignore = "fetches the official Python SDK; run with `--test official -- --ignored`"]
fn the_python_sdk_has_the_names_of_the_guide() {
    let Some(python) = python::find() else { return };
    let table = include_str!("../../../huaweicloud/src/from_official_sdk.md");
    let rows = table.lines().filter(|line| line.starts_with("| [`"));
    let names: Vec<&str> = rows.filter_map(|row| row.split('`').nth(3)).collect();
    assert!(names.len() > 20, "{names:?}");
    let output = peer::output(python.script("names.py", &[]), &names.join("\n")).unwrap();
    assert_eq!(output, "", "the SDK does not have these names");
}
