//! Tests the loader of transcripts (OpenAPI YAML files). The tests check the order of files, the merging, the positions
//! of nodes, and the errors about bad files.

use std::fs;
use std::path::Path;

use serde_json::json;
use transcript::{self, Document, Finding, Place};

fn from(files: &[(&str, &str)]) -> Result<Document, Vec<Finding>> {
    let files = files
        .iter()
        .map(|(name, text)| (format!("openapi/demo/{name}"), text.as_bytes().to_vec()))
        .collect();
    Document::from_files("demo", files)
}

fn refused(text: &str) -> Vec<Finding> {
    from(&[("service.yaml", text)]).expect_err("must be refused")
}

fn at(file: &str, line: usize, column: usize) -> Place {
    Place {
        file: format!("openapi/demo/{file}"),
        line,
        column,
    }
}

#[test]
fn files_are_merged_in_the_given_order() {
    let document = from(&[
        ("service.yaml", "openapi: 3.0.3\ncomponents:\n  schemas:\n    B: {type: object}\n"),
        ("devices.yaml", "paths:\n  /b:\n    get: {operationId: show_b}\ncomponents:\n  schemas:\n    A: {type: string}\n"),
        ("rules.yaml", "paths:\n  /a:\n    get: {}\n  /b:\n    put: {}\n"),
    ])
    .unwrap();
    assert_eq!(
        document.value.to_string(),
        json!({
            "openapi": "3.0.3",
            "components": {"schemas": {"B": {"type": "object"}, "A": {"type": "string"}}},
            "paths": {"/b": {"get": {"operationId": "show_b"}, "put": {}}, "/a": {"get": {}}},
        })
        .to_string()
    );
}

#[test]
fn two_operations_of_a_path_can_have_different_chapters() {
    let document = from(&[
        (
            "devices.yaml",
            "paths:\n  /x~/y:\n    get: {operationId: a}\n",
        ),
        ("rules.yaml", "paths:\n  /x~/y:\n    put: {}\n"),
    ])
    .unwrap();
    let seen: Vec<_> = document
        .operations()
        .map(|op| (op.method, op.path, op.chapter, op.pointer.clone()))
        .collect();
    assert_eq!(
        seen,
        [
            ("get", "/x~/y", "devices", "/paths/~1x~0~1y/get".to_owned()),
            ("put", "/x~/y", "rules", "/paths/~1x~0~1y/put".to_owned())
        ]
    );
    assert_eq!(document.chapter_of("/paths/~1x~0~1y/put"), "rules");
    assert_eq!(document.operations().next().unwrap().id(), Some("a"));
}

#[test]
fn a_pointer_gives_the_position_of_the_node_or_the_nearest_ancestor() {
    let document = from(&[
        (
            "service.yaml",
            "# comment\ninfo:\n  title: \"é\"\n  tags: [ü, b]\n",
        ),
        ("a.yaml", "paths:\n  /é: {get: {x: 1}}\n"),
    ])
    .unwrap();
    assert_eq!(document.place("/info/title"), at("service.yaml", 3, 3));
    assert_eq!(document.place("/info/tags/1"), at("service.yaml", 4, 13));
    assert_eq!(document.place("/info/tags/7/x"), at("service.yaml", 4, 3));
    assert_eq!(document.place("/paths/~1é/get"), at("a.yaml", 2, 8));
    assert_eq!(document.place("/nothing"), at("service.yaml", 2, 1));
}

#[test]
fn scalars_are_read_as_yaml_1_2() {
    let document = from(&[("service.yaml", "date: 2024-01-19\non: yes\nnumber: 99999999999999999\nquoted: '1'\nresponses: {200: a, '404': b}\n")]).unwrap();
    assert_eq!(
        document.value,
        json!({"date": "2024-01-19", "on": "yes", "number": 99_999_999_999_999_999_i64, "quoted": "1", "responses": {"200": "a", "404": "b"}})
    );
}

