use std::fs;
use std::path::Path;

use super::{TAKEN, service};

/// Except for services and `workspace-hack`, `TAKEN` must contain all crates, and all features of the facade.
#[test]
fn a_service_cannot_have_a_name_that_the_workspace_uses() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let services = transcript::services(&root).unwrap();
    let manifest = fs::read_to_string(root.join("crates/huaweicloud/Cargo.toml")).unwrap();
    let (_, features) = manifest.split_once("[features]\n").unwrap();
    let (features, _) = features.split_once("\n[").unwrap();
    let features = features.lines().filter_map(|line| line.split_once(" = "));
    let crates = fs::read_dir(root.join("crates")).unwrap();
    let folders = crates
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().into_string().unwrap());
    for name in names.chain(features.map(|(name, _)| name.to_owned())) {
        let known = services.contains(&name) || name == "workspace-hack";
        assert!(known || TAKEN.contains(&name.as_str()), "{name}");
    }
    assert!(service("key-store").is_ok() && service("core").is_err());
}
