//! Tests the skeletons that `cargo xtask new-service` and `cargo xtask new-operation` write. Also runs the commands of
//! four step lists (recipes) in `CONTRIBUTING.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code, unused_imports, reason = "other tests use these items")]
mod card_mutations;
mod front_door;
#[path = "new/layers.rs"]
mod layers;
#[path = "new/odd_names.rs"]
mod odd_names;
#[path = "new/shapes.rs"]
mod shapes;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use front_door::xtask;
use tempfile::TempDir;
use transcript::Document;
use xtask::verbs::new::operation::with_skeleton;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// Returns all files below a folder, with their contents.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(found.insert(path.clone(), fs::read(&path).unwrap())),
            }
        }
    }
    found
}

fn with_service() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let (_, err, code) = xtask(
        root.path(),
        &[
            "new-service",
            "lights",
            "--title",
            "Lights: \"all\" of them",
            "--chapter",
            "lamps",
        ],
    );
    assert_eq!(code, 0, "{err}");
    root
}

#[test]
fn a_service_is_made_and_the_remaining_edits_are_listed() {
    let root = tempfile::tempdir().unwrap();
    let (out, err, code) = xtask(
        root.path(),
        &["new-service", "key-store", "--chapter", "keys"],
    );
    assert_eq!(
        (out.as_str(), code),
        (
            "        Made openapi/key-store\n        Made crates/key-store\n",
            0
        )
    );
    assert!(
        err.contains("crates/sandbox/Cargo.toml        huaweicloud-key-store.workspace = true\n"),
        "{err}"
    );
    assert!(
        err.ends_with(&format!(
            "then run: cargo xtask --root {} generate key-store\n",
            root.path().display()
        )),
        "{err}"
    );
    let names: Vec<String> = files(root.path())
        .keys()
        .map(|path| {
            path.strip_prefix(root.path())
                .unwrap()
                .display()
                .to_string()
        })
        .collect();
    let expected = [
        "crates/key-store/Cargo.toml",
        "crates/key-store/README.md",
        "crates/key-store/build.rs",
        "crates/key-store/openapi.json",
        "crates/key-store/src/generated/client.rs",
        "crates/key-store/src/generated/each_operation.rs",
        "crates/key-store/src/generated/each_type.rs",
        "crates/key-store/src/generated/mod.rs",
        "crates/key-store/src/generated/operations/keys.rs",
        "crates/key-store/src/generated/operations/mod.rs",
        "crates/key-store/src/generated/types/keys.rs",
        "crates/key-store/src/generated/types/mod.rs",
        "crates/key-store/src/lib.rs",
        "openapi/key-store/common.yaml",
        "openapi/key-store/keys.yaml",
        "openapi/key-store/service.yaml",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_new_crate_has_the_build_script_and_the_package_keys_of_dcs() {
    let root = with_service();
    let made =
        |file: &str| fs::read_to_string(root.path().join("crates/lights").join(file)).unwrap();
    let ours = |file: &str| fs::read_to_string(repository().join("crates/dcs").join(file)).unwrap();
    assert_eq!(made("build.rs"), ours("build.rs"));
    let keys = |manifest: String| {
        let lines = manifest.lines().map(str::to_owned).collect::<Vec<_>>();
        let end = lines.iter().position(|line| line == "[features]").unwrap();
        let end = end.min(lines.len());
        lines[3..end].to_vec()
    };
    assert_eq!(keys(made("Cargo.toml")), keys(ours("Cargo.toml")));
}

#[test]
fn a_refused_command_changes_no_files() {
    let root = with_service();
    let before = files(root.path());
    for (words, said) in [
        (
            vec!["new-service", "lights"],
            "openapi/lights already exists",
        ),
        (
            vec!["new-service", "Lights"],
            "`Lights` is not a valid name of a service: write it in kebab-case",
        ),
        (
            vec!["new-service", "self"],
            "`self` is already used by Rust, cargo or this workspace",
        ),
        (vec!["new-service", "default"], "`default` is already used"),
        (
            vec!["new-service", "new", "--chapter", "shared"],
            "nothing was written, because lint would refuse the result:\n",
        ),
        (
            vec![
                "new-operation",
                "lights",
                "get",
                "/v1/{project_id}/lamps/{lamp_id}",
            ],
            "GET /v1/{project_id}/lamps/{lamp_id} already exists, as show_lamp in openapi/lights/lamps.yaml:3:5",
        ),
        (
            vec!["new-operation", "lights", "fetch", "/v1/a"],
            "`FETCH` is not a method of an operation",
        ),
        (
            vec!["new-operation", "lights", "get", "v1/a"],
            "`v1/a` is not a valid path",
        ),
        (
            vec![
                "new-operation",
                "lights",
                "get",
                "/v1/a",
                "--id",
                "lampShow",
            ],
            "nothing was written, because lint would refuse the result:\n  `lampShow` is not snake_case",
        ),
        (
            vec!["new-operation", "light", "get", "/v1/a"],
            "did you mean `lights`?",
        ),
    ] {
        let (_, err, code) = xtask(root.path(), &words);
        assert!(err.contains(said), "{words:?}: {err}");
        assert_eq!(code, 100);
        assert_eq!(files(root.path()), before, "{words:?}");
    }
}

#[test]
fn invalid_names_and_titles_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let long = "a".repeat(41);
    for (name, said) in [
        ("core", "`core` is already used"),
        ("config", "`config` is already used"),
        ("test", "`test` is already used"),
        ("metrics", "`metrics` is already used"),
        ("huaweicloud", "`huaweicloud` is already used"),
        ("type", "`type` is already used"),
        ("key-", "`key-` is not a valid name of a service"),
        ("-key", "`-key` is not a valid name"),
        ("key--store", "`key--store` is not a valid name"),
        ("key_store", "`key_store` is not a valid name"),
        ("KMS", "`KMS` is not a valid name"),
        ("1kms", "`1kms` is not a valid name"),
        ("kmß", "`kmß` is not a valid name"),
        ("../kms", "`../kms` is not a valid name"),
        ("", "`` is not a valid name"),
        (&long, "the name of a service has at most 40 characters"),
    ] {
        let (_, err, code) = xtask(root.path(), &["new-service", "--", name]);
        assert!(err.starts_with(said), "{name}: {err}");
        assert_eq!(code, 100, "{name}");
    }
    for (title, said) in [
        ("", "the title is blank"),
        (" \u{a0}\t", "the title is blank"),
        (
            "Keys\nand more",
            "the title \"Keys\\nand more\" is not one line of text",
        ),
        ("Keys\u{7}", "the title \"Keys\\u{7}\" is not one line"),
    ] {
        let (_, err, code) = xtask(root.path(), &["new-service", "kms", "--title", title]);
        assert!(err.starts_with(said), "{title:?}: {err}");
        assert_eq!(code, 100, "{title:?}");
    }
    assert!(files(root.path()).is_empty());
}

/// The command checks the path before it makes a skeleton. So the error names only the problem of the path.
#[test]
fn the_error_about_an_invalid_path_names_the_problem() {
    let root = with_service();
    let before = files(root.path());
    for (path, problem) in [
        ("v1/a", "it does not begin with a slash"),
        ("/v1/a/", "it ends in a slash"),
        ("/", "it ends in a slash"),
        ("/v1//a", "it has an empty segment"),
        ("/v1/../a", "it has the segment `.` or `..`"),
        ("/v1/a$b", "its character 6 (`$`) is invalid"),
        ("/v1/a%20", "its character 6 (`%`) is invalid"),
        ("/v1/a&b", "its character 6 (`&`) is invalid"),
        ("/v1/a?b=1", "its character 6 (`?`) is invalid"),
        ("/v1/{a b}", "its character 7 (` `) is invalid"),
        ("/v1/\u{200b}a", "its character 5 (`\\u{200b}`) is invalid"),
        ("/v1/é", "its character 5 (`é`) is invalid"),
        ("/v1/{a", "its braces are not in pairs around names"),
        ("/v1/{}", "its braces are not in pairs around names"),
    ] {
        let (_, err, code) = xtask(root.path(), &["new-operation", "lights", "get", path]);
        let said = format!(
            "`{path}` is not a valid path: {problem}; write it like /v2/{{project_id}}/devices"
        );
        assert!(err.starts_with(&said), "{path}: {err}");
        assert_eq!(code, 100);
        assert_eq!(files(root.path()), before, "{path}");
    }
    for path in [
        "/v1/{project_id}/lamps:switch",
        "/v1/{project_id}/v1.0~x_y-z",
    ] {
        let words = ["new-operation", "lights", "get", path, "--id"];
        let id = format!("show_lamp{}", path.len());
        assert_eq!(
            xtask(root.path(), &[&words[..], &[&id]].concat()).2,
            0,
            "{path}"
        );
    }
    let (_, err, _) = xtask(
        root.path(),
        &["new-operation", "lights", "get", "/v1/b", "--chapter", "No"],
    );
    assert!(
        err.starts_with("`No` is not a valid name of a chapter"),
        "{err}"
    );
}

#[test]
fn new_operations_without_todos_pass_lint_and_generation() {
    let root = with_service();
    for (words, id) in [
        (["post", "/v1/{project_id}/lamps"], "create_lamp"),
        (["GET", "/v1/{project_id}/lamps"], "list_lamps"),
        (["put", "/v1/{project_id}/lamps/{id}"], "update_lamp"),
        (["delete", "/v1/{project_id}/lamps/{id}"], "delete_lamp"),
        (
            ["patch", "/v1/{project_id}/lamps/{id}/state"],
            "update_lamp_state",
        ),
    ] {
        let (out, err, code) = xtask(
            root.path(),
            &[["new-operation", "lights"].as_slice(), &words].concat(),
        );
        assert_eq!(
            (out.as_str(), code),
            ("       Wrote openapi/lights/lamps.yaml\n", 0),
            "{err}"
        );
        let text = fs::read_to_string(root.path().join("openapi/lights/lamps.yaml")).unwrap();
        assert_eq!(
            text.matches(&format!("operationId: {id}\n")).count(),
            1,
            "{text}"
        );
    }
    let (_, err, code) = xtask(
        root.path(),
        &[
            "new-operation",
            "lights",
            "get",
            "/v1/{project_id}/plans/{id}",
            "--chapter",
            "plans",
            "--id",
            "show_plan",
        ],
    );
    assert!(
        err.starts_with("plans is a new chapter: in crates/lights/Cargo.toml add the feature"),
        "{err}"
    );
    assert_eq!(code, 0);
    let lamps = fs::read_to_string(root.path().join("openapi/lights/lamps.yaml")).unwrap();
    insta::assert_snapshot!("chapter", lamps);
    let (_, _, code) = xtask(root.path(), &["lint"]);
    assert_eq!(code, 100, "a TODO is a finding");
    replace_todos(root.path());
    let (_, err, code) = xtask(root.path(), &["lint"]);
    assert_eq!(
        (err.as_str(), code),
        ("      Linted lights: 7 operations\n", 0)
    );
    assert_eq!(xtask(root.path(), &["generate", "lights"]).2, 0);
    assert_eq!(xtask(root.path(), &["generate", "lights", "--check"]).2, 0);
}

/// Returns the numbered steps of the recipe with this title.
fn recipe(title: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join("CONTRIBUTING.md")).unwrap();
    let text = text.replace("\n   ", " ");
    let (_, after) = text.split_once(&format!("\n## {title}\n")).expect(title);
    let steps = after.lines().take_while(|line| !line.starts_with("## "));
    let numbered = steps.filter(|line| line.starts_with(|char: char| char.is_ascii_digit()));
    numbered.map(str::to_owned).collect()
}

