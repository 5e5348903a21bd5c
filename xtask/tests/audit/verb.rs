//! Runs the verb (subcommand) `audit`, and checks its output and its exit codes.

use std::fs;
use std::path::{Path, PathBuf};

use audit::{audit, read_page};
use clap::Parser;
use lint::{is_unfinished, lint};
use report::terminal::{Styles, Terminal};
use serde_json::Value;
use tempfile::TempDir;
use transcript::{self, Document};
use xtask::cli::{Cli, run};
use xtask::verbs::new::operation::with_skeleton;

use super::{UPDATE, cases, create, front_door, page};

/// Returns a workspace with the transcript (OpenAPI YAML files) of `demo`, and the given pages in the folder `pages`.
/// In the transcript, `to` replaces `from`, unless `from` is empty. `ERRATA.md` has one row, with the id `A1`.
pub fn workspace(from: &str, to: &str, pages: &[&str]) -> TempDir {
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
    let errata = "| id | where | explains | what we chose |\n|---|---|---|---|\n| A1 | `name` | limit of `name` | 2 to 64, as it is |\n";
    write(root.path().join("openapi/demo/ERRATA.md"), errata);
    root
}

/// Runs `xtask` in the workspace `root`, and returns standard output, standard error and the exit code. Words that
/// begin with `pages/` become absolute paths. Both outputs lack the option `--root`, and contain paths relative to
/// `root`.
pub fn xtask(root: &Path, words: &[&str]) -> (String, String, u8) {
    let words: Vec<String> = words
        .iter()
        .map(|word| match word.starts_with("pages/") {
            true => root.join(word).display().to_string(),
            false => (*word).to_owned(),
        })
        .collect();
    let (out, err, code) =
        front_door::xtask(root, &words.iter().map(String::as_str).collect::<Vec<_>>());
    let root = root.display();
    let text = |text: String| {
        text.replace(&format!(" --root {root}"), "")
            .replace(&format!("{root}/"), "")
    };
    (text(out), text(err), code)
}

#[test]
fn findings_are_shown_with_both_positions() {
    let root = workspace(
        "maxLength: 64",
        "maxLength: 63",
        &["create_device.lines.txt"],
    );
    let (out, err, code) = xtask(root.path(), &["audit", "pages/create_device.lines.txt"]);
    let expected = "\
error[page-limit]: the limits of `name` are 2 to 64 on the page, 2 to 63 in the transcript
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
   = help: make the transcript agree with the page, or explain the difference: add a row for this fact to the ERRATA.md of the service, and `# ERRATA <id>` above this line

";
    assert_eq!(out, expected);
    assert_eq!(
        err,
        "      Failed pages/create_device.lines.txt: demo create_device, 1 finding\n\
         after fixing the transcript or the errata, run: cargo xtask audit pages/create_device.lines.txt\n"
    );
    assert_eq!(code, 100);
}

#[test]
fn pages_in_utf_16_with_a_byte_order_mark_are_read() {
    let root = workspace("", "", &["create_device.lines.txt"]);
    let text = page("create_device.lines.txt");
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
        let saved: Vec<u8> = units.flat_map(bytes).collect();
        fs::write(root.path().join("pages/saved.txt"), saved).unwrap();
        let (out, err, code) = xtask(root.path(), &["audit", "pages/saved.txt"]);
        assert_eq!((out.as_str(), code), ("", 0), "{err}");
        assert!(err.contains("demo create_device, 0 findings"), "{err}");
    }
}

/// A saved page can have unusual line ends, and contain byte order marks, invisible characters and no-break spaces.
#[test]
fn pages_with_unusual_line_ends_and_characters_are_read() {
    let root = workspace("", "", &["create_device.lines.txt", "create_device.rst"]);
    let text = page("create_device.lines.txt");
    let changes: [(&str, &str); 5] = [
        ("\n", "\r"),
        ("\n", "\r\n"),
        ("Status code", "\u{feff}Status\u{a0}code"),
        ("project_id\n", "\u{200b}project_\u{200b}id\u{ad}\u{a0}\n"),
        ("Creating", "\u{feff}Creating"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from));
        fs::write(root.path().join("pages/saved.txt"), text.replace(from, to)).unwrap();
        let (out, err, code) = xtask(root.path(), &["audit", "pages/saved.txt"]);
        assert_eq!((out.as_str(), code), ("", 0), "{to:?}: {err}");
        assert!(err.contains("demo create_device, 0 findings"), "{err}");
    }
    // In the grid, the invisible character takes one column. Here it replaces a space, so the cell keeps its width.
    let text = page("create_device.rst").replace("| name ", "| na\u{200b}me");
    fs::write(root.path().join("pages/saved.rst"), text).unwrap();
    let (out, err, code) = xtask(root.path(), &["audit", "pages/saved.rst"]);
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
}