#[test]
fn the_finding_about_a_double_definition_shows_both_positions() {
    let same_file = refused("paths:\n  /a: {}\n  /a: {}\n");
    assert_eq!(
        (
            same_file[0].rule,
            &same_file[0].place,
            &same_file[0].also[0].0
        ),
        (
            "duplicate-name",
            &at("service.yaml", 3, 3),
            &at("service.yaml", 2, 3)
        )
    );

    for (first, second, place) in [
        (
            "components:\n  schemas:\n    Device: {}\n",
            "components:\n  schemas:\n    Device: {}\n",
            (3, 5),
        ),
        (
            "paths:\n  /a:\n    get: {}\n",
            "paths:\n  /a:\n    get: {}\n",
            (3, 5),
        ),
        (
            "paths:\n  /a:\n    parameters: []\n",
            "paths:\n  /a:\n    parameters: []\n",
            (3, 5),
        ),
        ("openapi: 3.0.3\n", "openapi: 3.0.3\n", (1, 1)),
        ("info:\n  title: a\n", "info:\n  version: a\n", (1, 1)),
        ("paths: {}\n", "paths: 1\n", (1, 1)),
    ] {
        let findings = from(&[("a.yaml", first), ("b.yaml", second)]).expect_err(first);
        let [finding] = findings.as_slice() else {
            panic!("{findings:?}")
        };
        assert_eq!(finding.rule, "duplicate-name");
        assert_eq!(
            (&finding.place, &finding.also[0].0),
            (
                &at("b.yaml", place.0, place.1),
                &at("a.yaml", place.0, place.1)
            )
        );
    }
}

#[test]
fn yaml_that_transcripts_must_not_use_is_refused_with_the_position() {
    let deep = format!("a: {}{}\n", "[".repeat(120), "]".repeat(120));
    let table: &[(&str, &str, usize, usize)] = &[
        ("a: &x 1\nb: *x\n", "plain-yaml", 1, 4),
        ("a: !!str 1\n", "plain-yaml", 1, 4),
        ("a: 1\n---\nb: 1\n", "plain-yaml", 2, 1),
        ("a:\n  <<: {b: 1}\n", "plain-yaml", 2, 3),
        ("a:\n  true: 1\n", "string-key", 2, 3),
        ("a:\n  1.5: 1\n", "string-key", 2, 3),
        ("a:\n  ? [b]\n  : 1\n", "string-key", 2, 5),
        ("a: 99999999999999999999999\n", "number-range", 1, 4),
        ("a: .inf\n", "number-range", 1, 4),
        ("- a\n", "yaml-syntax", 1, 1),
        ("", "yaml-syntax", 1, 1),
        ("a: 'x\n", "yaml-syntax", 1, 4),
        ("a: b: c\n", "yaml-syntax", 1, 5),
        ("\u{feff}a: 1\n", "unreadable-file", 1, 1),
        ("a: 1\nbé\0: 2\n", "unreadable-file", 2, 3),
        (&deep, "nesting-depth", 1, 103),
    ];
    let mut wrong = Vec::new();
    for (text, rule, line, column) in table {
        let finding = refused(text).remove(0);
        assert!(!finding.help.is_empty());
        if (finding.rule, &finding.place) != (*rule, &at("service.yaml", *line, *column)) {
            wrong.push((text, finding));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn findings_of_all_files_are_collected() {
    let findings = from(&[
        ("a.yaml", "a: [\n"),
        ("b.yaml", "a: *x\n"),
        ("c.yaml", "a: 1\na: 2\nb: .nan\n"),
    ])
    .expect_err("refused");
    let files: Vec<_> = findings
        .iter()
        .map(|finding| finding.place.file.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(files, ["a.yaml", "b.yaml", "c.yaml", "c.yaml"]);
}

#[test]
fn the_finding_about_invalid_utf8_has_the_position_of_the_byte() {
    let findings =
        Document::from_files("demo", vec![("f.yaml".into(), b"a: 1\nb: \xff\n".to_vec())])
            .expect_err("refused");
    assert_eq!((findings[0].place.line, findings[0].place.column), (2, 4));
}

fn write(root: &Path, name: &str, text: &str) {
    let file = root.join("openapi").join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn a_missing_service_yaml_and_a_folder_without_services_are_reported() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "dcs/instances.yaml", "paths: {}\n");
    assert_eq!(transcript::services(root.path()).unwrap(), ["dcs"]);
    let findings = transcript::load(root.path(), "dcs").unwrap_err();
    assert_eq!(findings[0].message, "the service has no service.yaml");
    let nothing = tempfile::tempdir().unwrap();
    std::fs::create_dir(nothing.path().join("openapi")).unwrap();
    assert!(transcript::services(nothing.path()).is_err());
}

#[test]
fn folders_are_services_that_can_be_selected_and_loaded() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "roma-link/service.yaml", "openapi: 3.0.3\n");
    write(root.path(), "roma-link/devices.yaml", "paths: {}\n");
    write(root.path(), "roma-link/README.md", "not a transcript");
    write(root.path(), "dcs/service.yaml", "openapi: 3.0.3\n");
    write(root.path(), "README.md", "");
    assert_eq!(
        transcript::services(root.path()).unwrap(),
        ["dcs", "roma-link"]
    );
    assert_eq!(
        transcript::select(root.path(), &["roma-link".into()]).unwrap(),
        ["roma-link"]
    );
    assert_eq!(
        transcript::select(root.path(), &[]).unwrap(),
        ["dcs", "roma-link"]
    );
    let error = transcript::select(root.path(), &["roma-lnik".into()])
        .unwrap_err()
        .to_string();
    let expected =
        "unknown service `roma-lnik`: did you mean `roma-link`? the services are dcs, roma-link";
    assert_eq!(error, expected);
    let names: Vec<_> = transcript::load(root.path(), "roma-link")
        .unwrap()
        .files()
        .iter()
        .map(|file| file.name.clone())
        .collect();
    assert_eq!(
        names,
        [
            "openapi/roma-link/service.yaml",
            "openapi/roma-link/devices.yaml"
        ]
    );
}

#[test]
fn a_file_that_ends_in_yml_and_a_missing_service_are_reported() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "dcs/service.yaml", "openapi: 3.0.3\n");
    write(root.path(), "dcs/more.yml", "paths: {}\n");
    let findings = transcript::load(root.path(), "dcs").expect_err("refused");
    assert_eq!(
        (findings[0].rule, findings[0].place.file.as_str()),
        ("unreadable-file", "openapi/dcs/more.yml")
    );
    assert!(transcript::load(root.path(), "missing").is_err());
}

