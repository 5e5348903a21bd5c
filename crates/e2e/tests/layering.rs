//! Checks the rules of ARCHITECTURE.md for the dependencies between crates. Other tests in this file check the features
//! of the service crates, and the published packages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// Crates that no other crate uses, except in tests. These crates can depend on any crate.
const ON_TOP: [&str; 4] = [
    "huaweicloud-e2e",
    "huaweicloud-bench",
    // These crates contain unchanged code that an earlier version of the generator wrote.
    "older-dcs",
    "older-roma-link",
];

/// Returns the names of the service crates. Each folder below `openapi/` is a service.
fn services() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi");
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().into_string().unwrap());
    names.map(|name| format!("huaweicloud-{name}")).collect()
}

/// Returns the allowed dependencies of each crate of the workspace that is not in `ON_TOP`. Tests of a crate can also
/// depend on other crates.
fn allowed() -> BTreeMap<String, Vec<String>> {
    let tools = [
        "audit",
        "cards",
        "diff",
        "generator",
        "lint",
        "report",
        "transcript",
    ];
    let fixed: [(&str, &[&str]); 13] = [
        ("huaweicloud-core", &[]),
        (
            "huaweicloud-config",
            &["huaweicloud-core", "huaweicloud-iam"],
        ),
        ("huaweicloud", &["huaweicloud-core", "huaweicloud-config"]),
        (
            "huaweicloud-sandbox",
            &["huaweicloud-core", "huaweicloud-openapi"],
        ),
        ("huaweicloud-openapi", &[]),
        ("xtask", &tools),
        ("audit", &["huaweicloud-openapi", "report", "transcript"]),
        ("cards", &["huaweicloud-openapi", "transcript"]),
        (
            "diff",
            &["generator", "huaweicloud-openapi", "report", "transcript"],
        ),
        (
            "generator",
            &["huaweicloud-openapi", "report", "transcript"],
        ),
        ("lint", &["huaweicloud-openapi", "transcript"]),
        ("report", &["transcript"]),
        ("transcript", &[]),
    ];
    let mut allowed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, may) in fixed {
        let mut may: Vec<String> = may.iter().map(|name| (*name).to_owned()).collect();
        match name {
            // `workspace-hack` is an empty crate. With this crate, different builds share compiled crates.
            _ if name == "xtask" || tools.contains(&name) => may.push("workspace-hack".to_owned()),
            "huaweicloud" | "huaweicloud-sandbox" => may.extend(services()),
            _ => {}
        }
        if name == "xtask" {
            // The command `cargo xtask list` uses `huaweicloud-openapi` to follow schemas.
            may.push("huaweicloud-openapi".to_owned());
        }
        allowed.insert(name.to_owned(), may);
    }
    for service in services() {
        allowed.insert(service, vec!["huaweicloud-core".to_owned()]);
    }
    allowed.insert("workspace-hack".to_owned(), Vec::new());
    allowed
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
fn crates_have_only_allowed_dependencies() {
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
                "{}: a new crate needs an entry in `allowed`",
                package.name
            );
            continue;
        };
        for dependency in &package.dependencies {
            let normal = dependency.kind != DependencyKind::Development;
            if normal && ours.contains(&dependency.name) {
                assert!(
                    allowed.contains(&dependency.name),
                    "{} depends on {}",
                    package.name,
                    dependency.name
                );
            }
        }
    }
}

#[test]
fn only_top_crates_depend_on_xtask() {
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
fn the_sandbox_enables_no_features_of_service_crates() {
    let metadata = metadata();
    let sandbox = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == "huaweicloud-sandbox")
        .unwrap();
    for dependency in &sandbox.dependencies {
        if services().contains(&dependency.name) && dependency.kind == DependencyKind::Normal {
            assert!(
                !dependency.uses_default_features && dependency.features.is_empty(),
                "{}",
                dependency.name
            );
        }
    }
}

/// docs.rs must show the items of all features. A package must not contain files that only this repository can use.
#[test]
fn published_packages_are_complete() {
    let metadata = metadata();
    let is_published = |package: &&cargo_metadata::Package| package.publish.is_none();
    let published: Vec<_> = metadata.packages.iter().filter(is_published).collect();
    assert!(published.len() > services().len(), "{}", published.len());
    for package in published {
        let name = package.name.as_str();
        assert_eq!(
            package.metadata["docs"]["rs"]["all-features"], true,
            "{name}"
        );
        assert!(
            package.description.is_some() && package.license.is_some(),
            "{name}"
        );
        assert!(
            package.repository.is_some() && package.rust_version.is_some(),
            "{name}"
        );
        let mut list = std::process::Command::new(env!("CARGO"));
        let list = list
            .args([
                "package",
                "--list",
                "--allow-dirty",
                "--quiet",
                "--offline",
                "--package",
                name,
            ])
            .arg("--manifest-path")
            .arg(&package.manifest_path);
        let listed = String::from_utf8(list.output().unwrap().stdout).unwrap();
        let files: Vec<&str> = listed.lines().collect();
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "src/lib.rs"] {
            assert!(files.contains(&file), "{name} has no {file}: {files:?}");
        }
        let foreign = |file: &&&str| {
            file.contains(".snap") || **file == "build.rs" || file.contains("snapshots/")
        };
        assert_eq!(files.iter().find(foreign), None, "{name}");
    }
}

#[test]
fn every_chapter_is_a_default_feature() {
    let metadata = metadata();
    macro_rules! documents {
        ($($name:literal $module:ident;)*) => {
            [$((format!("huaweicloud-{}", $name), huaweicloud::$module::OPENAPI)),*]
        };
    }
    for (service, document) in huaweicloud::each_service!(documents) {
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
                "{chapter} is not enabled by default"
            );
        }
    }
}