#[test]
fn pages_in_gbk_or_in_utf_16_without_a_byte_order_mark_are_refused() {
    let root = workspace("", "", &["create_device.lines.txt"]);
    let text = page("create_device.lines.txt");
    let in_gbk = [text.as_bytes(), b"\xc7\xeb\xc7\xf3"].concat();
    let without_mark = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let line = text.lines().count() + 1;
    let not_utf8 = format!(
        "cannot read the page pages/saved.txt: the byte 0xc7 in line {line} is not UTF-8\n"
    );
    let zero =
        "cannot read the page pages/saved.txt: it contains NUL bytes, so it is UTF-16".to_owned();
    for (bytes, said) in [(in_gbk, not_utf8), (without_mark, zero)] {
        fs::write(root.path().join("pages/saved.txt"), bytes).unwrap();
        for words in [&["audit"][..], &["audit", "--draft"]] {
            let words = [words, &["pages/saved.txt"]].concat();
            let (out, err, code) = xtask(root.path(), &words);
            assert_eq!((out.as_str(), code), ("", 100));
            assert!(err.starts_with(&said), "{err}");
            assert!(
                err.ends_with("iconv -f GBK -t UTF-8 pages/saved.txt\n"),
                "{err}"
            );
        }
    }
}

#[test]
fn an_example_in_html_does_not_make_a_page_html() {
    let root = workspace("", "", &["create_device.rst"]);
    let example = "\n.. code-block::\n\n   <html><body><h1>201</h1></body></html>\n";
    let text = page("create_device.rst") + example;
    fs::write(root.path().join("pages/saved.rst"), text).unwrap();
    let (out, err, code) = xtask(root.path(), &["audit", "pages/saved.rst"]);
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
}

#[test]
fn the_recommended_command_has_the_arguments_of_the_failed_command() {
    let root = workspace("maxLength: 64", "maxLength: 63", &["create_device.rst"]);
    let page = root.path().join("pages/it's a page.rst");
    fs::rename(root.path().join("pages/create_device.rst"), &page).unwrap();
    let (folder, page) = (root.path().to_str().unwrap(), page.to_str().unwrap());
    let quoted = format!("'{}'", page.replace('\'', r"'\''"));
    for options in [
        vec![],
        vec!["--all"],
        vec!["--all", "--format", "json"],
        vec!["--format", "github"],
        vec!["--draft", "--service", "demo"],
    ] {
        let words = ["cargo xtask", "--root", folder, "audit"];
        let words = words.iter().chain(&options).chain([&page]);
        let cli = Cli::try_parse_from(words).unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let styles = Styles::plain();
        let mut terminal = Terminal {
            out: &mut out,
            err: &mut err,
            styles,
        };
        assert_eq!(run(&cli, &mut terminal).unwrap().code(), 100);
        let options: String = options.iter().map(|word| format!(" {word}")).collect();
        let again = format!("run: cargo xtask --root {folder} audit{options} {quoted}\n");
        let err = String::from_utf8(err).unwrap();
        assert!(err.ends_with(&again), "{err}");
    }
}

#[test]
fn a_page_that_cannot_be_opened_is_reported_first() {
    let root = workspace("", "", &["create_device.rst"]);
    let words = ["audit", "pages/create_device.rst", "pages/none.html"];
    let (out, err, code) = xtask(root.path(), &words);
    assert_eq!((out.as_str(), code), ("", 100));
    assert!(
        err.starts_with("cannot read the page pages/none.html"),
        "{err}"
    );
    let (_, err, _) = xtask(root.path(), &["audit", "pages/"]);
    assert!(err.contains("is a folder"), "{err}");
    assert!(err.contains("run: cargo xtask audit pages/"), "{err}");
}

#[test]
fn the_json_and_github_formats_contain_the_findings() {
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
    let line = "::error file=openapi/demo/devices.yaml,line=88,col=9,title=page-limit::the limits of `name` are";
    assert!(out.starts_with(line), "{out}");
}