/// Returns the `cargo xtask` commands in a step. Omits `diff` and `changelog`, because the workspace of the test is not
/// a git repository.
fn commands(step: &str) -> Vec<&str> {
    let quoted = step.split('`').skip(1).step_by(2);
    let ours = quoted.filter_map(|text| text.strip_prefix("cargo xtask "));
    ours.filter(|command| !command.starts_with("diff") && !command.starts_with("changelog"))
        .collect()
}

/// Replaces every TODO in the transcript of the service `lights`.
fn replace_todos(root: &Path) {
    for (path, bytes) in files(&root.join("openapi/lights")) {
        let text = String::from_utf8(bytes).unwrap();
        let without = text.replace("'TODO: ", "'Told: ").replace("TODO", "Told.");
        fs::write(path, without).unwrap();
    }
}

/// Runs the commands that [`commands`] finds in a recipe, and returns their number. Replaces each placeholder, such as
/// `<service>`, with a value. Before `lint`, replaces the TODOs. If a command prints a draft, adds the draft to the
/// transcript.
fn walk(root: &Path, title: &str, page: &Path) -> usize {
    let mut walked = 0;
    for step in recipe(title) {
        for command in commands(&step) {
            let filled = command
                .replace("<service>", "lights")
                .replace("<chapter>", "plans")
                .replace("<method>", "get")
                .replace(
                    "<path>",
                    &format!(
                        "/v1/{{project_id}}/{}/{{id}}",
                        title.replace(' ', "-").to_lowercase()
                    ),
                )
                .replace("<page>", &page.display().to_string());
            let words: Vec<&str> = filled.split_whitespace().collect();
            if words.first() == Some(&"lint") {
                replace_todos(root);
            }
            let (out, err, code) = xtask(root, &words);
            assert_eq!(code, 0, "{title}: {filled}: {out}{err}");
            if words.contains(&"--draft") {
                let draft =
                    Document::from_files("lights", vec![("draft".to_owned(), out.into_bytes())])
                        .unwrap();
                let chapter = root.join("openapi/lights/instances.yaml");
                let text = fs::read_to_string(&chapter).unwrap();
                fs::write(
                    &chapter,
                    with_skeleton(&text, draft.value.as_object().unwrap()),
                )
                .unwrap();
            }
            walked += 1;
        }
    }
    walked
}

