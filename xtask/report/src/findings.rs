//! Shows findings as text, as JSON, or as annotations on GitHub. Also loads the transcript of a service.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use clap::ValueEnum;
use serde_json::json;

use crate::terminal::{Terminal, command, escape_data, escape_property};
use transcript::{Document, Finding, Place};

/// The output formats of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal, with the affected lines of the files.
    Text,
    /// For programs.
    Json,
    /// Annotations in a pull request on GitHub.
    Github,
}

impl Format {
    /// Returns the command-line arguments that select the format. `Text` is the default, and needs no argument.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Format::Text => &[],
            Format::Json => &["--format", "json"],
            Format::Github => &["--format", "github"],
        }
    }
}

/// Writes findings in one of the formats.
///
/// # Errors
/// Fails if the output cannot be written.
pub fn show(
    root: &Path,
    format: Format,
    findings: &[Finding],
    terminal: &mut Terminal<'_>,
) -> io::Result<()> {
    match format {
        Format::Text => text(terminal.out, root, findings, terminal.styles.colour),
        Format::Json => json(terminal.out, findings),
        Format::Github => github(terminal.out, findings),
    }
}

/// Loads the transcript of a service: its OpenAPI YAML files, merged into one document.
///
/// # Errors
/// Fails if the transcript cannot be loaded. The error message contains the first finding.
pub fn load(root: &Path, service: &str) -> anyhow::Result<Document> {
    transcript::load(root, service).map_err(|findings| {
        let first = findings.first().map(Finding::to_string).unwrap_or_default();
        anyhow::anyhow!(
            "the transcript of {service} cannot be read: {first}\nto see all findings, run: {}",
            command(root, ["lint", service])
        )
    })
}

/// The lines of the files that findings refer to. Each file is read only once: for the first finding that refers to it.
struct Sources<'a> {
    root: &'a Path,
    files: HashMap<String, Vec<String>>,
}

impl Sources<'_> {
    /// Returns the line at a position, or an empty string if the line cannot be read.
    fn line(&mut self, place: &Place) -> String {
        let root = self.root;
        let lines = self.files.entry(place.file.clone()).or_insert_with(|| {
            let bytes = fs::read(root.join(&place.file)).unwrap_or_default();
            let text = transcript::text::decode(&bytes);
            text.unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned())
                .lines()
                .map(str::to_owned)
                .collect()
        });
        lines.get(place.line - 1).cloned().unwrap_or_default()
    }
}

/// Writes findings like a compiler: message, position, line, and help. If `colour` is `true`, writes ANSI styles.
///
/// # Errors
/// Fails if the output cannot be written.
pub fn text(
    out: &mut dyn Write,
    root: &Path,
    findings: &[Finding],
    colour: bool,
) -> io::Result<()> {
    let mut sources = Sources {
        root,
        files: HashMap::new(),
    };
    let renderer = match colour {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    for finding in findings {
        let title = Level::ERROR.primary_title(finding.message.as_str());
        let group = Group::with_title(title.id(finding.rule));
        let first = snippet(&finding.place, AnnotationKind::Primary, "", &mut sources);
        let mut group = group.element(first);
        for (place, label) in &finding.also {
            let other = snippet(place, AnnotationKind::Context, label, &mut sources);
            group = group.element(other);
        }
        let group = group.element(Level::HELP.message(finding.help.as_str()));
        writeln!(out, "{}\n", renderer.render(&[group]))?;
    }
    Ok(())
}

fn snippet<'a>(
    place: &Place,
    kind: AnnotationKind,
    label: &'a str,
    sources: &mut Sources<'_>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let line = sources.line(place);
    let first = line.char_indices().nth(place.column - 1);
    let start = first.map_or(line.len(), |(at, _)| at);
    let end = start + token(line.get(start..).unwrap_or_default());
    let mut annotation = kind.span(start..end);
    if !label.is_empty() {
        annotation = annotation.label(label);
    }
    Snippet::source(line)
        .line_start(place.line)
        .path(place.file.clone())
        .annotation(annotation)
}

/// Returns the length in bytes of the first word: the text before a space, `,`, `]`, `}` or the colon after a key.
fn token(text: &str) -> usize {
    let end = text.char_indices().find(|(at, char)| {
        let next = text.get(at + 1..).and_then(|rest| rest.chars().next());
        matches!(char, ' ' | ',' | ']' | '}')
            || (*char == ':' && next.is_none_or(|next| next == ' '))
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// Writes an array of objects with `rule`, `file`, `line`, `column`, `message`, `help` and `also`.
fn json(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    let at =
        |place: &Place| json!({"file": place.file, "line": place.line, "column": place.column});
    let rows = findings.iter().map(|finding| {
        let also = finding.also.iter();
        let also = also.map(|(place, what)| json!({"place": at(place), "what": what}));
        json!({
            "rule": finding.rule,
            "file": finding.place.file,
            "line": finding.place.line,
            "column": finding.place.column,
            "message": finding.message,
            "help": finding.help,
            "also": also.collect::<Vec<_>>(),
        })
    });
    let rows: Vec<_> = rows.collect();
    writeln!(out, "{:#}", serde_json::Value::from(rows))
}

/// Writes a workflow command for each finding. GitHub shows the message beside the line of the finding.
fn github(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    for finding in findings {
        let Place { file, line, column } = &finding.place;
        let message = escape_data(&format!("{} (help: {})", finding.message, finding.help));
        let file = escape_property(file);
        writeln!(
            out,
            "::error file={file},line={line},col={column},title={}::{message}",
            finding.rule
        )?;
    }
    Ok(())
}
