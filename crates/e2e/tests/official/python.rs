//! Installs the official Python SDK in its own virtual environment.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::peer::{command, folder, output, skip, tell};

const PACKAGES: [&str; 5] = [
    "huaweicloudsdkcore",
    "huaweicloudsdkroma",
    "huaweicloudsdkdcs",
    "huaweicloudsdkiam",
    "huaweicloudsdksts",
];

/// A Python interpreter that can import the SDK.
pub struct Python(PathBuf);

impl Python {
    /// Returns a command that runs one of the scripts in the folder `python`.
    pub fn script(&self, name: &str, arguments: &[&str]) -> Command {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official/python");
        let mut command = command(&self.0);
        command
            .arg("-B")
            .arg(folder.join(name))
            .args(arguments)
            .env("PYTHONIOENCODING", "utf-8");
        command
    }
}

/// Installs the SDK once for all tests, and returns the interpreter. If the installation fails, the function prints a
/// message on standard error, and returns `None`.
pub fn find() -> Option<&'static Python> {
    static PYTHON: OnceLock<Option<Python>> = OnceLock::new();
    PYTHON
        .get_or_init(|| match install() {
            Ok(python) => Some(python),
            Err(why) => {
                skip("the official Python SDK", &why);
                None
            }
        })
        .as_ref()
}

fn install() -> Result<Python, String> {
    let environment = folder("python");
    let program = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut venv = command(program);
    venv.args(["-m", "venv"]).arg(&environment);
    output(venv, "").map_err(|why| {
        format!("Python cannot create a virtual environment (set the variable PYTHON to another Python program): {why}")
    })?;
    let python = if cfg!(windows) {
        environment.join("Scripts/python.exe")
    } else {
        environment.join("bin/python")
    };
    let mut pip = command(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--upgrade",
    ])
    .args(PACKAGES);
    output(pip, "").map_err(|why| format!("pip cannot install the SDK: {why}"))?;
    let mut version = command(&python);
    version.args([
        "-c",
        "from importlib.metadata import version; print(version('huaweicloudsdkcore'))",
    ]);
    let version = output(version, "")?;
    tell(&format!("Python, {}", version.trim()));
    Ok(Python(python))
}