#[test]
fn the_commands_of_four_recipes_succeed() {
    let root = tempfile::tempdir().unwrap();
    let page = root.path().join("page.rst");
    let text = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/update_lamp.rst"),
    )
    .unwrap();
    // After the draft, the recipe compares the page with the transcript. The draft uses the shared error responses of
    // `common.yaml`. So the page must have the error fields and the error example of these responses.
    fs::write(
        &page,
        text.replace(
            "\"error_code\" : \"DEMO.2\"",
            "\"error_code\" : \"TODO\", \"error_msg\" : \"TODO\"",
        )
        .replace("error_ext_msg", "error_msg    ")
        // The draft also uses the shared parameter `project_id`, which has no limit. So the page must have no limit for
        // this parameter.
        .replace("Maximum: **32**", "               "),
    )
    .unwrap();
    assert!(walk(root.path(), "Add a service", &page) >= 2);
    assert!(walk(root.path(), "Add an operation", &page) >= 2);
    assert!(walk(root.path(), "Add a chapter", &page) >= 1);
    assert!(walk(root.path(), "Change a specification", &page) >= 2);
}

/// Follows the recipe "Add a service" of `CONTRIBUTING.md` in a copy of the repository.
///
/// This test is slow, so it runs only on request: `cargo test -p xtask --test new -- --ignored`.
#[test]
#[ignore = "compiles a copy of the workspace"]
fn a_service_is_added_by_the_recipe() {
    let copy = copy_of_the_repository();
    let root = copy.path();
    let verb = |words: &[&str]| {
        let (out, err, code) = xtask(root, words);
        assert_eq!(code, 0, "{words:?}: {out}{err}");
    };
    verb(&["new-service", "lights", "--chapter", "lamps"]);
    edit_the_manifests(root);
    verb(&["new-operation", "lights", "post", "/v1/{project_id}/lamps"]);
    add_the_shapes(root);
    replace_todos(root);
    verb(&["lint"]);
    verb(&["generate"]);
    verb(&["generate", "--check"]);
    let test = "crates/e2e/tests/added_service.rs";
    let text = include_str!("new/added_service.rs");
    let marker = "    // `new.rs` replaces this line with the code that `shapes::calls` returns.\n";
    assert!(text.contains(marker));
    fs::write(root.join(test), text.replace(marker, &shapes::calls())).unwrap();

    // The first run of each command writes the snapshots. The second run must find no changes.
    let snapshots = [
        "--package",
        "xtask",
        "--test",
        "contract",
        "--test",
        "surface",
    ];
    let wire = ["--package", "huaweicloud-e2e", "--test", "wire"];
    for update in ["always", "no"] {
        cargo(root, &snapshots, update);
        cargo(root, &wire, update);
    }
    let made = fs::read_dir(root.join("crates/lights/snapshots")).unwrap();
    assert!(made.count() > 2);
    let told = fs::read_to_string(root.join("crates/lights/snapshots/wire_shapes.snap")).unwrap();
    assert_eq!(shapes::lost(&told), [""; 0]);
    let tests = ["added_service", "layering", "any_json", "schema"].map(|test| ["--test", test]);
    let tests = [
        ["--package", "huaweicloud-e2e", "--features", "schemars"].as_slice(),
        tests.as_flattened(),
    ]
    .concat();
    cargo(root, &tests, "no");
}

