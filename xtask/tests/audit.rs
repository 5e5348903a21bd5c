//! Saved pages of an invented service, in every form, against its transcript.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code)]
mod cases;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use serde_json::Value;
use tempfile::TempDir;
use xtask::audit::page::Page;
use xtask::audit::{audit, read};
use xtask::cli::{Cli, Terminal, run};
use xtask::lint::lint;
use xtask::output::Styles;
use xtask::source::{self, Document};
use xtask::verbs::new::operation::with_skeleton;

/// The page of `create_device`, which the transcript has.
const CREATE: [&str; 6] = ["html", "rst", "md", "lines.txt", "bars.txt", "zh.txt"];
/// The page of `update_lamp`, which it has not.
const UPDATE: [&str; 4] = ["html", "rst", "md", "lines.txt"];

fn page(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn create(form: &str) -> String {
    page(&format!("create_device.{form}"))
}

/// The transcript of the service, with one text of it replaced.
fn document(from: &str, to: &str) -> Document {
    let files = cases::base().into_iter().map(|(name, text)| {
        let text = if from.is_empty() {
            text
        } else {
            text.replace(from, to)
        };
        (format!("openapi/demo/{name}"), text.into_bytes())
    });
    Document::from_files("demo", files.collect()).unwrap()
}

/// What a page says, without the lines that differ from form to form.
fn facts(page: &Page) -> Vec<String> {
    let mut facts = vec![page.route()];
    let parameters = page
        .parameters
        .iter()
        .map(|(place, field)| (place.word().to_owned(), field));
    let body = page.body.iter().map(|field| ("body".to_owned(), field));
    let answers = page.answers.iter().flat_map(|answer| {
        let fields = answer.fields.iter();
        fields.map(|field| (answer.status.to_string(), field))
    });
    for (place, field) in parameters.chain(body).chain(answers) {
        let options: Vec<&str> = field
            .values
            .options
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        facts.push(format!(
            "{place} {} {:?} {:?} {:?} {options:?} {:?}",
            field.name, field.kind, field.mandatory, field.values.printed, field.values.default
        ));
    }
    facts.extend(page.statuses.iter().map(|(status, _)| status.to_string()));
    let examples = page
        .requests
        .iter()
        .chain(page.responses.iter().map(|(_, example)| example));
    facts.extend(examples.map(|example| example.value.as_ref().unwrap().to_string()));
    facts
}

#[test]
fn every_form_says_the_same() {
    let expected = facts(&read("html", &create("html")).unwrap());
    assert_eq!(expected.len(), 1 + 11 + 3 + 3);
    for form in CREATE {
        assert_eq!(
            facts(&read(form, &create(form)).unwrap()),
            expected,
            "{form}"
        );
    }
}

#[test]
fn a_page_that_agrees_has_no_findings() {
    let documents = [document("", "")];
    for form in CREATE {
        let audit = audit(&documents, form, &create(form));
        assert_eq!(audit.findings, [], "{form}");
        assert_eq!(
            audit.operation,
            Some(("demo".to_owned(), "create_device".to_owned()))
        );
    }
}

/// A change of the transcript, the rule that notices it on the page, and what it says.
const CHANGES: [(&str, &str, &str, &str); 14] = [
    (
        "maxLength: 64",
        "maxLength: 63",
        "page-limit",
        "`name` is limited to 2 to 64 on the page, to 2 to 63 in the transcript",
    ),
    (
        "maximum: 99999999999999999",
        "maximum: 99999999999999998",
        "page-limit",
        "`id` is limited to 0 to 99999999999999999 on the page, to 0 to 99999999999999998 in the transcript",
    ),
    (
        "maxLength: 32\n      example",
        "example",
        "page-limit",
        "`project_id` is limited to at most 32 on the page, to nothing in the transcript",
    ),
    (
        "required: [name]",
        "required: [name, password]",
        "page-mandatory",
        "`password` is optional on the page, mandatory in the transcript",
    ),
    (
        "required: [name]\n      ",
        "",
        "page-mandatory",
        "`name` is mandatory on the page, optional in the transcript",
    ),
    (
        "created_datetime:\n          type: integer\n          format: int64",
        "created_datetime:\n          type: string",
        "page-type",
        "`created_datetime` is a long integer on the page, string in the transcript",
    ),
    (
        "enum: [0, 1]",
        "enum: [0, 1, 2]",
        "page-option",
        "the page does not list the options 2 of `status`",
    ),
    (
        "enum: [0, 1]",
        "enum: [0, 3]",
        "page-option",
        "of the options of `status`, the transcript lacks 1, and the page 3",
    ),
    (
        "        labels:",
        "        marks:",
        "page-field",
        "the transcript has no field `labels`, the page has",
    ),
    (
        "        labels:",
        "        marks:",
        "page-field",
        "the page has no field `marks`",
    ),
    (
        "        '204':",
        "        '202':",
        "page-status",
        "the transcript has no status 204, the page has",
    ),
    (
        "        '204':",
        "        '202':",
        "page-status",
        "the page has no status 202",
    ),
    (
        "name: thermometer",
        "name: kettle",
        "page-example",
        "the page's example of the request is not in the transcript",
    ),
    (
        "description: Time of creation,",
        "default: 5\n          description: Time of creation,",
        "page-default",
        "the page names no default of `created_datetime`, the transcript has `5`",
    ),
];

#[test]
fn every_difference_is_found_in_every_form() {
    for (from, to, rule, message) in CHANGES {
        let documents = [document(from, to)];
        for form in CREATE {
            let findings = audit(&documents, form, &create(form)).findings;
            let found = findings
                .iter()
                .any(|finding| finding.rule == rule && finding.message == message);
            assert!(found, "{form}: {message}\n{findings:#?}");
        }
    }
}

#[test]
fn what_only_one_side_has_is_found() {
    let documents = [document("", "")];
    let changed = |from: &str, to: &str| {
        let text = create("lines.txt");
        assert!(text.contains(from));
        let findings = audit(&documents, "page.txt", &text.replace(from, to)).findings;
        findings
            .into_iter()
            .map(|finding| finding.message)
            .collect::<Vec<_>>()
    };
    let row = "X-Auth-Token\n\nYes\n\nString\n\nUser token.";
    assert_eq!(
        changed(row, "X-Language\n\nNo\n\nString\n\nLanguage."),
        ["the transcript has no parameter `X-Language`, which the page has in the header"]
    );
    assert_eq!(
        changed("project_id\n\nYes", "tenant_id\n\nYes"),
        [
            "the transcript has no parameter `tenant_id`, which the page has in the path",
            "the page has no parameter `project_id`"
        ]
    );
    assert_eq!(
        changed("Path Parameters", "Query Parameters"),
        ["`project_id` is in the query on the page, in the path in the transcript"]
    );
    assert_eq!(
        changed("{\n  \"name\" :", "{\n  name :"),
        ["the page's example of the request is not JSON: key must be a string at line 2 column 1"]
    );
}

#[test]
fn another_revision_is_found_by_its_date() {
    let documents = [document(
        "x-source: The vendor's document.",
        "externalDocs:\n        url: https://example.com\n        description: Creating a Device\n      x-page-date: '2023-01-31'",
    )];
    let findings = audit(&documents, "page.txt", &create("zh.txt")).findings;
    let messages: Vec<_> = findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["this page is of 2024-02-29, the transcript of 2023-01-31"]
    );
}

