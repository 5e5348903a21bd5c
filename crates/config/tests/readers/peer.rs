//! Installs the Python packages of tools that read the same files as this crate, such as openstacksdk. Also runs
//! programs, and compares the results of these tools with the stored results in `tests/data` (the records).

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Returns the path of a file in the folder `tests`.
pub fn in_tests(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

pub fn record(name: &str) -> Value {
    let path = in_tests("data").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Compares the results of the other tool in a new record and in the stored record. If `HUAWEICLOUD_RECORD` is set,
/// writes the new record instead.
pub fn compare(name: &str, new: &Value) {
    compare_file(&in_tests("data").join(name), new);
}

pub fn compare_file(path: &Path, new: &Value) {
    if std::env::var_os("HUAWEICLOUD_RECORD").is_some() {
        let text = serde_json::to_string_pretty(new).unwrap();
        std::fs::write(path, format!("{text}\n")).unwrap();
        return;
    }
    let old: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for (old, new) in pairs(&old).zip(pairs(new)) {
        let why = "the result of the other tool has changed; set HUAWEICLOUD_RECORD=1 to record it";
        assert_eq!(old, new, "{}: {why}", path.display());
    }
    assert_eq!(
        pairs(&old).count(),
        pairs(new).count(),
        "{}",
        path.display()
    );
}

fn pairs(record: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let cases = record["cases"].as_array().unwrap().iter();
    cases.map(|case| (case["name"].as_str().unwrap(), &case["theirs"]))
}

/// Returns a folder below the target directory. Creates the folder if it does not exist.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("readers")
        .join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// A Python interpreter with the packages that a test needs.
pub struct Python(PathBuf);

impl Python {
    pub fn with(packages: &[&str]) -> Option<Self> {
        match install(packages) {
            Ok(python) => Some(Self(python)),
            Err(why) => {
                skip(&packages.join(", "), &why);
                None
            }
        }
    }

    /// Runs a script of the folder `tests/readers`. Returns the JSON values in the lines of the output.
    pub fn run(&self, script: &str, arguments: &[&str], input: &Value) -> Vec<Value> {
        let mut command = Command::new(&self.0);
        command
            .arg("-B")
            .arg(in_tests("readers").join(script))
            .args(arguments);
        let output = output(command, &input.to_string()).unwrap();
        let lines = output.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub fn version(&self, package: &str) -> String {
        let mut command = Command::new(&self.0);
        let program =
            format!("from importlib.metadata import version; print(version('{package}'))");
        command.args(["-c", &program]);
        let version = output(command, "").unwrap();
        say(&format!("reader: {package} {}\n", version.trim()));
        version.trim().to_owned()
    }
}

fn install(packages: &[&str]) -> Result<PathBuf, String> {
    let environment = folder("python");
    let mut venv = Command::new(std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into()));
    venv.args(["-m", "venv"]).arg(&environment);
    output(venv, "").map_err(|why| format!("no virtual environment: {why}"))?;
    let python = environment.join("bin/python");
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    pip.arg("--upgrade").args(packages);
    output(pip, "").map_err(|why| format!("pip cannot install the packages: {why}"))?;
    Ok(python)
}

/// Runs a program and returns its output. If the program fails, the error contains the last three lines of standard
/// error, the last line first.
pub fn output(mut command: Command, input: &str) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| format!("{program} does not start: {error}"))?;
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).ok());
    let ended = child.wait_with_output().unwrap();
    writer.join().unwrap();
    if ended.status.success() {
        return Ok(String::from_utf8(ended.stdout).unwrap());
    }
    let errors = String::from_utf8_lossy(&ended.stderr);
    let words: Vec<&str> = errors.lines().rev().take(3).collect();
    Err(format!(
        "{program}, {}: {}",
        ended.status,
        words.join(" / ")
    ))
}

/// Reports that a test is skipped on this machine.
pub fn skip(what: &str, why: &str) {
    say(&format!("skipped: {what}: {why}\n"));
}

/// Writes directly to standard error, because the test harness hides the output of `eprintln!` if a test passes.
pub fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