/// Returns a temporary folder with copies of the files that git tracks. The copies have the current contents.
fn copy_of_the_repository() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let mut git = Command::new("git");
    git.current_dir(repository()).args(["ls-files", "-z"]);
    let listed = git.output().unwrap();
    assert!(listed.status.success(), "this test needs a git checkout");
    for file in String::from_utf8(listed.stdout)
        .unwrap()
        .split_terminator('\0')
    {
        let (from, to) = (repository().join(file), copy.path().join(file));
        // A tracked file is missing if somebody removed the file without a commit.
        if from.is_file() {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        }
    }
    copy
}

/// Adds the chapter of `shapes.rs`, and a chapter with the unusual names of `odd_names.rs` that lint accepts. Also adds
/// a cargo feature for each of these chapters.
fn add_the_shapes(root: &Path) {
    let change = |file: &str, from: &str, to: &str| {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        fs::write(root.join(file), text.replacen(from, to, 1)).unwrap();
    };
    let tag = "tags:\n  - name: shapes\n    description: All shapes.\n  - name: names\n    description: Odd names.\n";
    change("openapi/lights/service.yaml", "tags:\n", tag);
    let features = "default = [\"lamps\", \"names\", \"shapes\"]\nnames = []\nshapes = []";
    change(
        "crates/lights/Cargo.toml",
        "default = [\"lamps\"]",
        features,
    );
    let folder = root.join("openapi/lights");
    fs::write(folder.join("shapes.yaml"), shapes::chapter()).unwrap();
    let (names, taken, count) = odd_names::taken(root);
    assert!(
        taken > count / 4 && taken < count * 3 / 4,
        "{taken} of {count}"
    );
    fs::write(folder.join("names.yaml"), names).unwrap();
}