/// A workspace with the transcript, a page below `pages/`, and one text of the transcript replaced.
fn workspace(from: &str, to: &str, pages: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let write = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (name, text) in cases::base() {
        let text = if from.is_empty() {
            text
        } else {
            text.replace(from, to)
        };
        write(root.path().join("openapi/demo").join(name), &text);
    }
    for name in pages {
        write(root.path().join("pages").join(name), &page(name));
    }
    let errata = "| id | where | contradiction | what we chose |\n|---|---|---|---|\n| A1 | `name` | too long | as it is |\n";
    write(root.path().join("openapi/ERRATA.md"), errata);
    root
}

/// Standard output, standard error without the folder's name, exit code.
fn xtask(root: &Path, words: &[&str]) -> (String, String, u8) {
    let words: Vec<String> = words
        .iter()
        .map(|word| match word.starts_with("pages/") {
            true => root.join(word).display().to_string(),
            false => (*word).to_owned(),
        })
        .collect();
    let root_word = root.display().to_string();
    let all = ["cargo xtask", "--root", &root_word]
        .map(str::to_owned)
        .into_iter()
        .chain(words);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal {
        out: &mut out,
        err: &mut err,
        styles: Styles::plain(),
    };
    let code = match run(&Cli::parse_from(all), &mut terminal) {
        Ok(outcome) => outcome.code(),
        Err(error) => {
            writeln!(terminal.err, "{error:#}").unwrap();
            100
        }
    };
    let text = |bytes: Vec<u8>| {
        String::from_utf8(bytes)
            .unwrap()
            .replace(&format!("{root_word}/"), "")
    };
    (text(out), text(err), code)
}

