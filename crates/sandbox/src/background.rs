//! Implements `--print-env`. The program starts a second process, which runs the sandbox in the background. The first
//! process prints the output of the second process, and then ends.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

/// The name of the variable with the process ID. In every output format (`--format`), the line with this variable is
/// the last line.
pub const LAST: &str = "HUAWEICLOUD_SANDBOX_PID";

/// Starts the same program as a second process, with the same arguments and `--foreground`. Prints the output of the
/// second process. If the second process ends before it serves, the function prints the log of the second process
/// instead. The exit code then states a failure.
pub fn start() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let (path, log) = log()?;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(std::env::args_os().skip(1))
        .arg("--foreground")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
    // Because of the separate process group, Ctrl-C in the terminal does not end the second process.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    let mut variables = String::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line?;
            variables.push_str(&line);
            variables.push('\n');
            if line.contains(LAST) {
                let mut out = std::io::stdout().lock();
                out.write_all(variables.as_bytes())?;
                out.flush()?;
                eprintln!(
                    "the sandbox runs in the background as process {}; its log file is {}",
                    child.id(),
                    path.display()
                );
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
    child.wait()?;
    eprint!("{}", std::fs::read_to_string(&path)?);
    std::fs::remove_file(path)?;
    Ok(ExitCode::FAILURE)
}

/// Creates a new log file. On Unix, only its owner can read the file.
fn log() -> std::io::Result<(PathBuf, File)> {
    let name = format!("huaweicloud-sandbox-{:016x}.log", rand::random::<u64>());
    let path = std::env::temp_dir().join(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    Ok((path, file))
}
