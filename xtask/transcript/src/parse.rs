//! Parses a YAML file into values and marks (file positions), without recursion. The depth of nesting has a limit.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use serde_json::{Map, Value};

use super::characters::character_problem;
use super::finding::{Finding, Place};
use super::marks::{Below, Marks, Parsed, Spot};
use super::scalar;

/// The maximum depth of nesting. Recursive functions can process this depth without a stack overflow.
const MAX_DEPTH: usize = 100;

/// Parses one file. `index` is the index of the file in the document.
///
/// # Errors
/// Returns the problems of the file, up to the first problem that stops the parser, such as a syntax error.
pub(super) fn parse(name: &str, index: usize, text: &str) -> Result<Parsed, Vec<Finding>> {
    let mut builder = Builder {
        name,
        index,
        findings: Vec::new(),
        stack: Vec::new(),
        root: None,
        documents: 0,
    };
    builder.run(text);
    match builder.root {
        Some(root) if builder.findings.is_empty() && root.value.is_object() => Ok(root),
        _ if !builder.findings.is_empty() => Err(builder.findings),
        _ => Err(vec![Finding::new(
            "yaml-syntax",
            Place::top(name),
            "the file is not a mapping",
            "write `paths:` and `components:` as its top keys, or remove the file",
        )]),
    }
}

struct Builder<'a> {
    name: &'a str,
    index: usize,
    findings: Vec<Finding>,
    stack: Vec<Frame>,
    root: Option<Parsed>,
    documents: usize,
}

/// A list or mapping that the parser has not completely read yet.
enum Frame {
    List {
        at: Spot,
        items: Vec<Value>,
        marks: Vec<Marks>,
    },
    Map {
        at: Spot,
        entries: Map<String, Value>,
        marks: HashMap<String, Marks>,
        key: Key,
    },
}

/// The part of a mapping that the parser reads next.
enum Key {
    /// The next part is a key.
    Wanted,
    /// The next part is the value of this key.
    Read(String, Spot),
    /// The next part is the value of a refused key. The parser drops this value.
    Refused,
}

