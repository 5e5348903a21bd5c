//! Describes the machine that runs the measurements.

use std::fs;
use std::process::Command;

use super::stopwatch::output;

/// Returns the processor, the memory, the system, the load and the versions of rustc and Java, one line each. Unknown
/// values are omitted. If the name of the processor is unknown, the first line begins with the word `processor`.
pub fn describe() -> Vec<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let processor = file_field("/proc/cpuinfo", "model name").unwrap_or_else(|| "processor".into());
    let memory = file_field("/proc/meminfo", "MemTotal").and_then(|text| {
        let kibibytes: u64 = text.split(' ').next()?.parse().ok()?;
        Some(format!("{} GiB of memory", kibibytes.div_ceil(1 << 20)))
    });
    let load = fs::read_to_string("/proc/loadavg").ok();
    let load = load.and_then(|text| Some(format!("load {} at the end", text.split(' ').next()?)));
    [
        Some(format!("{processor}, {cores} cores")),
        memory,
        said("uname", &["-sr"]),
        load,
        said("rustc", &["--version"]),
        said("java", &["--version"]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn file_field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let text = output(Command::new(program).args(arguments)).ok()?;
    Some(text.lines().next()?.to_owned())
}
