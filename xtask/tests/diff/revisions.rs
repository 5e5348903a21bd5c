//! Tests `diff` with git revisions: names of revisions, missing history, different working folders, and a closed
//! output.

use serde_json::Value;

use super::front_door::Repository;

#[test]
fn diff_accepts_the_revision_names_of_git() {
    let repository = Repository::new();
    repository.git(&["tag", "one"]);
    repository.edit("maxLength: 64", "maxLength: 100");
    repository.commit("wider");
    repository.git(&["checkout", "--quiet", "-b", "work"]);
    repository.edit("maxLength: 100", "maxLength: 80");
    repository.commit("narrower");
    let rule = |arguments: &[&str]| {
        let (out, err, code) = repository.xtask(arguments);
        let value: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
        (
            value[0]["rule"].as_str().unwrap_or_default().to_owned(),
            value.as_array().unwrap().len(),
            code,
        )
    };
    let (wider, narrower) = ("schema-maxLength-increased", "schema-maxLength-decreased");
    assert_eq!(
        rule(&["diff", "one", "--format", "json"]),
        (wider.to_owned(), 1, 0)
    );
    assert_eq!(
        rule(&["diff", "one", "main", "--format", "json"]),
        (wider.to_owned(), 1, 0)
    );
    assert_eq!(
        rule(&["diff", "HEAD~1", "HEAD", "--format", "json"]),
        (narrower.to_owned(), 1, 5)
    );
    // Without a revision, `diff` compares with the commit at which the branch left `main`.
    assert_eq!(
        rule(&["diff", "--format", "json"]),
        (narrower.to_owned(), 1, 5)
    );
    // Uncommitted changes count. On disk, the limit is again the limit of `main`, so nothing has changed.
    repository.edit("maxLength: 80", "maxLength: 100");
    assert_eq!(rule(&["diff", "--format", "json"]), (String::new(), 0, 0));
}

#[test]
fn the_compared_commits_are_named() {
    let repository = Repository::new();
    let hash = |name: &str| repository.answer(&["rev-parse", "--short", name]);
    repository.edit("maxLength: 64", "maxLength: 100");
    repository.commit("Let names be longer");
    let (one, two) = (hash("main~1"), hash("main"));
    let (_, err, _) = repository.xtask(&["diff", "HEAD~1"]);
    let expected = format!("    Compared 1 document since {one} (first): 1 additive\n");
    assert_eq!(err, expected);
    let (_, err, _) = repository.xtask(&["diff", "main~1", "main"]);
    let expected = format!("from {one} (first) to {two} (Let names be longer): 1 additive\n");
    assert!(err.ends_with(&expected), "{err}");
}

#[test]
fn an_added_or_removed_service_is_one_change() {
    let repository = Repository::new();
    let service = "openapi: 3.0.3\ninfo: {title: More, version: '1'}\n";
    repository.write("openapi/more/service.yaml", service);
    let told = |arguments: &[&str]| {
        let (out, err, code) = repository.xtask(arguments);
        let value: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
        let text = |key: &str| value[0][key].as_str().unwrap_or("none").to_owned();
        assert_eq!(value.as_array().unwrap().len(), 1);
        (["rule", "wire", "rust", "before", "after"].map(text), code)
    };
    let added = ["service-added", "additive", "additive", "none", "more"].map(str::to_owned);
    assert_eq!(told(&["diff", "--format", "json"]), (added, 0));
    repository.commit("more");
    repository.remove("openapi/more");
    let removed = ["service-removed", "breaking", "breaking", "more", "none"].map(str::to_owned);
    assert_eq!(told(&["diff", "--format", "json"]), (removed, 5));
}

#[test]
fn a_revision_with_a_reference_to_another_file_is_refused() {
    let repository = Repository::new();
    repository.edit(
        "            type: array\n            items:\n              type: string\n",
        "            $ref: '../shared.yaml#/Name'\n",
    );
    repository.commit("refer");
    repository.edit("maxLength: 64", "maxLength: 32");
    let (out, err, code) = repository.xtask(&["diff", "HEAD"]);
    assert!(
        err.starts_with("the older side cannot be compared: openapi/demo/devices.yaml:"),
        "{err}"
    );
    assert!(
        err.contains("`$ref: ../shared.yaml#/Name` does not lead to a component"),
        "{err}"
    );
    assert_eq!((out.as_str(), code), ("", 100));
}

