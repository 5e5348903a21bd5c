//! Tests a chapter that has several files, one for each resource: `openapi/<service>/<chapter>/<resource>.yaml`.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use transcript::fingerprint;

use crate::front_door::xtask;

/// The build script that all service crates share. The script has its own code for the fingerprint, because the build
/// scripts do not depend on the crate `transcript`.
mod build_script {
    #![allow(dead_code)]
    include!("../../../crates/freshness.rs");

    pub fn of(sources: &Path) -> String {
        fingerprint(sources).unwrap()
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns a copy of the transcript (OpenAPI YAML files) of DCS.
fn whole() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("openapi/dcs");
    fs::create_dir_all(&folder).unwrap();
    copy_all(&repository().join("openapi/dcs"), &folder);
    root
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns a copy of the transcript of DCS. In the copy, the chapter `accounts` is a folder with three files.
fn split() -> TempDir {
    let root = whole();
    split_in(root.path());
    root
}

fn split_in(root: &Path) {
    let folder = root.join("openapi/dcs");
    fs::create_dir(folder.join("accounts")).unwrap();
    let whole = fs::read_to_string(folder.join("accounts.yaml")).unwrap();
    let (paths, components) = whole.split_at(whole.find("components:\n").unwrap());
    // The first file ends after the first path.
    let cut = paths.match_indices("\n  /").nth(1).unwrap().0 + 1;
    for (name, text) in [
        ("change", &paths[..cut]),
        ("reset", &format!("paths:\n{}", &paths[cut..])),
        ("schemas", components),
    ] {
        fs::write(folder.join(format!("accounts/{name}.yaml")), text).unwrap();
    }
    fs::remove_file(folder.join("accounts.yaml")).unwrap();
}

#[test]
fn a_chapter_in_three_files_gives_the_same_code_and_cards() {
    let root = split();
    let (out, err, code) = xtask(root.path(), &["lint", "dcs"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(xtask(root.path(), &["generate", "dcs"]).2, 0);
    let package = Path::new("crates/dcs");
    let mut folders = vec![package.join("src/generated")];
    let mut names = vec![package.join("openapi.json")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(repository().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let list = match entry.path().is_dir() {
                true => &mut folders,
                false => &mut names,
            };
            list.push(folder.join(entry.file_name()));
        }
    }
    // `read` omits the line with the fingerprint, because the fingerprint also depends on the names of the files.
    let read = |root: &Path, name: &Path| {
        let text = fs::read_to_string(root.join(name)).unwrap();
        let lines = text
            .lines()
            .filter(|line| !line.starts_with("// Fingerprint"));
        lines.collect::<Vec<_>>().join("\n")
    };
    for name in &names {
        let (ours, theirs) = (read(&repository(), name), read(root.path(), name));
        assert_eq!(ours, theirs, "{}", name.display());
    }
    assert!(names.len() > 10, "{names:?}");
    let document = transcript::load(root.path(), "dcs").unwrap();
    let whole = transcript::load(&repository(), "dcs").unwrap();
    assert_eq!(cards::files(&document.value), cards::files(&whole.value));
    let folder = root.path().join("openapi/dcs");
    assert_eq!(
        build_script::of(&folder),
        fingerprint::fingerprint(document.files())
    );
    assert_ne!(
        fingerprint::fingerprint(document.files()),
        fingerprint::fingerprint(whole.files())
    );
}

/// `diff` must also find the files of a chapter's folder in a git revision. `diff` must not report the split as a
/// change, but must report a later change in one of the new files.
#[test]
fn a_split_changes_nothing_for_callers() {
    let root = whole();
    let git = |words: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.env("GIT_CONFIG_GLOBAL", "/dev/null")
            .arg("-C")
            .arg(root.path());
        git.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]);
        assert!(git.args(words).status().unwrap().success(), "{words:?}");
    };
    let commit = || {
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", "more"]);
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    commit();
    split_in(root.path());
    let words = ["diff", "HEAD", "--format", "json"];
    let changes = |words: &[&str]| -> serde_json::Value {
        let (out, err, _) = xtask(root.path(), words);
        serde_json::from_str(&out).expect(&err)
    };
    assert_eq!(changes(&words), serde_json::json!([]));
    commit();
    let part = root.path().join("openapi/dcs/accounts/reset.yaml");
    let text = fs::read_to_string(&part).unwrap();
    fs::write(
        &part,
        text.replace("operationId: reset_", "operationId: update_"),
    )
    .unwrap();
    for words in [&words[..], &["diff", "HEAD~1", "--format", "json"]] {
        let found = changes(words);
        let location = found[0]["location"].as_str().unwrap();
        assert!(
            location.starts_with("openapi/dcs/accounts/reset.yaml:"),
            "{found}"
        );
    }
}

#[test]
fn a_new_operation_is_written_to_the_file_of_its_resource() {
    let root = split();
    let path =
        "/v2/{project_id}/instances/{instance_id}/accounts/{account_id}/password/reset/{reset_id}";
    let words = ["new-operation", "dcs", "get", path, "--chapter", "accounts"];
    let (out, err, _) = xtask(root.path(), &words);
    assert!(
        out.contains("Wrote openapi/dcs/accounts/reset.yaml"),
        "{out}{err}"
    );
}

/// A change that breaks the copy, and three strings of the expected finding. The strings are the start of its position,
/// a part of its message, and a part of its help.
type Broken = (fn(&Path), &'static str, &'static str, &'static str);

const BROKEN: &[Broken] = &[
    (
        |folder| copy(folder, "accounts/change.yaml", "accounts/again.yaml"),
        "openapi/dcs/accounts/change.yaml:",
        "is defined twice",
        "keep one definition",
    ),
    (
        |folder| copy(folder, "accounts/schemas.yaml", "accounts/again.yaml"),
        "openapi/dcs/accounts/schemas.yaml:",
        "`Account` is defined twice",
        "keep one definition",
    ),
    (
        |folder| {
            let text = fs::read_to_string(folder.join("accounts/reset.yaml")).unwrap();
            let text = text.replace("/accounts/{account_id}:", "/accounts:");
            fs::write(folder.join("accounts/reset.yaml"), text).unwrap();
        },
        "openapi/dcs/accounts/reset.yaml:",
        "operations of /v2/{project_id}/instances/{instance_id}/accounts are in two files of `accounts`",
        "move this operation to openapi/dcs/accounts/change.yaml",
    ),
    (
        |folder| fs::remove_file(folder.join("accounts/schemas.yaml")).unwrap(),
        "openapi/dcs/accounts/reset.yaml:",
        "`#/components/schemas/ResetAccountPasswordRequest` does not exist",
        "",
    ),
    (
        |folder| {
            fs::create_dir(folder.join("accounts/deeper")).unwrap();
            copy(
                folder,
                "accounts/schemas.yaml",
                "accounts/deeper/schemas.yaml",
            );
        },
        "openapi/dcs/accounts/deeper:1:1",
        "a chapter's folder must not contain folders",
        "move the files of the inner folder to the folder of the chapter",
    ),
    (
        |folder| copy(folder, "accounts/schemas.yaml", "accounts.yaml"),
        "openapi/dcs/accounts.yaml:1:1",
        "the chapter `accounts` is a file and a folder",
        "move openapi/dcs/accounts.yaml into the folder",
    ),
    (
        |folder| fs::create_dir(folder.join("empty")).unwrap(),
        "openapi/dcs/empty:1:1",
        "the chapter's folder is empty",
        "write a YAML file for each resource, or remove the folder",
    ),
    (
        |folder| copy(folder, "accounts/schemas.yaml", "accounts/notes.txt"),
        "openapi/dcs/accounts/notes.txt:1:1",
        "a chapter's folder must contain only YAML files",
        "if the file belongs to the chapter, change the end of its name to .yaml",
    ),
    (
        |folder| copy(folder, "accounts/schemas.yaml", "accounts/notes.YAML"),
        "openapi/dcs/accounts/notes.YAML:1:1",
        "does not end in .yaml, so the file would be ignored",
        "change the end of the name to .yaml",
    ),
    (
        |folder| fs::write(folder.join("accounts/notes.yaml"), "\0\u{1}PNG").unwrap(),
        "openapi/dcs/accounts/notes.yaml:1:1",
        "is not allowed here",
        "",
    ),
    (
        |folder| {
            fs::rename(
                folder.join("accounts/reset.yaml"),
                folder.join("accounts/Re_set.yaml"),
            )
            .unwrap()
        },
        "openapi/dcs/accounts/Re_set.yaml:1:1",
        "`Re_set` is not kebab-case",
        "rename it after the chapter or resource",
    ),
    (
        |folder| fs::rename(folder.join("accounts"), folder.join("more")).unwrap(),
        "openapi/dcs/more/change.yaml:1:1",
        "the chapter `more` is not declared as a tag",
        "add it with a description to `tags:`",
    ),
    (
        |folder| {
            fs::create_dir(folder.join("common")).unwrap();
            copy(folder, "accounts/schemas.yaml", "common/schemas.yaml");
        },
        "openapi/dcs/common:1:1",
        "`common` is not a chapter, so it must not be a folder",
        "write it as one file, openapi/dcs/common.yaml",
    ),
];

fn copy(folder: &Path, from: &str, to: &str) {
    fs::copy(folder.join(from), folder.join(to)).unwrap();
}

/// Checks that the command `lint` fails. The loader or lint must report a finding whose position begins with `place`.
/// The finding must contain `message` and `help`.
fn assert_refused(root: &Path, place: &str, message: &str, help: &str) {
    let (out, err, code) = xtask(root, &["lint", "dcs", "--format", "json"]);
    assert_ne!(code, 0, "{message}: {out}{err}");
    let found =
        transcript::load(root, "dcs").map_or_else(|found| found, |document| lint::lint(&document));
    let found = found.iter().map(ToString::to_string).collect::<Vec<_>>();
    let is_it =
        |line: &&String| line.starts_with(place) && line.contains(message) && line.contains(help);
    assert!(
        found.iter().any(|line| is_it(&line)),
        "{place} {message} ({help}): {found:#?}"
    );
}

#[test]
fn a_broken_split_is_refused_with_the_position() {
    for (change, place, message, help) in BROKEN {
        let root = split();
        change(&root.path().join("openapi/dcs"));
        assert_refused(root.path(), place, message, help);
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_refused() {
    for (target, link) in [
        ("change.yaml", "accounts/link.yaml"),
        ("accounts", "linked"),
        ("nothing", "link.yaml"),
    ] {
        let root = split();
        std::os::unix::fs::symlink(target, root.path().join("openapi/dcs").join(link)).unwrap();
        let message = "a YAML file or folder must not be a symbolic link";
        assert_refused(
            root.path(),
            &format!("openapi/dcs/{link}:1:1"),
            message,
            "put the file or folder itself here",
        );
    }
}

/// Some editors write such files.
#[test]
fn a_hidden_file_that_is_not_yaml_is_ignored() {
    let root = split();
    fs::write(
        root.path().join("openapi/dcs/accounts/.reset.yaml.swp"),
        "\0",
    )
    .unwrap();
    assert_eq!(xtask(root.path(), &["lint", "dcs"]).2, 0);
}