#[test]
fn findings_are_shown_with_both_places() {
    let root = workspace(
        "maxLength: 64",
        "maxLength: 63",
        &["create_device.lines.txt"],
    );
    let (out, err, code) = xtask(root.path(), &["audit", "pages/create_device.lines.txt"]);
    let expected = "\
error[page-limit]: `name` is limited to 2 to 64 on the page, to 2 to 63 in the transcript
  --> openapi/demo/devices.yaml:88:9
   |
88 |         name:
   |         ^^^^
   |
  ::: pages/create_device.lines.txt:69:1
   |
69 | name
   | ---- the page's limits
   |
   = help: transcribe what the page says, or explain why not: a row in openapi/ERRATA.md, and `# ERRATA <id>` above this line

";
    assert_eq!(out, expected);
    assert_eq!(
        err,
        "      Failed pages/create_device.lines.txt: demo create_device, 1 finding\n\
         after mending transcript or errata, run: cargo xtask audit pages/create_device.lines.txt\n"
    );
    assert_eq!(code, 100);
}

#[test]
fn programs_and_reviews_read_the_same_findings() {
    let root = workspace("maxLength: 64", "maxLength: 63", &["create_device.rst"]);
    let words = ["audit", "pages/create_device.rst", "--format"];
    let (out, ..) = xtask(root.path(), &[words.as_slice(), &["json"]].concat());
    let rows: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(rows[0]["rule"], "page-limit");
    assert_eq!(
        rows[0]["also"][0]["place"]["file"],
        "pages/create_device.rst"
    );
    let (out, ..) = xtask(root.path(), &[words.as_slice(), &["github"]].concat());
    let line = "::error file=openapi/demo/devices.yaml,line=88,col=9,title=page-limit::`name` is limited to";
    assert!(out.starts_with(line), "{out}");
}

#[test]
fn what_the_errata_explain_is_left_out() {
    let from = "        name:\n          type: string\n          description: Name of the device.\n          minLength: 2\n          maxLength: 64";
    let short = from.replace("64", "63");
    let above = format!("        # ERRATA A1\n{short}");
    let below = short.replace(
        "name:\n",
        "name:\n          # Shorter than printed. ERRATA A1\n",
    );
    for to in [above, below] {
        let root = workspace(from, &to, &["create_device.html"]);
        let (out, err, code) = xtask(root.path(), &["audit", "pages/create_device.html"]);
        assert_eq!(out, "");
        assert_eq!(
            err,
            "     Audited pages/create_device.html: demo create_device, 0 findings, 1 explained by A1\n"
        );
        assert_eq!(code, 0);
        let (out, _, code) = xtask(root.path(), &["audit", "pages/create_device.html", "--all"]);
        assert!(
            out.contains("= help: nothing to do: openapi/ERRATA.md explains it (A1)"),
            "{out}"
        );
        assert_eq!(code, 0);
    }
    // A comment about the whole type explains only the fields that its row names.
    let root = workspace(
        "    CreateDeviceRequest:\n",
        "    # ERRATA A1\n    CreateDeviceRequest:\n",
        &["create_device.html"],
    );
    let file = root.path().join("openapi/demo/devices.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.replace("maxLength: 64", "maxLength: 63")
            .replace("maxLength: 32\n          x-", "maxLength: 30\n          x-"),
    )
    .unwrap();
    let (out, err, _) = xtask(root.path(), &["audit", "pages/create_device.html"]);
    assert!(
        out.contains("`password` is limited to") && !out.contains("`name`"),
        "{out}"
    );
    assert!(err.contains("1 finding, 1 explained by A1"), "{err}");
}