#[test]
fn without_a_main_branch_diff_needs_a_revision() {
    let repository = Repository::new();
    repository.git(&["branch", "--move", "main", "trunk"]);
    repository.edit("maxLength: 64", "maxLength: 32");
    repository.commit("narrower");
    let (out, err, code) = repository.xtask(&["diff"]);
    assert!(err.contains("has no `main` or `origin/main`"), "{err}");
    assert!(err.ends_with("run: cargo xtask diff REVISION\n"), "{err}");
    assert_eq!((out.as_str(), code), ("", 100));
    assert_eq!(repository.xtask(&["diff", "trunk~1"]).2, 5);
}

#[test]
fn without_the_option_root_the_current_folder_determines_the_workspace() {
    let repository = Repository::new();
    repository.edit("maxLength: 64", "maxLength: 32");
    let run = |folder: &std::path::Path, verb: &str| {
        let mut command = assert_cmd::Command::cargo_bin("xtask").unwrap();
        command.current_dir(folder).arg(verb).output().unwrap()
    };
    for folder in ["", "openapi", "openapi/demo"] {
        let output = run(&repository.root().join(folder), "diff");
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(out.contains("maxLength: 64 -> 32"), "{out}");
        assert_eq!(output.status.code(), Some(5));
    }
    let outside = tempfile::tempdir().unwrap();
    for verb in ["diff", "lint", "generate", "list"] {
        let output = run(outside.path(), verb);
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.contains("is not in a workspace"), "{verb}: {err}");
        assert_eq!(output.status.code(), Some(100), "{verb}");
    }
}

#[test]
fn a_closed_output_does_not_change_the_exit_code() {
    let repository = Repository::new();
    repository.edit("maxLength: 64", "maxLength: 32");
    let closed = |words: &str| {
        let (reader, writer) = std::io::pipe().unwrap();
        // The test closes the reading end of the pipe before the command starts.
        drop(reader);
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("xtask"));
        let command = command
            .args(words.split(' '))
            .current_dir(repository.root());
        let command = command.stdout(writer).stderr(std::process::Stdio::null());
        command.status().unwrap().code()
    };
    assert_eq!(closed("diff"), Some(5));
    assert_eq!(closed("diff --format json"), Some(5));
    assert_eq!(closed("diff --format markdown --allow-breaking"), Some(0));
    assert_eq!(closed("diff --rules"), Some(0));
    repository.edit("summary: List devices", "summary: ''");
    assert_eq!(closed("lint"), Some(100));
    assert_eq!(closed("lint --format json"), Some(100));
    assert_eq!(closed("lint --rules"), Some(0));
}

#[test]
fn in_a_shallow_clone_the_error_names_the_command_that_fetches_the_history() {
    let origin = Repository::new();
    origin.git(&["switch", "--quiet", "--create", "narrower"]);
    origin.edit("maxLength: 64", "maxLength: 32");
    origin.commit("narrower");
    let clone = Repository(tempfile::tempdir().unwrap());
    let from = format!("file://{}", origin.root().display());
    clone.git(&["clone", "--quiet", "--depth", "1", &from, "."]);
    for words in [&["diff"][..], &["diff", "main~1"]] {
        let (out, err, code) = clone.xtask(words);
        assert_eq!((out.as_str(), code), ("", 100), "{err}");
        assert!(err.contains("is a shallow clone"), "{err}");
        assert!(err.contains("run: git fetch --unshallow"), "{err}");
    }
    let all = "+refs/heads/*:refs/remotes/origin/*";
    clone.git(&["fetch", "--quiet", "--unshallow", "origin", all]);
    let (_, err, code) = clone.xtask(&["diff"]);
    assert!(err.contains("1 breaking"), "{err}");
    assert_eq!(code, 5);
}

#[test]
fn the_error_about_a_missing_revision_names_the_revision() {
    let repository = Repository::new();
    for name in ["v9", "--upload-pack=x"] {
        let (_, err, code) = repository.xtask(&["diff", "--", name]);
        assert!(
            err.starts_with(&format!(
                "there is no file `{name}`, and no such git revision in "
            )),
            "{err}"
        );
        assert!(
            err.lines().last().unwrap().contains("run: cargo xtask"),
            "{err}"
        );
        assert_eq!(code, 100);
    }
}