/// This test does not compile the generated code. The slow test `a_service_is_added_by_the_recipe` compiles the code.
#[test]
fn the_chapter_of_shapes_passes_lint_and_generates_code() {
    let root = with_service();
    add_the_shapes(root.path());
    replace_todos(root.path());
    let (out, err, code) = xtask(root.path(), &["lint"]);
    assert_eq!(code, 0, "{out}{err}");
    let (out, err, code) = xtask(root.path(), &["generate", "lights"]);
    assert_eq!(code, 0, "{out}{err}");
}

/// Checks at which positions lint refuses each shape (kind of value). Also checks that the shapes cover the grammar of
/// schemas. Then changes each fact of some shapes, and checks that the cards (the content of `contract_*.snap`) show
/// each change.
#[test]
fn the_shapes_agree_with_lint_the_grammar_and_the_cards() {
    let root = with_service();
    add_the_shapes(root.path());
    replace_todos(root.path());
    shapes::check_refusals(root.path());
    shapes::check_completeness(root.path());
    shapes::check_cards(root.path());
}

/// Makes the edits that `new-service` lists, in three manifests.
fn edit_the_manifests(root: &Path) {
    let insert = |file: &str, before: &str, line: &str| {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(text.contains(before), "{file}: {before}");
        let text = text.replacen(before, &format!("{line}{before}"), 1);
        fs::write(root.join(file), text).unwrap();
    };
    insert(
        "Cargo.toml",
        "huaweicloud-sandbox = ",
        "huaweicloud-lights = { version = \"0.1.0\", path = \"crates/lights\", default-features = false }\n",
    );
    let facade = "crates/huaweicloud/Cargo.toml";
    let dependency = "huaweicloud-lights = { workspace = true, optional = true }\n";
    insert(facade, "huaweicloud-roma-link = {", dependency);
    let feature = "lights = [\"dep:huaweicloud-lights\", \"huaweicloud-lights/default\"]\n";
    insert(facade, "roma-link = [", feature);
    insert(facade, "\"roma-link\"]", "\"lights\", ");
    for feature in ["serde-full", "schemars"] {
        let before = format!("\"huaweicloud-roma-link?/{feature}\"");
        insert(
            facade,
            &before,
            &format!("\"huaweicloud-lights?/{feature}\", "),
        );
    }
    let sandbox = "crates/sandbox/Cargo.toml";
    let dependency = "huaweicloud-lights.workspace = true\n";
    insert(sandbox, "huaweicloud-roma-link.workspace", dependency);
}

/// Runs tests of the copied repository. The tests use the target folder of this workspace, because this folder already
/// contains compiled dependencies.
fn cargo(root: &Path, words: &[&str], update: &str) {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = Command::new(program);
    cargo
        .current_dir(root)
        .args(["test", "--offline", "--quiet", "--no-fail-fast"]);
    cargo.args(words).env("CARGO_TARGET_DIR", target);
    cargo.env("INSTA_UPDATE", update).env_remove("CI");
    let output = cargo.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    // Some tests list the snapshot files before other tests have written these files. So the first run can fail.
    let passed = output.status.success() || update == "always";
    assert!(passed, "{words:?}: {said}{failed}");
}
