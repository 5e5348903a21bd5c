//! Finds a git revision, and reads its files with the command `git`.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use transcript::FOLDER;
use transcript::files::is_transcript;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Commit {
    hash: String,
    /// The name of the commit for people, such as `1a2b3c4 (Add devices)`.
    pub name: String,
}

impl Commit {
    /// Asks git for the short hash and the subject of a commit. If the user did not name the commit, `why` says how
    /// `diff` found the commit. Otherwise, `why` is empty.
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

pub(super) fn commit(root: &Path, revision: &str) -> Result<Commit> {
    let unknown = || {
        anyhow!(
            "there is no file `{revision}`, and no such git revision in {}\nto see the revisions, run: git log --oneline --all",
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

/// Tells the user how to fetch the history that a shallow clone lacks.
const WHOLE: &str = "to get the history, run: git fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*' (in a workflow of GitHub: \
                     `fetch-depth: 0` for actions/checkout)";

fn is_shallow(root: &Path) -> Result<bool> {
    let answer = ask(root, &["rev-parse", "--is-shallow-repository"])?;
    Ok(answer.as_deref() == Some("true"))
}

/// Returns the commit at which the current branch left `main`: the merge base with `main`, or else with `origin/main`.
/// Fails if there is no merge base. A comparison with another commit would include changes of other branches.
pub(super) fn beginning(root: &Path) -> Result<Commit> {
    for branch in ["main", "origin/main"] {
        if let Some(base) = ask(root, &["merge-base", "HEAD", branch])? {
            return Commit::new(root, base, &format!("merge base with {branch}"));
        }
    }
    if is_shallow(root)? {
        bail!(
            "{} is a shallow clone, which does not contain the commit at which the current branch left `main`\n{WHOLE}",
            root.display()
        );
    }
    bail!(
        "{} has no `main` or `origin/main` that shares a commit with the current branch\nto compare with another revision, run: cargo xtask diff REVISION",
        root.display()
    );
}

/// Returns the transcripts of a commit: the OpenAPI YAML files of all services, with paths from the workspace root.
pub(super) fn transcripts(root: &Path, commit: &Commit) -> Result<Vec<(String, Vec<u8>)>> {
    let listed = ask(root, &["ls-tree", "-r", "-z", &commit.hash, "--", FOLDER])?;
    let listed = listed.unwrap_or_default();
    // An entry is `<mode> <type> <hash>\t<path>`. Only the mode of a regular file begins with `100`.
    let entries = listed.split('\0').filter_map(|entry| {
        let (about, path) = entry.split_once('\t')?;
        let hash = about.strip_prefix("100")?.split_once(" blob ")?.1;
        is_transcript(path).then(|| (path.to_owned(), hash.to_owned()))
    });
    let (paths, hashes): (Vec<_>, Vec<_>) = entries.unzip();
    let contents = contents(root, &hashes)?;
    Ok(paths.into_iter().zip(contents).collect())
}

/// Returns the trimmed output of git, or `None` if git refuses the arguments or prints nothing.
fn ask(root: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let output = git(root, arguments)
        .output()
        .map_err(|error| missing(&error))?;
    let text = String::from_utf8(output.stdout).context("the answer of git is not UTF-8")?;
    let text = text.trim_end_matches(['\n', '\0']);
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("not a git repository") {
            bail!(
                "{} is not in a git repository, so there are no revisions to compare\nto compare two files, run: cargo xtask diff OLD.yaml NEW.yaml",
                root.display()
            );
        }
        // If git prints one of these messages, the reason for the failure is not a missing revision.
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
    // `ask` searches the messages of git, so the messages must be in English.
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

/// Reads the contents of all blobs with one process.
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
    // If this program does not read the output, git can stop reading its input. So a second thread writes the input.
    thread::scope(|scope| {
        scope.spawn(move || input.write_all(questions.as_bytes()));
        output.read_to_end(&mut answer)
    })?;
    child.wait()?;
    split(&answer, hashes.len()).context("the answer of git cat-file has an unexpected form")
}

/// Splits the output of `git cat-file`. For each of the `count` blobs, the output is `<hash> blob <size>\n<content>\n`.
/// Returns `None` if the output does not have this form.
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
