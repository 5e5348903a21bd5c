//! Reads the files of a revision with the command `git`.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use transcript::FOLDER;
use transcript::files::is_transcript;

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Commit {
    hash: String,
    /// For people: `1a2b3c4 (Add devices)`.
    pub name: String,
}

impl Commit {
    /// If the user did not name the commit, `why` says how it was found.
    fn new(root: &Path, hash: String, why: &str) -> Result<Commit> {
        let said = ask(root, &["log", "-1", "--format=%h %s", &hash])?.unwrap_or_default();
        let (short, subject) = said.split_once(' ').unwrap_or((&said, ""));
        let subject: String = subject.chars().filter(|char| !char.is_control()).collect();
        let about: Vec<&str> = [subject.as_str(), why]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let name = format!("{short} ({})", about.join("; "));
        Ok(Commit { hash, name })
    }
}

/// The commit that a revision names.
pub(super) fn commit(root: &Path, revision: &str) -> Result<Commit> {
    let unknown = || {
        anyhow!(
            "there is no file and no git revision `{revision}` in {}\nto see the revisions, run: git log --oneline --all",
            root.display()
        )
    };
    if revision.starts_with('-') {
        return Err(unknown());
    }
    let name = format!("{revision}^{{commit}}");
    let found = ask(root, &["rev-parse", "--verify", "--quiet", &name])?;
    match found {
        Some(hash) => Commit::new(root, hash, ""),
        None if is_shallow(root)? => bail!(
            "there is no file `{revision}`, and no such git revision in {}, which is a shallow clone\n{WHOLE}",
            root.display()
        ),
        None => Err(unknown()),
    }
}

/// How to get the history that a shallow clone lacks.
const WHOLE: &str = "to get the history, run: git fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*' (in a workflow of GitHub: \
                     `fetch-depth: 0` for actions/checkout)";

/// Whether the clone is shallow, as on most CI systems.
fn is_shallow(root: &Path) -> Result<bool> {
    let answer = ask(root, &["rev-parse", "--is-shallow-repository"])?;
    Ok(answer.as_deref() == Some("true"))
}

/// The commit at which the compared work began: the merge base with `main` or `origin/main`. Without a merge base this
/// fails, because another commit would give a verdict about other work.
pub(super) fn beginning(root: &Path) -> Result<Commit> {
    for branch in ["main", "origin/main"] {
        if let Some(base) = ask(root, &["merge-base", "HEAD", branch])? {
            return Commit::new(root, base, &format!("merge base with {branch}"));
        }
    }
    if is_shallow(root)? {
        bail!(
            "{} is a shallow clone, which does not reach back to where this work left main\n{WHOLE}",
            root.display()
        );
    }
    bail!(
        "{} has no `main` or `origin/main` with a commit in common with this work\nto name the older side, run: cargo xtask diff REVISION",
        root.display()
    );
}

/// The transcripts of a commit: names relative to the workspace root, and contents.
pub(super) fn transcripts(root: &Path, commit: &Commit) -> Result<Vec<(String, Vec<u8>)>> {
    let listed = ask(root, &["ls-tree", "-r", "-z", &commit.hash, "--", FOLDER])?;
    let listed = listed.unwrap_or_default();
    // Entries are `<mode> blob <hash>\t<path>`. Submodules and symbolic links are not transcripts.
    let entries = listed.split('\0').filter_map(|entry| {
        let (about, path) = entry.split_once('\t')?;
        let hash = about.strip_prefix("100")?.split_once(" blob ")?.1;
        is_transcript(path).then(|| (path.to_owned(), hash.to_owned()))
    });
    let (paths, hashes): (Vec<_>, Vec<_>) = entries.unzip();
    let contents = contents(root, &hashes)?;
    Ok(paths.into_iter().zip(contents).collect())
}

/// The trimmed output of git, or `None` if it fails or is empty.
fn ask(root: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let output = git(root, arguments)
        .output()
        .map_err(|error| missing(&error))?;
    let text = String::from_utf8(output.stdout).context("the answer of git is not UTF-8")?;
    let text = text.trim_end_matches(['\n', '\0']);
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        // Without a repository, git answers every question with this error.
        if said.contains("not a git repository") {
            bail!(
                "{} is not in a git repository, so there are no revisions to compare\nto compare two files, run: cargo xtask diff OLD.yaml NEW.yaml",
                root.display()
            );
        }
        // These errors do not mean that a revision is missing.
        let trouble = ["cannot change to", "dubious ownership"];
        if trouble.iter().any(|words| said.contains(words)) {
            bail!("git cannot work in {}: {}", root.display(), said.trim_end());
        }
        return Ok(None);
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

fn git(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // `ask` reads the messages of git, so they must be in English.
    command
        .env("LC_ALL", "C")
        .arg("-C")
        .arg(root)
        .args(arguments);
    command
}

fn missing(error: &std::io::Error) -> anyhow::Error {
    let why = match error.kind() {
        ErrorKind::NotFound => "git is not installed".to_owned(),
        _ => format!("git cannot be run: {error}"),
    };
    anyhow!(
        "{why}, so there are no revisions to compare\nto compare two files, run: cargo xtask diff OLD.yaml NEW.yaml"
    )
}

/// The contents of blobs, from one process for all of them.
fn contents(root: &Path, hashes: &[String]) -> Result<Vec<Vec<u8>>> {
    let mut command = git(root, &["cat-file", "--batch"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| missing(&error))?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (Some(mut input), Some(mut output)) = (input, output) else {
        bail!("git has no input or output");
    };
    let questions = hashes.join("\n") + "\n";
    let mut answer = Vec::new();
    // Both pipes can be full at once, so a second thread writes one of them.
    thread::scope(|scope| {
        scope.spawn(move || input.write_all(questions.as_bytes()));
        output.read_to_end(&mut answer)
    })?;
    child.wait()?;
    split(&answer, hashes.len()).context("the answer of git cat-file has an unexpected form")
}

/// The output repeats `<hash> blob <size>\n<content>\n`.
fn split(mut answer: &[u8], count: usize) -> Option<Vec<Vec<u8>>> {
    let mut contents = Vec::new();
    for _ in 0..count {
        let end = answer.iter().position(|byte| *byte == b'\n')?;
        let (head, rest) = answer.split_at_checked(end + 1)?;
        let size = std::str::from_utf8(head)
            .ok()?
            .trim_end()
            .rsplit(' ')
            .next()?;
        let (content, rest) = rest.split_at_checked(size.parse().ok()?)?;
        contents.push(content.to_vec());
        answer = rest.get(1..)?;
    }
    Some(contents)
}
