//! Output of the verbs. All use the same words, right-aligned like cargo's. The last line is the command to run next.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};

/// Colours of the output. They are an argument, so that tests read plain text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Styles {
    /// The style of success.
    pub good: Style,
    /// The style of failure.
    pub bad: Style,
    /// The style of headings.
    pub heading: Style,
    /// Whether the output has colours.
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

/// The result of a verb, and its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Exit code 0.
    Fine,
    /// Exit code 4: a generated file is older than its source.
    Stale,
    /// Exit code 5: a change breaks callers.
    Breaking,
    /// Exit code 100. The problem and the next command are already written.
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

/// The outputs of a verb: results go to `out`, everything else to `err`.
pub struct Terminal<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// Colours, the same for both.
    pub styles: Styles,
}

/// An output whose reader may stop, as in `cargo xtask diff | head -1`. The verb then continues, and its verdict stays.
#[derive(Debug)]
pub struct Lasting<W>(pub W);

/// Ignores all text after the output is closed.
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

/// Writes a state and its content: `      Linted dcs: 6 operations`.
///
/// # Errors
/// If the writer fails.
pub fn state(out: &mut dyn Write, style: Style, verb: &str, rest: &str) -> io::Result<()> {
    writeln!(out, "{style}{verb:>12}{style:#} {rest}")
}

/// `1 operation`, `2 operations`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// The workspace of a folder: the nearest folder above it (or itself) that has a manifest and transcripts.
///
/// # Errors
/// If there is none.
pub fn workspace(folder: &Path) -> io::Result<PathBuf> {
    let is_root =
        |folder: &&Path| folder.join("Cargo.toml").is_file() && folder.join("openapi").is_dir();
    let found = folder.ancestors().find(is_root);
    found.map(Path::to_owned).ok_or_else(|| {
        io::Error::other(format!(
            "{} is not in a workspace (a folder with Cargo.toml and openapi); change to one, or name it with --root",
            folder.display()
        ))
    })
}

/// One of our commands, to be copied into a shell. It names the same workspace, and words are quoted where necessary.
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

/// A word, quoted for a shell if necessary.
pub fn quoted(word: &str) -> String {
    let plain = |char: char| char.is_alphanumeric() || "-_./,:=@%+~^".contains(char);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Rows in columns that are as wide as their widest cell. The first row is the heading.
///
/// # Errors
/// If the writer fails.
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

/// Text as the message of a workflow command. GitHub shows such a line of a log beside a change.
pub fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Text as a property of a workflow command, such as its file.
pub fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
