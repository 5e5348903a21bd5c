//! The public Rust API of each crate that others depend on.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use xtask::surface::surface;

#[test]
fn surfaces() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    for name in [
        "config",
        "core",
        "dcs",
        "huaweicloud",
        "iam",
        "roma-link",
        "sandbox",
    ] {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("../../crates/{name}/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let api = surface(&crates.join(name)).unwrap();
        settings.bind(|| insta::assert_snapshot!("surface", api));
    }
}
