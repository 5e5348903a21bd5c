//! Checks the words of the project: sentences must be short, and some unusual words are forbidden.
//!
//! The test reads Markdown files, documentation comments of Rust, and the descriptions and summaries in the merged
//! OpenAPI documents (`openapi.json`).

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser};
use serde_json::Value;

/// The largest number of words in a sentence.
const LONGEST: usize = 25;

/// Words that the project does not use, with the word to write instead.
const UNUSED: [(&str, &str); 8] = [
    ("anew", "again"),
    ("hereby", "nothing"),
    ("in vain", "without a result"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("thereof", "its"),
    ("whereof", "its"),
    ("whoever", "the caller, the user, or another named subject"),
];

/// Folders and files that the test does not read. The comments name the reasons that are not obvious.
const SKIPPED: [&str; 8] = [
    ".git",
    // The cells of this file are lists of facts.
    "ERRATA.md",
    // The fuzzer writes this folder, and git ignores the folder.
    "corpus",
    // These files contain code that older generators wrote.
    "fixtures",
    // The words of generated code come from the transcripts.
    "generated",
    // This folder contains saved documentation pages.
    "tests/pages",
    "snapshots",
    "target",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            _ if SKIPPED.iter().any(|skipped| path.ends_with(skipped)) => {}
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

/// Returns the text of all documentation comments in a file.
fn comments(code: &str) -> String {
    let mut text = String::new();
    for line in code.lines().map(str::trim_start) {
        let comment = line.strip_prefix("///").or(line.strip_prefix("//!"));
        match comment.filter(|rest| !rest.starts_with('/')) {
            Some(comment) => text += comment.strip_prefix(' ').unwrap_or(comment),
            // A line without a comment ends the paragraph.
            None if !text.ends_with("\n\n") => text.push('\n'),
            None => continue,
        }
        text.push('\n');
    }
    text
}

/// Collects the descriptions and summaries of an OpenAPI document, except for the texts in examples and defaults.
fn descriptions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("description" | "summary", Value::String(text)) => found.push(text.clone()),
                    ("x-enum-descriptions", Value::Array(texts)) => {
                        found.extend(texts.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    ("default" | "example" | "examples" | "x-error-examples", _) => {}
                    _ => descriptions(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| descriptions(item, found)),
        _ => {}
    }
}

/// Returns the sentences of a Markdown text. Inline code counts as one word. Ignores code blocks.
fn sentences(markdown: &str) -> Vec<String> {
    let (mut list, mut text) = (Vec::new(), String::new());
    let mut is_code = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(pulldown_cmark::Tag::CodeBlock(_)) => is_code = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => is_code = false,
            Event::Text(words) if !is_code => text += &words,
            Event::Code(_) => text += "code",
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(
                pulldown_cmark::TagEnd::Strong
                | pulldown_cmark::TagEnd::Emphasis
                | pulldown_cmark::TagEnd::Link,
            )
            | Event::Start(
                pulldown_cmark::Tag::Strong
                | pulldown_cmark::Tag::Emphasis
                | pulldown_cmark::Tag::Link { .. },
            ) => {}
            _ => list.push(std::mem::take(&mut text)),
        }
    }
    list.push(text);
    let ends = |text: String| -> Vec<String> {
        let parts = text
            .split_inclusive(". ")
            .flat_map(|part| part.split_inclusive("? "));
        let parts = parts.flat_map(|part| part.split_inclusive("! "));
        parts.map(|part| part.trim().to_owned()).collect()
    };
    list.into_iter().flat_map(ends).collect()
}

/// Adds a finding for each long sentence and each forbidden word of a text.
fn findings(place: &str, markdown: &str, found: &mut Vec<String>) {
    for sentence in sentences(markdown) {
        let count = sentence.split_whitespace().count();
        if count > LONGEST {
            found.push(format!("{place}: {count} words: {sentence}"));
        }
        let lower = sentence.to_lowercase();
        let words: Vec<&str> = lower.split(|char: char| !char.is_alphanumeric()).collect();
        let words = format!(" {} ", words.join(" "));
        for (unused, instead) in UNUSED {
            if words.contains(&format!(" {unused} ")) {
                found.push(format!(
                    "{place}: write {instead} for `{unused}`: {sentence}"
                ));
            }
        }
    }
}

#[test]
fn sentences_are_short_and_have_no_forbidden_words() {
    let root = root();
    let (mut paths, mut found) = (Vec::new(), Vec::new());
    files(&root, &mut paths);
    paths.sort();
    for path in paths {
        let place = path.strip_prefix(&root).unwrap().display().to_string();
        let name = place.rsplit('/').next().unwrap_or_default();
        match name.rsplit_once('.').map(|(_, kind)| kind) {
            Some("md") => findings(&place, &fs::read_to_string(&path).unwrap(), &mut found),
            Some("rs") => {
                let code = fs::read_to_string(&path).unwrap();
                findings(&place, &comments(&code), &mut found);
            }
            _ if name == "openapi.json" => {
                let document = fs::read_to_string(&path).unwrap();
                let mut texts = Vec::new();
                descriptions(&serde_json::from_str(&document).unwrap(), &mut texts);
                texts.sort();
                texts.dedup();
                for text in texts {
                    findings(&place, &text, &mut found);
                }
            }
            _ => {}
        }
    }
    assert!(
        found.is_empty(),
        "{} findings:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn long_sentences_and_forbidden_words_are_found() {
    let mut found = Vec::new();
    let long = "word ".repeat(LONGEST + 1);
    findings("a", &format!("Short. {long}"), &mut found);
    findings("b", "Mend it, `mend` it.", &mut found);
    findings(
        "c",
        &format!("```\n{long}\n```\n\n| a | b |\n|---|---|\n| {long} | x |"),
        &mut found,
    );
    let places: Vec<&str> = found.iter().map(|line| &line[..1]).collect();
    assert_eq!(places, ["a", "b", "c"], "{found:?}");
    assert_eq!(
        comments("/// One\n/// two.\nfn a() {}\n//// no\n//! Three.\n")
            .split_whitespace()
            .count(),
        3
    );
}
