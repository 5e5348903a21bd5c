//! Checks that files do not use each other in a circle. `KNOWN` lists the exceptions. Without circles, the files have
//! an order in which each file comes after the files that it uses.
//!
//! A file uses another file if an import, a path or a macro contains a name from that file. If a module only re-exports
//! a name, the module does not use the name. The check ignores names that a file imports only with a glob (`*`). The
//! use of a parent module does not count, because a parent module contains the code that its submodules share.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod crate_files;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{MetadataCommand, Package, TargetKind};
use crate_files::{Links, links};

/// An accepted circle, and the reason for it.
struct Circle {
    files: &'static [&'static str],
    why: &'static str,
}

const KNOWN: &[Circle] = &[Circle {
    files: &[
        "xtask/transcript/src/document.rs",
        "xtask/transcript/src/node.rs",
    ],
    why: "a document consists of nodes, and each node belongs to a document",
}];

fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// Returns the root files of all our crates and programs.
fn roots() -> Vec<PathBuf> {
    let metadata = MetadataCommand::new()
        .manifest_path(workspace().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let ours = |kinds: &[TargetKind]| {
        kinds.iter().any(|kind| {
            matches!(
                kind,
                TargetKind::Lib | TargetKind::RLib | TargetKind::Bin | TargetKind::ProcMacro
            )
        })
    };
    // The fixtures contain code that an earlier version of the generator wrote. This code must not change, so the test
    // skips the fixtures.
    let is_ours = |package: &&Package| !package.manifest_path.as_str().contains("/fixtures/");
    let targets = metadata
        .packages
        .iter()
        .filter(is_ours)
        .flat_map(|package| &package.targets);
    targets
        .filter(|target| ours(&target.kind))
        .map(|target| target.src_path.clone().into())
        .collect()
}

/// The test ignores generated files, because the generator is responsible for their links.
fn is_generated(file: &Path) -> bool {
    file.components()
        .any(|part| part.as_os_str() == "generated")
}

/// Returns the files that the file `from` uses, directly or through other files.
fn reached(links: &Links, from: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(file) = open.pop() {
        let next = links.get(&file).into_iter().flat_map(BTreeMap::keys);
        for file in next.filter(|file| !is_generated(file)) {
            if found.insert(file.clone()) {
                open.push(file.clone());
            }
        }
    }
    found
}

/// Returns the largest sets of files in which each file uses all other files, directly or through other files.
fn circles(links: &Links) -> Vec<BTreeSet<PathBuf>> {
    let reached: BTreeMap<&PathBuf, BTreeSet<PathBuf>> = links
        .keys()
        .filter(|file| !is_generated(file))
        .map(|file| (file, reached(links, file)))
        .collect();
    let mut circles = BTreeSet::new();
    for (file, others) in &reached {
        if others.contains(*file) {
            let back = |other: &&PathBuf| reached.get(other).is_some_and(|it| it.contains(*file));
            circles.insert(others.iter().filter(back).cloned().collect());
        }
    }
    circles.into_iter().collect()
}

/// Formats the files of a circle and their links for an error message.
fn shown(links: &Links, circle: &BTreeSet<PathBuf>) -> String {
    let mut text = String::new();
    let root = workspace();
    let short = |file: &Path| file.strip_prefix(&root).unwrap().display().to_string();
    for file in circle {
        let used = links[file]
            .iter()
            .filter(|(other, _)| circle.contains(*other));
        for (other, names) in used {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let (from, to) = (short(file), short(other));
            text.push_str(&format!("  {from} uses {} from {to}\n", names.join(", ")));
        }
    }
    text
}

#[test]
fn only_known_circles_of_files_exist() {
    let root = workspace();
    let known: Vec<BTreeSet<PathBuf>> = KNOWN
        .iter()
        .map(|circle| circle.files.iter().map(|file| root.join(file)).collect())
        .collect();
    let mut needed = vec![false; known.len()];
    let mut new = String::new();
    for file in roots() {
        let links = links(&file);
        for circle in circles(&links) {
            match known.iter().position(|known| circle.is_subset(known)) {
                Some(place) => needed[place] = true,
                None => new.push_str(&format!(
                    "a circle of {} files:\n{}",
                    circle.len(),
                    shown(&links, &circle)
                )),
            }
        }
    }
    assert!(
        new.is_empty(),
        "{new}Move the shared code into a new file that all these files can use."
    );
    for (circle, needed) in KNOWN.iter().zip(needed) {
        assert!(
            needed,
            "the files {:?} form no circle any more, so remove this entry from `KNOWN` (reason in the entry: {})",
            circle.files, circle.why
        );
    }
}

/// Tests the check itself with small crates.
#[test]
fn the_check_finds_circles_through_imports_paths_and_macros() {
    let folder = tempfile::tempdir().unwrap();
    let circles_of = |files: &[(&str, &str)]| {
        for (name, text) in files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let links = links(&folder.path().join("lib.rs"));
        circles(&links)
    };
    let (a, b) = ("pub struct A;", "pub struct B;");
    let lib = (
        "lib.rs",
        "mod a; mod b; pub struct Root; fn f() -> a::A { b::B.into() }",
    );
    for (in_a, in_b) in [
        ("use crate::b::B;", "use crate::a::A;"),
        ("use super::b::B;", "fn f() { let _ = crate::a::A; }"),
        (
            "use crate::b;  fn f() -> b::B { b::B }",
            "use super::a::{self as other}; type T = other::A;",
        ),
        (
            "fn f() { println!(\"{}\", super::b::B); }",
            "use crate::{a::A};",
        ),
        ("mod inner { use super::super::b::B; }", "use crate::a::A;"),
        (
            "fn f() { use crate::b::B as Other; }",
            "impl From<crate::a::A> for B {}",
        ),
    ] {
        let (a, b) = (format!("{in_a} {a}"), format!("{in_b} {b}"));
        let found = circles_of(&[lib, ("a.rs", &a), ("b.rs", &b)]);
        assert_eq!(found.len(), 1, "{in_a} {in_b}");
        assert_eq!(found[0].len(), 2, "{in_a} {in_b}");
    }
    for (in_a, in_b) in [
        ("use crate::b::B;", ""),
        (
            "use crate::b::B;",
            "#[cfg(test)] mod tests { use crate::a::A; }",
        ),
        ("pub use crate::b::B;", "use crate::a::A;"),
        ("use std::fmt::Display;", "use crate::a::A;"),
        ("use crate::b::B;", "use crate::Root;"),
    ] {
        let (a, b) = (format!("{in_a} {a}"), format!("{in_b} {b}"));
        assert_eq!(
            circles_of(&[lib, ("a.rs", &a), ("b.rs", &b)]).len(),
            0,
            "{in_a} {in_b}"
        );
    }
    // A name belongs to the file that defines this name, not to a file that exports the name again.
    let with_reexports = [
        ("lib.rs", "mod door; mod b;"),
        (
            "door/mod.rs",
            "mod deep; pub use deep::Deep; mod all { } pub use deep::*;",
        ),
        (
            "door/deep.rs",
            "use crate::b::B; pub struct Deep; pub struct Star;",
        ),
        ("b.rs", "use crate::door::Star; pub struct B;"),
    ];
    let found = circles_of(&with_reexports);
    assert_eq!(found.len(), 1);
    assert!(found[0].iter().all(|file| !file.ends_with("door/mod.rs")));
}
