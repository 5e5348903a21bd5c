//! Mutates the lines of real transcripts (OpenAPI YAML files), and checks each result.

use std::collections::BTreeMap;
use std::panic;
use std::path::Path;

use generator::generate;
use lint::lint;
use proptest::prelude::*;
use report::files::GeneratedFile;
use transcript::Document;
use xtask::list;

pub type Files = Vec<(String, Vec<u8>)>;

/// Returns the files of a service. The first file is `service.yaml`.
pub fn transcript(service: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (files, findings) = transcript::files::of_service(&root, service);
    assert!(findings.is_empty(), "{findings:?}");
    files
}

/// One change of one file. The first number, modulo the number of lines, is the index of the changed line.
#[derive(Debug, Clone)]
pub enum Mutation {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    /// The second number is half of the new indentation.
    Indent(usize, usize),
    /// The line gets the value of another line.
    Value(usize, usize),
    /// The line gets the key of another line.
    Key(usize, usize),
    /// The line gets the given value.
    Text(usize, &'static str),
    /// A copy of the lines below another key replaces the lines below this key. Both keys have the same indentation.
    Block(usize, usize),
    /// The line gets a new character in its middle.
    Insert(usize, char),
    /// Removes the line and all later lines.
    Cut(usize),
}

const STRANGE: [&str; 28] = [
    "null",
    "[]",
    "{}",
    "''",
    "-1",
    "1.5",
    "1e400",
    "true",
    "~",
    "0x7f",
    "'\\'",
    "\"\\u0000\"",
    "\"\\uFEFF\"",
    "名前",
    "string",
    "integer",
    "number",
    "boolean",
    "object",
    "array",
    "password",
    "int32",
    "int64",
    "double",
    "'a\"b'",
    "'*/ //! #[x]'",
    "type",
    "'`[x](javascript:y)` <b> \\'",
];

pub fn mutation() -> impl Strategy<Value = Mutation> {
    use Mutation::*;
    let line = any::<usize>;
    let two = || (any::<usize>(), any::<usize>());
    prop_oneof![
        2 => line().prop_map(Delete),
        1 => line().prop_map(Double),
        1 => two().prop_map(|(a, b)| Swap(a, b)),
        1 => (line(), 0..8_usize).prop_map(|(a, b)| Indent(a, b)),
        4 => two().prop_map(|(a, b)| Value(a, b)),
        2 => two().prop_map(|(a, b)| Key(a, b)),
        4 => (line(), prop::sample::select(STRANGE.to_vec())).prop_map(|(a, b)| Text(a, b)),
        4 => two().prop_map(|(a, b)| Block(a, b)),
        1 => (line(), any::<char>()).prop_map(|(a, b)| Insert(a, b)),
        1 => line().prop_map(Cut),
    ]
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Returns the range of the lines below a key. These lines are indented deeper than the key.
fn below(lines: &[String], at: usize) -> std::ops::Range<usize> {
    let depth = indentation(&lines[at]);
    let deeper = lines[at + 1..]
        .iter()
        .take_while(|line| indentation(line) > depth);
    at + 1..at + 1 + deeper.count()
}

fn value(line: &str) -> Option<(&str, &str)> {
    line.split_once(": ")
}

impl Mutation {
    fn apply(&self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.is_empty() {
            return text.to_owned();
        }
        self.change(&mut lines);
        lines.join("\n") + "\n"
    }

    fn change(&self, lines: &mut Vec<String>) {
        let count = lines.len();
        let copy = |at: usize| lines[at % count].clone();
        match *self {
            Mutation::Delete(at) => drop(lines.remove(at % count)),
            Mutation::Double(at) => lines.insert(at % count, copy(at)),
            Mutation::Swap(at, other) => lines.swap(at % count, other % count),
            Mutation::Indent(at, by) => {
                lines[at % count] = " ".repeat(by * 2) + lines[at % count].trim_start();
            }
            Mutation::Value(at, other) => {
                let other = copy(other);
                if let (Some((key, _)), Some((_, value))) =
                    (value(&lines[at % count]), value(&other))
                {
                    lines[at % count] = format!("{key}: {value}");
                }
            }
            Mutation::Key(at, other) => {
                let (this, other) = (copy(at), copy(other));
                if let (Some((_, value)), Some((key, _))) = (value(&this), value(&other)) {
                    let indent = " ".repeat(indentation(&this));
                    lines[at % count] = format!("{indent}{}: {value}", key.trim());
                }
            }
            Mutation::Text(at, text) => {
                if let Some((key, _)) = value(&lines[at % count]) {
                    lines[at % count] = format!("{key}: {text}");
                }
            }
            Mutation::Block(at, other) => exchange(lines, at % count, other),
            Mutation::Insert(at, character) => {
                let line = &mut lines[at % count];
                let middle = line.char_indices().nth(line.chars().count() / 2);
                line.insert(middle.map_or(0, |(at, _)| at), character);
            }
            Mutation::Cut(at) => lines.truncate(at % count),
        }
    }
}

fn exchange(lines: &mut Vec<String>, at: usize, other: usize) {
    let depth = indentation(&lines[at]);
    let alike: Vec<usize> = (0..lines.len())
        .filter(|line| indentation(&lines[*line]) == depth)
        .collect();
    let other = alike[other % alike.len()];
    let new = lines[below(lines, other)].to_vec();
    lines.splice(below(lines, at), new);
}

/// Applies each mutation to one of the files. The number before a mutation, modulo the number of files, is the index of
/// the file.
pub fn mutated(files: &Files, mutations: &[(usize, Mutation)]) -> Files {
    let mut files = files.clone();
    for (file, mutation) in mutations {
        let count = files.len();
        let (_, bytes) = &mut files[file % count];
        *bytes = mutation.apply(&String::from_utf8_lossy(bytes)).into_bytes();
    }
    files
}

/// The generator must accept a document that breaks only these rules.
const OF_NO_MATTER: [&str; 4] = [
    "line-length",
    "key-order",
    "component-home",
    "example-invalid",
];

/// Runs lint and the generator on a set of files. If all violated rules are in `OF_NO_MATTER`, returns the generated
/// code. Otherwise, returns `None`.
///
/// Returns an error if the loader refuses the files without a finding, or if a finding of lint has no position. Also
/// returns an error if the generator panics, or generates no valid Rust code from files that lint accepts.
pub fn judge(service: &str, files: Files) -> Result<Option<Vec<GeneratedFile>>, String> {
    let document = match Document::from_files(service, files) {
        Ok(document) => document,
        Err(findings) if findings.is_empty() => return Err("refused without a reason".to_owned()),
        Err(_) => return Ok(None),
    };
    list::rows(&document);
    let findings = lint(&document);
    if let Some(nowhere) = findings
        .iter()
        .find(|finding| finding.place.line == 0 || finding.place.file.is_empty())
    {
        return Err(format!("no position: {nowhere}"));
    }
    let clean = findings
        .iter()
        .all(|finding| OF_NO_MATTER.contains(&finding.rule));
    // The generator must not panic, even if lint refuses the document.
    let generated = panic::catch_unwind(|| generate(service, &document.value, "0"));
    let generated = generated
        .map_err(|_| format!("the generator panicked (lint accepts the document: {clean})"))?;
    match generated {
        Ok(generated) if clean => rust(generated.files).map(Some),
        Err(error) if clean => Err(format!(
            "lint accepts the document, but the generator refuses it: {error:#}"
        )),
        _ => Ok(None),
    }
}

fn rust(files: Vec<GeneratedFile>) -> Result<Vec<GeneratedFile>, String> {
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        syn::parse_file(&file.content)
            .map_err(|error| format!("{} is not Rust: {error}", file.path))?;
    }
    Ok(files)
}

/// Returns the Rust files of a service, without comment lines. The keys are the paths. If two results are equal, the
/// compiler accepts both or neither.
pub fn code(files: &[GeneratedFile]) -> BTreeMap<String, String> {
    let rust = files.iter().filter(|file| file.path.ends_with(".rs"));
    rust.map(|file| {
        let lines = file
            .content
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        (file.path.clone(), lines.collect::<Vec<_>>().join("\n"))
    })
    .collect()
}
