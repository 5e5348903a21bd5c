//! How the verbs speak: one vocabulary, right-aligned like cargo's, with the command to run next as the last line.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};

/// Colours of the output; an argument, so that tests read plain text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Styles {
    /// For what is well.
    pub good: Style,
    /// For what is wrong.
    pub bad: Style,
    /// For headings.
    pub heading: Style,
    /// Whether anything is coloured at all.
    pub colour: bool,
}

impl Styles {
    /// No colours.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Colours for a terminal.
    pub fn coloured() -> Self {
        Self {
            good: AnsiColor::Green.on_default().bold(),
            bad: AnsiColor::Red.on_default().bold(),
            heading: Style::new().bold(),
            colour: true,
        }
    }
}

/// How a verb ended; its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0.
    Fine,
    /// 4: something generated is older than its source.
    Stale,
    /// 5: a change breaks callers.
    Breaking,
    /// 100. What failed, and the command that comes next, have been written.
    Failed,
}

impl Outcome {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Outcome::Fine => 0,
            Outcome::Stale => 4,
            Outcome::Breaking => 5,
            Outcome::Failed => 100,
        }
    }
}

/// Where a verb writes: results to `out`, everything else to `err`.
pub struct Terminal<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// Colours, the same for both.
    pub styles: Styles,
}

/// An output whose reader may go away, as in `cargo xtask diff | head -1`: the verb goes on, and its verdict stays.
#[derive(Debug)]
pub struct Lasting<W>(pub W);

/// A closed output takes everything.
fn unless_closed<T>(done: io::Result<T>, taken: T) -> io::Result<T> {
    match done {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(taken),
        done => done,
    }
}

impl<W: Write> Write for Lasting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unless_closed(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_closed(self.0.flush(), ())
    }
}

/// Writes a state and what is in it: `      Linted dcs: 6 operations`.
///
/// # Errors
/// When the writer fails.
pub fn state(out: &mut dyn Write, style: Style, verb: &str, rest: &str) -> io::Result<()> {
    writeln!(out, "{style}{verb:>12}{style:#} {rest}")
}

/// `1 operation`, `2 operations`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// The workspace that a folder is in: the nearest folder upward with a manifest and transcripts.
///
/// # Errors
/// When there is none.
pub fn workspace(folder: &Path) -> io::Result<PathBuf> {
    let is_root =
        |folder: &&Path| folder.join("Cargo.toml").is_file() && folder.join("openapi").is_dir();
    let found = folder.ancestors().find(is_root);
    found.map(Path::to_owned).ok_or_else(|| {
        io::Error::other(format!(
            "{} is in no workspace with a Cargo.toml and a folder openapi; change to one, or name it by --root",
            folder.display()
        ))
    })
}

/// A command of ours, to be copied into a shell: about the same workspace, with words quoted where they need it.
pub fn command(root: &Path, words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut text = "cargo xtask".to_owned();
    let here = std::env::current_dir().and_then(|folder| workspace(&folder));
    if here.ok().as_deref() != Some(root) {
        text += &format!(" --root {}", quoted(&root.display().to_string()));
    }
    for word in words {
        text.push(' ');
        text += &quoted(word.as_ref());
    }
    text
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |char: char| char.is_alphanumeric() || "-_./,:=@%+~^".contains(char);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Rows in columns that are as wide as their widest cell; the first row is the heading.
///
/// # Errors
/// When the writer fails.
pub fn table(out: &mut dyn Write, styles: &Styles, rows: &[Vec<String>]) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widths = cells.map(|cell| cell.chars().count());
        widths.max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for (number, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths);
        let cells = cells.map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let style = match number {
            0 => styles.heading,
            _ => Style::new(),
        };
        writeln!(out, "{style}{}{style:#}", line.trim_end())?;
    }
    Ok(())
}

/// Text as the message of a workflow command, with which GitHub shows a line of a log beside a change.
pub fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Text as a property of a workflow command, such as its file.
pub fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
