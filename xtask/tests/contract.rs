//! One contract card for each operation, kept beside the crate that it is about.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use xtask::{card, source};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn contracts() {
    for service in source::services(root()).unwrap() {
        let document = source::load(root(), &service).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("../../crates/{service}/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            for id in card::operation_ids(&document.value) {
                let card = card::card(&document.value, &id).unwrap();
                insta::assert_snapshot!(format!("contract_{id}"), card);
            }
        });
    }
}

/// A card whose operation is gone would go on promising it.
#[test]
fn every_card_has_its_operation() {
    for service in source::services(root()).unwrap() {
        let document = source::load(root(), &service).unwrap();
        let known: BTreeSet<String> = card::operation_ids(&document.value)
            .iter()
            .map(|id| format!("contract_{id}.snap"))
            .collect();
        let folder = root().join("crates").join(&service).join("snapshots");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let orphan =
                name.starts_with("contract_") && name.ends_with(".snap") && !known.contains(&name);
            assert!(
                !orphan,
                "crates/{service}/snapshots/{name} has no operation any more; remove it"
            );
        }
    }
}
