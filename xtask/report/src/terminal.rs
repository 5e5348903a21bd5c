//! Writes the terminal output of the xtask subcommands. Each status line begins with a right-aligned word, as in Cargo.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};

/// The styles of the output. With plain styles, a test can compare the text without colours.
#[derive(Debug, Clone, Copy, Default)]
pub struct Styles {
    /// The style of words that report success.
    pub good: Style,
    /// The style of words that report a failure.
    pub bad: Style,
    /// The style of headings.
    pub heading: Style,
    /// `true` if the output has colours.
    pub colour: bool,
}

impl Styles {
    /// Returns styles without colours.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Returns styles with colours for a terminal.
    pub fn coloured() -> Self {
        Self {
            good: AnsiColor::Green.on_default().bold(),
            bad: AnsiColor::Red.on_default().bold(),
            heading: Style::new().bold(),
            colour: true,
        }
    }
}

/// The result of a subcommand, which determines the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The subcommand succeeded (exit code 0).
    Fine,
    /// A generated file does not agree with its source (exit code 4).
    Stale,
    /// A change breaks callers (exit code 5).
    Breaking,
    /// The subcommand failed (exit code 100). The error message is already written.
    Failed,
}

impl Outcome {
    /// Returns the exit code.
    pub fn code(self) -> u8 {
        match self {
            Outcome::Fine => 0,
            Outcome::Stale => 4,
            Outcome::Breaking => 5,
            Outcome::Failed => 100,
        }
    }
}

/// The outputs of a subcommand. Results go to `out`. All other messages go to `err`.
pub struct Terminal<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// The styles of both outputs.
    pub styles: Styles,
}

/// An output that ignores the error of a closed pipe. So `cargo xtask diff | head -1` keeps its exit code.
#[derive(Debug)]
pub struct Lasting<W>(pub W);

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

/// Writes a status line, such as `      Linted dcs: 6 operations`.
///
/// # Errors
/// Fails if the output cannot be written.
pub fn state(out: &mut dyn Write, style: Style, verb: &str, rest: &str) -> io::Result<()> {
    writeln!(out, "{style}{verb:>12}{style:#} {rest}")
}

/// Returns a number with its noun, such as `1 operation` or `2 operations`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Returns the nearest folder above `folder` (or `folder` itself) that contains `Cargo.toml` and `openapi`.
///
/// # Errors
/// Fails if no such folder exists.
pub fn workspace(folder: &Path) -> io::Result<PathBuf> {
    let is_root =
        |folder: &&Path| folder.join("Cargo.toml").is_file() && folder.join("openapi").is_dir();
    let found = folder.ancestors().find(is_root);
    found.map(Path::to_owned).ok_or_else(|| {
        io::Error::other(format!(
            "{} is not in a workspace (a folder with Cargo.toml and openapi); run the command in a workspace, or set the path with --root",
            folder.display()
        ))
    })
}

/// Returns an xtask command for a shell. If the current folder is not in the workspace `root`, adds `--root`.
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

/// Returns a word for a shell command. Adds quotes only if a shell could need them.
pub fn quoted(word: &str) -> String {
    let plain = |char: char| char.is_alphanumeric() || "-_./,:=@%+~^".contains(char);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Writes a table. Each column is as wide as its widest cell. The first row is the heading.
///
/// # Errors
/// Fails if the output cannot be written.
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

/// Escapes the message of a GitHub workflow command.
pub fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property of a GitHub workflow command, such as the file name.
pub fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
