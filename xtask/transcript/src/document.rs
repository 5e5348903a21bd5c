//! Makes the OpenAPI document of a service: decodes, parses and merges its YAML files.

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

/// The HTTP methods that OpenAPI 3.0 allows as keys of a path item.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A YAML file with OpenAPI, or an `ERRATA.md`, which explains differences from documentation pages.
#[derive(Debug, Clone)]
pub struct File {
    /// The path of the file, relative to the workspace root, with `/` as separator.
    pub name: String,
    /// The content of the file.
    pub text: String,
}

impl File {
    /// Returns the chapter of the file. For `openapi/<service>/<chapter>/<resource>.yaml`, the chapter is `<chapter>`.
    /// For any other file, the chapter is the file name without `.yaml`.
    pub fn chapter(&self) -> &str {
        let mut parts = self.name.split('/').skip_while(|part| *part != FOLDER);
        match (parts.nth(2), parts.next()) {
            (Some(chapter), Some(_)) => chapter,
            _ => self.stem(),
        }
    }

    /// Returns the file name without its folder and without `.yaml`.
    pub fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        name.strip_suffix(".yaml").unwrap_or(name)
    }
}

/// The YAML files of one service, merged into one OpenAPI document.
#[derive(Debug, Clone)]
pub struct Document {
    /// The name of the service's folder below `openapi/`.
    pub service: String,
    /// The merged document. It still contains the references (`$ref`).
    pub value: Value,
    files: Vec<File>,
    marks: Marks,
    errata: Vec<File>,
}

/// An operation of a document.
#[derive(Debug, Clone)]
pub struct OperationRef<'a> {
    /// The path template, such as `/v2/{project_id}/devices`.
    pub path: &'a str,
    /// The HTTP method in lower case.
    pub method: &'a str,
    /// The JSON pointer of the operation in the merged document.
    pub pointer: String,
    /// The operation object.
    pub value: &'a Value,
    /// The chapter of the file that contains the operation.
    pub chapter: &'a str,
}

impl<'a> OperationRef<'a> {
    /// Returns the `operationId`, or `None` if the operation has no `operationId`.
    pub fn id(&self) -> Option<&'a str> {
        self.text("operationId")
    }

    /// Returns the string at a key of the operation. Returns `None` if the value is missing, or not a string.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// Returns the JSON pointer of a key of the operation.
    pub fn at(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, escape(key))
    }

    /// Returns method and path for messages, such as `GET /path`.
    pub fn route(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

impl Document {
    /// Parses files, and merges them in order. Each pair has a path relative to the workspace root, and the bytes.
    ///
    /// # Errors
    /// Fails if `files` is empty. Returns the problems of all files. If each file is valid, returns those of the merge.
    pub fn from_files(service: &str, files: Vec<(String, Vec<u8>)>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        if files.is_empty() {
            let help = "write service.yaml first";
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

    /// Returns the files of the document, in the order in which they were merged.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Returns the `ERRATA.md` files of all services. A document from [`Self::from_files`] has none.
    pub fn errata(&self) -> &[File] {
        &self.errata
    }

    pub(super) fn set_errata(&mut self, lists: Vec<File>) {
        self.errata = lists;
    }

    /// Returns the position of the node at a JSON pointer. For an entry of a mapping, the result is the position of its
    /// key. If the node does not exist, the result is the position of its nearest existing ancestor.
    pub fn place(&self, pointer: &str) -> Place {
        place(&self.files, self.marks(pointer).at)
    }

    /// Returns the chapter of the file that contains the node at a JSON pointer.
    pub fn chapter_of(&self, pointer: &str) -> &str {
        self.chapter(self.marks(pointer).at)
    }

    /// Returns the root of the document as a [`Node`].
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

    /// Returns all operations, in the order of the merged document.
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

    /// Returns the value at a local reference such as `#/components/schemas/Device`, or `None` if there is no value.
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        self.value.pointer(reference.strip_prefix('#')?)
    }

    fn chapter(&self, spot: Spot) -> &str {
        let file = self.files.get(spot.file);
        file.map(File::chapter).unwrap_or_default()
    }

    /// Returns the marks (file positions) of a node. Returns `None` if the node does not exist.
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

/// Replaces the escapes `~0` and `~1` in a segment of a JSON pointer. A segment without escapes is not copied.
pub(super) fn unescape(segment: &str) -> Cow<'_, str> {
    match segment.contains('~') {
        true => segment.replace("~1", "/").replace("~0", "~").into(),
        false => segment.into(),
    }
}

/// Decodes a file as UTF-8. Refuses forbidden characters and merge conflicts. For example, NUL is forbidden, because
/// the YAML parser treats NUL as the end of the file.
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
            let message = "the file is not UTF-8".to_owned();
            let before = &bytes[..error.valid_up_to()];
            return refuse("unreadable-file", before, message, "save the file as UTF-8");
        }
    };
    let mut other = text.char_indices().filter(|(_, char)| *char != '\r');
    if let Some((at, problem)) = other.find_map(|(at, char)| Some((at, character_problem(char)?))) {
        let help = "write the Latin letter, or delete the character; to remove a byte order mark, save the file as UTF-8 without the mark";
        let message = format!("{problem} is not allowed here");
        return refuse("unreadable-file", &bytes[..at], message, help);
    }
    if let Some(at) = conflict(text) {
        let help = "keep one of the two versions, and delete the conflict markers";
        let message = "a merge conflict begins here".to_owned();
        return refuse("yaml-syntax", &bytes[..at], message, help);
    }
    Ok(text)
}

/// Returns the byte offset of the first conflict marker of Git, or `None` if there is no marker.
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
