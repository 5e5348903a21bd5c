//! The merged document of a service.

use std::borrow::Cow;
use std::str;

use rayon::prelude::*;
use serde_json::Value;

use super::characters::character_problem;
use super::finding::{Finding, Place};
use super::marks::{Marks, Spot};
use super::merge::merge;
use super::node::Node;
use super::parse::parse;
use crate::FOLDER;

/// The methods of a path item that OpenAPI 3.0 knows.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// One file with its text.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name, relative to the workspace root, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// The chapter: the folder of `openapi/<service>/<chapter>/<resource>.yaml`, else the file's name without folder and
    /// ending.
    pub fn chapter(&self) -> &str {
        let mut parts = self.name.split('/').skip_while(|part| *part != FOLDER);
        match (parts.nth(2), parts.next()) {
            (Some(chapter), Some(_)) => chapter,
            _ => self.stem(),
        }
    }

    /// The file's name without folder and ending.
    pub fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        name.strip_suffix(".yaml").unwrap_or(name)
    }
}

/// All files of one service as one OpenAPI document, in the order of the files.
#[derive(Debug, Clone)]
pub struct Document {
    /// The name of its folder below `openapi/`.
    pub service: String,
    /// The merged document. References are internal (`#/components/...`) and not resolved.
    pub value: Value,
    files: Vec<File>,
    marks: Marks,
    errata: Vec<File>,
}

/// An operation of a document.
#[derive(Debug, Clone)]
pub struct OperationRef<'a> {
    /// The path template.
    pub path: &'a str,
    /// The method in lower case.
    pub method: &'a str,
    /// JSON pointer of the operation.
    pub pointer: String,
    /// The operation object.
    pub value: &'a Value,
    /// Chapter of the file that it is written in.
    pub chapter: &'a str,
}

impl<'a> OperationRef<'a> {
    /// The operation's id, or an empty string if it has none.
    pub fn id(&self) -> Option<&'a str> {
        self.text("operationId")
    }

    /// A string of the operation.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// JSON pointer of one of its keys.
    pub fn at(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, escape(key))
    }

    /// `GET /path`, for messages.
    pub fn route(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

impl Document {
    /// Parses files (names relative to the workspace root, contents) and merges them in the given order.
    ///
    /// # Errors
    /// Each problem that prevents one document, of all files at once.
    pub fn from_files(service: &str, files: Vec<(String, Vec<u8>)>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        if files.is_empty() {
            let help = "write its service.yaml first";
            let (place, message) = (Place::top(service), "the service has no files");
            findings.push(Finding::new("unreadable-file", place, message, help));
        }
        let mut texts = Vec::new();
        let mut parsed = Vec::new();
        let files = files.into_par_iter().enumerate();
        let read = files.map(|(index, (name, bytes))| {
            let text = text(&name, &bytes)?.to_owned();
            Ok((parse(&name, index, &text)?, File { name, text }))
        });
        for file in read.collect::<Vec<Result<_, Vec<Finding>>>>() {
            match file {
                Ok((file, text)) => {
                    parsed.push(file);
                    texts.push(text);
                }
                Err(more) => findings.extend(more),
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let whole = merge(parsed, &|spot| place(&texts, spot))?;
        Ok(Self {
            service: service.to_owned(),
            value: whole.value,
            files: texts,
            marks: whole.marks,
            errata: Vec::new(),
        })
    }

    /// The files of the document, in the order in which they were merged.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The lists of errata of all services, `openapi/<service>/ERRATA.md`. A document made in memory has none.
    pub fn errata(&self) -> &[File] {
        &self.errata
    }

    pub(super) fn set_errata(&mut self, lists: Vec<File>) {
        self.errata = lists;
    }

    /// The place of the node of a JSON pointer. For a mapping entry it is the place of its key. If the node does not
    /// exist, it is the place of the nearest ancestor.
    pub fn place(&self, pointer: &str) -> Place {
        place(&self.files, self.marks(pointer).at)
    }

    /// The chapter of the file that has the node of a JSON pointer.
    pub fn chapter_of(&self, pointer: &str) -> &str {
        self.chapter(self.marks(pointer).at)
    }

    /// The document as a node that knows its place.
    pub fn root(&self) -> Node<'_> {
        let (value, marks, document) = (&self.value, &self.marks, self);
        Node {
            value,
            marks,
            document,
        }
    }

    pub(super) fn place_of(&self, spot: Spot) -> Place {
        place(&self.files, spot)
    }

    /// All operations, in the order of the files.
    pub fn operations(&self) -> impl Iterator<Item = OperationRef<'_>> {
        let paths = self.value.get("paths").and_then(Value::as_object);
        let marks = self.marks.child("paths");
        paths.into_iter().flatten().flat_map(move |(path, item)| {
            let marks = marks.and_then(|marks| marks.child(path));
            item.as_object()
                .into_iter()
                .flatten()
                .filter_map(move |(method, value)| {
                    let method = *METHODS.iter().find(|known| *known == method)?;
                    let spot = marks.and_then(|marks| marks.child(method))?.at;
                    let pointer = format!("/paths/{}/{method}", escape(path));
                    Some(OperationRef {
                        path,
                        method,
                        pointer,
                        value,
                        chapter: self.chapter(spot),
                    })
                })
        })
    }

    /// The node that a local reference names, such as `#/components/schemas/Device`.
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        self.value.pointer(reference.strip_prefix('#')?)
    }

    fn chapter(&self, spot: Spot) -> &str {
        let file = self.files.get(spot.file);
        file.map(File::chapter).unwrap_or_default()
    }

    /// The mark of an existing node.
    pub(super) fn marks_mut(&mut self, pointer: &str) -> Option<&mut Marks> {
        let segments = pointer.split('/').skip(1);
        let mut node = &mut self.marks;
        for segment in segments {
            node = node.child_mut(&unescape(segment))?;
        }
        Some(node)
    }

    fn marks(&self, pointer: &str) -> &Marks {
        let mut node = &self.marks;
        for segment in pointer.split('/').skip(1) {
            match node.child(&unescape(segment)) {
                Some(child) => node = child,
                None => break,
            }
        }
        node
    }
}