impl Builder<'_> {
    fn run(&mut self, text: &str) {
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, span)) => {
                    if !self.event(event, span) {
                        return;
                    }
                }
                Err(error) => {
                    let help = "fix the YAML at this place, or just above it (indentation, a missing quote or colon)";
                    let message = error.info().to_owned();
                    self.report("yaml-syntax", self.spot(*error.marker()), message, help);
                    return;
                }
            }
        }
    }

    /// Processes one event. Returns `false` if the parser must stop.
    fn event(&mut self, event: Event<'_>, span: Span) -> bool {
        let at = self.spot(span.start);
        match event {
            Event::DocumentStart(_) => return self.document_starts(at),
            Event::Alias(_) => {
                self.plain_only(at, "an alias");
                self.value(Value::Null, leaf(at));
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.decorations(at, anchor, tag.is_some());
                self.scalar(&text, style, at);
            }
            Event::SequenceStart(anchor, tag) => {
                self.decorations(at, anchor, tag.is_some());
                let (items, marks) = (Vec::new(), Vec::new());
                return self.open(at, Frame::List { at, items, marks });
            }
            Event::MappingStart(anchor, tag) => {
                self.decorations(at, anchor, tag.is_some());
                let frame = Frame::Map {
                    at,
                    entries: Map::new(),
                    marks: HashMap::new(),
                    key: Key::Wanted,
                };
                return self.open(at, frame);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        true
    }

    fn document_starts(&mut self, at: Spot) -> bool {
        self.documents += 1;
        if self.documents > 1 {
            let help = "remove the `---`, or move the second document to another file";
            self.report("plain-yaml", at, "a second YAML document starts here", help);
        }
        self.documents == 1
    }

    fn decorations(&mut self, at: Spot, anchor: usize, tagged: bool) {
        if anchor > 0 {
            self.plain_only(at, "an anchor");
        }
        if tagged {
            self.plain_only(at, "a tag");
        }
    }

    fn plain_only(&mut self, at: Spot, what: &str) {
        let message = format!("{what} is not allowed in transcripts");
        let help = "remove it; if you need the same content in two places, repeat the content, or write a component and use $ref";
        self.report("plain-yaml", at, message, help);
    }

    fn open(&mut self, at: Spot, frame: Frame) -> bool {
        if self.stack.len() >= MAX_DEPTH {
            let message = format!("this value is nested deeper than {MAX_DEPTH} levels");
            let help = "make the inner value a component and use $ref";
            self.report("nesting-depth", at, message, help);
            return false;
        }
        if self.wants_key() {
            let message = "a mapping key is a list or a mapping";
            let help = "write a string before the colon";
            self.report("string-key", at, message, help);
            return false;
        }
        self.stack.push(frame);
        true
    }

    fn wants_key(&self) -> bool {
        let last = self.stack.last();
        matches!(
            last,
            Some(Frame::Map {
                key: Key::Wanted,
                ..
            })
        )
    }

    fn close(&mut self) {
        match self.stack.pop() {
            Some(Frame::List { at, items, marks }) => {
                let below = Below::List(marks);
                self.value(Value::Array(items), Marks { at, below });
            }
            Some(Frame::Map {
                at, entries, marks, ..
            }) => {
                let below = Below::Map(marks);
                self.value(Value::Object(entries), Marks { at, below });
            }
            None => {}
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, at: Spot) {
        // The check in `document.rs` does not decode escapes. So this check finds the forbidden characters in escapes.
        if let Some(problem) = text.chars().find_map(character_problem) {
            let message = format!("the text contains {problem}");
            let help = "write the Latin letter, or delete the character";
            self.report("invisible-character", at, message, help);
        }
        if self.wants_key() {
            let key = self.key(text, style, at);
            if let Some(Frame::Map { key: slot, .. }) = self.stack.last_mut() {
                *slot = key;
            }
            return;
        }
        let value = match style {
            ScalarStyle::Plain => scalar::parse_scalar(text).unwrap_or_else(|scalar::OutOfRange| {
                let help = "write a number that fits in 64 bits, or state the limit only in the description";
                self.report("number-range", at, format!("`{text}` is too large or not finite"), help);
                Value::Null
            }),
            _ => Value::String(text.to_owned()),
        };
        self.value(value, leaf(at));
    }

    fn key(&mut self, text: &str, style: ScalarStyle, at: Spot) -> Key {
        if matches!(style, ScalarStyle::Plain) && !is_plain_key(text) {
            let help = format!("put it in quotes: '{text}'");
            let message = format!("the key `{text}` is not a string");
            self.report("string-key", at, message, help);
            return Key::Refused;
        }
        if text == "<<" {
            self.plain_only(at, "a merge key");
            return Key::Refused;
        }
        if let Some(Frame::Map { marks, .. }) = self.stack.last()
            && let Some(first) = marks.get(text)
        {
            let message = format!("the mapping contains the key `{text}` twice");
            let help = "remove or rename one of the two keys";
            let finding = Finding::new("duplicate-name", self.place(at), message, help);
            let finding = finding.and(self.place(first.at), "the first key is here");
            self.findings.push(finding);
            return Key::Refused;
        }
        Key::Read(text.to_owned(), at)
    }

    fn value(&mut self, value: Value, mut node: Marks) {
        match self.stack.last_mut() {
            None => self.root = Some(Parsed { value, marks: node }),
            Some(Frame::List { items, marks, .. }) => {
                items.push(value);
                marks.push(node);
            }
            Some(Frame::Map {
                entries,
                marks,
                key,
                ..
            }) => {
                if let Key::Read(name, at) = std::mem::replace(key, Key::Wanted) {
                    node.at = at;
                    entries.insert(name.clone(), value);
                    marks.insert(name, node);
                }
            }
        }
    }

    fn report(
        &mut self,
        rule: &'static str,
        at: Spot,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings
            .push(Finding::new(rule, self.place(at), message, help));
    }

    fn spot(&self, marker: Marker) -> Spot {
        Spot {
            file: self.index,
            line: marker.line().max(1),
            column: marker.col() + 1,
        }
    }

    fn place(&self, at: Spot) -> Place {
        Place::new(self.name, at.line, at.column)
    }
}

fn leaf(at: Spot) -> Marks {
    Marks {
        at,
        below: Below::Nothing,
    }
}

/// Returns whether a key needs no quotes. Such a key is a string in YAML's core schema, or has only digits (`200`).
fn is_plain_key(text: &str) -> bool {
    match scalar::parse_scalar(text) {
        Ok(Value::String(_)) => true,
        Ok(Value::Number(number)) => {
            number.is_u64() && text.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}
