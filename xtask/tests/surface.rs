//! Compares the public Rust API of each published crate with a snapshot.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../crates/e2e/tests/support/snapshots.rs"]
mod snapshots;

use std::path::Path;

use generator::surface::surface;
use snapshots::Snapshots;

#[test]
fn the_public_api_of_each_published_crate_agrees_with_its_snapshot() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let published = crates.read_dir().unwrap().filter_map(|entry| {
        let folder = entry.unwrap().path();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let published = !manifest.contains("publish = false");
        published.then(|| folder.file_name().unwrap().to_string_lossy().into_owned())
    });
    let mut snapshots = Snapshots::default();
    for name in published {
        let api = surface(&crates.join(&name)).unwrap();
        let folder = crates.join(&name).join("snapshots");
        snapshots.compare(&folder, "surface", || {
            insta::assert_snapshot!("surface", api);
        });
    }
}

#[test]
fn a_private_type_does_not_hide_a_public_type_of_the_same_name() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    write(
        "Cargo.toml",
        "[workspace]\n[package]\nname = \"two-of-a-name\"\n",
    );
    let text = "mod open { pub struct Call; impl Drop for Call { fn drop(&mut self) {} } }\n\
        mod closed { struct Call; impl Clone for Call { fn clone(&self) -> Self { Call } } }\n\
        mod elsewhere { struct Only; }\n\
        impl Only { pub fn unseen() {} }\n\
        pub use open::Call;\n\
        impl Call { pub fn seen() {} }\n";
    write("src/lib.rs", text);
    let expected = "mod crate\n    pub use open::Call;\n    impl Call {\n        pub fn seen() {}\n    }\n\n\
        mod crate::open\n    pub struct Call;\n    impl Drop for Call {}\n";
    assert_eq!(surface(folder.path()).unwrap(), expected);
}
