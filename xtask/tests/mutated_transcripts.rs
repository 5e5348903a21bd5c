//! Mutates the transcripts (OpenAPI YAML files) of this repository. Lint must report findings, or the generator must
//! generate valid Rust code. Lint and the generator must not panic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod mutate;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, PoisonError};

use mutate::{Files, code, judge, mutated, mutation, transcript};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use report::files::GeneratedFile;

static TRANSCRIPTS: LazyLock<Vec<(String, Files)>> = LazyLock::new(|| {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let services = transcript::services(root).unwrap().into_iter();
    services
        .map(|service| {
            let files = transcript(&service);
            (service, files)
        })
        .collect()
});

fn run(cases: u32, mut passed: impl FnMut(&str, Vec<GeneratedFile>)) {
    let mutations = prop::collection::vec((any::<usize>(), mutation()), 1..4);
    let services: Vec<&str> = TRANSCRIPTS.iter().map(|(name, _)| name.as_str()).collect();
    let strategy = (prop::sample::select(services), mutations);
    let results = Mutex::new(Vec::new());
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 64,
        cases: std::env::var("PROPTEST_CASES").map_or(cases, |cases| cases.parse().unwrap()),
        ..ProptestConfig::default()
    });
    let result = runner.run(&strategy, |(service, mutations)| {
        let (_, files) = TRANSCRIPTS
            .iter()
            .find(|(name, _)| *name == service)
            .unwrap();
        let code = judge(service, mutated(files, &mutations)).map_err(TestCaseError::fail)?;
        let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
        results.extend(code.map(|code| (service, code)));
        Ok(())
    });
    result.unwrap();
    for (service, code) in results.into_inner().unwrap_or_else(PoisonError::into_inner) {
        passed(service, code);
    }
}

#[test]
fn lint_refuses_a_mutated_transcript_or_the_generator_accepts_the_transcript() {
    run(16, |_, _| {});
}

/// If lint refused the unchanged transcripts, the other tests of this file would never check generated code.
#[test]
fn code_is_generated_from_an_unchanged_transcript() {
    for (service, files) in TRANSCRIPTS.iter() {
        assert!(
            judge(service, files.clone()).unwrap().is_some(),
            "{service}"
        );
    }
}

/// This test is slow, so it runs only on request: `PROPTEST_CASES=1000 cargo test -p xtask --test mutated_transcripts
/// -- --ignored`.
#[test]
#[ignore = "runs cargo for minutes"]
fn code_of_a_mutated_transcript_compiles() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutated");
    let _ = std::fs::remove_dir_all(&root);
    let (mut seen, mut members) = (BTreeSet::new(), Vec::new());
    run(300, |service, files| {
        if seen.insert(code(&files)) {
            let name = format!("mutant-{}", members.len());
            write_crate(&root.join(&name), &name, service, &files);
            members.push(name);
        }
    });
    assert!(
        !members.is_empty(),
        "nothing was generated: raise PROPTEST_CASES"
    );
    println!("{} different crates are checked", members.len());
    check(&root, &members);
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn write_crate(folder: &Path, name: &str, service: &str, files: &[GeneratedFile]) {
    for file in files {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.content).unwrap();
    }
    let chapters = TRANSCRIPTS
        .iter()
        .find(|(known, _)| *known == service)
        .unwrap()
        .1
        .iter();
    let chapters: String = chapters
        .filter_map(|(name, _)| name.rsplit('/').next()?.strip_suffix(".yaml"))
        .map(|stem| format!("\"{stem}\" = []\n"))
        .collect();
    let all = chapters
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect::<Vec<_>>()
        .join(", ");
    let core = workspace().join("crates/core");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[features]\ndefault = [\"serde-full\", {all}]\nserde-full = []\nschemars = []\n{chapters}\n\
         [dependencies]\nhuaweicloud-core = {{ path = {core:?}, default-features = false }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(
        folder.join("src/lib.rs"),
        "mod generated;\npub use generated::*;\n",
    )
    .unwrap();
}

fn check(root: &Path, members: &[String]) {
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    std::fs::write(root.join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(workspace().join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--workspace",
            "--quiet",
            "--keep-going",
            "--offline",
        ])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", root.with_extension("target"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
}
