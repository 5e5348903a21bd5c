//! Compares all snapshots of a test in one run. New snapshots can be accepted by hand.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The snapshots of one test. If a snapshot differs, the test fails after all comparisons.
#[derive(Default)]
pub struct Snapshots {
    differing: Vec<PathBuf>,
}

impl Snapshots {
    /// Compares one snapshot. `assert` must call `insta::assert_snapshot!` with this name.
    pub fn compare(&mut self, folder: &Path, name: &str, assert: impl FnOnce()) {
        // A new crate has no folder for snapshots yet.
        std::fs::create_dir_all(folder).unwrap();
        let folder = folder.canonicalize().unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let same = catch_unwind(AssertUnwindSafe(|| settings.bind(assert)));
        if same.is_err() {
            let new = folder.join(format!("{name}.snap.new"));
            without_line_number(&new);
            self.differing.push(new);
        }
    }
}

impl Drop for Snapshots {
    fn drop(&mut self) {
        let accept = "read these snapshots, then remove `.new` from their names (or run `cargo insta review`)";
        let is_fine = self.differing.is_empty() || std::thread::panicking();
        assert!(is_fine, "{accept}: {:#?}", self.differing);
    }
}

/// Removes the line number of the assertion from a new snapshot. `cargo insta` also removes this number when it accepts
/// a snapshot. So a file that a person renames is equal to a file that `cargo insta` accepts.
fn without_line_number(new: &Path) {
    let Ok(text) = std::fs::read_to_string(new) else {
        return;
    };
    let (head, body) = text.split_at(text.find("\n---\n").unwrap_or_default());
    let lines = head
        .lines()
        .filter(|line| !line.starts_with("assertion_line:"));
    let head: Vec<&str> = lines.collect();
    std::fs::write(new, head.join("\n") + body).unwrap();
}
