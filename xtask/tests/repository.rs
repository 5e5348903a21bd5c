//! The transcripts of this repository.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use lint::lint;
use transcript::{load, services};

#[test]
fn our_own_transcripts_break_no_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut findings = Vec::new();
    for service in services(root).unwrap() {
        findings.extend(
            load(root, &service).map_or_else(|findings| findings, |document| lint(&document)),
        );
    }
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(
        findings.is_empty(),
        "{}\nto see them with their lines, run: cargo xtask lint",
        findings.join("\n")
    );
}

#[test]
fn the_table_of_extensions_is_the_grammar() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let rules = std::fs::read_to_string(root.join("openapi/README.md")).unwrap();
    let table = huaweicloud_openapi::grammar::extensions_table();
    assert!(
        rules.contains(&table),
        "the section Extensions of openapi/README.md should hold:\n\n{table}"
    );
}
