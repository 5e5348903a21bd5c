//! Programs of others: how they are run, and how it is said that they are not there.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{OTHER_PASSWORD, PASSWORD, World};

/// A folder below the target directory, made if it is not there.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("official")
        .join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// A command with a home of its own, as the official SDKs write there, and without this machine's settings for them.
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

/// What a program prints; an error is its last words.
pub fn output(mut command: Command, input: &str) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .map_err(|error| format!("{program} does not start: {error}"))?;
    let mut stdin = child.stdin.take().unwrap();
    // One that ends early tells why by its status.
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

/// Lines of JSON.
pub fn lines(output: &str) -> impl Iterator<Item = Value> {
    output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

/// What a program tells of its calls to this sandbox, step by step.
pub async fn calls(command: Command, world: &World) -> Vec<Value> {
    let mut input = serde_json::to_value(world.sandbox.details()).unwrap();
    input["old_password"] = json!(PASSWORD);
    input["new_password"] = json!(OTHER_PASSWORD);
    run(command, input).await
}

/// What a program tells when it is given this.
pub async fn run(command: Command, input: Value) -> Vec<Value> {
    // Elsewhere, as the sandbox answers on this thread.
    let run = tokio::task::spawn_blocking(move || output(command, &input.to_string()));
    lines(&run.await.unwrap().unwrap()).collect()
}

/// Says that a test shows nothing here.
pub fn skip(what: &str, why: &str) {
    say(&format!("skipped: {what}: {why}\n"));
}

/// Says which version was there.
pub fn tell(what: &str) {
    say(&format!("official SDK: {what}\n"));
}

/// Past the test harness, which keeps what `eprintln!` writes if the test passes.
pub fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
