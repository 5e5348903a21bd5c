// The build script of every service crate. It compares the generated code with the transcripts, which are the OpenAPI
// YAML files of the service. If the transcripts have changed since the generation, the build script prints a warning.
//
// The published package does not contain this build script, because the package contains no transcripts.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(error) = check() {
        println!("cargo::warning=cannot compare the generated code with its transcripts: {error}");
    }
}

fn check() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let service = manifest.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sources = manifest.join("../../openapi").join(&service);
    let generated = manifest.join("src/generated/mod.rs");
    println!("cargo::rerun-if-changed={}", sources.display());
    println!("cargo::rerun-if-changed={}", generated.display());
    let fingerprint = fingerprint(&sources)?;
    let known = fs::read_to_string(&generated).unwrap_or_default();
    if !known.lines().next().is_some_and(|line| line.ends_with(&fingerprint)) {
        println!("cargo::warning=openapi/{service} has changed since this code was generated; run: cargo xtask generate {service}");
    }
    Ok(())
}

/// Returns the fingerprint of the transcripts. `xtask/transcript/src/fingerprint.rs` computes the same fingerprint and
/// explains the algorithm. A test compares the two implementations.
fn fingerprint(sources: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    collect(sources, "", &mut files)?;
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (name, text) in files {
        for byte in name.bytes().chain(text).filter(|byte| *byte != b'\r') {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}

/// Adds the transcripts in a folder and in its subfolders.
fn collect(folder: &Path, before: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else if name.ends_with(".yaml") {
            files.push((name, fs::read(entry.path())?));
        }
    }
    Ok(())
}