fn place(files: &[File], spot: Spot) -> Place {
    let name = files.get(spot.file).map_or("", |file| &file.name);
    Place::new(name, spot.line, spot.column)
}

/// Escapes a key for use as a segment of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The key that a segment of a JSON pointer means. Nearly all segments have no escapes.
pub(super) fn unescape(segment: &str) -> Cow<'_, str> {
    match segment.contains('~') {
        true => segment.replace("~1", "/").replace("~0", "~").into(),
        false => segment.into(),
    }
}

/// Decodes a file. Zero bytes are refused, because the parser takes them for the end of the text.
fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Vec<Finding>> {
    let refuse = |rule: &'static str, before: &[u8], message: String, help: &str| {
        let before = String::from_utf8_lossy(before);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |last| last.chars().count())
            + 1;
        let place = Place::new(name, line, column);
        Err(vec![Finding::new(rule, place, message, help)])
    };
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = "this is not UTF-8".to_owned();
            let before = &bytes[..error.valid_up_to()];
            return refuse("unreadable-file", before, message, "save the file as UTF-8");
        }
    };
    let mut other = text.char_indices().filter(|(_, char)| *char != '\r');
    if let Some((at, problem)) = other.find_map(|(at, char)| Some((at, character_problem(char)?))) {
        let help = "write the Latin letter or nothing; a byte order mark goes away when the file is saved as UTF-8 without one";
        let message = format!("{problem} stands here");
        return refuse("unreadable-file", &bytes[..at], message, help);
    }
    if let Some(at) = conflict(text) {
        let help = "keep one side of the merge conflict, and delete its three marks";
        let message = "a merge conflict begins here".to_owned();
        return refuse("yaml-syntax", &bytes[..at], message, help);
    }
    Ok(text)
}

/// The offset of the first mark of a merge conflict.
fn conflict(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split('\n') {
        let mut marks = ["<<<<<<<", "|||||||", ">>>>>>>"].iter();
        if marks.any(|mark| line.starts_with(mark)) || line.trim_end() == "=======" {
            return Some(at);
        }
        at += line.len() + 1;
    }
    None
}
