//! Builds a program that uses the official Go SDK, in its own Go module.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::peer::{command, folder, output, skip, tell};

const SDK: &str = "github.com/huaweicloud/huaweicloud-sdk-go-v3";

/// Builds the program once for all tests, and returns its path. If Go does not work, or the SDK download fails, the
/// function prints a message on standard error, and returns `None`.
pub fn build() -> Option<&'static PathBuf> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = PROGRAM.get_or_init(|| {
        program()
            .inspect_err(|why| skip("the official Go SDK", why))
            .ok()
    });
    built.as_ref()
}

fn program() -> Result<PathBuf, String> {
    let module = folder("go");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official/go");
    for file in ["main.go", "every.go"] {
        std::fs::copy(source.join(file), module.join(file)).unwrap();
    }
    if !module.join("go.mod").exists() {
        go(&module, &["mod", "init", "official"]).map_err(|why| {
            format!("Go does not work (set the variable GO to another Go program): {why}")
        })?;
    }
    go(&module, &["get", &format!("{SDK}@latest")])
        .and_then(|_| go(&module, &["mod", "tidy"]))
        .map_err(|why| format!("the Go module proxy does not provide the SDK: {why}"))?;
    let version = go(&module, &["list", "-m", "-f", "{{.Version}}", SDK])?;
    // Go works, and the SDK is complete. So if the build fails, the test must fail.
    go(&module, &["build", "-o", "calls"]).unwrap();
    tell(&format!("Go, {}", version.trim()));
    Ok(module.join("calls"))
}

/// Runs Go, which stores its downloads below the target directory. Because of `-modcacherw`, a person can delete the
/// downloads.
fn go(module: &Path, arguments: &[&str]) -> Result<String, String> {
    let program = std::env::var_os("GO").unwrap_or_else(|| "go".into());
    let mut go: Command = command(program);
    go.args(arguments)
        .current_dir(module)
        .env("GOFLAGS", "-modcacherw")
        .env("GOMODCACHE", folder("go-modules"))
        .env("GOCACHE", folder("go-cache"));
    output(go, "")
}
