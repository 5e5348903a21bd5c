//! The direction of dependencies, as ARCHITECTURE.md draws it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// What nothing depends on, and may depend on anything.
const ON_TOP: [&str; 2] = ["huaweicloud-e2e", "huaweicloud-bench"];

/// What each of our crates may depend on, tests aside.
fn allowed() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        ("huaweicloud-core", vec![]),
        ("huaweicloud-iam", vec!["huaweicloud-core"]),
        ("huaweicloud-roma-link", vec!["huaweicloud-core"]),
        ("huaweicloud-dcs", vec!["huaweicloud-core"]),
        (
            "huaweicloud-config",
            vec!["huaweicloud-core", "huaweicloud-iam"],
        ),
        (
            "huaweicloud",
            vec![
                "huaweicloud-core",
                "huaweicloud-iam",
                "huaweicloud-roma-link",
                "huaweicloud-dcs",
                "huaweicloud-config",
            ],
        ),
        (
            "huaweicloud-sandbox",
            vec![
                "huaweicloud-core",
                "huaweicloud-iam",
                "huaweicloud-roma-link",
                "huaweicloud-dcs",
            ],
        ),
        (
            "xtask",
            vec![
                "audit",
                "cards",
                "diff",
                "generator",
                "lint",
                "report",
                "transcript",
                "workspace-hack",
            ],
        ),
        (
            "audit",
            vec!["lint", "report", "transcript", "workspace-hack"],
        ),
        ("cards", vec!["transcript", "workspace-hack"]),
        (
            "diff",
            vec!["generator", "report", "transcript", "workspace-hack"],
        ),
        ("generator", vec!["report", "transcript", "workspace-hack"]),
        ("lint", vec!["transcript", "workspace-hack"]),
        ("report", vec!["transcript", "workspace-hack"]),
        ("transcript", vec!["workspace-hack"]),
        ("workspace-hack", vec![]),
    ])
}

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .exec()
        .unwrap()
}

#[test]
fn dependencies_point_one_way() {
    let (metadata, allowed) = (metadata(), allowed());
    let ours: BTreeSet<String> = metadata
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    for package in &metadata.packages {
        let Some(allowed) = allowed.get(package.name.as_str()) else {
            assert!(
                ON_TOP.contains(&package.name.as_str()),
                "{}: a new crate needs a line in this test",
                package.name
            );
            continue;
        };
        for dependency in &package.dependencies {
            let normal = dependency.kind != DependencyKind::Development;
            if normal && ours.contains(&dependency.name) {
                assert!(
                    allowed.contains(&dependency.name.as_str()),
                    "{} depends on {}",
                    package.name,
                    dependency.name
                );
            }
        }
    }
}

#[test]
fn only_what_is_on_top_may_use_xtask() {
    for package in &metadata().packages {
        let uses = package
            .dependencies
            .iter()
            .any(|dependency| dependency.name == "xtask");
        assert!(
            !uses || ON_TOP.contains(&package.name.as_str()),
            "{} depends on xtask",
            package.name
        );
    }
}

#[test]
fn the_sandbox_takes_the_documents_and_not_the_clients() {
    let metadata = metadata();
    let sandbox = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == "huaweicloud-sandbox")
        .unwrap();
    for dependency in &sandbox.dependencies {
        let service = [
            "huaweicloud-iam",
            "huaweicloud-roma-link",
            "huaweicloud-dcs",
        ]
        .contains(&dependency.name.as_str());
        if service && dependency.kind == DependencyKind::Normal {
            assert!(
                !dependency.uses_default_features && dependency.features.is_empty(),
                "{}",
                dependency.name
            );
        }
    }
}

/// Every chapter is a feature, and on by default.
#[test]
fn chapters_are_features() {
    let metadata = metadata();
    for (service, document) in [
        ("huaweicloud-iam", huaweicloud::iam::OPENAPI),
        ("huaweicloud-roma-link", huaweicloud::roma_link::OPENAPI),
        ("huaweicloud-dcs", huaweicloud::dcs::OPENAPI),
    ] {
        let package = metadata
            .packages
            .iter()
            .find(|package| package.name.as_str() == service)
            .unwrap();
        let document: serde_json::Value = serde_json::from_str(document).unwrap();
        for tag in document["tags"].as_array().unwrap() {
            let chapter = tag["name"].as_str().unwrap();
            assert!(
                package.features.contains_key(chapter),
                "{service} has no feature {chapter}"
            );
            assert!(
                package.features["default"]
                    .iter()
                    .any(|name| name == chapter),
                "{chapter} is not on by default"
            );
        }
    }
}