#[test]
fn merge_conflicts_and_confusing_characters_cause_one_finding() {
    let table: &[(&str, &str, &str, usize, usize)] = &[
        (
            "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n",
            "yaml-syntax",
            "merge conflict",
            1,
            1,
        ),
        (
            "a: |\n  1\n=======\nb: 2\n",
            "yaml-syntax",
            "merge conflict",
            3,
            1,
        ),
        (
            "a: 1\n||||||| base\n",
            "yaml-syntax",
            "merge conflict",
            2,
            1,
        ),
        (
            "descripti\u{43e}n: x\n",
            "unreadable-file",
            "Latin letter",
            1,
            10,
        ),
        ("a: \u{391}pi\n", "unreadable-file", "Latin letter", 1, 4),
        ("a: x\u{202e}y\n", "unreadable-file", "invisible", 1, 5),
        ("a: x # \u{200b}\n", "unreadable-file", "invisible", 1, 8),
        (
            "a: \"x\\u202ey\"\n",
            "invisible-character",
            "invisible",
            1,
            4,
        ),
        (
            "a: \"\\u0430pi\"\n",
            "invisible-character",
            "Latin letter",
            1,
            4,
        ),
        (
            "\"a\\u2066\": 1\n",
            "invisible-character",
            "invisible",
            1,
            1,
        ),
    ];
    for (text, rule, message, line, column) in table {
        let findings = refused(text);
        let [finding] = findings.as_slice() else {
            panic!("{text:?}: {findings:#?}");
        };
        assert_eq!(
            (finding.rule, &finding.place),
            (*rule, &at("service.yaml", *line, *column)),
            "{text:?}"
        );
        assert!(finding.message.contains(message), "{}", finding.message);
    }
    let kept = "a: 5 μs at 3 Ω, naïve – “quoted”\nb: '======='\n";
    assert!(from(&[("service.yaml", kept)]).is_ok());
}

#[cfg(unix)]
#[test]
fn a_pipe_or_folder_that_ends_in_yaml_is_reported_and_not_read() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("openapi/demo");
    fs::create_dir_all(folder.join("folder.yaml")).unwrap();
    fs::write(folder.join("service.yaml"), "openapi: 3.0.3\n").unwrap();
    for pipe in [
        folder.join("pipe.yaml"),
        // This pipe is not in the folder of the service, so `load` ignores the pipe.
        root.path().join("openapi/ERRATA.md"),
    ] {
        let made = std::process::Command::new("mkfifo").arg(pipe).status();
        assert!(made.unwrap().success());
    }
    let findings = transcript::load(root.path(), "demo").unwrap_err();
    let found: Vec<_> = findings
        .iter()
        .map(|finding| (finding.place.file.as_str(), finding.message.as_str()))
        .collect();
    let message = "cannot read this path: it is not a regular file";
    assert_eq!(
        found,
        [
            ("openapi/demo/folder.yaml", message),
            ("openapi/demo/pipe.yaml", message)
        ]
    );
}