#[test]
fn explained_differences_are_shown_only_with_the_option_all() {
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
            out.contains("= help: nothing to do: openapi/demo/ERRATA.md explains it (A1)"),
            "{out}"
        );
        assert_eq!(code, 0);
    }
    // The row `A1` explains the limit of `name`, but not the type of `name`.
    let text = format!("        # ERRATA A1\n{from}").replace("type: string", "type: boolean");
    let text = text.replace("          minLength: 2\n          maxLength: 64", "");
    let root = workspace(from, text.trim_end(), &["create_device.html"]);
    let (out, err, code) = xtask(root.path(), &["audit", "pages/create_device.html"]);
    let kind = "error[page-type]: `name` is string on the page, boolean in the transcript";
    assert!(out.starts_with(kind), "{out}");
    assert!(err.contains("1 finding, 1 explained by A1"), "{err}");
    assert_eq!(code, 100);
    // If `# ERRATA A1` is above the schema, the row `A1` explains only differences of fields that the row names.
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
        out.contains("the limits of `password` are") && !out.contains("`name`"),
        "{out}"
    );
    assert!(err.contains("1 finding, 1 explained by A1"), "{err}");
}

#[test]
fn the_finding_about_an_unreadable_page_lists_its_readable_parts() {
    let root = workspace("", "", &[]);
    let text = create("lines.txt").replace("POST /v1/{project_id}/devices", "See above.");
    fs::create_dir_all(root.path().join("pages")).unwrap();
    fs::write(root.path().join("pages/a.txt"), text).unwrap();
    let (out, _, code) = xtask(root.path(), &["audit", "pages/a.txt"]);
    let message = "error[page-unreadable]: no method and path of a documented operation found, only the title \"Creating a Device\", 6 tables, a list of statuses";
    assert!(out.starts_with(message), "{out}");
    assert_eq!(code, 100);
    fs::write(root.path().join("pages/empty.txt"), " \n").unwrap();
    let (out, ..) = xtask(root.path(), &["audit", "pages/empty.txt"]);
    let empty = "error[page-unreadable]: no method and path of a documented operation found, only an empty page\n";
    assert!(out.starts_with(empty), "{out}");
    let (_, err, code) = xtask(root.path(), &["audit", "pages/none.txt"]);
    assert!(
        err.starts_with("cannot read the page pages/none.txt"),
        "{err}"
    );
    assert_eq!(code, 100);
}

#[test]
fn a_table_that_no_field_refers_to_is_reported() {
    let text = page("update_lamp.lines.txt")
        .replace("Socket object", "Holder object")
        .replace("\nsocket\n", "\nholder\n");
    let page = read_page("page.txt", &text).unwrap();
    let lost: Vec<&str> = page
        .unread
        .iter()
        .map(|unread| unread.name.as_str())
        .collect();
    assert_eq!(lost, ["Socket"]);
}

#[test]
fn every_form_gives_the_same_draft_without_lint_findings() {
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
        let todos = out.matches("TODO").count();
        let said = format!("     Drafted {name}: PUT /v1/{{project_id}}/lamps/{{lamp_id}}, {todos} TODOs to replace, and 0 findings of lint\n");
        assert_eq!((err, code), (said, 0));
        // Two of the forms lack the official name, so their drafts have a TODO for the name.
        out.replace("x-huawei-operation-id: TODO", "x-huawei-operation-id: UpdateLamp")
    });
    assert!(drafts.iter().all(|draft| *draft == drafts[0]));
    insta::assert_snapshot!("draft", drafts[0]);
    // After the test adds the draft to the transcript, lint reports nothing except TODOs. The audit has one finding
    // about each page.
    let finished = drafts[0].replace("TODO", "Decided").into_bytes();
    let parts = vec![("draft.yaml".to_owned(), finished)];
    let parts = Document::from_files("demo", parts).unwrap().value;
    let chapter = root.path().join("openapi/demo/devices.yaml");
    let text = fs::read_to_string(&chapter).unwrap();
    fs::write(&chapter, with_skeleton(&text, parts.as_object().unwrap())).unwrap();
    let document = transcript::load(root.path(), "demo").unwrap();
    let mut findings = lint(&document);
    findings.retain(|finding| !is_unfinished(finding));
    assert_eq!(findings, []);
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
        // The draft refers to the answer 400 that all operations of the transcript share. The example of this answer
        // differs from the example on the page.
        assert_eq!(
            messages,
            [
                "`error_code` of the page's example of the answer 400 is \"DEMO.2\" (\"DEMO.1\" in the transcript)"
            ],
            "{form}"
        );
    }
}

#[test]
fn a_transcribed_operation_is_not_drafted() {
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
