//! Measures generation and lint in memory, for each service and for artificial services of two sizes.
//!
//! Run this bench with `--profile dev`, because xtask is built in the profile `dev` by default.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use std::path::{Path, PathBuf};

use divan::Bencher;
use huaweicloud_bench::synthetic;
use xtask::verbs::generate::in_memory;

const SERVICES: [&str; 3] = ["dcs", "iam", "roma-link"];
const SIZES: [usize; 2] = [1_000, 10_000];

fn main() {
    divan::main();
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Creates a temporary workspace with an artificial service that has this number of operations.
fn made_up(operations: usize) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    synthetic::write(root.path(), operations).unwrap();
    root
}

fn judge(root: &Path, service: &str) {
    let document = transcript::load(root, service).unwrap();
    assert!(lint::lint(&document).is_empty());
}

/// Generates the code of a service. The measured time includes the lint, as in `cargo xtask generate`.
fn regenerate(root: &Path, service: &str) {
    let services = [service.to_owned()];
    assert!(in_memory(root, &services).unwrap().is_ok());
}

#[divan::bench(args = SERVICES, sample_count = 10)]
fn lint_service(bencher: Bencher<'_, '_>, service: &str) {
    bencher.bench_local(|| judge(&workspace(), service));
}

#[divan::bench(args = SERVICES, sample_count = 10)]
fn regenerate_service(bencher: Bencher<'_, '_>, service: &str) {
    bencher.bench_local(|| regenerate(&workspace(), service));
}

#[divan::bench(args = SIZES, sample_count = 1)]
fn lint_operations(bencher: Bencher<'_, '_>, operations: usize) {
    let root = made_up(operations);
    bencher.bench_local(|| judge(root.path(), "measured"));
}

#[divan::bench(args = SIZES, sample_count = 1)]
fn regenerate_operations(bencher: Bencher<'_, '_>, operations: usize) {
    let root = made_up(operations);
    bencher.bench_local(|| regenerate(root.path(), "measured"));
}