#[test]
fn a_page_that_cannot_be_read_says_what_was_understood() {
    let root = workspace("", "", &[]);
    let text = create("lines.txt").replace("POST /v1/{project_id}/devices", "See above.");
    fs::create_dir_all(root.path().join("pages")).unwrap();
    fs::write(root.path().join("pages/a.txt"), text).unwrap();
    let (out, _, code) = xtask(root.path(), &["audit", "pages/a.txt"]);
    let message = "error[page-unreadable]: no method and path found, only the title \"Creating a Device\", 6 tables, a list of statuses";
    assert!(out.starts_with(message), "{out}");
    assert_eq!(code, 100);
    let (_, err, code) = xtask(root.path(), &["audit", "pages/none.txt"]);
    assert!(
        err.starts_with("cannot read the page pages/none.txt"),
        "{err}"
    );
    assert_eq!(code, 100);
}

#[test]
fn a_table_that_belongs_nowhere_is_not_passed_over() {
    let text = page("update_lamp.lines.txt")
        .replace("Socket object", "Holder object")
        .replace("\nsocket\n", "\nholder\n");
    let page = read("page.txt", &text).unwrap();
    let lost: Vec<&str> = page
        .lost
        .iter()
        .map(|(_, caption)| caption.as_str())
        .collect();
    assert_eq!(lost, ["Socket"]);
}

#[test]
fn a_draft_is_the_same_from_every_form_and_lints_clean() {
    let root = workspace(
        "",
        "",
        &UPDATE
            .map(|form| format!("update_lamp.{form}"))
            .each_ref()
            .map(String::as_str),
    );
    let drafts = UPDATE.map(|form| {
        let name = format!("pages/update_lamp.{form}");
        let (out, err, code) = xtask(root.path(), &["audit", "--draft", &name]);
        let said = format!("     Drafted {name}: PUT /v1/{{project_id}}/lamps/{{lamp_id}}, 0 findings of lint left to decide\n");
        assert_eq!((err, code), (said, 0));
        out
    });
    assert!(drafts.iter().all(|draft| *draft == drafts[0]));
    insta::assert_snapshot!("draft", drafts[0]);
    // Merged, it is clean, and agrees with its page.
    let parts = vec![("draft.yaml".to_owned(), drafts[0].clone().into_bytes())];
    let parts = Document::from_files("demo", parts).unwrap().value;
    let chapter = root.path().join("openapi/demo/devices.yaml");
    let text = fs::read_to_string(&chapter).unwrap();
    fs::write(&chapter, with_skeleton(&text, parts.as_object().unwrap())).unwrap();
    let document = source::load(root.path(), "demo").unwrap();
    assert_eq!(lint(&document), []);
    for form in UPDATE {
        let findings = audit(
            std::slice::from_ref(&document),
            form,
            &page(&format!("update_lamp.{form}")),
        )
        .findings;
        let messages: Vec<_> = findings
            .iter()
            .map(|finding| finding.message.as_str())
            .collect();
        // Errors are shared, so that the example of this page's 400 waits for a hand.
        assert_eq!(
            messages,
            ["the page's example of the answer 400 is not in the transcript"],
            "{form}"
        );
    }
}

#[test]
fn what_is_transcribed_is_not_drafted() {
    let root = workspace("", "", &["create_device.md"]);
    let (out, err, code) = xtask(root.path(), &["audit", "--draft", "pages/create_device.md"]);
    assert!(out.starts_with("error[page-operation]: POST /v1/{project_id}/devices is transcribed already, as create_device"), "{out}");
    assert!(
        err.ends_with("run: cargo xtask audit --draft pages/create_device.md\n"),
        "{err}"
    );
    assert_eq!(code, 100);
    let (_, err, _) = xtask(
        root.path(),
        &[
            "audit",
            "--draft",
            "--service",
            "dmeo",
            "pages/create_device.md",
        ],
    );
    assert!(err.contains("did you mean `demo`?"), "{err}");
}

/// Pages come from anywhere: cut off, mangled, or something else altogether.
#[test]
fn no_page_makes_it_panic() {
    let documents = [document("", "")];
    for form in CREATE {
        let text = create(form);
        let cuts = (0..text.len()).step_by(397);
        for at in cuts.filter(|at| text.is_char_boundary(*at)) {
            let (before, after) = text.split_at(at);
            for text in [
                before.to_owned(),
                after.to_owned(),
                format!("{before}|+-=\u{0}<td>{after}"),
            ] {
                audit(&documents, form, &text);
            }
        }
    }
    for text in [
        "",
        "+-+",
        "| | |\n|---|",
        "== ==\n",
        "<table><td>",
        "Parameter\n\nType\n\nDescription",
        "{",
        "GET /",
    ] {
        audit(&documents, "page", text);
    }
}
