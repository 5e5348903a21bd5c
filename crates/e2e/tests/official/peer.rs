//! Runs programs that use the official SDKs. Prints which SDKs the tests use or skip.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{OTHER_PASSWORD, PASSWORD, World};

/// Returns a folder below the target directory. If the folder does not exist, the function creates it.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("official")
        .join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Returns a command whose home folder is a folder below the target directory, because the official SDKs write files
/// into the home folder. All commands share this folder. A command does not get the variables `HUAWEICLOUD_*` of this
/// process.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HUAWEICLOUD_") {
            command.env_remove(name);
        }
    }
    command
        .env("HOME", folder("home"))
        .env("NO_PROXY", "127.0.0.1,localhost")
        .env("no_proxy", "127.0.0.1,localhost")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a program and returns its output. If the program fails, the error contains the last three lines of standard
/// error.
pub fn output(mut command: Command, input: &str) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .map_err(|error| format!("{program} does not start: {error}"))?;
    let mut stdin = child.stdin.take().unwrap();
    // If the program ends early, this write fails. Then the exit status and standard error show the reason.
    stdin.write_all(input.as_bytes()).ok();
    drop(stdin);
    let ended = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&ended.stderr);
    if ended.status.success() {
        Ok(String::from_utf8(ended.stdout).unwrap())
    } else {
        let words: Vec<&str> = errors.lines().rev().take(3).collect();
        Err(format!(
            "{program}, {}: {}",
            ended.status,
            words.into_iter().rev().collect::<Vec<_>>().join(" / ")
        ))
    }
}

/// Parses each line of the output as JSON.
pub fn lines(output: &str) -> impl Iterator<Item = Value> {
    output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

/// Runs a program that calls this sandbox. Returns the output of the program, one JSON value for each step.
pub async fn calls(command: Command, world: &World) -> Vec<Value> {
    let mut input = serde_json::to_value(world.sandbox.details()).unwrap();
    input["old_password"] = json!(PASSWORD);
    input["new_password"] = json!(OTHER_PASSWORD);
    run(command, input).await
}

/// Runs a program with this input, and returns its output.
pub async fn run(command: Command, input: Value) -> Vec<Value> {
    // The program runs on another thread, because the sandbox answers on this thread.
    let run = tokio::task::spawn_blocking(move || output(command, &input.to_string()));
    lines(&run.await.unwrap().unwrap()).collect()
}

/// Prints which SDK the tests skip, and the reason.
pub fn skip(what: &str, why: &str) {
    say(&format!("skipped: {what}: {why}\n"));
}

/// Prints the tested version of an SDK.
pub fn tell(what: &str) {
    say(&format!("official SDK: {what}\n"));
}

/// Prints directly to standard error. If a test passes, the test harness hides the output of `eprintln!`.
pub fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
